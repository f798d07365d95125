"""Write elements of XML, and say in words what KML and GPX both tell."""

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from geo.compare import Row
from geo.render.cards import CERTAINTY_WORDS
from geo.render.pack.contents import Pack
from geo.render.pack.data_files import LICENCE_URL
from geo.render.picture.fonts import plain
from geo.schema import Story
from geo.units import Unit, format_length


def about_lines(pack: Pack) -> list[str]:
    """Say what all of the files' routes have in common: findings, notes, credit, licence."""
    told = pack.first
    lines = [told.subtitle, told.finding, *told.ring_words, *told.notes]
    lines += [told.scene.credit, f"Licence: {LICENCE_URL}"]
    lines += [f"Made {told.date.isoformat()}", pack.link]
    return [line for line in lines if line]


def route_name(story: Story, row: Row) -> str:
    """Name a route by its ends and its way."""
    places = row.flight.route.places
    way = story.ways[row.flight.plan.way].name
    return f"{places[0].name} to {places[-1].name}, {way}"


def route_lines(row: Row, unit: Unit) -> list[str]:
    """Tell a route in short lines."""
    length = format_length(row.length_m, unit)
    over = [f"Over {', '.join(row.airspaces)}"] if row.airspaces else []
    return [length, f"Landing: {CERTAINTY_WORDS[row.flight.plan.certainty]}", *over]


def listed(sources: Sequence[str]) -> list[str]:
    """Head a list of sources."""
    return ["Sources:", *sources] if sources else []


def sub(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    """Add an element with a text that XML can hold."""
    element = ET.SubElement(parent, tag, attributes)
    element.text = plain(text) or None
    return element


def written(root: ET.Element) -> bytes:
    """Write a tree as a file."""
    ET.indent(root, " ")
    return bytes(ET.tostring(root, "utf-8", xml_declaration=True)) + b"\n"
