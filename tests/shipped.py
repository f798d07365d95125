"""The shipped airspace and ground, loaded once for all tests."""

from functools import cache
from pathlib import Path

from geo.airspace import Airspace
from geo.airspace_file import load_airspace
from geo.closure import Closure, make_closure
from geo.corridor import Ground, Router, load_ground
from geo.model import Place
from geo.schema import Story
from geo.story import load_story

DATA = Path(__file__).parents[1] / "data"
HMEYMIM = Place("hmeymim", "Hmeymim", 35.9487, 35.4011)
MOZDOK = Place("mozdok", "Mozdok", 44.600, 43.785)
SHAGOL = Place("shagol", "Shagol", 61.30, 55.26)
VATICAN = Place("vatican", "Vatican", 12.4534, 41.9033)
HELSINKI = Place("helsinki", "Helsinki", 24.9633, 60.3172)
TOKYO = Place("tokyo", "Tokyo", 140.386, 35.765)
TOLD = ("TUR", "GEO", "ARM", "UKR")


@cache
def airspace() -> Airspace:
    """Load the shipped airspace, with land."""
    return load_airspace(DATA / "airspace.parquet", DATA / "land.parquet")


@cache
def ground() -> Ground:
    """Load what ways are searched on."""
    return load_ground(
        airspace(), DATA / "airspace.parquet", DATA / "corners.parquet", DATA / "cells.parquet"
    )


@cache
def router(*closed: str) -> Router:
    """Make the router under a closure."""
    return Router(ground(), closing(*closed))


def closing(*closed: str) -> Closure:
    """Close states."""
    return make_closure(airspace(), closed)


@cache
def story() -> Story:
    """Load the built-in story."""
    return load_story(DATA / "routes.geojson")
