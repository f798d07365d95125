"""Write what is shown for globes: KML 2.2.

Texts go in as XML text. A globe shows a description as HTML, so within that they are escaped once
more.
"""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from xml.etree import ElementTree as ET

import shapely

from geo.ranges import RangeRing
from geo.render.cards import CERTAINTY_WORDS, ROLE_WORDS, source_lines
from geo.render.legend import LAYER_PX, RING, RING_PX
from geo.render.pack.contents import Pack
from geo.render.pack.data_files import shown_places
from geo.render.pack.lines import Drawn, Line, Stretch, cut, draw_lines, ring_lines
from geo.render.pack.xml_words import about_lines, listed, route_lines, route_name, sub, written
from geo.render.palette import LAYER
from geo.render.picture.fonts import plain
from geo.schema import Airfield, Story
from geo.units import Unit, format_length

_KML = "http://www.opengis.net/kml/2.2"
_WIDTH_FACTOR = 1.2


def write_kml(pack: Pack) -> bytes:
    """Write places, routes and stretches, each in a folder of its own."""
    story, unit, drawn = pack.first.story, pack.first.unit, draw_lines(pack)
    root = ET.Element("kml", xmlns=_KML)
    document = sub(root, "Document")
    sub(document, "name", pack.first.title)
    sub(document, "description", _html(about_lines(pack)))
    looks = {line.id: (line.colour, line.width) for b in pack.briefings for line in b.scene.lines}
    for id, (colour, width) in looks.items():
        _line_style(document, f"route-{_key(id, looks)}", colour, width)
    if pack.rings:
        _line_style(document, "ring", RING["light"], RING_PX)
    if pack.volumes or pack.first.surveys:
        _line_style(document, "opened", LAYER, LAYER_PX)
    _place_style(document)
    places = _folder(document, "Places")
    for field in shown_places(pack):
        _kml_place(places, story, field)
    routes = _folder(document, "Routes")
    for each in drawn:
        _kml_route(routes, story, each, unit, _key(each.row.flight.plan.id, looks))
    if pack.rings:
        rings = _folder(document, "Range rings")
        for ring in pack.rings:
            _kml_ring(rings, story, ring)
    _kml_opened(document, pack)
    crossings = _folder(document, "Airspace crossed", hidden=True)
    for each in drawn:
        folder = _folder(crossings, route_name(story, each.row), hidden=True)
        for stretch in each.stretches:
            _kml_stretch(folder, stretch, unit, _key(each.row.flight.plan.id, looks))
    return written(root)


def _key(id: str, looks: Mapping[str, object]) -> int:
    """Number the styles: a route's id may hold what an XML id must not."""
    return list(looks).index(id)


def _line_style(document: ET.Element, id: str, colour: str, width: float) -> None:
    style = sub(document, "Style", id=id)
    line = sub(style, "LineStyle")
    red, green, blue = (colour[i : i + 2] for i in (1, 3, 5))
    sub(line, "color", f"ff{blue}{green}{red}".lower())
    sub(line, "width", f"{width * _WIDTH_FACTOR:.1f}")
    _balloon(style)


def _place_style(document: ET.Element) -> None:
    style = sub(document, "Style", id="place")
    sub(sub(style, "LabelStyle"), "scale", "0.9")
    _balloon(style)


def _balloon(style: ET.Element) -> None:
    """Show the description alone: names and data would be taken for HTML, unescaped."""
    sub(sub(style, "BalloonStyle"), "text", "$[description]")


def _folder(parent: ET.Element, name: str, *, hidden: bool = False) -> ET.Element:
    folder = sub(parent, "Folder")
    sub(folder, "name", name)
    if hidden:
        sub(folder, "visibility", "0")
    return folder


def _kml_place(folder: ET.Element, story: Story, field: Airfield) -> None:
    role = ROLE_WORDS.get(field.role, field.role)
    sources = source_lines(story, field.sources)
    lines = [field.name, role, field.reported or "", field.evidence or "", *listed(sources)]
    mark = _placemark(folder, field.name, lines, "place")
    _data(mark, {"id": field.id, "role": role, "sources": "; ".join(sources)})
    sub(sub(mark, "Point"), "coordinates", f"{field.lon:.6f},{field.lat:.6f}")


def _kml_route(folder: ET.Element, story: Story, drawn: Drawn, unit: Unit, key: int) -> None:
    row, plan = drawn.row, drawn.row.flight.plan
    sources = source_lines(story, plan.sources)
    lines = [route_name(story, row), *route_lines(row, unit), *listed(sources)]
    mark = _placemark(folder, route_name(story, row), lines, f"route-{key}")
    _data(mark, {
        "id": plan.id, "way": story.ways[plan.way].name,
        "landing": CERTAINTY_WORDS[plan.certainty], "length_m": f"{row.length_m:.3f}",
        "airspaces": ", ".join(row.airspaces), "sources": "; ".join(sources),
    })  # fmt: skip
    _kml_lines(mark, drawn.lines)


def _kml_stretch(folder: ET.Element, stretch: Stretch, unit: Unit, key: int) -> None:
    crossing = stretch.crossing
    name = f"{stretch.number}. {crossing.name}"
    length = format_length(crossing.length_m, unit)
    mark = _placemark(folder, name, [name, length], f"route-{key}", hidden=True)
    _data(mark, {
        "claims": " ".join(crossing.claims), "kind": crossing.kind,
        "start_m": f"{crossing.start_m:.3f}", "end_m": f"{crossing.end_m:.3f}",
        "length_m": f"{crossing.length_m:.3f}",
    })  # fmt: skip
    _kml_lines(mark, stretch.lines)


def _kml_ring(folder: ET.Element, story: Story, ring: RangeRing) -> None:
    sources = source_lines(story, ring.sources)
    mark = _placemark(folder, ring.name, [ring.name, *listed(sources)], "ring")
    _data(mark, {
        "place": ring.place.name, "radius_m": f"{ring.radius_m:.3f}", "aircraft": ring.aircraft,
        "sources": "; ".join(sources),
    })  # fmt: skip
    _kml_lines(mark, ring_lines(ring))


def _kml_opened(document: ET.Element, pack: Pack) -> None:
    """Write what the reader opened: outlines of areas, and the lines of many routes."""
    if pack.first.layer:
        folder = _folder(document, pack.first.layer.name)
        for volume in pack.volumes:
            limits = " to ".join(text for text in (volume.lower, volume.upper) if text)
            lines = [volume.name, volume.kind, limits]
            mark = _placemark(folder, volume.name, lines, "opened")
            rings = shapely.get_rings(shapely.get_parts(volume.geometry))
            _kml_lines(mark, [tuple(map(tuple, ring.coords)) for ring in rings.tolist()])
    for name, found in pack.first.surveys:
        folder = _folder(document, name)
        for route, line, over in zip(found.names, found.lines, found.airspaces, strict=True):
            words = [route, f"Over {', '.join(over)}" if over else ""]
            _kml_lines(_placemark(folder, route, words, "opened"), cut(line))


def _placemark(
    folder: ET.Element, name: str, lines: Iterable[str], style: str, *, hidden: bool = False
) -> ET.Element:
    mark = sub(folder, "Placemark")
    sub(mark, "name", name)
    if hidden:
        sub(mark, "visibility", "0")
    sub(mark, "description", _html(lines))
    sub(mark, "styleUrl", f"#{style}")
    return mark


def _data(mark: ET.Element, values: Mapping[str, str]) -> None:
    data = sub(mark, "ExtendedData")
    for name, value in values.items():
        sub(sub(data, "Data", name=name), "value", value)


def _kml_lines(mark: ET.Element, lines: Sequence[Line]) -> None:
    parent = mark if len(lines) == 1 else sub(mark, "MultiGeometry")
    for line in lines:
        drawn = sub(parent, "LineString")
        sub(drawn, "tessellate", "1")
        sub(drawn, "coordinates", " ".join(f"{lon:.6f},{lat:.6f}" for lon, lat in line))


def _html(lines: Iterable[str]) -> str:
    return "<br/>".join(escape(plain(line)) for line in lines if line)
