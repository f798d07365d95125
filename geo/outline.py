"""Hold an area as a layer file draws it, before it is brought onto the map."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geo.model import FloatArray
from geo.text import printable

MAX_VOLUMES = 50_000
_MAX_TEXT = 200

Rings = list[FloatArray]


@dataclass(frozen=True, slots=True)
class Outline:
    """What a file says of an area; `where` names its place there, for messages.

    `texts` are the text fields of a `Volume`. Each polygon is a shell and its holes, in lon/lat as
    written. `no_area` tells why there is none to draw, and is empty where there is one.
    """

    where: str
    number: int
    texts: dict[str, str]
    polygons: Sequence[Rings] = ()
    no_area: str = ""


def shortened(text: str) -> str:
    """Bring a file's text onto one line that is not endless."""
    return printable(text)[:_MAX_TEXT]


def first_text(fields: Mapping[str, Any], keys: Sequence[str]) -> str:
    """Take the first of these fields that holds a text or a number; objects as they are written."""
    for key in keys:
        value = fields.get(key)
        if value is not None and not isinstance(value, bool) and value not in ("", [], {}):
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            if short := shortened(text):
                return short
    return ""
