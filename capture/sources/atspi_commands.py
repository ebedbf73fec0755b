"""What the chords of a programme do, learned from its menu bar in the background: keys go in, a command comes out.

Rules of this file:
1. It is learned once a window became active, a few questions at a time, never from a browser, whose bindings are its
   own and not its pages', and never again within a minute. It opens nothing.
2. A programme is asked some hundred questions at most, and none for a minute once it did not answer three times.
3. A command is given for the window that it was learned from; where its title has changed, only if all windows of the
   programme agree on it.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from typing import Final

from capture.allow import is_browser
from capture.sources.atspi_bus import ROLE_MENU_BAR, ROOT, Bus, Kin, all_inside, children_of, key_bindings, kin_of
from capture.sources.atspi_keys import chord
from capture.sources.atspi_wire import Ref, Silent
from capture.sources.base import Command, Window

MOST_QUESTIONS: Final = 600
PACE_SECONDS: Final = 0.05
"""Between two lots of questions."""
AGAIN_SECONDS: Final = 60.0
MOST_LEARNED: Final = 32

_LOT: Final = 4
_LOT_SECONDS: Final = 0.02
_MOST_SILENCES: Final = 3
_DEEPEST: Final = 4
_FIRST_WAIT_SECONDS: Final = 0.5
_BROWSERS: Final = frozenset({"chromium", "gecko", "webkitgtk"})

Table = dict[tuple[str, ...], Command]


@dataclass(slots=True)
class _Lesson:
    """One window's menu bar while it is being learned; `coming` are menus and items with the menus above them."""

    coming: deque[tuple[Ref, tuple[str, ...]]]
    window: Ref | None = None
    name: str = ""
    pid: int = 0
    table: Table = field(default_factory=dict)
    asked: int = 0
    silences: int = 0


@dataclass(frozen=True, slots=True)
class _Learned:
    """What was learned of a window; replaced as a whole, for it is read by another thread."""

    pid: int
    name: str
    table: Table
    at: float


class Commands:
    """The menu bars learned so far, and the one that is being learned."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._learned: dict[Ref, _Learned] = {}
        self._active: Ref | None = None
        self._wanted: Ref | None = None
        self._lesson: _Lesson | None = None
        self._next_at = 0.0

    def find(self, keys: tuple[str, ...], window: Window) -> Command | None:
        """What the chord does in a window, None where that is not known; may be called by another thread."""
        of_programme = [one for one in tuple(self._learned.values()) if one.pid == window.pid and window.pid]
        named = [one for one in of_programme if one.name.startswith(window.title)]
        found = {one.table[keys] for one in named or of_programme if keys in one.table}
        return found.pop() if len(found) == 1 else None

    def want(self, window: Ref | None) -> None:
        """This window is the active one: when it has just become that, its menu bar is learned, if not done of late."""
        if window is None or window == self._active:
            return
        self._active = window
        known = self._learned.get(window)
        if known is None or time.monotonic() - known.at > AGAIN_SECONDS:
            self._wanted, self._lesson = window, None
            self._next_at = time.monotonic() + _FIRST_WAIT_SECONDS

    def due(self) -> float | None:
        """When the next lot of questions may be asked, by the monotonic clock; None when there is nothing to learn."""
        return None if self._wanted is None else self._next_at

    def step(self) -> None:
        """Asks the next lot of questions, if it is time to."""
        if self._wanted is None or time.monotonic() < self._next_at:
            return
        deadline = time.monotonic() + _LOT_SECONDS
        lesson = self._lesson = self._lesson or _Lesson(deque([(self._wanted, ())]))
        lot = [lesson.coming.popleft() for _ in range(min(_LOT, len(lesson.coming)))]
        try:
            if lesson.window is None:
                self._begin(lesson, self._wanted, deadline=deadline)
            else:
                self._ask(lesson, lot, deadline=deadline)
        except Silent:
            lesson.silences += 1
            lesson.coming.extendleft(reversed(lot))
        self._next_at = time.monotonic() + PACE_SECONDS * (1 + 10 * lesson.silences)
        if not lesson.coming or lesson.asked >= MOST_QUESTIONS or lesson.silences >= _MOST_SILENCES:
            self._finish(lesson, self._wanted)

    def _begin(self, lesson: _Lesson, window: Ref, *, deadline: float) -> None:
        """Finds the menu bar of a window, if its programme is one that may be asked."""
        root = Ref(window.bus_name, ROOT.path)
        one, programme = self._bus.ask_two(kin_of(window), kin_of(root), deadline=deadline)
        lesson.name, lesson.pid = one.name, self._bus.pid(window.bus_name, deadline)
        if not is_browser(programme.name) and self._bus.toolkit(window.bus_name, deadline) not in _BROWSERS:
            bars = self._bus.ask(all_inside(window, ROLE_MENU_BAR, limit=1), deadline)
            lesson.coming.extend((menu, ()) for bar in bars for menu in self._bus.ask(children_of(bar), deadline))
        lesson.window = window

    def _ask(self, lesson: _Lesson, lot: list[tuple[Ref, tuple[str, ...]]], *, deadline: float) -> None:
        kin = self._bus.ask_each([kin_of(ref) for ref, _ in lot], deadline)
        inside = self._bus.ask_each([children_of(ref) for ref, _ in lot], deadline)
        bindings = self._bus.ask_each([key_bindings(ref) for ref, _ in lot], deadline)
        lesson.asked += 3 * len(lot)
        if any(type(one) is Silent for one in (*kin, *inside, *bindings)):
            raise Silent("the programme is busy")
        for (_, above), one, below, bound in zip(lot, kin, inside, bindings, strict=True):
            if isinstance(one, Kin) and not isinstance(below, Silent) and below and len(above) < _DEEPEST:
                lesson.coming.extend((ref, (*above, one.name.strip())) for ref in below)
            elif isinstance(one, Kin) and not isinstance(bound, Silent):
                _note(lesson.table, bound, Command(one.name.strip(), above))

    def _finish(self, lesson: _Lesson, window: Ref) -> None:
        """Keeps what was learned, and what was known before: an item that is greyed out does not tell its keys."""
        known = self._learned.pop(window, None)
        if len(self._learned) >= MOST_LEARNED:
            del self._learned[min(self._learned, key=lambda ref: self._learned[ref].at)]
        before = known.table if known is not None and known.pid == lesson.pid else {}
        self._learned[window] = _Learned(lesson.pid, lesson.name, before | lesson.table, time.monotonic())
        self._wanted = self._lesson = None


def _note(table: Table, bindings: tuple[str, ...], command: Command) -> None:
    for binding in bindings:
        keys = chord(binding)
        if keys is not None and command.name:
            table.setdefault(keys, command)
