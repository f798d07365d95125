"""Write what is shown as GeoJSON (RFC 7946)."""

import json
from collections.abc import Iterator, Mapping, Sequence

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
from geo.schema import Airfield, Source, Story

LICENCE_URL = "https://opendatacommons.org/licenses/odbl/1-0/"


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
        "beyond_claim_m": maybe_metres(row.beyond_claim_m),
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
        "land_m": maybe_metres(crossing.land_m),
        "margin_m": maybe_metres(stretch.margin_m),
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
            yield _feature(survey_id(file, number), _geometry(cut(line)), properties)


def survey_id(file: int, number: int) -> str:
    """Name a route of a file that holds many, by the file's number from 1 and its own from 0."""
    return f"opened:{file}:{number + 1}"


def _feature(
    id: str, geometry: Mapping[str, object], properties: Mapping[str, object]
) -> JsonObject:
    return {"type": "Feature", "id": id, "geometry": geometry, "properties": properties}


def _geometry(lines: Sequence[Line]) -> JsonObject:
    if len(lines) == 1:
        return {"type": "LineString", "coordinates": lines[0]}
    return {"type": "MultiLineString", "coordinates": lines}


def maybe_metres(length_m: float | None) -> float | None:
    """Round a length as `metres` does, if there is one."""
    return None if length_m is None else metres(length_m)
