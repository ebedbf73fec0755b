"""What is read again counts as read when only an engine's usual mistakes stand between it and the truth."""

from __future__ import annotations

import pytest

from benchmarks.redaction_read import Planted, folded, planted_values, read_score
from benchmarks.screens.truth import Half, TrueWord, Truth
from redaction.readers.base import Line, Word, line_of
from redaction.spans import Box


def word(text: str, x: int, *, category: str = "person", value: int = 1, y: int = 10) -> TrueWord:
    return TrueWord(text, Box(x, y, 10 * len(text), 14), category, value)


def truth(*words: TrueWord) -> Truth:
    return Truth("page", "light", Half.TUNING, 1.0, words, (), ())


def line(*words: tuple[str, int], y: int = 10) -> Line:
    return line_of(tuple(Word(text, 0.9, Box(x, y, 10 * len(text), 14)) for text, x in words))


@pytest.mark.parametrize(
    ("one", "other"),
    [("Thornhill", "thomhi11"), ("José", "JOSE"), ("0O1lI", "o0iIL"), ("clear", "dear"), ("B8-5S", "88 SS")],
)
def test_texts_are_the_same_when_only_usual_mistakes_differ(one: str, other: str) -> None:
    assert folded(one) == folded(other)


def test_other_words_stay_different() -> None:
    assert folded("Grace") != folded("Trace")


def test_a_word_is_read_at_its_place() -> None:
    found = read_score((line(("Thornhi11", 101)),), truth(word("Thornhill", 100)))
    assert (found.asked, found.read) == ((0,), (0,))


def test_the_same_word_elsewhere_on_the_line_is_another_one() -> None:
    found = read_score((line(("Thornhill", 300)),), truth(word("Thornhill", 100)))
    assert found.read == ()


def test_a_word_that_was_read_in_two_pieces_is_read() -> None:
    assert read_score((line(("Thorn", 100), ("hill", 152)),), truth(word("Thornhill", 100))).read == (0,)


def test_a_word_that_was_read_together_with_the_next_one_is_read() -> None:
    assert read_score((line(("JaneThornhill", 60)),), truth(word("Thornhill", 100))).read == (0,)


def test_short_words_and_benign_ones_are_not_looked_for() -> None:
    assert read_score((), truth(word("Kim", 0), word("Settings", 50, category="chrome"))).asked == ()


@pytest.mark.parametrize(
    ("category", "texts", "kind", "text"),
    [
        ("person", ("Ngozi", "O'Neill"), Planted.NAME, "Ngozi O'Neill"),
        ("tax", ("123-45-6789",), Planted.NUMBER, "123-45-6789"),
        ("financial", ("4532", "1234", "5678", "9012"), Planted.NUMBER, "4532 1234 5678 9012"),
        ("chat", ("call", "555-0134-22", "now"), Planted.NUMBER, "555-0134-22"),
        ("secret", ("key", "ghp_a1B2c3D4e5"), Planted.SECRET, "ghp_a1B2c3D4e5"),
    ],
)
def test_names_numbers_and_secrets_are_planted(category: str, texts: tuple[str, ...], kind: Planted, text: str) -> None:
    words = tuple(word(one, 100 * index, category=category) for index, one in enumerate(texts))
    assert [(value.kind, value.text) for value in planted_values(truth(*words))] == [(kind, text)]


@pytest.mark.parametrize(
    ("category", "text"), [("person", "Kim"), ("person", "12"), ("chat", "Hello there"), ("secret", "•••••••")]
)
def test_single_names_short_numbers_and_dots_are_not_planted(category: str, text: str) -> None:
    words = tuple(word(one, 100 * index, category=category) for index, one in enumerate(text.split()))
    assert planted_values(truth(*words)) == ()


def test_benign_numbers_are_not_planted() -> None:
    assert planted_values(truth(word("1234567", 0, category="content"))) == ()


def test_a_planted_value_is_found_wherever_it_is_read() -> None:
    shown = truth(word("Ngozi", 0), word("Obi", 60), word("555-0134", 200, category="chat", value=2))
    found = read_score((line(("Ngozi", 400), ("0bi", 470), y=300),), shown).found
    assert [(value.kind, value.text) for value in found] == [(Planted.NAME, "Ngozi Obi")]


def test_half_of_a_name_is_not_the_name() -> None:
    assert read_score((line(("Ngozi", 0)),), truth(word("Ngozi", 0), word("Obi", 60))).found == ()
