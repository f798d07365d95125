"""Read the file of the base map, a script that holds TopoJSON behind a comment with its credit."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geo.errors import DataError
from geo.file_faults import say_unread

_MARK = "window.WORLD="


@dataclass(frozen=True, slots=True, eq=False)
class WorldFile:
    """The credit, and the topology as it is written and as it is read."""

    credit: str
    text: str
    topology: dict[str, Any]


def read_world(path: Path) -> WorldFile:
    """Read the base map. Raises DataError where it is missing or damaged."""
    try:
        credit, mark, text = path.read_text("utf-8").partition(_MARK)
        text = text.rstrip().rstrip(";")
        topology = json.loads(text) if mark else None
    except (OSError, ValueError, RecursionError) as error:
        raise DataError(f"{path.name}: not a base map ({say_unread(error, path)})") from error
    if not isinstance(topology, dict) or topology.get("type") != "Topology":
        raise DataError(f"{path.name}: not a base map (it holds no topology)")
    return WorldFile(credit, text, topology)
