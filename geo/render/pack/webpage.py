"""Write a briefing as one HTML file with a live map, which opens without a network.

A Content-Security-Policy in the file keeps all requests from leaving it: nothing is allowed but
its own scripts and styles, by their hashes, and data that stands in it. No style stands in an
attribute, so that none needs 'unsafe-inline'; what Leaflet sets by script is no inline style to the
browser. The texts of a story are escaped, and the scene is data that no browser runs.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from geo.account import Account
from geo.compare import Row
from geo.phrases import format_day
from geo.render.bundle import bundle_text
from geo.render.cards import CERTAINTY_WORDS, source_lines
from geo.render.pack.contents import Pack
from geo.render.pack.data_files import LICENCE_URL
from geo.render.picture.briefing import Briefing, numbers_words
from geo.render.picture.fonts import plain
from geo.render.scene import Line, Scene
from geo.render.strip import StripRow
from geo.render.webmap import atlas_script, inert_json, later_script, scene_data
from geo.units import format_amount

_HERE = Path(__file__).parent
_DASHES = {"solid": "", "dashed": "7 4", "dotted": "1 4", "dashdotted": "8 3 1 3"}
_OWN = ("page.js", "page.css")
_SPAN = 1000


def write_page(pack: Pack) -> bytes:
    """Write the first briefing of a pack as a page; the same bytes for the same pack."""
    told = pack.first
    atlas, later = _line_ends(atlas_script()), _line_ends(later_script())
    script, style = (_line_ends((_HERE / name).read_text("utf-8")) for name in _OWN)
    policy = _policy([atlas, later, script], [style, *map(_styles_in, (atlas, later))])
    if told.surveys:
        policy += "; connect-src data:"
    body = "\n".join(_body(pack))
    html = f"""<!DOCTYPE html>
<html lang="en" data-theme="{escape(told.scene.theme)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{_text(told.title)}</title>
<style>{style}</style>
</head>
<body>
{body}
<script type="application/json" id="scene">{inert_json(scene_data(_scene(told)))}</script>
<script>{atlas}</script>
<script>{later}</script>
<script>{script}</script>
</body>
</html>
"""
    return html.encode(errors="replace")


def _scene(told: Briefing) -> Scene:
    """Put the many routes of opened files into the scene itself, as data that its map reads."""
    texts = [bundle_text(found).encode() for _, found in told.surveys]
    urls = (f"data:application/json;base64,{base64.b64encode(text).decode()}" for text in texts)
    bundles = zip(told.scene.bundles, urls, strict=True)
    return replace(told.scene, bundles=tuple(replace(each, url=url) for each, url in bundles))


def _line_ends(text: str) -> str:
    """Write line ends as a browser reads them, or the hash would be that of another text."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _styles_in(script: str) -> str:
    """Find the styles that a script of the atlas adds to the page by itself."""
    start = script.index("const STYLES = ") + len("const STYLES = ")
    styles, _ = json.JSONDecoder().raw_decode(script, start)
    return str(styles)


def _policy(scripts: Iterable[str], styles: Iterable[str]) -> str:
    return (
        f"default-src 'none'; script-src {_hashes(scripts)}; style-src {_hashes(styles)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _hashes(texts: Iterable[str]) -> str:
    digests = (hashlib.sha256(text.encode()).digest() for text in texts)
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


def _text(text: str) -> str:
    return escape(plain(text))


def _body(pack: Pack) -> Iterator[str]:
    told = pack.first
    yield f'<header><h1 dir="auto">{_text(told.title)}</h1>'
    yield f'<p dir="auto" class="pack-lead">{_text(told.subtitle)}</p>'
    if told.finding:
        yield f'<p dir="auto" class="pack-finding">{_text(told.finding)}</p>'
    yield "</header>"
    yield '<main><div id="map" role="application" aria-label="Map of the routes"></div>'
    yield "<noscript><p>The map needs scripts; all else can be read without.</p></noscript>"
    yield f'<p dir="auto" class="pack-note">{_text(" ".join(told.notes))}</p>'
    if told.events:
        yield from _events(told)
    if told.rows:
        yield from _table(told)
    if told.rows or told.rings:
        yield '<section class="pack-told"><h2>In words</h2><div class="pack-columns">'
        yield from map(_account, pack.accounts(told))
        if told.rings:
            yield _account(Account("Range rings", told.ring_words))
        yield "</div></section>"
    yield from _sources(told)
    yield "</main>"
    yield from _footer(pack)


def _events(told: Briefing) -> Iterator[str]:
    yield '<section class="pack-told"><h2>What was reported</h2>'
    last = ""
    for event in told.events:
        if event.day != last:
            yield f"<h3>{_text(event.day)}</h3>"
        yield f'<p dir="auto">{_text(event.text)}</p>'
        last = event.day
    yield "</section>"


def _table(told: Briefing) -> Iterator[str]:
    """Set the routes side by side, each with its strip of airspaces on one scale."""
    unit = told.unit
    claim = f", and the line at {told.strip.claim[1]}, as claimed" if told.strip.claim else ""
    heads = [("To", ""), ("Way", ""), ("Airspace crossed", "pack-strip")]
    heads += [(f"Distance, {unit.symbol}", "pack-number"), ("× direct", "pack-number")]
    if told.strip.claim:
        heads.append((f"Beyond {told.strip.claim[1]}", "pack-number"))
    yield '<section><h2>Whose airspace, and how far</h2><div class="pack-scroll"><table>'
    yield f"<caption>The strips are to one scale{_text(claim)}.</caption><thead><tr>"
    for head, kind in heads:
        yield f'<th scope="col" class="{kind}">{_text(head)}</th>'
    yield "</tr></thead><tbody>"
    lines = {line.id: line for line in told.scene.lines}
    for row, strip in zip(told.rows, told.strip.rows, strict=True):
        yield from _row(told, row, strip, lines.get(row.flight.plan.id))
    yield "</tbody></table></div></section>"


def _row(told: Briefing, row: Row, strip: StripRow, line: Line | None) -> Iterator[str]:
    plan = row.flight.plan
    cited = numbers_words(told.cited(row))
    # The atlas leads from what bears a route's id to its line, and back.
    yield f'<tr data-route="{escape(plan.id)}"><th scope="row">'
    yield f'<button type="button">{_text(strip.to)}</button> <sup>{_text(cited)}</sup></th>'
    sample = _sample(line) if line else ""
    yield f'<td class="pack-way" title="{_text(CERTAINTY_WORDS[plan.certainty])}">{sample}'
    yield f'{_text(strip.way)}</td><td class="pack-strip">{_strip(told, strip)}'
    yield f'<span class="pack-airspaces">{"".join(_chips(row, strip))}</span></td>'
    yield f'<td class="pack-number">{format_amount(row.length_m, told.unit)}</td>'
    yield f'<td class="pack-number">{"–" if row.ratio is None else f"{row.ratio:.2f}"}</td>'
    if told.strip.claim:
        beyond_m = row.beyond_claim_m or 0.0
        sign = "+" if beyond_m > 0 else "−"
        yield f'<td class="pack-number">{sign}{format_amount(abs(beyond_m), told.unit)}</td>'
    yield "</tr>"


def _sample(line: Line) -> str:
    dash = f' stroke-dasharray="{_DASHES[line.style]}"' if line.style != "solid" else ""
    return (
        '<svg viewBox="0 0 34 10" aria-hidden="true"><path d="M0 5H34" fill="none" '
        f'stroke="{escape(line.colour)}" stroke-width="{min(line.width, 4):g}"{dash}/></svg>'
    )


def _strip(told: Briefing, strip: StripRow) -> str:
    """Draw a strip as SVG, whose attributes are no styles."""
    parts = "".join(
        f'<rect x="{part.start * _SPAN:.2f}" width="{(part.end - part.start) * _SPAN:.2f}" '
        f'height="22" fill="{escape(part.tint)}"><title>{_text(part.title)}</title></rect>'
        for part in strip.segments
    )
    claim = ""
    if told.strip.claim:
        at = f"{told.strip.claim[0] * _SPAN:.2f}"
        claim = f'<line x1="{at}" x2="{at}" y1="0" y2="22"/>'
    return (
        f'<svg viewBox="0 0 {_SPAN} 22" preserveAspectRatio="none" role="img" '
        f'aria-label="{_text(strip.length)}">{parts}{claim}</svg>'
    )


def _chips(row: Row, strip: StripRow) -> Iterator[str]:
    """Name the strip's airspaces in order, each beside its colour."""
    for crossing, part in zip(row.flight.crossings, strip.segments, strict=True):
        square = f'<rect width="9" height="9" fill="{escape(part.tint)}"/>'
        name = crossing.name if crossing.claims else "sea"
        yield (
            f'<span class="pack-chip" title="{_text(part.title)}"><svg viewBox="0 0 9 9" '
            f'aria-hidden="true">{square}</svg>{_text(name)}</span> '
        )


def _account(account: Account) -> str:
    words = " ".join(account.sentences)
    return f'<article dir="auto"><h3>{_text(account.heading)}</h3><p>{_text(words)}</p></article>'


def _sources(told: Briefing) -> Iterator[str]:
    if not told.sources:
        return
    yield '<section><h2>Sources</h2><ol class="pack-sources">'
    lines = source_lines(told.story, [source.id for source in told.sources])
    for source, line in zip(told.sources, lines, strict=True):
        yield f'<li dir="auto">{_link(source.url or "", line)}</li>'
    yield "</ol></section>"


def _footer(pack: Pack) -> Iterator[str]:
    told = pack.first
    yield f"<footer><p>{_text(told.scene.credit)}</p>"
    yield f"<p>Boundaries: {_link(LICENCE_URL, 'Open Database Licence')}.</p>"
    made = f"Made {format_day(told.date)}"
    versions = ", ".join(f"{name} {version}" for name, version in pack.versions.items())
    yield f"<p>{_text(f'{made} with {versions}' if versions else made)}.</p>"
    if pack.link:
        yield f"<p>This view: {_link(pack.link, pack.link)}</p>"
    yield "</footer>"


def _link(address: str, words: str) -> str:
    """Link to an address of the web; any other is shown as text."""
    if urlsplit(address).scheme not in ("http", "https"):
        return _text(words)
    return f'<a href="{_text(address)}" rel="noopener noreferrer">{_text(words)}</a>'
