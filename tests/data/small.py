"""A small made-up story, and the airspace that it is flown over."""

from pathlib import Path

import numpy as np
import shapely

from geo.airspace import Airspace, Face, make_airspace
from geo.compare import Flight, Row, compare, fly
from geo.schema import Story
from geo.story import load_story

STORY: Story = load_story(Path(__file__).with_name("small.geojson"))
AIRSPACE: Airspace = make_airspace(
    [
        Face(("AAA",), "Aland", "national"),
        Face(("AAA", "BBB"), "Beeland (Aland)", "dependency"),
        Face(("AAA", "CCC"), "claimed by Aland and Ceeland", "disputed"),
    ],
    np.array([shapely.box(0, 0, 10, 20), shapely.box(10, 0, 20, 20), shapely.box(20, 0, 30, 20)]),
)
FLIGHTS: tuple[Flight, ...] = fly(STORY, AIRSPACE)
CLAIMED_M = 3_000_000.0
ROWS: tuple[Row, ...] = compare(FLIGHTS, CLAIMED_M)


def rows_of(*ids: str) -> tuple[Row, ...]:
    """Pick rows by the ids of their routes, in the story's order."""
    return tuple(row for row in ROWS if row.flight.plan.id in ids)
