"""Makes pictures easy to read: RGB enters, dark ink on white leaves; a strip enters, a page for an engine leaves.

Every place is judged against its own background (so dark panes, coloured buttons and faint labels read alike), straight
borders are wiped, and small text is enlarged. Nothing is read here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from redaction.images.ink import writing_of
from redaction.readers.base import Pixels, Plane
from redaction.spans import Box, box_of
from vault.errors import BadInput

SCREEN_SCALE: Final = 2
"""Enlargement of a screen: interface text is 11 to 16 px high, and Tesseract was made for about twice that."""
NEAR: Final = 31
"""Edge in pixels of the window in which the background of a place is its median."""
FAINT: Final = 24
"""Ink this many grey levels off its background becomes black; fainter ink stays grey."""
THICK: Final = 7
"""Stroke width in pixels up to which the inside of a letter, which has no contrast, is taken for part of it."""
DARK: Final = 160
"""Grey level below which a pixel of a strip counts as ink when the height of its text is measured."""
TEXT_HEIGHT: Final = 32
"""Height in pixels that a strip's ink gets: Tesseract's network sees 36 rows, PP-OCRv6's 48."""
LARGEST: Final = 3.0
"""Largest enlargement of a strip: at 8 px, 4 times read less than 3 times did."""
SMALLEST: Final = 0.5
"""Smallest, for headlines."""
LONGEST: Final = 32_000
"""Largest edge in pixels of what an engine gets; Tesseract refuses 32,768."""
MARGIN: Final = 10
"""White pixels around an enlarged strip; 4 and 20 read as well within a line or two of a hundred."""


def readable(rgb: Pixels) -> Plane:
    """The picture as dark ink on white, 8 bits a pixel, same height and width; blank places are 255."""
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    writing = cv2.morphologyEx(writing_of(rgb), cv2.MORPH_CLOSE, np.ones((THICK, THICK), np.uint8))
    off = cv2.absdiff(grey, cv2.medianBlur(grey, NEAR)) * writing
    strongest = np.maximum(np.asarray(cv2.dilate(off, np.ones((NEAR, NEAR), np.uint8)), np.uint8), np.uint8(FAINT))
    return np.asarray(255 - np.asarray(cv2.divide(off, strongest, scale=255), np.uint8), np.uint8)


def screen_page(rgb: Pixels) -> tuple[Plane, int] | None:
    """The readable picture enlarged, and by how much (1 for a very large one); None when it is blank.

    `BadInput` for a picture that is larger than engines take.
    """
    longest = max(rgb.shape)
    if longest > LONGEST:
        raise BadInput(f"a picture of more than {LONGEST} pixels a side cannot be read: cut it in parts first")
    plane = readable(rgb)
    if not (plane < 255).any():
        return None
    scale = SCREEN_SCALE if SCREEN_SCALE * longest <= LONGEST else 1
    return np.asarray(cv2.resize(plane, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), np.uint8), scale


def contrasted(rgb: Pixels) -> Plane:
    """One line's pixels as dark ink on white: its commonest colour is white, the one furthest from it black.

    Unlike `readable` it asks nothing of the ink that redaction found, so it is fit for an independent look.
    """
    everywhere = np.ones(rgb.shape[:2], np.uint8)
    return darkened(rgb, letters=everywhere, around=everywhere)


def darkened(rgb: Pixels, *, letters: Plane, around: Plane) -> Plane:
    """What `letters` marks of these pixels as dark on white, against the colour of what `around` marks."""
    paper = _median(rgb, around)
    red, green, blue = cv2.split(np.asarray(np.maximum(rgb, paper) - np.minimum(rgb, paper), np.uint8))
    off = np.asarray(np.asarray(cv2.max(cv2.max(red, green), blue)) * letters, np.uint8)
    levels = 255 - np.arange(256) * 255 // max(int(off.max()), FAINT)
    return np.asarray(cv2.LUT(off, np.maximum(levels, 0).astype(np.uint8)), np.uint8)


def _median(rgb: Pixels, where: Plane) -> npt.NDArray[np.uint8]:
    """The middle level of each channel of these pixels; between two, the whole level below their middle."""
    count = cv2.countNonZero(where)
    counts = [cv2.calcHist([rgb], [channel], where, [256], [0, 256]).ravel() for channel in range(3)]
    sums = np.stack(counts).cumsum(axis=1, dtype=np.float64)
    lower, upper = (sums > (count - 1) // 2).argmax(axis=1), (sums > count // 2).argmax(axis=1)
    return np.asarray((lower + upper) // 2, np.uint8)


@dataclass(frozen=True, slots=True)
class Page:
    """A strip as an engine gets it, and how to find the strip's pixels again."""

    plane: Plane
    scale: float
    width: int
    height: int

    def back(self, left: float, top: float, right: float, bottom: float) -> Box:
        """The box in the strip's own pixels of a place on the page, at least one pixel each way."""
        x, y = int((left - MARGIN) / self.scale), int((top - MARGIN) / self.scale)
        x, y = min(max(x, 0), self.width - 1), min(max(y, 0), self.height - 1)
        end = min(max(-int((MARGIN - right) // self.scale), x + 1), self.width)
        foot = min(max(-int((MARGIN - bottom) // self.scale), y + 1), self.height)
        return box_of(x, y, end, foot)


def page_of(strip: Plane) -> Page | None:
    """The strip, enlarged until its ink is as high as engines like it, with a white margin; None when it is blank."""
    rows = np.flatnonzero((strip < DARK).any(axis=1))
    if not rows.size:
        return None
    ink_height = int(rows[-1]) - int(rows[0]) + 1
    scale = min(max(TEXT_HEIGHT / ink_height, SMALLEST), LARGEST, (LONGEST - 2 * MARGIN) / max(strip.shape))
    way = cv2.INTER_CUBIC if scale >= 1 else cv2.INTER_AREA
    enlarged = cv2.resize(strip, None, fx=scale, fy=scale, interpolation=way)
    white = cv2.copyMakeBorder(enlarged, MARGIN, MARGIN, MARGIN, MARGIN, cv2.BORDER_CONSTANT, value=(255,))
    return Page(np.asarray(white, np.uint8), scale, strip.shape[1], strip.shape[0])
