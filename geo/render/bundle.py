"""Write many routes as texts that the map draws them from, and tells what they pass."""

import json
from dataclasses import replace

import numpy as np

from geo.render.legend import LegendItem
from geo.render.palette import LAYER
from geo.render.scene import Bundle, Scene
from geo.survey import Survey

# What the text about a bundle is called beside it.
PASSED = "passed.json"
_PARTS = 1000


def bundle_text(survey: Survey) -> str:
    """Write routes as JSON, lengths in whole metres.

    `lines` are latitude and longitude in turn, in thousandths of a degree, each as what it adds to
    the one before; `counts` are how many points each line has.
    """
    counts = [len(line) for line in survey.lines]
    parts = np.rint(np.concatenate(survey.lines)[:, ::-1] * _PARTS).astype(np.int64)
    steps = np.diff(parts, axis=0, prepend=0)
    return _json(
        {
            "names": survey.names,
            "lengths_m": survey.length_m.round().astype(int).tolist(),
            "counts": counts,
            "parts": _PARTS,
            "lines": steps.ravel().tolist(),
        }
    )


def passed_text(survey: Survey) -> str:
    """Write as JSON what airspaces each route passes, in order."""
    return _json([", ".join(names) for names in survey.airspaces])


def with_bundle(scene: Scene, name: str, url: str, survey: Survey) -> Scene:
    """Draw many routes on a scene, with a line in its legend, and in its bounds."""
    (west, south, east, north), bounds = survey.bounds, scene.bounds
    west, south = min(west, bounds[0]), min(south, bounds[1])
    east, north = max(east, bounds[2]), max(north, bounds[3])
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


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
