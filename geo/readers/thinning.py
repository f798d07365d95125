"""Thin a track to fewer vertices, so that the geodesics between them stay near the others."""

import numpy as np
import shapely

from geo.model import FloatArray, IntArray
from geo.sphere import unit_vectors

# Within this, a great circle of the sphere lies within 3 m of the geodesic, and the gnomonic map
# keeps lengths to 0.1 %.
_LONGEST_PIECE_M = 200_000.0
# Simplifying takes time by the square of a piece's vertices, at worst.
_MOST_VERTICES = 1_000
# So many vertices at a time, to bound the memory.
_BLOCK = 100_000
_RADIUS_M = 6_371_008.8
# Two passes add up, and so does the sphere's error.
_PASSES = 2
_SHARE = 0.35


def thinned(lonlat: FloatArray, tolerance_m: float) -> IntArray:
    """Choose vertices of a line (n, 2) so that the others lie within `tolerance_m` of its legs.

    Douglas and Peucker's method on pieces of 200 km or less, each on a gnomonic map around its
    first point, where great circles are straight. The pieces' ends are kept; the second pass, with
    pieces that the first made longer, drops those that aren't needed.
    """
    kept = np.arange(len(lonlat))
    for _ in range(_PASSES):
        blocks = [kept[begin : begin + _BLOCK] for begin in range(0, len(kept), _BLOCK)]
        kept = np.concatenate(
            [block[_one_pass(lonlat[block], _SHARE * tolerance_m)] for block in blocks]
        )
    return kept


def _one_pass(lonlat: FloatArray, tolerance_m: float) -> IntArray:
    unit = unit_vectors(lonlat)
    piece = _pieces(unit)
    starts = np.flatnonzero(np.diff(piece, prepend=-1))
    flat = _flat(unit, unit[starts][piece])
    sizes = np.bincount(piece)
    keep = np.zeros(len(lonlat), dtype=bool)
    keep[starts] = keep[starts + sizes - 1] = True
    inner = (sizes > 2)[piece]
    if inner.any():
        # The vertex's number goes along as its height.
        xyz = np.column_stack([flat, np.arange(len(flat))])[inner]
        _, number = np.unique(piece[inner], return_inverse=True)
        simple = shapely.simplify(
            shapely.linestrings(xyz, indices=number), tolerance_m, preserve_topology=False
        )
        keep[shapely.get_coordinates(simple, include_z=True)[:, 2].astype(int)] = True
    return keep.nonzero()[0]


def _pieces(unit: FloatArray) -> IntArray:
    """Number the pieces that the vertices belong to."""
    step_m = np.linalg.norm(np.diff(unit, axis=0, prepend=unit[:1]), axis=1) * _RADIUS_M
    stretch = np.floor(np.cumsum(step_m) / _LONGEST_PIECE_M)
    block = np.arange(len(unit)) // _MOST_VERTICES
    ends = (np.diff(stretch) != 0) | (np.diff(block) != 0)
    return np.append(0, np.cumsum(ends))


def _flat(unit: FloatArray, centre: FloatArray) -> FloatArray:
    """Bring points onto gnomonic maps around their centres, in metres (n, 2)."""
    # Of the axes, the one that a centre lies farthest from makes the firmest frame.
    axis = np.eye(3)[np.abs(centre).argmin(axis=1)]
    east = np.cross(axis, centre)
    east /= np.linalg.norm(east, axis=1, keepdims=True)
    north = np.cross(centre, east)
    parts = [np.einsum("ij,ij->i", unit, each) for each in (east, north, centre)]
    return np.column_stack([parts[0] / parts[2], parts[1] / parts[2]]) * _RADIUS_M
