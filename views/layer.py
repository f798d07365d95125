"""Show what the routes pass of a layer that the reader opened."""

from collections.abc import Iterator

from geo.compare import Row
from geo.layers import LAYER_NOTE, Layer
from geo.overlay import Overlay, Passage
from geo.schema import Story
from geo.typed import where_to
from geo.units import Unit, format_length
from views.markup import table_html, text_html


def passages(
    story: Story, rows: tuple[Row, ...], layer: Layer, overlay: Overlay, unit: Unit
) -> Iterator[str]:
    """Write what the routes pass of the layer."""
    yield text_html("h2", f"The opened layer: {layer.name}", "corridor-heading")
    yield text_html("p", LAYER_NOTE, "corridor-quiet")
    passed = overlay.passages([row.flight.route for row in rows])
    cells = [
        _cells(story, row, passage, unit)
        for row, each in zip(rows, passed, strict=True)
        for passage in each
    ]
    if cells:
        headings = ("Route", "Way", "Area", "Kind", "Limits", "Enters at", "Leaves at", "Length")
        yield table_html(headings, cells, numbers={5, 6, 7})
    else:
        yield text_html("p", "None of the routes shown passes any of its areas.")


def _cells(story: Story, row: Row, passage: Passage, unit: Unit) -> list[str]:
    plan, volume = row.flight.plan, passage.volume
    limits = " to ".join(text for text in (volume.lower, volume.upper) if text)
    length_m = passage.end_m - passage.start_m
    metres = (passage.start_m, passage.end_m, length_m)
    return [
        where_to(story, plan),
        story.ways[plan.way].name,
        volume.name,
        volume.kind,
        limits,
        *(format_length(at_m, unit) for at_m in metres),
    ]
