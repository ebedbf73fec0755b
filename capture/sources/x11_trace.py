"""Where windows stood between two looks at them: the server's news goes in, a trace of touched places comes out.

A window that comes and goes between two looks is in neither, and yet it may have left its pixels. Pure but for X's own
constants. Every change of place, order or shape raises the serial by one and leaves one touch.
"""

from __future__ import annotations

from collections import deque
from typing import Any, Final

from Xlib import X

from capture.events import Area
from capture.sources.base import TRACE, Touch

_SEEN: Final = frozenset({X.MapNotify, X.UnmapNotify, X.DestroyNotify, X.ReparentNotify, X.GravityNotify})


class Trace:
    """The last touches of one display's windows."""

    def __init__(self) -> None:
        self.serial = 0
        self._touches: deque[Touch] = deque(maxlen=TRACE)
        self._places: dict[int, Area] = {}
        self._mapped: set[int] = set()

    @property
    def touches(self) -> tuple[Touch, ...]:
        """The last touches, at most `TRACE`, in their order."""
        return tuple(self._touches)

    def hear(self, event: Any, known: Area | None) -> None:  # noqa: ANN401
        """Takes note of one piece of news about a window whose place was `known` so far."""
        window: int = event.window.id
        before = self._places.get(window, known)
        if event.type in {X.CreateNotify, X.ConfigureNotify}:
            border = 2 * event.border_width
            self._places[window] = Area(event.x, event.y, event.width + border, event.height + border)
        if event.type == X.MapNotify:
            self._mapped.add(window)
        if event.type == X.ConfigureNotify and (window in self._mapped or known is not None):
            self._touch(window, before)
            self._touch(window, self._places[window])
        elif event.type in _SEEN:
            self._touch(window, before)
        if event.type in {X.UnmapNotify, X.DestroyNotify, X.ReparentNotify}:
            self._mapped.discard(window)
        if event.type == X.DestroyNotify:
            self._places.pop(window, None)

    def doubt(self, window: int, known: Area | None) -> None:
        """Takes note that something else about how a window is shown has changed."""
        self._touch(window, self._places.get(window, known))

    def _touch(self, window: int, area: Area | None) -> None:
        self.serial += 1
        self._touches.append(Touch(self.serial, window, area))
