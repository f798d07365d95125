"""Define the options that commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from geo.edge import REACH_M

DATA = Path(__file__).resolve().parents[2] / "data"
MAX_NEAR_KM = 200.0

Command = TypeVar("Command", bound=Callable[..., None] | click.Command)


def _file() -> click.Path:
    return click.Path(exists=True, dir_okay=False, path_type=Path)


def _data_file(option: str, name: str, what: str) -> Callable[[Command], Command]:
    """Make an option that names a data file, Corridor's own unless another is given."""
    return click.option(
        option,
        type=_file(),
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
