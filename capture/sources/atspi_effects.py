"""What widgets of the active window did: news and changes of the focus go in, effects come out, in order of time.

Rules of this file:
1. Menus and lists move the focus into themselves. So what stands above the focused item is open, what stood above the
   one before is closed, and an item that has the focus until all is closed was chosen (or given up: which of the two,
   only the key or the press tells).
2. Boxes, tabs, rows, and the lists of a browser tell of themselves; GTK says of a menu item that it is selected when
   the pointer passes over it, so that is no news, and no more is a selected option while its list is open.
3. Each widget is asked only from a budget. What goes beyond it is dropped, and costs nothing but its message.
"""

from __future__ import annotations

import time
from bisect import insort
from collections import deque
from dataclasses import dataclass
from typing import Final

from capture.events import Ancestor, Effect
from capture.sources.atspi_bus import Bus, News, Signal, kin_of
from capture.sources.atspi_focus import Focus
from capture.sources.atspi_tree import Seen, Tree
from capture.sources.atspi_wire import Gone, Ref, Silent
from capture.sources.base import ITEM_ROLES, Effected, Element

MOST_WAITING: Final = 32
"""How many pieces of news may wait to be looked into."""
MOST_TOLD: Final = 256
"""How many effects are kept for a reader that does not come."""
ASKED_AT_ONCE: Final = 12
ASKED_PER_SECOND: Final = 12.0

_WORK_SECONDS: Final = 0.035
_AGAIN_NS: Final = 300_000_000
"""News older than this is not looked into a second time."""
_MENUS: Final = frozenset({"menu", "popup menu"})
_COMBO: Final = "combo box"
_BAR: Final = "menu bar"
_MOST_SAID: Final = 64
_TOLD: Final = {
    (News.CHECKED, True): Effect.CHECKED,
    (News.CHECKED, False): Effect.UNCHECKED,
    (News.EXPANDED, True): Effect.EXPANDED,
    (News.EXPANDED, False): Effect.COLLAPSED,
    (News.SELECTED, True): Effect.SELECTED,
}


@dataclass(frozen=True, slots=True)
class _Popup:
    """An open menu, or a combo box with an open list; `element` as it was when it opened."""

    ref: Ref
    element: Element
    lists: bool


@dataclass(frozen=True, slots=True)
class _Moved:
    """The focus is here now; None when nobody knows where."""

    at_ns: int
    seen: Seen | None


class Effects:
    """News that waits to be looked into, and the effects that came of it."""

    def __init__(self, bus: Bus, tree: Tree, focus: Focus) -> None:
        self._bus, self._tree, self._focus = bus, tree, focus
        self._waiting: list[Signal | _Moved] = []
        self._told: deque[Effected] = deque(maxlen=MOST_TOLD)
        self._open: tuple[_Popup, ...] = ()
        self._item: Seen | None = None
        self._said: dict[Ref, Effect] = {}
        self._budget, self._budget_at = float(ASKED_AT_ONCE), time.monotonic()

    def hear(self, signal: Signal) -> None:
        """Takes news; what cannot wait any more is dropped."""
        if (signal.news, signal.gained) in _TOLD and len(self._waiting) < MOST_WAITING:
            insort(self._waiting, signal, key=_heard)

    def moved(self, seen: Seen | None, at_ns: int) -> None:
        """Takes a change of the focus."""
        insort(self._waiting, _Moved(at_ns, seen), key=_heard)

    @property
    def is_busy(self) -> bool:
        """Whether something waits to be looked into."""
        return bool(self._waiting)

    def step(self) -> bool:
        """Looks into the oldest piece of news; true when that gave an effect."""
        news, before = self._waiting.pop(0), len(self._told)
        deadline = time.monotonic() + _WORK_SECONDS
        try:
            if isinstance(news, _Moved):
                self._follow(news, deadline)
            elif self._may_ask():
                self._look_into(news, deadline)
        except Silent as silence:
            young = time.monotonic_ns() - news.at_ns < _AGAIN_NS
            if young and isinstance(news, Signal) and not isinstance(silence, Gone):
                insort(self._waiting, news, key=_heard)  # the programme was only busy
            return False
        return len(self._told) > before or before == MOST_TOLD

    def take(self) -> tuple[Effected, ...]:
        """What was told since the last call, in order of time; may be called by another thread."""
        taken = []
        while self._told:
            taken.append(self._told.popleft())
        return tuple(sorted(taken, key=_moment))

    def _may_ask(self) -> bool:
        now = time.monotonic()
        self._budget = min(self._budget + (now - self._budget_at) * ASKED_PER_SECOND, float(ASKED_AT_ONCE))
        self._budget_at = now
        if self._budget < 1:
            return False
        self._budget -= 1
        return True

    def _look_into(self, signal: Signal, deadline: float) -> None:
        if not self._focus.is_in_active_window(signal.source, deadline):
            return
        element = self._tree.describe(signal.source, deadline).element
        effect = _TOLD[signal.news, signal.gained]
        if signal.news is News.SELECTED and self._is_only_passed(element, signal.source, deadline):
            return
        if signal.news is News.CHECKED and any(above.role == _COMBO for above in element.ancestry[:2]):
            return  # the button inside a GTK list: its list is told of by the focus
        if signal.news is News.EXPANDED and not self._says(signal.source, effect):
            return
        self._told.append(Effected(signal.at_ns, effect, element))

    def _is_only_passed(self, element: Element, ref: Ref, deadline: float) -> bool:
        """Whether a selected item is one that the pointer or the keys are only at, with its menu or list still open."""
        if element.role not in ITEM_ROLES | _MENUS:
            return False
        listed = any(self._said.get(popup.ref) is Effect.EXPANDED for popup in self._open)
        return listed or element.role in _MENUS or self._bus.toolkit(ref.bus_name, deadline) == "gtk"

    def _says(self, ref: Ref, effect: Effect) -> bool:
        """Whether this is news of a widget that expands, which may have been told of already by the focus."""
        if self._said.get(ref) is effect:
            return False
        if len(self._said) >= _MOST_SAID:
            self._said.clear()
        self._said[ref] = effect
        return True

    def _follow(self, moved: _Moved, deadline: float) -> None:
        """Compares what is open now with what was (rule 1)."""
        chain = () if moved.seen is None else _chain(moved.seen)
        now_open = tuple(ref for ref, _ in chain)
        closed = tuple(popup for popup in self._open if popup.ref not in now_open)
        self._open = tuple(popup for popup in self._open if popup.ref in now_open)
        if closed and not self._open:
            self._choose(closed, moved.at_ns, deadline=deadline)
        for popup in reversed(closed):
            self._close(popup, moved.at_ns)
        known = {popup.ref for popup in self._open}
        for ref, lists in chain:
            if ref not in known:
                self._opened(ref, moved.at_ns, lists=lists, deadline=deadline)
        seen = moved.seen
        self._item = seen if seen is not None and self._open and seen.element.role in ITEM_ROLES else None

    def _opened(self, ref: Ref, at_ns: int, *, lists: bool, deadline: float) -> None:
        element = self._tree.describe(ref, deadline).element
        self._open = (*self._open, _Popup(ref, element, lists))
        if not lists:
            self._told.append(Effected(at_ns, Effect.POPUP_OPENED, element))
        elif self._says(ref, Effect.EXPANDED):
            self._told.append(Effected(at_ns, Effect.EXPANDED, element))

    def _close(self, popup: _Popup, at_ns: int) -> None:
        if not popup.lists:
            self._told.append(Effected(at_ns, Effect.POPUP_CLOSED, popup.element))
        elif self._says(popup.ref, Effect.COLLAPSED):
            self._told.append(Effected(at_ns, Effect.COLLAPSED, popup.element))

    def _choose(self, closed: tuple[_Popup, ...], at_ns: int, *, deadline: float) -> None:
        """The item that had the focus until its menu closed; of a list, only if the list shows another option now."""
        if self._item is None:
            return
        innermost = closed[-1]
        if innermost.lists:
            name = self._bus.ask(kin_of(innermost.ref), deadline).name.strip()
            if name != self._item.element.name or name == innermost.element.name:
                return
        self._told.append(Effected(at_ns, Effect.SELECTED, self._item.element))


def _chain(seen: Seen) -> tuple[tuple[Ref, bool], ...]:
    """The open menus and combo boxes around a widget from the outermost, and whether each is a combo box."""
    refs = (seen.ref, *seen.above)
    kin = (Ancestor(seen.element.role, seen.element.name), *seen.element.ancestry)
    found: list[tuple[Ref, bool]] = []
    for index, (ref, one) in enumerate(zip(refs, kin, strict=True)):
        above = kin[index + 1].role if index + 1 < len(kin) else ""
        if one.role == _COMBO and index:
            return (*reversed(found), (ref, True))
        if one.role not in ITEM_ROLES | _MENUS:
            break
        is_passed = index == 0 and above != _BAR
        if one.role in _MENUS and above != _COMBO and not is_passed:
            found.append((ref, False))
    return tuple(reversed(found))


def _heard(news: Signal | _Moved) -> int:
    return news.at_ns


def _moment(effect: Effected) -> int:
    return effect.at_ns
