"""Everything on the screen that is not the visible part of an allowed window becomes one colour.

A stack of windows and their decisions go in, pixels come out that nobody else has seen unblanked. Pure. Rules:
1. Windows are painted from the lowest to the highest; what a window covers is its own, and is shown only where the
   window is captured and solid. So shadows, rounded corners and see-through windows show nothing of what lies below.
2. Where no window lies (the bare desktop) nothing is shown.
3. Known password fields are blanked on top of that.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from capture.events import Area
from capture.frames import Pixels
from capture.sources.base import WindowStack

BLANK: Final = (64, 64, 64)
"""The one colour (RGB) of what was not captured."""
BLANK_PIXEL: Final = BLANK[0] << 16 | BLANK[1] << 8 | BLANK[2]

Parts: TypeAlias = npt.NDArray[np.bool_]
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


def shown_box(parts: Parts) -> Area | None:
    """The smallest area, counted from the screen's corner, around all that is shown; None where nothing is."""
    rows, columns = np.flatnonzero(parts.any(axis=1)), np.flatnonzero(parts.any(axis=0))
    if not rows.size:
        return None
    left, top = int(columns[0]), int(rows[0])
    return Area(left, top, int(columns[-1]) - left + 1, int(rows[-1]) - top + 1)


def blank(pixels: Pixels, parts: Parts) -> None:
    """Changes the pixels: what is not shown becomes one colour; ValueError if the sizes differ."""
    if pixels.shape != parts.shape:
        raise ValueError("the pixels and what is shown of them have different sizes")
    np.copyto(pixels, np.uint32(BLANK_PIXEL), where=~parts)


def blank_areas(pixels: Pixels, areas: tuple[Area, ...], *, place: Area) -> None:
    """Changes pixels that lie at a place of the screen: within these areas of the screen they become one colour."""
    for area in areas:
        cut(pixels, area, screen=place)[:] = BLANK_PIXEL


def blank_screen(width: int, height: int) -> Pixels:
    """New pixels on which nothing is shown."""
    return np.full((height, width), BLANK_PIXEL, np.uint32)


def _fill(parts: Parts, area: Area, *, screen: Area, shown: bool) -> None:
    cut(parts, area, screen=screen)[:] = shown


def cut(
    array: npt.NDArray[np.bool_] | npt.NDArray[np.uint32], area: Area, *, screen: Area
) -> npt.NDArray[np.bool_] | npt.NDArray[np.uint32]:
    """A view of what an area covers in an array that begins at the screen's corner; it may be empty."""
    left, top = max(area.x - screen.x, 0), max(area.y - screen.y, 0)
    right, lower = max(area.x - screen.x + area.width, 0), max(area.y - screen.y + area.height, 0)
    return array[top:lower, left:right]
