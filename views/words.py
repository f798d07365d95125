"""Put text on a page as text: what a file says is never markup."""

import html
import re

import streamlit as st

_MARKDOWN = re.compile(r"([\\`*_\[\]<>!:$~#|&])")


def show_text(tag: str, text: str, css_class: str = "") -> None:
    """Show plain text in an HTML element."""
    st.html(f'<{tag} class="{css_class}">{html.escape(text)}</{tag}>')


def as_label(text: str) -> str:
    """Escape a text for Streamlit's labels, which are Markdown."""
    return _MARKDOWN.sub(r"\\\1", text)
