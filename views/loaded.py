"""Load what the pages show, once for all readers."""

import os
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from geo.airspace_file import load_airspace
from geo.compare import Flight, fly
from geo.errors import DataError
from geo.render.webmap import WORLD
from geo.schema import Story
from geo.story import load_story

DATA = Path(__file__).parents[1] / "data"


@dataclass(frozen=True, slots=True)
class Atlas:
    """A story and its flights."""

    story: Story
    flights: tuple[Flight, ...]


def load_atlas() -> Atlas:
    """Load the story, by default the built-in one; CORRIDOR_STORY names another file.

    Raises GeoError where a file can't be read or is refused.
    """
    story = Path(os.environ.get("CORRIDOR_STORY", DATA / "routes.geojson"))
    airspace = DATA / "airspace.parquet"
    return _load(story, _version(story), airspace, _version(airspace))


@st.cache_resource(show_spinner=False, max_entries=4)
def _load(
    story_path: Path,
    story_version: tuple[int, int],
    airspace_path: Path,
    airspace_version: tuple[int, int],
) -> Atlas:
    if not WORLD.is_file():
        raise DataError(f"{WORLD.name}: the base map is missing from {WORLD.parent.name}/")
    story = load_story(story_path)
    return Atlas(story, fly(story, load_airspace(airspace_path)))


def _version(path: Path) -> tuple[int, int]:
    """Tell one state of a file from another; a missing file is told of where it is read."""
    if not path.exists():
        return 0, 0
    stat = path.stat()
    return stat.st_mtime_ns, stat.st_size
