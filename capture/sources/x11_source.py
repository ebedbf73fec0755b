"""The windows of an X display, from the lowest to the highest, and which one gets the keys.

It listens to the server's news of its windows and asks anew only for what changed, so a sample usually costs one round
trip. It reads no pixels and changes nothing but its own event masks. Rules of this file:
1. The focus is the X server's own, not what a window manager says.
2. The process of a window is what the server knows (X-Resource), not what the window claims.
3. With a compositor, a window is solid only where it says so (_NET_WM_OPAQUE_REGION), or if it has no alpha at all.
4. A window without a programme name has none ("") and so matches no rule; it is asked again each time.
"""

from __future__ import annotations

import struct
from typing import Any, Final

from Xlib import X
from Xlib.display import Display
from Xlib.error import ConnectionClosedError, DisplayError, XError
from Xlib.ext import res, shape

from capture.events import Area
from capture.sources.base import SourceFailed, SourceMissing, Window, WindowStack

_NEEDED: Final = ("SHAPE", "X-Resource")
_ATOMS: Final = (
    "_NET_WM_NAME",
    "WM_NAME",
    "WM_CLASS",
    "WM_TRANSIENT_FOR",
    "_NET_WM_WINDOW_OPACITY",
    "_NET_WM_OPAQUE_REGION",
)
_MOST_PARTS: Final = 64
"""A window made of more rectangles than this is treated as see-through."""
_DEEPEST_CLIENT: Final = 3
_TITLE_LIMIT: Final = 500
_OPAQUE: Final = 0xFFFFFFFF
_ALPHA_DEPTH: Final = 32
_GONE: Final = "The X display has gone. Start a new recording when the desktop is back."

_XWindow = Any  # python-xlib has no types


class X11Windows:
    """The windows of one display, over a connection of its own."""

    def __init__(self, display: Display) -> None:
        self._display = display
        self._root: _XWindow = display.screen().root
        self._atom = {name: display.intern_atom(name) for name in (*_ATOMS, "WM_STATE", "_NET_WM_CM_S0")}
        self._watched = frozenset(self._atom[name] for name in _ATOMS)
        self._known: dict[int, Window | None] = {}
        self._frames: dict[int, int] = {}
        self._tops: dict[int, int] = {}
        self._order: tuple[_XWindow, ...] = ()
        self._stale = True
        self._composited = False
        display.set_error_handler(_ignore)
        self._root.change_attributes(event_mask=X.SubstructureNotifyMask)

    def stack(self) -> WindowStack:
        """How the windows lie now; `SourceFailed` when the display has gone."""
        try:
            focus = self._display.get_input_focus().focus
            while self._display.pending_events():
                self._hear(self._display.next_event())
            if self._stale:
                self._look_again()
            return WindowStack(self._windows(), self._top(focus))
        except (ConnectionClosedError, OSError):
            raise SourceFailed(_GONE) from None

    def close(self) -> None:
        """Ends the connection."""
        try:
            self._display.close()
        except (ConnectionClosedError, OSError):
            return  # it has gone already

    def _hear(self, event: Any) -> None:  # noqa: ANN401
        """Forgets what an event makes doubtful."""
        if event.type == X.PropertyNotify:
            if event.atom in self._watched:
                self._known.pop(self._frames.get(event.window.id, event.window.id), None)
                self._stale = True
            return
        window = getattr(event, "window", None)
        if window is None:
            return
        self._stale = True
        self._known.pop(window.id, None)
        if event.type in {X.ReparentNotify, X.DestroyNotify}:
            self._tops.clear()
        if event.type == X.ReparentNotify:
            self._known.pop(event.parent.id, None)

    def _look_again(self) -> None:
        composited = self._display.get_selection_owner(self._atom["_NET_WM_CM_S0"]) != X.NONE
        if composited != self._composited:
            self._composited = composited
            self._known.clear()
        self._order = tuple(self._root.query_tree().children)
        present = {window.id for window in self._order}
        self._known = {key: window for key, window in self._known.items() if key in present}
        self._frames = {client: frame for client, frame in self._frames.items() if frame in present}
        self._stale = False
        for window in self._order:
            if window.id not in self._known:
                self._known[window.id] = self._read(window)

    def _windows(self) -> tuple[Window, ...]:
        known = (self._known[window.id] for window in self._order)
        return tuple(window for window in known if window is not None)

    def _read(self, frame: _XWindow) -> Window | None:
        """What stands on the screen under this id, None if nothing does."""
        try:
            attributes = frame.get_attributes()
            if attributes.map_state != X.IsViewable:
                return None
            popup = bool(attributes.override_redirect)
            client = frame if popup else self._client(frame)
            if client is None:
                self._stale = True  # the window manager is still at work on it
            return self._described(frame, client, popup=popup, draws=attributes.win_class == X.InputOutput)
        except XError:
            self._stale = True  # it vanished while it was read
            return None

    def _described(self, frame: _XWindow, client: _XWindow | None, *, popup: bool, draws: bool) -> Window:
        shown = frame if client is None else client
        self._frames[shown.id] = frame.id
        shown.change_attributes(event_mask=X.PropertyChangeMask)
        frame.shape_select_input(1)
        box = frame.get_geometry()
        width, height = box.width + 2 * box.border_width, box.height + 2 * box.border_width
        area = Area(box.x, box.y, width, height)
        owner = shown.get_wm_transient_for()
        return Window(
            id=frame.id,
            app=_app(shown),
            title=self._title(shown),
            pid=self._pid(shown),
            area=area,
            solid=self._solid(frame, shown, area=area, depth=box.depth) if draws else (),
            popup=popup,
            owner=0 if owner is None else self._frames.get(owner.id, owner.id),
            draws=draws,
        )

    def _client(self, frame: _XWindow) -> _XWindow | None:
        """The programme's own window inside the window manager's frame."""
        level = (frame,)
        for _ in range(_DEEPEST_CLIENT):
            for window in level:
                if window.get_full_property(self._atom["WM_STATE"], X.AnyPropertyType) is not None:
                    return window
            level = tuple(child for window in level for child in window.query_tree().children)
        return None

    def _title(self, window: _XWindow) -> str:
        title = window.get_full_text_property(self._atom["_NET_WM_NAME"]) or window.get_wm_name() or ""
        text = title.decode("utf-8", "replace") if isinstance(title, bytes) else str(title)
        return text[:_TITLE_LIMIT]

    def _pid(self, window: _XWindow) -> int:
        answer = self._display.res_query_client_ids([{"client": window.id, "mask": res.LocalClientPIDMask}])
        return next((int(value) for found in answer.ids for value in found.value), 0)

    def _solid(self, frame: _XWindow, client: _XWindow, *, area: Area, depth: int) -> tuple[Area, ...]:
        parts = self._shape(frame, area)
        if not self._composited:
            return parts
        if any(
            self._number(window, "_NET_WM_WINDOW_OPACITY", default=_OPAQUE) != _OPAQUE for window in (frame, client)
        ):
            return ()
        if _ALPHA_DEPTH not in {depth, client.get_geometry().depth}:
            return parts
        opaque = self._opaque_region(client)
        return tuple(both for part in parts for other in opaque if (both := _common(part, other)) is not None)

    def _shape(self, frame: _XWindow, area: Area) -> tuple[Area, ...]:
        if not frame.shape_query_extents().bounding_shaped:
            return (area,)
        pieces = frame.shape_get_rectangles(shape.SK.Bounding).rectangles
        if len(pieces) > _MOST_PARTS:
            return ()
        moved = (Area(area.x + piece.x, area.y + piece.y, piece.width, piece.height) for piece in pieces)
        return tuple(both for part in moved if (both := _common(part, area)) is not None)

    def _opaque_region(self, client: _XWindow) -> tuple[Area, ...]:
        found = client.get_full_property(self._atom["_NET_WM_OPAQUE_REGION"], X.AnyPropertyType)
        if found is None or len(found.value) > 4 * _MOST_PARTS:
            return ()
        place = self._root.translate_coords(client, 0, 0)
        numbers = struct.unpack(f"={len(found.value)}i", struct.pack(f"={len(found.value)}I", *found.value))
        quads = zip(*[iter(numbers)] * 4, strict=False)
        return tuple(Area(place.x + x, place.y + y, width, height) for x, y, width, height in quads)

    def _number(self, window: _XWindow, name: str, *, default: int) -> int:
        found = window.get_full_property(self._atom[name], X.AnyPropertyType)
        return default if found is None or not found.value else int(found.value[0])

    def _top(self, focus: Any) -> int:  # noqa: ANN401
        """The top-level window that holds the focus, 0 when there is none or it follows the pointer."""
        if isinstance(focus, int):
            return 0
        if focus.id not in self._tops:
            try:
                self._tops[focus.id] = self._climb(focus)
            except XError:
                return 0
        return self._tops[focus.id]

    def _climb(self, window: _XWindow) -> int:
        while True:
            parent = window.query_tree().parent
            if isinstance(parent, int):
                return 0  # the focus is the root window itself
            if parent.id == self._root.id:
                return int(window.id)
            window = parent


def open_windows(name: str) -> X11Windows:
    """The windows of this X display; `SourceMissing` when it or an extension is not there."""
    try:
        display = Display(name)
    except (DisplayError, OSError):
        raise SourceMissing("The X display does not answer. Check DISPLAY and its permissions.") from None
    missing = [extension for extension in _NEEDED if not display.has_extension(extension)]
    if missing:
        display.close()
        raise SourceMissing(f"The X server lacks {', '.join(missing)}, which recording needs.")
    return X11Windows(display)


def _ignore(*_error: object) -> None:
    """A request about a window that has just gone fails; the next sample knows."""


def _app(window: _XWindow) -> str:
    name = window.get_wm_class()
    return "" if not name else str(name[-1])


def _common(one: Area, other: Area) -> Area | None:
    left, top = max(one.x, other.x), max(one.y, other.y)
    right = min(one.x + one.width, other.x + other.width)
    lower = min(one.y + one.height, other.y + other.height)
    return Area(left, top, right - left, lower - top) if right > left and lower > top else None
