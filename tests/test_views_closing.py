"""Closing the areas of an opened file on the page, without a browser."""

import json
import math
from collections.abc import Sequence

from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT
from tests.test_views import ran, scene
from tests.test_views_explore import said

BOX = [[44.5, 36], [50, 36], [50, 38.5], [44.5, 38.5], [44.5, 36]]
NOTAM = json.dumps(
    {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"name": "R-1"},
                "geometry": {"type": "Polygon", "coordinates": [BOX]},
            }
        ],
    }
).encode()


def with_file(name: str, data: bytes, closed: Sequence[str] = ()) -> AppTest:
    """Open the page, and a file on it."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["closed"] = list(closed)
    # The fold is opened by a click that AppTest can't make.
    app.session_state["files_wanted"] = True
    ran(app.run())
    app.file_uploader[0].set_value((name, data, "application/geo+json"))
    return ran(app.run())


def test_closed_areas_change_ways_words_and_map() -> None:
    app = with_file("notam.geojson", NOTAM, ["Armenia", "Georgia", "Turkey", "Ukraine"])
    (box,) = app.checkbox
    assert box.label == r"Close the area of notam\.geojson"
    assert not box.value
    (before,) = [line for line in scene(app)["lines"] if line["id"].endswith(":shagol")]
    assert [area["closed"] for area in scene(app)["areas"]] == [False]
    box.check()
    ran(app.run())
    (after,) = [line for line in scene(app)["lines"] if line["id"].endswith(":shagol")]
    assert after["points"] != before["points"]
    assert [area["closed"] for area in scene(app)["areas"]] == [True]
    hatched = [item["text"] for item in scene(app)["legend"] if item["hatched"]]
    assert hatched == ["Closed to the shortest open way"]
    told = said(app)
    assert "Closed: Armenia, Georgia, Turkey, Ukraine, and the area of notam.geojson." in told
    assert "Turns at the border of R-1 (notam.geojson) near" in told
    app.checkbox[0].uncheck()
    ran(app.run())
    (again,) = [line for line in scene(app)["lines"] if line["id"].endswith(":shagol")]
    assert again == before


def test_areas_alone_can_be_closed_and_an_end_within_is_named() -> None:
    here = NOTAM.replace(b"[44.5, 36], [50, 36], [50, 38.5], [44.5, 38.5], [44.5, 36]",
                         b"[35, 35], [37, 35], [37, 36], [35, 36], [35, 35]")  # fmt: skip
    assert here != NOTAM
    app = with_file("here.geojson", here)
    app.checkbox[0].check()
    told = said(ran(app.run()))
    assert "Closed: the area of here.geojson." in told
    assert "Hmeymim lies in closed airspace: R-1 (here.geojson)." in told
    assert not [line for line in scene(app)["lines"] if line["id"].startswith("open:")]


def test_a_file_without_areas_has_nothing_to_close() -> None:
    line = {"type": "LineString", "coordinates": [[30, 40], [60, 50]]}
    app = with_file("line.geojson", json.dumps(line).encode())
    assert not app.checkbox


def test_a_file_that_can_not_be_closed_says_why() -> None:
    turn = [math.tau * n / 6000 for n in range(6001)]
    ring = [[40 + (5 + n % 2) * math.cos(at), 40 + (5 + n % 2) * math.sin(at)]
            for n, at in enumerate(turn)]  # fmt: skip
    polygon = {"type": "Polygon", "coordinates": [[*ring[:-1], ring[0]]]}
    app = with_file("large.geojson", json.dumps(polygon).encode())
    assert not app.checkbox
    assert "large.geojson: its areas have too many vertices to be closed" in said(app)
