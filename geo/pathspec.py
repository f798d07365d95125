"""Read typed routes in Great Circle Mapper's syntax.

Points are joined by `-`, alternatives by `/`, routes by `,`: `A/B-C, D-E` is A-C, B-C and D-E.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import product
from math import prod

from geo.coordinate import PAIR, is_coordinate, looks_like_coordinate, read_coordinate
from geo.errors import GeoError, PathError, PlaceError
from geo.geodesy import make_route
from geo.model import Place, Route
from geo.text import printable, quoted

Find = Callable[[str], Place]
# One typed route: its points in order, each with its alternatives as they were typed.
Spec = list[list[str]]

MAX_LENGTH = 10_000
MAX_ROUTES = 200
MAX_POINTS = 1_000

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
# The comma inside a coordinate belongs to it, so coordinates are looked for first.
_POINT = re.compile(
    rf" ?(?P<point>{PAIR}(?= ?(?:[-/,]|\Z))|[^-/,]*) ?(?P<mark>[-/,]|\Z)", re.IGNORECASE
)


def parse_paths(text: str, find: Find) -> tuple[Route, ...]:
    """Read every route in a text; `find` looks up what isn't a coordinate, each name once.

    A route is named by its points as they were typed. The same point twice in a row is a leg of
    length 0. Raises PathError with the number of the route and the part that is wrong.
    """
    if len(text) > MAX_LENGTH:
        raise PathError(f"the path has {len(text):,} characters; at most {MAX_LENGTH:,} are read")
    if not text.strip():
        raise PathError('the path is empty; join two points by "-", such as OSLK-USCG')
    specs = _split(" ".join(text.translate(_DASHES).split()))
    for number, spec in enumerate(specs, 1):
        _check_form(number, spec)
    _check_size(specs)
    # A name may stand a thousand times in a path, and to look up a misspelt one takes a while.
    point = cache(lambda text: parse_point(text, find))
    return tuple(
        route for number, spec in enumerate(specs, 1) for route in _resolve(number, spec, point)
    )


def parse_point(text: str, find: Find) -> Place:
    """Read one point: a coordinate, or what `find` knows. Raises PlaceError."""
    if is_coordinate(text):
        return read_coordinate(text)
    try:
        return find(text)
    except PlaceError:
        if looks_like_coordinate(text):
            return read_coordinate(text)  # raises, with what a coordinate needs
        raise


def _split(text: str) -> list[Spec]:
    """Cut a text into routes, points and alternatives."""
    specs: list[Spec] = [[[]]]
    for point, mark in _points(text):
        specs[-1][-1].append(point)
        if mark == "-":
            specs[-1].append([])
        elif mark == ",":
            specs.append([[]])
    return specs


def _points(text: str) -> Iterator[tuple[str, str]]:
    """Yield each point with the mark after it; the last one's is empty."""
    position, mark = 0, ","
    while mark:
        match = _POINT.match(text, position)
        assert match is not None  # noqa: S101 - the pattern matches any text, if only as one point
        position, mark = match.end(), match["mark"]
        yield match["point"].strip(), mark


def _check_form(number: int, spec: Spec) -> None:
    """Refuse a route with a gap in it, or with a single point."""
    if spec == [[""]]:
        raise PathError(f"route {number} is empty")
    for position, alternatives in enumerate(spec, 1):
        if alternatives == [""]:
            raise PathError(f"{_label(number, spec)}: point {position} is empty")
        if "" in alternatives:
            raise PathError(f"{_label(number, spec)}: an alternative of point {position} is empty")


def _check_size(specs: list[Spec]) -> None:
    """Refuse more routes or points than can be drawn, before any is looked up."""
    counts = [prod(len(alternatives) for alternatives in spec) for spec in specs]
    routes = sum(counts)
    points = sum(count * len(spec) for count, spec in zip(counts, specs, strict=True))
    for count, limit, what in ((routes, MAX_ROUTES, "routes"), (points, MAX_POINTS, "points")):
        if count > limit:
            raise PathError(f"the path makes {count:,} {what}; at most {limit:,} are drawn")


def _resolve(number: int, spec: Spec, point: Find) -> Iterator[Route]:
    """Look up the points of one typed route and yield each way through its alternatives."""
    try:
        places = {text: point(text) for points in spec for text in points}
    except GeoError as error:
        raise PathError(f"{_label(number, spec)}: {error}") from error
    if len(spec) < 2:
        raise PathError(f'{_label(number, spec)}: a single point; join two or more by "-"')
    for texts in product(*spec):
        yield make_route(printable("-".join(texts)), [places[text] for text in texts])


def _label(number: int, spec: Spec) -> str:
    return f"route {number} {quoted('-'.join('/'.join(points) for points in spec))}"
