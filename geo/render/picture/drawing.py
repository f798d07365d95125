"""Hold a finished picture as shapes and texts, before any file format.

All lengths are in page units of 1/96 inch, x to the right and y down from the upper left corner.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

Point: TypeAlias = tuple[float, float]
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle by its edges."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """From edge to edge."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From edge to edge."""
        return self.bottom - self.top

    @property
    def middle(self) -> Point:
        """The point that is equally far from opposite edges."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def grown(self, by: float) -> "Box":
        """Move every edge outwards."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def overlaps(self, other: "Box") -> bool:
        """Tell whether they share more than an edge."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def holds(self, other: "Box") -> bool:
        """Tell whether the other lies within."""
        return (
            self.left <= other.left
            and self.top <= other.top
            and other.right <= self.right
            and other.bottom <= self.bottom
        )

    @property
    def ring(self) -> tuple[Point, ...]:
        """The corners, clockwise on the page."""
        return (
            (self.left, self.top),
            (self.right, self.top),
            (self.right, self.bottom),
            (self.left, self.bottom),
        )


@dataclass(frozen=True, slots=True)
class Shape:
    """Lines, or with `closed` rings filled by the even-odd rule; `dash` are lengths on and off."""

    parts: tuple[tuple[Point, ...], ...]
    closed: bool = False
    fill: str = ""
    stroke: str = ""
    width: float = 0.0
    dash: tuple[float, ...] = ()
    round_ends: bool = False
    id: str = ""
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text; `y` is its baseline, and `halo` a colour round its letters."""

    text: str
    x: float
    y: float
    size: float
    colour: str
    weight: int = 400
    anchor: Anchor = "start"
    spacing: float = 0.0
    halo: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Items that belong together, shown only inside `clip` where there is one."""

    id: str
    items: tuple["Item", ...]
    alt: str = ""
    clip: Box | None = None


Item: TypeAlias = Shape | Text | Group


@dataclass(frozen=True, slots=True)
class Drawing:
    """A finished picture; `alt` tells all of it in words."""

    width: float
    height: float
    background: str
    title: str
    alt: str
    items: tuple[Item, ...]


def each_item(items: tuple[Item, ...]) -> Iterator[Shape | Text]:
    """Walk through all shapes and texts, the undermost first."""
    for item in items:
        if isinstance(item, Group):
            yield from each_item(item.items)
        else:
            yield item
