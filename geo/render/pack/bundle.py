"""Put all files of a pack into one ZIP, with a manifest that says what each is."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from geo.render.pack.contents import Pack
from geo.render.pack.data_files import LICENCE_URL, write_geojson
from geo.render.pack.gpx import write_gpx
from geo.render.pack.kml import write_kml
from geo.render.pack.slides import write_pptx
from geo.render.pack.tables import write_crossings_csv, write_rings_csv, write_routes_csv
from geo.render.pack.webpage import write_page
from geo.render.pack.zipped import make_zip
from geo.render.picture.fonts import plain
from geo.render.picture.pdf import write_pdf
from geo.render.picture.png import write_png
from geo.render.picture.svg import write_svg

MANIFEST = "manifest.json"
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class PackFile:
    """A file that can be made of a pack: its name, what it is in words, and how it is made."""

    name: str
    what: str
    media_type: str
    make: Callable[[], bytes]


def pack_files(pack: Pack, *, scale: float = 1) -> tuple[PackFile, ...]:
    """List the files of a pack, none of them made yet; `scale` is that of the PNG."""
    return (*_pictures(pack, scale), *_others(pack))


def _pictures(pack: Pack, scale: float) -> Iterator[PackFile]:
    def png(number: int) -> bytes:
        return write_png(pack.pictures[number], scale)

    def svg(number: int) -> bytes:
        return write_svg(pack.pictures[number]).encode()

    def pdf(number: int) -> bytes:
        return write_pdf(pack.pictures[number], pack.briefings[number].date)

    kinds = (
        ("png", "picture", "image/png", png),
        ("svg", "vectors with real text", "image/svg+xml", svg),
        ("pdf", "vectors with real text, for print", "application/pdf", pdf),
    )
    for number, briefing in enumerate(pack.briefings):
        name = f"picture-{number + 1}" if len(pack.briefings) > 1 else "picture"
        for ending, what, media_type, make in kinds:
            words = f"{plain(briefing.title)}: {what}"
            yield PackFile(f"{name}.{ending}", words, media_type, partial(make, number))


def _others(pack: Pack) -> tuple[PackFile, ...]:
    kinds = [
        ("slides.pptx", "Slides that can be edited, with speaker notes",
         "application/vnd.openxmlformats-officedocument.presentationml.presentation", write_pptx),
        ("page.html", "Live map and account, opens without a network", "text/html", write_page),
        ("data.geojson", "Places, routes and the airspaces crossed (RFC 7946)",
         "application/geo+json", write_geojson),
        ("data.kml", "Places, routes and the airspaces crossed, for globes",
         "application/vnd.google-earth.kml+xml", write_kml),
        ("data.gpx", "Places, routes and entries into airspaces, for devices",
         "application/gpx+xml", write_gpx),
        ("routes.csv", "A line for each route", "text/csv", write_routes_csv),
        ("crossings.csv", "A line for each airspace crossed", "text/csv", write_crossings_csv),
    ]  # fmt: skip
    if pack.rings:
        kinds.append(("rings.csv", "A line for each range ring", "text/csv", write_rings_csv))
    return tuple(
        PackFile(name, what, media_type, partial(write, pack))
        for name, what, media_type, write in kinds
    )


def write_bundle(
    pack: Pack, progress: Progress | None = None, *, files: Sequence[PackFile] | None = None
) -> bytes:
    """Make all files of a pack, or the given ones, and put them into a ZIP.

    `progress` is told how many are done, of how many, and the name of the next, "" at the end. The
    ZIP has the same bytes for the same pack: its dates are the briefing's.
    """
    chosen = pack_files(pack) if files is None else tuple(files)
    tell = progress or _say_nothing
    made: list[tuple[PackFile, bytes]] = []
    for file in chosen:
        tell(len(made), len(chosen), file.name)
        made.append((file, file.make()))
    tell(len(made), len(chosen), "")
    manifest = json.dumps(_manifest(pack, made), ensure_ascii=False, indent=2) + "\n"
    named = [(file.name, data) for file, data in made]
    return make_zip([(MANIFEST, manifest.encode(errors="replace")), *named], pack.first.date)


def _say_nothing(done: int, all: int, name: str) -> None:
    pass


def _manifest(pack: Pack, made: Sequence[tuple[PackFile, bytes]]) -> dict[str, object]:
    told = pack.first
    return {
        "title": told.title,
        "made": told.date.isoformat(),
        "link": pack.link,
        "versions": dict(pack.versions),
        "notes": [*told.notes, *told.ring_words],
        "credit": told.scene.credit,
        "licence": LICENCE_URL,
        "files": [
            {
                "name": file.name,
                "what": file.what,
                "media_type": file.media_type,
                "bytes": len(data),
                "sha256": hashlib.sha256(data).hexdigest(),
            }
            for file, data in made
        ],
    }
