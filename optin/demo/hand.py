"""Real pointer and keyboard input goes out to an X display through the XTest extension, at a person's pace.

What a recorder sees of it is what it would see of a mouse and a keyboard. It remembers the key chords it played and
nothing else; of typed texts it keeps nothing.
"""

from __future__ import annotations

import time
from types import MappingProxyType, TracebackType
from typing import Final, Self

from Xlib import XK, X
from Xlib.display import Display
from Xlib.ext import xtest

from optin.demo.accessible import Rectangle

Point = tuple[int, int]

_STEPS: Final = 10
_STEP_SECONDS: Final = 0.012
_KEY_SECONDS: Final = 0.005
_CLICK_SECONDS: Final = 0.06
_NOTCH_SECONDS: Final = 0.04
_MODIFIERS: Final = MappingProxyType({"ctrl": "Control_L", "alt": "Alt_L", "shift": "Shift_L", "super": "Super_L"})
_NAMED: Final = MappingProxyType(
    {"return": "Return", "tab": "Tab", "escape": "Escape", "end": "End", "home": "Home", "delete": "Delete"}
)
_SCROLL_UP: Final = 4
_SCROLL_DOWN: Final = 5


class Untypable(ValueError):
    """The keyboard layout of the display has no key for a character."""


class Hand:
    """A context manager on one connection to the display."""

    def __init__(self, display_name: str) -> None:
        self._display = Display(display_name)
        self._chords: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._display.close()

    @property
    def chords(self) -> tuple[str, ...]:
        """The chords played, in order, such as ctrl+s."""
        return tuple(self._chords)

    def position(self) -> Point:
        """Where the pointer is, in pixels."""
        answer = self._display.screen().root.query_pointer()
        return int(answer.root_x), int(answer.root_y)

    def move(self, target: Point) -> None:
        """Moves the pointer in ten steps, slower towards the end, as a hand does."""
        left, top = self.position()
        for step in range(1, _STEPS + 1):
            part = 1 - (1 - step / _STEPS) ** 2
            x, y = round(left + (target[0] - left) * part), round(top + (target[1] - top) * part)
            self._send(X.MotionNotify, x=x, y=y)
            time.sleep(_STEP_SECONDS)

    def click(self, target: Point) -> None:
        """Moves there and clicks the left button."""
        self.move(target)
        self._button(1)

    def double_click(self, target: Point) -> None:
        """Moves there and clicks twice within what counts as a double click."""
        self.click(target)
        self._button(1)

    def drag(self, start: Point, end: Point) -> None:
        """Presses the left button at `start` and lets it go at `end`."""
        self.move(start)
        self._send(X.ButtonPress, 1)
        self.move(end)
        self._send(X.ButtonRelease, 1)

    def scroll(self, notches: int) -> None:
        """Turns the wheel: positive notches go down, negative up."""
        for _ in range(abs(notches)):
            self._button(_SCROLL_DOWN if notches > 0 else _SCROLL_UP, hold_seconds=_NOTCH_SECONDS)

    def type(self, text: str) -> None:
        """Types the text key by key; Untypable when the layout lacks one, before anything is typed."""
        for code, shifted in [self._key(character) for character in text]:
            if shifted:
                self._send(X.KeyPress, self._code("Shift_L"))
            self._tap(code)
            if shifted:
                self._send(X.KeyRelease, self._code("Shift_L"))

    def chord(self, keys: str) -> None:
        """Plays a chord such as ctrl+shift+s or a single key such as return."""
        *modifiers, last = keys.split("+")
        codes = [self._code(_MODIFIERS[modifier]) for modifier in modifiers]
        for code in codes:
            self._send(X.KeyPress, code)
        self._tap(self._code(_NAMED.get(last, last)))
        for code in reversed(codes):
            self._send(X.KeyRelease, code)
        self._chords.append(keys)

    def popups(self) -> tuple[Rectangle, ...]:
        """The windows on the screen that no window manager decorates: menus and lists that are open."""
        found = []
        for window in self._display.screen().root.query_tree().children:
            attributes = window.get_attributes()
            if attributes.override_redirect and attributes.map_state == X.IsViewable:
                box = window.get_geometry()
                found.append(Rectangle(box.x, box.y, box.width, box.height))
        return tuple(found)

    def _button(self, number: int, *, hold_seconds: float = _CLICK_SECONDS) -> None:
        self._send(X.ButtonPress, number)
        time.sleep(hold_seconds)
        self._send(X.ButtonRelease, number)
        time.sleep(hold_seconds)

    def _tap(self, code: int) -> None:
        self._send(X.KeyPress, code)
        time.sleep(_KEY_SECONDS)
        self._send(X.KeyRelease, code)
        time.sleep(_KEY_SECONDS)

    def _code(self, name: str) -> int:
        return int(self._display.keysym_to_keycode(XK.string_to_keysym(name)))

    def _key(self, character: str) -> tuple[int, bool]:
        keysym = XK.string_to_keysym("Return") if character == "\n" else ord(character)
        code = int(self._display.keysym_to_keycode(keysym))
        if code == 0:
            raise Untypable(f"The keyboard layout has no key for character number {ord(character)}.")
        return code, self._display.keycode_to_keysym(code, 0) != keysym

    def _send(self, kind: int, detail: int = 0, *, x: int = 0, y: int = 0) -> None:
        xtest.fake_input(self._display, kind, detail, x=x, y=y)
        self._display.sync()
