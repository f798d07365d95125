import hashlib
import io
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE

from geo.render.pack.contents import Pack
from geo.render.pack.slides import write_pptx
from geo.render.picture.drawing import Drawing, Shape, each_item
from geo.render.picture.fonts import plain
from geo.render.picture.look import PictureTheme
from geo.units import format_amount
from tests.data.odd_routes import ODD_ROUTES
from tests.test_pack_contents import DATE, LINK, NASTY, deck, odd_pack, small_pack, with_texts

ROOT = Path(__file__).parents[1]
UNIT_EMU = 6350


def opened(pack: Pack) -> Any:
    return Presentation(io.BytesIO(write_pptx(pack)))


def each_shape(shapes: Any) -> Iterator[Any]:
    for shape in shapes:
        yield shape
        if shape.shape_type == MSO_SHAPE_TYPE.GROUP:
            yield from each_shape(shape.shapes)


def named(slide: Any, start: str) -> list[Any]:
    return [shape for shape in each_shape(slide.shapes) if shape.name.startswith(start)]


def only(slide: Any, name: str) -> Any:
    (shape,) = (shape for shape in slide.shapes if shape.name == name)
    return shape


def alt(shape: Any) -> str:
    return str(shape._element._nvXxPr.cNvPr.get("descr", ""))


def lines_of(slide: Any) -> list[Any]:
    """List the lines of the routes: not their halos, nor the groups of both."""
    kinds = (MSO_SHAPE_TYPE.FREEFORM, MSO_SHAPE_TYPE.LINE)
    return [shape for shape in named(slide, "Route ") if shape.shape_type in kinds and alt(shape)]


def said(slide: Any) -> str:
    """Join all text of a slide, the table's included."""
    texts = []
    for shape in each_shape(slide.shapes):
        if shape.has_text_frame:
            texts.append(shape.text_frame.text)
        if shape.has_table:
            texts += [cell.text for row in shape.table.rows for cell in row.cells]
    return "\n".join(texts)


def drawn(drawing: Drawing, start: str) -> list[Shape]:
    items = each_item(drawing.items)
    return [item for item in items if isinstance(item, Shape) and item.id.startswith(start)]


def test_a_slide_holds_its_title_texts_legend_and_sources_as_text() -> None:
    pack = small_pack()
    (slide,) = opened(pack).slides
    told = pack.first
    assert slide.shapes.title.text_frame.text == told.title
    assert only(slide, "Subtitle").text_frame.text == told.subtitle
    assert only(slide, "Finding").text_frame.text == told.finding
    assert only(slide, "Caption").text_frame.text.startswith(" ".join(told.notes))
    assert "1 The Paper, 5 March 2016, No. 7" in only(slide, "Sources").text_frame.text
    credit = only(slide, "Credit")
    assert told.scene.credit in credit.text_frame.text
    assert "5 March 2016" not in credit.text_frame.text
    assert "5 March 2026" in credit.text_frame.text
    assert credit.click_action.hyperlink.address == LINK
    legend = {shape.text_frame.text for shape in named(slide, "Legend ") if shape.has_text_frame}
    assert {"Direct", "As told", "Landing reported"} <= legend


def test_routes_symbols_and_names_are_shapes_over_the_map() -> None:
    pack = small_pack()
    (slide,) = opened(pack).slides
    (drawing,) = pack.slides
    assert len(lines_of(slide)) == len(pack.rows) == len(drawn(drawing, "route-"))
    assert {alt(line) for line in lines_of(slide)} == {s.alt for s in drawn(drawing, "route-")}
    marks = [shape for shape in named(slide, "Place ") if alt(shape)]
    assert {"Base", "North"} <= {alt(mark) for mark in marks}
    labels = {shape.text_frame.text for shape in named(slide, "Label ")}
    assert {"Base", "North", "Far"} <= labels


def test_a_symbol_and_a_route_are_where_the_picture_has_them() -> None:
    pack = small_pack()
    (slide,) = opened(pack).slides
    (drawing,) = pack.slides
    (mark,) = drawn(drawing, "mark-base")
    (shape,) = (s for s in named(slide, "Place Base") if s.shape_type == MSO_SHAPE_TYPE.FREEFORM)
    ring = np.array(mark.parts[0]) * UNIT_EMU
    found = [shape.left, shape.top, shape.left + shape.width, shape.top + shape.height]
    assert found == pytest.approx([*ring.min(axis=0), *ring.max(axis=0)], abs=UNIT_EMU / 100)
    for route in drawn(drawing, "route-"):
        points = np.array(route.parts[0]) * UNIT_EMU
        (line,) = (s for s in lines_of(slide) if alt(s) == route.alt)
        assert (line.left, line.top) == pytest.approx(points.min(axis=0), abs=UNIT_EMU / 100)


def test_the_certainty_of_a_route_is_in_its_dashes() -> None:
    pack = small_pack()
    (slide,) = opened(pack).slides
    dashes: dict[str, set[str]] = {}
    for line in lines_of(slide):
        stroke = line._element.find(".//{*}ln")
        dash = next((e for e in stroke if e.tag.endswith(("prstDash", "custDash"))), None)
        value = "solid" if dash is None else dash.get("val") or "dashes"
        dashes.setdefault(alt(line).split("Landing: ")[1], set()).add(value)
    assert dashes == {
        "reported at this airfield": {"solid"},
        "reported, airfield inferred": {"dashes"},
        "none reported there: illustrative": {"sysDot"},
    }


def test_the_base_map_is_a_picture_without_routes_and_labels() -> None:
    pack = small_pack()
    (slide,) = opened(pack).slides
    base = only(slide, "Base map")
    assert "without the routes" in alt(base)
    (drawing,) = pack.slides
    (frame,) = drawn(drawing, "frame")
    pixels = Image.open(io.BytesIO(base.image.blob)).convert("RGB")
    route = max(drawn(drawing, "route-"), key=lambda shape: shape.width)
    colour = tuple(bytes.fromhex(route.stroke[1:]))
    scale = pixels.width / (frame.parts[0][1][0] - frame.parts[0][0][0])
    left, top = frame.parts[0][0]
    along = [
        pixels.getpixel((round((x - left) * scale), round((y - top) * scale)))
        for x, y in route.parts[0][3:-3]
    ]
    assert colour not in along
    assert colour not in {found for _, found in pixels.getcolors(1 << 24) or []}


def test_the_comparison_is_a_table_with_the_figures_of_the_rows() -> None:
    pack = small_pack()
    (slide,) = opened(pack).slides
    frame = only(slide, "Comparison")
    assert alt(frame)
    table = [[cell.text for cell in row.cells] for row in frame.table.rows]
    unit = pack.first.unit
    assert table[0][1:] == ["Distance, mi", "× direct", f"Beyond {pack.first.strip.claim[1]}"]  # type: ignore[index]
    figures = [row[1:3] for row in table[1:] if row[1]]
    assert figures == [
        [format_amount(row.length_m, unit), f"{row.ratio:.2f}"] for row in pack.first.rows
    ]
    names = [row[0].split(" ")[0] for row in table[1:] if row[0]]
    assert names == list(dict.fromkeys(strip.to for strip in pack.first.strip.rows))


def test_the_strips_are_shapes_that_are_told() -> None:
    pack = small_pack()
    (slide,) = opened(pack).slides
    strips = only(slide, "Airspace strips")
    assert alt(strips) == alt(only(slide, "Comparison"))
    told = {alt(shape) for shape in strips.shapes}
    titles = {plain(part.title) for row in pack.first.strip.rows for part in row.segments}
    assert titles <= told


def test_the_speaker_has_the_words_of_the_account() -> None:
    pack = small_pack()
    (slide,) = opened(pack).slides
    notes = slide.notes_slide.notes_text_frame.text
    for account in pack.accounts(pack.first):
        assert account.text in notes
    assert "1 A title, The Paper, 5 March 2016, No. 7, reposted" in notes
    assert LINK in notes


@pytest.mark.parametrize("look", ["light", "dark", "print"])
def test_each_look_has_its_ground_and_its_ink(look: PictureTheme) -> None:
    pack = small_pack(look)
    (slide,) = opened(pack).slides
    assert f"#{slide.background.fill.fore_color.rgb}".lower() == pack.slides[0].background
    ink = slide.shapes.title.text_frame.paragraphs[0].runs[0].font.color.rgb
    assert (int(str(ink)[:2], 16) > 128) == (look == "dark")


@pytest.mark.parametrize("number", range(len(NASTY)))
def test_any_text_survives(number: int) -> None:
    pack = with_texts(NASTY[number:] + NASTY[:number])
    (slide,) = opened(pack).slides
    told = pack.first
    assert slide.shapes.title.text_frame.text == plain(told.title).strip()
    assert only(slide, "Subtitle").text_frame.text == plain(told.subtitle).strip()
    assert only(slide, "Finding").text_frame.text == plain(told.finding).strip()
    notes = slide.notes_slide.notes_text_frame.text
    assert plain(told.title).strip() not in ("", notes)
    for source in told.sources:
        assert plain(source.title) in notes


def test_text_that_runs_to_the_left_is_set_from_the_right() -> None:
    (slide,) = opened(with_texts((NASTY[1],))).slides
    (paragraph,) = slide.shapes.title.text_frame.paragraphs
    assert paragraph._p.pPr.get("rtl") == "1"
    (slide,) = opened(with_texts((NASTY[2],))).slides
    (paragraph,) = slide.shapes.title.text_frame.paragraphs
    assert paragraph._p.pPr.get("rtl") is None


@pytest.mark.parametrize("texts", [NASTY, NASTY[3:], NASTY[4:]], ids=["all", "long", "unbroken"])
def test_nothing_leaves_the_slide(texts: tuple[str, ...]) -> None:
    show = opened(with_texts(texts))
    for slide in show.slides:
        for shape in each_shape(slide.shapes):
            # Boxes are a little wider than their texts.
            slack = 60 * UNIT_EMU if shape.has_text_frame else UNIT_EMU
            assert shape.left >= -slack, shape.name
            assert shape.top >= -slack, shape.name
            assert shape.left + shape.width <= show.slide_width + slack, shape.name
            assert shape.top + shape.height <= show.slide_height + slack, shape.name


@pytest.mark.parametrize("name", ODD_ROUTES)
def test_routes_over_poles_and_the_antimeridian_are_lines_too(name: str) -> None:
    pack = odd_pack(name)
    (slide,) = opened(pack).slides
    assert len(lines_of(slide)) == len(pack.rows)


def test_the_story_is_a_deck_of_two_megabytes_at_most() -> None:
    pack = deck()
    data = write_pptx(pack)
    assert len(data) <= 2_000_000
    show = Presentation(io.BytesIO(data))
    assert [s.shapes.title.text_frame.text for s in show.slides] == [
        told.title for told in pack.briefings
    ]
    for slide, told in zip(show.slides, pack.briefings, strict=True):
        assert len(lines_of(slide)) == len(told.rows)
        figures = [row.cells[1].text for row in only(slide, "Comparison").table.rows]
        # Where there is no room for all, the slide says which it lists.
        places = {row.flight.plan.destination for row in told.rows}
        listed = f"{len(places)} of {len(told.rows)} routes: the longest to each place."
        rows = len(places) if listed in said(slide) else len(told.rows)
        assert len([text for text in figures if text]) == rows + 1
        for event in told.events:
            assert event.text in said(slide)


def test_table_rows_are_no_lower_than_their_text() -> None:
    """Else a program would make them higher, and they would leave the strips behind."""
    for slide in opened(deck()).slides:
        for row in only(slide, "Comparison").table.rows:
            sizes = [
                run.font.size * (1 - 0.3 * (run.font._element.get("baseline") is not None))
                for cell in row.cells
                for run in cell.text_frame.paragraphs[0].runs
            ]
            margins = max(cell.margin_top + cell.margin_bottom for cell in row.cells)
            assert row.height >= 1.15 * max(sizes) + margins
            for cell in row.cells:
                assert all(run.text for run in cell.text_frame.paragraphs[0].runs)
                assert cell.text_frame.paragraphs[0]._p.find("{*}endParaRPr").get("sz")


def test_the_same_pack_gives_the_same_bytes() -> None:
    pack = small_pack()
    data = write_pptx(pack)
    assert write_pptx(replace(pack)) == data
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        assert {info.date_time[:3] for info in packed.infolist()} == {(2026, 3, 5)}
    about = Presentation(io.BytesIO(data)).core_properties
    assert about.created is not None
    assert about.created.date() == about.modified.date() == DATE
    code = (
        "import hashlib; from tests.test_pack_contents import small_pack; "
        "from geo.render.pack.slides import write_pptx; "
        "print(hashlib.sha256(write_pptx(small_pack())).hexdigest())"
    )
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == hashlib.sha256(data).hexdigest()
