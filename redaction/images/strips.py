"""Cuts the writing of a screen into strips of one line each and has an engine read them, each look only once.

Pixels and their plane of writing enter, lines of words with boxes on the screen leave.

1. A run is writing with no more than word spaces in it. It is read by itself: neither borders, icons nor columns
   beside it can be taken for its letters.
2. A strip is the run in dark ink on white, judged against its own background, so that dark panes, coloured buttons and
   faint labels read alike.
3. What was read is remembered by the strip's pixels. So what stays on a screen, or comes again, is not read again.
4. What is too high to be a line is not read. Whoever asks must treat what was not read as unsafe.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from redaction.images.ink import Regions
from redaction.images.layout import ends_in_colon
from redaction.images.remembered import Remembered, key_of
from redaction.readers.base import Line, Reader, Strip, Word, line_of
from redaction.readers.plane import THICK, darkened
from redaction.spans import Box, around, box_of

Pixels = npt.NDArray[np.uint8]
Plane = npt.NDArray[np.uint8]

SPACE: Final = 0.33
"""By how many heights each piece of writing reaches to its sides: pieces whose reaches meet are one run."""
ICON_GAP: Final = 0.3
"""Least gap, in heights of the text, between an icon and the text beside it; a letter's is smaller."""
ICON_RISE: Final = 1.05
"""Least height of an icon, in heights of the text with what hangs below its line."""
ICON_SIZE: Final = 3.0
"""Largest height of an icon, in heights of the text."""
ICON_SHAPE: Final = 1.8
"""Largest ratio of an icon's edges."""
DOT: Final = (10, 7)
"""Largest width and height of a dot or an accent, which reaches up and down to its letter."""
LOWEST: Final = 5
"""Least height in pixels of a run that is read; lower ones are dots and dashes."""
HIGHEST: Final = 160
"""Largest height of a line; higher runs are pictures, or lines that cannot be told apart."""
LOW: Final = 24
"""Height up to which a piece may be a letter, however little ink its box holds."""
FULL: Final = 0.2
"""Least share of ink in the box of a higher piece; shadows and other outlines have less, and are no text."""
TALL: Final = 64
"""Strips higher than this are made smaller: the engines read lines of half that height."""
EDGE: Final = 3
"""Pixels around a run that its strip holds."""
DARK: Final = 0.35
"""Share of its strongest ink from which a pixel counts as a letter's when lines are told apart."""
Words = tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class _Cut:
    """A strip, and by how much it was made smaller."""

    strip: Strip
    scale: float


@dataclass(frozen=True, slots=True)
class Runs:
    """The lines that were read, the boxes of all runs, and of those that end in a colon, whether read or not."""

    lines: tuple[Line, ...]
    boxes: tuple[Box, ...]
    colons: tuple[Box, ...]


class Strips:
    """Reads screens line by line with one engine; it holds what it read of earlier screens."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self._known: Remembered[Words] = Remembered()

    def read(self, rgb: Pixels, writing: Plane) -> Runs:
        """The lines on these pixels and the runs that end in a colon; whatever the engine raises passes."""
        cuts = tuple(_cuts(rgb, writing))
        keys = [key_of(cut.strip.plane) for cut in cuts]
        fresh = {key: cut.strip for key, cut in zip(keys, cuts, strict=True) if key not in self._known}
        read = dict(zip(fresh, self.reader.read_strips(tuple(fresh.values())), strict=True))
        words_of = [read[key] if key in read else self._known.get(key) for key in keys]
        lines = [_placed(words, cut) for words, cut in zip(words_of, cuts, strict=True)]
        for key, words in read.items():
            self._known.put(key, words)
        colons = tuple(cut.strip.box for cut in cuts if ends_in_colon(cut.strip.plane))
        boxes = tuple(cut.strip.box.grown(-EDGE, -EDGE) for cut in cuts)
        return Runs(tuple(line_of(words) for words in lines if words), boxes, colons)


def runs_of(writing: Plane) -> Iterator[Box]:
    """The box of each run of writing; an icon at either end of a line of text is a run by itself."""
    reaches = np.zeros_like(writing)
    regions = Regions.in_plane(writing)
    pieces = [
        Box(x, y, width, height)
        for (x, y, width, height), area in zip(regions.boxes().tolist(), regions.stats[:, 4].tolist(), strict=True)
        if height <= HIGHEST and (height <= LOW or area >= FULL * width * height)
    ]
    for piece in pieces:
        box = _reach(piece).clipped(writing.shape[1], writing.shape[0])
        reaches[box.y : box.bottom, box.x : box.right] = 1
    count, labels = cv2.connectedComponents(reaches, connectivity=8, ltype=cv2.CV_32S)
    members: list[list[Box]] = [[] for _ in range(count)]
    places = np.array([(piece.y, piece.x) for piece in pieces], np.intp).reshape(-1, 2)
    for piece, label in zip(pieces, np.asarray(labels)[places[:, 0], places[:, 1]].tolist(), strict=True):
        members[label].append(piece)
    for run in members[1:]:
        yield from (around(part) for part in _without_icons(sorted(run)) if part)


def _without_icons(run: list[Box]) -> tuple[list[Box], ...]:
    """The run, with icons at its ends parted from it; pieces from left to right."""
    start = _icon_end(run)
    mirrored = [Box(-piece.right, piece.y, piece.width, piece.height) for piece in run[start:]]
    end = len(run) - _icon_end(sorted(mirrored))
    ends_by_right = sorted(run[start:], key=lambda piece: piece.right)
    return run[:start], ends_by_right[: end - start], ends_by_right[end - start :]


def _icon_end(run: list[Box]) -> int:
    """How many pieces from the left are an icon: a compact shape, higher than the text, and apart from it."""
    right = run[0].right
    for index in range(1, len(run)):
        gap = run[index].x - right
        text = max(piece.height for piece in run[index:])
        if gap >= ICON_GAP * text:
            shape = around(run[:index])
            compact = shape.height <= ICON_SHAPE * shape.width and shape.width <= ICON_SHAPE * shape.height
            return index if compact and ICON_RISE * text <= shape.height <= ICON_SIZE * text else 0
        right = max(right, run[index].right)
    return 0


def _reach(piece: Box) -> Box:
    across = max(1, round(SPACE * piece.height))
    if piece.width <= DOT[0] and piece.height <= DOT[1]:
        return piece.grown(across, max(piece.width, piece.height))
    return piece.grown(across, 0)


def _cuts(rgb: Pixels, writing: Plane) -> Iterator[_Cut]:
    for box in runs_of(writing):
        if LOWEST <= box.height <= HIGHEST:
            yield from _lines_of(rgb, writing, box)


def _lines_of(rgb: Pixels, writing: Plane, box: Box) -> Iterator[_Cut]:
    """The strips of a run: one, or several where rows without a letter part its lines."""
    wide = box.grown(EDGE, EDGE).clipped(writing.shape[1], writing.shape[0])
    rows, columns = slice(wide.y, wide.bottom), slice(wide.x, wide.right)
    ink = np.zeros((wide.height, wide.width), np.uint8)
    inside = slice(box.y - wide.y, box.bottom - wide.y), slice(box.x - wide.x, box.right - wide.x)
    ink[inside] = writing[box.y : box.bottom, box.x : box.right]
    plane = dark_on_white(rgb[rows, columns], ink)
    for start, end in _bands(plane):
        yield _cut(plane[start:end], box_of(wide.x, wide.y + start, wide.right, wide.y + end))


def strip_of(rgb: Pixels, writing: Plane, box: Box) -> Plane:
    """The writing in one box as a strip's plane, with the same edge around as when it was first read."""
    wide = box.grown(EDGE, EDGE).clipped(writing.shape[1], writing.shape[0])
    rows, columns = slice(wide.y, wide.bottom), slice(wide.x, wide.right)
    return _cut(dark_on_white(rgb[rows, columns], writing[rows, columns]), wide).strip.plane


def dark_on_white(rgb: Pixels, ink: Plane) -> Plane:
    """The ink of these pixels as dark on white, against their own background; of the pixels' height and width."""
    thick = max(THICK, ink.shape[0] // 3)
    # With room around it, closing does not take what lies between the ink and the strip's edge for letters.
    roomy = np.pad(ink, thick)
    closed = np.asarray(cv2.morphologyEx(roomy, cv2.MORPH_CLOSE, np.ones((thick, thick), np.uint8)), np.uint8)
    letters = closed[thick:-thick, thick:-thick]
    around = np.asarray(letters == 0, np.uint8)
    return darkened(rgb, letters=letters, around=around if cv2.countNonZero(around) else np.ones_like(around))


def _bands(plane: Plane) -> tuple[tuple[int, int], ...]:
    """The rows of each line: all of them, unless rows without any letter part what is high enough for two lines."""
    dark = np.asarray(plane < 255 * (1 - DARK))
    rows = np.flatnonzero(dark.any(axis=1))
    if not rows.size:
        return ()
    breaks = np.flatnonzero(np.diff(rows) > 1)
    starts, ends = np.concatenate(([0], breaks + 1)), np.concatenate((breaks, [rows.size - 1]))
    lines = [(int(rows[start]), int(rows[end]) + 1) for start, end in zip(starts, ends, strict=True)]
    if sum(end - start >= LOWEST + 1 for start, end in lines) < 2:
        return ((0, plane.shape[0]),)
    return tuple(
        (max(start - EDGE, 0), min(end + EDGE, plane.shape[0])) for start, end in lines if end - start >= LOWEST
    )


def _cut(plane: Plane, box: Box) -> _Cut:
    scale = max(1.0, plane.shape[0] / TALL)
    if scale > 1:
        size = max(1, round(plane.shape[1] / scale)), max(1, round(plane.shape[0] / scale))
        plane = np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_AREA), np.uint8)
    return _Cut(Strip(np.ascontiguousarray(plane), box), scale)


def _placed(words: Words, cut: _Cut) -> Words:
    """The words with their boxes on the screen."""
    origin, scale = cut.strip.box, cut.scale
    return tuple(replace(word, box=_scaled(word.box, scale, origin).clipped_to(origin)) for word in words)


def _scaled(box: Box, scale: float, origin: Box) -> Box:
    left, top = round(box.x * scale), round(box.y * scale)
    right, bottom = round(box.right * scale), round(box.bottom * scale)
    return box_of(origin.x + left, origin.y + top, origin.x + right, origin.y + bottom)
