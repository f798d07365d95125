"""Read and write coordinates, such as 35.4011N 35.9487E.

With hemispheres, also in Russian (35° с. ш. 36° в. д.), they are read in either order; signed
decimals, as other maps copy them, latitude first (35.4011, 35.9487); and the closed-up form of
flight plans (3524N03557E). Decimals may stand after a comma where both numbers have them. A pair
may stand in brackets, or after "geo:" as in links. geopy turns the numbers into degrees. Its own
reader isn't let near the text: it finds a coordinate anywhere in a text, takes 75 minutes, and
turns 200E into 160W without a word.
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
# North, south, east and west; in Russian the word for latitude or longitude may follow, cut short.
_HEMISPHERE, _AXIS_WORD = "[NSEWСЮВЗ]", r"(?:\.?\s*[ШД]\.?)?"
_AFTER, _BEFORE = rf"{_AMOUNT}\s*{_HEMISPHERE}{_AXIS_WORD}", rf"{_HEMISPHERE}\s*{_AMOUNT}"
# Two axes in either order. Letters first need a space between: "n1,e2" is two places of a story.
_LETTERED = rf"{_AFTER}\s*,?\s*{_AFTER}|{_BEFORE}\s+{_BEFORE}"
# Decimals on both sides, lest two numbers that are no coordinate are taken for one.
_SIGNED_AXIS = r"[-+]?[0-9]{1,3}\.[0-9]{1,20}"
_SIGNED = rf"{_SIGNED_AXIS}(?:\s*,\s*|\s+){_SIGNED_AXIS}"
_LAT_DIGITS, _LON_DIGITS = "[0-9]{4}(?:[0-9]{2})?", "[0-9]{5}(?:[0-9]{2})?"
_PLANNED = rf"{_LAT_DIGITS}[NS]{_LON_DIGITS}[EW]|[NS]{_LAT_DIGITS}[EW]{_LON_DIGITS}"
# Decimals after a comma on both sides: parted there, a path would have a single number for a route.
_COMMA = "[0-9]{1,3},[0-9]{1,20}"
_COMMA_AFTER = rf"{_COMMA}\s*{_DEGREE}?\s*{_HEMISPHERE}{_AXIS_WORD}"
_COMMA_BEFORE = rf"{_HEMISPHERE}\s*{_COMMA}(?:\s*{_DEGREE})?"
_COMMAS = (
    rf"{_COMMA_AFTER}\s*,?\s*{_COMMA_AFTER}|{_COMMA_BEFORE}\s*,?\s+{_COMMA_BEFORE}"
    rf"|[-+]?{_COMMA},?\s+[-+]?{_COMMA}"
)
# What stands in brackets or after "geo:" can't be anything else.
_MARKED_AXIS = r"[-+]?[0-9]{1,3}(?:\.[0-9]{1,20})?"
_MARKED = rf"{_MARKED_AXIS}(?:\s*,\s*|\s+){_MARKED_AXIS}"
_BRACKETS = rf"\(\s*(?:{_MARKED}|{_LETTERED}|{_COMMAS})\s*\)"
_GEO = rf"geo:\s*{_MARKED}(?:[;?][A-Z0-9_=.;&]*)?"
PAIR = f"(?:{_PLANNED}|{_LETTERED}|{_SIGNED}|{_COMMAS}|{_BRACKETS}|{_GEO})"
_PAIR = re.compile(PAIR, re.IGNORECASE)
_SIGNED_PAIR, _PLANNED_PAIR = re.compile(_MARKED), re.compile(_PLANNED, re.IGNORECASE)
_WRAP = re.compile(r"geo:\s*|[()]|[;?].*", re.IGNORECASE)
_COMMA_PAIR = re.compile(_COMMAS, re.IGNORECASE)
_LATIN = str.maketrans("СЮВЗ", "NSEW", "ШД")
_MARKS = ".°º˚'′’´\"″” "
_ATTEMPT = re.compile(
    rf"(?:geo: ?|\( ?)?[-+NSEWСЮВЗ]? ?[0-9]+(?:[{_MARKS}]|,[0-9])[-+0-9,()NSEWСЮВЗШД{_MARKS}]*",
    re.IGNORECASE,
)


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
    degrees = dict(_read_axis(axis, text) for axis in _axes(_lettered(_plain(text))))
    if len(degrees) < 2:
        axis = "latitude" if "latitude" in degrees else "longitude"
        raise _refused(text, f"it has two {axis}s")
    lon, lat = degrees["longitude"], degrees["latitude"]
    label = format_coordinate(lon, lat)
    return Place(label, label, lon, lat)


def format_coordinate(lon: float, lat: float) -> str:
    """Write a coordinate in degrees, latitude first, exact to 0.0000001 degrees (1 cm)."""
    return f"{_format_axis(lat, 'NS')} {_format_axis(lon, 'EW')}"


def _plain(text: str) -> str:
    """Take a pair out of its brackets, and bring it to decimal points and Latin letters."""
    bare = _WRAP.sub("", text).strip()
    if _COMMA_PAIR.fullmatch(bare):
        bare = re.sub(r"(?<=[0-9]),(?=[0-9])", ".", bare)
    return bare if bare.isascii() else re.sub("[СЮВЗШД]\\.?", _latin, bare, flags=re.IGNORECASE)


def _latin(match: re.Match[str]) -> str:
    return match[0].upper().rstrip(".").translate(_LATIN)


def _lettered(text: str) -> str:
    """Write a signed or a closed-up coordinate with spaces and hemispheres."""
    if _SIGNED_PAIR.fullmatch(text):
        lat, lon = re.findall(_MARKED_AXIS, text)
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
