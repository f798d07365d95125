"""Lay lines and places out in one world: where a place stands, its lines end.

A line may run on over the antimeridian, so that its end lies a whole turn off from where the place
has its longitude. Both are moved by whole turns only.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from geo.compare import Flight
from geo.model import LonLat, Place

# The places that a line passes, each with its turn to there.
Passed = list[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class Turned:
    """Lines moved by whole turns to stand together around the longitude `middle`.

    `turns` tell, by a place's id, by how many degrees it is moved to stand where lines pass it:
    mostly one number, and several where lines run round the world.
    """

    middle: float
    lines: tuple[tuple[LonLat, ...], ...]
    turns: Mapping[str, tuple[float, ...]]

    def stand(self, id: str, lonlat: LonLat) -> tuple[LonLat, ...]:
        """Tell where a place stands: where lines pass it, or else nearest to the middle."""
        lon, lat = lonlat
        return tuple((lon + turn, lat) for turn in self.turns.get(id, (self.nearest(lon),)))

    def nearest(self, lon: float) -> float:
        """Tell by how many degrees a longitude is moved to stand nearest to the middle."""
        return _whole(self.middle - lon)


def turned(flights: Sequence[Flight], drawn: Collection[str]) -> Turned:
    """Move each line to where others left its places, or else nearest to the first line.

    `drawn` are the ids of the places that are drawn. No line is moved more than a world away.
    """
    middle = middle_of(flights[0].line) if flights else 0.0
    passed = [_passed(flight, drawn) for flight in flights]
    lines: dict[int, tuple[LonLat, ...]] = {}
    turns: dict[str, tuple[float, ...]] = {}
    for number in _along(passed):
        agreed = [turns[id][0] - turn for id, turn in passed[number] if id in turns]
        moved_by = _turn(flights[number].line, agreed, middle)
        lines[number] = move(flights[number].line, moved_by)
        for id, turn in passed[number]:
            turns[id] = tuple(dict.fromkeys((*turns.get(id, ()), turn + moved_by)))
    return Turned(middle, tuple(lines[number] for number in range(len(flights))), turns)


def move(points: Sequence[LonLat], turn: float) -> tuple[LonLat, ...]:
    """Move points by so many degrees of longitude."""
    return tuple((lon + turn, lat) for lon, lat in points) if turn else tuple(points)


def middle_of(points: Sequence[LonLat]) -> float:
    """Find the longitude half way between the westernmost and the easternmost of some points."""
    lons = [lon for lon, _ in points]
    return (min(lons) + max(lons)) / 2


def _along(passed: Sequence[Passed]) -> Iterator[int]:
    """Number lines so that each shares a place with one before it, wherever any does."""
    lines_of: dict[str, list[int]] = {}
    for number, places in enumerate(passed):
        for id, _ in places:
            lines_of.setdefault(id, []).append(number)
    seen = set[int]()
    for first in range(len(passed)):
        waiting = [first]
        for number in waiting:
            if number in seen:
                continue
            seen.add(number)
            yield number
            for id, _ in passed[number]:
                waiting += lines_of.pop(id, ())


def _turn(line: Sequence[LonLat], agreed: Sequence[float], middle: float) -> float:
    """Choose the first turn that its places ask for, unless it is more than a world away."""
    half_way = (line[0][0] + line[-1][0]) / 2
    near = (turn for turn in agreed if abs(half_way + turn - middle) <= 360)
    chosen = next(near, None)
    return _whole(middle - middle_of(line)) if chosen is None else chosen


def _passed(flight: Flight, drawn: Collection[str]) -> Passed:
    """List the drawn places of a flight, each with its turn to where the line passes it."""
    ids, places, line = flight.plan.places, flight.route.places, flight.line
    ends = ((ids[0], places[0], line[0]), (ids[-1], places[-1], line[-1]))
    found = [(id, place, at) for id, place, at in ends if id in drawn]
    # A way around closed airspace has corners, which are no places.
    for id, place in zip(ids, places, strict=True) if len(ids) == len(places) > 2 else ():
        if id in drawn and id not in (ids[0], ids[-1]):
            found.append((id, place, min(line, key=partial(_apart, place))))
    return [(id, _whole(at[0] - place.lon)) for id, place, at in found]


def _apart(place: Place, at: LonLat) -> float:
    return abs(at[1] - place.lat) + abs((at[0] - place.lon + 180) % 360 - 180)


def _whole(degrees: float) -> float:
    return 360.0 * round(degrees / 360)
