"""Put text on a page as text: what a file says is never markup."""

import html
import re
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import streamlit as st

from geo.errors import DataError, GeoError

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
    head = _table_row("th", headings, numbers)
    body = "".join(_table_row("td", row, numbers) for row in rows)
    return (
        '<div class="figures-frame"><table class="figures">'
        f"<thead>{head}</thead><tbody>{body}</tbody></table></div>"
    )


def _table_row(tag: str, cells: Sequence[str], numbers: Collection[int]) -> str:
    kinds = (' class="number"' if column in numbers else "" for column in range(len(cells)))
    return (
        "<tr>"
        + "".join(
            f"<{tag}{kind}>{html.escape(cell)}</{tag}>"
            for kind, cell in zip(kinds, cells, strict=True)
        )
        + "</tr>"
    )


def show_refusal(error: GeoError) -> None:
    """Say which file can't be read, and why."""
    whose = "A data file of Corridor's own" if isinstance(error, DataError) else "The story's file"
    st.error(f"{whose} can't be read, so there is nothing to show.")
    show_text("pre", str(error), "corridor-refusal")


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
