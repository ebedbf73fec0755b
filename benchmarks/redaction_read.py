"""What a reading engine still reads on a redacted screen: lines as read and the truth enter, what was found leaves.

1. Texts are compared folded: no accents, no case, letters and digits alone, and those that engines mistake for each
   other as one (o and 0; l, i and 1; s and 5; z and 2; b and 8; rn and m; vv and w; cl and d).
2. A sensitive word of four letters or more is read when the words read at its place, put together, hold it.
3. A planted value (full name, number of six digits or more, secret) is read wherever it stands in a line.

All values of the benchmark's screens are made up, so they may be printed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Final

from benchmarks.screens.truth import SENSITIVE, TrueWord, Truth
from redaction.readers.base import Line
from redaction.spans import Box, Category

SHORTEST: Final = 4
"""Letters and digits of the shortest word that is looked for; shorter ones stand in too many other words."""
LONG_NUMBER: Final = 6
"""Digits of the shortest number that is a planted value."""
SHORTEST_SECRET: Final = 6
"""Letters and digits of the shortest word of a secret that is a planted value."""
NAME_WORDS: Final = (2, 4)
"""Fewest and most words of a person's full name."""
REACH: Final = 3
"""Pixels around a word's box in which what is read counts as read at its place."""
OVERLAP: Final = 0.3
"""Least share of a read word's box that must lie there for it to be one of the words at that place."""

_PAIRS: Final = (("rn", "m"), ("vv", "w"), ("cl", "d"))
_ALIKE: Final = str.maketrans({"o": "0", "q": "0", "l": "1", "i": "1", "j": "1", "s": "5", "z": "2", "b": "8"})
_NUMBER: Final = re.compile(r"\d(?:[\d ,.()/-]*\d)?")


class Planted(StrEnum):
    """Kinds of values that must not be read anywhere."""

    NAME = "full name"
    NUMBER = "number"
    SECRET = "secret"  # noqa: S105


@dataclass(frozen=True, slots=True, order=True)
class PlantedValue:
    """A value that must not be read: what it is, its category, and its text."""

    kind: Planted
    category: str
    text: str


@dataclass(frozen=True, slots=True)
class ReadScore:
    """Of the sensitive words that were looked for, by index in the truth, those that were read; and the planted values.

    `planted` are those that the screen shows, `found` those of them that were read.
    """

    asked: tuple[int, ...]
    read: tuple[int, ...]
    planted: tuple[PlantedValue, ...]
    found: tuple[PlantedValue, ...]


def read_score(lines: tuple[Line, ...], truth: Truth) -> ReadScore:
    """What of the truth was read in these lines."""
    asked = tuple(
        index
        for index, word in enumerate(truth.words)
        if word.category in SENSITIVE and len(_letters(word.text)) >= SHORTEST
    )
    read = tuple(index for index in asked if _is_read(truth.words[index], lines))
    planted = planted_values(truth)
    texts = tuple(folded("".join(word.text for word in line.words)) for line in lines)
    found = tuple(value for value in planted if any(folded(value.text) in text for text in texts))
    return ReadScore(asked, read, planted, found)


def folded(text: str) -> str:
    """The text in the form in which readings are compared."""
    plain = _letters(text)
    for pair, letter in _PAIRS:
        plain = plain.replace(pair, letter)
    return plain.translate(_ALIKE)


def planted_values(truth: Truth) -> tuple[PlantedValue, ...]:
    """The values on this screen that must not be read anywhere, in order, each once."""
    found: set[PlantedValue] = set()
    for category, text in _texts(truth):
        found.update(_planted(category, text))
    return tuple(sorted(found))


def _texts(truth: Truth) -> Iterator[tuple[str, str]]:
    """The sensitive strings of a screen with their categories: the visible words of each, put together."""
    ordered = sorted((word for word in truth.words if word.category in SENSITIVE), key=_string)
    for (_, category), words in groupby(ordered, key=_string):
        yield category, " ".join(word.text for word in words)


def _string(word: TrueWord) -> tuple[int, str]:
    return word.value, word.category


def _planted(category: str, text: str) -> Iterator[PlantedValue]:
    if category == Category.SECRET:
        words = (word for word in text.split() if len(_letters(word)) >= SHORTEST_SECRET)
        yield from (PlantedValue(Planted.SECRET, category, word) for word in words)
        return
    for number in _NUMBER.findall(text):
        if sum(char.isdigit() for char in number) >= LONG_NUMBER:
            yield PlantedValue(Planted.NUMBER, category, number)
    if category == Category.PERSON and _is_name(text):
        yield PlantedValue(Planted.NAME, category, text)


def _is_name(text: str) -> bool:
    """Whether a person's value is a full name: two to four words of letters, each with a capital."""
    words = text.split()
    named = all(word[0].isupper() and all(char.isalpha() or char in "-'\u2019." for char in word) for word in words)
    return NAME_WORDS[0] <= len(words) <= NAME_WORDS[1] and named


def _is_read(word: TrueWord, lines: tuple[Line, ...]) -> bool:
    place = word.box.grown(REACH, REACH)
    there = (
        read for line in lines if line.box.meets(place) for read in line.words if _lies_in(read.box, place, word.box)
    )
    return folded(word.text) in folded("".join(read.text for read in there))


def _lies_in(read: Box, place: Box, word: Box) -> bool:
    """Whether what was read overlaps the place enough: by a good part of itself, or of the word if that is smaller."""
    shared = _shared(read, place)
    return shared > OVERLAP * min(read.area, word.area)


def _shared(one: Box, other: Box) -> int:
    across = min(one.right, other.right) - max(one.x, other.x)
    down = min(one.bottom, other.bottom) - max(one.y, other.y)
    return max(across, 0) * max(down, 0)


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in plain if char.isalnum())
