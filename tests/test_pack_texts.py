"""Put texts that are hard to write into every format, and read them back with other libraries."""

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pypdf
import pytest
from pptx import Presentation

from geo.render.pack.bundle import pack_files
from geo.render.pack.contents import Pack
from geo.render.picture.fonts import plain
from tests.test_pack_contents import NASTY, with_texts


def squeezed(text: str) -> str:
    """Leave out what tells lines and paragraphs apart."""
    return "".join(text.split())


def in_xml(data: bytes) -> str:
    root = ET.fromstring(data)  # noqa: S314
    assert "script" not in {element.tag.rpartition("}")[2] for element in root.iter()}
    return "".join(root.itertext())


def in_page(data: bytes) -> str:
    class Words(HTMLParser):
        words = ""

        def handle_data(self, data: str) -> None:
            self.words += data

    page = Words()
    page.feed(data.decode())
    page.close()
    return page.words


def in_slides(data: bytes) -> str:
    slides = Presentation(io.BytesIO(data)).slides
    return "".join(
        shape.text_frame.text for slide in slides for shape in slide.shapes if shape.has_text_frame
    )


def in_json(data: bytes) -> str:
    def words(form: object) -> str:
        if isinstance(form, dict):
            return "".join(map(words, form.values()))
        return "".join(map(words, form)) if isinstance(form, list) else plain(str(form))

    return words(json.loads(data))


def in_table(data: bytes) -> str:
    return "".join(
        "".join(row) for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    )


def in_pdf(data: bytes) -> str:
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)


READERS: Mapping[str, Callable[[bytes], str]] = {
    "picture.svg": in_xml, "picture.pdf": in_pdf, "slides.pptx": in_slides, "page.html": in_page,
    "data.geojson": in_json, "data.kml": in_xml, "data.gpx": in_xml, "routes.csv": in_table,
    "crossings.csv": in_table,
}  # fmt: skip
# Without a title: there it is the name of a place.
TABLES = {"routes.csv", "crossings.csv"}


def test_every_format_that_has_words_is_read() -> None:
    names = {file.name for file in pack_files(with_texts(("A", "B")))}
    assert names - {"picture.png"} == set(READERS)


@cache
def hard(number: int) -> Pack:
    return with_texts(NASTY[number:] + NASTY[:number])


@pytest.mark.parametrize("number", range(len(NASTY)))
@pytest.mark.parametrize("name", READERS)
def test_hard_texts_survive(name: str, number: int) -> None:
    pack = hard(number)
    (data,) = (file.make() for file in pack_files(pack) if file.name == name)
    said = squeezed(READERS[name](data))
    places = pack.first.rows[-1].flight.route.places
    wanted = squeezed(plain(places[-1].name if name in TABLES else pack.first.title))
    if name == "picture.pdf":
        # Words from right to left are read in an order of the reader's own.
        assert Counter(wanted) <= Counter(said)
    else:
        assert wanted in said
