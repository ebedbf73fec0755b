"""The ports of the recorder: what a source of input, of pixels, of windows and of widgets must give, and no more.

Values come out; nothing is decided, kept or written here. A source that cannot go on raises `SourceFailed`; it never
goes silent. A part that is not there at the start is `SourceMissing`. "Unknown" is None, and whoever reads it must
treat it as closed.
"""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Protocol, Self, TypeAlias

from capture.events import Ancestor, Area, Effect, Key, Monitor, PointerButton, PointerMoved, PointerScrolled
from capture.frames import Pixels
from vault.errors import MissingPart

InputEvent: TypeAlias = PointerMoved | PointerButton | PointerScrolled | Key
"""What a keyboard and a pointer can say."""

PASSWORD_ROLES: Final = frozenset({"password text"})
"""AT-SPI roles of fields whose content is hidden (ATSPI_ROLE_PASSWORD_TEXT)."""

ITEM_ROLES: Final = frozenset({"menu item", "check menu item", "radio menu item"})
"""Roles of what is chosen in a menu."""

CLOSED_ROLES: Final = frozenset(
    {"", "unknown", "invalid", "extended", "terminal", "drawing area", "canvas", "embedded", "redundant object"}
)
"""Roles behind which anything may stand: a terminal asks for passwords without saying so, a canvas shows a far desk."""


class SourceMissing(MissingPart):
    """A part that recording needs is not there; the message says which, and what to do."""


class SourceFailed(RuntimeError):
    """A source broke while it was in use; the message never holds what was captured."""


@dataclass(frozen=True, slots=True)
class Window:
    """One mapped top-level window with its frame; `solid` is where nothing below it shines through.

    `popup` windows are those that no window manager handles (menus, lists, tips); `owner` is the window that a popup
    or dialog says it belongs to, 0 if none; `pid` is what the X server knows of the client, 0 if it does not know.
    `draws` is false for a window that only takes input.
    """

    id: int
    app: str
    title: str
    pid: int
    area: Area
    solid: tuple[Area, ...]
    popup: bool = False
    owner: int = 0
    draws: bool = True


TRACE: Final = 64
"""How many touches are remembered."""


@dataclass(frozen=True, slots=True)
class Touch:
    """A window stood at a place, or the place is not known (None), when the serial had this number."""

    serial: int
    window: int
    area: Area | None


@dataclass(frozen=True, slots=True)
class WindowStack:
    """Every mapped top-level window from the lowest to the highest, and which one gets the keys (0: nobody knows).

    `serial` rises with every change of place, order or shape, also with one that was taken back; `touches` are the last
    of them. With `composited` what stands on the screen follows the windows a little later.
    """

    windows: tuple[Window, ...]
    focused: int
    serial: int = 0
    composited: bool = False
    touches: tuple[Touch, ...] = ()

    def touched_since(self, serial: int) -> tuple[Touch, ...] | None:
        """The touches after this serial; None where there were more than are remembered."""
        return None if self.serial - serial > TRACE else tuple(each for each in self.touches if each.serial > serial)

    def find(self, window_id: int) -> Window | None:
        """The window with this id, or None when it is not on the screen."""
        return next((window for window in self.windows if window.id == window_id), None)

    def under(self, x: int, y: int) -> Window | None:
        """The highest window at a point of the screen, or None over the bare desktop."""
        return next((window for window in reversed(self.windows) if holds(window.area, x, y)), None)


@dataclass(frozen=True, slots=True)
class Element:
    """A widget as the accessibility tree tells it; `ancestry` goes from its parent upwards."""

    role: str
    name: str
    states: tuple[str, ...]
    area: Area
    ancestry: tuple[Ancestor, ...]
    pid: int


@dataclass(frozen=True, slots=True)
class FocusChange:
    """From `at_ns` on this widget has the focus; None when which one it is cannot be told."""

    at_ns: int
    element: Element | None


@dataclass(frozen=True, slots=True)
class Document:
    """What a browser window shows: its address (None when it cannot be told), and whether it browses privately."""

    url: str | None
    private: bool


@dataclass(frozen=True, slots=True)
class Effected:
    """What a widget of the active window told of itself: it opened, was chosen, was ticked."""

    at_ns: int
    effect: Effect
    element: Element


@dataclass(frozen=True, slots=True)
class Command:
    """What a chord does: the menu item's name, and the menus above it from the top."""

    name: str
    menu: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Damage:
    """Where the screen may have changed, and since when (by the clock that stamps events)."""

    area: Area
    since_ns: int


class InputSource(Protocol):
    """Keyboard and pointer, each event stamped when it was seen."""

    def drain(self) -> tuple[InputEvent, ...]:
        """Everything since the last call, in order; `SourceFailed` when the source has died."""
        ...

    def last_input_ns(self) -> int | None:
        """When the display itself last saw a key or the pointer, whether or not it was heard here; None: it cannot say.

        It is what a listener that has gone deaf is found out by.
        """
        ...

    def close(self) -> None:
        """Lets go of the keyboard and pointer within half a second."""
        ...


class ScreenSource(Protocol):
    """The pixels of all monitors."""

    def monitors(self) -> tuple[Monitor, ...]:
        """The monitors as they are now, at least one."""
        ...

    def topology_changed(self) -> bool:
        """Whether the monitors are other ones than `monitors` gave last."""
        ...

    def changed_since(self) -> int | None:
        """Since when the screen may differ from what it was at the last call of `damage`; None: it does not.

        It reads the news that has come, and leaves `damage` as it is.
        """
        ...

    def damage(self) -> Damage | None:
        """Where the screen may differ from what it was at the last call; the first time everywhere, None: nowhere."""
        ...

    def grab(self, area: Area) -> tuple[Pixels, int]:
        """A new array over an area of the screen, and when it was complete; `SourceFailed` when refused.

        What changed before the last call of `damage` is in it.
        """
        ...

    def watch_painting(self) -> None:
        """From this moment on `painted` counts."""
        ...

    def painted(self) -> tuple[Area, ...]:
        """Where something was painted since the last call of `painted` or `watch_painting`."""
        ...

    def close(self) -> None:
        """Frees the connection."""
        ...


class WindowSource(Protocol):
    """The windows on the screen."""

    def stack(self) -> WindowStack:
        """How the windows lie now; `SourceFailed` when the display has gone."""
        ...

    def repaint(self, window_id: int) -> None:
        """Has a window painted anew by its programme, as if it had been covered; nothing where it has gone."""
        ...

    def close(self) -> None:
        """Frees the connection."""
        ...


class ElementSource(Protocol):
    """The widgets of programs. No call takes longer than about 50 ms; what was not told in time is None."""

    def at(self, x: int, y: int, *, window: Window) -> Element | None:
        """The widget of this window (or of its program, if the window is a popup) at a point of the screen."""
        ...

    def focus_changes(self) -> tuple[FocusChange, ...]:
        """Every change of the focused widget since the last call, in order; before the first one it is unknown.

        `SourceFailed` when the accessibility bus has gone.
        """
        ...

    def effects(self) -> tuple[Effected, ...]:
        """What widgets of the active window told of themselves since the last call, in order."""
        ...

    def secrets(self, window: Window) -> tuple[Area, ...]:
        """Where password fields lie in a window, as far as known; never waits, but sees to it that it is known soon."""
        ...

    def command(self, keys: tuple[str, ...], *, window: Window) -> Command | None:
        """What a chord does in a window's programme, as learned beforehand; never waits, None where it is not known."""
        ...

    def document(self, window: Window) -> Document | None:
        """What a browser window shows, or None when the program does not tell."""
        ...

    def close(self) -> None:
        """Frees the connection."""
        ...


class Bell(Protocol):
    """What wakes the recorder."""

    def wait(self, seconds: float) -> None:
        """Returns when any source has news, or the time is over."""
        ...


class Clock(Protocol):
    """The three clocks that tie a session to the world, and a rest."""

    def now_ns(self) -> int:
        """Nanoseconds of the monotonic clock, the one that stamps events."""
        ...

    def boot_ns(self) -> int:
        """Nanoseconds since the machine started, with sleep counted."""
        ...

    def wall_ms(self) -> int:
        """Milliseconds since 1970."""
        ...

    def sleep(self, seconds: float) -> None:
        """Returns when the time is over."""
        ...


class SystemClock:
    """The machine's clocks."""

    def now_ns(self) -> int:
        """The monotonic clock."""
        return time.monotonic_ns()

    def boot_ns(self) -> int:
        """Time since the start of the machine, sleep included."""
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME)

    def wall_ms(self) -> int:
        """Milliseconds since 1970."""
        return time.time_ns() // 1_000_000

    def sleep(self, seconds: float) -> None:
        """Rests."""
        time.sleep(seconds)


@dataclass(frozen=True, slots=True)
class Sources:
    """One of each port; a context manager that closes all of them."""

    input: InputSource
    screen: ScreenSource
    windows: WindowSource
    elements: ElementSource
    bell: Bell

    def close(self) -> None:
        """Closes all sources, the keyboard and pointer first, and each even if another cannot be closed."""
        with ExitStack() as closing:
            for source in (self.screen, self.windows, self.elements, self.input):
                closing.callback(source.close)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def holds(area: Area, x: int, y: int) -> bool:
    """Whether a point lies in an area."""
    return area.x <= x < area.x + area.width and area.y <= y < area.y + area.height


def bounds(areas: tuple[Area | Monitor, ...]) -> Area:
    """The smallest area around all of these; there is at least one."""
    left, top = min(area.x for area in areas), min(area.y for area in areas)
    right = max(area.x + area.width for area in areas)
    lower = max(area.y + area.height for area in areas)
    return Area(left, top, right - left, lower - top)


def common(one: Area, other: Area) -> Area | None:
    """What two areas share, None if it is nothing."""
    left, top = max(one.x, other.x), max(one.y, other.y)
    right = min(one.x + one.width, other.x + other.width)
    lower = min(one.y + one.height, other.y + other.height)
    return Area(left, top, right - left, lower - top) if right > left and lower > top else None
