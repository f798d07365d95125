"""Tell of a shortest way, for a reader and as JSON: what it costs, what it leans on."""

from collections.abc import Sequence

from geo.airspace import Airspace
from geo.answer import Answer
from geo.closure import Closure, state_name
from geo.coordinate import brief_coordinate
from geo.corridor import Turn, Way
from geo.jsonform import JsonObject, metres, point_form, route_form
from geo.reopen import Reopening
from geo.report import report
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
    if closure.closed:
        parts.append(f"Closed: {_names(airspace, closure.closed)}.")
    if not closure.international:
        parts.append("The waters of no state are closed too.")
    if closure.margin_km:
        parts.append(f"The way keeps {closure.margin_km:g} km off what is closed.")
    return " ".join(parts) or "Nothing is closed."


def say_reopening(airspace: Airspace, way: Way, best: Reopening | None, unit: Unit) -> str:
    """Say which single closure, opened again, would save most."""
    if best is None:
        return "Opening a single state again would not shorten it."
    saved = format_length(way.route.length_m - best.way.route.length_m, unit)
    return f"Opening {state_name(airspace, best.code)} again, alone, would save most: {saved}."


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
        lines.append(say_reopening(airspace, way, best, STATUTE_MILES))
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
        "best_reopening": None if best is None else _reopening_form(airspace, way, best),
    }
    return {"routes": [route], **told}


def _reopening_form(airspace: Airspace, way: Way, best: Reopening) -> JsonObject:
    length_m = best.way.route.length_m
    return {
        "code": best.code,
        "name": state_name(airspace, best.code),
        "length_m": metres(length_m),
        "saved_m": metres(way.route.length_m - length_m),
    }


def _names(airspace: Airspace, codes: Sequence[str]) -> str:
    return ", ".join(state_name(airspace, code) for code in codes)


def _listed(points: Sequence[str]) -> str:
    if len(points) > _MOST_POINTS:
        return f"{points[0]} and at {len(points) - 1} more points to {points[-1]}"
    return " and ".join(points)
