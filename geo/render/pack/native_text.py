"""Set the texts of a drawing as PowerPoint's own, in a font that every machine has."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.xmlchemy import OxmlElement
from pptx.util import Pt

from geo.render.pack.native import placed, rgb
from geo.render.picture.drawing import Box, Text
from geo.render.picture.fonts import text_width

_POINTS = 0.5
# Arial is on every machine, but wider than the pictures' Source Sans: by so much it is set smaller.
_FACTORS = {400: 0.91, 600: 0.88, 700: 0.905}
_CAPITALS = 0.07
# Of its size, how high above its first baseline a line of Arial begins.
_ASCENT = 0.905
_LINE_SPACING = 1.1
_GLOW_EMU = 38_100
_ALIGN = {"start": PP_ALIGN.LEFT, "middle": PP_ALIGN.CENTER, "end": PP_ALIGN.RIGHT}


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one look; `raised` for the small figures that cite sources."""

    text: str
    size: float
    colour: str
    weight: int = 400
    spacing: float = 0.0
    halo: str = ""
    raised: bool = False


def run_of(text: Text, words: str | None = None) -> Run:
    """Take the look of a drawn text, for other words if they are given."""
    return Run(
        text.text if words is None else words, text.size, text.colour, text.weight, text.spacing,
        text.halo,
    )  # fmt: skip


def add_line(shapes: Any, text: Text) -> Any:
    """Set a single line where it is drawn, with room enough to be in one line in any font.

    A box that never breaks its text would do without, but not every program keeps its left edge.
    """
    width = text_width(text.text, text.size, text.weight, text.spacing) * 1.12 + text.size * 0.6
    left = text.x - {"start": 0.0, "middle": width / 2, "end": width}[text.anchor]
    top = top_of(text)
    added = shapes.add_textbox(*placed(Box(left, top, left + width, top + text.size * 1.2)))
    write(added.text_frame, [[run_of(text)]], anchor=text.anchor)
    return added


def top_of(text: Text) -> float:
    """Tell where the line of a text begins for it to stand where it is drawn."""
    return text.y - _ASCENT * set_size(text.text, text.size, text.weight)


def add_paragraph(shapes: Any, lines: Sequence[Text], words: str, right: float) -> Any:
    """Set drawn lines as one paragraph that breaks by itself at the right edge."""
    first, last = lines[0], lines[-1]
    top = first.y - _ASCENT * set_size(words, first.size, first.weight) * _LINE_SPACING
    box = Box(first.x, top, right, last.y + 0.3 * last.size)
    added = shapes.add_textbox(*placed(box))
    write(added.text_frame, [[run_of(first, words)]], flows=True)
    return added


def write(
    frame: Any,
    paragraphs: Iterable[Sequence[Run]],
    *,
    anchor: str = "start",
    wrap: bool = True,
    flows: bool = False,
    upright: MSO_ANCHOR = MSO_ANCHOR.TOP,
) -> None:
    """Fill a text frame, without margins.

    A paragraph that `flows` has some space between its lines, and is set from the right where its
    text runs to the left; any other stays on its side of what it names.
    """
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.word_wrap = wrap
    frame.vertical_anchor = upright
    for number, runs in enumerate(paragraphs):
        paragraph = frame.add_paragraph() if number else frame.paragraphs[0]
        paragraph.alignment = _ALIGN[anchor]
        if flows:
            paragraph.line_spacing = _LINE_SPACING
        if _runs_left("".join(run.text for run in runs)):
            paragraph._p.get_or_add_pPr().set("rtl", "1")
            if flows:
                paragraph.alignment = PP_ALIGN.RIGHT
        for run in runs:
            if run.text:  # A run of nothing would make a table's row as high as usual text.
                _add_run(paragraph, run)
        _end(paragraph, runs)


def _end(paragraph: Any, runs: Sequence[Run]) -> None:
    """Size the end of a paragraph: by its usual size, it would make a table's row higher."""
    end = OxmlElement("a:endParaRPr")
    end.set("sz", str(round(max(points(run.text, run.size, run.weight) for run in runs) * 100)))
    paragraph._p.append(end)


def _add_run(paragraph: Any, run: Run) -> None:
    added = paragraph.add_run()
    added.text = run.text
    font = added.font
    font.size = Pt(points(run.text, run.size, run.weight))
    font.bold = run.weight >= 600
    font.color.rgb = rgb(run.colour)
    properties = added._r.get_or_add_rPr()
    properties.set("lang", "en-GB")
    if run.spacing:
        properties.set("spc", str(round(run.spacing * _POINTS * 100)))
    if run.raised:
        properties.set("baseline", "30000")
    if run.halo:
        properties.append(_glow(run.halo))


def _glow(colour: str) -> Any:
    """Set letters off from what lies under them; an outline would make them thin."""
    effects, glow, value = (OxmlElement(f"a:{tag}") for tag in ("effectLst", "glow", "srgbClr"))
    glow.set("rad", str(_GLOW_EMU))
    value.set("val", colour.removeprefix("#"))
    glow.append(value)
    effects.append(glow)
    return effects


def set_size(text: str, size: float, weight: int = 400) -> float:
    """Tell in which size a text of the drawing is set in Arial, so as to be no wider."""
    letters = [letter for letter in text if letter.isalpha()]
    capitals = sum(letter.isupper() for letter in letters) / max(1, len(letters))
    return size * (_FACTORS[weight] - _CAPITALS * capitals)


def points(text: str, size: float, weight: int = 400) -> float:
    """Tell the size of a text on the slide, in points."""
    return round(set_size(text, size, weight) * _POINTS, 1)


def _runs_left(text: str) -> bool:
    """Tell by the first letter that has a direction which way a paragraph runs."""
    kinds = (unicodedata.bidirectional(letter) for letter in text)
    return next((kind for kind in kinds if kind in ("L", "R", "AL")), "L") != "L"
