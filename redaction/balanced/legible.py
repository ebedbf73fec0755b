"""Arranges what two engines read on a screen: lines of words and ink enter, runs, rows and paragraphs of them leave.

1. A run is what stands alone: words with spaces between them, or writing that the first engine did not read at all.
2. Where all letters are equally wide, lines fall apart into words; those are put together again.
3. Writing that touches across lines is read again as a whole (`crowded`), since no line could be cut out of it.

Nothing is decided here, and nothing is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from redaction.images.ink import Regions, without
from redaction.images.nearby import meeting
from redaction.images.phrases import tightened
from redaction.images.strips import Runs
from redaction.readers.base import Line, Reader, Word, line_of
from redaction.spans import Box, around, box_of

Pixels = npt.NDArray[np.uint8]
Plane = npt.NDArray[np.uint8]

RIM: Final = 2
"""Pixels around a word that belong to it: contrast lies on both sides of an edge."""
APART: Final = 1.2
"""Gap in heights from which neighbours on a line are two cells."""
SPACE: Final = 1.1
"""Widest space between words of one cell, in heights."""
ALIKE: Final = 0.5
"""Least ratio of the heights of such words."""
LEADING: Final = 1.0
"""Largest gap in heights between the lines of a paragraph."""
PROSE: Final = 5
"""Words of the shortest line that may be part of a paragraph."""
WORDED: Final = 0.75
"""Share of the words of prose that consist of letters alone."""
ROW: Final = 320
"""Pixels between neighbours of one row at most."""
CROWD: Final = (9, 25)
"""Height and width in pixels of the gaps that are closed to find unread places."""
LINES: Final = 30
"""Least height in pixels of an unread place that may hold several lines."""


@dataclass(frozen=True, slots=True)
class Run:
    """Words that stand together, one cell of the screen; `others` are the second engine's words at its place."""

    words: tuple[Word, ...]
    box: Box
    others: tuple[Word, ...] = ()

    @property
    def text(self) -> str:
        """The words with a space between any two."""
        return text_of(self.words)


def text_of(words: tuple[Word, ...]) -> str:
    """The words with a space between any two."""
    return " ".join(word.text for word in words)


def runs_of(runs: Runs, again: Runs, writing: Plane) -> tuple[Run, ...]:
    """The cells of a screen from top to bottom; runs that the first engine did not read are cells without words."""
    read = _merged([part for line in runs.lines for part in _parts(line)])
    others = [line_of(part) for line in again.lines for part in _parts(line)]
    boxes = [_tight(part, writing) for part in read]
    bare = [box for box in runs.boxes if not any(box.meets(other) for other in boxes)]
    places = (*boxes, *bare)
    beside: list[list[Word]] = [[] for _ in places]
    for number, other in zip(*(found.tolist() for found in meeting(places, [one.box for one in others])), strict=True):
        beside[number].extend(others[other].words)
    words = (*read, *(() for _ in bare))
    cells = (Run(part, box, tuple(more)) for part, box, more in zip(words, places, beside, strict=True))
    return tuple(sorted(cells, key=lambda cell: (cell.box.y, cell.box.x)))


def _merged(parts: list[tuple[Word, ...]]) -> list[tuple[Word, ...]]:
    """The parts, those joined that stand on one level with a space between: where all letters are equally wide, a space
    is nearly as wide as a line is high, and words were cut apart.
    """
    boxes = [around([word.box for word in part]) for part in parts]
    after: dict[int, int] = {}
    for number, other in zip(*(one.tolist() for one in meeting([_spaced(box) for box in boxes], boxes)), strict=True):
        if _follows(boxes[number], boxes[other]):
            before = after.get(number)
            after[number] = other if before is None or boxes[other].x < boxes[before].x else before
    merged: list[tuple[Word, ...]] = []
    left = dict(enumerate(parts))
    for first in sorted(left, key=lambda one: boxes[one].x):
        words: tuple[Word, ...] = ()
        place: int | None = first
        while place is not None and place in left:
            words += left.pop(place)
            place = after.get(place)
        merged += [words] if words else []
    return merged


def _spaced(box: Box) -> Box:
    return box_of(box.right, box.y + box.height // 3, box.right + 2 * box.height, box.bottom)


def _follows(one: Box, other: Box) -> bool:
    """Whether the second box begins right of the first one, on its level and with letters of its height."""
    low, high = sorted((one.height, other.height))
    is_level = abs(2 * one.y + one.height - 2 * other.y - other.height) <= low
    return -RIM <= other.x - one.right <= SPACE * high and is_level and low >= ALIKE * high


def _tight(words: tuple[Word, ...], writing: Plane) -> Box:
    box = around([word.box for word in words])
    return tightened(box, writing) or box


def _parts(line: Line) -> Iterator[tuple[Word, ...]]:
    """The words of a line, parted at gaps that no sentence has."""
    part: list[Word] = []
    for word in sorted(line.words, key=lambda one: one.box.x):
        if part and word.box.x - part[-1].box.right > APART * line.box.height:
            yield tuple(part)
            part = []
        part.append(word)
    if part:
        yield tuple(part)


def crowded(writing: Plane, lines: tuple[Line, ...]) -> Iterator[Box]:
    """Places of writing that was not read and is high enough for several lines, which may have touched each other."""
    words = (word.box.grown(RIM, RIM) for line in lines for word in line.words)
    unread = without(writing, words)
    closed = cv2.morphologyEx(unread, cv2.MORPH_CLOSE, np.ones(CROWD, np.uint8))
    for values in Regions.in_plane(np.asarray(closed, np.uint8)).boxes().tolist():
        box = Box(*values)
        if box.height >= LINES and box.width >= 2 * LINES:
            yield box.grown(2 * RIM, 2 * RIM).clipped(writing.shape[1], writing.shape[0])


def read_places(reader: Reader, rgb: Pixels, places: tuple[Box, ...]) -> Iterator[Line]:
    """The lines that an engine finds by itself in these places."""
    for place in places:
        crop = np.ascontiguousarray(rgb[place.y : place.bottom, place.x : place.right])
        for line in reader.read(crop):
            words = (replace(word, box=_moved(word.box, place)) for word in line.words)
            yield line_of(tuple(words))


def _moved(box: Box, place: Box) -> Box:
    return Box(box.x + place.x, box.y + place.y, box.width, box.height)


def paragraphs_of(cells: tuple[Run, ...]) -> Iterator[list[Run]]:
    """Lines of several words that begin below each other, each group once."""
    left = [cell for cell in cells if len(cell.words) >= PROSE]
    while left:
        paragraph = [left.pop(0)]
        while (below := next((cell for cell in left if _goes_on(paragraph[-1].box, cell.box)), None)) is not None:
            paragraph.append(below)
            left.remove(below)
        yield paragraph


def _goes_on(upper: Box, lower: Box) -> bool:
    height = max(upper.height, lower.height)
    return abs(upper.x - lower.x) <= height and 0 <= lower.y - upper.bottom <= LEADING * height


def is_prose(words: list[Word]) -> bool:
    """Whether most words consist of letters, as those of sentences do and those of logs and commands do not."""
    return len(words) >= PROSE and sum(map(is_letters, words)) >= WORDED * len(words)


def is_letters(word: Word) -> bool:
    """Whether a word consists of letters, but for the marks of a sentence."""
    return word.text.strip(".,;:!?()'\"\u2019").replace("'", "").isalpha()


def rows_of(cells: tuple[Run, ...]) -> Iterator[tuple[Run, ...]]:
    """Cells that follow each other on a row, from left to right."""
    after = {number: place for number, place in _nearest(cells, _beside) if cells[place].box.x > cells[number].box.x}
    for first in sorted(set(after) - set(after.values())):
        row = [first]
        while row[-1] in after:
            row.append(after[row[-1]])
        yield tuple(cells[number] for number in row)


def pairs_of(cells: tuple[Run, ...]) -> Iterator[tuple[Run, Run]]:
    """Cells that stand below each other."""
    yield from ((cells[upper], cells[lower]) for upper, lower in _nearest(cells, _under))


def _beside(box: Box) -> Box:
    return box_of(box.right, box.y + box.height // 3, box.right + ROW, box.bottom - box.height // 3)


def _under(box: Box) -> Box:
    return box_of(box.x, box.bottom, box.x + box.height, box.bottom + 2 * box.height)


def _nearest(cells: tuple[Run, ...], place_of: Callable[[Box], Box]) -> Iterator[tuple[int, int]]:
    """Each cell with the nearest one in a place beside it."""
    boxes = [cell.box for cell in cells]
    found: dict[int, int] = {}
    for number, other in zip(*(one.tolist() for one in meeting([place_of(box) for box in boxes], boxes)), strict=True):
        before = found.get(number)
        is_nearer = before is None or (boxes[other].x + boxes[other].y < boxes[before].x + boxes[before].y)
        if number != other and is_nearer and cells[number].words and cells[other].words:
            found[number] = other
    yield from found.items()
