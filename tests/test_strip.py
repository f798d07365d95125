from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from geo.compare import Row, compare
from geo.edge import Edges
from geo.model import Crossing, Kind
from geo.render.scene import shown_tints
from geo.render.strip import Strip, make_strip, strip_html
from geo.schema import Story
from geo.units import KILOMETRES, STATUTE_MILES, UNITS, Unit, format_length, in_unit
from tests.data.small import CLAIMED_M, FLIGHTS, ROWS, STORY, rows_of

TINTS = shown_tints(FLIGHTS, FLIGHTS, "light")
FIRM = {flight.plan.id: Edges((None,) * len(flight.crossings), ()) for flight in FLIGHTS}
LONGEST_M = max(row.length_m for row in ROWS)


def strip_of(
    rows: tuple[Row, ...] = ROWS, *, story: Story = STORY, unit: Unit = KILOMETRES
) -> Strip:
    return make_strip(story, rows, TINTS, FIRM, unit)


def unclaimed() -> Story:
    return STORY.model_copy(update={"claim": None})


class Page(HTMLParser):
    """Read a piece of HTML: its elements with their attributes, its text, and that it's closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def of_class(self, name: str) -> list[dict[str, str]]:
        return [attrs for _, attrs in self.elements if name in attrs.get("class", "").split()]


def per_cent(style: str, name: str) -> float:
    return float(style.split(f"{name}:")[1].split("%")[0])


def test_segments_tile_each_row_to_scale() -> None:
    strip = strip_of()
    assert len(strip.rows) == len(ROWS)
    (claim, _) = strip.claim or (0.0, "")
    for drawn, row in zip(strip.rows, ROWS, strict=True):
        segments = drawn.segments
        assert segments[0].start == 0
        assert all(one.end == other.start for one, other in pairwise(segments))
        # One scale for all: shares are to the claim's share as metres are to the claimed metres.
        for segment, crossing in zip(segments, row.flight.crossings, strict=True):
            width = (segment.end - segment.start) / claim
            assert width == pytest.approx(crossing.length_m / CLAIMED_M, rel=1e-9)
        assert segments[-1].end / claim == pytest.approx(row.length_m / CLAIMED_M, rel=1e-9)


def test_the_scale_is_the_same_in_every_unit() -> None:
    shares = [
        [
            (segment.start, segment.end)
            for row in strip_of(unit=unit).rows
            for segment in row.segments
        ]
        for unit in UNITS.values()
    ]
    assert shares[0] == shares[1] == shares[2]


@pytest.mark.parametrize("rows", [ROWS, rows_of("spot-direct"), ()])
def test_the_scale_has_room_for_the_claim_and_the_longest_row(rows: tuple[Row, ...]) -> None:
    strip = strip_of(rows)
    ends = [row.segments[-1].end for row in strip.rows]
    assert strip.claim is not None
    # Room for all and none beyond: the longest fills the scale to its end.
    assert max([strip.claim[0], *ends]) == 1


@pytest.mark.parametrize("unit", UNITS.values(), ids=str)
def test_a_line_stands_at_the_claimed_distance(unit: Unit) -> None:
    claim = strip_of(unit=unit).claim
    assert claim is not None
    assert claim[0] == pytest.approx(CLAIMED_M / LONGEST_M, rel=1e-9)
    assert claim[1] == format_length(CLAIMED_M, unit)


def test_without_a_claim_there_is_no_line() -> None:
    strip = strip_of(compare(FLIGHTS, None), story=unclaimed())
    assert strip.claim is None
    assert not Page(strip_html(strip)).of_class("strip-claim")
    assert strip_of((), story=unclaimed()).rows == ()


@pytest.mark.parametrize("unit", UNITS.values(), ids=str)
@pytest.mark.parametrize("rows", [ROWS, rows_of("spot-direct")])
def test_ticks_are_round_and_stand_where_they_say(rows: tuple[Row, ...], unit: Unit) -> None:
    strip = strip_of(rows, unit=unit)
    assert 4 <= len(strip.ticks) <= 9
    assert strip.ticks[0] == (0.0, f"0 {unit.symbol}")
    span = in_unit(rows[0].length_m, unit) / strip.rows[0].segments[-1].end
    amounts = [float(text.replace(",", "")) for _, text in strip.ticks[1:]]
    for (share, _), amount in zip(strip.ticks[1:], amounts, strict=True):
        assert share <= 1
        assert share * span == pytest.approx(amount, rel=1e-9)
    assert amounts[0] / 10 ** (len(f"{amounts[0]:.0f}") - 1) in (1, 2, 5)


def test_rows_are_named_by_destination_way_and_length() -> None:
    assert [(row.to, row.way, row.length) for row in strip_of().rows] == [
        ("North", "Direct", "2,453 km"),
        ("North", "As told", "3,054 km"),
        ("Spot", "Direct", "2,824 km"),
        ("Far", "Direct", "3,900 km"),
    ]


def test_segments_have_the_colours_of_the_map_and_mark_what_is_disputed() -> None:
    crossings = [crossing for row in ROWS for crossing in row.flight.crossings]
    segments = [segment for row in strip_of().rows for segment in row.segments]
    assert [segment.tint for segment in segments] == [TINTS[c.claims] for c in crossings]
    assert [segment.disputed for segment in segments] == [c.kind == "disputed" for c in crossings]


def test_a_segment_tells_its_airspace_and_its_length() -> None:
    far = strip_of(unit=STATUTE_MILES).rows[3]
    # 3 900 116 m and 1 104 968 m by GeographicLib 2.1 and the box's border at 30 degrees east.
    assert far.segments[-1].title == "waters of no state: 687 mi, from 1,737 to 2,423 mi"
    assert far.segments[0].title.startswith("Aland: 350 mi, from 0 to 350 mi")


def test_a_label_is_the_longest_name_that_fits() -> None:
    spot, far = strip_of().rows[2:]
    assert [segment.label for segment in far.segments] == [
        "Aland", "Beeland (Aland)", "claimed by Aland and Ceeland", "sea",
    ]  # fmt: skip
    assert [segment.code for segment in far.segments] == ["AAA", "AAA/BBB", "AAA/CCC", ""]
    assert [segment.label for segment in spot.segments] == ["Aland", "sea"]
    for times, labels in (5, ["AAA", "AAA/BBB", "AAA/CCC", "sea"]), (50, ["", "", "", ""]):
        claim = STORY.claim and STORY.claim.model_copy(update={"distance_m": times * CLAIMED_M})
        small = strip_of(story=STORY.model_copy(update={"claim": claim})).rows[3]
        assert [segment.label for segment in small.segments] == labels


def flown_over(crossing: Crossing) -> tuple[Row, ...]:
    """Give the one row of a flight with one crossing."""
    (row,) = rows_of("north-direct")
    flight = replace(row.flight, crossings=(crossing,))
    return (replace(row, flight=flight, length_m=crossing.end_m),)


def crossing_of(claims: tuple[str, ...], name: str, land_m: float | None = None) -> Crossing:
    kind: Kind = "national" if claims == ("AAA",) else "international"
    return Crossing(claims, name, kind, 0.0, 2_000_000.0, (0.0, 0.0), (9.0, 9.0), land_m)


def test_only_the_waters_of_no_state_are_called_sea() -> None:
    tints = {**TINTS, ("ATA",): "#ffffff"}
    for crossing, label in (
        (crossing_of((), "waters of no state"), "sea"),
        (crossing_of((), "land of no state"), "land of no state"),
        (crossing_of(("ATA",), "Antarctica"), "Antarctica"),
    ):
        (row,) = make_strip(STORY, flown_over(crossing), tints, FIRM_ONE, KILOMETRES).rows
        assert [segment.label for segment in row.segments] == [label]


FIRM_ONE = {"north-direct": Edges((None,), ())}


@pytest.mark.parametrize(
    ("land_m", "words"),
    [
        (None, ""),
        (2_000_000.0, "; all over land"),
        (1_999_950.0, "; all over land"),
        (0.0, "; all over sea"),
        (99.0, "; all over sea"),
        (500_000.0, "; 500 km over land, 1,500 km over sea"),
    ],
)
def test_a_segment_tells_land_from_sea(land_m: float | None, words: str) -> None:
    rows = flown_over(crossing_of(("AAA",), "Aland", land_m))
    (row,) = make_strip(STORY, rows, TINTS, FIRM_ONE, KILOMETRES).rows
    assert row.segments[0].title == f"Aland: 2,000 km, from 0 to 2,000 km{words}"
    waters = flown_over(crossing_of((), "waters of no state", land_m))
    (row,) = make_strip(STORY, waters, TINTS, FIRM_ONE, KILOMETRES).rows
    assert row.segments[0].title == "waters of no state: 2,000 km, from 0 to 2,000 km"


def test_a_segment_on_the_knifes_edge_is_marked_and_says_so() -> None:
    rows = flown_over(crossing_of(("AAA",), "Aland"))
    for margin_m, marked, words in (
        (4_000.0, True, "; gone if the line shifts by 4.0 km"),
        (5_000.0, False, "; gone if the line shifts by 5.0 km"),
        (None, False, ""),
    ):
        edges = {"north-direct": Edges((margin_m,), ())}
        strip = make_strip(STORY, rows, TINTS, edges, KILOMETRES)
        (segment,) = strip.rows[0].segments
        assert segment.knife_edge == marked
        assert segment.title == f"Aland: 2,000 km, from 0 to 2,000 km{words}"
        assert len(Page(strip_html(strip)).of_class("knife-edge")) == marked


def test_the_html_draws_what_the_strip_says() -> None:
    strip = strip_of()
    page = Page(strip_html(strip))
    segments = [segment for row in strip.rows for segment in row.segments]
    parts = page.of_class("strip-part")
    assert len(parts) == len(segments)
    for part, segment in zip(parts, segments, strict=True):
        assert per_cent(part["style"], "left") == pytest.approx(100 * segment.start, abs=1e-3)
        width = 100 * (segment.end - segment.start)
        assert per_cent(part["style"], "width") == pytest.approx(width, abs=1e-3)
        assert segment.tint in part["style"]
        assert part["title"] == segment.title
        assert ("disputed" in part["class"]) == segment.disputed
    assert strip.claim is not None
    (claim,) = page.of_class("strip-claim")
    assert per_cent(claim["style"], "left") == pytest.approx(100 * strip.claim[0], abs=1e-3)
    assert len(page.of_class("strip-tick")) == len(strip.ticks)


@pytest.mark.parametrize(
    "text", ["<img src=x onerror=alert(1)>", "</div><script>", '" onmouseover="alert(1)', "a & b's"]
)
def test_hostile_names_stay_text(text: str) -> None:
    ways = {id: way.model_copy(update={"name": text}) for id, way in STORY.ways.items()}
    places = {id: field.model_copy(update={"name": text}) for id, field in STORY.places.items()}
    page = Page(
        strip_html(strip_of(story=STORY.model_copy(update={"ways": ways, "places": places})))
    )
    plain = Page(strip_html(strip_of()))
    assert [tag for tag, _ in page.elements] == [tag for tag, _ in plain.elements]
    assert [set(attrs) for _, attrs in page.elements] == [set(attrs) for _, attrs in plain.elements]
    assert page.texts.count(text) == 2 * len(ROWS)
