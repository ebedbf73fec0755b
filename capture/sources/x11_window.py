"""What one top-level window of an X display is: its programme, title, process, place, and where it hides what is below.

Ids go in, values come out; nothing is remembered. A window that vanishes meanwhile is an `XError` for the caller.
"""

from __future__ import annotations

import struct
from typing import Any, Final

from Xlib import X
from Xlib.display import Display
from Xlib.ext import res, shape

from capture.events import Area
from capture.sources.base import Window, common

WATCHED: Final = (
    "_NET_WM_NAME",
    "WM_NAME",
    "WM_CLASS",
    "WM_TRANSIENT_FOR",
    "_NET_WM_WINDOW_OPACITY",
    "_NET_WM_OPAQUE_REGION",
)
"""The properties that say something of this."""
TITLES: Final = WATCHED[:2]
_MOST_PARTS: Final = 64
"""A window made of more rectangles than this is treated as see-through."""
_DEEPEST_CLIENT: Final = 3
_TITLE_LIMIT: Final = 500
_OPAQUE: Final = 0xFFFFFFFF
_ALPHA_DEPTH: Final = 32

XWindow = Any  # python-xlib has no types


class WindowReader:
    """Asks the server about one window at a time."""

    def __init__(self, display: Display) -> None:
        self._display = display
        self._root: XWindow = display.screen().root
        self._atom = {name: display.intern_atom(name) for name in (*WATCHED, "WM_STATE")}

    def client(self, frame: XWindow) -> XWindow | None:
        """The programme's own window inside the window manager's frame.

        A frame may have dozens of parts; those that another programme made than the frame are asked first.
        """
        level = [frame]
        for _ in range(_DEEPEST_CLIENT):
            for window in level:
                if window.get_full_property(self._atom["WM_STATE"], X.AnyPropertyType) is not None:
                    return window
            level = [child for window in level for child in window.query_tree().children]
            level.sort(key=lambda child: self._maker(child) == self._maker(frame))
        return None

    def window(self, frame: XWindow, shown: XWindow, *, popup: bool, draws: bool, composited: bool) -> Window:
        """Everything about a window whose programme's own window is `shown`; `owner` is what that says itself."""
        box = frame.get_geometry()
        width, height = box.width + 2 * box.border_width, box.height + 2 * box.border_width
        area = Area(box.x, box.y, width, height)
        owner = shown.get_wm_transient_for()
        return Window(
            id=frame.id,
            app=_app(shown),
            title=self.title(shown),
            pid=self._pid(shown),
            area=area,
            solid=self.solid(frame, shown, area=area, composited=composited) if draws else (),
            popup=popup,
            owner=0 if owner is None else int(owner.id),
            draws=draws,
        )

    def title(self, window: XWindow) -> str:
        """The title, cut to a sane length."""
        title = window.get_full_text_property(self._atom["_NET_WM_NAME"]) or window.get_wm_name() or ""
        text = title.decode("utf-8", "replace") if isinstance(title, bytes) else str(title)
        return text[:_TITLE_LIMIT]

    def solid(self, frame: XWindow, client: XWindow, *, area: Area, composited: bool) -> tuple[Area, ...]:
        """Where nothing below shines through."""
        parts = self._shape(frame, area)
        if not composited:
            return parts
        if any(
            self._number(window, "_NET_WM_WINDOW_OPACITY", default=_OPAQUE) != _OPAQUE for window in (frame, client)
        ):
            return ()
        if _ALPHA_DEPTH not in {frame.get_geometry().depth, client.get_geometry().depth}:
            return parts
        opaque = self._opaque_region(client)
        return tuple(both for part in parts for other in opaque if (both := common(part, other)) is not None)

    def _maker(self, window: XWindow) -> int:
        """The part of an id that all windows of one connection share."""
        return int(window.id) & ~int(self._display.display.info.resource_id_mask)

    def _pid(self, window: XWindow) -> int:
        answer = self._display.res_query_client_ids([{"client": window.id, "mask": res.LocalClientPIDMask}])
        return next((int(value) for found in answer.ids for value in found.value), 0)

    def _shape(self, frame: XWindow, area: Area) -> tuple[Area, ...]:
        if not frame.shape_query_extents().bounding_shaped:
            return (area,)
        pieces = frame.shape_get_rectangles(shape.SK.Bounding).rectangles
        if len(pieces) > _MOST_PARTS:
            return ()
        moved = (Area(area.x + piece.x, area.y + piece.y, piece.width, piece.height) for piece in pieces)
        return tuple(both for part in moved if (both := common(part, area)) is not None)

    def _opaque_region(self, client: XWindow) -> tuple[Area, ...]:
        found = client.get_full_property(self._atom["_NET_WM_OPAQUE_REGION"], X.AnyPropertyType)
        if found is None or len(found.value) > 4 * _MOST_PARTS:
            return ()
        place = self._root.translate_coords(client, 0, 0)
        numbers = struct.unpack(f"={len(found.value)}i", struct.pack(f"={len(found.value)}I", *found.value))
        quads = zip(*[iter(numbers)] * 4, strict=False)
        return tuple(Area(place.x + x, place.y + y, width, height) for x, y, width, height in quads)

    def _number(self, window: XWindow, name: str, *, default: int) -> int:
        found = window.get_full_property(self._atom[name], X.AnyPropertyType)
        return default if found is None or not found.value else int(found.value[0])


def _app(window: XWindow) -> str:
    name = window.get_wm_class()
    return "" if not name else str(name[-1])
