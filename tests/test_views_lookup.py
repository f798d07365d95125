"""What the pages look up."""

import html
import json

import pytest
from streamlit.testing.v1 import AppTest

from geo.errors import PlaceError
from tests.test_views import opened, ran, scene, texts
from views.loaded import load_atlas
from views.lookup import find_place

CODES = b"from,to\nEFHK,RJAA\nEGLL,KJFK\n"


@pytest.mark.parametrize(
    ("text", "id"), [("domna", "domna"), ("RJAA", "RJAA"), ("HND", "RJTT"), ("Narita", "RJAA")]
)
def test_a_place_is_known_by_its_code_or_by_a_clear_name(text: str, id: str) -> None:
    assert find_place(load_atlas(), text).id == id


def test_a_name_that_is_not_clear_is_refused_with_guesses() -> None:
    with pytest.raises(PlaceError, match=r'"Tokio" may be several places; did you mean RJTT'):
        find_place(load_atlas(), "Tokio")


def test_what_is_flown_on_explore_is_drawn_as_a_briefing() -> None:
    app = opened({"route": "EFHK-Narita"})
    assert scene(app)["asked"]["routes"] == ["EFHK-Narita"]
    ran(app.switch_page("views/briefing.py").run())
    assert not app.error
    assert "A map with 7 routes" in texts(app)


def with_control() -> AppTest:
    """Open the page with the control for files, whose fold AppTest can't open by a click."""
    app = opened()
    app.session_state["files_wanted"] = True
    return ran(app.run())


def chosen(app: AppTest, *files: tuple[str, bytes]) -> AppTest:
    (uploader,) = app.file_uploader
    uploader.set_value([(name, data, "text/csv") for name, data in files])
    return ran(app.run())


def on_explore(app: AppTest) -> AppTest:
    """Go back to Explore, which AppTest can't switch to since it is a function."""
    pages = app._registered_pages.items()
    (app._page_hash,) = [hash for hash, page in pages if page["page_name"] == "Explore"]
    return ran(app.run())


def removable(app: AppTest) -> list[str]:
    return [button.label for button in app.button if button.label.startswith("Remove")]


def own_routes(app: AppTest) -> int:
    return sum(line["id"].startswith("opened:") for line in scene(app)["lines"])


def test_a_name_in_an_opened_file_that_is_not_clear_is_no_place() -> None:
    table = b"name,from,to\nclear,Narita,EFHK\nunclear,Tokio,EFHK\n"
    said = texts(chosen(with_control(), ("own.csv", table)))
    assert said.count('<tr data-route="opened:') == 1
    assert "Remarks on own.csv" in said
    assert 'line 3: "Tokio" may be several places; did you mean RJTT' in html.unescape(said)


@pytest.mark.parametrize("page", ["views/briefing.py", "views/sources.py"])
def test_an_opened_file_stays_until_it_is_removed(page: str) -> None:
    app = chosen(with_control(), ("codes.csv", CODES), ("broken.csv", b"from,to\n"))
    assert own_routes(app) == 2
    ran(app.switch_page(page).run())
    assert not app.file_uploader
    on_explore(app)
    assert own_routes(app) == 2
    assert removable(app) == [r"Remove codes\.csv", r"Remove broken\.csv"]
    assert "broken.csv: " in texts(app)
    app.button[0].click()
    assert own_routes(ran(app.run())) == 0
    assert removable(app) == [r"Remove broken\.csv"]


def test_a_file_that_is_chosen_again_is_there_once_and_five_at_most() -> None:
    app = chosen(chosen(with_control(), ("0.csv", CODES)), ("0.csv", CODES))
    assert own_routes(app) == 2
    assert not app.warning
    chosen(app, *((f"{number}.csv", CODES) for number in range(7)))
    assert removable(app) == [rf"Remove {number}\.csv" for number in range(5)]
    assert own_routes(app) == 10
    assert "Not opened: 5.csv, 6.csv" in texts(app)
    app.button[0].click()
    assert not ran(app.run()).warning
    assert own_routes(chosen(app, ("6.csv", CODES))) == 10


def test_areas_that_were_closed_are_closed_after_another_page() -> None:
    ring = [[44.5, 36], [50, 36], [50, 38.5], [44.5, 38.5], [44.5, 36]]
    box = json.dumps({"type": "Polygon", "coordinates": [ring]}).encode()
    app = chosen(with_control(), ("box.geojson", box))
    app.checkbox[0].check()
    ran(app.run())
    ran(app.switch_page("views/sources.py").run())
    on_explore(app)
    assert app.checkbox[0].value
    assert [area["closed"] for area in scene(app)["areas"]] == [True]
    app.checkbox[0].uncheck()
    assert [area["closed"] for area in scene(ran(app.run()))["areas"]] == [False]
