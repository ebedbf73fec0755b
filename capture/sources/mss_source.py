"""The pixels of all monitors, through mss on X11, and the server's own news of where they changed.

An array leaves, never a file; only what was asked for is read. mss is imported when the source is opened.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

import numpy as np

from capture.events import Area, Monitor
from capture.frames import Pixels
from capture.sources.base import Clock, Damage, SourceFailed, SourceMissing, bounds

if TYPE_CHECKING:
    from mss import MSS

    from capture.sources.x11_damage import X11Damage

_REFUSED: Final = "The X display does not give its pixels. Check DISPLAY and its permissions."


class MssScreen:
    """The screen of an X display."""

    def __init__(self, display: str, news: X11Damage, *, clock: Clock) -> None:
        self._display, self._news, self._clock = display, news, clock
        self._shown = news.monitors()
        self._connection = _connect(display)

    def fileno(self) -> int:
        """Readable when the screen has changed, or the monitors have."""
        return self._news.fileno()

    def queued(self) -> bool:
        """Whether news waits although the connection does not say so."""
        return self._news.queued()

    def monitors(self) -> tuple[Monitor, ...]:
        """Each monitor's place on the virtual screen."""
        monitors = self._news.monitors()
        if bounds(monitors) != bounds(self._shown):
            self._connection.close()  # mss shares memory with the server that has the old screen's size
            try:
                self._connection = _connect(self._display)
            except SourceMissing as missing:
                raise SourceFailed(str(missing)) from None
        self._shown = monitors
        return monitors

    def topology_changed(self) -> bool:
        """Whether the monitors are other ones than `monitors` gave last."""
        return self._news.topology_changed()

    def changed_since(self) -> int | None:
        """Since when the screen differs from what it was at the last `damage`."""
        return self._news.changed_since()

    def damage(self) -> Damage | None:
        """The box around what has changed since the last call."""
        return self._news.damage()

    def watch_painting(self) -> None:
        """From this moment on `painted` counts."""
        self._news.watch_painting()

    def painted(self) -> tuple[Area, ...]:
        """Where something was painted since the last call of `painted` or `watch_painting`."""
        return self._news.painted()

    def grab(self, area: Area) -> tuple[Pixels, int]:
        """The area's pixels, the caller's own, and when the copy was complete; `SourceFailed` when X refuses."""
        from mss import ScreenShotError

        place = {"left": area.x, "top": area.y, "width": area.width, "height": area.height}
        try:
            shot = self._connection.grab(place)
        except ScreenShotError:
            raise SourceFailed("The screen can no longer be read. Start a new recording.") from None
        at_ns = self._clock.now_ns()
        return np.frombuffer(shot.raw, np.uint32).reshape(area.height, area.width), at_ns

    def close(self) -> None:
        """Ends the connections."""
        with ExitStack() as closing:
            closing.callback(self._news.close)
            closing.callback(self._connection.close)


def open_screen(display: str, *, clock: Clock) -> MssScreen:
    """The screen of this X display; `SourceMissing` when mss, the display or an extension is not there."""
    from capture.sources.x11_damage import open_damage

    news = open_damage(display, clock=clock)
    try:
        return MssScreen(display, news, clock=clock)
    except SourceMissing:
        news.close()
        raise


def _connect(display: str) -> MSS:
    try:
        from mss import MSS, ScreenShotError
    except ImportError:
        raise SourceMissing("Screenshots need the package mss. Install optin[capture].") from None
    try:
        return MSS(display=display)
    except ScreenShotError:
        raise SourceMissing(_REFUSED) from None
