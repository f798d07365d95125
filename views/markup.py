"""Put text on a page as text: what a file says is never markup."""

import html
import re
from collections.abc import Collection, Iterable, Sequence

import streamlit as st

from geo.errors import DataError, GeoError

# All of ASCII punctuation: Markdown knows an escape for each.
_MARKDOWN = re.compile(r"([!-/:-@\[-`{-~])")


def show_text(tag: str, text: str, css_class: str = "") -> None:
    """Show plain text in an HTML element."""
    st.html(f'<{tag} class="{css_class}">{html.escape(text)}</{tag}>')


def as_label(text: str) -> str:
    """Escape a text for Streamlit's labels, which are Markdown."""
    return _MARKDOWN.sub(r"\\\1", text)


def show_table(
    headings: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: Collection[int] = ()
) -> None:
    """Show plain texts as a table; the columns in `numbers` are set flush right."""
    head = _table_row("th", headings, numbers)
    body = "".join(_table_row("td", row, numbers) for row in rows)
    st.html(
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
    texts = list(lines)
    links = [_link(url) for url in urls or [None] * len(texts)]
    items = "".join(
        f"<li>{html.escape(text)}{link}</li>" for text, link in zip(texts, links, strict=True)
    )
    st.html(f'<{tag} class="corridor-list">{items}</{tag}>')


def _link(url: str | None) -> str:
    """Write a link; a story's addresses begin with http: or https:."""
    if not url:
        return ""
    safe = html.escape(url)
    return f' <a href="{safe}" target="_blank" rel="noopener noreferrer">{safe}</a>'
