import hashlib
import io
import json
import zipfile
from dataclasses import replace
from functools import cache, partial

import pypdf
from PIL import Image
from pptx import Presentation

from geo.render.pack.bundle import MANIFEST, PackFile, pack_files, write_bundle
from geo.render.picture.layout import SIZES
from tests.test_pack_contents import LINK, VERSIONS, deck, small_pack

NAMES = [
    "picture.png", "picture.svg", "picture.pdf", "slides.pptx", "page.html", "data.geojson",
    "data.kml", "data.gpx", "routes.csv", "crossings.csv",
]  # fmt: skip


def opened(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        assert packed.testzip() is None
        return {name: packed.read(name) for name in packed.namelist()}


@cache
def small_bundle() -> bytes:
    return write_bundle(small_pack())


def test_the_manifest_tells_what_each_file_is() -> None:
    pack = small_pack()
    files = opened(small_bundle())
    assert list(files) == [MANIFEST, *NAMES]
    manifest = json.loads(files[MANIFEST])
    assert manifest["title"] == pack.first.title
    assert manifest["made"] == "2026-03-05"
    assert manifest["link"] == LINK
    assert manifest["versions"] == VERSIONS
    assert manifest["credit"] == pack.first.scene.credit
    told = {each["name"]: each for each in manifest["files"]}
    assert list(told) == NAMES
    for name, each in told.items():
        assert each["sha256"] == hashlib.sha256(files[name]).hexdigest()
        assert each["bytes"] == len(files[name])
        assert each["what"]
        assert "/" in each["media_type"]


def test_the_same_pack_gives_the_same_zip() -> None:
    assert write_bundle(replace(small_pack())) == small_bundle()
    with zipfile.ZipFile(io.BytesIO(small_bundle())) as packed:
        assert {each.date_time for each in packed.infolist()} == {(2026, 3, 5, 0, 0, 0)}


def test_progress_counts_up_to_the_end() -> None:
    told: list[tuple[int, int, str]] = []
    made: list[str] = []

    def make(name: str) -> bytes:
        made.append(name)
        return name.encode()

    names = ["a", "b", "c"]
    files = [PackFile(name, "a file", "text/plain", partial(make, name)) for name in names]
    data = write_bundle(small_pack(), lambda *step: told.append(step), files=files)
    assert told == [(0, 3, "a"), (1, 3, "b"), (2, 3, "c"), (3, 3, "")]
    assert made == names
    assert opened(data)["b"] == b"b"


def test_a_choice_of_files_is_a_smaller_zip() -> None:
    pack = small_pack()
    chosen = [file for file in pack_files(pack) if file.name.startswith("data.")]
    assert list(opened(write_bundle(pack, files=chosen))) == [
        MANIFEST, "data.geojson", "data.kml", "data.gpx",
    ]  # fmt: skip


def test_a_deck_has_a_picture_for_each_slide() -> None:
    pack = deck()
    names = [file.name for file in pack_files(pack)]
    assert len(names) == len(set(names)) == 3 * len(pack.briefings) + 7
    assert names[:4] == ["picture-1.png", "picture-1.svg", "picture-1.pdf", "picture-2.png"]


def test_pictures_have_the_size_that_is_asked_for() -> None:
    pack = replace(small_pack(), size=SIZES["square"])
    made = {file.name: file for file in pack_files(pack, scale=2)}
    assert Image.open(io.BytesIO(made["picture.png"].make())).size == (2160, 2160)
    box = pypdf.PdfReader(io.BytesIO(made["picture.pdf"].make())).pages[0].mediabox
    assert (box.width, box.height) == (810, 810)
    show = Presentation(io.BytesIO(made["slides.pptx"].make()))
    assert (show.slide_width, show.slide_height) == (12_192_000, 6_858_000)
