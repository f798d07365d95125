"""Write what is shown for devices: GPX 1.1."""

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from geo.compare import Row
from geo.model import LonLat
from geo.ranges import say_ring
from geo.render.cards import ROLE_WORDS, source_lines
from geo.render.pack.contents import Pack
from geo.render.pack.data_files import LICENCE_URL, shown_places
from geo.render.pack.lines import Line, Stretch, cut, draw_lines, ring_lines
from geo.render.pack.xml_words import about_lines, route_lines, route_name, sub, written
from geo.render.picture.fonts import plain
from geo.schema import Story
from geo.units import Unit, format_length

_GPX = "http://www.topografix.com/GPX/1/1"


def write_gpx(pack: Pack) -> bytes:
    """Write places as waypoints, and each route as its points and as a track along the geodesic.

    A range ring is a track too. GPX has no areas.
    """
    story, unit, drawn = pack.first.story, pack.first.unit, draw_lines(pack)
    root = ET.Element("gpx", xmlns=_GPX, version="1.1", creator="Corridor")
    _metadata(root, pack)
    for field in shown_places(pack):
        role = ROLE_WORDS.get(field.role, field.role)
        sources = source_lines(story, field.sources)
        point = _point(root, "wpt", (field.lon, field.lat))
        _tell(point, field.name, ". ".join(filter(None, (role, field.reported))), sources)
        sub(point, "type", "place")
    for each in drawn:
        for stretch in each.stretches[1:]:
            _entry(root, story, each.row, stretch, unit)
    for each in drawn:
        route = sub(root, "rte")
        _tell_route(route, story, each.row, unit)
        for place in each.row.flight.route.places:
            sub(_point(route, "rtept", (place.lon, place.lat)), "name", place.name)
    for each in drawn:
        track = sub(root, "trk")
        _tell_route(track, story, each.row, unit)
        _segments(track, each.lines)
    for ring in pack.rings:
        track = sub(root, "trk")
        words = say_ring(ring, unit)
        _tell(track, ring.name, words, source_lines(story, ring.sources))
        _segments(track, ring_lines(ring))
    for name, found in pack.first.surveys:
        for title, lonlat in zip(found.names, found.lines, strict=True):
            track = sub(root, "trk")
            _tell(track, title, f"From {name}", ())
            _segments(track, cut(lonlat))
    return written(root)


def _segments(track: ET.Element, lines: Sequence[Line]) -> None:
    for line in lines:
        segment = sub(track, "trkseg")
        for lonlat in line:
            _point(segment, "trkpt", lonlat)


def _metadata(root: ET.Element, pack: Pack) -> None:
    told = pack.first
    metadata = sub(root, "metadata")
    sub(metadata, "name", told.title)
    sub(metadata, "desc", " ".join(about_lines(pack)))
    rights = sub(metadata, "copyright", author="OpenStreetMap contributors")
    sub(rights, "license", LICENCE_URL)
    if pack.link:
        sub(sub(metadata, "link", href=plain(pack.link)), "text", "This view")
    sub(metadata, "time", f"{told.date.isoformat()}T00:00:00Z")


def _entry(root: ET.Element, story: Story, row: Row, stretch: Stretch, unit: Unit) -> None:
    """Mark where a route enters an airspace."""
    crossing = stretch.crossing
    point = _point(root, "wpt", crossing.entry)
    at, length = (format_length(m, unit) for m in (crossing.start_m, crossing.length_m))
    words = f"{route_name(story, row)}: from {at} on, for {length}"
    _tell(point, f"Into {crossing.name}", words, source_lines(story, row.flight.plan.sources))
    sub(point, "type", "crossing")


def _tell_route(parent: ET.Element, story: Story, row: Row, unit: Unit) -> None:
    sources = source_lines(story, row.flight.plan.sources)
    _tell(parent, route_name(story, row), ". ".join(route_lines(row, unit)), sources)


def _tell(parent: ET.Element, name: str, words: str, sources: Sequence[str]) -> None:
    sub(parent, "name", name)
    sub(parent, "desc", words)
    if sources:
        sub(parent, "src", "; ".join(sources))


def _point(parent: ET.Element, tag: str, lonlat: LonLat) -> ET.Element:
    return sub(parent, tag, lat=f"{lonlat[1]:.6f}", lon=f"{lonlat[0]:.6f}")
