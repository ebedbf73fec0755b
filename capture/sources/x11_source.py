"""The windows of an X display, from the lowest to the highest, and which one gets the keys.

It listens to the server's news of its windows and asks anew only for what changed, so a sample usually costs one round
trip and gives back the very object that the last one gave. It reads no pixels and changes nothing but its own event
masks; when asked to, it has a window painted anew. Rules of this file:
1. The focus is the X server's own, not what a window manager says.
2. The process of a window is what the server knows (X-Resource), not what the window claims.
3. With a compositor, a window is solid only where it says so (_NET_WM_OPAQUE_REGION), or if it has no alpha at all.
4. A window without a programme name has none ("") and so matches no rule.
5. News that is simple (moved, raised, renamed) is believed as it stands; whatever else is heard of a window makes it
   be read anew.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from Xlib import X
from Xlib.display import Display
from Xlib.error import ConnectionClosedError, DisplayError, XError
from Xlib.ext import xfixes

from capture.events import Area
from capture.sources.base import SourceFailed, SourceMissing, Window, WindowStack
from capture.sources.x11_trace import Trace
from capture.sources.x11_window import TITLES, WATCHED, WindowReader, XWindow

_NEEDED: Final = ("SHAPE", "X-Resource", "XFIXES")
_PATIENCE: Final = 20
"""For how many samples a window without a client is read anew: the window manager may still be at work on it."""
_DEEPEST: Final = 5
_WIDEST: Final = 64
"""How deep and how wide windows inside a window are told to paint themselves: more than toolkits use."""
_OWNER_NEWS: Final = (
    xfixes.XFixesSetSelectionOwnerNotifyMask
    | xfixes.XFixesSelectionWindowDestroyNotifyMask
    | xfixes.XFixesSelectionClientCloseNotifyMask
)
_GONE: Final = "The X display has gone. Start a new recording when the desktop is back."


class X11Windows:
    """The windows of one display, over a connection of its own."""

    def __init__(self, display: Display) -> None:
        self._display = display
        self._root: XWindow = display.screen().root
        self._reader = WindowReader(display)
        self._watched = frozenset(display.intern_atom(name) for name in WATCHED)
        self._titles = frozenset(display.intern_atom(name) for name in TITLES)
        self._compositor = display.intern_atom(f"_NET_WM_CM_S{display.get_default_screen()}")
        self._shaped = int(display.extension_event.ShapeNotify)
        self._owned = int(display.extension_event.SetSelectionOwnerNotify[0])  # the code of all news of owners
        self._known: dict[int, Window | None] = {}
        self._shown: dict[int, XWindow] = {}
        self._frames: dict[int, int] = {}
        self._tops: dict[int, int] = {}
        self._order: list[int] = []
        self._unsure: dict[int, int] = {}
        self._listed = self._composited = self._settled = False
        self._trace = Trace()
        self._last = WindowStack((), 0)
        display.set_error_handler(_ignore)
        display.xfixes_select_selection_input(self._root, self._compositor, _OWNER_NEWS)
        self._root.change_attributes(event_mask=X.SubstructureNotifyMask)
        self._look_for_compositor()

    def fileno(self) -> int:
        """Readable when news has come."""
        return int(self._display.fileno())

    def queued(self) -> bool:
        """Whether news waits that was read already, so that the connection will not say so."""
        return bool(self._display.display.event_queue)

    def is_wayland(self) -> bool:
        """Whether this server only stands before a Wayland one, and sees the windows of old programmes alone."""
        if self._display.has_extension("XWAYLAND"):
            return True
        if not self._display.has_extension("RANDR"):
            return False
        monitors = self._root.xrandr_get_monitors().monitors
        return is_wayland_name(tuple(self._display.get_atom_name(each.name) for each in monitors))

    def stack(self) -> WindowStack:
        """How the windows lie now, the same object as long as nothing changed; `SourceFailed` without the display."""
        try:
            focus = self._display.get_input_focus().focus
            while self.queued():  # all news from before the answer has come with it
                self._hear(self._display.next_event())
            self._catch_up()
            focused = self._top(focus)
        except (ConnectionClosedError, OSError):
            raise SourceFailed(_GONE) from None
        return self._stack(focused)

    def repaint(self, window_id: int) -> None:
        """Has the server tell a window's programme, and the window manager, that what it shows must be painted anew."""
        level = [self._display.create_resource_object("window", window_id)]
        try:
            for _ in range(_DEEPEST):
                for window in level:
                    window.clear_area(0, 0, 0, 0, exposures=1)
                level = [child for window in level for child in window.query_tree().children][:_WIDEST]
        except XError:
            self._listed = False  # it has gone meanwhile
        except (ConnectionClosedError, OSError):
            raise SourceFailed(_GONE) from None

    def close(self) -> None:
        """Ends the connection."""
        try:
            self._display.close()
        except (ConnectionClosedError, OSError):
            return  # it has gone already

    def _stack(self, focused: int) -> WindowStack:
        """The last stack if it still tells the truth, so that a caller may first ask whether it is the same object."""
        windows = self._last.windows if self._settled else self._windows()
        self._settled = True
        trace = self._trace
        same = (windows, focused, trace.serial) == (self._last.windows, self._last.focused, self._last.serial)
        if not same:
            self._last = WindowStack(windows, focused, trace.serial, self._composited, trace.touches)
        return self._last

    def _hear(self, event: Any) -> None:  # noqa: ANN401
        """Takes over what an event says, or forgets what it makes doubtful."""
        window: Any = getattr(event, "affected_window" if event.type == self._shaped else "window", None)
        self._trace_event(event, window)
        if event.type == X.PropertyNotify:
            self._hear_property(self._frames.get(window.id, window.id), event.atom)
        elif event.type == self._owned:
            self._look_for_compositor()
        elif event.type == X.ConfigureNotify and not event.send_event:
            self._hear_place(event)
        elif window is not None:
            self._doubt(window.id)
            self._listed = False
            if event.type in {X.ReparentNotify, X.DestroyNotify}:
                self._tops.clear()
            if event.type == X.ReparentNotify:
                self._doubt(event.parent.id)

    def _trace_event(self, event: Any, window: Any) -> None:  # noqa: ANN401
        known = None if window is None else self._known.get(self._frames.get(window.id, window.id))
        area = None if known is None else known.area
        if event.type == X.PropertyNotify:
            if event.atom in self._watched and event.atom not in self._titles:
                self._trace.doubt(window.id, area)
        elif event.type in {self._shaped, self._owned}:
            self._trace.doubt(0 if window is None else window.id, area)
        elif window is not None and not event.send_event:
            self._trace.hear(event, area)

    def _hear_property(self, frame_id: int, atom: int) -> None:
        window = self._known.get(frame_id)
        if window is None or atom not in self._titles:
            if atom in self._watched:
                self._doubt(frame_id)
            return
        try:
            self._keep(replace(window, title=self._reader.title(self._shown[frame_id])))
        except XError:
            self._doubt(frame_id)

    def _hear_place(self, event: Any) -> None:  # noqa: ANN401
        """A window that moved as a whole is known without asking; one of another size or shape is read anew."""
        key, border = event.window.id, 2 * event.border_width
        self._restack(key, below=event.above_sibling)
        window = self._known.get(key)
        if window is None:
            return
        area = Area(event.x, event.y, event.width + border, event.height + border)
        if area == window.area:
            return
        same_size = (area.width, area.height) == (window.area.width, window.area.height)
        if same_size and window.solid in {(), (window.area,)}:
            self._keep(replace(window, area=area, solid=(area,) if window.solid else ()))
        else:
            self._doubt(key)

    def _restack(self, key: int, *, below: Any) -> None:  # noqa: ANN401
        """Puts a window above another one, or at the bottom."""
        under = 0 if isinstance(below, int) else below.id
        if key not in self._order or (under and under not in self._order):
            self._listed = False
            return
        place = self._order.index(key)
        if (self._order[place - 1] if place else 0) == under:
            return
        del self._order[place]
        self._order.insert(self._order.index(under) + 1 if under else 0, key)
        self._settled = False

    def _keep(self, window: Window) -> None:
        self._known[window.id] = window
        self._settled = False

    def _doubt(self, key: int) -> None:
        self._known.pop(key, None)
        self._unsure.pop(key, None)
        self._settled = False

    def _look_for_compositor(self) -> None:
        composited = self._display.get_selection_owner(self._compositor) != X.NONE
        if composited != self._composited:
            self._composited = composited
            self._known.clear()
            self._settled = False

    def _catch_up(self) -> None:
        """Reads the order and each window of which something is doubtful."""
        if not self._listed:
            self._list()
        for key in self._unsure:
            self._known.pop(key, None)
            self._settled = False
        if self._settled:
            return
        for key in self._order:
            if key not in self._known:
                self._known[key] = self._read(self._display.create_resource_object("window", key))

    def _list(self) -> None:
        self._order = [window.id for window in self._root.query_tree().children]
        present = set(self._order)
        self._known = {key: window for key, window in self._known.items() if key in present}
        self._shown = {key: window for key, window in self._shown.items() if key in present}
        self._unsure = {key: left for key, left in self._unsure.items() if key in present}
        self._frames = {client: frame for client, frame in self._frames.items() if frame in present}
        self._listed, self._settled = True, False

    def _windows(self) -> tuple[Window, ...]:
        """All that stands on the screen; an owner is named by its frame, as every window is."""
        known = (self._known.get(key) for key in self._order)
        return tuple(
            replace(window, owner=self._frames.get(window.owner, window.owner)) if window.owner else window
            for window in known
            if window is not None
        )

    def _read(self, frame: XWindow) -> Window | None:
        """What stands on the screen under this id, None if nothing does."""
        try:
            frame.shape_select_input(1)
            attributes = frame.get_attributes()
            if attributes.map_state != X.IsViewable:
                self._unsure.pop(frame.id, None)
                return None
            popup = bool(attributes.override_redirect)
            client = frame if popup else self._reader.client(frame)
            self._wait_for(frame.id, found=client is not None)
            shown = frame if client is None else client
            self._shown[frame.id] = shown
            self._frames[shown.id] = frame.id
            for window in (frame, shown):  # window managers copy how see-through a window is to its frame, later
                window.change_attributes(event_mask=X.PropertyChangeMask)
            draws = attributes.win_class == X.InputOutput
            return self._reader.window(frame, shown, popup=popup, draws=draws, composited=self._composited)
        except XError:  # it, or a part of it, vanished while it was read
            self._listed = False
            self._wait_for(frame.id, found=False)
            return None

    def _wait_for(self, key: int, *, found: bool) -> None:
        left = self._unsure.pop(key, _PATIENCE)
        if not found and left > 0:
            self._unsure[key] = left - 1

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

    def _climb(self, window: XWindow) -> int:
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
    display.xfixes_query_version()  # before this the server refuses every other request of the extension
    return X11Windows(display)


def is_wayland_name(monitors: tuple[str, ...]) -> bool:
    """Whether a monitor's name is one that only a Wayland server's X display gives (XWAYLAND0)."""
    return any(name.startswith("XWAYLAND") for name in monitors)


def _ignore(*_error: object) -> None:
    """A request about a window that has just gone fails; the next sample knows."""
