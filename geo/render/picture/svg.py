"""Write a drawing as SVG: real text, with the fonts it needs inside the file."""

import base64
from collections.abc import Iterator
from html import escape

from geo.render.picture.drawing import Box, Drawing, Group, Item, Point, Shape, Text, each_item
from geo.render.picture.fonts import FALLBACK, FAMILY, Face, runs, subset


def write_svg(drawing: Drawing, *, fonts: bool = True) -> str:
    """Write the drawing; without `fonts`, whoever draws it has to have them."""
    width, height = _number(drawing.width), _number(drawing.height)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" aria-labelledby="title desc">'
        f'<title id="title">{escape(drawing.title)}</title>'
        f'<desc id="desc">{escape(drawing.alt)}</desc>'
    )
    style = f"<style>{_font_faces(drawing)}</style>" if fonts else ""
    # Programs that read no fonts from a file do best with one of about the same width.
    families = f"'{FAMILY}', '{FALLBACK}', Arial, 'Liberation Sans', sans-serif"
    clips = "".join(_clips(drawing.items))
    body = "".join(piece for item in drawing.items for piece in _item(item))
    return (
        f"{head}{style}<defs>{clips}</defs>"
        f'<rect width="{width}" height="{height}" fill="{drawing.background}"/>'
        f'<g font-family="{families}" stroke-linejoin="round" xml:space="preserve">'
        f"{body}</g></svg>\n"
    )


def letters(drawing: Drawing) -> dict[Face, set[str]]:
    """List the letters that a drawing needs of each face."""
    found: dict[Face, set[str]] = {}
    for item in each_item(drawing.items):
        if isinstance(item, Text):
            for face, part in runs(item.text, item.weight):
                found.setdefault(face, set()).update(part)
    return found


def _font_faces(drawing: Drawing) -> str:
    needed = letters(drawing)
    return "".join(
        f"@font-face{{font-family:'{face.family}';font-weight:{face.weight};src:url("
        f"data:font/ttf;base64,{base64.b64encode(subset(face, sorted(used))).decode()})}}"
        for face, used in sorted(needed.items(), key=lambda each: (each[0].family, each[0].weight))
    )


def _clips(items: tuple[Item, ...]) -> Iterator[str]:
    for item in items:
        if isinstance(item, Group):
            if item.clip:
                yield f'<clipPath id="clip-{escape(item.id)}">{_rect(item.clip)}</clipPath>'
            yield from _clips(item.items)


def _rect(box: Box) -> str:
    return (
        f'<rect x="{_number(box.left)}" y="{_number(box.top)}" '
        f'width="{_number(box.width)}" height="{_number(box.height)}"/>'
    )


def _item(item: Item) -> Iterator[str]:
    if isinstance(item, Shape):
        yield _shape(item)
    elif isinstance(item, Text):
        yield _text(item)
    else:
        clip = f' clip-path="url(#clip-{escape(item.id)})"' if item.clip else ""
        yield f'<g id="{escape(item.id)}"{clip}>'
        if item.alt:
            yield f"<title>{escape(item.alt)}</title>"
        for child in item.items:
            yield from _item(child)
        yield "</g>"


def _shape(shape: Shape) -> str:
    path = "".join(_path(part, closed=shape.closed) for part in shape.parts)
    if not path:
        return ""
    attributes = {
        "class": shape.id,
        "d": path,
        "fill": shape.fill or "none",
        "fill-rule": "evenodd" if shape.fill and len(shape.parts) > 1 else "",
        "stroke": shape.stroke,
        "stroke-width": _number(shape.width) if shape.stroke else "",
        "stroke-dasharray": " ".join(map(_number, shape.dash)) if shape.stroke else "",
        "stroke-linecap": "round" if shape.round_ends else "",
    }
    written = " ".join(f'{name}="{escape(text)}"' for name, text in attributes.items() if text)
    if shape.alt:
        return f"<path {written}><title>{escape(shape.alt)}</title></path>"
    return f"<path {written}/>"


def _path(points: tuple[Point, ...], *, closed: bool) -> str:
    inner = "L".join(f"{_number(x)},{_number(y)}" for x, y in points)
    return f"M{inner}{'Z' if closed else ''}"


def _text(text: Text) -> str:
    attributes = {
        "class": text.id,
        "x": _number(text.x),
        "y": _number(text.y),
        "font-size": _number(text.size),
        "font-weight": str(text.weight) if text.weight != 400 else "",
        "fill": text.colour,
        "text-anchor": text.anchor if text.anchor != "start" else "",
        "letter-spacing": _number(text.spacing) if text.spacing else "",
    }
    written = " ".join(f'{name}="{escape(value)}"' for name, value in attributes.items() if value)
    halo = ""
    if text.halo:
        halo = (
            f' stroke="{text.halo}" stroke-width="{_number(text.size * 0.22)}" paint-order="stroke"'
        )
    return f"<text {written}{halo}>{escape(text.text)}</text>"


def _number(value: float) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
