"""What the pages look up."""

import html

import pytest

from geo.errors import PlaceError
from tests.test_views import opened, ran, scene, texts
from views.loaded import load_atlas
from views.lookup import find_place


@pytest.mark.parametrize(
    ("text", "id"), [("domna", "domna"), ("RJAA", "RJAA"), ("HND", "RJTT"), ("Narita", "RJAA")]
)
def test_a_place_is_known_by_its_code_or_by_a_clear_name(text: str, id: str) -> None:
    assert find_place(load_atlas(), text).id == id


def test_a_name_that_is_not_clear_is_refused_with_guesses() -> None:
    with pytest.raises(PlaceError, match=r'no place "Tokio"; did you mean RJTT'):
        find_place(load_atlas(), "Tokio")


def test_what_is_flown_on_explore_is_drawn_as_a_briefing() -> None:
    app = opened({"route": "EFHK-Narita"})
    assert scene(app)["asked"]["routes"] == ["EFHK-Narita"]
    ran(app.switch_page("views/briefing.py").run())
    assert not app.error
    assert "A map with 7 routes" in texts(app)


def test_a_name_in_an_opened_file_that_is_not_clear_is_no_place() -> None:
    app = opened()
    app.session_state["files_wanted"] = True
    table = b"name,from,to\nclear,Narita,EFHK\nunclear,Tokio,EFHK\n"
    (uploader,) = ran(app.run()).file_uploader
    uploader.upload("own.csv", table, "text/csv")
    said = texts(ran(app.run()))
    assert said.count('<tr data-route="opened:') == 1
    assert "Remarks on own.csv" in said
    assert 'line 3: no place "Tokio"; did you mean RJTT' in html.unescape(said)
