"""Put text on a page as text: what a file says is never markup."""

import html
import re
from collections.abc import Collection, Iterable, Sequence
from itertools import count
from pathlib import Path

import streamlit as st

from geo.errors import DataError, GeoError
from geo.file_faults import say_os_error

# All of ASCII punctuation: Markdown knows an escape for each.
_MARKDOWN = re.compile(r"([!-/:-@\[-`{-~])")


def text_html(tag: str, text: str, css_class: str = "") -> str:
    """Write plain text as an HTML element."""
    return f'<{tag} class="{css_class}">{html.escape(text)}</{tag}>'


def show_text(tag: str, text: str, css_class: str = "") -> None:
    """Show plain text in an HTML element."""
    st.html(text_html(tag, text, css_class))


def show_head(body: str = "") -> None:
    """Show the top of a page, which brings the style of all that follows."""
    style = Path(__file__).with_name("page.css").read_text(encoding="utf-8")
    st.html(f"<style>{style}</style>{body}")


def show_stack(parts: Iterable[str]) -> None:
    """Show pieces of HTML one below the other.

    They are one element to Streamlit, which does work for each of its elements on every rerun.
    """
    st.html(f'<div class="corridor-stack">{"".join(parts)}</div>')


def as_label(text: str) -> str:
    """Escape a text for Streamlit's labels, which are Markdown."""
    return _MARKDOWN.sub(r"\\\1", text)


def show_table(
    headings: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: Collection[int] = ()
) -> None:
    """Show plain texts as a table; the columns in `numbers` are set flush right."""
    st.html(table_html(headings, rows, numbers=numbers))


def table_html(
    headings: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: Collection[int] = ()
) -> str:
    """Write plain texts as a table."""
    head = _table_row("th", map(html.escape, headings), numbers)
    body = "".join(_table_row("td", map(html.escape, row), numbers) for row in rows)
    return _framed(head, body)


def route_table_html(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    ids: Sequence[str],
    *,
    numbers: Collection[int] = (),
    sortable: Collection[int] = (),
) -> str:
    """Write plain texts as a table with a row for each of the map's routes, by their `ids`.

    The map's script lets the reader pick a row, and sort by the columns in `sortable`.
    """
    texts = [*map(html.escape, headings)]
    for column in sortable:
        texts[column] = f'<button type="button" data-sort="{column}">{texts[column]}</button>'
    body = ""
    for row, id in zip(rows, ids, strict=True):
        cells = [*map(html.escape, row)]
        cells[0] = f'<button type="button" aria-pressed="false">{cells[0]}</button>'
        body += _table_row("td", cells, numbers, f' data-route="{html.escape(id)}"')
    return _framed(_table_row("th", texts, numbers), body)


def _framed(head: str, body: str) -> str:
    return (
        '<div class="figures-frame"><table class="figures">'
        f"<thead>{head}</thead><tbody>{body}</tbody></table></div>"
    )


def _table_row(
    tag: str, cells: Iterable[str], numbers: Collection[int], attribute: str = ""
) -> str:
    """Write a row of cells that are HTML."""
    kinds = (' class="number"' if column in numbers else "" for column in count())
    written = (f"<{tag}{kind}>{cell}</{tag}>" for kind, cell in zip(kinds, cells, strict=False))
    return f"<tr{attribute}>{''.join(written)}</tr>"


def show_refusal(error: GeoError, lacking: str = "there is nothing to show") -> None:
    """Say which file can't be read, what is `lacking` for that, and why."""
    whose = "A data file of Corridor's own" if isinstance(error, DataError) else "The story's file"
    st.error(f"{whose} can't be read, so {lacking}.")
    show_text("pre", str(error), "corridor-refusal")


def show_fault(error: OSError) -> None:
    """Say which file of its own the server can't read or write, as on a full disk."""
    st.error("The server can't read or write a file, so this page isn't whole.")
    name = Path(str(error.filename or "a file")).name
    show_text("pre", f"{name}: {say_os_error(error)}", "corridor-refusal")


def show_list(
    lines: Iterable[str], *, tag: str = "ul", urls: Sequence[str | None] | None = None
) -> None:
    """Show plain lines as a list, each followed by a link if there is one."""
    st.html(list_html(lines, tag=tag, urls=urls))


def list_html(
    lines: Iterable[str], *, tag: str = "ul", urls: Sequence[str | None] | None = None
) -> str:
    """Write plain lines as a list."""
    texts = list(lines)
    links = [_link(url) for url in urls or [None] * len(texts)]
    items = "".join(
        f"<li>{html.escape(text)}{link}</li>" for text, link in zip(texts, links, strict=True)
    )
    return f'<{tag} class="corridor-list">{items}</{tag}>'


def _link(url: str | None) -> str:
    """Write a link; a story's addresses begin with http: or https:."""
    if not url:
        return ""
    safe = html.escape(url)
    return f' <a href="{safe}" target="_blank" rel="noopener noreferrer">{safe}</a>'
