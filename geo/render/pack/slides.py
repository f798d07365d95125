"""Write briefings as a deck for PowerPoint, of shapes that can be edited.

A slide is the picture over again: its map is a picture of land, borders and graticule alone, and
all that lies on it and beside it are lines, texts and a table of PowerPoint's own.
"""

import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

from pptx import Presentation
from pptx.enum.text import MSO_ANCHOR
from pptx.util import Emu

from geo.render.cards import source_lines
from geo.render.pack.contents import Pack
from geo.render.pack.figures import add_figures
from geo.render.pack.native import UNIT_EMU, emu, rgb
from geo.render.pack.native_text import run_of, write
from geo.render.pack.slide_parts import (
    add_footer,
    add_legend,
    add_map,
    add_strips,
    add_texts,
    frame_of,
    joined,
    whole_texts,
)
from geo.render.pack.zipped import same_zip
from geo.render.picture.briefing import Briefing
from geo.render.picture.drawing import Drawing, Group, Text
from geo.render.picture.fonts import plain

_TITLE_ONLY = 5
_PLAIN_FONT, _FONT = b'"Calibri"', b'"Arial"'


def write_pptx(pack: Pack) -> bytes:
    """Write a slide for each briefing; the same bytes for the same pack."""
    deck = Presentation()
    width, height = 1920 * UNIT_EMU, 1080 * UNIT_EMU
    _widen(deck, width)
    deck.slide_width, deck.slide_height = Emu(width), Emu(height)
    for briefing, drawing in zip(pack.briefings, pack.slides, strict=True):
        _add_slide(deck, pack, briefing, drawing)
    _sign(deck, pack)
    file = io.BytesIO()
    deck.save(file)
    return same_zip(file.getvalue(), pack.first.date)


def _widen(deck: Any, width: int) -> None:
    """Stretch the template, which is 4:3, so that slides added later fit, and set it in Arial."""
    factor = width / deck.slide_width
    masters = list(deck.slide_masters)
    for page in [*masters, *(layout for master in masters for layout in master.slide_layouts)]:
        for shape in page.placeholders:
            if shape._element.spPr.find("{*}xfrm") is not None:
                shape.left, shape.width = round(shape.left * factor), round(shape.width * factor)
    for master in masters:
        for relation in master.part.rels.values():
            if relation.reltype.endswith("/theme"):
                theme = relation.target_part
                theme._blob = theme.blob.replace(_PLAIN_FONT, _FONT)


def _sign(deck: Any, pack: Pack) -> None:
    """Say what the deck is and when it was made: by the pack, never by the clock."""
    made = dt.datetime.combine(pack.first.date, dt.time())
    about = deck.core_properties
    about.title = plain(pack.first.title)[:255]
    about.author = about.last_modified_by = "Corridor"
    about.subject = plain(pack.first.subtitle)[:255]
    about.comments = plain(pack.link)[:255]
    about.language = "en"
    about.created = about.modified = made
    about.revision = 1


def _add_slide(deck: Any, pack: Pack, briefing: Briefing, drawing: Drawing) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[_TITLE_ONLY])
    slide.background.fill.solid()
    slide.background.fill.fore_color.rgb = rgb(drawing.background)
    page = {item.id: item for item in drawing.items if isinstance(item, Group)}
    whole = whole_texts(briefing)
    header = page["header"]
    margin = next(item.x for item in header.items if isinstance(item, Text))
    right = drawing.width - margin
    slide.shapes.turbo_add_enabled = True
    _add_title(slide, header, whole, right)
    add_map(slide.shapes, page["map"])
    frame = frame_of(page["map"])
    add_texts(slide.shapes, page["note"].items, whole, frame.right, "Caption")
    for id, name in (("finding", "Finding"), ("events", "Reports")):
        if id in page:
            add_texts(slide.shapes, page[id].items, whole, right, name)
    if "strips" in page:
        add_figures(slide.shapes, page["strips"])
        add_strips(slide.shapes, page["strips"])
    add_legend(slide.shapes, page["legend"], whole)
    add_footer(slide.shapes, page["footer"], whole, right, pack.link)
    slide.notes_slide.notes_text_frame.text = "\n".join(_notes(pack, briefing))


def _add_title(slide: Any, header: Group, whole: dict[str, str], right: float) -> None:
    """Use the slide's own title, which outlines and screen readers look for."""
    lines = [i for i in header.items if isinstance(i, Text) and i.id == "title"]
    title = slide.shapes.title
    top, bottom = lines[0].y - lines[0].size, lines[-1].y + lines[-1].size * 0.3
    title.left, title.top = emu(lines[0].x), emu(top)
    title.width, title.height = emu(right - lines[0].x), emu(bottom - top)
    title.text_frame.auto_size = None
    words = joined(lines, whole)
    runs = [run_of(lines[0], words)]
    write(title.text_frame, [runs], flows=True, upright=MSO_ANCHOR.MIDDLE)
    rest = [item for item in header.items if item not in lines]
    add_texts(slide.shapes, rest, whole, right, "Subtitle")


def _notes(pack: Pack, briefing: Briefing) -> Iterator[str]:
    """Write what a speaker may say: the account of each route, and where it was read."""
    yield plain(briefing.subtitle)
    if briefing.finding:
        yield plain(briefing.finding)
    for event in briefing.events:
        yield plain(f"{event.day}: {event.text}")
    for account in pack.accounts(briefing):
        yield ""
        yield plain(account.text)
    yield ""
    for words in briefing.ring_words:
        yield plain(words)
    yield plain(" ".join(briefing.notes))
    lines = source_lines(briefing.story, [source.id for source in briefing.sources])
    for number, line in enumerate(lines, 1):
        yield plain(f"{number} {line}")
    if pack.link:
        yield plain(f"This view: {pack.link}")
    yield plain(briefing.scene.credit)
