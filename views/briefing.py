"""Make a briefing: the view of the atlas or a preset of the story, to look at and to take away."""

import datetime as dt
import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4

import streamlit as st

from geo.account import say_map
from geo.aircraft import NO_FLEET
from geo.closure import Closure
from geo.compare import Flight
from geo.edge import Edges
from geo.errors import DataError, GeoError
from geo.link import View, read_link, write_link
from geo.open_ways import OpenWays
from geo.render.pack.bundle import pack_files, write_bundle
from geo.render.pack.contents import Pack
from geo.render.pack.versions import VERSIONS
from geo.render.picture.briefing import Briefing
from geo.render.picture.layout import LEAST, MOST, SIZE_WORDS, SIZES, read_size
from geo.render.picture.look import PictureTheme
from geo.render.picture.png import MOST_PIXELS, write_png
from geo.render.picture.presets import PRESETS, Material, brief_view
from geo.render.picture.projection import KINDS, Kind
from geo.ringspec import is_ring
from geo.schema import Story
from geo.viewed import fly_view
from views.asked import VIEW_FILES, VIEW_LINK
from views.choices import choose_unit
from views.copying import copy_button
from views.figures import NO_LAND
from views.loaded import (
    Atlas,
    load_atlas,
    load_edges,
    load_open_ways,
    load_types,
)
from views.lookup import find_place
from views.markup import show_head, show_refusal, show_text, text_html
from views.opened import OpenFile
from views.serving import Served, forget, serve

_VIEW_KEYS = ("airfields", "pick", "way", "closed", "route", "aircraft", "tab", "day")
_TAKEN = "briefing_taken"
_A_ROW = 5
_LEAD = (
    "A finished slide with its scale, its sources and its doubts. Slides, SVG and PDF hold real "
    "text and shapes that can be edited."
)
_OPENED = "With what you opened on Explore: {}. The link alone doesn't hold that."
_OWN_SIZE = "Own size"
VIEW, DECK = "The view on Explore", "All four, as a deck"
SLIDES = (VIEW, *PRESETS, DECK)
_THEMES: Mapping[str, PictureTheme] = {"Light": "light", "Dark": "dark", "Print, grey": "print"}
_BY_EXTENT = "By extent"
_MAPS: Mapping[str, Kind | None] = {
    _BY_EXTENT: None, **{kind.capitalize(): kind for kind in KINDS}
}  # fmt: skip
_SCALES = {"1×": 1, "2×": 2, "3×": 3, "4×": 4}
_FORMATS = {
    "slides.pptx": "PowerPoint", "picture.png": "PNG", "picture.svg": "SVG", "picture.pdf": "PDF",
    "page.html": "Web page", "data.geojson": "GeoJSON", "data.kml": "KML", "data.gpx": "GPX",
    "routes.csv": "Routes, CSV", "crossings.csv": "Airspaces, CSV", "rings.csv": "Rings, CSV",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Order:
    """What the reader wants made; `query` is that of a link to the view.

    `size` is a name or such as "1600x900"; `stamp` tells one reader's opened files from all others,
    and `atlas` the state of the atlas.
    """

    slide: str
    size: str
    theme: str
    map: str
    query: str
    stamp: str = ""
    atlas: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What was last shown on Explore: its link, and the files opened there, with their stamp."""

    link: str = ""
    files: tuple[OpenFile, ...] = ()
    stamp: str = ""


def main() -> None:
    """Choose, draw, offer."""
    show_head(text_html("h1", "Briefing", "corridor-title"))
    try:
        atlas = load_atlas()
    except GeoError as error:
        show_refusal(error)
        return
    show_text("p", _LEAD, "corridor-lead")
    try:
        make(atlas, take_view())
    except DataError as error:
        show_refusal(error, "this slide can't be drawn")
    except GeoError as error:
        st.error("This slide can't be drawn. Another one, or another size, may be.")
        show_text("pre", str(error), "corridor-refusal")


def make(atlas: Atlas, taken: Taken) -> None:
    """Draw what is chosen, and offer it. Raises GeoError where the view or its size is refused."""
    view = asked_view(atlas, taken)
    with st.sidebar:
        order, scale = choose(atlas, view)
    files = taken.files if order.slide == VIEW else ()
    order = replace(order, stamp=taken.stamp if files else "", atlas=atlas.stamp)
    today, link = dt.datetime.now(dt.UTC).date(), link_to(order.query)
    pack = make_pack(order, today, link, atlas, files)
    if files:
        show_text("p", _OPENED.format(", ".join(file.opened.name for file in files)))
    if atlas.no_land:
        show_text("p", NO_LAND.format(atlas.no_land), "corridor-refused")
    show_picture(pack, (order, today, link))
    offer(pack, order, scale)
    keep_view(order)


def take_view() -> Taken:
    """Take over from Explore what it last showed, once for each time that it was there."""
    if VIEW_LINK in st.session_state:
        link, files = st.session_state.pop(VIEW_LINK), st.session_state.get(VIEW_FILES, ())
        st.session_state[_TAKEN] = Taken(link, files, uuid4().hex if files else "")
    taken: Taken = st.session_state.get(_TAKEN, Taken())
    return taken


def asked_view(atlas: Atlas, taken: Taken) -> View:
    """Read the view from the address, or take the one that was last on Explore."""
    here = {key: st.query_params.get_all(key) for key in (*_VIEW_KEYS, "units")}
    named = any(here[key] for key in _VIEW_KEYS)
    link = urlencode(here, doseq=True) if named else taken.link
    return read_link(link, atlas.story, atlas.airspace)


def keep_view(order: Order) -> None:
    """Write the view to the address, so that this page's link holds it too."""
    if order.slide != VIEW:
        return
    words = parse_qs(order.query, keep_blank_values=True)
    new = {key: words.get(key, []) for key in _VIEW_KEYS}
    new = {key: texts for key, texts in new.items() if texts != st.query_params.get_all(key)}
    if new:
        st.query_params.update(new)


def choose(atlas: Atlas, view: View) -> tuple[Order, int]:
    """Show the controls; the scale of a PNG comes beside the order, which it leaves as it is."""
    slide = _choose("Slide", list(SLIDES), "slide")
    size = _choose("Size", [*SIZES, _OWN_SIZE], "size")
    if size == _OWN_SIZE:
        size = _own_size()
    theme = _choose("Colours", list(_THEMES), "colours")
    shape = _choose("Map", list(_MAPS), "projection")
    scale = _SCALES[_choose("PNG", list(_SCALES), "scale")]
    paper = read_size(size)
    width, height = round(paper.width * scale), round(paper.height * scale)
    if width * height > MOST_PIXELS:
        raise GeoError(
            f"a PNG of {width:,} by {height:,} pixels is larger than {MOST_PIXELS:,}: "
            "choose a smaller size or scale"
        )
    st.caption(f"PNG: {width:,} by {height:,} pixels")
    query = write_link(replace(view, unit=choose_unit()), atlas.story, atlas.airspace)
    return Order(slide, size, theme, shape, query), scale


def _own_size() -> str:
    """Ask for a width and a height, within limits that are said."""
    sides = zip(st.columns(2), ("Width", "Height"), (1600, 900), strict=True)
    lengths = [
        column.number_input(
            name, LEAST, MOST, first, step=10, key=name.lower(), bind="query-params"
        )
        for column, name, first in sides
    ]
    st.caption(f"{SIZE_WORDS[0].upper()}{SIZE_WORDS[1:]}.")
    return "x".join(f"{length:d}" for length in lengths)


def link_to(query: str) -> str:
    """Write the whole link that opens the view on Explore."""
    page = urlsplit(st.context.url or "")
    path = page.path.rsplit("/", 1)[0]
    return f"{page.scheme}://{page.netloc}{path}/{'?' if query else ''}{query}"


def show_picture(pack: Pack, made_of: tuple[Order, dt.date, str]) -> None:
    """Show the slides as they will be; `made_of` is all that the pack depends on."""
    for number, told in enumerate(pack.briefings):
        png = _png(made_of, number, pack)
        served = _served(png)
        words = " ".join((say_map(told.story, told.rows, told.unit), *told.ring_words))
        source, alt = html.escape(served.url), html.escape(words)
        st.html(f'<img class="corridor-slide" src="{source}" alt="{alt}">')
        if number == 0:
            copy_button(served.url)


def offer(pack: Pack, order: Order, scale: int) -> None:
    """Offer the files, each made when it is asked for, and all of them as one."""
    name = _file_name(order.slide)
    files = {file.name: file for file in pack_files(pack, scale=scale)}
    offered = [(title, files[key]) for key, title in _FORMATS.items() if key in files]
    for first in range(0, len(offered), _A_ROW):
        for column, (title, file) in zip(
            st.columns(_A_ROW), offered[first : first + _A_ROW], strict=False
        ):
            column.download_button(
                title, file.make, f"{name}-{file.name}", file.media_type, on_click="ignore",
                help=file.what, width="stretch",
            )  # fmt: skip
    if st.button("Make a ZIP of all of them"):
        bar = st.progress(0.0)

        def tell(done: int, all: int, now: str) -> None:
            bar.progress(done / all, now or "Done")

        data = write_bundle(pack, tell)
        st.download_button(
            "Take the ZIP", data, f"{name}.zip", "application/zip", on_click="ignore"
        )


@st.cache_resource(show_spinner="Drawing", max_entries=12)
def make_pack(
    order: Order, today: dt.date, link: str, _atlas: Atlas, _files: tuple[OpenFile, ...]
) -> Pack:
    """Draw up what is ordered; readers who order the same share it. Raises GeoError."""
    view = read_link(order.query, _atlas.story, _atlas.airspace)
    edges: dict[str, Edges] = {}

    def edges_of(flight: Flight) -> Edges:
        edges[flight.plan.id] = load_edges(_atlas, [flight])[flight.plan.id]
        return edges[flight.plan.id]

    look = _THEMES[order.theme]
    material = Material(
        _atlas.story, _atlas.flights, edges_of, today, unit=view.unit,
        theme="dark" if look == "dark" else "light",
    )  # fmt: skip
    names = list(PRESETS) if order.slide == DECK else [order.slide]
    told = [PRESETS[name](material) for name in names if name in PRESETS]
    if order.slide == VIEW:
        told = [_view_briefing(material, view, _atlas, _files)]
    return Pack(tuple(told), edges, look, link, VERSIONS, read_size(order.size), _MAPS[order.map])


def _view_briefing(
    material: Material, view: View, atlas: Atlas, files: tuple[OpenFile, ...]
) -> Briefing:
    def find_ways(closure: Closure, story: Story, flights: Sequence[Flight]) -> OpenWays:
        return load_open_ways(atlas, closure, story, flights)

    needs_types = view.aircraft or any(map(is_ring, view.paths))
    fleet = load_types() if needs_types else NO_FLEET
    find = partial(find_place, atlas)
    shown = fly_view(
        view, atlas.story, atlas.flights, atlas.airspace, fleet, find, find_ways, files
    )
    return brief_view(material, shown, atlas.airspace)


@st.cache_data(show_spinner="Drawing", max_entries=32)
def _png(made_of: tuple[Order, dt.date, str], number: int, _pack: Pack) -> bytes:
    return write_png(_pack.pictures[number])


@st.cache_resource(show_spinner=False, max_entries=32, on_release=forget)
def _served(data: bytes) -> Served:
    return serve(data, "png")


def _file_name(text: str) -> str:
    words = "".join(letter for letter in text.lower() if letter.isalnum() or letter == " ").split()
    return "-".join(["corridor", *words])


def _choose(label: str, options: list[str], key: str) -> str:
    chosen = st.pills(
        label, options, default=options[0], key=key, bind="query-params", required=True
    )
    return chosen or options[0]


main()
