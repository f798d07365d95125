"""Read XML as a stream, safely: no entities, no outside files, and on after damage.

Expat itself is used, as defusedxml does, but without building a tree: a million points take two
seconds and little room, and what stands before and after a damaged place is kept.
"""

import re
from dataclasses import dataclass, field
from typing import Protocol
from xml.parsers import expat

from geo.errors import OpenError
from geo.readers.draft import Draft
from geo.text import quoted

_PIECE = 65_536
_MAX_DEPTH = 200
_MAX_BREAKS = 100
_MAX_MENDED = 500_000
# An "&" that begins none of XML's own references, as people write it; not within CDATA.
_AMPERSAND = re.compile(
    rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)",
    re.DOTALL,
)
_CONTROL = bytes(c for c in range(32) if c not in b"\t\n\r")
_BLANK = bytes(c if c not in _CONTROL else 32 for c in range(256))
_CUT_OFF = {
    expat.errors.codes[message]
    for message in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
    )
}


class Handler(Protocol):
    """What takes the elements; names come without prefixes."""

    texts: frozenset[str]
    """The elements whose text is wanted."""
    features: frozenset[str]
    """The elements at which reading may go on after damage."""

    def start(self, name: str, parent: str, fields: dict[str, str], line: int) -> None:
        """Take the start of an element."""

    def end(self, name: str, parent: str, text: str) -> None:
        """Take the end of an element; `text` is empty unless it is wanted."""

    def broken(self, name: str, text: str) -> None:
        """Finish all that is open: the file is damaged here, within the element `name`."""


def root_name(data: bytes) -> str:
    """Name the first element of a file, without its prefix; empty where there is none.

    Raises OpenError where entities are declared before it.
    """
    found: list[str] = []
    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = lambda name, _: found.append(name.rpartition(":")[2])
    parser.EntityDeclHandler = lambda name, *_: _refuse_entity(name, parser.CurrentLineNumber)
    try:
        for start in range(0, len(data), _PIECE):
            parser.Parse(data[start : start + _PIECE], False)
            if found:
                break
    except expat.ExpatError:
        pass  # what is damaged behind the first element is the reader's matter
    return found[0] if found else ""


def _refuse_entity(name: str, line: int) -> None:
    raise OpenError(
        f"line {line}: declares the entity {quoted(name)}; no map program writes that, "
        "and such files can be traps"
    )


def read_xml(data: bytes, handler: Handler, draft: Draft) -> None:
    """Hand the elements of a file, in UTF-8, to `handler`.

    Where it isn't well-formed, that is noted, and reading goes on at the next of the features.
    Raises OpenError for a file that declares entities, or nests hundreds of elements.
    """
    if data.translate(None, _CONTROL) != data:
        data = data.translate(_BLANK)
    if 0 < data.count(b"&") <= _MAX_MENDED:
        data = _AMPERSAND.sub(lambda m: m[0] if len(m[0]) > 1 else b"&amp;", data)
    names = b"|".join(re.escape(name.encode()) for name in sorted(handler.features))
    feature = re.compile(rb"<(?:[\w.-]+:)?(?:" + names + rb")[\s/>]")
    at, line = 0, 1
    for _ in range(_MAX_BREAKS):
        run = _Run(handler, draft, line, resumed=at > 0)
        stopped = run.read(data, at)
        if stopped is None:
            return
        match = feature.search(data, stopped + 1)
        run.tell(draft, goes_on=match is not None)
        if match is None:
            return
        line += data.count(b"\n", at, match.start())
        at = match.start()
    draft.note(f"line {line}", f"is damaged in {_MAX_BREAKS} places; what follows is not read")


@dataclass(slots=True)
class _Run:
    """One parser's way from one feature to the end, or to the next damage."""

    handler: Handler
    draft: Draft
    first_line: int
    resumed: bool
    parser: expat.XMLParserType = field(init=False)
    path: list[str] = field(default_factory=lambda: [""])
    text: list[str] = field(default_factory=list)
    wanted: bool = False
    error: expat.ExpatError | None = None
    depth: int = 0

    def __post_init__(self) -> None:
        parser = self.parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.buffer_size = 16 * _PIECE
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.EntityDeclHandler = lambda name, *_: _refuse_entity(name, self._now())

    def read(self, data: bytes, at: int) -> int | None:
        """Read from a byte on; give the byte at which it is damaged, None for the file's end."""
        # The features that follow the first need something to stand in.
        begin = b"<resumed>" if self.resumed else b""
        view = memoryview(data)
        try:
            self.parser.Parse(begin, False)
            for start in range(at, len(data), _PIECE):
                self.parser.Parse(view[start : start + _PIECE], False)
            self.parser.Parse(b"", True)
        except expat.ExpatError as error:
            self.error, self.depth = error, len(self.path) - 1
            self.handler.broken(self.path[-1], "".join(self.text))
            return max(at + self.parser.ErrorByteIndex - len(begin), at)
        return None

    def tell(self, draft: Draft, goes_on: bool) -> None:
        """Note the damage, unless it is only that what held the features ends."""
        assert self.error is not None  # noqa: S101 - it is told of an error alone
        if self.resumed and self.depth <= 1:
            return
        where = f"line {self.line(self.error.lineno)}"
        if self.error.code in _CUT_OFF and not goes_on:
            draft.note(where, "the file ends in the middle; what stands before is kept")
        else:
            rest = "reading goes on at the next feature" if goes_on else "what follows is not read"
            draft.note(where, f"is damaged ({expat.ErrorString(self.error.code)}); {rest}")

    def line(self, number: int) -> int:
        """Count a line of this run from the file's start."""
        return self.first_line + number - 1

    def _start(self, name: str, fields: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if len(self.path) > _MAX_DEPTH:
            raise OpenError(f"line {self._now()}: more than {_MAX_DEPTH} elements in each other")
        self.handler.start(name, self.path[-1], fields, self._now())
        self.path.append(name)
        self.wanted = name in self.handler.texts
        self.text.clear()

    def _end(self, name: str) -> None:
        name = self.path.pop()
        self.handler.end(name, self.path[-1], "".join(self.text))
        self.wanted = False
        self.text.clear()

    def _text(self, text: str) -> None:
        if self.wanted:
            self.text.append(text)

    def _now(self) -> int:
        return self.line(self.parser.CurrentLineNumber)
