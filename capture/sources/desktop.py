"""The real sources of this desktop, opened together or not at all.

Nothing is captured here. What is missing is said before anything listens; on failure all that was opened is closed.
Only X11 on Linux is tested to suppress what it must; other systems are refused unless `experimental` is asked for.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from importlib.util import find_spec
from typing import Final

from capture.sources.base import Clock, SourceMissing, Sources
from capture.sources.bell import DescriptorBell

_PARTS: Final = ("pynput", "mss", "Xlib", "jeepney", "numpy", "zstandard")
_NATIVE: Final = {"darwin": "macOS", "win32": "Windows"}
_WAYLAND: Final = (
    "This is a Wayland session, where only some windows' keys and none of the pixels could be recorded. "
    'Log out, and choose a session "on Xorg" or "X11" when you log in.'
)


def open_sources(
    clock: Clock,
    *,
    environment: Mapping[str, str] | None = None,
    also: tuple[int, ...] = (),
    experimental: bool = False,
    platform: str = sys.platform,
) -> Sources:
    """The sources of the desktop that the environment names (default: this process's own).

    The bell rings for the descriptors of `also` too. `SourceMissing` under Wayland, without an X display, or when a
    part or the accessibility bus is not there; on macOS and Windows without `experimental`. To be called from the
    thread that records: the listening process dies with it.
    """
    if platform in _NATIVE:
        return _open_native(clock, platform=platform, experimental=experimental)
    known = os.environ if environment is None else environment
    return _open_x11(clock, known, also=also)


def _open_x11(clock: Clock, environment: Mapping[str, str], *, also: tuple[int, ...]) -> Sources:
    display = _checked_display(environment)
    from capture.sources.atspi_source import open_elements
    from capture.sources.mss_source import open_screen
    from capture.sources.pynput_source import open_input
    from capture.sources.x11_source import open_windows

    session, bus = environment.get("DBUS_SESSION_BUS_ADDRESS", ""), environment.get("AT_SPI_BUS_ADDRESS", "")
    with ExitStack() as opened:
        windows = open_windows(display)
        opened.callback(windows.close)
        if windows.is_wayland():
            raise SourceMissing(_WAYLAND)
        screen = open_screen(display, clock=clock)
        opened.callback(screen.close)
        elements = open_elements(session, bus)
        opened.callback(elements.close)
        heard = open_input(display)
        news = (heard.fileno(), screen.fileno(), windows.fileno(), elements.fileno())
        bell = DescriptorBell((*news, *also), (screen.queued, windows.queued))
        opened.pop_all()
        return Sources(heard, screen, windows, elements, bell)


def _open_native(clock: Clock, *, platform: str, experimental: bool) -> Sources:
    if not experimental:
        raise SourceMissing(
            f"Recording on {_NATIVE[platform]} is refused: that private windows and password fields stay out of a "
            "recording is tested on Linux with X11 only. To try it with data that may be seen, add --experimental."
        )
    from capture.sources.native import open_native

    return open_native(clock, platform=platform)


def _checked_display(environment: Mapping[str, str]) -> str:
    if environment.get("XDG_SESSION_TYPE", "").casefold() == "wayland" or "WAYLAND_DISPLAY" in environment:
        raise SourceMissing(_WAYLAND)
    display = environment.get("DISPLAY", "")
    if not display:
        raise SourceMissing("There is no X display here (DISPLAY is not set). Start it from within the desktop.")
    missing = [part for part in _PARTS if find_spec(part) is None]
    if missing:
        raise SourceMissing(f"Recording needs the packages {', '.join(missing)}. Install optin[capture].")
    return display
