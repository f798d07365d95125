"""Write what is shown as tables for spreadsheets: CSV (RFC 4180)."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from geo.compare import Row
from geo.jsonform import metres
from geo.model import Crossing
from geo.render.cards import CERTAINTY_WORDS, source_lines
from geo.render.pack.contents import Pack
from geo.render.pack.data_files import maybe_metres, survey_id
from geo.render.pack.lines import DECIMALS, all_stretches, draw_lines
from geo.render.picture.fonts import plain
from geo.schema import Story
from geo.typed import AS_IN_FILE
from geo.units import Unit, in_unit

# A spreadsheet runs a text that begins so, whatever unseen stands before it.
_FORMULA = frozenset("=+-@＝＋－＠")
_UNSEEN = {"Cf", "Zs"}
Cell = str | int | float | None


def write_routes_csv(pack: Pack) -> bytes:
    """Write a line for each route, with its lengths in metres and in the reader's unit."""
    story, unit = pack.first.story, pack.first.unit
    heads = (
        "route", "name", "from", "to", "way", "landing", "date", "aircraft", "length_m",
        f"length_{unit.symbol}", "direct_m", "times_direct", "beyond_claim_m", "airspaces",
        "sources", "credit",
    )  # fmt: skip
    credit = pack.first.scene.credit
    single = (_route_cells(story, row, unit) for row in pack.rows)
    rows = chain(single, _many_routes(pack))
    return _csv(heads, ((*cells, credit) for cells in rows))


def _route_cells(story: Story, row: Row, unit: Unit) -> Iterator[Cell]:
    plan = row.flight.plan
    places = row.flight.route.places
    yield from (plan.id, plan.name, places[0].name, places[-1].name, story.ways[plan.way].name)
    yield CERTAINTY_WORDS[plan.certainty]
    yield plan.date.isoformat() if plan.date else None
    yield ", ".join(plan.aircraft)
    yield from _length_cells(row.length_m, row.direct_m, unit)
    yield maybe_metres(row.beyond_claim_m)
    yield ", ".join(row.airspaces)
    yield "; ".join(source_lines(story, plan.sources))


def _many_routes(pack: Pack) -> Iterator[Sequence[Cell]]:
    """List the routes of files that hold many, of which no report tells."""
    for file, (name, found) in enumerate(pack.first.surveys, 1):
        for number, route in enumerate(found.names):
            lengths = float(found.length_m[number]), float(found.direct_m[number])
            yield (
                survey_id(file, number), route, *found.ends[number], AS_IN_FILE,
                CERTAINTY_WORDS["geometric"], None, "", *_length_cells(*lengths, pack.first.unit),
                None, ", ".join(found.airspaces[number]), f"The opened file {name}",
            )  # fmt: skip


def _length_cells(length_m: float, direct_m: float, unit: Unit) -> Iterator[Cell]:
    yield from (metres(length_m), round(in_unit(length_m, unit), 3), metres(direct_m))
    yield round(length_m / direct_m, 4) if direct_m else None


def write_crossings_csv(pack: Pack) -> bytes:
    """Write a line for each stretch of a route in one airspace."""
    unit = pack.first.unit
    heads = (
        "route", "name", "to", "way", "number", "airspace", "claims", "kind", "start_m", "end_m",
        "length_m", f"length_{unit.symbol}", "land_m", "margin_m", "entry_lon", "entry_lat",
        "exit_lon", "exit_lat", "credit",
    )  # fmt: skip
    credit = pack.first.scene.credit
    rows = chain(_single_stretches(pack), _many_stretches(pack))
    return _csv(heads, ((*cells, credit) for cells in rows))


def _single_stretches(pack: Pack) -> Iterator[Sequence[Cell]]:
    story = pack.first.story
    for row, stretch in all_stretches(draw_lines(pack)):
        plan, to = row.flight.plan, row.flight.route.places[-1].name
        cells = _stretch_cells(stretch.crossing, stretch.margin_m, pack.first.unit)
        yield plan.id, plan.name, to, story.ways[plan.way].name, stretch.number, *cells


def _many_stretches(pack: Pack) -> Iterator[Sequence[Cell]]:
    for file, (_, found) in enumerate(pack.first.surveys, 1):
        for number, crossings in enumerate(found.crossings()):
            _, to = found.ends[number]
            route = survey_id(file, number), found.names[number], to, AS_IN_FILE
            for place, crossing in enumerate(crossings, 1):
                yield *route, place, *_stretch_cells(crossing, None, pack.first.unit)


def _stretch_cells(crossing: Crossing, margin_m: float | None, unit: Unit) -> Iterator[Cell]:
    yield from (crossing.name, " ".join(crossing.claims), crossing.kind)
    yield from (metres(crossing.start_m), metres(crossing.end_m), metres(crossing.length_m))
    yield round(in_unit(crossing.length_m, unit), 3)
    yield from (maybe_metres(crossing.land_m), maybe_metres(margin_m))
    yield from (round(degrees, DECIMALS) + 0.0 for degrees in (*crossing.entry, *crossing.exit))


def _csv(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Write a table, with the mark by which spreadsheets know that it is UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([_inert(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _inert(cell: Cell) -> Cell:
    """Put an apostrophe before a text that a spreadsheet would run; a number is left a number."""
    if not isinstance(cell, str):
        return cell
    text = plain(cell)
    first = next((letter for letter in text if unicodedata.category(letter) not in _UNSEEN), "")
    return f"'{text}" if first in _FORMULA else text


def write_rings_csv(pack: Pack) -> bytes:
    """Write a line for each range ring, with its middle and its radius."""
    story, unit = pack.first.story, pack.first.unit
    heads = ("ring", "place", "lon", "lat", "radius_m", f"radius_{unit.symbol}", "aircraft",
             "sources", "credit")  # fmt: skip
    rows = [
        (
            ring.name, ring.place.name, round(ring.place.lon, DECIMALS),
            round(ring.place.lat, DECIMALS), metres(ring.radius_m),
            round(in_unit(ring.radius_m, unit), 3), ring.aircraft or None,
            "; ".join(source_lines(story, ring.sources)), pack.first.scene.credit,
        )
        for ring in pack.rings
    ]  # fmt: skip
    return _csv(heads, rows)
