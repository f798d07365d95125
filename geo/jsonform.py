"""Turn routes and their crossings into the JSON object of the command line.

Rounding is the last step: metres to the millimetre, degrees to seven decimals (1 cm). A crossing
starts where the one before ends, the first at 0 and the last ending at the route's length.
"""

import json
from collections.abc import Iterable, Sequence

from geo.model import Crossing, Leg, LonLat, Place, Route

JsonObject = dict[str, object]


def routes_form(routes: Iterable[tuple[Route, Sequence[Crossing]]]) -> JsonObject:
    """Put routes, each with its crossings, into one object."""
    return {"routes": [route_form(route, crossings) for route, crossings in routes]}


def route_form(route: Route, crossings: Sequence[Crossing]) -> JsonObject:
    """Put one route with its legs and crossings into an object."""
    ends_m = [_metres(crossing.end_m) for crossing in crossings[:-1]]
    bounds_m = [0.0, *ends_m, _metres(route.length_m)]
    return {
        "name": route.name,
        "length_m": _metres(route.length_m),
        "legs": [leg_form(leg) for leg in route.legs],
        "crossings": [
            _crossing_form(crossing, start_m, end_m)
            for crossing, start_m, end_m in zip(crossings, bounds_m, bounds_m[1:], strict=False)
        ],
    }


def leg_form(leg: Leg) -> JsonObject:
    """Put one leg into an object; a bearing that rounds to 360 is 0."""
    return {
        "from": _place_form(leg.start),
        "to": _place_form(leg.end),
        "length_m": _metres(leg.length_m),
        "initial_bearing_deg": _degrees(leg.initial_bearing_deg) % 360,
        "final_bearing_deg": _degrees(leg.final_bearing_deg) % 360,
    }


def dump(form: JsonObject) -> str:
    """Write an object as JSON text, refusing what JSON has no number for."""
    return json.dumps(form, ensure_ascii=False, allow_nan=False, indent=2)


def _crossing_form(crossing: Crossing, start_m: float, end_m: float) -> JsonObject:
    return {
        "claims": list(crossing.claims),
        "name": crossing.name,
        "kind": crossing.kind,
        "start_m": start_m,
        "end_m": end_m,
        "length_m": _metres(end_m - start_m),
        "entry": _point_form(crossing.entry),
        "exit": _point_form(crossing.exit),
    }


def _place_form(place: Place) -> JsonObject:
    return {"id": place.id, "name": place.name, **_point_form((place.lon, place.lat))}


def _point_form(point: LonLat) -> JsonObject:
    lon, lat = point
    return {"lon": _degrees(lon), "lat": _degrees(lat)}


def _metres(length_m: float) -> float:
    return round(float(length_m), 3) + 0.0  # + 0.0 turns -0.0 into 0.0


def _degrees(degrees: float) -> float:
    return round(float(degrees), 7) + 0.0
