"""Whether the desktop that a recording belongs to is still there: one connection to X that asks for nothing.

A paused recorder has closed its sources, so nothing else would tell it that the person has logged out; and of one that
records it says whether a source failed because of that.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Login:
    """The connection; no event is asked for, so nothing of what happens on the screen passes through it."""

    display: Any

    def fileno(self) -> int:
        """Readable when the desktop has gone."""
        return int(self.display.fileno())

    def is_over(self) -> bool:
        """Whether the X server has closed the connection."""
        from Xlib.error import ConnectionClosedError

        try:
            while self.display.pending_events():
                self.display.next_event()  # what the server tells everybody, such as a new keyboard map
        except ConnectionClosedError:
            return True
        return False

    def close(self) -> None:
        """Lets go of it."""
        from Xlib.error import ConnectionClosedError

        with suppress(ConnectionClosedError):  # the desktop has gone before
            self.display.close()


def open_login() -> Login | None:
    """The desktop that the environment names; None where there is none, or no X, which `open_sources` then says."""
    if sys.platform != "linux" or not os.environ.get("DISPLAY"):
        return None
    from Xlib.display import Display
    from Xlib.error import DisplayError

    try:
        return Login(Display(os.environ["DISPLAY"]))
    except DisplayError:
        return None
