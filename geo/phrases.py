"""Write small parts of sentences the same way everywhere."""

import datetime as dt
from collections.abc import Sequence

from geo.schema import Source

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def capital(text: str) -> str:
    """Write the first letter large."""
    return text[:1].upper() + text[1:]


def lower(text: str) -> str:
    """Write the first letter small."""
    return text[:1].lower() + text[1:]


def listed(names: Sequence[str], last: str = "and") -> str:
    """Join one name or more with commas, and with another word before the last one."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}"


def format_day(date: dt.date) -> str:
    """Write a date as "15 March 2016"."""
    return f"{date.day} {_MONTHS[date.month - 1]} {date.year}"


def source_line(source: Source) -> str:
    """Write out a source in one line."""
    when = format_day(source.date) if source.date else None
    parts = (source.title, source.publisher, when, source.ref, source.note)
    return ", ".join(part for part in parts if part)
