"""The windows, permissions and idle time of macOS; for trying out only, it was not run on a real machine.

Nothing is kept. A window's corners are round there and show what lies below, so they do not count as solid; what else
shines through cannot be told.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from capture.events import Area
from capture.sources.base import SourceMissing, Window, WindowStack
from capture.sources.rounded import without_corners

_CORNER: Final = 28
"""Larger than the radius of any window's corner, in points."""
_TITLE_LIMIT: Final = 500
_ON_SCREEN_ONLY: Final = 1  # kCGWindowListOptionOnScreenOnly
_HID_STATE: Final = 1  # kCGEventSourceStateHIDSystemState
_ANY_INPUT: Final = 0xFFFFFFFF  # kCGAnyInputEventType
_WHERE: Final = "System Settings, Privacy & Security,"


@dataclass(frozen=True, slots=True)
class Permissions:
    """What macOS allows this programme."""

    accessibility: bool
    screen: bool
    input: bool


def what_to_allow(permissions: Permissions) -> str:
    """What a person has to switch on, "" if nothing."""
    panes = {
        "Accessibility": permissions.accessibility,
        "Screen & System Audio Recording": permissions.screen,
        "Input Monitoring": permissions.input,
    }
    missing = " and ".join(pane for pane, is_given in panes.items() if not is_given)
    if not missing:
        return ""
    return f"macOS does not allow it yet. In {_WHERE} {missing}: switch on your terminal, then start it again."


def read_stack(untrusted_windows: Sequence[Mapping[str, Any]], *, front_pid: int) -> WindowStack:
    """The stack from what CGWindowListCopyWindowInfo gives (highest first); what makes no sense covers everything."""
    windows = tuple(_window(each) for each in reversed(untrusted_windows))
    mine = (window for window in reversed(windows) if window.pid == front_pid and not window.popup)
    front = next(mine, None)
    return WindowStack(windows, 0 if front is None else front.id)


class MacWindows:
    """Asks the window server each time."""

    def repaint(self, _window_id: int) -> None:
        """Nothing to do: the system keeps each window's pixels apart."""

    def stack(self) -> WindowStack:
        """How the windows lie now."""
        import Quartz  # type: ignore[import-not-found,unused-ignore]  # there on macOS only, with pynput
        from AppKit import NSWorkspace  # type: ignore[import-not-found,unused-ignore]  # the same

        front = NSWorkspace.sharedWorkspace().frontmostApplication()
        found = Quartz.CGWindowListCopyWindowInfo(_ON_SCREEN_ONLY, 0) or ()
        return read_stack(found, front_pid=0 if front is None else int(front.processIdentifier()))

    def close(self) -> None:
        """Nothing is held."""


class MacIdle:
    """The time since the last input of any kind."""

    def __init__(self, services: ctypes.CDLL) -> None:
        self._seconds = services.CGEventSourceSecondsSinceLastEventType
        self._seconds.argtypes, self._seconds.restype = (ctypes.c_int32, ctypes.c_uint32), ctypes.c_double

    def last_input_ns(self) -> int | None:
        """When there was input last."""
        return time.monotonic_ns() - int(self._seconds(_HID_STATE, _ANY_INPUT) * 1e9)

    def close(self) -> None:
        """Nothing is held."""


def open_windows() -> MacWindows:
    """The windows, if macOS allows to record at all; `SourceMissing` says what to switch on."""
    services = _services()
    allowed = Permissions(
        bool(services.AXIsProcessTrusted()),
        bool(services.CGPreflightScreenCaptureAccess()),
        bool(services.CGPreflightListenEventAccess()),
    )
    if message := what_to_allow(allowed):
        raise SourceMissing(message)
    return MacWindows()


def open_idle() -> MacIdle:
    """The idle time; `SourceMissing` elsewhere than on macOS."""
    return MacIdle(_services())


def _services() -> ctypes.CDLL:
    path = ctypes.util.find_library("ApplicationServices") if sys.platform == "darwin" else None
    if path is None:
        raise SourceMissing("ApplicationServices is not there: this is not macOS.")
    return ctypes.CDLL(path)


def _window(untrusted: Mapping[str, Any]) -> Window:
    box = untrusted.get("kCGWindowBounds") or {}
    area = Area(*(round(float(box.get(side, 0))) for side in ("X", "Y", "Width", "Height")))
    is_opaque = float(untrusted.get("kCGWindowAlpha", 0)) >= 1
    return Window(
        id=int(untrusted.get("kCGWindowNumber", 0)),
        app=str(untrusted.get("kCGWindowOwnerName") or ""),
        title=str(untrusted.get("kCGWindowName") or "")[:_TITLE_LIMIT],
        pid=int(untrusted.get("kCGWindowOwnerPID", 0)),
        area=area,
        solid=without_corners(area, _CORNER) if is_opaque else (),
        popup=int(untrusted.get("kCGWindowLayer", 0)) != 0,
    )
