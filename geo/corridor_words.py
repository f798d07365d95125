"""Tell of a shortest way, for a reader and as JSON: what it costs, what it leans on."""

from collections.abc import Sequence

from geo.airspace import Airspace
from geo.answer import Answer
from geo.closure import Closure, closed_name, state_name
from geo.coordinate import brief_coordinate
from geo.corridor import Turn, Way
from geo.jsonform import JsonObject, metres, point_form, route_form
from geo.phrases import listed
from geo.reopen import Reopening
from geo.report import report
from geo.shut_areas import ShutAreas
from geo.units import KILOMETRES, STATUTE_MILES, Unit, format_length

_SAME_M = 1.0
_MOST_POINTS = 2


def say_cost(way: Way, *units: Unit) -> str:
    """Say how much longer a way is than the direct line, in one unit or several."""
    direct, added = (
        [format_length(length_m, unit) for unit in units]
        for length_m in (way.direct_m, way.added_m)
    )
    if not way.turns:
        return f"The direct line, {' or '.join(direct)}, is open."
    if way.added_m < _SAME_M:
        return f"As short as the direct line of {' or '.join(direct)}."
    share = f" or {100 * way.added_m / way.direct_m:.1f} %" if way.direct_m else ""
    return f"{' or '.join(added)}{share} longer than the direct line of {' or '.join(direct)}."


def say_turns(turns: Sequence[Turn]) -> list[str]:
    """Say where a way turns, and at whose border; neighbouring turns at one border together."""
    said: list[tuple[str, list[str]]] = []
    for turn in turns:
        at = brief_coordinate(turn.place.lon, turn.place.lat)
        if said and said[-1][0] == turn.face.name:
            said[-1][1].append(at)
        else:
            said.append((turn.face.name, [at]))
    return [f"Turns at the border of {name} near {_listed(points)}." for name, points in said]


def say_closed(airspace: Airspace, closure: Closure) -> str:
    """Say what is closed."""
    parts = []
    if closure.only is not None:
        parts.append(f"Open: {_names(airspace, closure.only)}, and no other state.")
    if closure.is_chosen:
        parts.append(f"Closed: {_say_what(airspace, closure)}.")
    if not closure.international:
        parts.append("The waters of no state are closed too.")
    if closure.margin_km:
        parts.append(f"The way keeps {closure.margin_km:g} km off what is closed.")
    return " ".join(parts) or "Nothing is closed."


def say_reopening(
    airspace: Airspace, closure: Closure, way: Way, best: Reopening | None, unit: Unit
) -> str:
    """Say which single closure, opened again, would save most."""
    if best is None:
        single = "one of them" if closure.areas else "a single state"
        return f"Opening {single} again would not shorten it."
    saved = format_length(way.route.length_m - best.way.route.length_m, unit)
    name = closed_name(airspace, closure, best.code)
    return f"Opening {name} again, alone, would save most: {saved}."


def corridor_report(
    airspace: Airspace,
    closure: Closure,
    way: Way,
    answer: Answer,
    best: Reopening | None,
    *,
    is_looked_for: bool = True,
) -> str:
    """Lay out a way as plain text; whether `best` was looked for tells none from unknown."""
    cost = say_cost(way, STATUTE_MILES, KILOMETRES)
    lines = [say_closed(airspace, closure), cost, *say_turns(way.turns)]
    if way.added_m >= _SAME_M and is_looked_for:
        lines.append(say_reopening(airspace, closure, way, best, STATUTE_MILES))
    return "\n".join([*lines, "", report([answer])])


def corridor_form(
    airspace: Airspace, closure: Closure, way: Way, answer: Answer, best: Reopening | None
) -> JsonObject:
    """Put a way into the object that `routes_form` makes, with what belongs to the closure."""
    told: JsonObject = {
        "direct_length_m": metres(way.direct_m),
        "closed": list(closure.closed),
        "only": None if closure.only is None else list(closure.only),
        "international": closure.international,
        "margin_km": closure.margin_km,
        "closed_areas": [_areas_form(areas) for areas in closure.areas],
    }
    route = {
        **route_form(answer),
        **told,
        "turns": [
            {
                **point_form((turn.place.lon, turn.place.lat)),
                "claims": list(turn.face.claims),
                "name": turn.face.name,
            }
            for turn in way.turns
        ],
        "best_reopening": None if best is None else _reopening_form(airspace, closure, way, best),
    }
    return {"routes": [route], **told}


def _areas_form(areas: ShutAreas) -> JsonObject:
    layer = areas.overlay.layer
    return {"name": layer.name, "areas": len(layer.volumes), "skipped": list(layer.skipped)}


def _reopening_form(airspace: Airspace, closure: Closure, way: Way, best: Reopening) -> JsonObject:
    """Tell what to open; a file's areas have no code."""
    length_m = best.way.route.length_m
    is_state = best.code not in [areas.id for areas in closure.areas]
    return {
        "code": best.code if is_state else None,
        "name": closed_name(airspace, closure, best.code),
        "length_m": metres(length_m),
        "saved_m": metres(way.route.length_m - length_m),
    }


def _say_what(airspace: Airspace, closure: Closure) -> str:
    """Name the closed states, and then the files whose areas are closed."""
    files = [areas.title for areas in closure.areas]
    if not closure.closed:
        return listed(files)
    states = _names(airspace, closure.closed)
    return f"{states}, and {listed(files)}" if files else states


def _names(airspace: Airspace, codes: Sequence[str]) -> str:
    return ", ".join(state_name(airspace, code) for code in codes)


def _listed(points: Sequence[str]) -> str:
    if len(points) > _MOST_POINTS:
        return f"{points[0]} and at {len(points) - 1} more points to {points[-1]}"
    return " and ".join(points)
