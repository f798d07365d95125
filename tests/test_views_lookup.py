"""What the pages look up."""

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
