"""Read a layer of areas that a user opens (FIRs, a danger area, a closure), GeoJSON or OpenAir.

What is no area is left out, and `Layer.skipped` says so. An area that is damaged makes the file
refused: one that is silently missing would look like a free way.
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import shapely

from geo.errors import LayerError
from geo.geojson_layer import read_geojson
from geo.model import FloatArray
from geo.openair import read_openair
from geo.outline import Outline
from geo.rings import area_on_map
from geo.text import printable

LAYER_NOTE = (
    "These are the areas of the opened file, as it draws them; where they overlap, each is listed. "
    "They stand beside the airspace of states and are never mixed with it: a flight information "
    "region, for one, is an area of service and not a state's sovereign airspace."
)
MAX_BYTES = 20_000_000
MAX_VERTICES = 2_000_000
# An index of edges takes room by their length: this much is about 1 GB while it is built.
MAX_EDGES_DEG = 400_000


@dataclass(frozen=True, slots=True)
class Volume:
    """An area of a layer: a Polygon or MultiPolygon in lon/lat within -180..180.

    `number` counts the features of the file, or its airspaces, from 1. `id`, `kind` (its class or
    type), `lower` and `upper` are the file's own text, empty where it has none.
    """

    number: int
    id: str
    name: str
    kind: str
    lower: str
    upper: str
    geometry: shapely.Polygon | shapely.MultiPolygon


@dataclass(frozen=True, slots=True)
class Layer:
    """The volumes of a file, in its order; they may overlap.

    `skipped` tells what was left out and why, `notes` what was mended or read in one of two ways.
    """

    name: str
    volumes: tuple[Volume, ...]
    skipped: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def load_layer(path: Path) -> Layer:
    """Read a layer file. Raises `LayerError` where it can't be read or is refused."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise LayerError(printable(f"{path.name}: can't be read: {error.strerror}")) from error
    return read_layer(data, path.name)


def read_layer(data: bytes, name: str) -> Layer:
    """Read a layer file's bytes; what begins with a brace is GeoJSON, all else OpenAir.

    Edges are straight in lon/lat. One that is longer than 180 degrees goes over the antimeridian; a
    ring that goes round the earth holds the pole of its hemisphere. Raises `LayerError` with one
    line: the file, the feature or the line, the field, the value.
    """
    found = LayerDraft()
    try:
        if len(data) > MAX_BYTES:
            raise LayerError(f"is larger than {MAX_BYTES:,} bytes")
        is_json = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")
        for outline in (read_geojson if is_json else read_openair)(data):
            found.add(outline)
        if not found.volumes:
            raise LayerError("; ".join(["holds no area", *found.skipped[:1]]))
    except RecursionError as error:
        raise LayerError(f"{printable(name)}: is nested too deeply") from error
    except LayerError as error:
        raise LayerError(printable(f"{name}: {error}")[:500]) from error
    return found.layer(name)


@dataclass(slots=True)
class LayerDraft:
    """What has been read so far of a file."""

    volumes: list[Volume] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    vertices: int = 0
    edges_deg: float = 0.0

    def add(self, outline: Outline) -> None:
        """Take an area in. Raises `LayerError` where it is damaged or too much by now."""
        where = outline.where
        if outline.no_area:
            self.skipped.append(f"{where}: {outline.no_area}")
            return
        counted = ((self._counted(ring, where) for ring in rings) for rings in outline.polygons)
        geometry = area_on_map(counted, where, self.notes)
        if geometry.is_empty:
            self.skipped.append(f"{where}: encloses no area")
        else:
            self.volumes.append(Volume(number=outline.number, geometry=geometry, **outline.texts))

    def layer(self, name: str) -> Layer:
        """Give what has been read as a layer."""
        return Layer(name, tuple(self.volumes), tuple(self.skipped), tuple(self.notes))

    def _counted(self, ring: FloatArray, where: str) -> FloatArray:
        """Pass a ring on, unless the file has too much by now."""
        self.vertices += len(ring)
        self.edges_deg += float(np.abs(np.diff(ring, axis=0)).max(axis=1, initial=0).sum())
        if self.vertices > MAX_VERTICES:
            raise LayerError(f"{where}: {self.vertices:,} vertices, more than {MAX_VERTICES:,}")
        if self.edges_deg > MAX_EDGES_DEG:
            raise LayerError(f"{where}: {self.edges_deg:,.0f}° of edges, over {MAX_EDGES_DEG:,}°")
        return ring
