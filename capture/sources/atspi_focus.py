"""Which widget has the focus, kept by listening: news of widgets goes in, changes of the focus come out.

Rules of this file:
1. A widget that says it has the focus is believed only if the window around it is the active one: browsers keep hidden
   pages that think they are focused. A GTK list takes the activity into its popup, which is of the same programme.
2. When a widget lost the focus and no other gained it, or another window became active, the active window is searched;
   finding nothing is None.
3. A widget that is not shown is not believed either: GTK names a menu that it has just closed. It is searched as well.
4. While the focus is not known it is searched ever more seldom, until there is news or somebody asks.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from capture.sources.atspi_bus import ACTIVE, ROOT, Bus, News, Signal, children_of, focused_inside, role_of, states_of
from capture.sources.atspi_tree import Seen, Tree
from capture.sources.atspi_wire import Ref, Silent

WORK_SECONDS: Final = 0.045
"""What may be spent on one change of the focus."""
DOUBT_SECONDS: Final = 0.05
"""How long a widget that lost the focus is still taken for the focused one."""
FIRST_SEARCH_SECONDS: Final = 0.3
SLOWEST_SEARCH_SECONDS: Final = 5.0
MOST_CHANGES: Final = 8
"""How many changes of the focus that came at once are looked at one by one."""
TWICE_NS: Final = 30_000_000
"""Within this time the same widget telling the same again is no news: GTK says it twice."""

_POPUP_ROLE: Final = "window"
_SHOWING: Final = "showing"


class Focus:
    """The focused widget and the active window; `tell` takes every change and its moment."""

    def __init__(self, bus: Bus, tree: Tree, tell: Callable[[Seen | None, int], None]) -> None:
        self._bus, self._tree, self._tell_on = bus, tree, tell
        self._activated: Ref | None = None
        self._told_ns = 0
        self._pause = FIRST_SEARCH_SECONDS
        self._search_at: float | None = time.monotonic()
        self.focused: Ref | None = None
        self.is_sure = True
        """False while it is told that the focus is unknown only because a programme did not answer in time."""
        self.active: Ref | None = None
        """The accessible window that was found active last."""

    def due(self) -> float | None:
        """When the focus must be searched, by the monotonic clock; None while it is known."""
        return self._search_at

    def asked(self) -> None:
        """Somebody wants to know: an unknown focus is searched soon again."""
        if self._search_at is not None and self._pause > FIRST_SEARCH_SECONDS:
            self._pause = FIRST_SEARCH_SECONDS
            self._search_at = min(self._search_at, time.monotonic() + self._pause)

    def hear_all(self, signals: tuple[Signal, ...]) -> None:
        """Takes the news of a moment; of very many changes of the focus only the last are looked at (None before)."""
        gains = [signal for signal in signals if signal.news is News.FOCUSED and signal.gained]
        if len(gains) > MOST_CHANGES:
            self._tell(None, gains[0].at_ns)
        skipped = frozenset(id(signal) for signal in gains[:-MOST_CHANGES])
        for signal in signals:
            if id(signal) not in skipped:
                self._hear(signal)

    def _hear(self, signal: Signal) -> None:
        if signal.news is News.ACTIVATED:
            self._tree.forget()
            self._activated = signal.source
            self._look_in(0)
        elif signal.news is News.FOCUSED and signal.gained:
            self._gained(signal.source, signal.at_ns)
        elif signal.news is News.FOCUSED and signal.source == self.focused:
            self._look_in(DOUBT_SECONDS)

    def search(self) -> None:
        """Looks for the focus in the active window if it is time to; tells None when it is nowhere."""
        if self._search_at is None or time.monotonic() < self._search_at:
            return
        at_ns, deadline = time.monotonic_ns(), time.monotonic() + WORK_SECONDS
        try:
            ref = self._find(deadline)
            self._tell(None if ref is None else self._tree.describe(ref, deadline), at_ns)
        except Silent:
            self._doubt(at_ns)

    def is_in_active_window(self, ref: Ref, deadline: float) -> bool:
        """Whether the window around a widget is the active one, or has given the activity to its own popup."""
        top = self._tree.top(ref, deadline)
        if top is None:
            return False
        if self._tree.is_active(top, deadline):
            self.active = top
            return True
        popup = self._activated
        if popup is None or popup.bus_name != ref.bus_name or popup == top:
            return False
        states, role = self._bus.ask_two(states_of(popup), role_of(popup), deadline=deadline)
        return ACTIVE in states and role == _POPUP_ROLE

    def _gained(self, ref: Ref, at_ns: int) -> None:
        if ref == self.focused and at_ns - self._told_ns < TWICE_NS:
            self._search_at = None
            return
        deadline = time.monotonic() + WORK_SECONDS
        try:
            if self.is_in_active_window(ref, deadline):
                seen = self._tree.describe(ref, deadline)
                if _SHOWING in seen.element.states:
                    self._tell(seen, at_ns)
                else:
                    self._look_in(0)
        except Silent:
            self._doubt(at_ns)

    def _doubt(self, at_ns: int) -> None:
        self.is_sure = False
        self._tell(None, at_ns)
        self.is_sure = True

    def _tell(self, seen: Seen | None, at_ns: int) -> None:
        if seen is not None or self.focused is not None:
            self._tell_on(seen, at_ns)
        self._told_ns = at_ns
        self.focused = None if seen is None else seen.ref
        if seen is None:
            self._search_at = time.monotonic() + self._pause
            self._pause = min(2 * self._pause, SLOWEST_SEARCH_SECONDS)
        else:
            self._search_at, self._pause = None, FIRST_SEARCH_SECONDS

    def _look_in(self, seconds: float) -> None:
        self._pause = FIRST_SEARCH_SECONDS
        self._search_at = time.monotonic() + seconds

    def _find(self, deadline: float) -> Ref | None:
        """The focused widget of the active window; the window that said it became active is looked at first."""
        for windows in (self._last_activated, self._all_windows):
            window = self._active_of(windows(_half(deadline)), _half(deadline))
            if window is not None:
                self.active = window
                found = self._bus.ask(focused_inside(window), deadline)
                return found[0] if found else None
        return None

    def _active_of(self, windows: tuple[Ref, ...], deadline: float) -> Ref | None:
        answers = self._bus.ask_each([states_of(window) for window in windows], deadline)
        active = (not isinstance(answer, Silent) and ACTIVE in answer for answer in answers)
        return next((window for window, yes in zip(windows, active, strict=True) if yes), None)

    def _last_activated(self, _deadline: float) -> tuple[Ref, ...]:
        return () if self._activated is None or self._bus.is_deaf(self._activated.bus_name) else (self._activated,)

    def _all_windows(self, deadline: float) -> tuple[Ref, ...]:
        """The windows of every programme; one that hangs or ends must not hide the others."""
        programmes = self._bus.ask(children_of(ROOT), deadline)
        heard = [programme for programme in programmes if not self._bus.is_deaf(programme.bus_name)]
        answers = self._bus.ask_each([children_of(programme) for programme in heard], deadline)
        return tuple(ref for answer in answers if not isinstance(answer, Silent) for ref in answer)


def _half(deadline: float) -> float:
    """Half of the time that is left: what hangs must leave some of it for what does not."""
    now = time.monotonic()
    return now + (deadline - now) / 2
