"""Tell which columns of a table say where flights went, by their names or as told."""

from collections.abc import Mapping, Sequence

from geo.audit.model import Form, Layout
from geo.errors import OpenError
from geo.places import folded
from geo.readers.columns import End, named_columns
from geo.text import quoted

ROLES = (
    "id", "aircraft", "from", "to", "from_lon", "from_lat", "to_lon", "to_lat", "path", "time",
    "lon", "lat",
)  # fmt: skip
TEXT_ROLES = frozenset({"id", "aircraft", "from", "to", "path"})
_AIRCRAFT = ("icao24", "hex", "modes")
# What a flight is called stands before what an aircraft is.
_WORDS = {
    "id": ("flightid", "ectrlid", "flight", "flightnumber", "trackid", "track", "tripid", "segment",
           "callsign", *_AIRCRAFT, "ident", "id", "name", "рейс", "название"),
    "aircraft": _AIRCRAFT,
    "time": ("time", "timestamp", "datetime", "utc", "date", "timeover", "время", "дата"),
    "lon": ("lon", "longitude", "lng", "long", "londeg", "долгота"),
    "lat": ("lat", "latitude", "latdeg", "широта"),
    "path": ("path", "route", "routing", "маршрут"),
}  # fmt: skip
# As OpenSky's lists of flights call the ends.
_OTHER_NAMES = {"estdepartureairport": "departureairport", "estarrivalairport": "arrivalairport"}
_MOST_SHOWN = 12


def find_layout(header: Sequence[str], told: Mapping[str, str] | None = None) -> Layout:
    """Tell what the rows of a table are.

    `told` gives columns by role and goes before their names. Raises OpenError where a column isn't
    there, stands twice, or none tells where flights went.
    """
    told = told or {}
    for role, column in told.items():
        if role not in ROLES:
            raise OpenError(f"no role is called {quoted(role)}: there are {', '.join(ROLES)}")
        if column not in header:
            raise OpenError(f"has no column {quoted(column)}; it has {_listed(header)}")
    layout = _layout(header, _keys(header, told), told)
    if layout is None:
        raise OpenError(
            f"no columns tell where flights went: it has {_listed(header)}; name them, such as "
            "--column from=dep --column to=arr"
        )
    for column in layout.columns.values():
        if list(header).count(column) > 1:
            raise OpenError(f"column {quoted(column)} stands there twice")
    return layout


def _keys(header: Sequence[str], told: Mapping[str, str]) -> list[str]:
    """Call the columns that were told by their roles, and no other column so."""
    roles = {column: role for role, column in told.items()}
    taken = {folded(role) for role in told}
    keys = [_OTHER_NAMES.get(folded(name), folded(name)) for name in header]
    return [
        folded(roles[name]) if name in roles else "" if key in taken else key
        for name, key in zip(header, keys, strict=True)
    ]


def _layout(header: Sequence[str], keys: Sequence[str], told: Mapping[str, str]) -> Layout | None:
    found = {role: _first(keys, (role, *words)) for role, words in _WORDS.items()}
    named = ("id", "aircraft", "time", "lon", "lat")
    track = {role: found[role] for role in named if found[role] is not None}
    if track.get("aircraft") == found["id"]:
        track.pop("aircraft", None)
    is_track = {"id", "lon", "lat"} <= set(track)
    pairs = _pairs(keys, found["id"])
    path = found["path"]
    if "path" in told or (path is not None and not pairs and not is_track):
        numbers = {"path": path} | ({"id": found["id"]} if found["id"] != path else {})
        form: Form = "paths"
    elif is_track and ("time" in track or not pairs or {"lon", "lat"} & set(told)):
        form, numbers = "tracks", dict(track)
    else:
        form, numbers = "pairs", dict(pairs)
    columns = {role: header[at] for role, at in numbers.items() if at is not None}
    return Layout(form, columns) if columns else None


def _pairs(keys: Sequence[str], id_: int | None) -> dict[str, int | None]:
    """Find both ends of a flight, each by its position and by what names it."""
    named = named_columns(keys)
    if named is None or named.mode != "route":
        return {}
    columns: dict[str, int | None] = {**_end("from", named.start), **_end("to", named.end)}
    return columns if id_ in columns.values() else {**columns, "id": id_}


def _end(side: str, end: End) -> dict[str, int | None]:
    columns: dict[str, int | None] = {side: end.texts[0]} if end.texts else {}
    if end.has_position:
        columns |= {f"{side}_lon": end.lon, f"{side}_lat": end.lat}
    return columns


def _first(keys: Sequence[str], words: Sequence[str]) -> int | None:
    return next((keys.index(folded(word)) for word in words if folded(word) in keys), None)


def _listed(header: Sequence[str]) -> str:
    shown = [quoted(name) for name in header[:_MOST_SHOWN]]
    more = len(header) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "") if shown else "none"
