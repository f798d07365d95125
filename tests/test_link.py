"""Links: what is written is read again, and what isn't there is named."""

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import GeoError
from geo.link import MAX_LENGTH, View, destinations, read_link, write_link
from geo.open_ways import with_open_way
from geo.units import KILOMETRES, STATUTE_MILES, UNITS, Unit
from tests.shipped import airspace, story

STORY = with_open_way(story())
FIELDS = sorted(place.id for place in destinations(STORY))
LANDINGS = {"buturlinovka", "primorsko_akhtarsk", "shagol"}


def read(link: str) -> View:
    return read_link(link, STORY, airspace())


def test_no_words_show_the_opening_view() -> None:
    for link in ("", "?", "http://localhost:8501/", "https://a.org/corridor/?utm_source=x"):
        view = read(link)
        assert view.destinations == LANDINGS
        assert view.ways == {"direct", "azerbaijan", "open"}
        assert view.unit == STATUTE_MILES
        assert not view.closed
        assert not view.unknown


def test_a_link_of_the_page() -> None:
    view = read(
        "http://localhost:8501/?airfields=My+choice&pick=Krymsk&pick=Domna&way=Direct"
        "&units=Kilometres&closed=Turkey&closed=IRQ&route=EFHK-RJAA&tab=By+airspace"
    )
    assert view.destinations == {"krymsk", "domna"}
    assert view.ways == {"direct"}
    assert view.unit == KILOMETRES
    assert view.closed == ("TUR", "IRQ")
    assert view.paths == ("EFHK-RJAA",)
    assert not view.unknown


def test_a_cleared_way_shows_none() -> None:
    assert read("way=").ways == frozenset()
    assert read("airfields=None").destinations == frozenset()


@pytest.mark.parametrize(
    ("key", "value"),
    [("airfields", "Mars"), ("way", "Up"), ("units", "parsecs"), ("closed", "Atlantis")],
)
def test_what_is_not_there_is_named_and_the_default_holds(key: str, value: str) -> None:
    view = read(urlencode({key: value}))
    assert view.unknown == (f'{key} "{value}"',)
    assert view.destinations == LANDINGS
    assert view.ways == {"direct", "azerbaijan", "open"}


def test_a_link_without_end_is_refused() -> None:
    with pytest.raises(GeoError, match="characters"):
        read("route=" + "A" * MAX_LENGTH)
    with pytest.raises(GeoError, match="fields"):
        read("&".join(["route=A"] * 2000))


@given(
    st.frozensets(st.sampled_from(FIELDS)),
    st.frozensets(st.sampled_from(list(STORY.ways))),
    st.sampled_from(list(UNITS.values())),
    st.lists(st.sampled_from(["TUR", "GEO", "RUS", "USA", "PRI", "KOR", "PRK"]), unique=True),
    st.lists(st.text(min_size=1, max_size=20).filter(str.strip)),
    st.sampled_from(["", "Su-34", "A & B=c"]),
)
def test_what_is_written_is_read_again(
    places: frozenset[str],
    ways: frozenset[str],
    unit: Unit,
    closed: list[str],
    paths: list[str],
    aircraft: str,
) -> None:
    view = View(places, ways, unit, tuple(closed), tuple(paths), (), aircraft)
    assert read(write_link(view, STORY, airspace())) == view
