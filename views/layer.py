"""Let the reader open a layer of areas, and show what the routes pass of it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import streamlit as st

from geo.compare import Row
from geo.errors import LayerError
from geo.layers import LAYER_NOTE, Layer, read_layer
from geo.overlay import Overlay, Passage, make_overlay
from geo.schema import Story
from geo.units import Unit, format_length
from views.fold import unfolded
from views.markup import list_html, show_text, table_html, text_html


@dataclass(frozen=True, slots=True)
class OpenLayer:
    """A layer with its index, ready to be asked."""

    layer: Layer
    overlay: Overlay


def choose_layer() -> OpenLayer | None:
    """Offer to open a file; say what is wrong with one that can't be read."""
    fold = unfolded("Open a layer", "layer")
    if fold is None:
        return None
    file = fold.file_uploader("Areas in GeoJSON or OpenAir", max_upload_size=20)
    if file is None:
        return None
    data = file.getvalue()
    try:
        return _opened(hashlib.sha256(data).hexdigest(), file.name, data)
    except LayerError as error:
        st.error("The layer can't be read.")
        show_text("pre", str(error), "corridor-refusal")
        return None


def passages(story: Story, rows: tuple[Row, ...], opened: OpenLayer, unit: Unit) -> Iterator[str]:
    """Write what the routes pass of the layer."""
    yield text_html("h2", f"The opened layer: {opened.layer.name}", "corridor-heading")
    yield text_html("p", LAYER_NOTE, "corridor-quiet")
    passed = opened.overlay.passages([row.flight.route for row in rows])
    cells = [
        _cells(story, row, passage, unit)
        for row, each in zip(rows, passed, strict=True)
        for passage in each
    ]
    if cells:
        headings = ("To", "Way", "Area", "Kind", "Limits", "Enters at", "Leaves at", "Length")
        yield table_html(headings, cells, numbers={5, 6, 7})
    else:
        yield text_html("p", "None of the routes shown passes any of its areas.")
    yield list_html([*opened.layer.skipped, *opened.layer.notes][:20])


@st.cache_resource(show_spinner="Reading the layer", max_entries=8)
def _opened(digest: str, name: str, _data: bytes) -> OpenLayer:
    layer = read_layer(_data, name)
    return OpenLayer(layer, make_overlay(layer))


def _cells(story: Story, row: Row, passage: Passage, unit: Unit) -> list[str]:
    plan, volume = row.flight.plan, passage.volume
    limits = " to ".join(text for text in (volume.lower, volume.upper) if text)
    length_m = passage.end_m - passage.start_m
    metres = (passage.start_m, passage.end_m, length_m)
    return [
        story.places[plan.destination].name,
        story.ways[plan.way].name,
        volume.name,
        volume.kind,
        limits,
        *(format_length(at_m, unit) for at_m in metres),
    ]
