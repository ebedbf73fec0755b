"""A second engine's look at what redaction leaves: phrases and places enter, whether each is in doubt leaves.

The second engine only ever takes away. It confirms a phrase only by reading that phrase, spaces and case aside; for
whatever else it reads, nothing included, the phrase is contradicted. What was looked at is remembered by its pixels;
nothing that was read is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import cv2
import numpy as np

from redaction.images.remembered import Remembered, key_of
from redaction.lexicon import fold
from redaction.readers.base import Pixels, Plane, Reader, Strip, Word
from redaction.readers.plane import contrasted
from redaction.spans import Box

ALIKE: Final = (("1", "l"), ("|", "l"), ("0", "o"))
"""Signs that engines put for letters in a small font; each is compared as the letter.

Nothing more is forgiven, since nothing more has to be: of 315 right phrases that Tesseract read with confidence on 80
screens drawn by a browser, PP-OCRv6 contradicted one, and of 585 on drawn lines of 7 to 48 px four; of 101 false ones
that it let pass none differed but by case, l and i, or vv and w.
"""
WRITTEN: Final = 0.5
"""Least confidence of a word of two or more letters or digits that makes a place writing."""
LETTER: Final = 0.9
"""Least confidence of a single one."""
SHAPES: Final = frozenset("oxqvl0")
"""Letters, folded, that icons are drawn like (ring, cross, magnifier, chevron, bar): one alone is not writing."""
LOWEST: Final = 6
"""Height in pixels below which a place is too low to be read, as a line is."""
HIGHEST: Final = 80
"""Height from which a place is read as a screen, not as one line."""
COMPACT: Final = 1.6
"""Largest width of a place, in heights, that may be a disc with letters on it."""
INSET: Final = 0.15
"""Share of a disc's edge on each side of the square within it."""
WHITE: Final = 4
"""White pixels put around a place."""


class Verifier:
    """Looks with one engine, which should not be the one that redacted; not for use from two threads."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self._known: Remembered[bool] = Remembered()

    def contradicted(self, phrases: tuple[tuple[str, Plane], ...]) -> tuple[bool, ...]:
        """For each phrase, with the dark-on-white plane of its pixels, whether anything but it is read there."""
        return tuple(self._is_contradicted(text, plane) for text, plane in phrases)

    def writing(self, rgb: Pixels, places: tuple[Box, ...]) -> tuple[bool, ...]:
        """For each place on these pixels, whether letters or digits are read there."""
        clipped = (place.clipped(rgb.shape[1], rgb.shape[0]) for place in places)
        return tuple(self._is_writing(rgb[box.y : box.bottom, box.x : box.right]) for box in clipped)

    def _is_contradicted(self, text: str, plane: Plane) -> bool:
        key = key_of(plane, text)
        if key not in self._known:
            self._known.put(key, not stands_for(_text(self._words(plane)), text))
        return self._known.get(key)

    def _is_writing(self, rgb: Pixels) -> bool:
        if rgb.shape[0] < LOWEST or rgb.shape[1] == 0:
            return False
        key = key_of(rgb)
        if key not in self._known:
            self._known.put(key, any(_is_written(word) for view in _views(rgb) for word in self._look(view)))
        return self._known.get(key)

    def _look(self, rgb: Pixels) -> tuple[Word, ...]:
        if rgb.shape[0] > HIGHEST:
            return tuple(word for line in self.reader.read(np.ascontiguousarray(rgb)) for word in line.words)
        plane = cv2.copyMakeBorder(contrasted(rgb), WHITE, WHITE, WHITE, WHITE, cv2.BORDER_CONSTANT, value=(255,))
        return self._words(np.asarray(plane, np.uint8))

    def _words(self, plane: Plane) -> tuple[Word, ...]:
        (words,) = self.reader.read_strips((Strip(plane, Box(0, 0, plane.shape[1], plane.shape[0])),))
        return words


def _views(rgb: Pixels) -> Iterator[Pixels]:
    """The place, and if it may be a disc or a badge its middle too, where a letter stands on one colour."""
    yield rgb
    height, width = rgb.shape[:2]
    if height <= HIGHEST and width <= COMPACT * height:
        across, down = round(INSET * width), round(INSET * height)
        yield rgb[down : height - down, across : width - across]


def stands_for(reading: str, phrase: str) -> bool:
    """Whether a reading is this phrase: spaces, case, end marks and the signs of `ALIKE` aside."""
    return _plain(reading) == _plain(phrase)


def _plain(text: str) -> str:
    plain = "".join(fold(text).split())
    for seen, meant in ALIKE:
        plain = plain.replace(seen, meant)
    return plain


def _is_written(word: Word) -> bool:
    signs = [char for char in word.text.casefold() if char.isalnum()]
    if len(signs) == 1:
        return word.confidence >= LETTER and signs[0].isascii() and signs[0] not in SHAPES
    return len(signs) > 1 and word.confidence >= WRITTEN


def _text(words: tuple[Word, ...]) -> str:
    return " ".join(word.text for word in words)
