"""Tell what the columns of a table without a header hold, by what stands in them."""

from collections.abc import Callable, Sequence

from geo.errors import GeoError, OpenError, PlaceError
from geo.pathspec import parse_paths
from geo.readers.columns import Columns, End
from geo.readers.lookup import Lookup, position
from geo.text import quoted

_ENOUGH = 0.7
_HALF = 0.5
_TRIED = 6
# Looking up what no place is takes time.
_MOST_COLUMNS = 6
_WIDEST = 60
_HINT = "name the columns in its first line, such as from,to or name,lat,lon"


def guessed_columns(rows: Sequence[Sequence[str]], lookup: Lookup) -> tuple[Columns, str]:
    """Tell the columns, and say how in words. Raises OpenError where they can't be told."""
    width = min(max(map(len, rows)), _WIDEST)
    columns = [[row[n] for row in rows if n < len(row) and row[n]] for n in range(width)]
    degrees = _likeliest(
        columns, [n for n, cells in enumerate(columns) if _share(cells, _is_degrees) >= _ENOUGH]
    )
    texts = [n for n, cells in enumerate(columns) if cells and n not in degrees][:_MOST_COLUMNS]
    if len(degrees) >= 4:
        first, second, third, fourth = degrees[:4]
        start, swapped = _pair(columns, first, second)
        end, _ = _pair(columns, third, fourth, swapped)
        name = texts[0] if texts else None
        return Columns("route", start, end, name), _told(_order(swapped) * 2)
    if len(degrees) >= 2:
        point, swapped = _pair(columns, degrees[0], degrees[1])
        name = texts[0] if texts else None
        return Columns("places", point, name=name), _told(_order(swapped))
    found = [n for n in texts if _share(columns[n], lambda text: _is_point(text, lookup)) >= _HALF]
    if len(found) >= 2:
        name = next((n for n in texts if n not in found), None)
        start, end = (End(texts=(n,)) for n in found[:2])
        return Columns("route", start, end, name), _told(["from", "to"])
    paths = [n for n in texts if _share(columns[n], lambda text: _is_path(text, lookup)) >= _HALF]
    if paths:
        name = next((n for n in texts if n not in paths), None)
        return Columns("path", name=name, one=paths[0]), _told(["a path"])
    if found:
        return Columns("places", End(texts=(found[0],))), _told(["a place"])
    line = quoted(", ".join(rows[0]))
    raise OpenError(f"is no GeoJSON, KML, GPX or OpenAir, nor a table that can be read: its first "
                    f"line is {line}; for a table, {_HINT}")  # fmt: skip


def _told(order: Sequence[str]) -> str:
    return f"has no header that is known: columns read as {', '.join(order)}; else {_HINT}"


def _order(swapped: bool) -> list[str]:
    return ["longitude", "latitude"] if swapped else ["latitude", "longitude"]


def _pair(
    columns: Sequence[Sequence[str]], first: int, second: int, swapped: bool = False
) -> tuple[End, bool]:
    """Take latitude as the first of two, unless it can't be."""
    good = _share(columns[first], lambda text: _is_degrees(text, lat=True))
    other = _share(columns[second], lambda text: _is_degrees(text, lat=True))
    swapped = swapped or good < min(other, _ENOUGH)
    return (End(second, first) if swapped else End(first, second)), swapped


def _likeliest(columns: Sequence[Sequence[str]], degrees: list[int]) -> list[int]:
    """Leave whole numbers out where enough columns have fractions: they count the rows."""
    fractions = [n for n in degrees if _share(columns[n], lambda text: not text.isdigit()) > _HALF]
    return fractions if len(fractions) >= min(len(degrees), 2) else degrees


def _share(cells: Sequence[str], is_so: Callable[[str], bool]) -> float:
    tried = list(dict.fromkeys(cells))[:_TRIED]
    return sum(is_so(cell) for cell in tried) / len(tried) if tried else 0.0


def _is_degrees(text: str, lat: bool = False) -> bool:
    for pair in ((text, "0"),) if lat else ((text, "0"), ("0", text)):
        try:
            position(*pair)
        except PlaceError:
            continue
        return True
    return False


def _is_point(text: str, lookup: Lookup) -> bool:
    try:
        lookup.point(text)
    except PlaceError:
        return False
    return True


def _is_path(text: str, lookup: Lookup) -> bool:
    try:
        return "-" in text and bool(parse_paths(text, lookup.point))
    except GeoError:
        return False
