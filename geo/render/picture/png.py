"""Write a drawing as PNG, by drawing its very SVG with resvg and the same fonts."""

import resvg_py

from geo.errors import GeoError
from geo.render.picture.drawing import Drawing
from geo.render.picture.fonts import FACES
from geo.render.picture.svg import write_svg

SCALES = (1, 2, 3, 4)
MOST_PIXELS = 60_000_000


def write_png(drawing: Drawing, scale: float = 1) -> bytes:
    """Write the drawing with `scale` pixels a page unit; the same bytes for the same drawing.

    Raises GeoError for a picture of more than 60 million pixels.
    """
    width, height = round(drawing.width * scale), round(drawing.height * scale)
    if width * height > MOST_PIXELS:
        raise GeoError(f"picture: {width} by {height} pixels are more than {MOST_PIXELS:,}")
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=write_svg(drawing, fonts=False),
            width=width,
            height=height,
            skip_system_fonts=True,
            font_files=sorted({str(face.path) for face in FACES}),
        )
    )
