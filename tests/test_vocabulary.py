import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.vocabulary import (
    EXACT,
    INFIX,
    NOT_FOUND,
    ONE_ERROR,
    PREFIX,
    TWO_ERRORS,
    Vocabulary,
    spelled_words,
)

LETTERS = "abc"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Primorsko-Akhtarsk", ("primorsko", "akhtarsk")),
        ("Хмеймим", ("khmeymim",)),
        ("Энгельс", ("engels",)),
        ("Xi’an, Łódź", ("xian", "lodz")),
        ("O'Hare", ("ohare",)),
        ("  Lipetsk-2 ", ("lipetsk", "2")),
        ("— … !", ()),
        ("", ()),
    ],
)
def test_words_are_spelled_in_latin_letters(text: str, words: tuple[str, ...]) -> None:
    assert spelled_words(text) == words


def distance(one: str, other: str) -> int:
    """Count typing errors, by the textbook's table (optimal string alignment)."""
    table = [[i + j for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i, a in enumerate(one, 1):
        for j, b in enumerate(other, 1):
            table[i][j] = min(
                table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + (a != b)
            )
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
    return table[-1][-1]


def by_the_book(word: str, typed: str) -> int:
    errors = 2 if len(typed) >= 8 else 1 if len(typed) >= 4 else 0
    # A word that is longer than the typed one may be unfinished.
    known = word if len(word) <= len(typed) + errors else word[: len(typed)]
    found = distance(typed, known)
    return INFIX + max(found, 1) if errors and found <= errors else NOT_FOUND


WORDS = st.text(LETTERS, min_size=1, max_size=12)


@given(st.sets(WORDS, min_size=1, max_size=30), WORDS)
def test_words_are_graded_as_by_the_book(words: set[str], typed: str) -> None:
    vocabulary = Vocabulary.of(words, ())
    assert list(vocabulary.words) == sorted(words)
    assert vocabulary.mistyped(typed).tolist() == [
        by_the_book(word, typed) for word in vocabulary.words
    ]
    assert vocabulary.literal(typed).tolist() == [
        EXACT
        if word == typed
        else PREFIX
        if word.startswith(typed)
        else INFIX
        if len(typed) >= 3 and typed in word
        else NOT_FOUND
        for word in vocabulary.words
    ]


def test_grades_stand_in_their_order() -> None:
    assert EXACT < PREFIX < INFIX < ONE_ERROR < TWO_ERRORS < NOT_FOUND


def test_errors_are_forgiven_in_plain_words_only() -> None:
    vocabulary = Vocabulary.of(["heathrow"], ["heathrov"])
    assert dict(zip(vocabulary.words, vocabulary.mistyped("heathros").tolist(), strict=True)) == {
        "heathrow": ONE_ERROR,
        "heathrov": NOT_FOUND,
    }


def test_an_endless_word_is_mistyped_for_nothing() -> None:
    vocabulary = Vocabulary.of(["a" * 30], ())
    assert vocabulary.mistyped("a" * 29 + "b").tolist() == [NOT_FOUND]
