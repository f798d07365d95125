"""Bring a text file into UTF-8, whatever it was written in, and say where that was a guess."""

import codecs
import re

from geo.errors import OpenError
from geo.readers.draft import Draft

# The longer marks first: UTF-32's begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"\A\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
# Some of Python's other codecs take time by the square of the text, or read no text at all.
_TAKEN = re.compile(
    r"iso8859-\d+|cp\d+|koi8-[rtu]|mac-\w+|ascii|gb\w+|big5\w*|shift_jis\w*|euc_\w+"
)
_CYRILLIC_RUN = re.compile(rb"[\xa8\xb8\xc0-\xff]{3,}")
_CUT_OFF = ("unexpected end of data", "truncated data", "incomplete multibyte sequence")
_FEW = 4
_SHOWN = "each is shown as \N{REPLACEMENT CHARACTER}"
_HIGH = re.compile(rb"[\x80-\xff]")


def to_utf8(data: bytes, draft: Draft) -> bytes:
    """Give a file's text in UTF-8 without a mark, with notes in `draft` where it was mended.

    What isn't UTF-8, has no mark and declares nothing is read as windows-1251 where its high bytes
    stand together like Cyrillic words, and else as windows-1252. Raises OpenError for what is no
    text.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(data[len(mark) :], encoding, draft)
    if encoding := _wide(data) or _declared(data):
        return _decoded(data, encoding, draft)
    return _decoded(data, "utf-8", draft)


def _wide(data: bytes) -> str:
    """Tell UTF-16 without a mark by its zeros."""
    start = data[:400]
    if start.count(0) <= _FEW:
        return ""
    high, low = start[::2].count(0), start[1::2].count(0)
    if min(high, low) * 4 >= max(high, low):
        raise OpenError("is no text: it holds zero bytes")
    return "utf-16-le" if low > high else "utf-16-be"


def _declared(data: bytes) -> str:
    """Give the encoding that an XML file declares, unless it is UTF-8 or not to be had."""
    match = _DECLARED.match(data[:300])
    try:
        name = codecs.lookup(match[1].decode("ascii")).name if match else ""
    except LookupError:
        return ""
    # UTF-16 would have been told by its mark or its zeros.
    return name if _TAKEN.fullmatch(name) else ""


def _decoded(data: bytes, encoding: str, draft: Draft) -> bytes:
    try:
        text = data.decode(encoding)
        return data if encoding == "utf-8" else text.encode("utf-8", "replace")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        if len(data) - error.start < 4 and error.reason in _CUT_OFF:
            draft.note(f"line {line}", "the file ends in the middle of a letter")
            return data[: error.start].decode(encoding).encode("utf-8", "replace")
    if encoding == "utf-8":
        if _is_mostly_utf8(data):
            draft.note(f"line {line}", f"some bytes are not UTF-8; {_SHOWN}")
        else:
            encoding = _guessed(data)
            name = encoding.replace("cp", "windows-")
            draft.note("", f"is not UTF-8 (line {line}); read as {name}, which is a guess")
    else:
        draft.note(f"line {line}", f"some bytes are not {encoding}, as it says; {_SHOWN}")
    return data.decode(encoding, "replace").encode("utf-8", "replace")


def _is_mostly_utf8(data: bytes) -> bool:
    text = data.decode("utf-8", "replace")
    bad = text.count("\N{REPLACEMENT CHARACTER}")
    good = len(data) - len(text.encode("ascii", "ignore")) - bad
    return good > 4 * bad


def _guessed(data: bytes) -> str:
    """Tell Cyrillic by its words; in other scripts of Europe, letters over 127 stand alone."""
    high = _HIGH.findall(data)
    in_runs = sum(map(len, _CYRILLIC_RUN.findall(data)))
    return "cp1251" if in_runs > len(high) / 2 else "cp1252"
