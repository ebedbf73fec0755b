"""Finds ink: every place of a screen that differs from its surroundings, and which of that is only borders.

Pixels enter, planes of 0 and 1 of the same height and width leave. Nothing is read here: ink is a matter of contrast
alone, so text that no engine can read is still ink. Borders are what cannot be writing: long thin straight lines with
clean sides, and hollow rectangles.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from redaction.spans import Box

Pixels = npt.NDArray[np.uint8]
Plane = npt.NDArray[np.uint8]
Labels = npt.NDArray[np.int32 | np.uint16]
Numbers = npt.NDArray[np.int32]
Places = npt.NDArray[np.intp]

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
METER: Final = (1, 20)
"""Least and largest distance of a meter's long sides in pixels, without their contrast."""
LONGEST_METER: Final = 700
"""Largest length of a meter in pixels."""
METER_ENDS: Final = 14
"""By how many pixels its sides may differ, as round ends and the end of the share do; and how wide those are."""
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
    """The ink that may be writing or pictures, the boxes of hollow rectangles (borders), and those of meters."""

    writing: Plane
    frames: tuple[Box, ...]
    meters: tuple[Box, ...]


def writing_of(rgb: Pixels) -> Plane:
    """The ink that may be writing or pictures: all of it except borders."""
    return ink_of(rgb).writing


def ink_of(rgb: Pixels) -> Ink:
    """The ink of a screen, with borders told apart from writing."""
    strength = _strength(rgb)
    across, down = _changes(rgb, axis=1), _turned(_changes(rgb, axis=0))
    faint = np.asarray((strength >= CONTRAST) & (strength < PLAIN), np.uint8)
    shadows = _lines(faint, across, LONG, SHADOW).plane() | _turned(_lines(_turned(faint), down, LONG, SHADOW).plane())
    ink = np.asarray(_inked(strength) & ~shadows, np.uint8)
    frames, hollow = _frames(ink)
    rest = np.asarray(ink & ~frames, np.uint8)
    level = _clean_lines(rest, across, LONG)
    upright = _joined(_clean_lines(_turned(rest), down, SHORT), np.asarray(level | frames, np.uint8))
    rest = np.asarray(rest & ~level & ~upright, np.uint8)
    return Ink(np.asarray(rest & ~_corners(rest, level, upright), np.uint8), hollow, _meters(level, rest))


def _meters(level: Plane, rest: Plane) -> tuple[Box, ...]:
    """Boxes between two level lines of one length, near each other and with no writing between: bars that show a share.

    An empty row of a table looks the same; nothing is lost with it.
    """
    lines = [box for _, box, _ in boxes_of(level) if LONG <= box.width <= LONGEST_METER]
    meters: list[Box] = []
    for index, upper in enumerate(lines):
        for lower in lines[index + 1 :]:
            apart = lower.y - upper.bottom
            level_ends = abs(upper.x - lower.x) + abs(upper.right - lower.right) <= METER_ENDS
            if level_ends and METER[0] <= apart <= METER[1]:
                box = upper.union(lower)
                inside = rest[upper.bottom + 1 : lower.y - 1, box.x + METER_ENDS : box.right - METER_ENDS]
                few = not inside.size or np.count_nonzero(inside.any(axis=0)) <= METER_ENDS
                meters += [box.grown(METER_ENDS // 2, 1)] if few else []
    return tuple(meters)


def _turned(plane: Plane) -> Plane:
    """The plane with rows for columns, so that upright lines are level."""
    return np.asarray(cv2.transpose(plane), np.uint8)


@dataclass(frozen=True, slots=True)
class Regions:
    """Connected regions of a plane of which blank rows are left out.

    `packed` holds the rows that were kept, `rows` says which those are, `labels` each kept pixel's region. A row of
    `stats` is a region's left edge, top (among the kept rows), width, height and pixel count, the first region's first.
    """

    height: int
    rows: Places
    packed: Plane
    labels: Labels
    stats: Numbers

    @classmethod
    def of(cls, packed: Plane, rows: Places, *, height: int) -> Regions:
        """The regions of a plane `height` pixels high, given as the rows that `_inked_rows` kept."""
        # Small labels take a third of the time; there cannot be more regions than pixels.
        few = cv2.countNonZero(packed) < np.iinfo(np.uint16).max
        kind = cv2.CV_16U if few else cv2.CV_32S
        _, labels, stats, _ = cv2.connectedComponentsWithStats(packed, connectivity=8, ltype=kind)
        return cls(height, rows, packed, np.asarray(labels), np.asarray(stats[1:], np.int32))

    @classmethod
    def in_plane(cls, plane: Plane) -> Regions:
        """The regions of a whole plane."""
        rows = _inked_rows(plane)
        return cls.of(plane[rows], rows, height=plane.shape[0])

    def boxes(self) -> Numbers:
        """Left edge, top, width and height of each region, in the plane's own rows."""
        boxes = self.stats[:, :4].copy()
        boxes[:, 1] = self.rows[self.stats[:, 1]]
        return boxes

    def place(self, index: int) -> Plane:
        """The pixels of one region in its box."""
        x, y, width, height, _ = self.stats[index].tolist()
        return np.asarray(self.labels[y : y + height, x : x + width] == index + 1, np.uint8)

    def chosen(self, keep: npt.NDArray[np.bool_]) -> Regions:
        """The plane with only these regions left; their numbers stay, and those of the others stand for nothing."""
        if keep.all():
            return self
        packed = np.concatenate((np.zeros(1, np.uint8), keep.astype(np.uint8)))[self.labels]
        return Regions(self.height, self.rows, packed, self.labels, self.stats)

    def plane(self) -> Plane:
        """All regions on a plane of the first one's size."""
        plane = np.zeros((self.height, self.packed.shape[1]), np.uint8)
        plane[self.rows] = self.packed
        return plane


def _inked_rows(plane: Plane) -> Places:
    """The rows that have ink, each with the other row of its pair and the pair below, so that no regions grow together.

    Rows come in pairs since regions are numbered by squares of two pixels: so each region keeps its number.
    """
    height = plane.shape[0]
    inked = np.zeros(height + height % 2, np.bool_)
    inked[:height] = cv2.reduce(plane, 1, cv2.REDUCE_MAX).ravel() > 0
    pairs = inked[::2] | inked[1::2]
    kept = pairs | np.concatenate(([False], pairs[:-1]))
    rows = np.flatnonzero(np.repeat(kept, 2)[:height])
    return rows if rows.size else np.zeros(1, np.intp)


def boxes_of(plane: Plane) -> Iterator[tuple[int, Box, int]]:
    """Number from 1, box and pixel count of each connected region, from top to bottom by pairs of rows."""
    regions = Regions.in_plane(plane)
    areas = regions.stats[:, 4].tolist()
    for index, (box, area) in enumerate(zip(regions.boxes().tolist(), areas, strict=True)):
        yield index + 1, Box(*box), area


def ink_in(plane: Plane, box: Box) -> int:
    """Pixels of ink in the part of a box that lies on the plane."""
    place = plane[max(box.y, 0) : max(box.bottom, 0), max(box.x, 0) : max(box.right, 0)]
    return cv2.countNonZero(place) if place.size else 0


def without(plane: Plane, boxes: Iterable[Box]) -> Plane:
    """The plane with nothing in these boxes, of which parts may lie off it."""
    left = plane.copy()
    for box in boxes:
        part = box.clipped(plane.shape[1], plane.shape[0])
        left[part.y : part.bottom, part.x : part.right] = 0
    return left


def _frames(ink: Plane) -> tuple[Plane, tuple[Box, ...]]:
    """Regions that are nothing but the outline of a rectangle, its corners round or not, and their boxes."""
    regions = Regions.in_plane(ink)
    frames = np.zeros_like(regions.packed)
    hollow: list[Box] = []
    for index in np.flatnonzero(_may_be_frames(regions.stats)).tolist():
        x, y, width, height, _ = regions.stats[index].tolist()
        where = slice(y, y + height), slice(x, x + width)
        # Most are told by their sides, whatever region the ink there belongs to.
        if _has_sides(regions.packed[where]) and _is_hollow(place := regions.place(index)):
            frames[where] |= place
            hollow.append(Box(x, int(regions.rows[y]), width, height))
    plane = np.zeros_like(ink)
    plane[regions.rows] = frames
    return plane, tuple(hollow)


def _may_be_frames(stats: Numbers) -> npt.NDArray[np.bool_]:
    """Which outlines may be borders by their size and ink: low ones are meters, small square or round ones controls."""
    width, height, area = stats[:, 2], stats[:, 3], stats[:, 4]
    is_control = (width < WIDE_CONTROL) & (width < OBLONG * height)
    is_outline = area <= 2 * STROKE * (width + height)
    return np.asarray((width >= NARROWEST) & (height >= LOWEST_FRAME) & ~is_control & is_outline, np.bool_)


def _is_hollow(place: Plane) -> bool:
    """Whether a region has four straight sides and nothing between them."""
    height, corner = place.shape[0], _corner(place)
    inside = (place[STROKE:-STROKE, corner:-corner], place[corner : height - corner, STROKE:-STROKE])
    return _has_sides(place) and not any(part.size and cv2.countNonZero(part) for part in inside)


def _has_sides(place: Plane) -> bool:
    height, corner = place.shape[0], _corner(place)
    sides = (
        place[:3, corner:-corner].any(axis=0),
        place[-3:, corner:-corner].any(axis=0),
        place[corner : height - corner, :3].any(axis=1),
        place[corner : height - corner, -3:].any(axis=1),
    )
    return all(bool(side.all()) for side in sides)


def _corner(place: Plane) -> int:
    """How much of each side may belong to a round corner."""
    return min(RADIUS, int(place.shape[0]) // 2, int(place.shape[1]) // 3)


def _changes(rgb: Pixels, *, axis: int) -> Plane:
    """Where a pixel differs from the one before it along an axis, by as much as makes ink."""
    changes = np.zeros(rgb.shape[:2], np.uint8)
    ahead, behind = (rgb[:, 1:], rgb[:, :-1]) if axis == 1 else (rgb[1:], rgb[:-1])
    if not ahead.size:
        return changes
    red, green, blue = cv2.split(cv2.absdiff(ahead, behind))
    place = changes[:, 1:] if axis == 1 else changes[1:]
    place[:] = np.asarray(cv2.max(cv2.max(red, green), blue)) >= CONTRAST
    return changes


def _clean_lines(ink: Plane, changes: Plane, length: int) -> Plane:
    """Thin level lines of ink, at least so long, that have no ink beside most of their length."""
    lines = _lines(ink, changes, length, STROKE)
    boxes = lines.boxes().tolist()
    thin = lines.stats[:, 3] <= STROKE
    keep = [is_thin and _has_clean_sides(ink, Box(*box)) for is_thin, box in zip(thin.tolist(), boxes, strict=True)]
    clean = lines.chosen(np.array(keep, np.bool_)).plane()
    return np.asarray(clean & ~_dense(clean), np.uint8) if np.count_nonzero(thin) >= RANKS // RANK else clean


def _lines(ink: Plane, changes: Plane, length: int, stroke: int) -> Regions:
    """Level runs of ink, at least so long and at most so thick, of one colour along most of their length."""
    thick = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((stroke + 1, 2), np.uint8))
    thin = np.asarray(ink & ~np.asarray(thick, np.uint8), np.uint8)
    still = cv2.morphologyEx(np.asarray(thin & ~changes, np.uint8), cv2.MORPH_OPEN, np.ones((1, STILL), np.uint8))
    # From here on each row is for itself, so that rows without a still stretch need not be looked at.
    rows = _inked_rows(np.asarray(still, np.uint8))
    closed = cv2.morphologyEx(np.asarray(still)[rows], cv2.MORPH_CLOSE, np.ones((1, STROKE + 1), np.uint8))
    joined = np.asarray(np.asarray(closed, np.uint8) & thin[rows], np.uint8)
    runs = np.asarray(cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((1, length), np.uint8)), np.uint8)
    regions = Regions.of(runs, rows, height=ink.shape[0])
    return regions.chosen(np.asarray(regions.stats[:, 3] <= stroke, np.bool_))


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
    return cv2.countNonZero(above | below) / box.width <= 1 - CLEAN


def _joined(downwards: Plane, level: Plane) -> Plane:
    """The upright lines (given turned) that are long, or that end at level ones both ways."""
    near = np.asarray(cv2.dilate(level, np.ones((2 * JOINT + 1, 2 * JOINT + 1), np.uint8)), np.uint8)
    upright = _turned(downwards)
    joined = np.zeros_like(upright)
    for _, turned, _area in boxes_of(downwards):
        box = Box(turned.y, turned.x, turned.height, turned.width)
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
    around = np.ones((3, 3), np.uint8)
    touches = [np.asarray(cv2.dilate(lines, around), np.uint8) & rest for lines in (level, upright)]
    boxes = Regions.in_plane(_near_rows(rest, np.asarray(touches[0] | touches[1], np.uint8))).boxes()
    boxes = boxes[boxes[:, 2:].max(axis=1, initial=0) <= CORNER]
    met = np.array([_counts(touch, boxes) > 0 for touch in touches]).sum(axis=0)
    tiny = boxes[:, 2:].max(axis=1, initial=0) <= END
    for x, y, width, height in boxes[(met == len(touches)) | (tiny & (met > 0))].tolist():
        place = slice(y, y + height), slice(x, x + width)
        corners[place] = rest[place]
    return corners


def _near_rows(rest: Plane, touching: Plane) -> Plane:
    """The plane with only the rows around touching pixels left, so far that a small region there is whole.

    What is cut reaches from the touching pixel to the cut, and so is still too large for a corner.
    """
    rows = np.asarray(cv2.reduce(touching, 1, cv2.REDUCE_MAX), np.uint8)
    near = np.asarray(cv2.dilate(rows, np.ones((2 * CORNER + 5, 1), np.uint8)), np.uint8)
    return np.asarray(rest * near, np.uint8)


def _counts(plane: Plane, boxes: Numbers) -> Numbers:
    """How many pixels of a plane lie in each box."""
    sums = cv2.integral(plane)
    left, top, right, bottom = boxes[:, 0], boxes[:, 1], boxes[:, 0] + boxes[:, 2], boxes[:, 1] + boxes[:, 3]
    return np.asarray(sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left], np.int32)
