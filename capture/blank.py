"""Everything on the screen that is not the visible part of an allowed window becomes one colour.

A stack of windows and their decisions go in, pixels come out that nobody else has seen unblanked. Pure. Rules:
1. Windows are painted from the lowest to the highest; what a window covers is its own, and is shown only where the
   window is captured and solid. So shadows, rounded corners and see-through windows show nothing of what lies below.
2. Where no window lies (the bare desktop) nothing is shown.
3. Known password fields are blanked on top of that.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from capture.events import Area
from capture.frames import Screen
from capture.sources.base import WindowStack

BLANK: Final = (64, 64, 64)
"""The one colour (RGB) of what was not captured."""

Parts = npt.NDArray[np.bool_]
"""True where the screen may be shown; shape (height, width)."""


def visible_parts(
    stack: WindowStack, captured: AbstractSet[int], *, screen: Area, secret: tuple[Area, ...] = ()
) -> Parts:
    """Where the captured windows (by id) can be seen on a screen with this place, without the secret areas."""
    parts = np.zeros((screen.height, screen.width), np.bool_)
    for window in stack.windows:
        if not window.draws:
            continue
        _fill(parts, window.area, screen=screen, shown=False)
        if window.id in captured:
            for area in window.solid:
                _fill(parts, area, screen=screen, shown=True)
    for area in secret:
        _fill(parts, area, screen=screen, shown=False)
    return parts


@dataclass(frozen=True, slots=True)
class Cover:
    """Visible parts in the form that is quick to lay over pixels: the bits that stay, and what fills the rest."""

    parts: Parts
    keep: Screen
    fill: Screen


def cover(parts: Parts) -> Cover:
    """The cover for these parts; it takes two arrays of the screen's size."""
    shown = np.repeat(parts[:, :, np.newaxis], 3, axis=2)
    keep = np.where(shown, np.uint8(255), np.uint8(0))
    return Cover(parts, keep, np.where(shown, np.uint8(0), np.array(BLANK, np.uint8)))


def blank(pixels: Screen, over: Cover) -> Screen:
    """The same array, in which all that is not shown has become one colour; ValueError if the sizes differ."""
    if pixels.shape != over.keep.shape:
        raise ValueError("the screen and its cover have different sizes")
    np.bitwise_and(pixels, over.keep, out=pixels)
    np.bitwise_or(pixels, over.fill, out=pixels)
    return pixels


def blank_screen(screen: Area) -> Screen:
    """A new screen on which nothing is shown."""
    return np.full((screen.height, screen.width, 3), BLANK, np.uint8)


def _fill(parts: Parts, area: Area, *, screen: Area, shown: bool) -> None:
    left, top = max(area.x - screen.x, 0), max(area.y - screen.y, 0)
    right, lower = area.x - screen.x + area.width, area.y - screen.y + area.height
    if right > left and lower > top:
        parts[top:lower, left:right] = shown
