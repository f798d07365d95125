"""Answer `python -m geo brief`: a view or a preset of the story as a picture, a deck or a pack."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import click

from geo.aircraft import NO_FLEET, load_fleet
from geo.airspace import Airspace
from geo.closure import Closure
from geo.commands.corridor import CELLS, CORNERS
from geo.commands.options import airspace_option, land_option, load_airspace, story_option
from geo.compare import Flight, fly
from geo.corridor import Router, load_ground
from geo.edge import Edges
from geo.errors import PlaceError
from geo.finder import make_finder
from geo.link import read_link
from geo.model import Place
from geo.open_ways import OpenWays, edges_of, fly_open, with_open_way
from geo.pathspec import Find
from geo.places import Gazetteer, make_gazetteer
from geo.readers import MAX_BYTES
from geo.render.pack.bundle import pack_files, write_bundle
from geo.render.pack.contents import Pack
from geo.render.pack.versions import VERSIONS
from geo.render.picture import presets
from geo.render.picture.briefing import Briefing
from geo.render.picture.layout import SIZE_WORDS, SIZES, read_size
from geo.render.picture.look import PictureTheme
from geo.render.picture.presets import PRESETS, Material
from geo.render.picture.projection import KINDS, Kind
from geo.ringspec import is_ring
from geo.saving import save
from geo.schema import Story
from geo.story import load_story
from geo.viewed import fly_view, open_file

_VIEW, _DECK = "view", "deck"
FLEET = CORNERS.with_name("aircraft.json")
_MOST_REMARKS = 20
_FILES: Mapping[str, str] = {
    ".png": "picture.png", ".svg": "picture.svg", ".pdf": "picture.pdf", ".pptx": "slides.pptx",
    ".html": "page.html", ".geojson": "data.geojson", ".kml": "data.kml", ".gpx": "data.gpx",
}  # fmt: skip
_ENDINGS = ", ".join([*_FILES, ".zip"])
_COLOURS: Mapping[str, PictureTheme] = {"light": "light", "dark": "dark", "print": "print"}


def _out(context: click.Context, parameter: click.Parameter, out: Path) -> Path:
    if out.suffix.lower() not in (*_FILES, ".zip"):
        raise click.BadParameter(f"{out.name} ends in none of {_ENDINGS}")
    return out


@click.command()
@click.option("--link", default="", metavar="LINK", help="A link to the atlas, as its page has it.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path),
              callback=_out, metavar="FILE", help=f"What to write: {_ENDINGS}.")  # fmt: skip
@click.option(
    "--open",
    "opened",
    multiple=True,
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Routes, places or areas to show too, as the page opens them; may be given again.",
)
@click.option("--slide", type=click.Choice([_VIEW, *PRESETS, _DECK]), default=_VIEW,
              show_default=True, help="The view, one of these, or all.")  # fmt: skip
@click.option(
    "--size",
    default="16:9",
    show_default=True,
    metavar="SIZE",
    help=f"{', '.join(SIZES)}, or one such as 1600x900: {SIZE_WORDS}.",
)
@click.option("--scale", type=click.FloatRange(1, 4), default=1.0, show_default=True,
              help="Pixels of a PNG for each of the size, 1 to 4.")  # fmt: skip
@click.option("--colours", type=click.Choice(list(_COLOURS)), default="light", show_default=True)
@click.option("--map", "kind", type=click.Choice(KINDS), help="The projection; else by extent.")
@click.option("--date", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD",
              help="The day on the slide; else today.")  # fmt: skip
@story_option
@airspace_option
@land_option
def brief(
    link: str,
    out: Path,
    opened: tuple[Path, ...],
    slide: str,
    size: str,
    scale: float,
    colours: str,
    kind: Kind | None,
    date: dt.datetime | None,
    story: Path,
    airspace: Path,
    land: Path,
) -> None:
    """Write a briefing of what a link shows: a picture, slides, a page, data, or all as a ZIP."""
    paper = read_size(size)
    told, faces = with_open_way(load_story(story)), load_airspace(airspace, land)
    edges: dict[str, Edges] = {}

    def keep_edges(flight: Flight) -> Edges:
        edges[flight.plan.id] = edges_of(faces, flight)
        return edges[flight.plan.id]

    theme = _COLOURS[colours]
    day = date.date() if date else dt.datetime.now(dt.UTC).date()
    material = Material(
        told, fly(told, faces), keep_edges, day, theme="dark" if theme == "dark" else "light"
    )
    briefings = _briefings(material, slide, link, opened, faces, airspace)
    pack = Pack(tuple(briefings), edges, theme, link, VERSIONS, paper, kind)
    data = _write(pack, out.suffix.lower(), scale)
    save(out, data)
    click.echo(f"{out}: {len(data):,} bytes")


def _briefings(
    material: Material,
    slide: str,
    link: str,
    opened: Sequence[Path],
    faces: Airspace,
    airspace: Path,
) -> list[Briefing]:
    view = read_link(link, material.story, faces)
    for unknown in view.unknown:
        click.echo(f"geo: not found, and passed over: {unknown}", err=True)
    material = replace(material, unit=view.unit)
    if slide != _VIEW:
        if opened:
            raise click.UsageError(f'--open goes with the view, and not with --slide "{slide}"')
        return [PRESETS[name](material) for name in PRESETS if slide in (name, _DECK)]
    gazetteer = make_gazetteer(material.story.places.values())
    find = _finding(gazetteer, material.story)
    files = [open_file(file.name, _bytes(file), find, gazetteer.known, faces) for file in opened]
    needs_types = view.aircraft or any(map(is_ring, view.paths))
    fleet = load_fleet(FLEET) if needs_types else NO_FLEET
    shown = fly_view(
        view, material.story, material.flights, faces, fleet, find,
        _ways_by(faces, airspace), files,
    )  # fmt: skip
    remarks = [note for file in files for note in file.opened.notes]
    for remark in (*shown.refusals, *remarks[:_MOST_REMARKS]):
        click.echo(f"geo: {remark}", err=True)
    if len(remarks) > _MOST_REMARKS:
        click.echo(f"geo: and {len(remarks) - _MOST_REMARKS:,} more remarks", err=True)
    return [presets.brief_view(material, shown, faces)]


def _finding(gazetteer: Gazetteer, story: Story) -> Find:
    """Look places up as the page does, so that its links are understood."""
    # All names take a second to load.
    finder = cache(lambda: make_finder(story.places.values()))

    def find(text: str) -> Place:
        try:
            return gazetteer.find(text)
        except PlaceError:
            return finder().resolve(text)

    return find


def _bytes(file: Path) -> bytes:
    """Read a file, and no more of it than shows that it is too large."""
    with file.open("rb") as opened:
        return opened.read(MAX_BYTES + 1)


def _ways_by(
    faces: Airspace, airspace: Path
) -> Callable[[Closure, Story, Sequence[Flight]], OpenWays]:
    def find_ways(closure: Closure, story: Story, flights: Sequence[Flight]) -> OpenWays:
        router = Router(load_ground(faces, airspace, CORNERS, CELLS), closure)
        return fly_open(story, faces, router, [flight.plan for flight in flights])

    return find_ways


def _write(pack: Pack, ending: str, scale: float) -> bytes:
    if ending == ".zip":
        return write_bundle(pack)
    files = {file.name: file for file in pack_files(pack, scale=scale)}
    name = _FILES[ending]
    if name not in files:
        raise click.UsageError(
            f"a deck has more than one picture: write .pptx or .zip, not {ending}"
        )
    return files[name].make()
