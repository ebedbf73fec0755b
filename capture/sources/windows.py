"""The windows, pipes and idle time of Windows; for trying out only, it was not run on a real machine.

Nothing is kept. Windows of programmes that run as administrator are seen, their keys are not.
"""

from __future__ import annotations

import ctypes
import os
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PureWindowsPath
from typing import Any, Final

from capture.events import Area
from capture.sources.base import SourceMissing, Window, WindowStack
from capture.sources.rounded import without_corners

_PER_MONITOR_V2: Final = -4  # DPI_AWARENESS_CONTEXT_PER_MONITOR_AWARE_V2
_STYLE: Final = -16  # GWL_STYLE
_EXTENDED_STYLE: Final = -20  # GWL_EXSTYLE
_CAPTION: Final = 0x00C00000  # WS_CAPTION
_SEE_THROUGH: Final = 0x00080000 | 0x00000020  # WS_EX_LAYERED, WS_EX_TRANSPARENT
_CLOAKED: Final = 14  # DWMWA_CLOAKED
_FRAME_BOUNDS: Final = 9  # DWMWA_EXTENDED_FRAME_BOUNDS
_OWNER: Final = 4  # GW_OWNER
_LIMITED_INFORMATION: Final = 0x1000  # PROCESS_QUERY_LIMITED_INFORMATION
_TITLE_LIMIT: Final = 500
_TICKS: Final = 0xFFFFFFFF  # the system counts milliseconds in 32 bits
_CORNER: Final = 12
"""Larger than the radius of a window's corner in Windows 11, in pixels at 100 %."""


@dataclass(frozen=True, slots=True)
class Told:
    """One window as Windows tells it; `box` is left, top, right, bottom."""

    handle: int
    program: str
    title: str
    pid: int
    box: tuple[int, int, int, int]
    style: int
    extended_style: int
    owner: int


def read_stack(told: Iterable[Told], *, foreground: int) -> WindowStack:
    """The stack from what EnumWindows gives, the highest first."""
    windows = tuple(_window(each) for each in reversed(tuple(told)))
    return WindowStack(windows, foreground if any(window.id == foreground for window in windows) else 0)


def idle_ns(now_ticks: int, last_ticks: int) -> int:
    """For how long there was no input, by two readings of a counter that wraps."""
    return ((now_ticks - last_ticks) & _TICKS) * 1_000_000


class WindowsIdle:
    """The time since the last input of this session."""

    def __init__(self, user: Any, kernel: Any) -> None:  # noqa: ANN401
        self._user, self._kernel = user, kernel

    def last_input_ns(self) -> int | None:
        """When there was input last; None if Windows does not tell."""
        info = (ctypes.c_uint32 * 2)(8, 0)  # LASTINPUTINFO: its own size, then the moment
        if not self._user.GetLastInputInfo(ctypes.byref(info)):
            return None
        return time.monotonic_ns() - idle_ns(self._kernel.GetTickCount(), info[1])

    def close(self) -> None:
        """Nothing is held."""


class WindowsWindows:
    """Asks the system each time."""

    def __init__(self, user: Any, kernel: Any, manager: Any) -> None:  # noqa: ANN401
        self._user, self._kernel, self._manager = user, kernel, manager
        user.GetForegroundWindow.restype = user.GetTopWindow.restype = user.GetWindow.restype = ctypes.c_void_p
        kernel.OpenProcess.restype = ctypes.c_void_p

    def repaint(self, _window_id: int) -> None:
        """Nothing to do: the system keeps each window's pixels apart."""

    def stack(self) -> WindowStack:
        """How the windows lie now."""
        handles, handle = [], self._user.GetTopWindow(None)
        while handle is not None:
            handles.append(handle)
            handle = self._user.GetWindow(ctypes.c_void_p(handle), 2)  # GW_HWNDNEXT
        told = (self._told(ctypes.c_void_p(each)) for each in handles if self._is_shown(ctypes.c_void_p(each)))
        return read_stack(told, foreground=self._user.GetForegroundWindow() or 0)

    def close(self) -> None:
        """Nothing is held."""

    def _is_shown(self, handle: ctypes.c_void_p) -> bool:
        cloaked = ctypes.c_uint32()
        self._manager.DwmGetWindowAttribute(handle, _CLOAKED, ctypes.byref(cloaked), 4)
        return bool(self._user.IsWindowVisible(handle)) and not cloaked.value

    def _told(self, handle: ctypes.c_void_p) -> Told:
        text, pid, box = ctypes.create_unicode_buffer(_TITLE_LIMIT), ctypes.c_uint32(), (ctypes.c_int32 * 4)()
        self._user.GetWindowTextW(handle, text, _TITLE_LIMIT)
        self._user.GetWindowThreadProcessId(handle, ctypes.byref(pid))
        if self._manager.DwmGetWindowAttribute(handle, _FRAME_BOUNDS, ctypes.byref(box), ctypes.sizeof(box)):
            self._user.GetWindowRect(handle, ctypes.byref(box))
        return Told(
            handle=handle.value or 0,
            program=self._program(pid.value),
            title=text.value,
            pid=pid.value,
            box=(box[0], box[1], box[2], box[3]),
            style=self._user.GetWindowLongW(handle, _STYLE),
            extended_style=self._user.GetWindowLongW(handle, _EXTENDED_STYLE),
            owner=self._user.GetWindow(handle, _OWNER) or 0,
        )

    def _program(self, pid: int) -> str:
        process = self._kernel.OpenProcess(_LIMITED_INFORMATION, 0, pid)
        if not process:
            return ""
        path, size = ctypes.create_unicode_buffer(32768), ctypes.c_uint32(32768)
        found = self._kernel.QueryFullProcessImageNameW(ctypes.c_void_p(process), 0, path, ctypes.byref(size))
        self._kernel.CloseHandle(ctypes.c_void_p(process))
        return PureWindowsPath(path.value).stem if found else ""


def open_windows() -> WindowsWindows:
    """The windows; `SourceMissing` elsewhere than on Windows."""
    see_real_pixels()
    return WindowsWindows(_library("user32"), _library("kernel32"), _library("dwmapi"))


def open_idle() -> WindowsIdle:
    """The idle time; `SourceMissing` elsewhere than on Windows."""
    return WindowsIdle(_library("user32"), _library("kernel32"))


def see_real_pixels() -> None:
    """Asks Windows not to scale what this process is told; to be called before the first place or pixel is read."""
    user = _library("user32")
    if not user.SetProcessDpiAwarenessContext(ctypes.c_void_p(_PER_MONITOR_V2)):
        user.SetProcessDPIAware()


def read_pipe(pipe: int, most: int) -> bytes | None:
    """What a pipe holds, b"" at its end, None when there is nothing yet: pipes cannot be waited for there."""
    if sys.platform != "win32":
        return os.read(pipe, most)
    import msvcrt

    there = ctypes.c_uint32()
    handle = ctypes.c_void_p(msvcrt.get_osfhandle(pipe))
    if not _library("kernel32").PeekNamedPipe(handle, None, 0, None, ctypes.byref(there), None):
        return b""
    return os.read(pipe, min(there.value, most)) if there.value else None


def _library(name: str) -> Any:  # noqa: ANN401
    if sys.platform != "win32":
        raise SourceMissing(f"{name} is not there: this is not Windows.")
    return ctypes.WinDLL(name)


def _window(told: Told) -> Window:
    left, top, right, bottom = told.box
    area = Area(left, top, max(right - left, 0), max(bottom - top, 0))
    is_framed = told.style & _CAPTION == _CAPTION
    return Window(
        id=told.handle,
        app=told.program,
        title=told.title,
        pid=told.pid,
        area=area,
        solid=() if told.extended_style & _SEE_THROUGH else without_corners(area, _CORNER),
        popup=not is_framed,
        owner=told.owner,
    )
