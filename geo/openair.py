"""Read the areas of an OpenAir file, as in Naviter's "OpenAir File Format Support", version 1.0."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from aerofiles.openair import LowLevelReader

from geo.arcs import arc
from geo.errors import LayerError
from geo.geodesy import GEOD
from geo.model import FloatArray, LonLat
from geo.outline import MAX_VOLUMES, Outline, Rings, first_text
from geo.text import quoted

_MAX_RADIUS_NM = 5400
_NM_M = 1852.0
_OVER_SIXTY = re.compile(r":\s*(?:6[1-9]|[7-9]\d|\d{3})")
_OPENAIR_TEXT = {"AN": "name", "AY": "type", "AI": "id", "AL": "lower", "AH": "upper"}


@dataclass(slots=True)
class _Draft:
    """An airspace whose lines are being read, with the centre and direction that arcs take."""

    line: int = 0
    texts: dict[str, str] = field(default_factory=dict)
    center: LonLat | None = None
    clockwise: bool = True
    circles: list[Rings] = field(default_factory=list)
    pieces: Rings = field(default_factory=list)
    no_area: str = ""


def read_openair(data: bytes) -> Iterator[Outline]:
    """Read the airspaces one by one. Raises `LayerError` where a line is damaged."""
    lines = _decoded(data).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    draft, number = _Draft(), 0
    for line, error in LowLevelReader(map(_plain, lines)):
        at = error.lineno if error else line["lineno"]
        where = f"line {at}: {quoted(lines[at - 1])}"
        if error:
            raise LayerError(f"{where} can't be read")
        if line["type"][0] in "DV" and _OVER_SIXTY.search(lines[at - 1].partition("*")[0]):
            raise LayerError(f"{where}: minutes or seconds over 60")
        if line["type"] in ("AC", "TO", "TC"):
            if draft.line:
                yield _outline(draft, number)
            number += 1
            draft = _begun(line, draft.center, number)
        else:
            _take(draft, line, where)
    if draft.line:
        yield _outline(draft, number)


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _plain(line: str) -> str:
    """Write a line as the reader wants it; empty if it has nothing to do with areas."""
    word, rest = [*line.split(None, 1), "", ""][:2]
    word = word.upper()
    if word == "V":
        name, equals, value = (part.strip() for part in rest.upper().partition("="))
        return "" if name in ("W", "Z") else f"V {name}{equals}{value}"
    if len(word) == 2 and word[0] == "D":
        return f"{word} {rest.upper()}"
    return f"{word} {rest}" if word in ("AC", "TO", "TC", *_OPENAIR_TEXT) else ""


def _begun(line: dict[str, Any], center: LonLat | None, number: int) -> _Draft:
    if number > MAX_VOLUMES:
        raise LayerError(f"line {line['lineno']}: more than {MAX_VOLUMES:,} airspaces")
    texts = dict.fromkeys(("id", "name", "kind", "lower", "upper"), "")
    texts["name"] = f"volume {number}"
    if line["type"] != "AC":
        return _Draft(line["lineno"], texts, center, no_area="terrain is no airspace")
    texts["kind"] = first_text(line, ("value",))
    return _Draft(line["lineno"], texts, center)


def _outline(draft: _Draft, number: int) -> Outline:
    where = f"line {draft.line} {quoted(draft.texts['name'])}"
    ring = [[np.concatenate(draft.pieces)]] if draft.pieces else []
    return Outline(where, number, draft.texts, [*draft.circles, *ring], draft.no_area)


def _take(draft: _Draft, line: dict[str, Any], where: str) -> None:
    """Take a line's text, or what it draws, into the airspace."""
    kind = line["type"]
    if kind in _OPENAIR_TEXT:
        if (text := first_text(line, ("value",))) and draft.line:
            _take_text(draft.texts, _OPENAIR_TEXT[kind], text)
        return
    if kind == "V":
        _set(draft, line, where)
    elif not draft.line:
        raise LayerError(f"{where} stands before any AC")
    elif kind == "DY":
        draft.no_area = "DY draws an airway, which is no area"
    elif kind == "DC":
        draft.circles.append([_circle(draft, line["value"], where)])
    else:
        draft.pieces.append(_piece(draft, line, where))


def _take_text(texts: dict[str, str], name: str, text: str) -> None:
    """Keep a text; a type (AY) stands behind the class (AC)."""
    texts["kind" if name == "type" else name] = (
        f"{texts['kind']} {text}" if name == "type" else text
    )


def _set(draft: _Draft, line: dict[str, Any], where: str) -> None:
    if line["name"] == "X":
        draft.center = _place(line["value"], where)
    elif line["name"] == "D":
        draft.clockwise = line["value"]
    else:
        raise LayerError(f"{where} can't be read")


def _piece(draft: _Draft, line: dict[str, Any], where: str) -> FloatArray:
    """Draw a point or an arc."""
    if line["type"] == "DP":
        return np.array([_place(line["value"], where)])
    center = _center(draft, where)
    if line["type"] == "DA":
        radius_m = _radius_m(line["radius"], where)
        azimuths = line["start"], line["end"]
        if not all(abs(azimuth) <= 720 for azimuth in azimuths):
            raise LayerError(f"{where}: angles outside -720..720")
        return arc(center, azimuths, (radius_m, radius_m), clockwise=draft.clockwise)
    ends = np.array([_place(line["start"], where), _place(line["end"], where)])
    azimuth, _, radii_m = GEOD.inv(*np.broadcast_to(center, (2, 2)).T, *ends.T)
    for radius_m in radii_m:
        _radius_m(radius_m / _NM_M, where)
    drawn = arc(center, azimuth.tolist(), radii_m.tolist(), clockwise=draft.clockwise)
    return np.vstack([ends[:1], drawn[1:-1], ends[1:]])


def _circle(draft: _Draft, radius_nm: float, where: str) -> FloatArray:
    radius_m = _radius_m(radius_nm, where)
    return arc(_center(draft, where), (0.0, 0.0), (radius_m, radius_m), clockwise=False)


def _center(draft: _Draft, where: str) -> LonLat:
    if draft.center is None:
        raise LayerError(f"{where} has no centre: no V X= stands before it")
    return draft.center


def _place(lat_lon: Sequence[float], where: str) -> LonLat:
    lat, lon = lat_lon
    if not (abs(lat) <= 90 and abs(lon) <= 180):
        raise LayerError(f"{where}: {lat:g}, {lon:g} is off the earth")
    return lon, lat


def _radius_m(radius_nm: float, where: str) -> float:
    if not 0 < radius_nm <= _MAX_RADIUS_NM:
        raise LayerError(f"{where}: radius {radius_nm:g} NM is outside 0..{_MAX_RADIUS_NM:,}")
    return radius_nm * _NM_M
