"""Show which areas of opened files are closed, as closed states are shown."""

from collections.abc import Collection
from dataclasses import replace

from geo.render.legend import CLOSED
from geo.render.scene import Scene


def with_closed_areas(scene: Scene, numbers: Collection[int]) -> Scene:
    """Hatch these of a scene's areas, counted from 0."""
    if not numbers:
        return scene
    areas = tuple(
        replace(area, closed=number in numbers) for number, area in enumerate(scene.areas)
    )
    legend = scene.legend if CLOSED in scene.legend else (*scene.legend, CLOSED)
    return replace(scene, areas=areas, legend=legend)
