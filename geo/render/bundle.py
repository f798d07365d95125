"""Write many routes as one text that the map draws them from."""

import json
from dataclasses import replace

import numpy as np

from geo.model import FloatArray
from geo.render.legend import LegendItem
from geo.render.palette import LAYER
from geo.render.scene import Bundle, Scene
from geo.survey import Survey

_DECIMALS = 3


def bundle_text(survey: Survey) -> str:
    """Write routes as JSON: `lines` are latitudes and longitudes in turn, `lengths_m` are whole."""
    lines = [line[:, ::-1].round(_DECIMALS).ravel().tolist() for line in _in_one_world(survey)]
    routes = {
        "names": survey.names,
        "lengths_m": survey.length_m.round().astype(int).tolist(),
        "airspaces": [", ".join(names) for names in survey.airspaces],
        "lines": lines,
    }
    return json.dumps(routes, ensure_ascii=False, separators=(",", ":"))


def with_bundle(scene: Scene, name: str, url: str, survey: Survey) -> Scene:
    """Draw many routes on a scene, with a line in its legend, and in its bounds."""
    points = np.concatenate([*_in_one_world(survey), np.reshape(scene.bounds, (2, 2))])
    (west, south), (east, north) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    if east - west > 360:
        west, east = -180.0, 180.0
    text = f"{name}: {len(survey.names):,} routes"
    legend = LegendItem("Opened routes"), LegendItem(text, colour=LAYER, width=1.5)
    return replace(
        scene,
        bounds=(west, south, east, north),
        bundles=(*scene.bundles, Bundle(url, LAYER)),
        legend=(*scene.legend, *legend),
    )


def _in_one_world(survey: Survey) -> list[FloatArray]:
    """Move lines by whole turns, so that the middle of each lies in -180..180."""
    middles = [(line[:, 0].min() + line[:, 0].max()) / 2 for line in survey.lines]
    return [
        line - (360 * round(middle / 360), 0)
        for line, middle in zip(survey.lines, middles, strict=True)
    ]
