"""Tell what the columns of a table hold, by their names."""

from collections.abc import Sequence
from dataclasses import dataclass

from geo.places import folded

# The likelier words stand first: "source" is more often a publisher than a place.
_FROM = (
    "from", "origin", "orig", "departure", "depart", "dep", "adep", "откуда", "вылет",
    "отправление", "start", "source", "src",
)  # fmt: skip
_TO = (
    "to", "destination", "dest", "arrival", "arr", "ades", "куда", "прилет", "прилёт", "прибытие",
    "end", "target",
)  # fmt: skip
_LAT = ("lat", "latitude", "latdeg", "latitudedeg", "широта", "y")
_LON = ("lon", "lng", "long", "longitude", "londeg", "longitudedeg", "долгота", "x")
_CODE = (
    "icao", "iata", "code", "ident", "icaocode", "iatacode", "airporticao", "airportiata",
    "airportcode", "airport", "airfield", "икао", "код", "аэропорт", "аэродром",
)  # fmt: skip
_AT_SIDE = (*_CODE, "", "id", "name", "place", "point", "airportname", "city", "town")
_PLAIN = {
    "code": _CODE,
    "name": ("name", "title", "label", "flight", "callsign", "route", "id", "ident", "place",
             "city", "название", "имя", "рейс", "маршрут", "город"),
    "via": ("via", "stops", "waypoints", "through", "через"),
    "path": ("path", "route", "routing", "маршрут"),
    "group": ("route", "track", "flight", "flightid", "callsign", "line", "segment", "trip",
              "trackid", "маршрут", "рейс"),
    "time": ("time", "timestamp", "datetime", "utc", "date", "время", "дата"),
    "position": ("position", "latlon", "latlng", "coordinates", "coords", "координаты"),
    "wkt": ("wkt", "geom", "geometry", "thegeom", "wktgeom"),
    "lat": _LAT,
    "lon": _LON,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class End:
    """The columns of a point: latitude and longitude, or texts that name it, likeliest first."""

    lat: int | None = None
    lon: int | None = None
    texts: tuple[int, ...] = ()

    @property
    def is_there(self) -> bool:
        """Tell whether there is any."""
        return self.has_position or bool(self.texts)

    @property
    def has_position(self) -> bool:
        """Tell whether there are a latitude and a longitude."""
        return self.lat is not None and self.lon is not None


@dataclass(frozen=True, slots=True)
class Columns:
    """Where in a row to look; `mode` says what a row is."""

    mode: str
    start: End = End()
    end: End = End()
    name: int | None = None
    via: int | None = None
    one: int | None = None


def named_columns(header: Sequence[str]) -> Columns | None:
    """Tell the columns by a header; None where it isn't one."""
    keys = [folded(cell) for cell in header]
    found = {role: _first(keys, words) for role, words in _PLAIN.items()}
    start, end = _side(keys, _FROM, "1"), _side(keys, _TO, "2")
    point = End(found["lat"], found["lon"], _all(keys, _CODE))
    name = found["name"]
    if found["wkt"] is not None:
        return Columns("wkt", name=name, one=found["wkt"])
    if start.is_there and end.is_there:
        used = {*start.texts, *end.texts}
        return Columns("route", start, end, name if name not in used else None, found["via"])
    if point.has_position or found["position"] is not None:
        mode = "places"
        if found["group"] is not None:
            mode, name = "groups", found["group"]
        elif found["time"] is not None and name is None:
            mode = "groups"
        return Columns(mode, point, name=name, one=found["position"])
    if found["path"] is not None:
        path = found["path"]
        return Columns("path", name=name if name != path else None, one=path)
    texts = (*point.texts, *([name] if name is not None else []))
    return Columns("places", End(texts=tuple(dict.fromkeys(texts)))) if texts else None


def _first(keys: Sequence[str], words: Sequence[str]) -> int | None:
    found = _all(keys, words)
    return found[0] if found else None


def _all(keys: Sequence[str], words: Sequence[str]) -> tuple[int, ...]:
    """List the columns named by these words, in the order of the words."""
    wanted = [folded(word) for word in words]
    return tuple(keys.index(word) for word in dict.fromkeys(wanted) if word and word in keys)


def _side(keys: Sequence[str], words: Sequence[str], digit: str) -> End:
    """Find the columns of one end, such as "from", "dep_icao" or "lat1"."""

    def column(kinds: Sequence[str]) -> tuple[int, ...]:
        names = [name for kind in kinds for word in words for name in (word + kind, kind + word)]
        return _all(keys, [*names, *(kind + digit for kind in kinds if kind)])

    lat, lon = column(_LAT), column(_LON)
    return End(lat[0] if lat else None, lon[0] if lon else None, column(_AT_SIDE))
