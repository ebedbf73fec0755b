"""Pictures of a virtual desktop, and where a window stands on it: a desktop enters, a PNG or a place leaves."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from optin.demo.desktop import VirtualDesktop
from optin.demo.programs import DidNotStart
from redaction.spans import Box

_PATIENCE_SECONDS: Final = 10.0
_PAUSE_SECONDS: Final = 0.15


@dataclass(frozen=True, slots=True)
class Place:
    """The inside of a window, without its frame, in pixels of the screen."""

    x: int
    y: int
    width: int
    height: int


def place_of(desktop: VirtualDesktop, window: int) -> Place:
    """Where the window with this number stands."""
    from Xlib.display import Display

    display = Display(desktop.environment["DISPLAY"])
    try:
        found = display.create_resource_object("window", window)
        size, corner = found.get_geometry(), display.screen().root.translate_coords(found, 0, 0)
        return Place(int(corner.x), int(corner.y), int(size.width), int(size.height))
    finally:
        display.close()


def grab(desktop: VirtualDesktop, area: Box) -> bytes:
    """A part of the screen as a PNG."""
    from PIL import Image
    from Xlib import X
    from Xlib.display import Display

    display = Display(desktop.environment["DISPLAY"])
    try:
        raw = display.screen().root.get_image(area.x, area.y, area.width, area.height, X.ZPixmap, 0xFFFFFFFF)
    finally:
        display.close()
    picture = Image.frombytes("RGB", (area.width, area.height), raw.data, "raw", "BGRX")
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def settled(look: Callable[[], bytes]) -> bytes:
    """The first picture that is the same as the one before; DidNotStart when there is none."""
    deadline, before = time.monotonic() + _PATIENCE_SECONDS, b""
    while time.monotonic() < deadline:
        time.sleep(_PAUSE_SECONDS)
        now = look()
        if now == before:
            return now
        before = now
    raise DidNotStart("The screen did not come to rest. Is the machine very busy?")
