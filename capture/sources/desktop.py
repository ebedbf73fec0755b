"""The real sources of this desktop, opened together or not at all.

Nothing is captured here. What is missing is said before anything listens; on failure all that was opened is closed.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import ExitStack
from importlib.util import find_spec
from typing import Final

from capture.sources.base import Clock, SourceMissing, Sources

_PARTS: Final = ("pynput", "mss", "Xlib", "jeepney", "numpy", "zstandard")


def open_sources(clock: Clock, *, environment: Mapping[str, str] | None = None) -> Sources:
    """The sources of the desktop that the environment names (default: this process's own).

    `SourceMissing` under Wayland, without an X display, or when a part or the accessibility bus is not there. To be
    called from the thread that records: the listening process dies with it.
    """
    known = os.environ if environment is None else environment
    display = _checked_display(known)
    from capture.sources.atspi_source import open_elements
    from capture.sources.mss_source import open_screen
    from capture.sources.pynput_source import open_input
    from capture.sources.x11_source import open_windows

    session, bus = known.get("DBUS_SESSION_BUS_ADDRESS", ""), known.get("AT_SPI_BUS_ADDRESS", "")
    with ExitStack() as opened:
        windows = open_windows(display)
        opened.callback(windows.close)
        screen = open_screen(display, clock=clock)
        opened.callback(screen.close)
        elements = open_elements(session, bus)
        opened.callback(elements.close)
        sources = Sources(open_input(display), screen, windows, elements)
        opened.pop_all()
        return sources


def _checked_display(environment: Mapping[str, str]) -> str:
    if environment.get("XDG_SESSION_TYPE", "").casefold() == "wayland" or "WAYLAND_DISPLAY" in environment:
        raise SourceMissing("This is a Wayland session, where only half could be recorded. Log in to an X11 session.")
    display = environment.get("DISPLAY", "")
    if not display:
        raise SourceMissing("There is no X display here (DISPLAY is not set). Start it from within the desktop.")
    missing = [part for part in _PARTS if find_spec(part) is None]
    if missing:
        raise SourceMissing(f"Recording needs the packages {', '.join(missing)}. Install optin[capture].")
    return display
