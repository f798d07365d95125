"""Find words by their beginning, by a part of them, or in spite of typing errors."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from anyascii import anyascii
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

# How a word was found, best first; each typing error counts one more.
EXACT, PREFIX, INFIX, ONE_ERROR, TWO_ERRORS, NOT_FOUND = range(6)
Grades = npt.NDArray[np.uint8]

_LEAST_INFIX = 3
_LEAST_ONE_ERROR, _LEAST_TWO_ERRORS = 4, 8
_LONGEST_MISTYPED = 24
_END = "\n"
_WORD = re.compile("[a-z0-9]+")


def spelled_words(text: str) -> tuple[str, ...]:
    """Cut a text into words of Latin letters and digits, without case, accents and apostrophes.

    Other scripts are transliterated letter by letter, as anyascii has it.
    """
    text = text.casefold()
    plain = text if text.isascii() else anyascii(text).casefold()
    return tuple(_WORD.findall(plain.replace("'", "")))


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """Words without repeats, sorted; none holds a line break.

    `plain` are the numbers of those in which typing errors are forgiven. `text` has them all, each
    with a line break after it; `starts`, `lengths` and `letters` (n,) tell where each one begins in
    it, how long it is, and which letters it has, a bit each.
    """

    words: Sequence[str]
    plain: npt.NDArray[np.intp]
    text: str
    starts: npt.NDArray[np.intp]
    lengths: npt.NDArray[np.intp]
    letters: npt.NDArray[np.uint64]

    @classmethod
    def of(cls, plain: Iterable[str], others: Iterable[str]) -> "Vocabulary":
        """Take plain words, and others that must be spelled right."""
        forgiven = set(plain)
        words = sorted(forgiven.union(others))
        text = "".join(word + _END for word in words)
        lengths = np.fromiter(map(len, words), dtype=np.intp, count=len(words))
        starts = np.cumsum(lengths + 1) - (lengths + 1)
        letters = np.bitwise_or.reduceat(_letters(text), starts) if words else _letters(text)
        plain = np.flatnonzero([word in forgiven for word in words])
        return cls(words, plain, text, starts, lengths, letters)

    def literal(self, word: str) -> Grades:
        """Grade all words as (n,): EXACT, PREFIX, INFIX or NOT_FOUND."""
        grades = np.full(len(self.words), NOT_FOUND, dtype=np.uint8)
        if len(word) >= _LEAST_INFIX:
            grades[self._holding(word)] = INFIX
        first = bisect_left(self.words, word)
        # No word has a letter that sorts after this.
        grades[first : bisect_left(self.words, word + "\U0010ffff")] = PREFIX
        if first < len(self.words) and self.words[first] == word:
            grades[first] = EXACT
        return grades

    def mistyped(self, word: str) -> Grades:
        """Grade all words as (n,) by the typing errors in them, or in what of them is typed yet.

        An error is a letter wrong, missing, too many, or swapped with its neighbour: one in words
        of four letters or more, two from eight on.
        """
        grades = np.full(len(self.words), NOT_FOUND, dtype=np.uint8)
        errors = (len(word) >= _LEAST_ONE_ERROR) + (len(word) >= _LEAST_TWO_ERRORS)
        if not errors or len(word) > _LONGEST_MISTYPED:
            return grades
        # An error takes no more than one of the typed letters out of a word.
        missing = np.bitwise_count(np.bitwise_or.reduce(_letters(word)) & ~self.letters[self.plain])
        likely = self.plain[missing <= errors]
        short = self.lengths[likely] <= len(word) + errors
        for numbers, length in ((likely[short], None), (likely[~short], len(word))):
            choices = [self.words[number][:length] for number in numbers.tolist()]
            found = cdist(
                [word], choices, scorer=OSA.distance, score_cutoff=errors, dtype=np.uint8
            )[0]
            near = found <= errors
            grades[numbers[near]] = INFIX + np.maximum(found[near], 1)
        return grades

    def _holding(self, word: str) -> npt.NDArray[np.intp]:
        """List the numbers of the words that hold a part."""
        places, at = [], self.text.find(word)
        while at >= 0:
            places.append(at)
            at = self.text.find(word, self.text.index(_END, at))
        return np.searchsorted(self.starts, places, side="right") - 1


def _letters(text: str) -> npt.NDArray[np.uint64]:
    """Give each letter of a text a bit, as (n,); a few may share one."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return np.uint64(1) << (codes % 64).astype(np.uint64)
