import io
import random
from functools import cache

import numpy as np
import pytest
import shapely
from PIL import Image
from pyproj import Geod, Transformer

from geo.circles import range_ring
from geo.layers import Layer, Volume
from geo.model import FloatArray, Place
from geo.ranges import LOW, RangeRing
from geo.render.picture.briefing import GEOMETRY, SECRECY, Briefing
from geo.render.picture.chart import content
from geo.render.picture.drawing import Drawing, Shape, each_item
from geo.render.picture.layout import SIZES, make_picture
from geo.render.picture.look import LOOKS, PictureTheme
from geo.render.picture.pdf import write_pdf
from geo.render.picture.png import write_png
from geo.render.picture.presets import PRESETS
from geo.render.picture.projection import choose_projection
from geo.render.picture.svg import write_svg
from geo.render.picture.symbols import draw_symbol
from tests import shipped
from tests.picture_views import DATE, HELSINKI_TOKYO, TYPED, make_view, su24_rings
from tests.test_picture import (
    THEMES,
    bounds,
    check_labels,
    check_page,
    said,
    shapes,
    slide,
    texts,
)

GEOD = Geod(ellps="WGS84")
EVERY = ("RUS", "CHN", "USA", "CAN", "KAZ", "IRN", "TUR", "UKR", "DEU", "FRA", "GBR", "BRA")
SMALL_TYPE = {"sources", "credit", "cited"}


@cache
def closed_view(theme: PictureTheme = "light") -> Briefing:
    return make_view(HELSINKI_TOKYO, closed=("RUS",), theme="dark" if theme == "dark" else "light")


@cache
def closed_slide(theme: PictureTheme = "light") -> Drawing:
    return make_picture(closed_view(theme), SIZES["16:9"], theme)


def on_page(drawing: Drawing, briefing: Briefing, lonlat: FloatArray) -> FloatArray:
    """Bring places to the page, by two symbols that are on it."""
    definition = choose_projection(content(briefing)).definition
    project = Transformer.from_crs("EPSG:4326", definition, always_xy=True)
    places = [briefing.story.places[id] for id in ("EFHK", "RJAA")]
    known = np.array([project.transform(place.lon, place.lat) for place in places])
    seen = [bounds(shapes(drawing, f"mark-{place.id}")[0]).middle for place in places]
    scale = np.linalg.norm(np.subtract(seen[0], seen[1])) / np.linalg.norm(known[1] - known[0])
    xy = np.column_stack(project.transform(*lonlat.T))
    found: FloatArray = (xy - known[0]) * [scale, -scale] + np.array(seen[0])
    return found


@pytest.mark.parametrize("paths", TYPED)
def test_typed_routes_are_told_as_geometry_and_held_against_no_claim(paths: str) -> None:
    briefing = make_view(paths)
    drawing = make_picture(briefing, SIZES["16:9"], "light")
    check_labels(drawing)
    note = said(drawing, "note")
    assert f"Typed {GEOMETRY}" in note
    assert SECRECY not in note
    words = " ".join(text.text for text in texts(drawing))
    assert "claim" not in words
    assert "3,000" not in said(drawing, "head")
    assert "Hmeymim" not in words
    assert briefing.strip.claim is None
    assert all(shapes(drawing, f"route-{row.flight.plan.id}") for row in briefing.rows)
    ends = {place for row in briefing.rows for place in row.flight.plan.places}
    assert all(shapes(drawing, f"mark-{place}") for place in ends)


def test_beside_the_story_typed_routes_take_no_part_in_the_claim() -> None:
    briefing = make_view("EFHK-EVRA", told=True)
    drawing = make_picture(briefing, SIZES["A4 portrait"], "light")
    assert f"{SECRECY} Typed {GEOMETRY}" in said(drawing, "note")
    assert briefing.finding.startswith("None of the 6 routes of the story shown is longer than")
    assert briefing.title == briefing.story.title
    figures = [text.text for text in texts(drawing) if text.id == "figure"]
    beyond = figures[2::3]
    assert beyond.count("–") == 1
    assert figures[beyond.index("–") * 3] == "238"


def test_a_title_names_a_few_routes_and_counts_the_rest() -> None:
    assert make_view("EFHK-EVRA").title == "Helsinki Vantaa Airport to Riga International Airport"
    title = make_view("EFHK-EVRA, EVRA-EFHK, EFHK-EVRA, EFHK-EGLL, EFHK-KJFK").title
    assert title.startswith("Helsinki Vantaa Airport to Riga International Airport; Riga ")
    assert title.endswith(" and 2 more")


@pytest.mark.parametrize("theme", THEMES)
def test_closed_states_are_hatched_and_nothing_else_is(theme: PictureTheme) -> None:
    drawing = closed_slide(theme)
    look = LOOKS[theme]
    map_hatch, swatch = shapes(drawing, "hatch")
    assert {map_hatch.stroke, swatch.stroke} == {look.hatch}
    assert "Closed to the shortest open way" in said(drawing, "legend")
    inland = {"Krasnoyarsk": (92.9, 60.0), "Yakutia": (125.0, 63.0)}
    elsewhere = {"Mongolia": (103.5, 46.5), "Kazakhstan": (68.0, 48.0), "Arctic": (60.0, 85.0)}
    at = on_page(drawing, closed_view(theme), np.array([*inland.values(), *elsewhere.values()]))
    lines = shapely.union_all([shapely.LineString(part) for part in map_hatch.parts])
    off = np.array([lines.distance(shapely.Point(each)) for each in at])
    assert off[:2].max() < 8
    assert off[2:].min() > 12


def test_the_hatch_is_in_every_format() -> None:
    drawing = closed_slide()
    assert write_svg(drawing).count('class="hatch"') == 2
    pixels = np.asarray(Image.open(io.BytesIO(write_png(drawing))).convert("RGB"))
    wanted = [int(LOOKS["light"].hatch[i : i + 2], 16) for i in (1, 3, 5)]
    assert (np.abs(pixels.astype(int) - wanted).max(axis=2) < 12).sum() > 3000
    assert len(write_pdf(drawing, DATE)) > len(
        write_pdf(make_picture(make_view(HELSINKI_TOKYO), SIZES["16:9"], "light"), DATE)
    )


def test_nothing_is_hatched_where_nothing_is_closed() -> None:
    drawing = make_picture(make_view(HELSINKI_TOKYO), SIZES["16:9"], "light")
    assert shapes(drawing, "hatch") == []


@pytest.mark.parametrize("theme", THEMES)
def test_range_rings_are_lines_of_the_legend_and_lie_at_their_distance(
    theme: PictureTheme,
) -> None:
    middle = Place("h", "Helsinki", 24.9633, 60.3172)
    ring = RangeRing("Reach", "Reach", middle, 3_000_000, "A type", LOW)
    view = make_view(HELSINKI_TOKYO, rings=[ring], theme="dark" if theme == "dark" else "light")
    drawing = make_picture(view, SIZES["16:9"], theme)
    check_labels(drawing)
    (drawn,) = shapes(drawing, "ring")
    assert not drawn.fill
    assert not drawn.closed
    assert drawn.dash
    assert "Reach" in said(drawing, "legend")
    at = on_page(drawing, view, range_ring(middle, 3_000_000))
    away = [shapely.LineString(part) for part in drawn.parts]
    frame = bounds(shapes(drawing, "frame")[0]).grown(-20)
    inside = [p for p in at if frame.left < p[0] < frame.right and frame.top < p[1] < frame.bottom]
    assert len(inside) > 20
    off = shapely.distance(shapely.union_all(away), shapely.points(np.array(inside)))
    assert off.max() < 1.5
    samples = [s for s in each_item(drawing.items) if isinstance(s, Shape) and len(s.dash) == 2]
    assert drawn.stroke in {shape.stroke for shape in samples if shape is not drawn}


def test_rings_are_shown_whole_and_alone_too() -> None:
    for view in (make_view(rings=su24_rings()), make_view(told=True, rings=su24_rings())):
        drawing = make_picture(view, SIZES["16:9"], "light")
        check_labels(drawing)
        frame = bounds(shapes(drawing, "frame")[0])
        assert len(shapes(drawing, "ring")) == 2
        assert all(frame.holds(bounds(ring)) for ring in shapes(drawing, "ring"))


def test_a_ring_that_is_far_wider_than_the_routes_does_not_shrink_them() -> None:
    wide = RangeRing("Wide", "Wide", shipped.HMEYMIM, 9_000_000)
    with_ring = content(make_view(told=True, rings=[wide]))
    assert len(with_ring) == len(content(make_view(told=True)))


@pytest.mark.parametrize("theme", THEMES)
def test_an_opened_layer_is_outlined(theme: PictureTheme) -> None:
    areas = (shapely.box(50, 50, 60, 55), shapely.box(100, 60, 110, 65))
    volumes = tuple(Volume(n, "", f"Area {n}", "", "", "", area) for n, area in enumerate(areas))
    view = make_view(
        HELSINKI_TOKYO,
        layer=Layer("closed.geojson", volumes, ()),
        theme="dark" if theme == "dark" else "light",
    )
    drawing = make_picture(view, SIZES["16:9"], theme)
    outlines = shapes(drawing, "area")
    assert [outline.alt for outline in outlines] == ["Area 0", "Area 1"]
    assert all(outline.dash and not outline.fill for outline in outlines)
    if theme == "print":
        colour = outlines[0].stroke
        assert colour[1:3] == colour[3:5] == colour[5:7]
    corner = on_page(drawing, view, np.array([(50.0, 50.0)]))
    line = shapely.LineString(outlines[0].parts[0])
    assert shapely.distance(line, shapely.Point(corner[0])) < 1.5


def test_each_symbol_has_a_form_of_its_own() -> None:
    kinds = ("departure", "kept", "landing", "inferred", "home", "staging", "other", "unnamed")
    forms = {
        tuple((shape.parts, shape.fill) for shape in draw_symbol(kind, (0, 0), 1, LOOKS["light"]))
        for kind in kinds
    }
    assert len(forms) == len(kinds)


@pytest.mark.parametrize("preset", PRESETS)
def test_all_but_credit_lines_can_be_read_from_the_back_of_a_room(preset: str) -> None:
    drawing = slide(preset)
    assert {text.id for text in texts(drawing)} >= SMALL_TYPE
    small = [t for t in texts(drawing) if t.size < 20 - 1e-9 and t.id not in SMALL_TYPE]
    assert [text.text for text in small] == []


def test_what_there_is_no_room_for_is_counted() -> None:
    paths = ", ".join(f"EFHK-{code}" for code in ("EVRA", "EGLL", "KJFK", "RJAA", "FAOR", "SBGR"))
    more = ", ".join(f"EGLL-{code}" for code in ("EVRA", "EDDF", "KJFK", "RJAA", "FAOR", "SBGR"))
    rest = ", ".join(f"EDDF-{code}" for code in ("EVRA", "EFHK", "KJFK", "RJAA", "FAOR", "SBGR"))
    view = make_view(f"{paths}, {more}, {rest}")
    drawing = make_picture(view, SIZES["16:9"], "light")
    check_labels(drawing)
    shown = len([text for text in texts(drawing) if text.id == "figure"]) // 2
    assert 4 < shown < 18
    assert said(drawing, "listed") == f"The {shown} longest of 18 routes."
    lengths = sorted((row.length_m for row in view.rows), reverse=True)
    first = max(float(t.text.replace(",", "")) for t in texts(drawing) if t.id == "figure")
    assert first == pytest.approx(lengths[0] / 1609.344, abs=1)


def test_where_one_route_a_place_is_listed_that_is_said() -> None:
    starts = ("EFHK", "EGLL", "EDDF")
    ends = ("EVRA", "KJFK", "RJAA", "FAOR", "SBGR", "YSSY")
    paths = [f"{start}-{by}{end}" for start in starts for end in ends for by in ("", "LOWW-")]
    view = make_view(", ".join(paths))
    drawing = make_picture(view, SIZES["16:9"], "light")
    listed = [float(t.text.replace(",", "")) for t in texts(drawing) if t.id == "figure"][::2]
    assert said(drawing, "listed") == f"The {len(listed)} longest of 36 routes, one to each place."
    longest: dict[tuple[str, str], float] = {}
    for row in view.rows:
        ends_of = row.flight.plan.places[0], row.flight.plan.destination
        longest[ends_of] = max(longest.get(ends_of, 0), row.length_m)
    expected = sorted(longest.values(), reverse=True)[: len(listed)]
    assert sorted(listed, reverse=True) == pytest.approx([m / 1609.344 for m in expected], abs=1)


def random_views() -> list[tuple[str, str, bool, PictureTheme]]:
    """Choose ends all over the globe, and pages for them; the same ones every time."""
    chance = random.Random(6)  # noqa: S311 - no secrets
    views: list[tuple[str, str, bool, PictureTheme]] = []
    for number in range(10):
        points = []
        for _ in range(chance.choice((2, 2, 3))):
            lat = chance.uniform(-88, 88)
            lon = chance.uniform(-180, 180)
            points.append(
                f"{abs(lat):.3f}{'N' if lat >= 0 else 'S'} {abs(lon):.3f}{'E' if lon >= 0 else 'W'}"
            )
        size = list(SIZES)[number % len(SIZES)]
        views.append(("-".join(points), size, number % 3 == 0, chance.choice(THEMES)))
    return views


@pytest.mark.parametrize(("paths", "size", "told", "theme"), random_views())
def test_labels_keep_clear_in_any_view(
    paths: str, size: str, told: bool, theme: PictureTheme
) -> None:
    view = make_view(
        paths, told=told, closed=EVERY, theme="dark" if theme == "dark" else "light",
        rings=su24_rings() if told else (),
    )  # fmt: skip
    drawing = make_picture(view, SIZES[size], theme)
    check_labels(drawing)
    check_page(drawing)
    assert len(write_png(drawing, 0.3)) > 3000


def test_everything_closed_is_drawn_too() -> None:
    codes = sorted({code for face in shipped.airspace().faces for code in face.claims})
    drawing = make_picture(make_view("EGLL-YSSY", closed=codes), SIZES["4:3"], "light")
    check_labels(drawing)
    assert shapes(drawing, "hatch")


def test_the_same_view_gives_the_same_bytes() -> None:
    first, second = (
        make_picture(make_view("EFHK-PANC", closed=("RUS",)), SIZES["square"], "light")
        for _ in range(2)
    )
    assert write_png(first, 0.5) == write_png(second, 0.5)
    assert write_svg(first) == write_svg(second)
    assert write_pdf(first, DATE) == write_pdf(second, DATE)


def test_a_claim_left_of_its_words_does_not_push_them_off_the_page() -> None:
    view = make_view("SCEL-EFHK-YSSY", told=True)
    drawing = make_picture(view, SIZES["16:9"], "light")
    assert view.strip.claim is not None
    assert view.strip.claim[0] < 0.3
    check_page(drawing)
    (words,) = [text for text in texts(drawing) if text.id == "claim"]
    assert words.x > bounds(shapes(drawing, "frame")[0]).right
