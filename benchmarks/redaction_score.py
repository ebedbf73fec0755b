"""How much of each word of a screen still shows after redaction: pixels before and after and the truth enter.

1. A word's ink is what stands out in its box in the raw screen: pixels that differ from the box's background (its
   median colour) by at least a third of what the strongest one does, and lie at an edge, since edges carry the shapes.
2. An ink pixel shows when the output is there nearer to the raw colour than half of its contrast, and the output still
   has at least half of the raw contrast around it. So the noise of a lossy format hides nothing; a mask in the page's
   colour hides all, and so does one that has the ink's own colour.
3. A word leaks when more than a third of its ink shows, and is kept when 99 % does. A target is kept when its centre is
   as it was and half of its ink shows; one without ink, when all of it is as it was.
4. An output of another size shows everything: it is not known what in it lies where. No output at all shows nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from benchmarks.screens.truth import Truth
from redaction.spans import Box

Pixels = npt.NDArray[np.uint8]
Plane = npt.NDArray[np.uint8]
Ink = npt.NDArray[np.bool_]

LEAKS: Final = 1 / 3
"""Share of a word's ink that may show at most; with more it leaks (DESIGN section 7)."""
WHOLE: Final = 0.99
"""Least share of a benign word's ink that must show for it to be kept."""
HALF: Final = 0.5
"""Least share of a target's ink that must show for it to be kept."""
STRONG: Final = 1 / 3
"""Least contrast of an ink pixel, as a share of the strongest in its box; what is weaker is the blur of its rim."""
FAINTEST: Final = 6
"""Levels of 255 below which nothing is ink: a box without more is blank, and its word is not counted."""
NOISE: Final = 8
"""Levels of 255 by which a pixel without ink may differ and still be as it was."""


@dataclass(frozen=True, slots=True)
class WordScore:
    """What became of one word: the share of its ink that shows, 0 to 1; `index` is its place in the truth."""

    index: int
    category: str
    shown: float

    @property
    def leaks(self) -> bool:
        """Whether a sensitive word is still there."""
        return self.shown > LEAKS

    @property
    def is_kept(self) -> bool:
        """Whether a benign word is still whole."""
        return self.shown >= WHOLE


@dataclass(frozen=True, slots=True)
class ScreenScore:
    """The words that have ink, how many had none, and which of the targets were kept (in the truth's order)."""

    words: tuple[WordScore, ...]
    blank: int
    targets: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class _Planes:
    """Raw and redacted pixels, and the contrast around each place in both."""

    raw: Pixels
    out: Pixels
    raw_edges: Plane
    out_edges: Plane


def score(raw: Pixels, out: Pixels | None, truth: Truth) -> ScreenScore:
    """The score of one screen; `out` is None when the contender gave nothing out."""
    planes = _planes(raw, out)
    found: list[WordScore] = []
    for index, word in enumerate(truth.words):
        ink = ink_of(raw, word.box, edges=planes.raw_edges)
        if ink.any():
            found.append(WordScore(index, str(word.category), 0.0 if out is None else _shown(planes, word.box, ink)))
    kept = tuple(out is not None and _target_kept(planes, target.box) for target in truth.targets)
    return ScreenScore(tuple(found), len(truth.words) - len(found), kept)


def edges_of(pixels: Pixels) -> Plane:
    """By how many levels the pixels around each place differ, in the channel where they differ most."""
    spread = cv2.morphologyEx(pixels, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    return np.asarray(spread.max(axis=2), np.uint8)


def ink_of(raw: Pixels, box: Box, *, edges: Plane) -> Ink:
    """The ink in a box, of the shape of its visible part; all false when it is blank."""
    place = _cut(raw, box)
    if not place.size:
        return np.zeros(place.shape[:2], np.bool_)
    contrast = _contrast(place)
    bound = max(FAINTEST, STRONG * int(contrast.max()))
    return np.asarray((contrast >= bound) & (_cut(edges, box) >= contrast / 2), np.bool_)


def _planes(raw: Pixels, out: Pixels | None) -> _Planes:
    """An output of another size is taken for the raw screen itself: everything shows."""
    seen = raw if out is None or out.shape != raw.shape else out
    raw_edges = edges_of(raw)
    return _Planes(raw, seen, raw_edges, raw_edges if seen is raw else edges_of(seen))


def _contrast(place: Pixels) -> npt.NDArray[np.int16]:
    background = np.median(place.reshape(-1, 3), axis=0).astype(np.int16)
    return np.asarray(np.abs(place.astype(np.int16) - background).max(axis=2), np.int16)


def _shown(planes: _Planes, box: Box, ink: Ink) -> float:
    """The share of this ink that shows in the output."""
    raw, out = _cut(planes.raw, box), _cut(planes.out, box)
    change = np.abs(out.astype(np.int16) - raw.astype(np.int16)).max(axis=2)
    as_it_was = change < _contrast(raw) / 2
    stands_out = _cut(planes.out_edges, box) >= _cut(planes.raw_edges, box) / 2
    return float((as_it_was & stands_out & ink).sum() / ink.sum())


def _target_kept(planes: _Planes, box: Box) -> bool:
    change = np.abs(_cut(planes.out, box).astype(np.int16) - _cut(planes.raw, box).astype(np.int16)).max(axis=2)
    if not change.size or change[change.shape[0] // 2, change.shape[1] // 2] > NOISE:
        return False
    ink = ink_of(planes.raw, box, edges=planes.raw_edges)
    return _shown(planes, box, ink) >= HALF if ink.any() else bool((change <= NOISE).all())


def _cut(plane: npt.NDArray[np.uint8], box: Box) -> npt.NDArray[np.uint8]:
    seen = box.clipped(plane.shape[1], plane.shape[0])
    return plane[seen.y : seen.bottom, seen.x : seen.right]
