"""Make valid polygons on the map of rings as they are written: over the antimeridian, round a pole.

`where` names the place in the file, for messages; `notes` takes what was mended or read in one of
two ways.
"""

from collections.abc import Iterable

import numpy as np
import shapely
from shapely import affinity
from shapely.geometry.base import BaseGeometry

from geo.errors import LayerError
from geo.model import FloatArray

# Mending takes about 0.1 ms for each.
MAX_SELF_CUTS = 20_000
_TOO_FAR_ROUND_DEG = 1080


def area_on_map(
    polygons: Iterable[Iterable[FloatArray]], where: str, notes: list[str]
) -> shapely.Polygon | shapely.MultiPolygon:
    """Join polygons, each a shell and its holes, to an area within -180..180; it may be empty."""
    parts = [part for rings in polygons for part in _polygons(rings, where, notes)]
    return parts[0] if len(parts) == 1 else _parts(shapely.union_all(parts))


def _polygons(rings: Iterable[FloatArray], where: str, notes: list[str]) -> list[shapely.Polygon]:
    """Make valid polygons on the map of a shell and its holes."""
    unrolled = [_unrolled(ring, where, notes) for ring in rings]
    shell, *holes = [ring if len(ring) > 3 else np.empty((0, 2)) for ring in unrolled]
    if not len(shell):
        return []
    holes = [hole for hole in holes if len(hole)]
    if np.abs(np.concatenate([shell, *holes])[:, 0]).max() <= 180:
        area = _mended(shapely.Polygon(shell, holes), where, notes)
    else:
        # The holes may be given a turn away from their shell: each finds its place by itself.
        area, *gaps = [
            _on_map(_mended(shapely.Polygon(ring), where, notes)) for ring in (shell, *holes)
        ]
        area = shapely.difference(area, shapely.union_all(gaps))
    return list(_parts(area).geoms)


def _unrolled(ring: FloatArray, where: str, notes: list[str]) -> FloatArray:
    """Close a ring and let it run on over the antimeridian, round a pole if it must."""
    if (ring[0] != ring[-1]).any():
        ring = np.vstack([ring, ring[:1]])
    turns = _turns(ring)
    if turns.any():
        _note(notes, f"{where}: runs over the antimeridian, the shorter way")
    ring = ring - np.column_stack([360 * np.cumsum([0, *turns]), np.zeros(len(ring))])
    if np.ptp(ring[:, 0]) > _TOO_FAR_ROUND_DEG:
        raise LayerError(f"{where}: a ring runs round the earth several times")
    if ring[0, 0] != ring[-1, 0]:
        _note(notes, f"{where}: runs round the earth; the pole on its side is taken as inside")
        pole = 90.0 if ring[:, 1].mean() >= 0 else -90.0
        ring = np.vstack([ring, [[ring[-1, 0], pole], [ring[0, 0], pole]], ring[:1]])
    return ring


def _mended(polygon: shapely.Polygon, where: str, notes: list[str]) -> BaseGeometry:
    """Make a polygon valid, unless that would take for ever."""
    if polygon.is_valid:
        return polygon
    if (count := _self_cuts(polygon)) > MAX_SELF_CUTS:
        raise LayerError(f"{where}: crosses itself some {count:,} times, over {MAX_SELF_CUTS:,}")
    _note(notes, f"{where}: crosses or touches itself; made valid")
    return shapely.make_valid(polygon, method="structure", keep_collapsed=False)


def _note(notes: list[str], note: str) -> None:
    if note not in notes[-3:]:
        notes.append(note)


def _turns(ring: FloatArray) -> FloatArray:
    """Tell the whole turns that each step of a ring is too long by.

    A step of just 360 degrees goes along its whole parallel where it is at a pole, or where another
    one comes back, as in a band round the earth; else it stays where it is.
    """
    step = np.diff(ring[:, 0])
    whole = np.abs(step) == 360
    polar = whole & (np.abs(ring[:-1, 1]) == 90) & (np.abs(ring[1:, 1]) == 90)
    back = whole & (step[whole].sum() == 0)
    turns: FloatArray = np.where(polar | back, 0.0, np.round(step / 360))
    return turns


def _on_map(area: BaseGeometry) -> BaseGeometry:
    """Bring an area that runs past 180 degrees into -180..180, cut at the antimeridian."""
    west, _, east, _ = area.bounds if not area.is_empty else (0, 0, 0, 0)
    pieces = []
    for turn in range(int(np.floor((west + 180) / 360)), int(np.ceil((east - 180) / 360)) + 1):
        strip = shapely.box(360 * turn - 180, -90, 360 * turn + 180, 90)
        cut = shapely.intersection(area, strip)
        pieces.append(affinity.translate(cut, -360.0 * turn))
    return _parts(shapely.union_all(pieces))


def _parts(area: BaseGeometry) -> shapely.MultiPolygon:
    """Keep the polygons of an area, and no lines or points."""
    found = shapely.get_parts(shapely.get_parts(area))
    return shapely.MultiPolygon(
        [part for part in found if part.geom_type == "Polygon" and part.area]
    )


def _self_cuts(polygon: shapely.Polygon) -> int:
    """Guess how often a polygon's edges meet, from some 2,000 of them among each other."""
    xy, ring = shapely.get_coordinates(shapely.get_rings(polygon), return_index=True)
    starts = np.flatnonzero(ring[1:] == ring[:-1])
    every = max(1, len(starts) // 2000)
    ends = np.stack([xy[starts], xy[starts + 1]], axis=1)[::every]
    edges = shapely.get_parts(shapely.linestrings(ends))
    hits = shapely.STRtree(edges).query(edges, predicate="intersects").shape[1] - len(edges)
    return int(hits) // 2 * every**2
