"""Finds what an earlier masking covered, for pictures that may be masked again. Pixels enter, a plane and pixels leave.

1. Earlier masks are flat areas of exactly the masks' grey with level and upright sides, and so are the holes in them.
   Writing on that grey has round sides, or holes too narrow, and is no earlier mask.
2. A mask's edge is contrast, but no ink: for looking, a masked pixel gets the colour of the nearest one that is not.
   So what is beside a mask is looked at as if the mask were not there.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from redaction.spans import FILL

Pixels = npt.NDArray[np.uint8]
Plane = npt.NDArray[np.uint8]
Outline = npt.NDArray[np.generic]

SMALLEST: Final = 4
"""Least edge in pixels of an earlier mask: two pixels of padding on each side."""
HOLE: Final = 12
"""Least edge in pixels of a hole in a mask; a stroke of a letter is narrower."""
FULL: Final = 0.65
"""Share of its box that a hole fills at least; large letters with straight sides (E, L, T) fill less."""
SIDE: Final = 5
"""Least length in pixels of a straight side."""
STRAIGHT: Final = 0.85
"""Least share of a hole's outline that straight sides make up; the rounds of a letter have none."""
STEPPED: Final = 0.6
"""The same for the outline of masks; where masks lie upon each other there are small steps."""


def covered(rgb: Pixels) -> Plane:
    """1 where an earlier masking covered, of the pixels' height and width."""
    grey = np.asarray(cv2.inRange(rgb, (FILL,) * 3, (FILL,) * 3), np.uint8) // 255
    found: Plane = np.zeros_like(grey)
    if not grey.any():
        return found
    contours, tree = cv2.findContours(grey, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    _, labels = cv2.connectedComponents(grey, connectivity=8)
    rows = np.asarray(tree[0], np.int32)
    for index in np.flatnonzero(rows[:, 3] < 0).tolist():
        outline = contours[index]
        if min(cv2.boundingRect(outline)[2:]) < SMALLEST or not _is_straight(outline, STEPPED):
            continue
        if all(_is_window(contours[hole]) for hole in np.flatnonzero(rows[:, 3] == index).tolist()):
            x, y = outline[0][0]
            found[labels == labels[y, x]] = 1
    return found


def bridged(rgb: Pixels, before: Plane) -> Pixels:
    """The pixels with the nearest colour from outside in each covered place; the same ones when nothing is covered."""
    if not before.any() or before.all():
        return rgb
    _, nearest = cv2.distanceTransformWithLabels(before, cv2.DIST_L1, 3, labelType=cv2.DIST_LABEL_PIXEL)
    outside = np.flatnonzero(before.ravel() == 0)
    place_of = np.zeros(int(nearest.max()) + 1, np.intp)
    place_of[nearest.ravel()[outside]] = outside
    seen = rgb.reshape(-1, 3)[place_of[nearest.ravel()]].reshape(rgb.shape)
    return np.ascontiguousarray(np.where(before[:, :, None] > 0, seen, rgb), np.uint8)


def _is_straight(outline: Outline, share: float) -> bool:
    """Whether so large a share of an outline are level and upright sides of some length."""
    points = np.asarray(outline, np.int64)[:, 0, :]
    steps = np.abs(np.roll(points, -1, axis=0) - points)
    longest = steps.max(axis=1)
    straight = longest[(steps.min(axis=1) == 0) & (longest >= SIDE)]
    return int(straight.sum()) >= share * int(longest.sum())


def _is_window(hole: Outline) -> bool:
    """Whether a hole has the shape of what masks spared, and no letter's."""
    points = np.asarray(hole, np.int32)
    _, _, width, height = cv2.boundingRect(points)
    full = cv2.contourArea(points) >= FULL * (width - 1) * (height - 1)
    return min(width, height) >= HOLE and full and _is_straight(hole, STRAIGHT)
