import base64
import hashlib
import io
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pypdf
import pytest
import uharfbuzz as hb
from PIL import Image
from pyproj import Geod, Transformer

from geo.compare import fly
from geo.errors import GeoError
from geo.model import FloatArray
from geo.render.picture.briefing import GEOMETRY, SECRECY, Briefing, numbers_words
from geo.render.picture.chart import content
from geo.render.picture.drawing import Box, Drawing, Group, Item, Shape, Text, each_item
from geo.render.picture.fonts import FAMILY, fitted, plain, text_width, wrapped
from geo.render.picture.labels import text_box
from geo.render.picture.layout import SIZES, Size, make_picture, read_size
from geo.render.picture.look import PictureTheme
from geo.render.picture.pdf import write_pdf
from geo.render.picture.png import write_png
from geo.render.picture.presets import PRESETS, Material, brief
from geo.render.picture.projection import KINDS, Kind, choose_projection
from geo.render.picture.svg import write_svg
from geo.render.scene import CREDIT
from geo.units import KILOMETRES, STATUTE_MILES
from tests import shipped
from tests.data import small
from tests.data.odd_routes import ODD_ROUTES, odd_story
from tests.picture_views import DATE, no_edges, told_flights

ROOT = Path(__file__).parents[1]
THEMES: tuple[PictureTheme, ...] = ("light", "dark", "print")
GEOD = Geod(ellps="WGS84")
SVG = "{http://www.w3.org/2000/svg}"
NASTY = [
    "<b>bold</b> & \"quoted\" 'text' ]]> <!-- {{x}} </svg>",
    "שלום עולם and مرحبا بالعالم",
    "Домна, Ахтубинск — «ёлки» ğışə",
    "long " * 60,
    "w" * 300,
    "a\x00b\x1f\ud800c\u2028d",
]


@cache
def material(theme: PictureTheme = "light") -> Material:
    story, flights = _flown()
    return Material(story, flights, no_edges, DATE, theme="dark" if theme == "dark" else "light")


@cache
def _flown():  # type: ignore[no-untyped-def]
    return shipped.story(), told_flights()


def opening(theme: PictureTheme = "light") -> Briefing:
    """Tell what the page opens with."""
    made = material(theme)
    landings = {place.id for place in made.story.places.values() if place.role == "landing"}
    ways = list(made.story.ways)[:2]
    return brief(
        made,
        [f for f in made.flights if f.plan.destination in landings and f.plan.way in ways],
    )


@cache
def small_briefing() -> Briefing:
    return brief(Material(small.STORY, small.FLIGHTS, no_edges, DATE), small.FLIGHTS)


@cache
def odd_briefing(name: str) -> Briefing:
    story = odd_story(name)
    flights = fly(story, small.AIRSPACE)
    return brief(Material(story, flights, no_edges, DATE), flights)


@cache
def slide(preset: str, size: str = "16:9", theme: PictureTheme = "light") -> Drawing:
    """Draw a preset once for all tests."""
    return make_picture(PRESETS[preset](material(theme)), SIZES[size], theme)


@cache
def opening_slide(theme: PictureTheme = "light") -> Drawing:
    return make_picture(opening(theme), SIZES["16:9"], theme)


def shapes(drawing: Drawing, id: str) -> list[Shape]:
    return [i for i in each_item(drawing.items) if isinstance(i, Shape) and i.id == id]


def texts(drawing: Drawing) -> list[Text]:
    return [item for item in each_item(drawing.items) if isinstance(item, Text)]


def said(drawing: Drawing, id: str) -> str:
    return " ".join(text.text for text in texts(drawing) if text.id == id)


def groups(items: tuple[Item, ...]) -> dict[str, Group]:
    found: dict[str, Group] = {}
    for item in items:
        if isinstance(item, Group):
            found |= {item.id: item} | groups(item.items)
    return found


def bounds(shape: Shape) -> Box:
    points = np.array([point for part in shape.parts for point in part])
    return Box(*points.min(axis=0).tolist(), *points.max(axis=0).tolist())


def middle(drawing: Drawing, mark: str) -> FloatArray:
    """Find a round symbol's middle on the page."""
    (shape,) = shapes(drawing, f"mark-{mark}")
    return np.array(bounds(shape).middle)


def page_of(drawing: Drawing, briefing: Briefing, kind: Kind | None = None):  # type: ignore[no-untyped-def]
    """Rebuild what takes metres to the page from two other symbols: a scale and a shift."""
    definition = choose_projection(content(briefing), kind).definition
    project = Transformer.from_crs("EPSG:4326", definition, always_xy=True)
    places = briefing.story.places
    ends = ("shagol", "primorsko_akhtarsk")
    known = np.array([project.transform(places[id].lon, places[id].lat) for id in ends])
    on_page = np.array([middle(drawing, id) for id in ends])
    scale = np.linalg.norm(on_page[1] - on_page[0]) / np.linalg.norm(known[1] - known[0])
    shift = on_page[0] - known[0] * [scale, -scale]
    return project, scale, shift


@pytest.mark.parametrize("kind", ["lambert", "orthographic", "mercator"])
def test_hmeymim_is_at_the_pixel_where_the_projection_says(kind: Kind) -> None:
    briefing = opening()
    drawing = make_picture(briefing, SIZES["16:9"], "light", kind)
    project, scale, shift = page_of(drawing, briefing, kind)
    home = briefing.story.places["hmeymim"]
    expected = np.array(project.transform(home.lon, home.lat)) * [scale, -scale] + shift
    pixels = np.asarray(Image.open(io.BytesIO(write_png(drawing))).convert("RGB")).astype(int)
    assert pixels.shape == (1080, 1920, 3)
    x, y = expected.round().astype(int)
    near = pixels[y - 9 : y + 4, x - 22 : x + 23]
    dark = np.argwhere(near.max(axis=2) < 70)
    # The star is symmetric about its middle from left to right, and its arms are level there.
    assert np.abs(dark[:, 1].mean() - 22) < 1.2
    widths = (near.max(axis=2) < 70).sum(axis=1)
    arms = np.flatnonzero(widths == widths.max()).mean() - 9
    assert -7 < arms < -2


@pytest.mark.parametrize("kind", KINDS)
def test_the_scale_bar_is_right_in_the_middle_of_the_map(kind: Kind) -> None:
    briefing = opening()
    drawing = make_picture(briefing, SIZES["16:9"], "light", kind)
    project, scale, shift = page_of(drawing, briefing, kind)
    (frame,) = shapes(drawing, "frame")
    centre = np.array(bounds(frame).middle)
    scale_items = groups(drawing.items)["scale"].items
    amounts = [t.text for t in scale_items if isinstance(t, Text)]
    for unit in (STATUTE_MILES, KILOMETRES):
        (bar,) = shapes(drawing, f"scale-{unit.symbol}")
        half = np.array([bounds(bar).width / 2, 0])
        ends = [
            project.transform(*((end - shift) / [scale, -scale]), direction="INVERSE")
            for end in (centre - half, centre + half)
        ]
        length_m = GEOD.inv(*ends[0], *ends[1])[2]
        (words,) = (text for text in amounts if text.endswith(f" {unit.symbol}"))
        told_m = float(words.split()[0].replace(",", "")) * unit.metres
        assert length_m == pytest.approx(told_m, rel=0.002)


def overlapping(boxes: list[tuple[str, Box]]) -> list[tuple[str, str]]:
    return [
        (a[0], b[0])
        for a, b in combinations(boxes, 2)
        if a[1].grown(-0.5).overlaps(b[1].grown(-0.5))
    ]


def check_labels(drawing: Drawing) -> None:
    page = Box(0, 0, drawing.width, drawing.height)
    boxes = [(text.text, text_box(text)) for text in texts(drawing)]
    assert overlapping(boxes) == []
    assert [text for text, box in boxes if not page.holds(box)] == []
    (frame,) = shapes(drawing, "frame")
    inside = groups(drawing.items)
    labels = [(t.text, text_box(t)) for t in inside["labels"].items if isinstance(t, Text)]
    symbols = [
        ("symbol " + item.id, bounds(item))
        for item in inside["map-content"].items
        if isinstance(item, Shape) and item.id.startswith("mark-")
    ]
    furniture = [
        ("furniture " + id, bounds(inside[id].items[0]))  # type: ignore[arg-type]
        for id in ("scale", "locator")
        if id in inside
    ]
    assert labels
    assert [text for text, box in labels if not bounds(frame).holds(box)] == []
    for label in labels:
        assert overlapping([label, *symbols])[:1] in ([], overlapping(symbols)[:1])
        assert not [o for o in [*symbols, *furniture] if label[1].overlaps(o[1])]
    for piece in furniture:
        assert bounds(frame).holds(piece[1])
        assert not [symbol for symbol in symbols if symbol[1].overlaps(piece[1])]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("preset", PRESETS)
def test_no_label_covers_another_a_symbol_or_the_frame(preset: str, size: str) -> None:
    check_labels(slide(preset, size))


@pytest.mark.parametrize("size", [Size(3000, 900), Size(700, 2000), Size(480, 480)])
def test_labels_keep_clear_on_odd_pages_too(size: Size) -> None:
    check_labels(make_picture(opening(), size, "light"))


@pytest.mark.parametrize("preset", PRESETS)
def test_each_slide_tells_what_it_rests_on(preset: str) -> None:
    briefing, drawing = PRESETS[preset](material()), slide(preset)
    assert said(drawing, "title") == briefing.title
    assert said(drawing, "subtitle") == briefing.subtitle
    assert SECRECY in said(drawing, "note")
    assert GEOMETRY not in said(drawing, "note")
    assert CREDIT in said(drawing, "credit")
    assert "5 March 2026" in said(drawing, "credit")
    for number, source in enumerate(briefing.sources, 1):
        assert f"{number} {source.publisher or source.title}" in said(drawing, "sources")
    legend = said(drawing, "legend")
    lines = {row.flight.plan.way for row in briefing.rows}
    assert all(briefing.story.ways[way].name in legend for way in lines)
    figures = [text.text for text in texts(drawing) if text.id == "figure"]
    places = {row.flight.plan.destination for row in briefing.rows}
    left_out = said(drawing, "listed")
    assert len(figures) == 3 * (len(places) if left_out else len(briefing.rows))
    few = f"{len(places)} of {len(briefing.rows)} routes: the longest to each place."
    assert left_out == (few if preset == "3,000 miles?" else "")


def test_why_not_straight_names_turkey_and_the_claim_only_the_far_bases() -> None:
    why = PRESETS["Why not straight"](material())
    assert why.finding.startswith("The direct lines all cross Turkey.")
    claim = PRESETS["3,000 miles?"](material())
    for name in ("Komsomolsk Khurba", "Komsomolsk Dzyomgi", "Domna"):
        assert name in claim.finding
    assert "Shagol" not in claim.finding
    days = [event.day for event in PRESETS["By day"](material()).events]
    assert days == sorted(days)
    assert days[0] == "15 March 2016"


@pytest.mark.parametrize("theme", THEMES)
def test_each_theme_is_drawn_in_its_colours(theme: PictureTheme) -> None:
    drawing = opening_slide(theme)
    colours = {
        colour
        for item in each_item(drawing.items)
        for colour in ([item.colour] if isinstance(item, Text) else [item.fill, item.stroke])
        if colour
    }
    rgb = np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in sorted(colours)])
    grey = bool((rgb.max(axis=1) == rgb.min(axis=1)).all())
    assert grey == (theme == "print")
    light = int(drawing.background[1:3], 16) > 128
    assert light == (theme != "dark")


@pytest.mark.parametrize("theme", THEMES)
def test_text_stands_out_from_the_paper(theme: PictureTheme) -> None:
    drawing = opening_slide(theme)
    for text in texts(drawing):
        if text.id != "segment":
            assert contrast(text.colour, drawing.background) >= 3.7, text


def contrast(first: str, second: str) -> float:
    """Compute the contrast of WCAG 2.1."""

    def luminance(colour: str) -> float:
        channels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
        linear = np.where(
            channels <= 0.03928, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4
        )
        return float(linear @ [0.2126, 0.7152, 0.0722])

    bright, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("nasty", [NASTY[:3], NASTY[3:]])
def test_any_text_survives_in_every_format(nasty: list[str]) -> None:
    title, subtitle, finding = nasty
    given = small_briefing()
    strips = tuple(
        replace(row, to=nasty[number % 3]) for number, row in enumerate(given.strip.rows)
    )
    marks = tuple(
        replace(mark, label=nasty[number % 3]) for number, mark in enumerate(given.scene.marks)
    )
    briefing = replace(
        given, title=title, subtitle=subtitle, finding=finding, notes=(title,),
        strip=replace(given.strip, rows=strips), scene=replace(given.scene, marks=marks),
    )  # fmt: skip
    drawing = make_picture(briefing, SIZES["16:9"], "light")
    page = ET.fromstring(write_svg(drawing))  # noqa: S314 - written here
    reader = pypdf.PdfReader(io.BytesIO(write_pdf(drawing, DATE)))
    read = "".join(reader.pages[0].extract_text().split())
    for id, text in (("title", title), ("subtitle", subtitle), ("finding", finding)):
        wanted = "".join(plain(text).split())
        lines = [node.text or "" for node in page.iter(f"{SVG}text") if node.get("class") == id]
        assert "".join("".join(lines).split()) == wanted
        assert sorted(set(wanted) - set(read)) == []
        if all(ord(letter) < 0x590 for letter in wanted):
            assert wanted in read
    assert page.findtext(f"{SVG}title") == plain(title)
    assert len(write_png(drawing, 0.25)) > 5000
    check_page(drawing)


def check_page(drawing: Drawing) -> None:
    page = Box(0, 0, drawing.width, drawing.height)
    assert [text.text for text in texts(drawing) if not page.holds(text_box(text))] == []


def test_the_svg_carries_its_fonts() -> None:
    drawing = make_picture(replace(opening(), title="Домна שלום"), SIZES["16:9"], "light")
    svg = write_svg(drawing)
    fonts = re.findall(
        r"@font-face{font-family:'([^']+)';font-weight:(\d+);src:url\(data:font/ttf;base64,([^)]+)\)",
        svg,
    )
    held: dict[str, set[int]] = {}
    for _, weight, data in fonts:
        face = hb.Face(base64.b64decode(data))
        held.setdefault(weight, set()).update(face.unicodes)
    for text in texts(drawing):
        assert {ord(letter) for letter in text.text} <= held[str(text.weight)], text.text
    assert FAMILY in {family for family, _, _ in fonts}
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", "")
    assert len(svg) < 600_000


def test_the_pdf_has_its_fonts_inside_and_its_text_in_order() -> None:
    drawing = make_picture(
        replace(opening(), title="Домна и Хурба"), SIZES["A4 landscape"], "light"
    )
    data = write_pdf(drawing, DATE)
    reader = pypdf.PdfReader(io.BytesIO(data))
    (page,) = reader.pages
    assert [float(edge) for edge in page.mediabox[2:]] == pytest.approx([841.89, 595.28], abs=0.02)
    fonts = page["/Resources"]["/Font"].get_object()  # type: ignore[index]
    for font in fonts.values():
        about = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert "/FontFile2" in about.get_object()
    read = page.extract_text()
    assert "Домна и Хурба" in read
    assert "Airspace and borders © OpenStreetMap contributors (ODbL)" in read
    assert reader.metadata
    assert reader.metadata.title == "Домна и Хурба"
    assert len(data) < 1_000_000


def test_a_png_is_as_large_as_asked_and_not_heavy() -> None:
    assert len(write_png(slide("3,000 miles?"))) < 1_000_000
    drawing = make_picture(small_briefing(), Size(640, 400), "light")
    for scale in (1, 4):
        image = Image.open(io.BytesIO(write_png(drawing, scale)))
        assert image.size == (640 * scale, 400 * scale)
    with pytest.raises(GeoError, match=r"36000 by 4000 pixels"):
        write_png(replace(drawing, width=9000, height=1000), 4)


_HASHES = """
import hashlib
from tests.test_picture import hashes
print(hashes())
"""


def hashes() -> str:
    drawing = make_picture(small_briefing(), SIZES["4:3"], "light")
    files = write_png(drawing), write_svg(drawing).encode(), write_pdf(drawing, DATE)
    return " ".join(hashlib.sha256(data).hexdigest() for data in files)


def test_the_same_input_gives_the_same_bytes() -> None:
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", _HASHES],
        cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": "7"}, capture_output=True, check=True,
        text=True,
    )  # fmt: skip
    assert done.stdout.strip() == hashes()


@pytest.mark.parametrize("name", ODD_ROUTES)
def test_routes_over_poles_and_the_antimeridian_are_whole(name: str) -> None:
    briefing = odd_briefing(name)
    drawing = make_picture(briefing, SIZES["square"], "light")
    check_labels(drawing)
    (frame,) = shapes(drawing, "frame")
    box = bounds(frame)
    for row in briefing.rows:
        (line,) = shapes(drawing, f"route-{row.flight.plan.id}")
        (part,) = line.parts
        steps = np.hypot(*np.diff(np.array(part), axis=0).T)
        assert steps.max() < box.width / 8
        assert all(box.left <= x <= box.right and box.top <= y <= box.bottom for x, y in part)
        first, last = row.flight.route.places[0], row.flight.route.places[-1]
        for place, at in ((first, part[0]), (last, part[-1])):
            off = np.hypot(*(middle(drawing, place.id) - at))
            # A star's box is not quite round its middle.
            assert off < 1.5


@pytest.mark.parametrize(
    ("size", "theme", "message"),
    [
        (Size(100, 900), "light", "width 100"),
        (Size(900, 9000), "light", "height 9000"),
        (Size(4000, 400), "light", "too narrow"),
        (Size(900, 900), "dark", 'theme "dark"'),
    ],
)
def test_pages_that_cannot_be_are_refused(size: Size, theme: PictureTheme, message: str) -> None:
    with pytest.raises(GeoError, match=message):
        make_picture(small_briefing(), size, theme)


def test_a_briefing_without_routes_is_a_map_of_the_places() -> None:
    made = Material(small.STORY, small.FLIGHTS, no_edges, DATE)
    drawing = make_picture(brief(made, []), SIZES["16:9"], "light")
    check_labels(drawing)
    assert said(drawing, "finding") == ""


def test_text_is_measured_shortened_and_broken() -> None:
    assert text_width("AV", 100) < text_width("A", 100) + text_width("V", 100)
    assert text_width("ab", 100, spacing=10) == pytest.approx(text_width("ab", 100) + 20)
    short = fitted("a long name of a place", 20, 100)
    assert short.endswith("…")
    assert text_width(short, 20) <= 100
    lines = wrapped("one two three " + "x" * 50, 20, 120)
    assert all(text_width(line, 20) <= 120 for line in lines)
    assert "".join("".join(lines).split()) == "onetwothree" + "x" * 50
    assert plain("a\x00b\ud800c") == "a b c"


@pytest.mark.parametrize(
    ("numbers", "words"),
    [((), ""), ((3,), "3"), ((1, 2), "1, 2"), ((1, 2, 3, 5), "1–3, 5"), ((2, 4, 5, 6), "2, 4–6")],
)
def test_numbers_are_drawn_together(numbers: tuple[int, ...], words: str) -> None:
    assert numbers_words(numbers) == words


def test_the_presets_are_those_of_the_story() -> None:
    named: Mapping[str, object] = PRESETS
    assert list(named) == ["The journey home", "Why not straight", "3,000 miles?", "By day"]


def test_a_size_is_read_by_name_or_as_width_and_height() -> None:
    assert read_size("A4 portrait") == SIZES["A4 portrait"]
    assert read_size(" 1600 × 900 ") == read_size("1600x900") == Size(1600, 900)


@pytest.mark.parametrize("text", ["", "1600", "319x400", "400x8001", "320x1281", "-1x5", "1e3x900"])
def test_a_size_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(GeoError):
        read_size(text)


@pytest.mark.parametrize("text", ["320x320", "8000x2000", "320x1280", "1000x1001"])
@pytest.mark.parametrize("preset", PRESETS)
def test_labels_keep_clear_at_any_size(preset: str, text: str) -> None:
    drawing = make_picture(PRESETS[preset](material()), read_size(text), "light")
    check_page(drawing)
    check_labels(drawing)
