"""Make a slide of the story: a preset, a size and a theme, to look at and to take away."""

import datetime as dt
from collections.abc import Callable, Mapping

import streamlit as st

from geo.compare import Flight
from geo.edge import Edges
from geo.errors import GeoError
from geo.render.picture.drawing import Drawing
from geo.render.picture.layout import SIZES, make_picture
from geo.render.picture.look import PictureTheme
from geo.render.picture.pdf import write_pdf
from geo.render.picture.png import write_png
from geo.render.picture.presets import PRESETS, Material
from geo.render.picture.svg import write_svg
from geo.units import UNITS, Unit
from views.loaded import Atlas, load_atlas, load_edges
from views.markup import show_head, show_refusal, show_text, text_html

_THEMES: Mapping[str, PictureTheme] = {"Light": "light", "Dark": "dark", "Print, grey": "print"}
_UNITS = {unit.name.capitalize(): unit for unit in UNITS.values()}


def main() -> None:
    """Choose, draw, offer."""
    show_head(text_html("h1", "Briefing", "corridor-title"))
    try:
        atlas = load_atlas()
    except GeoError as error:
        show_refusal(error)
        return
    with st.sidebar:
        preset = _choose("Slide", list(PRESETS), "slide")
        size = _choose("Size", list(SIZES), "size")
        theme = _choose("Colours", list(_THEMES), "colours")
        unit = _choose("Units", list(_UNITS), "units")
    show_text(
        "p",
        "A finished slide with its scale, its sources and its doubts. The PNG is twice the size "
        "shown; SVG and PDF hold real text and can be edited.",
        "corridor-lead",
    )
    today = dt.datetime.now(dt.UTC).date()
    drawing = _drawing(atlas, preset, size, theme, _UNITS[unit], today)
    st.image(_png(preset, size, theme, unit, today, 1, drawing), width="stretch")
    _offer(drawing, f"corridor-{_file_name(preset)}", today)


def _offer(drawing: Drawing, name: str, today: dt.date) -> None:
    """Offer the slide as files, each made when it is asked for."""
    kinds: tuple[tuple[str, str, Callable[[], bytes]], ...] = (
        ("png", "image/png", lambda: write_png(drawing, scale=2)),
        ("svg", "image/svg+xml", lambda: write_svg(drawing).encode()),
        ("pdf", "application/pdf", lambda: write_pdf(drawing, today)),
    )
    for column, (kind, mime, data) in zip(st.columns(3), kinds, strict=True):
        column.download_button(
            kind.upper(), data, f"{name}.{kind}", mime, on_click="ignore", width="stretch"
        )


def _file_name(text: str) -> str:
    return "-".join("".join(c for c in text.lower() if c.isalnum() or c == " ").split())


def _choose(label: str, options: list[str], key: str) -> str:
    chosen = st.pills(
        label, options, default=options[0], key=key, bind="query-params", required=True
    )
    return chosen or options[0]


@st.cache_resource(show_spinner="Drawing the slide", max_entries=32, hash_funcs={Atlas: id})
def _drawing(
    atlas: Atlas, preset: str, size: str, theme: str, unit: Unit, today: dt.date
) -> Drawing:
    material = Material(
        atlas.story,
        atlas.flights,
        lambda flight: _edges(atlas, flight),
        today,
        unit=unit,
        theme="dark" if theme == "Dark" else "light",
    )
    return make_picture(PRESETS[preset](material), SIZES[size], _THEMES[theme], None)


@st.cache_data(show_spinner="Drawing the slide", max_entries=32)
def _png(
    preset: str, size: str, theme: str, unit: str, today: dt.date, scale: int, _drawing: Drawing
) -> bytes:
    return write_png(_drawing, scale=scale)


def _edges(atlas: Atlas, flight: Flight) -> Edges:
    return load_edges(atlas, [flight])[flight.plan.id]


main()
