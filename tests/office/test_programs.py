"""Hold what programs that nobody here wrote read of a pack against what was put in."""

import io
import os
import re
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter

from geo.model import FloatArray
from geo.ranges import RangeRing
from geo.render.pack.contents import Pack
from geo.render.pack.data_files import shown_places, write_geojson
from geo.render.pack.gpx import write_gpx
from geo.render.pack.kml import write_kml
from geo.render.pack.lines import draw_lines
from geo.render.pack.slides import write_pptx
from geo.render.picture.drawing import Drawing
from geo.render.picture.fonts import FACES, plain
from geo.render.picture.pdf import write_pdf
from geo.render.picture.png import write_png
from geo.render.picture.svg import write_svg
from tests import shipped
from tests.picture_views import make_view
from tests.test_pack_contents import DATE, NASTY, deck, odd_pack, pack_of, with_texts
from tests.test_picture import texts

CYRILLIC = "Домна и Ахтубинск — «ёлки» ğışə"
# A blurred pixel may differ so much on the average, and at the worst but for a two-hundredth.
OTHER_FONTS, SAME_FONTS = (6.0, 70.0), (2.0, 20.0)
FONTS = (
    """<?xml version="1.0"?><fontconfig><cachedir>{folder}/cache</cachedir>{dirs}</fontconfig>"""
)
SMALL = (240, 135)


def run(*command: str | Path, **environment: str) -> str:
    """Run a program, and return what it prints."""
    done = subprocess.run(  # noqa: S603
        list(map(str, command)), check=False, capture_output=True, text=True, timeout=120,
        env=os.environ | environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def blurred(image: Image.Image) -> FloatArray:
    small = image.convert("RGB").resize(SMALL, Image.Resampling.BOX)
    return np.asarray(small.filter(ImageFilter.GaussianBlur(1)), dtype=float)


def assert_alike(found: Image.Image, drawing: Drawing, most: tuple[float, float]) -> None:
    expected = Image.open(io.BytesIO(write_png(drawing, 0.5)))
    off = np.abs(blurred(found) - blurred(expected))
    assert off.mean() < most[0]
    assert np.percentile(off, 99.5) < most[1]


def ring_pack() -> Pack:
    ring = RangeRing("500 nmi, around Hmeymim", "500 nmi", shipped.HMEYMIM, 926_000.0)
    return pack_of(make_view(told=True, rings=[ring]))


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("office")


def test_libreoffice_draws_the_deck_as_its_pictures_are(folder: Path) -> None:
    pack = pack_of(*deck().briefings, *ring_pack().briefings)
    (folder / "deck.pptx").write_bytes(write_pptx(pack))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    run("soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", folder,
        folder / "deck.pptx")  # fmt: skip
    run("pdftoppm", "-r", "72", "-png", folder / "deck.pdf", folder / "slide")
    pages = sorted(folder.glob("slide*.png"))
    assert len(pages) == len(pack.slides)
    for page, drawing in zip(pages, pack.slides, strict=True):
        # Another font moves letters a little; a shape that is missing or astray is far more.
        assert_alike(Image.open(page), drawing, OTHER_FONTS)
    words = run("pdftotext", folder / "deck.pdf", "-")
    assert all(told.title.split()[0] in words for told in pack.briefings)


@pytest.mark.parametrize("number", range(3))
def test_librsvg_draws_the_svg_as_the_png_is(number: int, folder: Path) -> None:
    pack = (deck(), ring_pack(), with_texts((CYRILLIC, "Place")))[number]
    (drawing,) = pack.pictures[:1]
    svg, png = folder / f"{number}.svg", folder / f"{number}.png"
    svg.write_text(write_svg(drawing), encoding="utf-8")
    # librsvg reads no fonts from a file, but from where fontconfig has them.
    dirs = "".join(f"<dir>{each}</dir>" for each in {face.path.parent for face in FACES})
    config = folder / "fonts.conf"
    config.write_text(FONTS.format(folder=folder, dirs=dirs), encoding="utf-8")
    run("rsvg-convert", "--width", "960", "--output", png, svg, FONTCONFIG_FILE=str(config))
    assert_alike(Image.open(png), drawing, SAME_FONTS)


def test_poppler_draws_the_pdf_as_the_png_is(folder: Path) -> None:
    (drawing,) = ring_pack().pictures
    (folder / "ring.pdf").write_bytes(write_pdf(drawing, DATE))
    run("pdftoppm", "-r", "48", "-png", "-singlefile", folder / "ring.pdf", folder / "ring")
    assert_alike(Image.open(folder / "ring.png"), drawing, SAME_FONTS)


@pytest.mark.parametrize("name", ["told", "cyrillic"])
def test_poppler_reads_every_word_of_the_pdf_and_its_fonts_are_in_it(
    name: str, folder: Path
) -> None:
    pack = ring_pack() if name == "told" else with_texts((CYRILLIC, "Place & <b>"))
    (drawing,) = pack.pictures
    file = folder / f"{name}.pdf"
    file.write_bytes(write_pdf(drawing, DATE))
    said = "".join(run("pdftotext", "-raw", file, "-").split())
    missed = [text.text for text in texts(drawing) if "".join(text.text.split()) not in said]
    assert missed == []
    fonts = run("pdffonts", file).splitlines()
    heads = fonts[0].index("emb")
    assert len(fonts) > 3
    assert {line[heads : heads + 11] for line in fonts[2:]} == {"yes yes yes"}


def layers(file: Path) -> dict[str, tuple[int, str]]:
    """List what GDAL finds in a file: how many features a layer has, and all that it says of it."""
    said = run("ogrinfo", "-ro", "-al", file)
    parts = re.split(r"^Layer name: (.*)$", said, flags=re.MULTILINE)[1:]
    counts = [
        int(re.findall(r"^Feature Count: (\d+)$", part, re.MULTILINE)[0]) for part in parts[1::2]
    ]
    return dict(zip(parts[::2], zip(counts, parts[1::2], strict=True), strict=True))


@pytest.mark.parametrize("name", ["antimeridian", "over the pole", "rings", "nasty"])
def test_gdal_reads_geojson_kml_and_gpx(name: str, folder: Path) -> None:
    packs: Mapping[str, Callable[[], Pack]] = {
        "rings": ring_pack,
        "nasty": lambda: with_texts(NASTY),
    }
    pack = packs[name]() if name in packs else odd_pack(name)
    places, routes, rings = len(list(shown_places(pack))), len(pack.rows), len(pack.rings)
    stretches = [len(each.stretches) for each in draw_lines(pack)]
    files = {"geojson": write_geojson, "kml": write_kml, "gpx": write_gpx}
    for ending, write in files.items():
        (folder / f"data.{ending}").write_bytes(write(pack))
    (whole,) = layers(folder / "data.geojson").values()
    assert whole[0] == places + routes + sum(stretches) + rings
    assert 'ID["EPSG",4326]' in whole[1]
    assert all(plain(row.flight.plan.name) in whole[1] for row in pack.rows)
    kml = layers(folder / "data.kml")
    assert (kml["Places"][0], kml["Routes"][0]) == (places, routes)
    assert kml.get("Range rings", (0, ""))[0] == rings
    assert sum(count for count, _ in kml.values()) == places + routes + rings + sum(stretches)
    gpx = layers(folder / "data.gpx")
    assert gpx["waypoints"][0] == places + sum(stretches) - routes
    assert gpx["routes"][0] == routes
    assert gpx["tracks"][0] == routes + rings
    for told in shown_places(pack):
        assert plain(told.name).strip() in kml["Places"][1]
        assert plain(told.name).strip() in gpx["waypoints"][1]
