"""Read which countries a claim says were passed, and which not: "via Iraq and Iran, not Turkey"."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from geo.errors import GeoError
from geo.places import folded
from geo.text import quoted

_CLAUSE = re.compile(
    r"(?:^|[, ]) *(?:(?:and|but) )?(?P<word>(?:"
    r"(?P<no>(?:without|avoiding|not)"
    r"(?: (?:crossing|passing|entering|overflying|flying|going))?(?: (?:via|over|through))?)"
    r"|via|over|through))(?: |\Z)",
    re.IGNORECASE,
)
_OR = re.compile(" n?or ", re.IGNORECASE)
Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Clause:
    """A list of countries, as typed, and the `word` before it; `passed` is False for "without"."""

    word: str
    passed: bool
    countries: str


def cut_clauses(text: str) -> tuple[str, tuple[Clause, ...]]:
    """Cut a text at its "via", "without" and the like; what stands before them comes first."""
    found = list(_CLAUSE.finditer(text))
    starts = [*(match.start() for match in found), len(text)]
    clauses = tuple(
        Clause(match["word"], match["no"] is None, text[match.end() : start].strip(" ,"))
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
            raise GeoError(f"no country after {quoted(clause.word)}")
        # Without one or the other is without both.
        text = clause.countries if clause.passed else _OR.sub(", ", clause.countries)
        codes[clause.passed] |= _countries(text, names)
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
        parts = [part] if folded(part) in known else _split(part, known)
        codes += [_country(each, known, names) for each in parts]
    return dict.fromkeys(codes)


def _split(part: str, known: Names) -> list[str]:
    """Cut a part of a list at its "and"s, but for those within a name."""
    words = re.split(r" and ", part, flags=re.IGNORECASE)
    for cut in range(1, len(words)):
        first, last = " and ".join(words[:cut]), " and ".join(words[cut:])
        if folded(first) in known and folded(last) in known:
            return [first, last]
    return words


def _country(text: str, known: Names, names: Names) -> str:
    code = known.get(folded(text))
    if code is None:
        near = [names[known[match]] for match in get_close_matches(folded(text), known, 3)]
        guess = f"; did you mean {' or '.join(dict.fromkeys(near))}?" if near else ""
        raise GeoError(f"no country {quoted(text)}{guess}")
    return code
