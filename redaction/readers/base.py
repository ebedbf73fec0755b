"""The port to an engine that reads text from pixels: pixels enter, lines of words with boxes leave.

A reader keeps nothing of what it read and writes no file. What it does not read it does not report, and whoever asks
must treat unread ink as unsafe: a reader's silence never means that there is no text.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import Protocol

import numpy as np
import numpy.typing as npt

from redaction.spans import Box, TextSpan, around
from vault.errors import MissingPart

Pixels = npt.NDArray[np.uint8]
"""Rows of RGB: shape (height, width, 3), 8 bits a channel."""
Plane = npt.NDArray[np.uint8]
"""Rows of grey: shape (height, width), 8 bits a pixel."""


class ReaderMissing(MissingPart):
    """A reading engine or its data is not installed; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word as read, how sure the engine is of it (0 to 1), and where it stands."""

    text: str
    confidence: float
    box: Box


@dataclass(frozen=True, slots=True)
class Line:
    """Words from left to right, and the box that holds them."""

    words: tuple[Word, ...]
    box: Box

    @property
    def text(self) -> str:
        """The words with a space between any two."""
        return " ".join(word.text for word in self.words)

    def words_in(self, span: TextSpan) -> tuple[Word, ...]:
        """The words that a stretch of `text` touches."""
        ends = tuple(accumulate(len(word.text) + 1 for word in self.words))
        starts = (0, *ends[:-1])
        return tuple(
            word
            for word, start, end in zip(self.words, starts, ends, strict=True)
            if start < span.end and span.start < end - 1
        )


@dataclass(frozen=True, slots=True)
class Strip:
    """One line of text cut from a screen: dark ink on white (255), 8 to 80 px high, and where it stood."""

    plane: Plane
    box: Box


class Reader(Protocol):
    """What every reading engine offers; one process uses it at a time."""

    @property
    def name(self) -> str:
        """The engine's name, as `open_reader` knows it."""

    @property
    def version(self) -> str:
        """The engine's version, for reports."""

    def read(self, rgb: Pixels) -> tuple[Line, ...]:
        """The lines on these pixels, boxes in their coordinates; any failure is raised."""

    def read_strips(self, strips: tuple[Strip, ...]) -> tuple[tuple[Word, ...], ...]:
        """The words of each strip, left to right, boxes on its plane, in the order of the strips; failures are raised.

        What is read of a strip depends on its plane alone, so that it may be remembered by its pixels.
        """


def line_of(words: tuple[Word, ...]) -> Line:
    """The line that these words make; there must be at least one."""
    return Line(words, around([word.box for word in words]))
