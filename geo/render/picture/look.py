"""Choose the colours of a picture: for a light slide, a dark one, or a printer without colours."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from geo.render.legend import LAYER_PX, RING, RING_PX
from geo.render.palette import DIRECT, LAYER, SEA
from geo.render.scene import Scene

PictureTheme = Literal["light", "dark", "print"]


@dataclass(frozen=True, slots=True)
class Look:
    """The colours of all but the routes and the airspaces, which the scene gives."""

    paper: str
    ink: str
    quiet: str
    rule: str
    sea: str
    land: str
    coast: str
    border: str
    disputed: str
    graticule: str
    halo: str
    country: str
    landing: str
    accent: str
    hatch: str


LOOKS: Mapping[PictureTheme, Look] = {
    "light": Look(
        paper="#ffffff", ink="#1d2930", quiet="#55636d", rule="#c9d2d8", sea="#dfeaf0",
        land="#f6f2e9", coast="#8fa6b3", border="#b5a999", disputed="#8c7f6e",
        graticule="#c6d6df", halo="#ffffff", country="#857c6d", landing="#009e73",
        accent="#a8322a", hatch="#bf8a86",
    ),
    "dark": Look(
        paper="#14181c", ink="#eef2f4", quiet="#a9b4bc", rule="#3a444c", sea="#1a222a",
        land="#2b3138", coast="#59707f", border="#596069", disputed="#8a8f96",
        graticule="#26343f", halo="#14181c", country="#98a1a8", landing="#35c49a",
        accent="#ff8a7a", hatch="#8d6668",
    ),
    "print": Look(
        paper="#ffffff", ink="#000000", quiet="#444444", rule="#bbbbbb", sea="#ffffff",
        land="#f7f7f7", coast="#777777", border="#9a9a9a", disputed="#777777",
        graticule="#dddddd", halo="#ffffff", country="#555555", landing="#6a6a6a",
        accent="#000000", hatch="#808080",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pen:
    """How a way is drawn: its colour, its width, and the colour of its core, if it has one."""

    colour: str
    width: float
    core: str = ""


# By the colour and the width that a scene gives a line.
Pens: TypeAlias = Mapping[tuple[str, float], Pen]


def pens(scene: Scene, theme: PictureTheme) -> dict[tuple[str, float], Pen]:
    """Give each kind of line of the scene its pen; without colours, ways differ by their form."""
    kinds = [(item.colour, item.width) for item in scene.legend if item.width]
    kinds += [(line.colour, line.width) for line in scene.lines]
    kinds += [layer_kind(), ring_kind(scene)]
    found: dict[tuple[str, float], Pen] = {}
    strong = 0
    # Where only direct lines are shown, they are what the map is about.
    alone = all(line.width < _THIN for line in scene.lines)
    for colour, width in dict.fromkeys(kinds):
        if not colour.startswith("#"):
            continue
        direct = colour in DIRECT.values()
        drawn = _ALONE if direct and alone else width
        if theme != "print":
            found[colour, width] = Pen(colour, drawn)
        elif width < _THIN:
            found[colour, width] = Pen("#5a5a5a" if direct else "#333333", drawn)
        else:
            found[colour, width] = _PRINTED[strong % len(_PRINTED)]
            strong += 1
    return found


def layer_kind() -> tuple[str, float]:
    """Name the pen of an opened layer's outlines."""
    return LAYER, LAYER_PX


def ring_kind(scene: Scene) -> tuple[str, float]:
    """Name the pen of range rings."""
    return RING[scene.theme], RING_PX


_THIN = 2.0
_ALONE = 2.8
_PRINTED = (
    Pen("#000000", 3.4), Pen("#000000", 6.2, "#ffffff"), Pen("#777777", 5.0),
    Pen("#000000", 7.6, "#aaaaaa"),
)  # fmt: skip
_PRINTED_TINTS = ("#e2e2e2", "#cbcbcb", "#ececec", "#d7d7d7")


def tint(colour: str, theme: PictureTheme, number: int) -> str:
    """Turn an airspace's tint into a grey for the printer; `number` counts the tints."""
    if theme != "print" or not colour:
        return colour
    return "#ffffff" if colour in SEA.values() else _PRINTED_TINTS[number % len(_PRINTED_TINTS)]
