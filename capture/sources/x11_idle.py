"""When an X display last got input from a person, by its own account; nothing is heard here, and nothing is kept of it.

The screen saver's idle time alone does not tell: a video player resets it to keep the screen on. So it counts only when
the pointer, a button or a key is seen to be another way than when it was asked before, or a key is down.
"""

from __future__ import annotations

import time
from typing import Any

from Xlib.display import Display
from Xlib.error import ConnectionClosedError, DisplayError

from capture.sources.base import SourceFailed, SourceMissing


class X11Idle:
    """Asks over a connection of its own: three small requests a call."""

    def __init__(self, display: Display) -> None:
        self._display = display
        self._root: Any = display.screen().root
        self._last_ns: int | None = None
        self._state = self._seen()

    def last_input_ns(self) -> int | None:
        """The moment of the last input that is certain, by the monotonic clock; None before there was any."""
        try:
            idle_ms = int(self._root.screensaver_query_info().idle)
            state = self._seen()
        except (ConnectionClosedError, OSError):
            raise SourceFailed("The X display has gone. Start a new recording when the desktop is back.") from None
        if state != self._state or any(state[3]):
            self._state = state
            self._last_ns = time.monotonic_ns() - idle_ms * 1_000_000
        return self._last_ns

    def close(self) -> None:
        """Ends the connection."""
        try:
            self._display.close()
        except (ConnectionClosedError, OSError):
            return  # it has gone already

    def _seen(self) -> tuple[int, int, int, tuple[int, ...]]:
        pointer = self._root.query_pointer()
        return pointer.root_x, pointer.root_y, pointer.mask, tuple(self._display.query_keymap())


def open_idle(name: str) -> X11Idle:
    """The account of this display; `SourceMissing` when the server keeps none."""
    try:
        display = Display(name)
    except (DisplayError, OSError):
        raise SourceMissing("The X display does not answer. Check DISPLAY and its permissions.") from None
    if not display.has_extension("MIT-SCREEN-SAVER"):
        display.close()
        raise SourceMissing("The X server lacks MIT-SCREEN-SAVER, which tells whether the keyboard is still heard.")
    return X11Idle(display)
