"""Read a library's script that is kept among the data, and refuse one that isn't whole."""

import re
from hashlib import sha256
from pathlib import Path

from geo.errors import DataError
from geo.file_faults import say_unread

# The comment before the script, its credit and licence, has the hash of all that follows it.
_WHOLE = re.compile(r"/\*\n(?:(?!\*/).)*?^sha256: ([0-9a-f]{64})$.*?\*/\n(.*)\Z", re.DOTALL | re.M)


def read_script(path: Path) -> str:
    """Read a script with its comment. Raises DataError where it is missing or damaged."""
    try:
        text = path.read_bytes().decode("utf-8")
    except (OSError, ValueError) as error:
        raise DataError(f"{path.name}: can't be read ({say_unread(error, path)})") from error
    found = _WHOLE.match(text)
    if found is None or sha256(found[2].encode()).hexdigest() != found[1]:
        raise DataError(f"{path.name}: is damaged: it isn't what its own hash says")
    return text


def with_hash(credit: str, script: str) -> str:
    """Write a script behind a comment with its credit and its hash, as `read_script` wants it."""
    return f"/*\n{credit}\n\nsha256: {sha256(script.encode()).hexdigest()}\n*/\n{script}"
