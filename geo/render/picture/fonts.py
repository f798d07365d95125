"""Measure text by the very font files that the picture is set in, and cut the files to size.

Source Sans Pro (SIL Open Font License) has Latin, Greek and Cyrillic letters; what it lacks, Hebrew
and Arabic, is set in Rubik (SIL Open Font License). Neither has any others, such as Chinese.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import groupby
from pathlib import Path

import uharfbuzz as hb

from geo.render.picture.drawing import Point

FAMILY = "Source Sans Pro"
FALLBACK = "Rubik"
WEIGHTS = {400: "Regular", 600: "Semibold", 700: "Bold"}
# Of the size of a text: how high its capitals and long letters reach, and how deep its tails.
ASCENT = 0.74
DESCENT = 0.24
_ELLIPSIS = "…"
_SHARES = (1 / 3, 2 / 3, 1.0)
_RIGHT_TO_LEFT = {"R", "AL", "AN"}


@dataclass(frozen=True, slots=True)
class Face:
    """A font of one family and weight."""

    family: str
    weight: int

    @property
    def path(self) -> Path:
        """Where its file is installed."""
        if self.family == FAMILY:
            name = f"SourceSansPro-{WEIGHTS[self.weight]}.ttf"
            return Path(str(files("font_source_sans_pro") / "files" / name))
        return Path(str(files("fontpkg_rubik") / "files" / "Rubik[wght].ttf"))


FACES = tuple(Face(family, weight) for family in (FAMILY, FALLBACK) for weight in WEIGHTS)


@lru_cache(maxsize=len(FACES))
def _opened(face: Face) -> tuple[hb.Face, hb.Font, frozenset[int]]:
    opened = hb.Face(hb.Blob.from_file_path(face.path))
    font = hb.Font(opened)
    if face.family == FALLBACK:
        font.set_variations({"wght": float(face.weight)})
    return opened, font, frozenset(opened.unicodes)


def runs(text: str, weight: int) -> list[tuple[Face, str]]:
    """Split a text by the face that each letter is set in and by direction."""
    main, spare = Face(FAMILY, weight), Face(FALLBACK, weight)
    has, spare_has = _opened(main)[2], _opened(spare)[2]

    def kind(letter: str) -> tuple[bool, bool]:
        code = ord(letter)
        return code not in has and code in spare_has, _runs_left(letter)

    return [
        (spare if spared else main, "".join(part)) for (spared, _), part in groupby(text, key=kind)
    ]


def _runs_left(letter: str) -> bool:
    return unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT


@lru_cache(maxsize=8192)
def _advance(text: str, weight: int) -> float:
    total = 0.0
    for face, part in runs(text, weight):
        positions = _shaped(face, part).glyph_positions
        total += sum(each.x_advance for each in positions) / _opened(face)[0].upem
    return total


def _shaped(face: Face, text: str) -> hb.Buffer:
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    hb.shape(_opened(face)[1], buffer)
    return buffer


def text_width(text: str, size: float, weight: int = 400, spacing: float = 0.0) -> float:
    """Measure a line of text, kerning included; `spacing` is added after every letter."""
    return _advance(text, weight) * size + spacing * len(text)


def fitted(text: str, size: float, width: float, weight: int = 400) -> str:
    """Shorten a text to a width by an ellipsis."""
    if text_width(text, size, weight) <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if text_width(text[:middle].rstrip() + _ELLIPSIS, size, weight) <= width:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + _ELLIPSIS


def wrapped(text: str, size: float, width: float, weight: int = 400) -> list[str]:
    """Break a text into lines; a word that is wider than a line is broken too."""
    lines: list[str] = []
    line = ""
    words = [
        piece for whole in text.split(" ") if whole for piece in _pieces(whole, size, width, weight)
    ]
    for word in words:
        longer = f"{line} {word}" if line else word
        if line and text_width(longer, size, weight) > width:
            lines.append(line)
            longer = word
        line = longer
    return [*lines, line] if line else lines


def _pieces(word: str, size: float, width: float, weight: int) -> Iterable[str]:
    rest = word
    while text_width(rest, size, weight) > width and len(rest) > 1:
        count = max(1, int(len(rest) * width / text_width(rest, size, weight)))
        while count > 1 and text_width(rest[:count], size, weight) > width:
            count -= 1
        yield rest[:count]
        rest = rest[count:]
    yield rest


def cut_to(lines: list[str], most: int, size: float, width: float, weight: int = 400) -> list[str]:
    """Keep the first lines, the last of them ending in an ellipsis where others are left out."""
    if len(lines) <= most:
        return lines
    last = f"{lines[most - 1]} {lines[most]}"
    return [*lines[: most - 1], fitted(last, size, width, weight)] if most else []


def subset(face: Face, letters: Iterable[str]) -> bytes:
    """Cut a face to some letters, as a TrueType file of its own with one weight."""
    wanted = hb.SubsetInput()
    wanted.unicode_set.update(map(ord, letters))
    opened, _, _ = _opened(face)
    if face.family == FALLBACK:
        wanted.pin_axis_location(opened, "wght", float(face.weight))
    cut: bytes = hb.subset(opened, wanted).blob.data
    return cut


def outlines(
    text: str, size: float, weight: int, spacing: float, at: Point
) -> tuple[tuple[Point, ...], ...]:
    """Draw the outlines of a line of text from its left end on, as rings of straight pieces.

    A text with letters that run to the left has none.
    """
    if any(map(_runs_left, text)):
        return ()
    x, rings = at[0], []
    for face, part in runs(text, weight):
        _, font, _ = _opened(face)
        scale = size / font.face.upem
        buffer = _shaped(face, part)
        for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            pen = _Rings()
            font.draw_glyph_with_pen(info.codepoint, pen)
            rings += [
                tuple(
                    (
                        x + (position.x_offset + right) * scale,
                        at[1] - (position.y_offset + up) * scale,
                    )
                    for right, up in ring
                )
                for ring in pen.rings
                if len(ring) > 2
            ]
            x += position.x_advance * scale + spacing
    return tuple(rings)


class _Rings:
    """Collects outlines, each curve as a few straight pieces."""

    def __init__(self) -> None:
        self.rings: list[list[Point]] = []

    def moveTo(self, at: Point) -> None:  # noqa: N802 - the pen's protocol names it so
        self.rings.append([at])

    def lineTo(self, at: Point) -> None:  # noqa: N802
        self.rings[-1].append(at)

    def qCurveTo(self, by: Point, to: Point) -> None:  # noqa: N802
        (x0, y0), (x1, y1), (x2, y2) = self.rings[-1][-1], by, to
        for t in _SHARES:
            a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
            self.rings[-1].append((a * x0 + b * x1 + c * x2, a * y0 + b * y1 + c * y2))

    def curveTo(self, first: Point, second: Point, to: Point) -> None:  # noqa: N802
        (x0, y0) = self.rings[-1][-1]
        for t in _SHARES:
            a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
            x = a * x0 + b * first[0] + c * second[0] + d * to[0]
            self.rings[-1].append((x, a * y0 + b * first[1] + c * second[1] + d * to[1]))

    def closePath(self) -> None:  # noqa: N802
        """Rings are closed as they are."""

    def endPath(self) -> None:  # noqa: N802
        """Rings are closed as they are."""


def plain(text: str) -> str:
    """Put one space for each control, break or half of a letter, which no format can hold."""
    return " ".join("".join(" " if _odd(letter) else letter for letter in text).split(" "))


def _odd(letter: str) -> bool:
    return unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} or letter in "\ufffe\uffff"
