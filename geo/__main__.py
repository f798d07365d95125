"""Answer on the command line what the page shows: `python -m geo route "OSLK-USCG" --json`."""

import io
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from geo.airspace_file import load_airspace
from geo.errors import GeoError
from geo.jsonform import dump, routes_form
from geo.model import Crossing, Leg, Route
from geo.pathspec import parse_paths
from geo.places import make_gazetteer
from geo.story import load_story
from geo.text import printable
from geo.units import KILOMETRES, STATUTE_MILES, format_amount, format_length

DATA = Path(__file__).resolve().parent.parent / "data"
CREDIT = (
    "Airspace boundaries © OpenStreetMap contributors (ODbL), as of 2017. "
    "A picture of geometry, not for flight planning."
)
BAD_INPUT = 2

Command = TypeVar("Command", bound=Callable[..., None] | click.Command)


class OneLineGroup(click.Group):
    """A group of commands that reports what was wrong in one line, and exits with 2."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command; see `click.Command.main`."""
        _write_utf8()
        try:
            status = super().main(*args, **{**kwargs, "standalone_mode": False})
        except (click.ClickException, GeoError, OSError) as problem:
            click.echo(f"geo: {_message(problem)}", err=True)
            sys.exit(BAD_INPUT)
        except click.Abort:
            sys.exit(130)
        sys.exit(status if isinstance(status, int) else 0)


def _data_file(option: str, name: str, what: str) -> Callable[[Command], Command]:
    """Make an option that names a data file, Corridor's own unless another is given."""
    return click.option(
        option,
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        default=DATA / name,
        metavar="FILE",
        help=f"{what}; without it, {name}.",
    )


json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
story_option = _data_file("--story", "routes.geojson", "The story whose places are known by id")
airspace_option = _data_file("--airspace", "airspace.parquet", "Whose airspace is where")


@click.group(cls=OneLineGroup, no_args_is_help=False)
def cli() -> None:
    """Draw true flight routes and tell whose airspace they cross."""


@cli.command()
@click.argument("paths")
@json_option
@story_option
@airspace_option
def route(paths: str, as_json: bool, story: Path, airspace: Path) -> None:
    """Measure typed routes and list whose airspace each crosses, in order.

    PATHS are points joined by "-", alternatives by "/", routes by ",", such as
    "OSLK-USCG, hmeymim-mozdok-domna". A point is an id of the story, an ICAO or IATA code, or a
    coordinate such as 35.4011N 35.9487E.
    """
    routes = parse_paths(paths, make_gazetteer(load_story(story).places.values()).find)
    faces = load_airspace(airspace)
    crossed = list(zip(routes, faces.crossings_on(routes), strict=True))
    click.echo(dump(routes_form(crossed)) if as_json else _report(crossed))


def _report(crossed: Iterable[tuple[Route, Sequence[Crossing]]]) -> str:
    """Lay routes out for a reader, and the credit below them."""
    return "\n\n".join([*(_route_lines(*each) for each in crossed), CREDIT])


def _route_lines(route: Route, crossings: Sequence[Crossing]) -> str:
    miles, km = (format_length(route.length_m, unit) for unit in (STATUTE_MILES, KILOMETRES))
    legs = [
        (f"{leg.start.name} to {leg.end.name}", *_amounts(leg.length_m), _bearings(leg))
        for leg in route.legs
    ]
    stretches = [
        (crossing.name, *_amounts(crossing.length_m), " ".join(crossing.claims))
        for crossing in crossings
    ]
    heads = [(head, "mi", "km", last) for head, last in (("Leg", "bearing"), ("Airspace", "codes"))]
    table = _table([heads[0], *legs, (), heads[1], *stretches])
    return "\n".join([f"{printable(route.name)}: {miles} ({km})", "", *table])


def _amounts(length_m: float) -> tuple[str, str]:
    return format_amount(length_m, STATUTE_MILES), format_amount(length_m, KILOMETRES)


def _bearings(leg: Leg) -> str:
    initial, final = (round(b) % 360 for b in (leg.initial_bearing_deg, leg.final_bearing_deg))
    return f"{initial:03d}° to {final:03d}°"


def _table(rows: Iterable[tuple[str, ...]]) -> list[str]:
    """Set rows in columns, the amounts in the middle to the right; () makes a blank line."""
    cells = [[printable(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*filter(None, cells), strict=True)]
    aligns = ["<", *[">"] * (len(widths) - 2), "<"]
    lines = []
    for row in cells:
        padded = zip(row, aligns, widths, strict=False)
        lines.append("  ".join(["", *(f"{c:{align}{width}}" for c, align, width in padded)]))
    return [line.rstrip() for line in lines]


def _write_utf8() -> None:
    """Write UTF-8 whatever the locale says; what no encoding can hold is escaped."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _message(problem: Exception) -> str:
    """Bring what was refused onto one line."""
    if isinstance(problem, click.ClickException):
        return printable(problem.format_message())
    return printable(str(problem))


if __name__ == "__main__":
    cli()
