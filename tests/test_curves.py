import numpy as np
from geographiclib.geodesic import Geodesic  # type: ignore[import-untyped]
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geo.curves import Curves
from geo.geodesy import Lines
from geo.model import LonLat

# GeographicLib is the independent reference: Karney's own code, in Python.
WGS84 = Geodesic.WGS84
MILLIMETRE_M = 1e-3
lons, lats = st.floats(-180, 180), st.floats(-90, 90)
points = st.tuples(lons, lats)


def off_m(one: LonLat, other: LonLat) -> float:
    found: float = WGS84.Inverse(one[1], one[0], other[1], other[0])["s12"]
    return found


@settings(max_examples=150)
@given(points, points, st.lists(st.floats(0, 1), min_size=5, max_size=5))
@example((7.0, 10.0), (-173.0, 70.0), [0.0, 0.2, 0.5, 0.9, 1.0])  # over the pole
@example((0.0, 90.0), (9.0, -90.0), [0.0, 0.01, 0.5, 0.99, 1.0])  # from pole to pole
@example((12.0, 90.0), (12.0, 89.5), [0.0, 0.1, 0.5, 0.9, 1.0])
@example((179.9, -17.0), (-179.9, -16.0), [0.0, 0.1, 0.5, 0.9, 1.0])
@example((3.0, 3.0), (3.0, 3.0), [0.0, 0.1, 0.5, 0.9, 1.0])
@example((0.0, 0.0), (179.6, 0.3), [0.0, 0.1, 0.5, 0.9, 1.0])  # nearly to the antipode
def test_curves_stay_by_their_lines_to_a_millimetre(
    start: LonLat, end: LonLat, shares: list[float]
) -> None:
    lines = Lines.between(np.array([start]), np.array([end]))
    arcs = lines.nodes().arcs()
    curves = Curves.along(arcs)
    for share in shares:
        number = min(int(share * len(arcs.chords.owner)), len(arcs.chords.owner) - 1)
        along_m = arcs.chords.step_m[number] * share
        (at,) = curves.points(np.array([number]), np.array([along_m])).tolist()
        on = WGS84.Direct(
            start[1], start[0], lines.azimuth_deg[0], arcs.chords.start_m[number] + along_m
        )
        assert off_m((at[0], at[1]), (on["lon2"], on["lat2"])) < MILLIMETRE_M


def test_points_spread_evenly_are_those_at_these_metres() -> None:
    rng = np.random.default_rng(4)
    ends = rng.uniform([-180, -90], [180, 90], (2, 30, 2))
    arcs = Lines.between(*ends).nodes().arcs()
    curves = Curves.along(arcs)
    step_m = arcs.chords.step_m / 16
    spread = curves.evenly(step_m, 17)
    assert spread.shape == (len(step_m), 17, 2)
    every = np.arange(len(step_m))
    for number in range(17):
        # To the last bit, since chords share these points.
        assert np.array_equal(spread[:, number], curves.points(every, number * step_m))
