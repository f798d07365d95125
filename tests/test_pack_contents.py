import datetime as dt
from dataclasses import replace
from functools import cache

import pytest

from geo.account import account_of
from geo.compare import Flight, fly, fly_routes
from geo.edge import Edges
from geo.errors import GeoError
from geo.geodesy import make_route
from geo.model import Place
from geo.render.pack.contents import Pack
from geo.render.palette import Theme
from geo.render.picture.briefing import Briefing
from geo.render.picture.layout import SIZES
from geo.render.picture.look import PictureTheme
from geo.render.picture.presets import PRESETS, Material, brief
from geo.typed import with_typed
from tests import shipped
from tests.data import small
from tests.data.odd_routes import odd_story

DATE = dt.date(2026, 3, 5)
LINK = "https://corridor.example/?way=a&to=<b>"
VERSIONS = {"Corridor": "1.0", "airspace": "2018"}
NASTY = (
    "<b>bold</b> & \"quoted\" 'text' ]]> <!-- {{x}} </script><script>alert(1)</script>",
    "שלום עולם and مرحبا بالعالم",
    "Домна, Ахтубинск — «ёлки» ğışə",
    "long " * 60,
    "w" * 300,
    "a\x00b\x1fc\u2028d",
)


def no_edges(flight: Flight) -> Edges:
    return Edges((None,) * len(flight.crossings), (), 0.0)


def pack_of(*briefings: Briefing, look: PictureTheme = "light") -> Pack:
    flights = [row.flight for told in briefings for row in told.rows]
    edges = {flight.plan.id: no_edges(flight) for flight in flights}
    return Pack(briefings, edges, look, LINK, VERSIONS)


@cache
def small_pack(look: PictureTheme = "light") -> Pack:
    theme: Theme = "dark" if look == "dark" else "light"
    material = Material(small.STORY, small.FLIGHTS, no_edges, DATE, theme=theme)
    return pack_of(brief(material, small.FLIGHTS), look=look)


@cache
def odd_pack(name: str) -> Pack:
    story = odd_story(name)
    flights = fly(story, small.AIRSPACE)
    return pack_of(brief(Material(story, flights, no_edges, DATE), flights))


@cache
def deck(look: PictureTheme = "light") -> Pack:
    """Tell the whole built-in story."""
    flights = fly(shipped.story(), shipped.airspace())
    theme: Theme = "dark" if look == "dark" else "light"
    material = Material(shipped.story(), flights, no_edges, DATE, theme=theme)
    return pack_of(*(preset(material) for preset in PRESETS.values()), look=look)


def with_texts(texts: tuple[str, ...]) -> Pack:
    """Put texts wherever a story file has a say: titles, names, sources, legend."""
    given = small_pack().first
    story = given.story

    def text(number: int) -> str:
        return texts[number % len(texts)]

    places = {
        id: field.model_copy(update={"name": text(number), "reported": text(number + 1)})
        for number, (id, field) in enumerate(story.places.items())
    }
    sources = {
        id: source.model_copy(update={"title": text(number)})
        for number, (id, source) in enumerate(story.sources.items())
    }
    ways = {
        id: way.model_copy(update={"name": text(number)})
        for number, (id, way) in enumerate(story.ways.items())
    }
    odd = story.model_copy(update={"places": places, "sources": sources, "ways": ways})
    flights = fly(odd, small.AIRSPACE)
    material = Material(odd, flights, no_edges, DATE)
    told = brief(material, flights, title=text(0), subtitle=text(1), finding=text(2))
    return pack_of(replace(told, notes=(text(0),)))


def test_a_pack_lists_each_route_and_source_once_nearest_first() -> None:
    pack = deck()
    ids = [row.flight.plan.id for row in pack.rows]
    assert len(ids) == len(set(ids))
    assert set(ids) == {row.flight.plan.id for told in pack.briefings for row in told.rows}
    assert [row.direct_m for row in pack.rows] == sorted(row.direct_m for row in pack.rows)
    assert len(pack.sources) == len({source.id for source in pack.sources})


def test_a_pack_needs_a_briefing() -> None:
    with pytest.raises(GeoError, match="no briefing"):
        Pack((), {})


def test_pictures_are_the_slides_unless_another_size_is_asked_for() -> None:
    pack = small_pack()
    assert pack.pictures is pack.slides
    (square,) = replace(pack, size=SIZES["square"]).pictures
    assert square.width == square.height
    assert replace(pack, size=SIZES["square"]).slides == pack.slides


def test_a_route_is_told_in_the_words_of_its_account() -> None:
    pack = small_pack()
    first, *_ = pack.accounts(pack.first)
    row = pack.first.rows[0]
    edges = pack.edges[row.flight.plan.id]
    assert first == account_of(pack.first.story, row, edges, pack.first.unit)


def test_a_typed_route_is_told_without_a_landing() -> None:
    start = small.STORY.places["base"].place
    route = make_route("typed", [start, Place("there", "There", 29.0, 19.0)])
    story = with_typed(small.STORY, [route])
    (flight,) = fly_routes(story.routes[-1:], [route], small.AIRSPACE)
    material = Material(story, (flight,), no_edges, DATE)
    pack = pack_of(brief(material, [flight]))
    (account,) = pack.accounts(pack.first)
    assert account.heading.startswith(f"{start.name} to There")
    assert "landing" not in account.text.lower()
