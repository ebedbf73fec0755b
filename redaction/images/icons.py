"""Finds the flat icons that may stay: pixels and the ink that no phrase explains enter, boxes of that ink leave.

Default-deny. A group of ink stays only if all of this speaks for it:

1. It is small and compact, of one flat colour on another, and nothing fainter is hidden in or around its strokes.
2. Its drawing is one that icon sets share (`shapes`): what resembles a letter, sign or form control is not.
3. It stands clear of all other unexplained ink by half its size, lies in no input field, and touches no phrase.
4. It stands beside a phrase that stays, or in a row or column of three or more such icons that are not all alike.

Nothing is read here, and nothing is kept from one screen to the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from redaction.images.ink import CONTRAST, boxes_of, ink_in, without
from redaction.images.phrases import KeptPhrase
from redaction.images.shapes import Coverage, Shapes, drawing_of, load_shapes
from redaction.spans import Box, box_of

Pixels = npt.NDArray[np.uint8]
Plane = npt.NDArray[np.uint8]

RIM: Final = 2
"""Pixels by which a group of ink is larger than what it shows: contrast lies on both sides of an edge."""
SMALLEST: Final = 10
"""Least longer side of an icon in pixels; smaller ones show too little to tell them from a letter."""
LARGEST: Final = 48
"""Largest longer side of an icon in pixels."""
SLIMMEST: Final = 0.5
"""Least shorter side of an icon, in longer sides."""
PARTS: Final = 5
"""Edge in pixels of the square that closes the gaps between the parts of one icon, and between letters of a word."""
CLEAR: Final = 0.5
"""Least distance of an icon from unexplained ink, in longer sides of the icon."""
APART: Final = 0.3
"""Least distance of an icon from another one that stays, in longer sides of the icon."""
TOUCH: Final = 2
"""Pixels of an icon's surroundings that must lie inside the screen, outside fields and outside the phrases' reach."""
EVEN: Final = 8
"""Levels of 255 by which the paper around an icon may differ from one side to another."""
FAINTEST: Final = 60
"""Least levels of 255 between an icon and its paper."""
STRAY: Final = 12
"""Levels of 255 by which a pixel may lie off the line between the colours of paper and pen; a second colour does."""
TRACE: Final = 0.3
"""Least coverage of a stroke; what is fainter must be its edge."""
SOLID: Final = 0.6
"""Coverage above which a pixel is inside a stroke or filling."""
PHRASE_GAP: Final = 2.0
"""Largest distance of an icon from the phrase that it belongs to, in longer sides of the icon."""
TALL: Final = (0.9, 4.0)
"""Least and largest side of an icon, in heights of the phrase that it belongs to."""
LEVEL: Final = 0.25
"""By how much of its longer side an icon's middle may miss the middle of its phrase or of its row."""
ROW_GAP: Final = 4.0
"""Largest distance between icons of one row, in longer sides."""
LIKE: Final = 0.6
"""Least ratio of the longer sides of two neighbours in a row."""
ROW: Final = 3
"""Fewest icons that make a row."""


@dataclass(frozen=True, slots=True, order=True)
class _Icon:
    """A group of ink that is a known shape, and which shape that is."""

    box: Box
    shape: int

    @property
    def side(self) -> int:
        """The longer side of the icon in pixels, without the rim that contrast adds."""
        return _side(self.box)


def icons_of(rgb: Pixels, rest: Plane, phrases: tuple[KeptPhrase, ...], *, fields: tuple[Box, ...]) -> tuple[Box, ...]:
    """Boxes of the ink in `rest` that is flat icons which may stay, in order.

    `rest` is the ink that no phrase explains, without borders; in `fields` (input controls) nothing stays.
    `ShapesMissing` when the known shapes are absent or damaged.
    """
    groups = (box for _, box, _ in boxes_of(_closed(rest)))
    barred = _barred(rest.shape[0], rest.shape[1], (*(phrase.reach for phrase in phrases), *fields))
    places = tuple(box for box in groups if _may_be_icon(box, barred))
    icons = _known(rgb, places, load_shapes())
    return tuple(icon.box for icon in _standing(icons, places, rest, phrases))


def _closed(rest: Plane) -> Plane:
    return np.asarray(cv2.morphologyEx(rest, cv2.MORPH_CLOSE, np.ones((PARTS, PARTS), np.uint8)), np.uint8)


def _side(box: Box) -> int:
    return max(box.width, box.height) - RIM


def _barred(height: int, width: int, boxes: tuple[Box, ...]) -> Plane:
    """The places in which there is no icon: in these boxes, and at the edges of the screen."""
    barred = np.ones((height, width), np.uint8)
    barred[TOUCH:-TOUCH, TOUCH:-TOUCH] = 0
    for box in boxes:
        inside = box.clipped(width, height)
        barred[inside.y : inside.bottom, inside.x : inside.right] = 1
    return barred


def _may_be_icon(box: Box, barred: Plane) -> bool:
    """Whether a group has an icon's size and form, and touches nothing in which there is none."""
    side, slim = _side(box), min(box.width, box.height) - RIM
    return SMALLEST <= side <= LARGEST and slim >= SLIMMEST * side and ink_in(barred, box.grown(TOUCH, TOUCH)) == 0


def _known(rgb: Pixels, places: tuple[Box, ...], shapes: Shapes) -> tuple[_Icon, ...]:
    """The places that hold a known shape."""
    drawn = tuple((box, drawing_of(cover)) for box in places if (cover := _coverage(rgb, box)) is not None)
    found = shapes.nearest(tuple((drawing, _side(box)) for box, drawing in drawn))
    return tuple(_Icon(box, shape) for (box, _), shape in zip(drawn, found, strict=True) if shape is not None)


def _coverage(rgb: Pixels, box: Box) -> Coverage | None:
    """How much of each pixel the pen covers; None unless the place is one flat colour on another."""
    wide = box.grown(1, 1)
    place = rgb[wide.y : wide.bottom, wide.x : wide.right]
    # Channels come first, since each step below runs over all pixels of a channel.
    offset = np.ascontiguousarray(np.moveaxis(place, 2, 0), np.float32) - place[0, 0].astype(np.float32)[:, None, None]
    strength = np.asarray(np.abs(offset).max(axis=0), np.float32)
    peak = float(strength.max())
    rim = max(float(edge.max()) for edge in (strength[0], strength[-1], strength[:, 0], strength[:, -1]))
    if rim > EVEN or peak < FAINTEST:
        return None
    pen = offset[:, strength >= 0.95 * peak].mean(axis=1)
    cover = np.asarray(np.tensordot(pen / (pen @ pen), offset, 1), np.float32)
    stray = float(np.abs(offset - pen[:, None, None] * np.maximum(cover, 0)).max())
    if stray > STRAY or not _is_flat(cover, strength):
        return None
    return np.asarray(np.clip(cover, 0.0, 1.0), np.float32)


def _is_flat(cover: Coverage, strength: Coverage) -> bool:
    """Whether all that is faint is the edge of a stroke: nothing faint on the paper, nothing faint inside a filling."""
    around = np.ones((3, 3), np.uint8)
    edges = cv2.dilate(np.asarray(cover > TRACE, np.uint8), around)
    if bool(((strength >= CONTRAST) & (edges == 0)).any()):
        return False
    inside = cv2.erode(np.asarray(cover > SOLID, np.uint8), np.ones((5, 5), np.uint8)) > 0
    deep = strength[inside]
    return not deep.size or float(deep.max() - deep.min()) < 2 * CONTRAST


def _standing(
    icons: tuple[_Icon, ...], groups: tuple[Box, ...], rest: Plane, phrases: tuple[KeptPhrase, ...]
) -> tuple[_Icon, ...]:
    """The icons that stand clear and belong somewhere, after those that do not count as unexplained ink themselves."""
    other = without(rest, groups)
    near = dict(zip(icons, _near(icons, phrases), strict=True))
    kept = icons
    while True:
        stray = without(rest, (icon.box for icon in kept))
        clear = tuple(icon for icon in kept if _is_clear(icon, rest, stray))
        rows = frozenset(icon for row in _rows(clear, other) for icon in row)
        stay = tuple(icon for icon in clear if icon in rows or _has_phrase(icon, stray, near[icon]))
        if stay == kept:
            return stay
        kept = stay


def _is_clear(icon: _Icon, rest: Plane, stray: Plane) -> bool:
    """Whether no unexplained ink stands near, and no other icon nearer still."""
    far, near = round(CLEAR * icon.side), round(APART * icon.side)
    alone = ink_in(rest, icon.box.grown(near, near)) == ink_in(rest, icon.box)
    return alone and ink_in(stray, icon.box.grown(far, far)) == 0


def _near(icons: tuple[_Icon, ...], phrases: tuple[KeptPhrase, ...]) -> Iterator[tuple[KeptPhrase, ...]]:
    """For each icon the phrases of a height and distance that may belong to it."""
    boxes = tuple((phrase.box, phrase.height) for phrase in phrases)
    places = np.array([(box.x, box.y, box.right, box.bottom, height) for box, height in boxes], np.int64)
    left, top, right, bottom, height = places.reshape(-1, 5).T
    for icon in icons:
        reach = round(PHRASE_GAP * icon.side)
        wide = icon.box.grown(reach, reach)
        meets = (left < wide.right) & (wide.x < right) & (top < wide.bottom) & (wide.y < bottom)
        fits = (TALL[0] * height <= icon.side) & (icon.side <= TALL[1] * height)
        yield tuple(phrases[int(index)] for index in np.flatnonzero(meets & fits))


def _has_phrase(icon: _Icon, stray: Plane, phrases: tuple[KeptPhrase, ...]) -> bool:
    """Whether a phrase stands beside the icon or under its middle, and nothing unexplained between the two."""
    between = (_between(icon, phrase.box) for phrase in phrases)
    return any(place is not None and ink_in(stray, place) == 0 for place in between)


def _between(icon: _Icon, phrase: Box) -> Box | None:
    """The place between an icon and a phrase that belongs to it; None when it does not."""
    box, reach, miss = icon.box, PHRASE_GAP * icon.side, LEVEL * icon.side
    if abs(_middle(box.y, box.height) - _middle(phrase.y, phrase.height)) <= miss:
        left, right = min(box.right, phrase.right), max(box.x, phrase.x)
        beside = box_of(left, min(box.y, phrase.y), right, max(box.bottom, phrase.bottom))
        return beside if beside.width <= reach else None
    under = 0 <= phrase.y - box.bottom <= icon.side
    if under and abs(_middle(box.x, box.width) - _middle(phrase.x, phrase.width)) <= miss:
        return box_of(min(box.x, phrase.x), box.bottom, max(box.right, phrase.right), phrase.y)
    return None


def _middle(start: int, length: int) -> float:
    return start + length / 2


def _rows(icons: tuple[_Icon, ...], other: Plane) -> Iterator[tuple[_Icon, ...]]:
    """Level rows and upright columns of at least `ROW` icons of like size that are not all of one shape.

    `other` is the ink of all that does not have the size of an icon; none of it may stand between them.
    """
    for upright in (False, True):
        left = sorted((_turned(icon.box, upright=upright), icon) for icon in icons)
        while left:
            row = _chain(left, other)
            taken = {id(pair) for pair in row}
            left = [pair for pair in left if id(pair) not in taken]
            if len(row) >= ROW and len({icon.shape for _, icon in row}) > 1:
                yield tuple(icon for _, icon in row)


def _chain(icons: list[tuple[Box, _Icon]], other: Plane) -> list[tuple[Box, _Icon]]:
    """The first icon and those that follow each other after it; each comes with its box as it stands in a row."""
    row = icons[:1]
    for pair in icons[1:]:
        (last, before), (place, icon) = row[-1], pair
        if place.x - last.right > ROW_GAP * LARGEST:
            break
        if _follows(last, place) and ink_in(other, before.box.union(icon.box)) == 0:
            row.append(pair)
    return row


def _turned(box: Box, *, upright: bool) -> Box:
    """The box, or, so that columns are read as rows, the box with its axes exchanged."""
    return Box(box.y, box.x, box.height, box.width) if upright else box


def _follows(first: Box, second: Box) -> bool:
    """Whether the second box stands in one row with the first, at a toolbar's distance to its right."""
    short, long = sorted((_side(first), _side(second)))
    gap = second.x - first.right
    level = abs(_middle(first.y, first.height) - _middle(second.y, second.height)) <= LEVEL * short
    return level and short >= LIKE * long and CLEAR * long <= gap + RIM and gap <= ROW_GAP * long
