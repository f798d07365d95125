"""Write what is shown as data: GeoJSON (RFC 7946) for maps, CSV (RFC 4180) for spreadsheets."""

import csv
import io
import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence

import shapely
import shapely.geometry

from geo.compare import Row
from geo.jsonform import JsonObject, metres
from geo.layers import Volume
from geo.ranges import RangeRing
from geo.render.cards import CERTAINTY_WORDS, ROLE_WORDS, source_lines
from geo.render.pack.contents import Pack
from geo.render.pack.lines import (
    DECIMALS,
    Drawn,
    Line,
    Stretch,
    all_stretches,
    cut,
    draw_lines,
    ring_lines,
)
from geo.render.picture.fonts import plain
from geo.schema import Airfield, Source, Story
from geo.units import Unit, in_unit

LICENCE_URL = "https://opendatacommons.org/licenses/odbl/1-0/"
# A spreadsheet runs a text that begins so, whatever unseen stands before it.
_FORMULA = frozenset("=+-@＝＋－＠")
_UNSEEN = {"Cf", "Zs"}
Cell = str | int | float | None


def write_geojson(pack: Pack) -> bytes:
    """Write what is shown and, for each stretch of a route, whose airspace it is.

    That is places, routes, range rings, and the areas and the many routes of opened files.
    """
    story = pack.first.story
    drawn = draw_lines(pack)
    features = [_place_feature(story, field) for field in shown_places(pack)]
    features += [_route_feature(story, each) for each in drawn]
    features += [_crossing_feature(story, row, stretch) for row, stretch in all_stretches(drawn)]
    features += [_ring_feature(story, n, ring) for n, ring in enumerate(pack.rings, 1)]
    features += [_area_feature(n, volume) for n, volume in enumerate(pack.volumes, 1)]
    features += list(_survey_features(pack))
    form = {"type": "FeatureCollection", "corridor": _about(pack), "features": features}
    return (json.dumps(form, ensure_ascii=False, allow_nan=False) + "\n").encode(errors="replace")


def shown_places(pack: Pack) -> Iterator[Airfield]:
    """List the places on the maps, each once."""
    story = pack.first.story
    ids = dict.fromkeys(mark.id for told in pack.briefings for mark in told.scene.marks)
    return (story.places[id] for id in ids)


def _about(pack: Pack) -> JsonObject:
    told = pack.first
    return {
        "title": told.title,
        "subtitle": told.subtitle,
        "notes": [*told.notes, *told.ring_words],
        "credit": told.scene.credit,
        "licence": LICENCE_URL,
        "made": told.date.isoformat(),
        "link": pack.link,
        "versions": dict(pack.versions),
        "sources": [_source_form(source) for source in pack.sources],
    }


def _source_form(source: Source) -> JsonObject:
    form = source.model_dump(mode="json", exclude_none=True)
    return dict(form)


def _place_feature(story: Story, field: Airfield) -> JsonObject:
    properties = {
        "feature": "place",
        "name": field.name,
        "name_local": field.name_local,
        "role": ROLE_WORDS.get(field.role, field.role),
        "icao": field.icao,
        "iata": field.iata,
        "grade": field.grade,
        "reported": field.reported,
        "sources": list(source_lines(story, field.sources)),
    }
    geometry = {"type": "Point", "coordinates": [field.lon, field.lat]}
    return _feature(f"place:{field.id}", geometry, properties)


def _route_feature(story: Story, drawn: Drawn) -> JsonObject:
    row = drawn.row
    plan = row.flight.plan
    properties = {
        "feature": "route",
        "name": plan.name,
        "from": row.flight.route.places[0].name,
        "to": row.flight.route.places[-1].name,
        "way": story.ways[plan.way].name,
        "landing": CERTAINTY_WORDS[plan.certainty],
        "date": plan.date.isoformat() if plan.date else None,
        "aircraft": list(plan.aircraft),
        "length_m": metres(row.length_m),
        "direct_m": metres(row.direct_m),
        "beyond_claim_m": _metres(row.beyond_claim_m),
        "airspaces": list(row.airspaces),
        "sources": list(source_lines(story, plan.sources)),
    }
    return _feature(f"route:{plan.id}", _geometry(drawn.lines), properties)


def _crossing_feature(story: Story, row: Row, stretch: Stretch) -> JsonObject:
    plan, crossing = row.flight.plan, stretch.crossing
    properties = {
        "feature": "crossing",
        "route": plan.id,
        "number": stretch.number,
        "name": crossing.name,
        "claims": list(crossing.claims),
        "kind": crossing.kind,
        "start_m": metres(crossing.start_m),
        "end_m": metres(crossing.end_m),
        "length_m": metres(crossing.length_m),
        "land_m": _metres(crossing.land_m),
        "margin_m": _metres(stretch.margin_m),
        "sources": list(source_lines(story, plan.sources)),
    }
    return _feature(f"crossing:{plan.id}:{stretch.number}", _geometry(stretch.lines), properties)


def _ring_feature(story: Story, number: int, ring: RangeRing) -> JsonObject:
    properties = {
        "feature": "ring",
        "name": ring.name,
        "place": ring.place.name,
        "lon": ring.place.lon,
        "lat": ring.place.lat,
        "radius_m": metres(ring.radius_m),
        "aircraft": ring.aircraft or None,
        "sources": list(source_lines(story, ring.sources)),
    }
    return _feature(f"ring:{number}", _geometry(ring_lines(ring)), properties)


def _area_feature(number: int, volume: Volume) -> JsonObject:
    properties = {
        "feature": "area",
        "name": volume.name,
        "kind": volume.kind or None,
        "lower": volume.lower or None,
        "upper": volume.upper or None,
    }
    whole = shapely.set_precision(volume.geometry, 10.0**-DECIMALS)
    # RFC 7946, 3.1.6: outer rings run counterclockwise.
    geometry = shapely.geometry.mapping(shapely.orient_polygons(whole))
    return _feature(f"area:{number}", geometry, properties)


def _survey_features(pack: Pack) -> Iterator[JsonObject]:
    """Write the routes of files that hold many, as they are drawn: true to 2 km."""
    for file, (name, found) in enumerate(pack.first.surveys, 1):
        for number, line in enumerate(found.lines):
            properties = {
                "feature": "opened route",
                "name": found.names[number],
                "file": name,
                "length_m": metres(float(found.length_m[number])),
                "airspaces": list(found.airspaces[number]),
            }
            yield _feature(f"opened:{file}:{number + 1}", _geometry(cut(line)), properties)


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


def _feature(
    id: str, geometry: Mapping[str, object], properties: Mapping[str, object]
) -> JsonObject:
    return {"type": "Feature", "id": id, "geometry": geometry, "properties": properties}


def _geometry(lines: Sequence[Line]) -> JsonObject:
    if len(lines) == 1:
        return {"type": "LineString", "coordinates": lines[0]}
    return {"type": "MultiLineString", "coordinates": lines}


def _metres(length_m: float | None) -> float | None:
    return None if length_m is None else metres(length_m)


def write_routes_csv(pack: Pack) -> bytes:
    """Write a line for each route, with its lengths in metres and in the reader's unit."""
    story, unit = pack.first.story, pack.first.unit
    heads = (
        "route", "from", "to", "way", "landing", "date", "aircraft", "length_m",
        f"length_{unit.symbol}", "direct_m", "times_direct", "beyond_claim_m", "airspaces",
        "sources", "credit",
    )  # fmt: skip
    credit = pack.first.scene.credit
    return _csv(heads, [(*_route_cells(story, row, unit), credit) for row in pack.rows])


def _route_cells(story: Story, row: Row, unit: Unit) -> Iterator[Cell]:
    plan = row.flight.plan
    places = row.flight.route.places
    yield from (plan.id, places[0].name, places[-1].name, story.ways[plan.way].name)
    yield CERTAINTY_WORDS[plan.certainty]
    yield plan.date.isoformat() if plan.date else None
    yield ", ".join(plan.aircraft)
    yield from (metres(row.length_m), round(in_unit(row.length_m, unit), 3), metres(row.direct_m))
    yield None if row.ratio is None else round(row.ratio, 4)
    yield _metres(row.beyond_claim_m)
    yield ", ".join(row.airspaces)
    yield "; ".join(source_lines(story, plan.sources))


def write_crossings_csv(pack: Pack) -> bytes:
    """Write a line for each stretch of a route in one airspace."""
    story, unit = pack.first.story, pack.first.unit
    heads = (
        "route", "to", "way", "number", "airspace", "claims", "kind", "start_m", "end_m",
        "length_m", f"length_{unit.symbol}", "land_m", "margin_m", "entry_lon", "entry_lat",
        "exit_lon", "exit_lat", "credit",
    )  # fmt: skip
    credit = pack.first.scene.credit
    rows = [
        (*_crossing_cells(story, row, stretch, unit), credit)
        for row, stretch in all_stretches(draw_lines(pack))
    ]
    return _csv(heads, rows)


def _crossing_cells(story: Story, row: Row, stretch: Stretch, unit: Unit) -> Iterator[Cell]:
    plan, crossing = row.flight.plan, stretch.crossing
    yield from (plan.id, row.flight.route.places[-1].name, story.ways[plan.way].name)
    yield from (stretch.number, crossing.name, " ".join(crossing.claims), crossing.kind)
    yield from (metres(crossing.start_m), metres(crossing.end_m), metres(crossing.length_m))
    yield round(in_unit(crossing.length_m, unit), 3)
    yield from (_metres(crossing.land_m), _metres(stretch.margin_m))
    yield from (round(degrees, 6) + 0.0 for degrees in (*crossing.entry, *crossing.exit))


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
