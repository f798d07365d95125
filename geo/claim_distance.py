"""Read the distance of a claim: "more than 3,000 miles", "between 1,000 and 2,000 km".

Miles are statute miles unless they are called nautical. A distance may be in Russian, as the
ministry told it: `более 5 тысяч км`.
"""

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from geo.errors import GeoError
from geo.text import quoted
from geo.units import KILOMETRES, NAUTICAL_MILES, STATUTE_MILES, UNIT_WORDS, Unit

MAX_DISTANCE_M = 1e9
EXAMPLE = 'write it like "more than 3,000 miles via Iraq, Iran and Azerbaijan"'
BETWEEN = "between"
_TESTS: Mapping[str, Callable[[float, float], bool]] = {
    "more than": operator.gt,
    "at least": operator.ge,
    "less than": operator.lt,
    "at most": operator.le,
}
# What people write for each of them.
_THAN: Mapping[str, str] = {
    word: meant
    for meant, words in {
        "more than": "more than|over|longer than|greater than|above|exceeding|>"
        "|более чем|более|больше|свыше",
        "at least": "at least|no less than|not less than|no shorter than|not shorter than|>=|≥"
        "|не менее|не меньше",
        "less than": "less than|under|fewer than|shorter than|below|<|менее чем|менее|меньше",
        "at most": "at most|no more than|not more than|not over|no longer than|not longer than"
        "|up to|<=|≤|не более|не больше",
    }.items()
    for word in words.split("|")
}
_ABOUT = (
    *("about", "around", "roughly", "approximately", "approx.", "approx", "circa", "ca.", "some"),
    *("nearly", "almost", "exactly", "precisely", "just", "equal to", "=", "~", "≈"),
    *("около", "примерно", "почти", "ровно"),
)
# Whose miles these are, they don't say.
_BARE_MILES = ("mile", "miles", "mi", "миля", "мили", "миль")
_UNITS: Mapping[str, Unit] = {
    **UNIT_WORDS,
    **dict.fromkeys(("миля", "мили", "миль"), STATUTE_MILES),
    **dict.fromkeys(("морская миля", "морские мили", "морских миль"), NAUTICAL_MILES),
    **dict.fromkeys(("км", "километр", "километра", "километров"), KILOMETRES),
}


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_AMOUNT = r"[0-9]{1,3}(?:[, ][0-9]{3})+(?:\.[0-9]{1,9})?|[0-9]{1,12}(?:\.[0-9]{1,9})?"
_THOUSAND = r" ?(?:thousand|тысячи|тысяч|тыс\.?)"
_UNIT = rf"(?:{_any_of(_UNITS)})(?= |,|\Z)"
_BETWEEN = (
    rf"(?:between|from) (?P<least>{_AMOUNT})(?P<least_thousand>{_THOUSAND})?"
    rf"(?: ?(?P<least_unit>{_UNIT}))? (?:and|to)"
)
_DISTANCE = re.compile(
    rf"(?:(?P<than>{_any_of(_THAN)})|{_BETWEEN}) ?(?P<amount>{_AMOUNT})"
    rf"(?P<thousand>{_THOUSAND})? ?(?P<unit>{_UNIT})",
    re.IGNORECASE,
)
# Part of a distance, of which it can be said what is missing.
_PARTLY = re.compile(
    rf"(?P<than>{_any_of(_THAN)}|{_BETWEEN})? ?(?:{_AMOUNT})(?:{_THOUSAND})?"
    rf"(?P<unit> ?{_UNIT})?(?= |, |\Z)",
    re.IGNORECASE,
)
_NEARLY = re.compile(
    rf"(?:(?:{_any_of(_THAN)}) )?(?:{_any_of(_ABOUT)}) ?(?:{_AMOUNT})", re.IGNORECASE
)
_BEGUN = re.compile(
    rf"(?P<word>{_any_of([*_THAN, 'between', 'from'])}) ?(?P<rest>.+)", re.IGNORECASE
)
# What never stands before a country.
_NEVER_PLACED = tuple(word for word in _THAN if word.endswith("than"))
# Some write 3.000 for three thousand, others for three.
_AMBIGUOUS = re.compile(r"(?P<whole>[1-9][0-9]{0,2})\.(?P<rest>[0-9]{3})")


@dataclass(frozen=True, slots=True)
class Distance:
    """A condition on a length: `than` is "more than", "at least", "less than", "at most", BETWEEN.

    `text` is how it was typed. `most_m` is the upper end of a range, None for any other;
    `unit_said` is False where "miles" had to be taken for statute ones.
    """

    text: str
    than: str
    distance_m: float
    unit: Unit
    unit_said: bool = True
    most_m: float | None = None

    def admits(self, length_m: float) -> bool:
        """Tell whether a length fulfils the condition; the ends of a range do."""
        if self.most_m is not None:
            return self.distance_m <= length_m <= self.most_m
        return _TESTS[self.than](length_m, self.distance_m)

    def beyond_m(self, length_m: float) -> float:
        """Tell how many metres longer a length is, negative if shorter; 0 within a range."""
        if self.most_m is None:
            return length_m - self.distance_m
        return length_m - min(max(length_m, self.distance_m), self.most_m)

    def in_nautical(self) -> "Distance":
        """Read the same numbers of miles as nautical ones."""
        times = NAUTICAL_MILES.metres / STATUTE_MILES.metres
        most_m = None if self.most_m is None else self.most_m * times
        return replace(
            self, distance_m=self.distance_m * times, most_m=most_m, unit=NAUTICAL_MILES,
            unit_said=True,
        )  # fmt: skip


def cut_distance(text: str) -> tuple[Distance | None, str]:
    """Read the distance that a text begins with, if it does; the rest comes second.

    Raises GeoError for a number that may mean two, and for one that is no distance on earth.
    """
    match = _DISTANCE.match(text)
    if not match:
        return None, text
    word, least_word = match["unit"].casefold(), (match["least_unit"] or "").casefold()
    unit = _UNITS[word]
    if least_word and _UNITS[least_word] != unit:
        raise GeoError(f"the range {quoted(match[0])} has two units: write it in one of them")
    amounts = [_amount(match["amount"], match["thousand"])]
    if match["least"]:
        # "Between 1 and 2 thousand km" has the word once for both.
        each = match["least_thousand"] or (None if least_word else match["thousand"])
        amounts.insert(0, _amount(match["least"], each))
    lengths_m = [amount * unit.metres for amount in amounts]
    if not all(0 < length_m <= MAX_DISTANCE_M for length_m in lengths_m):
        raise GeoError(f"the distance {quoted(match[0])} is not one on earth")
    if lengths_m != sorted(lengths_m):
        raise GeoError(f"the range {quoted(match[0])} begins with its longer end: write that last")
    than = _THAN[match["than"].casefold()] if match["than"] else BETWEEN
    said = {word, least_word} - {"", *_BARE_MILES} != set()
    most_m = lengths_m[1] if than == BETWEEN else None
    return Distance(match[0], than, lengths_m[0], unit, said, most_m), text[match.end() :]


def say_fault(text: str) -> str:
    """Say what is wrong with a text that begins like a distance and is none; "" for any other."""
    if _NEARLY.match(text):
        can = '"more than", "at least", "less than", "at most" and "between"'
        return f"the claim {quoted(text)} can't be checked: only {can} can"
    if partly := _PARTLY.match(text):
        than = "" if partly["than"] else 'says neither "more than" nor "less than"'
        unit = "" if partly["unit"] else "has no unit (miles, nmi or km)"
        lacks = ", and ".join(filter(None, (than, unit)))
        return f"the claim {quoted(text)} {lacks}: {EXAMPLE}" if lacks else ""
    if later := re.search(rf"(?<!\w)(?:{_DISTANCE.pattern})", text, re.IGNORECASE):
        before = text[: later.start()].strip()
        return f"the claim has {quoted(before)} before the distance, which can't be read: {EXAMPLE}"
    begun = _BEGUN.match(text)
    if begun and (begun["rest"][0].isdigit() or begun["word"].casefold() in _NEVER_PLACED):
        return f"the distance {quoted(begun['rest'])} can't be read: {EXAMPLE}"
    return ""


def _amount(typed: str, thousand: str | None) -> float:
    ambiguous = _AMBIGUOUS.fullmatch(typed)
    if ambiguous:
        whole, rest = ambiguous["whole"], ambiguous["rest"]
        # The same number, written as it can't be mistaken: 3.0, 3.1 or 3.1250.
        small = f"{whole}.{rest.rstrip('0') or 0}" if rest.endswith("0") else f"{whole}.{rest}0"
        raise GeoError(
            f"the number {quoted(typed)} may be {whole},{rest} or {small}: write one of these"
        )
    amount = float(typed.replace(",", "").replace(" ", ""))
    return amount * 1000 if thousand else amount
