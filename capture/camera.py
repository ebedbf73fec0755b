"""Takes pixels only where they changed and only of what may be seen, and blanks the rest before anybody else sees them.

A sample of the windows goes in, a `RawFrame` comes out: pixels of one area, on which all that is not the visible part
of a captured window is one colour. Nothing is kept but what has to be taken again. Rules of this file:
1. What the display says has changed is taken, rounded to whole tiles; where nothing captured is visible in it, no
   pixels are asked for.
2. When what may be seen changes, everything is taken anew: a place that may no longer be seen is blanked at once.
3. What was taken and then dropped counts as never taken.
4. What may be seen now and could not a moment ago lies under a veil first, because the display may still show what
   stood there: a window that went away leaves its pixels until the one below has painted itself. The programme is
   asked to, and the veil is lifted from what was painted since; with a compositor, which moves pictures a little later
   than windows, not before `COMPOSED_NS`. Where only the title or the address changed, it is lifted after `CHANGED_NS`:
   a page's address is known before the page has been drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from capture.blank import Parts, blank, blank_screen, cut, shown_box, visible_parts
from capture.events import Area, Monitor
from capture.focus import Sample
from capture.frames import Pixels, aligned
from capture.sources.base import Clock, ScreenSource, WindowStack, bounds, common

VEIL_NS: Final = 600_000_000
"""How long pixels are held back for the sake of what is about to be seen; then they are taken without it."""
COMPOSED_NS: Final = 300_000_000
"""Longer than compositors take to fade a window out: 150 to 250 ms in those of GNOME and KDE."""
CHANGED_NS: Final = 500_000_000
"""Browsers show the old page until the new one has something to show, at most about half a second (paint holding)."""


@dataclass(frozen=True, slots=True)
class RawFrame:
    """Pixels of an area of the screen, blanked but not yet judged, and the windows that can be seen on it.

    `since_ns` is when the screen began to change since what was taken before, if it had.
    """

    pixels: Pixels
    area: Area
    windows: frozenset[int]
    at_ns: int
    since_ns: int | None


@dataclass(frozen=True, slots=True)
class _View:
    """What may be seen, and what that was worked out from."""

    stack: WindowStack
    captured: frozenset[int]
    secret: tuple[Area, ...]
    parts: Parts


@dataclass(slots=True)
class _Veil:
    """What may be seen by now but may still show what stood there before: until it was painted, and until a moment.

    `doubtful` is what had not been painted when the windows were last known to lie as they did when the veil was drawn.
    """

    begun_ns: int
    until_ns: int
    fresh: Parts
    unpainted: Parts
    doubtful: Parts

    def over(self, now_ns: int) -> Parts:
        """True where it lies at this moment."""
        return self.fresh | self.unpainted if now_ns < self.until_ns else self.unpainted


class Camera:
    """The screen of one stretch; its monitors stay the same."""

    def __init__(self, screen: ScreenSource, clock: Clock, monitors: tuple[Monitor, ...]) -> None:
        self._screen, self._clock = screen, clock
        self.area = bounds(monitors)
        self._view: _View | None = None
        self._veil: _Veil | None = None
        self._shown: Parts | None = None
        self._box: Area | None = None
        self._all = True
        self._since_ns: int | None = None

    def dirty_ns(self) -> int | None:
        """Since when the screen has changed and not been taken; None: it is as it was taken."""
        told = self._screen.changed_since()
        known = tuple(at_ns for at_ns in (self._since_ns, told) if at_ns is not None)
        return min(known, default=None)

    def would_show(self, sample: Sample, secret: tuple[Area, ...]) -> bool:
        """Whether something else may be seen by this sample than when pixels were taken last."""
        view = self._view
        if view is None or (view.captured, view.secret) != (sample.captured, secret):
            return True
        return view.stack is not sample.stack and view.stack != sample.stack

    @property
    def veiled_until_ns(self) -> int | None:
        """When what lies under a veil should be looked at again, None when nothing does.

        That is soon at first, and after `VEIL_NS` when its time is over; what was not painted by then waits for news.
        """
        veil, now = self._veil, self._clock.now_ns()
        if veil is None:
            return None
        if now < veil.begun_ns + VEIL_NS or _may_lift(veil, now):
            return now
        return veil.until_ns if now < veil.until_ns else None

    def prepare(self, sample: Sample, secret: tuple[Area, ...]) -> frozenset[int]:
        """Takes over what may be seen by this sample; the windows that are to be painted anew before they are taken."""
        old = self._view
        if old is not None and not self.would_show(sample, secret):
            self._confirm()
            return frozenset()
        parts = visible_parts(sample.stack, sample.captured, screen=self.area, secret=secret)
        self._view = _View(sample.stack, sample.captured, secret, parts)
        if old is None:
            return frozenset()
        return self._draw_veil(old, self._view)

    def is_ready(self) -> bool:
        """Whether pixels should be taken now; else what lies under the veil is about to be seen."""
        veil = self._lifted()
        return veil is None or self._clock.now_ns() >= veil.begun_ns + VEIL_NS

    def drop(self, frame: RawFrame) -> None:
        """Forgets what was taken: the next time everything is taken, and is as old as this was."""
        self._all = True
        known = tuple(at_ns for at_ns in (frame.since_ns, self._since_ns, frame.at_ns) if at_ns is not None)
        self._since_ns = min(known)

    def skip(self) -> None:
        """Lets what has changed go untaken: the next time everything is taken."""
        self._since_ns, self._all = self.dirty_ns(), True
        self._screen.damage()

    def take(self, sample: Sample, secret: tuple[Area, ...]) -> RawFrame | None:
        """What has changed since the last time, None if nothing that may be seen; `SourceFailed` when refused."""
        self.prepare(sample, secret)
        self._uncover(self._lifted())
        since_ns = self.dirty_ns()
        damage = self._screen.damage()
        everything, self._all, self._since_ns = self._all, False, None
        if everything:
            return self._everything(sample.captured, since_ns)
        if damage is None or self._box is None:
            return None
        area = common(self._counted(damage.area), self._box)
        return None if area is None else self._part(area, sample.captured, since_ns)

    def _draw_veil(self, old: _View, new: _View) -> frozenset[int]:
        """Covers what may be seen now and could not before; the windows in which that lies, if it must be painted."""
        veil, now = self._veil, self._clock.now_ns()
        fresh = new.parts & ~old.parts
        if veil is not None:
            fresh |= new.parts & (veil.fresh | veil.doubtful if now < veil.until_ns else veil.doubtful)
        fresh |= new.parts & self._touched(old, new)
        if not fresh.any():
            self._veil = None
            return frozenset()
        moved = (old.stack.serial, _places(old.stack)) != (new.stack.serial, _places(new.stack))
        unpainted = fresh if moved else new.parts & (np.False_ if veil is None else veil.doubtful)
        wait = CHANGED_NS if not moved else COMPOSED_NS if new.stack.composited else 0
        begun = now if veil is None else veil.begun_ns
        until = max(now + wait, 0 if veil is None else veil.until_ns)
        self._veil = _Veil(begun, until, fresh, np.array(unpainted), np.array(unpainted))
        if not unpainted.any():
            return frozenset()
        self._screen.watch_painting()
        box = shown_box(fresh) or self.area
        mine = (window for window in new.stack.windows if window.id in new.captured)
        return frozenset(window.id for window in mine if common(self._counted(window.area), box) is not None)

    def _lifted(self) -> _Veil | None:
        """The veil without what was painted meanwhile, None once nothing is left of it."""
        veil = self._veil
        if veil is None:
            return None
        for area in self._screen.painted() if veil.unpainted.any() else ():
            cut(veil.unpainted, area, screen=self.area)[:] = False
        return None if _may_lift(veil, self._clock.now_ns()) else veil

    def _confirm(self) -> None:
        """The windows still lie as they did: what was painted since the veil was drawn is what may be seen."""
        veil = self._veil
        if veil is not None:
            veil.doubtful = veil.unpainted.copy()
            if _may_lift(veil, self._clock.now_ns()):
                self._veil = None

    def _touched(self, old: _View, new: _View) -> Parts:
        """Where windows stood meanwhile that may not be seen and lie in neither view."""
        parts = np.zeros_like(new.parts)
        touches = new.stack.touched_since(old.stack.serial)
        if touches is None or any(touch.area is None for touch in touches):
            return ~parts
        mine = old.captured | new.captured
        for touch in touches:
            if touch.area is not None and touch.window not in mine:
                cut(parts, touch.area, screen=self.area)[:] = True
        return parts

    def _uncover(self, veil: _Veil | None) -> None:
        """Works out what is to be seen now; if that is not what it was, everything is taken."""
        if self._view is None:
            raise RuntimeError("nothing was prepared")
        parts = self._view.parts
        if veil is not None:
            parts = parts & ~veil.over(self._clock.now_ns())
        if parts is self._shown:
            return
        self._all |= self._shown is None or not np.array_equal(parts, self._shown)
        self._shown, self._box = parts, shown_box(parts)

    def _everything(self, windows: frozenset[int], since_ns: int | None) -> RawFrame:
        pixels, at_ns = blank_screen(self.area.width, self.area.height), self._clock.now_ns()
        if self._box is not None:
            part = self._part(self._box, windows, since_ns)
            x, y = part.area.x - self.area.x, part.area.y - self.area.y
            pixels[y : y + part.area.height, x : x + part.area.width] = part.pixels
            at_ns = part.at_ns
        return RawFrame(pixels, self.area, windows, at_ns, since_ns)

    def _part(self, area: Area, windows: frozenset[int], since_ns: int | None) -> RawFrame:
        """The tiles around an area that is counted from the screen's corner."""
        tiles = aligned(area, width=self.area.width, height=self.area.height)
        place = Area(self.area.x + tiles.x, self.area.y + tiles.y, tiles.width, tiles.height)
        pixels, at_ns = self._screen.grab(place)
        if self._shown is None:
            raise RuntimeError("nothing was prepared")
        blank(pixels, self._shown[tiles.y : tiles.y + tiles.height, tiles.x : tiles.x + tiles.width])
        return RawFrame(pixels, place, windows, at_ns, since_ns)

    def _counted(self, area: Area) -> Area:
        return Area(area.x - self.area.x, area.y - self.area.y, area.width, area.height)


def _may_lift(veil: _Veil, now_ns: int) -> bool:
    return now_ns >= veil.until_ns and not veil.unpainted.any()


def _places(stack: WindowStack) -> tuple[tuple[int, Area, tuple[Area, ...]], ...]:
    return tuple((window.id, window.area, window.solid) for window in stack.windows if window.draws)
