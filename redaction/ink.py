"""Finds ink: every place of a screen that differs from its surroundings, and which of that is only borders.

Pixels enter, planes of 0 and 1 of the same height and width leave. Nothing is read here: ink is a matter of contrast
alone, so text that no engine can read is still ink. Borders are what cannot be writing: long thin straight lines with
clean sides, and hollow rectangles.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from redaction.spans import Box

Pixels = npt.NDArray[np.uint8]
Plane = npt.NDArray[np.uint8]

CONTRAST: Final = 3
"""Levels of 255 by which the pixels around a place must differ, in any channel, to make it ink; less is not seen."""
PLAIN: Final = 6
"""Levels from which ink is plain to see; fainter ink may be the shadow of a window."""
SHADOW: Final = 24
"""Thickest straight shadow in pixels; it must be of one colour along its length, as letters are not."""
SHADE: Final = 2
"""Levels of 255 by which the pixels of a photo's blurred parts differ from their neighbours; flat surfaces do not."""
AREA: Final = 24
"""Edge of the smallest area of soft changes that is ink; the soft shadow of a window is narrower."""
STROKE: Final = 6
"""Thickest border in pixels of ink (a line of 1 px is 3 px of ink, since both its sides count)."""
LONG: Final = 40
"""Shortest straight line that is a border by itself; writing of that height is rarer than any border."""
SHORT: Final = 16
"""Shortest upright line that is a border when it ends at two level ones, as in a table."""
STILL: Final = 12
"""Shortest stretch without a change of colour that a border is made of; dots, dashes and letters have shorter ones."""
JOINT: Final = 4
"""Pixels between an upright line's end and the level line that it meets."""
CLEAN: Final = 0.6
"""Share of a border's length beside which there must be no ink; under and over letters there is some everywhere."""
RANK: Final = 14
"""Lines nearer to each other than this many pixels stand in ranks; rows and columns of a table are wider."""
RANKS: Final = 32
"""Lines in ranks are borders only when all of them together are at most this many pixels deep."""
RADIUS: Final = 16
"""Largest corner radius of a hollow rectangle."""
CORNER: Final = 12
"""Largest edge of a corner or crossing: what is left there touches a level and an upright border."""
LOWEST_FRAME: Final = 22
"""Least height of a hollow rectangle; lower ones are bars that show a share, at twice the scale too."""
WIDE_CONTROL: Final = 52
"""Width from which an outline is no check box, radio button or icon, at twice the scale too."""
OBLONG: Final = 1.4
"""Least ratio of width to height of a narrower outline that is a border, as of a short button."""
END: Final = 4
"""Largest edge of what is left at a border's end, where contrast fades."""
NARROWEST: Final = 24
"""Smallest width of a hollow rectangle: a letter of that width would be 30 px high or more."""


def _strength(rgb: Pixels) -> Plane:
    """By how many levels the pixels around each place differ, in the channel where they differ most."""
    spread = cv2.morphologyEx(rgb, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    red, green, blue = cv2.split(spread)
    return np.asarray(cv2.max(cv2.max(red, green), blue), np.uint8)


def _inked(strength: Plane) -> Plane:
    soft = _shaded(np.asarray(strength >= SHADE, np.uint8))
    return np.asarray(soft | (strength >= CONTRAST), np.uint8)


def _shaded(soft: Plane) -> Plane:
    """Areas that change softly all over in both directions, as the blurred parts of a photo do."""
    closed = cv2.morphologyEx(soft, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    return np.asarray(cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((AREA, AREA), np.uint8)), np.uint8)


@dataclass(frozen=True, slots=True)
class Ink:
    """The ink that may be writing or pictures, and the boxes of hollow rectangles, which are borders."""

    writing: Plane
    frames: tuple[Box, ...]


def writing_of(rgb: Pixels) -> Plane:
    """The ink that may be writing or pictures: all of it except borders."""
    return ink_of(rgb).writing


def ink_of(rgb: Pixels) -> Ink:
    """The ink of a screen, with borders told apart from writing."""
    strength = _strength(rgb)
    across, down = _changes(rgb, axis=1), np.ascontiguousarray(_changes(rgb, axis=0).T)
    faint = np.asarray((strength >= CONTRAST) & (strength < PLAIN), np.uint8)
    shadows = _lines(faint, across, LONG, SHADOW) | _lines(np.ascontiguousarray(faint.T), down, LONG, SHADOW).T
    ink = np.asarray(_inked(strength) & ~shadows, np.uint8)
    frames, hollow = _frames(ink)
    rest = np.asarray(ink & ~frames, np.uint8)
    level = _clean_lines(rest, across, LONG)
    downwards = _clean_lines(np.ascontiguousarray(rest.T), down, SHORT)
    upright = _joined(np.ascontiguousarray(downwards.T), level | frames)
    rest = np.asarray(rest & ~level & ~upright, np.uint8)
    return Ink(np.asarray(rest & ~_corners(rest, level, upright), np.uint8), hollow)


def regions_of(plane: Plane) -> tuple[int, npt.NDArray[np.int32 | np.uint16], npt.NDArray[np.int32]]:
    """How many connected regions there are (with the background, 0), each pixel's region, and the regions' numbers.

    A row of numbers is left, top, width, height and pixel count.
    """
    # Small labels take a third of the time; there cannot be more regions than pixels.
    few = cv2.countNonZero(plane) < np.iinfo(np.uint16).max
    kind = cv2.CV_16U if few else cv2.CV_32S
    count, labels, stats, _ = cv2.connectedComponentsWithStats(plane, connectivity=8, ltype=kind)
    return count, np.asarray(labels), np.asarray(stats, np.int32)


def boxes_of(plane: Plane) -> Iterator[tuple[int, Box, int]]:
    """Label, box and pixel count of each connected region, in the order of their labels."""
    count, _, stats = regions_of(plane)
    for label in range(1, count):
        x, y, width, height, area = (int(value) for value in stats[label])
        yield label, Box(x, y, width, height), area


def _frames(ink: Plane) -> tuple[Plane, tuple[Box, ...]]:
    """Regions that are nothing but the outline of a rectangle, its corners round or not, and their boxes."""
    count, labels, stats = regions_of(ink)
    frames: Plane = np.zeros(ink.shape, np.uint8)
    hollow: list[Box] = []
    for label in range(1, count):
        x, y, width, height, area = (int(value) for value in stats[label])
        if not _may_be_frame(width, height) or area > 2 * STROKE * (width + height):
            continue
        place = labels[y : y + height, x : x + width] == label
        if _is_hollow(place):
            frames[y : y + height, x : x + width] |= place.astype(np.uint8)
            hollow.append(Box(x, y, width, height))
    return frames, tuple(hollow)


def _may_be_frame(width: int, height: int) -> bool:
    """Whether an outline may be a border by its size: low ones are meters, small square or round ones form controls."""
    is_control = width < WIDE_CONTROL and width < OBLONG * height
    return width >= NARROWEST and height >= LOWEST_FRAME and not is_control


def _is_hollow(place: npt.NDArray[np.bool_]) -> bool:
    height, width = place.shape
    corner = min(RADIUS, height // 2, width // 3)
    inside = place[STROKE:-STROKE, corner:-corner].any() or place[corner : height - corner, STROKE:-STROKE].any()
    sides = (
        place[:3, corner:-corner].any(axis=0),
        place[-3:, corner:-corner].any(axis=0),
        place[corner : height - corner, :3].any(axis=1),
        place[corner : height - corner, -3:].any(axis=1),
    )
    return not inside and all(bool(side.all()) for side in sides)


def _changes(rgb: Pixels, *, axis: int) -> Plane:
    """Where a pixel differs from the one before it along an axis, by as much as makes ink."""
    changes = np.zeros(rgb.shape[:2], np.uint8)
    ahead, behind = (rgb[:, 1:], rgb[:, :-1]) if axis == 1 else (rgb[1:], rgb[:-1])
    if not ahead.size:
        return changes
    red, green, blue = cv2.split(cv2.absdiff(np.ascontiguousarray(ahead), np.ascontiguousarray(behind)))
    place = changes[:, 1:] if axis == 1 else changes[1:]
    place[:] = np.asarray(cv2.max(cv2.max(red, green), blue)) >= CONTRAST
    return changes


def _clean_lines(ink: Plane, changes: Plane, length: int) -> Plane:
    """Thin level lines of ink, at least so long, that have no ink beside most of their length."""
    lines = _lines(ink, changes, length, STROKE)
    clean = np.zeros_like(ink)
    count, labels, stats = regions_of(lines)
    for label in range(1, count):
        x, y, width, height, _area = (int(value) for value in stats[label])
        if _has_clean_sides(ink, Box(x, y, width, height)):
            place = labels[y : y + height, x : x + width] == label
            clean[y : y + height, x : x + width] |= place.astype(np.uint8)
    return np.asarray(clean & ~_dense(clean), np.uint8) if count > RANKS // RANK else clean


def _lines(ink: Plane, changes: Plane, length: int, stroke: int) -> Plane:
    """Level runs of ink, at least so long and at most so thick, of one colour along most of their length."""
    thick = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((stroke + 1, 2), np.uint8))
    thin = np.asarray(ink & ~np.asarray(thick, np.uint8), np.uint8)
    still = cv2.morphologyEx(np.asarray(thin & ~changes, np.uint8), cv2.MORPH_OPEN, np.ones((1, STILL), np.uint8))
    joined = np.asarray(cv2.morphologyEx(still, cv2.MORPH_CLOSE, np.ones((1, STROKE + 1), np.uint8)), np.uint8) & thin
    runs = np.asarray(
        cv2.morphologyEx(joined.astype(np.uint8), cv2.MORPH_OPEN, np.ones((1, length), np.uint8)), np.uint8
    )
    lines = np.zeros_like(ink)
    count, labels, stats = regions_of(runs)
    for label in range(1, count):
        x, y, width, height, _area = (int(value) for value in stats[label])
        if height <= stroke:
            place = labels[y : y + height, x : x + width] == label
            lines[y : y + height, x : x + width] |= place.astype(np.uint8)
    return lines


def _dense(level: Plane) -> Plane:
    """Level lines that stand in close ranks, as the bars of a bar code or a hatching do; they are no borders."""
    closed = np.asarray(cv2.morphologyEx(level, cv2.MORPH_CLOSE, np.ones((RANK, 1), np.uint8)), np.uint8)
    dense = np.zeros_like(level)
    for _, box, _area in boxes_of(closed):
        if box.height > RANKS:
            dense[box.y : box.bottom, box.x : box.right] = 1
    return dense


def _has_clean_sides(ink: Plane, box: Box) -> bool:
    above = ink[max(box.y - 1, 0), box.x : box.right] if box.y > 0 else np.zeros(box.width, np.uint8)
    below = ink[box.bottom, box.x : box.right] if box.bottom < ink.shape[0] else np.zeros(box.width, np.uint8)
    return float((above | below).mean()) <= 1 - CLEAN


def _joined(upright: Plane, level: Plane) -> Plane:
    """The upright lines that are long, or that end at level ones both ways."""
    near = np.asarray(cv2.dilate(level, np.ones((2 * JOINT + 1, 2 * JOINT + 1), np.uint8)), np.uint8)
    joined = np.zeros_like(upright)
    for _, box, _area in boxes_of(upright):
        columns = slice(box.x, box.right)
        ends = near[box.y, columns].any() and near[box.bottom - 1, columns].any()
        if box.height >= LONG or ends:
            joined[box.y : box.bottom, columns] = upright[box.y : box.bottom, columns]
    return joined


def _corners(rest: Plane, level: Plane, upright: Plane) -> Plane:
    """Small regions that touch both a level and an upright border, as rounded corners and crossings do, and the tiny
    ones at a border's end.
    """
    corners = np.zeros_like(rest)
    if not (level.any() or upright.any()):
        return corners
    around = np.ones((3, 3), np.uint8)
    touches = tuple(np.asarray(cv2.dilate(lines, around), np.uint8) for lines in (level, upright))
    for _, box, _area in boxes_of(rest):
        place = slice(box.y, box.bottom), slice(box.x, box.right)
        small = max(box.width, box.height) <= CORNER
        met = sum(bool((touch[place] & rest[place]).any()) for touch in touches) if small else 0
        if met == len(touches) or (met and max(box.width, box.height) <= END):
            corners[place] = rest[place]
    return corners
