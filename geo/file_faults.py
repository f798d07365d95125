"""Say in a few words what kept a file from being read or written."""

from pathlib import Path

from geo.text import printable


def say_os_error(error: OSError) -> str:
    """Say what the system says, such as "no space left on device"."""
    reason = error.strerror or str(error) or type(error).__name__
    return printable(reason[:1].lower() + reason[1:])


def say_unread(error: Exception, path: Path) -> str:
    """Say why a data file isn't one, whoever found that, without the folder that it lies in."""
    if isinstance(error, FileNotFoundError):
        return "it is missing"
    text = say_os_error(error) if isinstance(error, OSError) else str(error)
    return printable(text.replace(str(path), path.name))
