"""Define the options that commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

import geo.airspace_file
from geo.airspace import Airspace
from geo.edge import REACH_M
from geo.errors import DataError

DATA = Path(__file__).resolve().parents[2] / "data"
LAND = DATA / "land.parquet"
MAX_NEAR_KM = 200.0

Command = TypeVar("Command", bound=Callable[..., None] | click.Command)


def load_airspace(airspace: Path, land: Path) -> Airspace:
    """Read the files of the airspace and of the land. Raises DataError.

    Without Corridor's own land file, land and sea aren't told apart, and that is said.
    """
    try:
        return geo.airspace_file.load_airspace(airspace, land)
    except DataError as error:
        if land != LAND:
            raise
        # Where the airspace itself was at fault, this raises again.
        faces = geo.airspace_file.load_airspace(airspace)
        click.echo(f"geo: land and sea aren't told apart: {error}", err=True)
        return faces


def _file() -> click.Path:
    return click.Path(exists=True, dir_okay=False, path_type=Path)


class _DataFile(click.Path):
    """A file that must be there, unless it is Corridor's own: who reads that names it."""

    def __init__(self, own: Path) -> None:
        super().__init__(exists=True, dir_okay=False, path_type=Path)
        self.own = own

    def convert(
        self, value: Any, parameter: click.Parameter | None, context: click.Context | None
    ) -> Any:
        return value if value == self.own else super().convert(value, parameter, context)


def _data_file(option: str, name: str, what: str) -> Callable[[Command], Command]:
    """Make an option that names a data file, Corridor's own unless another is given."""
    return click.option(
        option,
        type=_DataFile(DATA / name),
        default=DATA / name,
        metavar="FILE",
        help=f"{what}; without it, {name}.",
    )


def _near_km(context: click.Context, parameter: click.Parameter, near_km: float) -> float:
    # Written so that NaN is refused too.
    if not 0 <= near_km <= MAX_NEAR_KM:
        raise click.BadParameter(f"{near_km:g} is outside 0..{MAX_NEAR_KM:g}")
    return near_km


json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
story_option = _data_file("--story", "routes.geojson", "The story whose places are known by name")
airspace_option = _data_file("--airspace", "airspace.parquet", "Whose airspace is where")
land_option = _data_file("--land", "land.parquet", "What of it is land")
near_option = click.option(
    "--near-km",
    type=float,
    default=REACH_M / 1000,
    callback=_near_km,
    metavar="KM",
    show_default=True,
    help="How far to shift the line for margins and near misses; 0 leaves both out.",
)
layer_option = click.option(
    "--layer",
    "layers",
    type=_file(),
    multiple=True,
    metavar="FILE",
    help="Areas in GeoJSON or OpenAir, listed beside the airspace; may be given again.",
)
closed_area_option = click.option(
    "--closed-area",
    "area_files",
    type=_file(),
    multiple=True,
    metavar="FILE",
    help="Areas in GeoJSON, KML, KMZ or OpenAir that are closed too; may be given again.",
)
