"""Read and write coordinates, such as 35.4011N 35.9487E.

With hemispheres they are read in either order; signed decimals, as other maps copy them, latitude
first (35.4011, 35.9487); and the closed-up form of flight plans (3524N03557E). geopy turns the
numbers into degrees. Its own reader isn't let near the text: it finds a coordinate anywhere in a
text, takes 75 minutes, and turns 200E into 160W without a word.
"""

import re

from geopy.point import Point

from geo.errors import PlaceError
from geo.model import Place
from geo.text import quoted

_NUMBER = r"[0-9]{1,20}(?:\.[0-9]{1,20})?"
_DEGREE, _PRIME, _DOUBLE_PRIME = "[°º˚]", "['′’´]", "(?:[\"″”]|''|′′|’’)"
_AMOUNT = (
    rf"{_NUMBER}(?:(?:\s*{_DEGREE}\s*|\s+){_NUMBER}"
    rf"(?:(?:\s*{_PRIME}\s*|\s+){_NUMBER}\s*{_DOUBLE_PRIME}?|\s*{_PRIME})?|\s*{_DEGREE})?"
)
_AFTER, _BEFORE = rf"{_AMOUNT}\s*[NSEW]", rf"[NSEW]\s*{_AMOUNT}"
# Two axes in either order. Letters first need a space between: "n1,e2" is two places of a story.
_LETTERED = rf"{_AFTER}\s*,?\s*{_AFTER}|{_BEFORE}\s+{_BEFORE}"
# Decimals on both sides, lest two numbers that are no coordinate are taken for one.
_SIGNED_AXIS = r"[-+]?[0-9]{1,3}\.[0-9]{1,20}"
_SIGNED = rf"{_SIGNED_AXIS}(?:\s*,\s*|\s+){_SIGNED_AXIS}"
_LAT_DIGITS, _LON_DIGITS = "[0-9]{4}(?:[0-9]{2})?", "[0-9]{5}(?:[0-9]{2})?"
_PLANNED = rf"{_LAT_DIGITS}[NS]{_LON_DIGITS}[EW]|[NS]{_LAT_DIGITS}[EW]{_LON_DIGITS}"
PAIR = f"(?:{_PLANNED}|{_LETTERED}|{_SIGNED})"
_PAIR = re.compile(PAIR, re.IGNORECASE)
_SIGNED_PAIR, _PLANNED_PAIR = re.compile(_SIGNED), re.compile(_PLANNED, re.IGNORECASE)
_MARKS = ".°º˚'′’´\"″” "
_ATTEMPT = re.compile(rf"[-+NSEW]? ?[0-9]+[{_MARKS}][-+0-9,{_MARKS}NSEW]*", re.IGNORECASE)


def is_coordinate(text: str) -> bool:
    """Tell whether a text has the form of a coordinate, in range or not."""
    return _PAIR.fullmatch(" ".join(text.split())) is not None


def looks_like_coordinate(text: str) -> bool:
    """Tell whether a text was likely meant as a coordinate, complete or not."""
    return _ATTEMPT.fullmatch(" ".join(text.split())) is not None


def read_coordinate(text: str) -> Place:
    """Read degrees, or degrees with minutes and seconds, as a place.

    Its id and name are the coordinate in plain degrees. Raises PlaceError.
    """
    text = " ".join(text.split())
    if not is_coordinate(text):
        raise _refused(text, "write latitude and longitude like 35.4011N 35.9487E")
    degrees = dict(_read_axis(axis, text) for axis in _axes(_lettered(text)))
    if len(degrees) < 2:
        axis = "latitude" if "latitude" in degrees else "longitude"
        raise _refused(text, f"it has two {axis}s")
    lon, lat = degrees["longitude"], degrees["latitude"]
    label = format_coordinate(lon, lat)
    return Place(label, label, lon, lat)


def format_coordinate(lon: float, lat: float) -> str:
    """Write a coordinate in degrees, latitude first, exact to 0.0000001 degrees (1 cm)."""
    return f"{_format_axis(lat, 'NS')} {_format_axis(lon, 'EW')}"


def _lettered(text: str) -> str:
    """Write a signed or a closed-up coordinate with spaces and hemispheres."""
    if _SIGNED_PAIR.fullmatch(text):
        lat, lon = re.findall(_SIGNED_AXIS, text)
        return f"{lat.lstrip('+-')}{'NS'[lat[0] == '-']} {lon.lstrip('+-')}{'EW'[lon[0] == '-']}"
    if _PLANNED_PAIR.fullmatch(text):
        return re.sub(r"[0-9]{2,3}(?=(?:[0-9]{2})+(?![0-9]))", r"\g<0> ", _apart(text))
    return text


def _apart(text: str) -> str:
    """Put a space between the two axes of a closed-up coordinate."""
    return re.sub(r"(?<=[0-9])(?=[EW])|(?<=[NS])(?=[0-9]{5})", " ", text, flags=re.IGNORECASE)


def _axes(text: str) -> list[str]:
    return re.findall(_BEFORE if text[0].isalpha() else _AFTER, text, re.IGNORECASE)


def _read_axis(axis: str, text: str) -> tuple[str, float]:
    """Return the name of the axis and the signed degrees; `text` is for the message."""
    hemisphere = axis.strip(f"0123456789{_MARKS}").upper()
    name, limit = ("latitude", 90) if hemisphere in "NS" else ("longitude", 180)
    *whole, last = re.findall(_NUMBER, axis)
    if any("." in number for number in whole):
        raise _refused(text, f"in {axis} only the last number may have decimals")
    parts = [float(number) for number in (*whole, last)]
    if any(part >= 60 for part in parts[1:]):
        raise _refused(text, f"in {axis} minutes and seconds must be below 60")
    degrees: float = Point.parse_degrees(*parts, *[0.0] * (3 - len(parts)))
    if degrees > limit:
        raise _refused(text, f"{name} {axis} is outside -{limit}..{limit}")
    return name, -degrees if hemisphere in "SW" and degrees else degrees


def _format_axis(degrees: float, hemispheres: str) -> str:
    amount = f"{abs(degrees):.7f}".rstrip("0").rstrip(".")
    return f"{amount}{hemispheres[degrees < 0 and amount != '0']}"


def _refused(text: str, reason: str) -> PlaceError:
    return PlaceError(f"coordinate {quoted(text)}: {reason}")


def brief_coordinate(lon: float, lat: float) -> str:
    """Write a coordinate to a hundredth of a degree (1 km), such as 36.96N 44.31E."""
    return f"{abs(lat):.2f}{'NS'[lat < 0]} {abs(lon):.2f}{'EW'[lon < 0]}"
