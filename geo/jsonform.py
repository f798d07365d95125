"""Turn routes and what is told of them into the JSON object of the command line.

Rounding is the last step: metres to the millimetre, degrees to seven decimals (1 cm). A crossing
starts where the one before ends, the first at 0 and the last ending at the route's length.
"""

import json
from collections.abc import Sequence

from geo.answer import Answer
from geo.edge import NearMiss
from geo.layers import LAYER_NOTE, Layer
from geo.model import Crossing, Leg, LonLat, Place
from geo.overlay import Passage

JsonObject = dict[str, object]


def routes_form(answers: Sequence[Answer], layers: Sequence[Layer] = ()) -> JsonObject:
    """Put routes, each with all that is told of it, into one object; and the opened layers."""
    form: JsonObject = {"routes": [route_form(answer, layers) for answer in answers]}
    return {**form, "layers": [_layer_form(layer) for layer in layers]} if layers else form


def route_form(answer: Answer, layers: Sequence[Layer] = ()) -> JsonObject:
    """Put one route into an object.

    `reach_m` is how far the line was shifted sideways for the margins of its crossings, null where
    they are firmer, and for `near`; it is 0 where the line wasn't shifted. `layers` is there where
    any were opened.
    """
    route, crossings, edges = answer.route, answer.crossings, answer.edges
    ends_m = [metres(crossing.end_m) for crossing in crossings[:-1]]
    bounds_m = [0.0, *ends_m, metres(route.length_m)]
    form: JsonObject = {
        "name": route.name,
        "length_m": metres(route.length_m),
        "legs": [leg_form(leg) for leg in route.legs],
        "crossings": [
            _crossing_form(*each)
            for each in zip(crossings, bounds_m[:-1], bounds_m[1:], edges.margins_m, strict=True)
        ],
        "reach_m": metres(edges.reach_m),
        "near": [_near_form(miss) for miss in edges.near],
    }
    if layers:
        form["layers"] = [
            {"name": layer.name, "passages": [_passage_form(passage) for passage in passages]}
            for layer, passages in zip(layers, answer.passages, strict=True)
        ]
    return form


def leg_form(leg: Leg) -> JsonObject:
    """Put one leg into an object; a bearing that rounds to 360 is 0."""
    return {
        "from": _place_form(leg.start),
        "to": _place_form(leg.end),
        "length_m": metres(leg.length_m),
        "initial_bearing_deg": _degrees(leg.initial_bearing_deg) % 360,
        "final_bearing_deg": _degrees(leg.final_bearing_deg) % 360,
    }


def dump(form: JsonObject) -> str:
    """Write an object as JSON text, refusing what JSON has no number for."""
    return json.dumps(form, ensure_ascii=False, allow_nan=False, indent=2)


def _crossing_form(
    crossing: Crossing, start_m: float, end_m: float, margin_m: float | None
) -> JsonObject:
    length_m = metres(end_m - start_m)
    return {
        "claims": list(crossing.claims),
        "name": crossing.name,
        "kind": crossing.kind,
        "start_m": start_m,
        "end_m": end_m,
        "length_m": length_m,
        "entry": point_form(crossing.entry),
        "exit": point_form(crossing.exit),
        "land_m": None if crossing.land_m is None else _within(crossing.land_m, length_m),
        "margin_m": None if margin_m is None else metres(margin_m),
    }


def _near_form(miss: NearMiss) -> JsonObject:
    return {
        "claims": list(miss.claims),
        "name": miss.name,
        "kind": miss.kind,
        "distance_m": metres(miss.distance_m),
        "at_m": metres(miss.at_m),
        "point": point_form(miss.point),
    }


def _layer_form(layer: Layer) -> JsonObject:
    return {
        "name": layer.name,
        "areas": len(layer.volumes),
        "note": LAYER_NOTE,
        "skipped": list(layer.skipped),
        "mended": list(layer.notes),
    }


def _passage_form(passage: Passage) -> JsonObject:
    volume = passage.volume
    start_m, end_m = metres(passage.start_m), metres(passage.end_m)
    return {
        "number": volume.number,
        "id": volume.id,
        "name": volume.name,
        "kind": volume.kind,
        "lower": volume.lower,
        "upper": volume.upper,
        "start_m": start_m,
        "end_m": end_m,
        "length_m": metres(end_m - start_m),
        "entry": point_form(passage.entry),
        "exit": point_form(passage.exit),
    }


def _place_form(place: Place) -> JsonObject:
    return {"id": place.id, "name": place.name, **point_form((place.lon, place.lat))}


def point_form(point: LonLat) -> JsonObject:
    """Put a point into an object."""
    lon, lat = point
    return {"lon": _degrees(lon), "lat": _degrees(lat)}


def metres(length_m: float) -> float:
    """Round to the millimetre."""
    return round(float(length_m), 3) + 0.0  # + 0.0 turns -0.0 into 0.0


def _within(part_m: float, whole_m: float) -> float:
    """Round a part that rounding must not make longer than its whole."""
    return min(max(metres(part_m), 0.0), whole_m)


def _degrees(degrees: float) -> float:
    return round(float(degrees), 7) + 0.0
