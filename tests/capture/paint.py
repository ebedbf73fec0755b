"""Plain X windows that a test puts on a screen, paints, moves and shapes by itself, and monitors that it makes up."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self, TypeAlias

from Xlib import X
from Xlib.display import Display
from Xlib.ext import shape, xtest
from Xlib.protocol import rq

from capture.events import Area

ALPHA_DEPTH = 32
XWindow: TypeAlias = Any
"""python-xlib has no types."""


class _SetMonitor(rq.Request):  # type: ignore[misc]  # python-xlib has no types; its own request cannot be packed
    """A virtual monitor (RandR 1.5, request 43)."""

    _request = rq.Struct(
        rq.Card8("opcode"),
        rq.Opcode(43),
        rq.RequestLength(),
        rq.Window("window"),
        rq.Card32("name"),
        rq.Bool("primary"),
        rq.Bool("automatic"),
        rq.LengthOf("outputs", 2),
        rq.Int16("x"),
        rq.Int16("y"),
        rq.Card16("width"),
        rq.Card16("height"),
        rq.Card32("width_mm"),
        rq.Card32("height_mm"),
        rq.List("outputs", rq.Card32Obj),
    )


class Painter:
    """A context manager on one connection to the display; windows go with it."""

    def __init__(self, name: str) -> None:
        self._display = Display(name)
        self._display.set_error_handler(_ignore)
        self.root: Any = self._display.screen().root

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._display.close()

    def window(self, area: Area, *, colour: int = 0x3366CC, depth: int = 24, popup: bool = True) -> XWindow:
        """A mapped window of one colour; a popup is left alone by the window manager."""
        screen = self._display.screen()
        visuals = next(each.visuals for each in screen.allowed_depths if each.depth == depth)
        colours = self.root.create_colormap(visuals[0].visual_id, X.AllocNone)
        window = self.root.create_window(
            area.x,
            area.y,
            area.width,
            area.height,
            0,
            depth,
            X.InputOutput,
            visuals[0].visual_id,
            background_pixel=colour,
            border_pixel=0,
            colormap=colours,
            override_redirect=popup,
            event_mask=X.PointerMotionMask,
        )
        window.set_wm_class("painted", "Painted")
        window.set_wm_name("Painted")
        window.map()
        self.sync()
        return window

    def frame(self, window: XWindow) -> XWindow:
        """What the window manager put around a window, once it has."""
        while (parent := window.query_tree().parent) == self.root:
            self.sync()
        return parent

    def fill(self, window: XWindow, area: Area, *, colour: int) -> None:
        window.fill_rectangle(window.create_gc(foreground=colour), area.x, area.y, area.width, area.height)
        self.sync()

    def set_number(self, window: XWindow, name: str, *numbers: int) -> None:
        window.change_property(self._display.intern_atom(name), self._display.intern_atom("CARDINAL"), 32, numbers)
        self.sync()

    def set_resources(self, text: str) -> None:
        self.root.change_property(
            self._display.intern_atom("RESOURCE_MANAGER"), self._display.intern_atom("STRING"), 8, text.encode()
        )
        self.sync()

    def cut(self, window: XWindow, area: Area) -> None:
        """Leaves only this part of a window."""
        window.shape_rectangles(
            shape.SO.Set, shape.SK.Bounding, X.Unsorted, 0, 0, [(area.x, area.y, area.width, area.height)]
        )
        self.sync()

    def compose(self, owner: XWindow) -> None:
        """Claims to be the compositor, as window managers with shadows do."""
        owner.set_selection_owner(self._display.intern_atom("_NET_WM_CM_S0"), X.CurrentTime)
        self.sync()

    def reset_screen_saver(self) -> None:
        """What a video player does to keep the screen on."""
        self._display.force_screen_saver(X.ScreenSaverReset)
        self.sync()

    def split(self, *places: Area, name: str = "TEST-") -> None:
        """Makes the screen one of several virtual monitors."""
        outputs = self.root.xrandr_get_screen_resources().outputs
        for number, place in enumerate(places):
            _SetMonitor(
                display=self._display.display,
                opcode=self._display.display.get_extension_major("RANDR"),
                window=self.root,
                name=self._display.intern_atom(f"{name}{number}"),
                primary=number == 0,
                automatic=False,
                x=place.x,
                y=place.y,
                width=place.width,
                height=place.height,
                width_mm=place.width // 4,
                height_mm=place.height // 4,
                outputs=outputs if number == 0 else [],
            )
        self.sync()

    def resize(self, width: int, height: int) -> None:
        """Gives the screen another size; the virtual server has one mode, so its output is off from then on."""
        self.turn_output(is_on=False)
        self.root.xrandr_set_screen_size(width, height, width // 4, height // 4)
        self.sync()

    def turn_output(self, *, is_on: bool) -> None:
        found = self.root.xrandr_get_screen_resources()
        mode, outputs = (found.modes[0].id, found.outputs) if is_on else (0, [])
        self._display.xrandr_set_crtc_config(found.crtcs[0], found.config_timestamp, 0, 0, mode, 1, outputs)
        self.sync()

    def point(self, x: int, y: int) -> None:
        """Puts the pointer there; it goes out with the next request that waits for an answer."""
        xtest.fake_input(self._display, X.MotionNotify, x=x, y=y)

    def sync(self) -> None:
        self._display.sync()


def _ignore(*_error: object) -> None:
    """A window that the window manager has framed has no siblings any more: what is asked of it then fails."""
