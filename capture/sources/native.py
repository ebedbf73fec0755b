"""The sources of macOS and Windows, for trying out only: none of this was run on a real machine.

pynput hears, mss takes pixels, the system's own list tells the windows. There is no source of widgets: the focused one
is unknown, so all keys are withheld, and no browser says what it shows, so no browser is captured.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

import numpy as np

from capture.events import Area, Monitor
from capture.frames import Pixels
from capture.sources.base import (
    Clock,
    Command,
    Damage,
    Document,
    Effected,
    Element,
    FocusChange,
    SourceFailed,
    SourceMissing,
    Sources,
    Window,
    bounds,
)
from capture.sources.bell import PollingBell
from capture.sources.pynput_source import Idle, listen

if TYPE_CHECKING:
    from mss import MSS

EACH_NS: Final = 1_000_000_000
"""How often the whole screen counts as changed while there is input: these systems give no news of changes."""


class UnknownElements:
    """Knows no widget of any window."""

    def at(self, _x: int, _y: int, *, window: Window) -> Element | None:  # noqa: ARG002
        """Always None: nothing is known."""
        return None

    def focus_changes(self) -> tuple[FocusChange, ...]:
        """Never any: the focus stays unknown."""
        return ()

    def effects(self) -> tuple[Effected, ...]:
        """Never any."""
        return ()

    def secrets(self, _window: Window) -> tuple[Area, ...]:
        """None are known."""
        return ()

    def command(self, _keys: tuple[str, ...], *, window: Window) -> Command | None:  # noqa: ARG002
        """Always None."""
        return None

    def document(self, _window: Window) -> Document | None:
        """Always None, which keeps browsers out."""
        return None

    def close(self) -> None:
        """Nothing is held."""


class PolledScreen:
    """The pixels by mss; everything counts as changed each second, as long as there is input."""

    def __init__(self, connection: MSS, idle: Idle, *, clock: Clock) -> None:
        self._connection, self._idle, self._clock = connection, idle, clock
        self._taken_ns: int | None = None
        self._shown = self.monitors()

    def monitors(self) -> tuple[Monitor, ...]:
        """The monitors as mss tells them; where the system draws larger, mss takes nominal pixels."""
        self._shown = self._read()
        return self._shown

    def topology_changed(self) -> bool:
        """Whether the monitors are other ones than `monitors` gave last."""
        return self._read() != self._shown

    def changed_since(self) -> int | None:
        """The last time that everything was taken, once a second has passed since and there was input meanwhile."""
        now_ns = self._clock.now_ns()
        if self._taken_ns is None:
            return now_ns
        heard_ns = self._idle.last_input_ns()
        is_due = now_ns - self._taken_ns >= EACH_NS and heard_ns is not None and heard_ns > self._taken_ns - EACH_NS
        return self._taken_ns if is_due else None

    def damage(self) -> Damage | None:
        """Everything, when it is due."""
        since_ns = self.changed_since()
        if since_ns is None:
            return None
        self._taken_ns = self._clock.now_ns()
        return Damage(bounds(self._shown), since_ns)

    def watch_painting(self) -> None:
        """Nothing to do: these systems keep each window's pixels apart."""

    def painted(self) -> tuple[Area, ...]:
        """Everything: no window shows what another one left."""
        return (bounds(self._shown),)

    def grab(self, area: Area) -> tuple[Pixels, int]:
        """The area's pixels, and when the copy was complete; `SourceFailed` when the system refuses."""
        from mss import ScreenShotError

        try:
            shot = self._connection.grab((area.x, area.y, area.x + area.width, area.y + area.height))
        except ScreenShotError:
            raise SourceFailed("The screen can no longer be read. Start a new recording.") from None
        if (shot.width, shot.height) != (area.width, area.height):
            raise SourceFailed("The screen is drawn at a scale that is not supported yet. Set it to 100 %.")
        return np.frombuffer(shot.raw, np.uint32).reshape(area.height, area.width), self._clock.now_ns()

    def close(self) -> None:
        """Frees what mss holds."""
        self._connection.close()

    def _read(self) -> tuple[Monitor, ...]:
        from mss import MSS

        with MSS() as fresh:  # an open one remembers the monitors of its start
            return tuple(
                Monitor(each["left"], each["top"], each["width"], each["height"], 1.0) for each in fresh.monitors[1:]
            )


def open_native(clock: Clock, *, platform: str) -> Sources:
    """The sources of this system; `SourceMissing` where a part or a permission is not there."""
    try:
        from mss import MSS, ScreenShotError
    except ImportError:
        raise SourceMissing("Screenshots need the package mss. Install optin[capture].") from None
    if platform == "darwin":
        from capture.sources import macos as system
    else:
        from capture.sources import windows as system  # type: ignore[no-redef]  # one port, two systems

    idle, windows = system.open_idle(), system.open_windows()
    try:
        screen = PolledScreen(MSS(), idle, clock=clock)
    except ScreenShotError:
        raise SourceMissing("The screen does not give its pixels. Check the permissions of this programme.") from None
    with ExitStack() as opened:
        opened.callback(screen.close)
        heard = listen(idle, environment=dict(os.environ))
        opened.pop_all()
    return Sources(heard, screen, windows, UnknownElements(), PollingBell())
