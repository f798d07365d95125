"""Answer `python -m geo route`: whose airspace typed routes cross."""

from pathlib import Path

import click

from geo.answer import answer_routes
from geo.commands.options import (
    airspace_option,
    json_option,
    land_option,
    layer_option,
    load_airspace,
    near_option,
    story_option,
)
from geo.jsonform import dump, routes_form
from geo.layers import load_layer
from geo.overlay import make_overlay
from geo.pathspec import parse_paths
from geo.places import make_gazetteer
from geo.report import report
from geo.story import load_story


@click.command()
@click.argument("paths")
@json_option
@near_option
@layer_option
@story_option
@airspace_option
@land_option
def route(
    paths: str,
    as_json: bool,
    near_km: float,
    layers: tuple[Path, ...],
    story: Path,
    airspace: Path,
    land: Path,
) -> None:
    """Measure typed routes and list whose airspace each crosses, in order.

    PATHS are points joined by "-", alternatives by "/", routes by ",", such as
    "OSLK-USCG, hmeymim-mozdok-domna". A point is a place of the story by its id or a name (with a
    space for a dash: "Lipetsk 2"), an ICAO or IATA code, or a coordinate such as 35.4011N 35.9487E.
    """
    routes = parse_paths(paths, make_gazetteer(load_story(story).places.values()).find)
    overlays = [make_overlay(load_layer(path)) for path in layers]
    faces = load_airspace(airspace, land)
    answers = answer_routes(faces, routes, overlays, reach_m=near_km * 1000)
    opened = [overlay.layer for overlay in overlays]
    click.echo(dump(routes_form(answers, opened)) if as_json else report(answers, opened))
