"""Doors that only a real browser or a real server can show to be shut."""

from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from geo.render.pack.webpage import write_page
from tests.browser.support import POLL_MS, TIMEOUT_S, Watch
from tests.test_pack_contents import deck

# What somebody might write into a page that was handed over, after the policy in its head.
INJECTED = """
<script>window.ran = "script"</script>
<script src="data:text/javascript,window.ran='data'"></script>
<script type="module">window.ran = "module"</script>
<img src="x" onerror="window.ran = 'handler'"><svg onload="window.ran = 'svg'"></svg>
<iframe srcdoc="<script>parent.ran = 'frame'</script>"></iframe>
<object data="data:text/html,<script>parent.ran = 'object'</script>"></object>
<p style="background: url(http://evil.example/style.png)">text</p>
<style>body { background: url(http://evil.example/sheet.png) }</style>
<link rel="stylesheet" href="http://evil.example/sheet.css">
<img src="http://evil.example/picture.png">
<base href="http://evil.example/">
<form id="sent" action="http://evil.example/"></form>
"""

WAYS = ("../", "..%2f", "%2e%2e/", "..\\", "..%5c", "....//", "//", "%00/../", "./.././../")


@pytest.mark.unwatched
def test_what_is_written_into_an_exported_page_does_not_run(
    watched_page: tuple[Page, Watch], tmp_path: Path
) -> None:
    page, watch = watched_page
    asked: list[str] = []
    # One that the policy stops is told of as a request too, but fails before it leaves.
    page.on("requestfinished", lambda request: asked.append(request.url))
    page.route("http://evil.example/**", lambda route: asked.append(route.request.url))
    text = write_page(deck()).decode()
    assert text.count("<main>") == 1
    file = tmp_path / "page.html"
    file.write_text(text.replace("<main>", f"{INJECTED}<main>"), "utf-8")
    page.goto(file.as_uri())
    page.wait_for_function("() => window.corridorDrawn > 0", polling=POLL_MS)
    page.evaluate("document.querySelector('#sent').submit()")
    page.evaluate("() => { fetch('http://evil.example/fetched').catch(() => 0) }")
    page.wait_for_timeout(300)
    assert page.evaluate("window.ran") is None
    assert [url for url in asked if "evil.example" in url] == []
    assert page.url == file.as_uri()
    assert len([each for each in watch.errors if "Content Security Policy" in each]) > 5


def status(url: str, path: str, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
    """Ask for a path just as it is written."""
    connection = HTTPConnection(urlsplit(url).netloc, timeout=TIMEOUT_S)
    try:
        connection.request("GET", path, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read(2000)
    finally:
        connection.close()


def test_no_path_leads_out_of_what_is_served(app_url: str, page: Page) -> None:
    page.goto(app_url)
    page.wait_for_selector('iframe[src*="streamlit_folium.st_folium"]', state="attached")
    for component in ("views.mapview.searchable", "streamlit_folium.st_folium"):
        for way in WAYS:
            for target in ("etc/passwd", "data/routes.geojson", "app.py", ".streamlit/config.toml"):
                found, body = status(app_url, f"/component/{component}/{way * 8}{target}")
                assert found >= 400 or b"<!doctype html>" in body.lower(), (way, target)
                for secret in (b"root:", b"FeatureCollection", b"set_page_config", b"[theme]"):
                    assert secret not in body, (way, target)


def test_a_folder_that_is_served_has_no_list(app_url: str) -> None:
    for path in ("", "/", "?", "/."):
        found, body = status(app_url, f"/component/views.mapview.searchable{path}")
        assert b"places." not in body
        assert found >= 400 or b"<!doctype html>" in body.lower()


def test_a_page_of_another_site_gets_no_session(app_url: str) -> None:
    head = {
        "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    }  # fmt: skip
    assert status(app_url, "/_stcore/stream", {**head, "Origin": "http://evil.example"})[0] == 403
