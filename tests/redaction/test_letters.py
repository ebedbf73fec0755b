"""Letters with columns become words whose boxes hold no ink that no letter explains."""

from __future__ import annotations

import numpy as np

from redaction.readers.base import Plane
from redaction.readers.letters import Letter, words_of
from redaction.spans import Box

HEIGHT = 14
STROKES = 10
"""Rows of ink of each drawn letter."""


def line(*strokes: tuple[int, int]) -> Plane:
    """A line with upright strokes of ink from one column to another."""
    plane = np.full((HEIGHT, 200), 255, np.uint8)
    for left, right in strokes:
        plane[2 : 2 + STROKES, left:right] = 0
    return plane


def letters(text: str, *columns: float, confidence: float = 0.9) -> tuple[Letter, ...]:
    return tuple(Letter(char, confidence, column) for char, column in zip(text, columns, strict=True))


def texts(found: tuple[Letter, ...], plane: Plane) -> list[str]:
    return [word.text for word in words_of(found, plane)]


def test_letters_next_to_each_other_are_a_word_in_a_tight_box() -> None:
    (word,) = words_of(letters("ab", 13, 20), line((10, 16), (18, 24)))
    assert (word.text, word.box) == ("ab", Box(10, 2, 14, STROKES))


def test_a_space_that_was_read_parts_words_between_their_ink() -> None:
    one, other = words_of(letters("a b", 13, 17, 21), line((10, 16), (19, 24)))
    assert (one.box, other.box) == (Box(10, 2, 6, STROKES), Box(19, 2, 5, STROKES))


def test_a_wide_gap_is_a_space_though_none_was_read() -> None:
    assert texts(letters("iiib", 11, 14, 17, 27), line((10, 12), (13, 15), (16, 18), (24, 30))) == ["iii", "b"]


def test_spaced_out_letters_stay_one_word() -> None:
    plane = line(*((left, left + 6) for left in range(10, 60, 10)))
    assert texts(letters("TITLE", 13, 23, 33, 43, 53), plane) == ["TITLE"]


def test_a_word_is_as_sure_as_its_least_sure_letter() -> None:
    found = (Letter("a", 0.99, 13), Letter("b", 0.4, 20))
    assert words_of(found, line((10, 16), (18, 24)))[0].confidence == 0.4


def test_ink_after_the_last_letter_that_nobody_read_is_in_no_box() -> None:
    (word,) = words_of(letters("ab", 13, 20), line((10, 16), (18, 24), (40, 80)))
    assert word.box.right <= 30


def test_ink_before_the_first_letter_that_nobody_read_is_in_no_box() -> None:
    (word,) = words_of(letters("ab", 93, 100), line((10, 70), (90, 96), (98, 104)))
    assert word.box.x >= 84


def test_ink_between_letters_that_nobody_read_parts_their_word() -> None:
    plane = line((10, 16), (17, 60), (61, 67))
    one, other = words_of(letters("ab", 13, 64), plane)
    assert one.box.right < 30
    assert other.box.x > 50


def test_spaces_alone_are_no_words() -> None:
    assert words_of(letters("  ", 13, 30), line((10, 16))) == ()


def test_letters_without_ink_are_no_words() -> None:
    assert words_of(letters("ab", 13, 20), line()) == ()


def test_touching_words_are_parted_between_their_letters() -> None:
    one, other = words_of(letters("a b", 12, 16, 22), line((10, 26)))
    assert (one.box.right, other.box.x) == (17, 17)
