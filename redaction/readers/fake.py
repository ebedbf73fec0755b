"""A reader for tests: it reports the words that it was told of, where their ink is still to be seen.

Like a real engine it does not read what has been covered: a told word is reported only if its box holds two colours. A
strip shows the told words that stand in its box.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from redaction.readers.base import Line, Pixels, Strip, Word, line_of
from redaction.spans import Box, box_of

DARK: Final = 160
"""Grey level below which a pixel of a strip is ink."""


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

    def read_strips(self, strips: tuple[Strip, ...]) -> tuple[tuple[Word, ...], ...]:
        """The told words that stand in each strip's box and have ink on its plane, boxes on that plane."""
        told = tuple(word for words in self.lines for word in words)
        return tuple(tuple(_shown(strip, told)) for strip in strips)


def _shown(strip: Strip, told: tuple[Word, ...]) -> Iterator[Word]:
    for word in sorted(told, key=lambda one: one.box):
        middle = Box(word.box.x + word.box.width // 2, word.box.y + word.box.height // 2, 1, 1)
        box = _on_plane(word.box, strip)
        if middle.meets(strip.box) and (strip.plane[box.y : box.bottom, box.x : box.right] < DARK).any():
            yield replace(word, box=box)


def _on_plane(box: Box, strip: Strip) -> Box:
    """The place of a box of the screen on a strip's plane, which may have been made smaller."""
    height, width = strip.plane.shape
    share = width / max(strip.box.width, 1)
    left, top = round((box.x - strip.box.x) * share), round((box.y - strip.box.y) * share)
    right, bottom = round((box.right - strip.box.x) * share), round((box.bottom - strip.box.y) * share)
    return box_of(left, top, right, bottom).clipped(width, height)


def _has_ink(rgb: Pixels, word: Word) -> bool:
    box = word.box.clipped(rgb.shape[1], rgb.shape[0])
    place = rgb[box.y : box.bottom, box.x : box.right]
    return bool(place.size and (place != place[0, 0]).any())
