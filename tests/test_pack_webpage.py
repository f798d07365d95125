import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest

from geo.render.pack.contents import Pack
from geo.render.pack.webpage import write_page
from geo.render.picture.fonts import plain
from geo.render.webmap import scene_data
from tests.test_pack_contents import LINK, NASTY, deck, small_pack, with_texts

VOID = {"meta", "br"}


class Page(HTMLParser):
    """Reads a page as a browser does: its elements with their attributes and their text."""

    def __init__(self, pack: Pack) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str], list[str]]] = []
        self.open: list[tuple[str, list[str]]] = []
        self.feed(write_page(pack).decode())
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        text: list[str] = []
        self.elements.append((tag, {name: value or "" for name, value in attrs}, text))
        if tag not in VOID:
            self.open.append((tag, text))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        for _, text in self.open:
            text.append(data)

    def texts(self, wanted: str) -> list[str]:
        return ["".join(text) for tag, _, text in self.elements if tag == wanted]


def test_the_page_tells_all_without_its_map() -> None:
    pack = deck()
    page, told = Page(pack), pack.first
    assert page.texts("h1") == page.texts("title")[:1] == [told.title]
    (body,) = page.texts("body")
    assert told.subtitle in body
    assert told.finding in body
    for account in pack.accounts(told):
        assert account.heading in page.texts("h3")
        assert all(sentence in body for sentence in account.sentences)
    assert len(page.texts("tr")) == len(told.rows) + 1
    assert len(page.texts("li")) == len(told.sources)
    (foot,) = page.texts("footer")
    assert told.scene.credit in foot
    assert "Made 5 March 2026 with Corridor 1.0, airspace 2018." in foot
    assert LINK in foot


def test_what_was_reported_by_day_is_told() -> None:
    pack = deck()
    days = Pack(pack.briefings[-1:], pack.edges)
    (body,) = Page(days).texts("body")
    assert days.first.events
    assert all(event.text in body for event in days.first.events)


def test_the_policy_allows_nothing_but_the_pages_own_scripts_and_styles() -> None:
    page = Page(small_pack())
    (policy,) = (
        about["content"]
        for tag, about, _ in page.elements
        if about.get("http-equiv") == "Content-Security-Policy"
    )
    rules = {rule.split()[0]: rule.split()[1:] for rule in policy.split("; ")}
    assert rules["default-src"] == ["'none'"]
    assert set(rules) == {"default-src", "script-src", "style-src", "base-uri", "form-action"}
    assert "unsafe" not in policy
    scripts = [
        "".join(text) for tag, about, text in page.elements
        if tag == "script" and about.get("type") != "application/json"
    ]  # fmt: skip
    assert rules["script-src"] == list(map(digest, scripts))
    assert rules["style-src"][:1] == list(map(digest, page.texts("style")))
    assert len(rules["style-src"]) == 3


def digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@pytest.mark.parametrize("number", range(len(NASTY)))
def test_no_text_becomes_markup_or_script(number: int) -> None:
    usual = Page(small_pack())
    pack = with_texts(NASTY[number:] + NASTY[:number])
    page = Page(pack)
    told = pack.first
    assert page.texts("h1") == [plain(told.title)]
    counts = [sum(tag == "script" for tag, _, _ in each.elements) for each in (usual, page)]
    assert counts == [4, 4]
    names = {name for _, about, _ in page.elements for name in about}
    assert not [name for name in names if name.startswith("on") or name in ("src", "style")]
    assert {tag for tag, _, _ in page.elements} == {tag for tag, _, _ in usual.elements}
    (data,) = ("".join(t) for tag, about, t in page.elements if about.get("id") == "scene")
    assert json.loads(data) == json.loads(json.dumps(scene_data(told.scene)))


def test_a_link_leads_to_the_web_or_is_only_text() -> None:
    pack = small_pack()
    for link in ("javascript:alert(1)", "file:///etc/passwd", "data:text/html,x"):
        page = Page(Pack(pack.briefings, pack.edges, link=link))
        links = [about["href"] for tag, about, _ in page.elements if tag == "a"]
        assert all(re.match("https?://", each) for each in links)
        assert link in page.texts("footer")[0]


def test_the_same_pack_gives_the_same_page() -> None:
    assert write_page(small_pack()) == write_page(Pack(**{
        name: getattr(small_pack(), name)
        for name in ("briefings", "edges", "look", "link", "versions")
    }))  # fmt: skip
