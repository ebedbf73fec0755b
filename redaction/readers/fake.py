"""A reader for tests: it reports the words that it was told of, where their ink is still to be seen.

Like a real engine it does not read what has been covered: a told word is reported only if its box holds two colours.
"""

from __future__ import annotations

from dataclasses import dataclass

from redaction.readers.base import Line, Pixels, Word, line_of


@dataclass(frozen=True, slots=True)
class FakeReader:
    """Reports told lines of words; with none it reads nothing at all."""

    lines: tuple[tuple[Word, ...], ...] = ()
    name: str = "fake"
    version: str = "1"

    def read(self, rgb: Pixels) -> tuple[Line, ...]:
        """The told lines, without the words whose place is blank or outside."""
        seen = (tuple(word for word in words if _has_ink(rgb, word)) for words in self.lines)
        return tuple(line_of(words) for words in seen if words)


def _has_ink(rgb: Pixels, word: Word) -> bool:
    box = word.box.clipped(rgb.shape[1], rgb.shape[0])
    place = rgb[box.y : box.bottom, box.x : box.right]
    return bool(place.size and (place != place[0, 0]).any())
