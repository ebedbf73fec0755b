"""Makes words of letters: letters with the columns where an engine saw them, and the ink of their line, enter.

Words with boxes tight around their ink leave. An engine that reads letter by letter says where a letter is only to
within a few pixels, and drops spaces: the ink says where a word ends. A space that was read stays (on 768 rendered
lines, taking those away that stand in a narrow gap cost more phrases than it saved), and a wide gap is one.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from redaction.readers.base import Plane, Word
from redaction.spans import Box, box_of

INK: Final = 200
"""Grey level below which a pixel of dark-on-white is ink; letters of a small font may touch in their grey rims."""
SPACE: Final = 0.4
"""Gap between letters that is a space though none was read, in heights of the line's ink."""
TIMES: Final = 2.2
"""Usual gaps of its line that such a gap is wide at least, so that spaced-out headings stay whole."""
REACH: Final = 0.8
"""How far from its column a letter's ink may lie, in heights of the line's ink: measured 0.7 for nine in ten."""
LEAST_REACH: Final = 6.0
"""The same in pixels, for lines of low letters only."""

Ink = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Letter:
    """A character as read, how sure the engine is of it (0 to 1), and the column of the line where it saw it."""

    text: str
    confidence: float
    column: float


def words_of(letters: tuple[Letter, ...], plane: Plane) -> tuple[Word, ...]:
    """The words that these letters make on a line of dark ink on white, each as sure as its least sure letter.

    A word's box holds no ink out of reach of its letters: what the engine left out is nobody's, and counts as unread.
    """
    ink = plane < INK
    reach, wide = _measures(ink)
    words = tuple(_groups(letters, ink, reach=reach, wide=wide))
    edges = [0, *(_cut(one[-1], other[0], ink) for one, other in itertools.pairwise(words)), plane.shape[1]]
    return tuple(
        Word("".join(letter.text for letter in word), min(letter.confidence for letter in word), box)
        for word, left, right in zip(words, edges, edges[1:], strict=False)
        if (box := _tight(ink, max(left, int(word[0].column - reach)), min(right, int(word[-1].column + reach) + 1)))
    )


def _groups(letters: tuple[Letter, ...], ink: Ink, *, reach: float, wide: float) -> Iterator[tuple[Letter, ...]]:
    """The letters of each word: parted by spaces that were read, by wide gaps, and by ink that no letter reaches."""
    word: tuple[Letter, ...] = ()
    for letter in letters:
        start, end = _gap(word[-1], letter, ink) if word else (0, 0)
        if word and (letter.text.isspace() or end - start >= wide or letter.column - word[-1].column > 2 * reach):
            yield word
            word = ()
        if not letter.text.isspace():
            word = (*word, letter)
    if word:
        yield word


def _measures(ink: Ink) -> tuple[float, float]:
    """How far a letter reaches on this line, and the width from which a gap is a space; both in pixels."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    height = float(rows[-1] - rows[0] + 1) if rows.size else 0.0
    gaps = np.diff(columns) - 1
    usual = float(np.median(gaps[gaps > 0])) if (gaps > 0).any() else 0.0
    return max(REACH * height, LEAST_REACH), max(SPACE * height, TIMES * usual)


def _gap(one: Letter, other: Letter, ink: Ink) -> tuple[int, int]:
    """First and end column of the widest blank stretch between the columns of two letters; equal when there is none."""
    start = int(one.column)
    blank = ~ink[:, start : max(int(other.column) + 1, start + 1)].any(axis=0)
    steps = np.flatnonzero(np.diff(np.concatenate(([False], blank, [False])).astype(np.int8)))
    if not steps.size:
        return start, start
    begins, ends = steps[::2], steps[1::2]
    widest = int(np.argmax(ends - begins))
    return start + int(begins[widest]), start + int(ends[widest])


def _cut(one: Letter, other: Letter, ink: Ink) -> int:
    """The column that parts two words: the middle of the gap between them, or of their letters when they touch."""
    start, end = _gap(one, other, ink)
    return (start + end) // 2 if end > start else int((one.column + other.column) / 2)


def _tight(ink: Ink, left: int, right: int) -> Box | None:
    place = ink[:, left:right]
    columns, rows = np.flatnonzero(place.any(axis=0)), np.flatnonzero(place.any(axis=1))
    if not columns.size:
        return None
    return box_of(left + int(columns[0]), int(rows[0]), left + int(columns[-1]) + 1, int(rows[-1]) + 1)
