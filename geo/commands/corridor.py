"""Answer `python -m geo corridor`: the shortest way through open airspace."""

from pathlib import Path

import click

from geo.airspace import Airspace
from geo.answer import answer_routes
from geo.closure import Closure, find_state, make_closure
from geo.commands.options import (
    DATA,
    airspace_option,
    closed_area_option,
    json_option,
    land_option,
    load_airspace,
    story_option,
)
from geo.corridor import Ground, Router, Way, load_ground
from geo.corridor_words import corridor_form, corridor_report
from geo.errors import LayerError, NoWayError
from geo.jsonform import dump
from geo.model import Place
from geo.overlay import make_overlay
from geo.pathspec import Find, parse_point
from geo.places import make_gazetteer
from geo.readers import read_opened
from geo.reopen import best_reopening, explain
from geo.shut_areas import ShutAreas, shut_areas
from geo.story import load_story
from geo.text import printable
from geo.via import Country, Stop, find_via

CORNERS, CELLS = DATA / "corners.parquet", DATA / "cells.parquet"


@click.command()
@click.argument("start", metavar="FROM")
@click.argument("end", metavar="TO")
@click.option("--closed", metavar="CODES", help="States whose airspace is closed: TUR,GEO.")
@closed_area_option
@click.option("--only", metavar="CODES", help="The only states whose airspace is open.")
@click.option("--no-international", is_flag=True, help="Close the waters of no state too.")
@click.option("--margin-km", type=float, default=0.0, metavar="KM", show_default=True,
              help="How far to keep off closed airspace.")  # fmt: skip
@click.option("--via", "stops", multiple=True, metavar="POINT_OR_STATE",
              help="A point, or a state by code or name, to pass; may be given again.")  # fmt: skip
@json_option
@story_option
@airspace_option
@land_option
def corridor(
    start: str,
    end: str,
    closed: str | None,
    area_files: tuple[Path, ...],
    only: str | None,
    no_international: bool,
    margin_km: float,
    stops: tuple[str, ...],
    as_json: bool,
    story: Path,
    airspace: Path,
    land: Path,
) -> None:
    """Find the shortest way from FROM to TO through open airspace.

    Points are given as for `route`, states by their ISO 3166-1 alpha-3 codes. Airspace that a
    closed state claims is closed; with --only, a listed state must claim it. The areas of a
    --closed-area are closed at any height. The way keeps 50 m off the borders of what is closed,
    and more with --margin-km.
    """
    find = make_gazetteer(load_story(story).places.values()).find
    places = parse_point(start, find), parse_point(end, find)
    faces = load_airspace(airspace, land)
    closure = make_closure(
        faces,
        _codes(closed, faces),
        None if only is None else _codes(only, faces),
        international=not no_international,
        margin_km=margin_km,
        areas=[_areas(path, find) for path in area_files],
    )
    ground = load_ground(faces, airspace, CORNERS, CELLS)
    via = [_stop(text, faces, find) for text in stops]
    way = _find(ground, closure, *places, via)
    (answer,) = answer_routes(faces, [way.route], reach_m=0.0)
    best = None if via else best_reopening(ground, closure, way)
    if as_json:
        click.echo(dump(corridor_form(faces, closure, way, answer, best)))
    else:
        told = corridor_report(faces, closure, way, answer, best, is_looked_for=not via)
        click.echo(told)


def _find(ground: Ground, closure: Closure, start: Place, end: Place, via: list[Stop]) -> Way:
    router = Router(ground, closure)
    if via:
        return find_via(ground, router, start, via, end)
    try:
        return router.find(start, end)
    except NoWayError as problem:
        raise NoWayError(explain(ground, closure, start, end, problem)) from problem


def _areas(path: Path, find: Find) -> ShutAreas:
    """Read and close the areas of a file; what is left out of it is told, as it stays open."""
    opened = read_opened(path.name, path.read_bytes(), find)
    if opened.layer is None or not opened.layer.volumes:
        raise LayerError(f"{path.name}: holds no area to close")
    for note in opened.layer.skipped:
        click.echo(f"geo: {printable(path.name)}: not closed: {note}", err=True)
    return shut_areas(make_overlay(opened.layer))


def _stop(text: str, airspace: Airspace, find: Find) -> Stop:
    code = find_state(airspace, text)
    return Country(code) if code else parse_point(text, find)


def _codes(typed: str | None, airspace: Airspace) -> list[str]:
    """Take states by their codes or their names."""
    texts = [text for text in (typed or "").split(",") if text.strip()]
    return [find_state(airspace, text) or text for text in texts]
