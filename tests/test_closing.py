"""Closed areas of opened files in a scene."""

import numpy as np
import shapely

from geo.layers import Layer, Volume
from geo.render.closing import with_closed_areas
from geo.render.legend import CLOSED
from geo.render.scene import Scene, make_scene
from geo.units import STATUTE_MILES
from tests.data.small import FLIGHTS, ROWS, STORY


def drawn(*closed: tuple[str, ...]) -> Scene:
    """Draw three areas, and hatch the faces of these claims."""
    volumes = tuple(
        Volume(n, "", f"R-{n}", "", "", "", shapely.box(*np.array([n, 0, n + 1, 1]).tolist()))
        for n in range(3)
    )
    layer = Layer("notam.geojson", volumes)
    return make_scene(STORY, ROWS, FLIGHTS, STATUTE_MILES, "light", layer, closed)


def test_closed_areas_are_marked_and_explained() -> None:
    scene = with_closed_areas(drawn(), {1, 2})
    assert [(area.name, area.closed) for area in scene.areas] == [
        ("R-0", False),
        ("R-1", True),
        ("R-2", True),
    ]
    assert scene.legend == (*drawn().legend, CLOSED)


def test_the_hatching_is_explained_once() -> None:
    scene = with_closed_areas(drawn(("AAA",)), {0})
    assert scene.legend.count(CLOSED) == 1
    assert scene.legend == drawn(("AAA",)).legend


def test_where_nothing_is_closed_nothing_changes() -> None:
    assert with_closed_areas(drawn(), set()) == drawn()
