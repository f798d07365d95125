"""Make text from a reader or a file safe to show: one line, printable, not endless."""

_LONGEST = 60


def printable(text: str) -> str:
    """Bring a text onto one line and put a mark where a terminal would obey instead of show."""
    spaced = " ".join(text.split())
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in spaced)


def brief(text: str) -> str:
    """Make a text printable, and cut it where it is long."""
    shown = printable(text)
    return f"{shown[:_LONGEST]}…" if len(shown) > _LONGEST else shown


def quoted(text: str) -> str:
    """Put a text in quotes for a message, cut where it is long."""
    return f'"{brief(text)}"'
