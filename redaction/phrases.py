"""Decides which phrases on a screen may stay: lines as read and a plane of writing enter, phrases with boxes leave.

1. A run of words with word spaces between them stays only if all of it is one interface phrase (or one with a colon).
2. It must be read with confidence, its box must have a plausible shape for its letters, and hold writing.
3. It must stand apart: other writing beside it taints it, whether that was read or not, and a phrase that falls taints
   its own neighbours. So a reader that reads less keeps less, never more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from redaction.lexicon import Lexicon
from redaction.readers.base import Line, Word
from redaction.spans import Box, box_of

Plane = npt.NDArray[np.uint8]

SURE: Final = 0.7
"""Least confidence of each word of a phrase that stays."""
WORD_SPACE: Final = 0.75
"""Largest gap between words of one run, in heights of its letters (a space is about 0.4 of them, justified 0.7)."""
CLEAR: Final = 1.5
"""Least gap, in heights, between a phrase that stays and unknown writing beside it."""
ICON_GAP: Final = 0.5
"""Least gap, in heights, between a phrase and an icon beside it."""
ICON_RISE: Final = 1.35
"""Least height of an icon, in heights of the phrase: a word is lower than that."""
ICON_WIDTH: Final = 2.6
"""Largest width of an icon, in heights of the phrase."""
RIM: Final = 2
"""Rows by which the ink of letters is higher than the letters: contrast shows on both sides of an edge."""
LETTER_WIDTHS: Final = (0.25, 1.4)
"""Least and largest width of a character, in heights of the phrase."""


@dataclass(frozen=True, slots=True, order=True)
class KeptPhrase:
    """An interface phrase that may stay, the box and height of its writing, and whether it ends in a colon."""

    box: Box
    text: str
    is_label: bool
    height: int

    @property
    def reach(self) -> Box:
        """The box with the rim in which all ink is taken for the phrase's own."""
        return self.box.grown(2, 2 + self.height // 6)


def known_phrases(
    lines: tuple[Line, ...], writing: Plane, *, lexicon: Lexicon, denied: frozenset[Box]
) -> tuple[KeptPhrase, ...]:
    """The runs of words that are interface phrases; `denied` holds boxes of words that a detector found."""
    found: list[KeptPhrase] = []
    for line in lines:
        tight = [(word, tightened(word.box, writing)) for word in line.words if word.box not in denied]
        words = sorted(((word, box) for word, box in tight if box is not None), key=lambda pair: pair[1].x)
        for run in _runs(words):
            phrase = _phrase(_without_edges(run), lexicon)
            if phrase is not None:
                found.append(phrase)
    return tuple(sorted(set(found)))


def standing_apart(phrases: tuple[KeptPhrase, ...], writing: Plane) -> tuple[KeptPhrase, ...]:
    """The phrases that no other writing taints, after those that are tainted count as other writing themselves."""
    kept = phrases
    while True:
        rest = unexplained(kept, writing)
        clean = tuple(phrase for phrase in kept if not _is_tainted(phrase, kept, rest))
        if clean == kept:
            return kept
        kept = clean


def unexplained(phrases: tuple[KeptPhrase, ...], writing: Plane) -> Plane:
    """The writing that belongs to none of these phrases."""
    rest = writing.copy()
    for phrase in phrases:
        box = phrase.reach.clipped(writing.shape[1], writing.shape[0])
        rest[box.y : box.bottom, box.x : box.right] = 0
    return rest


def tightened(box: Box, writing: Plane) -> Box | None:
    """The box of the writing within a box; None when there is none."""
    rim = box.grown(1, 1).clipped(writing.shape[1], writing.shape[0])
    place = writing[rim.y : rim.bottom, rim.x : rim.right]
    columns, rows = np.flatnonzero(place.any(axis=0)), np.flatnonzero(place.any(axis=1))
    if not columns.size:
        return None
    left, top = rim.x + int(columns[0]), rim.y + int(rows[0])
    return box_of(left, top, rim.x + int(columns[-1]) + 1, rim.y + int(rows[-1]) + 1)


def _runs(words: list[tuple[Word, Box]]) -> Iterator[list[tuple[Word, Box]]]:
    """The words, parted wherever the gap is more than a word space."""
    run: list[tuple[Word, Box]] = []
    for word, box in words:
        if run and box.x - run[-1][1].right > WORD_SPACE * max(box.height, *(other.height for _, other in run)):
            yield run
            run = []
        run.append((word, box))
    if run:
        yield run


def _without_edges(run: list[tuple[Word, Box]]) -> list[tuple[Word, Box]]:
    """The run without single marks at its ends (borders and icons read as letters), which then count as unread."""
    start, end = 0, len(run)
    while start < end and _is_mark(run[start][0].text):
        start += 1
    while end > start and _is_mark(run[end - 1][0].text):
        end -= 1
    return run[start:end]


def _is_mark(text: str) -> bool:
    return len(text) < 2 or not any(char.isalnum() for char in text)


def _phrase(run: list[tuple[Word, Box]], lexicon: Lexicon) -> KeptPhrase | None:
    """The phrase that the whole run is, or that its words up to a colon are; None when it is not known."""
    colon = next((index + 1 for index, (word, _) in enumerate(run) if word.text.endswith(":")), len(run))
    words = [word.text for word, _ in run[:colon]]
    if not words or not lexicon.has(" ".join(words)) or any(word.confidence < SURE for word, _ in run[:colon]):
        return None
    box = run[0][1]
    for _, other in run[1:colon]:
        box = box.union(other)
    letters = len(" ".join(words))
    if not LETTER_WIDTHS[0] <= box.width / (letters * box.height) <= LETTER_WIDTHS[1]:
        return None
    return KeptPhrase(box, " ".join(words), words[-1].endswith(":"), box.height - RIM)


def _is_tainted(phrase: KeptPhrase, kept: tuple[KeptPhrase, ...], rest: Plane) -> bool:
    near = round(WORD_SPACE * phrase.height)
    rim = phrase.box.grown(near, 0)
    if any(other is not phrase and other.box.meets(rim) for other in kept):
        return True
    right_is_free = phrase.is_label or not _has_neighbour(phrase, rest, to_the_left=False)
    return not right_is_free or _has_neighbour(phrase, rest, to_the_left=True)


def _has_neighbour(phrase: KeptPhrase, rest: Plane, *, to_the_left: bool) -> bool:
    """Whether unexplained writing stands beside the phrase, nearer than is clear, and is no icon."""
    reach, far = phrase.reach, round((CLEAR + ICON_WIDTH) * phrase.height)
    left, right = (reach.x - far, reach.x) if to_the_left else (reach.right, reach.right + far)
    side = box_of(left, reach.y, right, reach.bottom).clipped(rest.shape[1], rest.shape[0])
    strip = rest[side.y : side.bottom, side.x : side.right]
    columns = np.flatnonzero(strip.any(axis=0)) + side.x
    distances = np.sort(phrase.box.x - columns if to_the_left else columns - phrase.box.right + 1)
    near = distances[distances <= CLEAR * phrase.height]
    return bool(near.size) and not _is_icon(phrase, rest, distances, to_the_left=to_the_left)


def _is_icon(phrase: KeptPhrase, rest: Plane, distances: npt.NDArray[np.int64], *, to_the_left: bool) -> bool:
    """Whether the writing at these distances is one compact shape, taller than a word, and with room around it."""
    height = phrase.height
    breaks = np.flatnonzero(np.diff(distances) > max(2, round(WORD_SPACE * height)))
    last = int(distances[breaks[0]] if breaks.size else distances[-1])
    first, width = int(distances[0]), last - int(distances[0]) + 1
    if first < ICON_GAP * height or width > ICON_WIDTH * height or (breaks.size and distances[breaks[0] + 1] < first):
        return False
    left = phrase.box.x - last if to_the_left else phrase.box.right + first - 1
    shape = tightened(box_of(left, phrase.box.y - height, left + width, phrase.box.bottom + height), rest)
    return shape is not None and ICON_RISE * height <= shape.height <= 2 * width
