"""The judge of texts: what was planted and what came out enter, what of it is still there leaves. Pure.

It shares no code with what it judges. What it compares is folded (compatibility forms, case) and without anything but
letters and digits, so neither spaces, dashes nor quotes of a format hide a value.

1. A value is left whole when all of it stands somewhere in the output.
2. A value is left in part when one of its words of four characters or more stands in the output as a word, or eight
   characters of it in a row do. Words that also stand in the benign part beside it do not count.
3. A benign word of three letters or more is kept when it stands in the output as often as it did; the words of
   placeholders do not count.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from benchmarks.redaction_sums import Share, wilson

WORD: Final = 4
"""Characters of the shortest word that counts as a part of a value."""
RUN: Final = 8
"""Characters in a row that count as a part of a value."""
BENIGN: Final = 3
"""Letters of the shortest benign word that counts."""
BLOT: Final = "\u2588"
"""What stands in a masked text for a stretch that was found."""
_PLACEHOLDER: Final = re.compile(r"<[A-Z][A-Z0-9_]*>")
_SPLIT: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Planted:
    """A sensitive value and its category."""

    value: str
    category: str


@dataclass(frozen=True, slots=True)
class Output:
    """What left, ready to be searched: all letters and digits in a row, and the words."""

    row: str
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Left:
    """What of a planted value is left in an output."""

    planted: Planted
    whole: bool
    part: bool


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text, folded."""
    return tuple(word for word in _SPLIT.split(unicodedata.normalize("NFKC", text).casefold()) if word)


def row_of(text: str) -> str:
    """The letters and digits of a text in a row, folded."""
    return "".join(words_of(text))


def output(*texts: str) -> Output:
    """What left, made ready."""
    shown = [piece for text in texts for piece in _PLACEHOLDER.sub(BLOT, text).split(BLOT)]
    words = frozenset(word for text in shown for word in words_of(text))
    return Output("\n".join(row_of(text) for text in shown), words)


def left_of(planted: Planted, left: Output, *, benign: Iterable[str] = ()) -> Left:
    """What of this value is left in that output; `benign` are texts that stood beside it and may stay."""
    row, spare = row_of(planted.value), output(*benign)
    is_whole = bool(row) and row in left.row
    words = {word for word in words_of(planted.value) if len(word) >= WORD} - spare.words
    runs = (row[at : at + RUN] for at in range(len(row) - RUN + 1))
    is_part = is_whole or bool(words & left.words) or any(run in left.row and run not in spare.row for run in runs)
    return Left(planted, is_whole, is_part)


def kept_of(benign: str, text: str) -> tuple[int, int]:
    """How many of the benign words a text still has, and how many there were."""
    asked = Counter(_benign(benign))
    there = Counter(_benign(_PLACEHOLDER.sub(" ", text)))
    return sum((asked & there).values()), sum(asked.values())


def masked(text: str, stretches: Iterable[tuple[int, int]]) -> str:
    """The text with a blot for each stretch; they may overlap."""
    out, at = [], 0
    for start, end in sorted(stretches):
        if start >= at:
            out += [text[at:start], BLOT]
        at = max(at, end)
    return "".join((*out, text[at:]))


def share_of(count: int, of: int) -> Share:
    """So many of so many, with Wilson's 95 % interval."""
    return Share(count, of, *wilson(count, of))


def _benign(text: str) -> list[str]:
    return [word for word in words_of(text) if len(word) >= BENIGN and word.isalpha()]
