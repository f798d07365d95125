"""Close the areas of a file that a user opened, at any height, as states are closed.

A way must stay out of all of them together, so what counts is the line around them: where they
overlap or share a border, there is none.
"""

import hashlib
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import shapely

from geo.errors import LayerError
from geo.geodesy import Lines
from geo.hulls import count_pieces, densified
from geo.model import BoolArray, FloatArray, LonLat
from geo.overlay import Overlay, edges_around
from geo.pockets import nearest_edges
from geo.text import printable

# Around all areas together: more take a search too long, some seconds where they are jagged.
MOST_VERTICES = 5_000
# Of all areas by themselves: to unite these takes a tenth of a second.
MOST_DRAWN = 50_000
# A corner is told from vertices that stand some way apart: half a metre, far within what a way
# keeps off.
_THINNED_DEG = 5e-6
# So far may edges, which are straight in lon/lat, lie off geodesics: far within it too.
_BEND_M = 20.0
# Less of an area than this is the rounding at a touched corner.
_TOUCH_M = 1.0


@dataclass(frozen=True, slots=True)
class ShutAreas:
    """The areas of one file, all of them closed.

    `id` tells them from those of any other file, `name` is the file's. `ends` (n, 4) are the edges
    around all of them, lon/lat/lon/lat, with the closed side on their left; they lie within 20 m of
    geodesics.
    """

    id: str
    name: str
    overlay: Overlay = field(compare=False, repr=False)
    ends: FloatArray = field(compare=False, repr=False)

    @property
    def title(self) -> str:
        """How many areas of which file."""
        count = len(self.overlay.areas)
        return f"{f'{count:,} areas' if count > 1 else 'the area'} of {printable(self.name)}"

    def holding(self, point: LonLat) -> str | None:
        """Name the first area that holds a point; None where none does."""
        _, numbers = self.overlay.around(np.array([point]))
        return self._named(int(numbers.min())) if len(numbers) else None

    def nearest(self, point: LonLat) -> str:
        """Name the area whose edge is nearest to a point."""
        ends, row = densified(self.overlay.borders.ends)
        return self._named(int(self.overlay.borders.left[row[nearest_edges(point, ends)].min()]))

    def entered(self, lines: Lines) -> BoolArray:
        """Tell which lines, one each a route, enter any of the areas, but for a touch."""
        found = self.overlay.stretches(lines)
        inside = found.end_m - found.start_m > _TOUCH_M
        entered = np.zeros(len(lines.route), dtype=bool)
        entered[found.route[inside]] = True
        return entered

    def _named(self, number: int) -> str:
        return f"{self.overlay.layer.volumes[number].name} ({printable(self.name)})"


def shut_areas(overlay: Overlay) -> ShutAreas:
    """Close all areas of a layer. Raises LayerError where they have too many vertices for that."""
    name = overlay.layer.name
    _check(name, len(overlay.borders.ends), MOST_DRAWN)
    ends, _ = edges_around(np.array([_together(overlay.areas)], dtype=object))
    _check(name, int(count_pieces(ends, _BEND_M).sum()), MOST_VERTICES)
    return ShutAreas(_digest(name, overlay), name, overlay, densified(ends, _BEND_M)[0])


def _check(name: str, count: int, most: int) -> None:
    if count > most:
        raise LayerError(
            f"{printable(name)}: its areas have too many vertices to be closed: {count:,}, where "
            f"long edges count as several, and {most:,} is the most"
        )


def _together(areas: npt.NDArray[np.object_]) -> shapely.Geometry:
    united: shapely.Geometry = shapely.simplify(shapely.union_all(areas), _THINNED_DEG)
    return united


def _digest(name: str, overlay: Overlay) -> str:
    """Tell areas from any others, and from states, whose codes are shorter."""
    found = hashlib.sha256(name.encode("utf-8", "surrogatepass"))
    for area in shapely.to_wkb(overlay.areas).tolist():
        found.update(area)
    return f"areas:{found.hexdigest()}"
