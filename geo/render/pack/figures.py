"""Set the comparison of a slide as a table of its own, where the drawing has its figures."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from pptx.enum.text import MSO_ANCHOR

from geo.render.pack.native import describe, emu
from geo.render.pack.native_text import Run, run_of, top_of, write
from geo.render.picture.drawing import Group, Text
from geo.render.picture.fonts import text_width

# What of the strips' texts is told by the table.
TOLD = frozenset({"head", "strip-name", "cited", "figure"})
_NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
_SAME_LINE = 3.0
# How far above its baseline a row of the strips begins, and how high it is, by the size of figures.
_NAME_TOP, _FIGURE_TOP, _ROW = 19 / 21, 18 / 19, 30 / 19


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of the table: its upper edge, and the texts that stand in it."""

    top: float
    texts: tuple[Text, ...]


def add_figures(shapes: Any, strips: Group) -> Any:
    """Add the table; the strips lie over its first column, which holds the airfields' names."""
    texts = [item for item in strips.items if isinstance(item, Text) and item.id in TOLD]
    heads = [text for text in texts if text.id == "head"]
    lines = [_Line(heads[0].y - heads[0].size, tuple(heads)), *_lines(texts)]
    size = next(text.size for text in texts if text.id == "figure")
    tops = [line.top for line in lines] + [lines[-1].top + _ROW * size]
    edges = _edges(heads, texts)
    width, height = edges[-1] - edges[0], tops[-1] - tops[0]
    frame = shapes.add_table(
        len(lines), len(edges) - 1, *map(emu, (edges[0], tops[0], width, height))
    )
    describe(frame, "Comparison", strips.alt)
    table = frame.table
    _unstyle(table)
    for column, (left, right) in zip(table.columns, pairwise(edges), strict=True):
        column.width = emu(right - left)
    for row, line, (top, bottom) in zip(table.rows, lines, pairwise(tops), strict=True):
        row.height = emu(bottom - top)
        _fill(row, line, edges)
    return frame


def _lines(texts: list[Text]) -> list[_Line]:
    """Gather the names and figures that stand at one height."""
    found: list[tuple[float, list[Text]]] = []
    for text in texts:
        if text.id in ("strip-name", "figure"):
            share = _NAME_TOP if text.id == "strip-name" else _FIGURE_TOP
            top = text.y - share * text.size
            if not found or top - found[-1][0] > _SAME_LINE:
                found.append((top, []))
        if text.id != "head":
            found[-1][1].append(text)
    return [_Line(top, tuple(line)) for top, line in found]


def _edges(heads: list[Text], texts: list[Text]) -> list[float]:
    """Find the columns' edges: figures are set to the right, to just under their heading."""
    rights = [head.x for head in heads if head.anchor == "end"]
    first = [t for t in texts if t.anchor == "end" and abs(t.x - rights[0]) < _SAME_LINE]
    widest = max(text_width(text.text, text.size, text.weight) for text in first)
    left = next(head.x for head in heads if head.anchor == "start")
    return [left, rights[0] - widest - 10, *rights]


def _unstyle(table: Any) -> None:
    """Take away the table's colours and lines, which the slide has no use for."""
    table.horz_banding = False
    properties = table._tbl.tblPr
    style = properties.find("{*}tableStyleId")
    style.text = _NO_STYLE


def _fill(row: Any, line: _Line, edges: list[float]) -> None:
    """Write a row; the size of an empty cell counts too, or it would make the row higher."""
    cells = list(row.cells)
    size = max(text.size for text in line.texts)
    for number, cell in enumerate(cells):
        here = [t for t in line.texts if _column(t, edges) == number]
        runs = [_run(text) for text in here] or [Run("", size, "#000000")]
        anchor = "end" if number else "start"
        write(cell.text_frame, [runs], anchor=anchor, wrap=False)
        cell.margin_left = cell.margin_right = cell.margin_top = cell.margin_bottom = 0
        cell.vertical_anchor = MSO_ANCHOR.TOP
        if here:
            cell.margin_top = emu(max(0.0, top_of(here[0]) - line.top))


def _run(text: Text) -> Run:
    if text.id != "cited":
        return run_of(text)
    # Raised figures are set in two thirds of their size.
    return Run(f" {text.text}", text.size * 1.6, text.colour, raised=True)


def _column(text: Text, edges: list[float]) -> int:
    if text.anchor == "start":
        return 0
    return min(range(1, len(edges) - 1), key=lambda number: abs(edges[number + 1] - text.x))
