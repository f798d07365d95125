"""Draw routes and their stretches as lines for other maps, cut at the antimeridian."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from geo.circles import range_ring
from geo.compare import Row
from geo.edge import Edges
from geo.geodesy import make_tracks
from geo.model import Crossing, FloatArray, LonLat, Track
from geo.ranges import RangeRing
from geo.render.pack.contents import Pack
from geo.render.picture.drawing import Point

_OFFSET_M = 50.0
DECIMALS = 6
Line = tuple[LonLat, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A crossing of a route, the `number`-th from 1, with its margin and its lines."""

    number: int
    crossing: Crossing
    margin_m: float | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A route with its line, in parts where it passes the antimeridian, and its stretches."""

    row: Row
    lines: tuple[Line, ...]
    stretches: tuple[Stretch, ...]


def draw_lines(pack: Pack) -> tuple[Drawn, ...]:
    """Draw the routes of a pack as geodesics, true to 50 m."""
    tracks = make_tracks([row.flight.route for row in pack.rows], max_offset_m=_OFFSET_M)
    return tuple(
        Drawn(row, cut(track.lonlat), tuple(_stretches(row, track, pack.edges[row.flight.plan.id])))
        for row, track in zip(pack.rows, tracks, strict=True)
    )


def _stretches(row: Row, track: Track, edges: Edges) -> Iterator[Stretch]:
    pairs = zip(row.flight.crossings, edges.margins_m, strict=True)
    for number, (crossing, margin_m) in enumerate(pairs, 1):
        piece = _between(track, crossing.start_m, crossing.end_m)
        yield Stretch(number, crossing, margin_m, cut(piece))


def _between(track: Track, start_m: float, end_m: float) -> FloatArray:
    """Take a part of a track, its ends set between the track's own points."""
    inner = (track.distance_m > start_m) & (track.distance_m < end_m)
    at_m = np.concatenate([[start_m], track.distance_m[inner], [end_m]])
    lon, lat = (np.interp(at_m, track.distance_m, track.lonlat[:, axis]) for axis in (0, 1))
    return np.column_stack([lon, lat])


def cut(lonlat: FloatArray) -> tuple[Line, ...]:
    """Cut a line (n, 2) that runs on over the antimeridian into lines within -180..180.

    RFC 7946, 3.1.9: both sides of the cut have a point on it.
    """
    points: list[LonLat] = [(lon, lat) for lon, lat in lonlat.tolist()]
    parts: list[list[Point]] = []
    world: int | None = None
    for start, end in pairwise(points):
        for a, b in pairwise([start, *_seams(start, end), end]):
            here = int(np.floor(((a[0] + b[0]) / 2 + 180) / 360))
            if here != world:
                parts.append([_in_world(a, here)])
                world = here
            parts[-1].append(_in_world(b, here))
    return tuple(tuple(part) for part in parts)


def _seams(start: LonLat, end: LonLat) -> list[LonLat]:
    """Find where a step passes the antimeridian, if it does."""
    low, high = sorted((start[0], end[0]))
    seam = 360 * np.floor((high + 180) / 360) - 180
    if not low < seam < high:
        return []
    share = (seam - start[0]) / (end[0] - start[0])
    return [(float(seam), float(start[1] + share * (end[1] - start[1])))]


def _in_world(point: LonLat, world: int) -> LonLat:
    lon, lat = point[0] - 360 * world, point[1]
    return round(lon, DECIMALS) + 0.0, round(lat, DECIMALS) + 0.0


def ring_lines(ring: RangeRing) -> tuple[Line, ...]:
    """Draw a ring, true to 50 m, in parts where it passes the antimeridian."""
    lonlat = range_ring(ring.place, ring.radius_m, max_offset_m=_OFFSET_M)
    return cut(np.column_stack([np.unwrap(lonlat[:, 0], period=360), lonlat[:, 1]]))


def all_stretches(drawn: Sequence[Drawn]) -> Iterator[tuple[Row, Stretch]]:
    """List the stretches of routes, each with its route."""
    return ((each.row, stretch) for each in drawn for stretch in each.stretches)
