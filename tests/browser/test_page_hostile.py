"""Text of a story file is text wherever it is shown, whatever it tries to be."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from tests.browser.support import (
    checked_page,
    open_atlas,
    option,
    routes,
    serve,
    wait_for_idle,
    wait_until,
)

PAYLOADS = (
    '<img src=x onerror="window.pwned=1">',
    "</script><script>window.pwned=1</script>",
    "{{ 7*7 }}",
    "{{ ''.__class__.__mro__ }}",
    "{% for x in [7*7] %}{{ x }}{% endfor %}{# gone #}",
    "${window.pwned=1}",
    "`${window.pwned=1}`; window.pwned=1; `",
    '\'; window.pwned=1; //" + (window.pwned=1) + "',
    "![x](http://evil.example/x.png)",
    "[a](javascript:window.pwned=1)",
    ":material/map: :red[hot] **bold** $x^2$ _i_",
    "&lt;b&gt; &amp;amp; &#60;i&#62; \\u003ci\\u003e \\n",
    '<style>body{background:url(http://evil.example/y.png)}</style><a href="javascript:1">',
    "a\u2028window.pwned=1\u2029b",
    "# Heading",
    "---",
)
TITLE = '<img src=x onerror="window.pwned=1"> {{ 7*7 }} ${window.pwned=1} `x` :material/map:'
SUMMARY = "</p></div><script>window.pwned=1</script> ![x](http://evil.example/x.png) {{ 7*7 }}"


def hostile_story() -> dict[str, Any]:
    """Build a story with one place, route, way and source for each payload, in all of its texts."""
    start = [36.0, 35.4]
    places = [_point("start", start, PAYLOADS[0], "departure")]
    lines = []
    for number, text in enumerate(PAYLOADS):
        at = [40.25 + 2 * (number % 8), 44.0 + 6 * (number // 8)]
        places.append(_point(f"place{number}", at, text, "landing"))
        properties = {
            "name": text, "way": f"way{number}", "places": ["start", f"place{number}"],
            "sources": [f"source{number}"], "aircraft": [text], "certainty_note": text,
            "refuelling": text, "certainty": "reported",
        }  # fmt: skip
        geometry = {"type": "LineString", "coordinates": [start, at]}
        lines.append(_feature(f"line{number}", geometry, properties))
    every = list(enumerate(PAYLOADS))
    header = {
        "title": TITLE,
        "summary": SUMMARY,
        "claim": {"id": "claim", "quote": PAYLOADS[0], "origin": PAYLOADS[2], "distance_m": 1e6,
                  "sources": ["source0"]},
        "sources": [{"id": f"source{n}", "title": text, "publisher": text, "ref": text,
                     "note": text} for n, text in every],
        "ways": [{"id": f"way{n}", "name": text, "note": text} for n, text in every],
        "findings": [{"id": f"f{n}", "text": text, "sources": ["source0"]} for n, text in every],
        "reports": [{"date": "2016-03-15", "text": text, "certainty": text,
                     "sources": ["source0"]} for _, text in every],
    }  # fmt: skip
    return {"type": "FeatureCollection", "corridor": header, "features": [*places, *lines]}


def _feature(id: str, geometry: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "id": id, "geometry": geometry, "properties": properties}


def _point(id: str, at: list[float], text: str, role: str) -> dict[str, Any]:
    number = id.removeprefix("place") if id.startswith("place") else "0"
    properties = {
        "name": text, "name_local": text, "other_names": [text], "kind": text, "evidence": text,
        "reported": text, "note": text, "grade": "A", "role": role,
        "sources": [f"source{number}"],
    }  # fmt: skip
    return _feature(id, {"type": "Point", "coordinates": at}, properties)


@pytest.fixture(scope="module")
def hostile_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    path: Path = tmp_path_factory.mktemp("story") / "hostile.geojson"
    path.write_text(json.dumps(hostile_story()), encoding="utf-8")
    with serve("app.py", env={"CORRIDOR_STORY": str(path)}) as server:
        yield server.url


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """Give one page to all tests here; a request to evil.example fails them."""
    with checked_page(browser) as opened:
        yield opened


def assert_harmless(page: Page) -> None:
    """Fail where a text ran, was rendered as a template, or became an element."""
    for frame in page.frames:
        assert frame.evaluate("window.pwned") is None
        assert frame.locator('img[src="x"], img[src*="evil"], a[href^="javascript:"]').count() == 0
        shown: str = frame.evaluate("document.body.innerText")
        assert not re.search(r"(?<![\d,.])49(?![\d,.])", shown)
        assert "<class" not in shown


def normal(text: str) -> str:
    """Bring a text to what the browser makes of its white space."""
    return " ".join(text.split())


def contains(text: str, payloads: tuple[str, ...] = PAYLOADS) -> bool:
    return not [payload for payload in payloads if normal(payload) not in normal(text)]


@pytest.fixture(scope="module")
def frame(page: Page, hostile_url: str) -> Frame:
    """Open the page and switch every way on, each by the very text of its name."""
    frame = open_atlas(page, hostile_url)
    for text in PAYLOADS[2:]:
        button = option(page, "Way", normal(text))
        expect(button).to_have_count(1)
        button.click()
    wait_until(frame, f"window.corridorRouteCount === {len(PAYLOADS)}")
    wait_for_idle(page)
    return frame


def test_the_page_shows_the_characters(page: Page, frame: Frame) -> None:
    assert len(routes(frame)) == len(PAYLOADS)
    assert page.locator("h1.corridor-title").inner_text() == TITLE
    lead = page.locator(".corridor-lead").inner_text()
    assert normal(SUMMARY) in normal(lead)
    assert contains(lead)
    assert contains(" ".join(page.locator(".strip-name").all_text_contents()))
    assert contains(page.locator("table.figures tbody").inner_text())
    assert contains(page.get_by_test_id("stSidebar").inner_text())
    assert contains(frame.locator(".legend").inner_text())
    assert_harmless(page)


def test_cards_and_tooltips_show_the_characters(page: Page, frame: Frame) -> None:
    """Open each as a hand would, but by event: symbols lie too close together here to aim at."""
    shown: list[list[str]] = frame.evaluate("""() => {
        const markers = [];
        map.eachLayer(layer => layer instanceof L.Marker && layer.getTooltip()
            && markers.push(layer));
        return [...markers, ...map.atlas.hits.map(hit => hit.layer)].map(layer => {
            const latlng = layer.getLatLng ? layer.getLatLng() : layer.getCenter();
            layer.fire("mouseover", { latlng });
            layer.openTooltip(latlng);
            const tip = layer.getTooltip().getElement().textContent;
            layer.fire("mouseout");
            layer.fire("click", { latlng });
            return [tip, document.querySelector(".card-box").textContent];
        });
    }""")
    assert len(shown) == 2 * len(PAYLOADS) + 1
    for number, text in enumerate((PAYLOADS[0], *PAYLOADS)):
        tip, card = shown[number]
        assert text in tip
        assert card.count(text) >= 5
    lines = shown[len(PAYLOADS) + 1 :]
    for text in PAYLOADS:
        assert any(text in tip for tip, _ in lines)
        assert any(card.count(text) >= 5 for _, card in lines)
    page.wait_for_timeout(200)  # an onerror comes late
    assert_harmless(page)


def test_labels_show_the_characters(page: Page, frame: Frame) -> None:
    labels = {normal(text) for text in frame.locator(".label").all_text_contents()}
    assert labels
    assert labels <= {normal(text) for text in PAYLOADS}


def test_the_link_still_works(page: Page, frame: Frame) -> None:
    shown = routes(frame)
    assert routes(open_atlas(page, page.url)) == shown
    assert_harmless(page)


def test_one_s_own_choice_lists_the_characters(page: Page, hostile_url: str) -> None:
    open_atlas(page, f"{hostile_url}/?airfields=My+choice")
    expect(page.get_by_test_id("stMultiSelect").first).to_be_visible()
    assert contains(page.get_by_test_id("stMultiSelect").first.inner_text())
    assert_harmless(page)


def test_the_sources_page_shows_the_characters(page: Page, hostile_url: str) -> None:
    open_atlas(page, hostile_url)
    page.get_by_test_id("stSidebarNav").get_by_text("Sources", exact=True).click()
    expect(page.get_by_role("heading", name="Sources", exact=True)).to_be_visible()
    wait_for_idle(page)
    for part in (".corridor-list", "table.figures"):
        for element in page.locator(part).all()[:2]:
            assert contains(element.inner_text())
    assert contains(page.locator("ol.corridor-list").inner_text())
    assert_harmless(page)
