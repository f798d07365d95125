"""Read which countries a claim says were passed, and which not: "via Iraq and Iran, not Turkey"."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches

from geo.errors import DataError, GeoError
from geo.names import load_names
from geo.places import folded
from geo.text import quoted
from geo.vocabulary import spelled_words

_ACT = (
    "(?:cross(?:ing|es)?|pass(?:ing|es)?|enter(?:ing|s)?|overfl(?:ying|ies|y)|fl(?:ying|ies|y)"
    "|go(?:ing|es)?)"
)
_THROUGH = "(?:via|over|through|across|above|in|inside|within)"
_NOT = "(?:without|avoid(?:s|ing)?|bypass(?:es|ing)?|(?:does |do )?not|never|doesn['’]t|except)"
_CLAUSE = re.compile(
    r"(?P<lead>^|[, ]) *(?P<joint>(?:and|but) )?"
    rf"(?P<word>(?P<no>{_NOT}(?: {_ACT})?(?: {_THROUGH})?)|{_ACT}(?: {_THROUGH})?|{_THROUGH})"
    r"(?= |,|\Z)",
    re.IGNORECASE,
)
TWO_CLAIMS = 'one claim is checked at a time, and "or" makes two of it'
_OR = re.compile(r" n?or(?: |\Z)", re.IGNORECASE)
Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Clause:
    """A list of countries, as typed, and the `word` before it; `passed` is False for "without".

    `apart` is True where a comma, "and" or "but" parts it from what stands before it.
    """

    word: str
    passed: bool
    countries: str
    apart: bool = False


def cut_clauses(text: str) -> tuple[str, tuple[Clause, ...]]:
    """Cut a text at its "via", "without" and the like; what stands before them comes first."""
    found = list(_CLAUSE.finditer(text))
    starts = [*(match.start() for match in found), len(text)]
    clauses = tuple(
        Clause(
            match["word"].casefold(),
            match["no"] is None,
            text[match.end() : start].strip(" ,"),
            match["lead"] == "," or match["joint"] is not None,
        )
        for match, start in zip(found, starts[1:], strict=True)
    )
    return text[: starts[0]].strip(), clauses


def read_clauses(
    clauses: Sequence[Clause], names: Names
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """List the A3 codes said to be passed, and those said not to be, once each.

    `names` are those of the countries by their codes. Raises GeoError with what can't be read.
    """
    codes: dict[bool, dict[str, None]] = {True: {}, False: {}}
    for clause in clauses:
        if not clause.countries:
            raise GeoError(f"there is no country after {quoted(clause.word)}")
        ends = clause.countries.casefold().endswith((" or", " nor"))
        if ends or (clause.passed and _OR.search(clause.countries)):
            raise GeoError(TWO_CLAIMS)
        # Without one or the other is without both.
        codes[clause.passed] |= _countries(_OR.sub(", ", clause.countries), names)
    both = [names[code] for code in codes[True] if code in codes[False]]
    if both:
        raise GeoError(f"{both[0]} can't be both passed and avoided")
    return tuple(codes[True]), tuple(codes[False])


def _countries(text: str, names: Names) -> dict[str, None]:
    """List the codes of listed countries, once each; a name may have "and" in it."""
    known = {folded(name): code for code, name in names.items()}
    known |= {code.casefold(): code for code in names}
    codes = []
    for part in text.split(","):
        part = part.strip().removeprefix("and ")
        parts = [part] if _find(part, known, names) else _split(part, known, names)
        codes += [_country(each, known, names) for each in parts]
    return dict.fromkeys(codes)


def _split(part: str, known: Names, names: Names) -> list[str]:
    """Cut a part of a list at its "and"s, but for those within a name."""
    words = re.split(r" and ", part, flags=re.IGNORECASE)
    for cut in range(1, len(words)):
        first, last = " and ".join(words[:cut]), " and ".join(words[cut:])
        if _find(first, known, names) and _find(last, known, names):
            return [first, last]
    return words


def _country(text: str, known: Names, names: Names) -> str:
    code = _find(text, known, names)
    if code is not None:
        return code
    if not text:
        raise GeoError("there is no country beside a comma")
    near = [names[known[match]] for match in get_close_matches(folded(text), known, 3)]
    guess = f"; did you mean {' or '.join(dict.fromkeys(near))}?" if near else ""
    raise GeoError(f"there is no country {quoted(text)}{guess}")


def _find(text: str, known: Names, names: Names) -> str | None:
    """Look up a country's code; other languages' names are known where their file can be read."""
    bare = text.casefold().removeprefix("the ")
    code = known.get(folded(text)) or known.get(folded(bare))
    if code is not None:
        return code
    spelled = " ".join(spelled_words(bare))
    with suppress(DataError):
        states = load_names().states
        return next((code for code in names if spelled in states.get(code, ())), None)
    return None
