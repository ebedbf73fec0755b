"""Which widget lies at a point of a window: the point and the window go in, the widget comes out, or None.

Rules of this file:
1. It goes down by asking each widget for its child at the point. A tree is never searched.
2. What is asked is not believed: a child that does not hold the point ends the way down (GTK names a tab's page for
   the tab), and a browser, which answers with what it found out for the question before, is asked twice.
3. A popup is found from what has the focus: menus and lists move the focus into themselves, so the item is there,
   beside there or further up. An item is matched by its row, since a browser's options are no wider than their text.
4. GTK draws a popover over the widgets of its window, so of a window's children the last one at the point counts.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

from capture.events import Area
from capture.sources.atspi_bus import (
    SHOWING,
    Bus,
    area_of,
    child_at,
    children_of,
    kin_of,
    role_of,
    selected_child,
    states_of,
)
from capture.sources.atspi_tree import Seen, Tree
from capture.sources.atspi_wire import Ref, Silent
from capture.sources.base import ITEM_ROLES, Element, Window, holds

LIST_ROLES: Final = ITEM_ROLES | {
    *("menu", "menu bar", "combo box", "list", "list box", "list item", "option", "tree", "tree item", "tree table"),
    *("table cell", "window", "popup menu"),
}
"""What may stand between an item of a popup and the popup's top."""
ACTED_ON: Final = ITEM_ROLES | {
    *("push button", "toggle button", "link", "page tab", "list item", "tree item", "check box", "radio button"),
    *("option", "combo box", "switch"),
}
"""Roles whose text is part of them: a click on the text is a click on the widget."""

_PASSIVE: Final = frozenset({"static", "text leaf", "label", "image", "icon", "paragraph", "heading", "section"})
_TOPS: Final = frozenset({"frame", "window"})
_PASSIVE_STEPS: Final = 2
_DEEPEST: Final = 60
_LEVELS: Final = 6
_LOT: Final = 32
"""How many widgets of a list are asked at once."""
_MOST_LAYERS: Final = 8
_EDGE: Final = 3
"""Pixels by which an item may reach out of its popup: the popup's border is not counted by all."""
_SECOND_LOOK_SECONDS: Final = 0.008
"""How long a browser needs to find out what lies at a point."""
_MOST_LOOKS: Final = 3
_BROWSER_TOOLKITS: Final = frozenset({"chromium"})


@dataclass(frozen=True, slots=True)
class _Aim:
    point: tuple[int, int]
    window: Window
    deadline: float


class Hits:
    """Finds widgets by their place."""

    def __init__(self, bus: Bus, tree: Tree) -> None:
        self._bus, self._tree = bus, tree
        self._windows: dict[int, Ref] = {}

    def at(self, point: tuple[int, int], window: Window, *, focused: Ref | None, deadline: float) -> Element | None:
        """The innermost widget of this window (or of its programme, if it is a popup) at a point."""
        aim = _Aim(point, window, deadline)
        ref = self._in_list(focused, aim) if window.popup and focused is not None else None
        if ref is None:
            ref = self._in_window(aim)
        if ref is None:
            return None
        seen = self._acted_on(self._in_page(self._tree.describe(ref, deadline), aim), aim)
        told = seen.element.pid == window.pid and not (window.popup and seen.element.role in _TOPS)
        return seen.element if told else None

    def _in_list(self, focused: Ref, aim: _Aim) -> Ref | None:
        """The item of an open popup: inside the focused widget, beside it, or beside one above it."""
        if self._bus.pid(focused.bus_name, aim.deadline) != aim.window.pid:
            return None
        ref: Ref | None = focused
        for _ in range(_LEVELS):
            if ref is None:
                return None
            found = self._among(self._bus.ask(children_of(ref), aim.deadline), aim)
            if found is not None:
                return found
            role, kin = self._bus.ask_two(role_of(ref), kin_of(ref), deadline=aim.deadline)
            if role not in LIST_ROLES:
                return None
            ref = kin.parent
        return None

    def _among(self, refs: tuple[Ref, ...], aim: _Aim) -> Ref | None:
        """The one whose row holds the point and lies inside the popup; one that holds the point itself is better."""
        row = None
        for start in range(0, len(refs), _LOT):
            lot = refs[start : start + _LOT]
            areas = self._bus.ask_each([area_of(ref) for ref in lot], aim.deadline)
            for ref, area in zip(lot, areas, strict=True):
                if isinstance(area, Silent) or not _lies_in(area, aim.window.area):
                    continue
                if holds(area, *aim.point):
                    return ref
                if area.y <= aim.point[1] < area.y + area.height:
                    row = ref
            if row is not None:
                break
        return row

    def _in_window(self, aim: _Aim) -> Ref | None:
        window = self._known(aim) or self._find(aim)
        if window is None:
            return None
        toolkit = self._bus.toolkit(window.bus_name, aim.deadline)
        if toolkit in _BROWSER_TOOLKITS:
            return self._in_browser(window, aim)
        return self._innermost(self._top_layer(window, aim), aim)

    def _in_browser(self, window: Ref, aim: _Aim) -> Ref | None:
        """What the browser names once it has had time to find out (rule 2), None if that never holds the point."""
        self._bus.ask(child_at(window, aim.point), aim.deadline)
        for _ in range(_MOST_LOOKS):
            time.sleep(_SECOND_LOOK_SECONDS)
            ref = self._innermost(window, aim)
            if ref != window and holds(self._bus.ask(area_of(ref), aim.deadline), *aim.point):
                return ref
        return None

    def _known(self, aim: _Aim) -> Ref | None:
        """The accessible window found before for this window, if it still is what it was."""
        ref = self._windows.get(aim.window.id)
        if ref is None or aim.window.popup:
            return None
        questions = (states_of(ref), area_of(ref), kin_of(ref))
        try:
            states, area, kin = self._bus.ask_three(*questions, deadline=aim.deadline)
        except Silent:
            return None
        fits = SHOWING in states and holds(area, *aim.point) and kin.name.startswith(aim.window.title)
        return ref if fits else None

    def _find(self, aim: _Aim) -> Ref | None:
        """The accessible window at the point whose title fits, or whose place does, if it is a popup."""
        self._windows.pop(aim.window.id, None)
        best: tuple[int, Ref] | None = None
        for programme in self._bus.programmes(aim.window.pid, aim.deadline):
            for ref in self._bus.ask(children_of(programme), aim.deadline):
                offset = self._offset(ref, aim)
                if offset is not None and (best is None or offset <= best[0]):
                    best = (offset, ref)
        if best is None:
            return None
        if not aim.window.popup:
            self._windows[aim.window.id] = best[1]
        return best[1]

    def _offset(self, ref: Ref, aim: _Aim) -> int | None:
        """By how many pixels this accessible window's edges differ from the window's; None: it is another one."""
        try:
            questions = (states_of(ref), area_of(ref), kin_of(ref))
            states, area, kin = self._bus.ask_three(*questions, deadline=aim.deadline)
        except Silent:
            return None
        if SHOWING not in states or not holds(area, *aim.point):
            return None
        offset = _difference(area, aim.window.area)
        if aim.window.popup:
            return offset if offset <= 4 * _EDGE else None
        return offset if kin.name.startswith(aim.window.title) else None

    def _top_layer(self, window: Ref, aim: _Aim) -> Ref:
        """The window itself, or what is drawn over its other widgets at the point (rule 4)."""
        layers = self._bus.ask(children_of(window), aim.deadline)[-_MOST_LAYERS:]
        for ref in reversed(layers[1:]):
            if self._holds(ref, aim):
                return ref
        return window

    def _holds(self, ref: Ref, aim: _Aim) -> bool:
        try:
            states, area = self._bus.ask_two(states_of(ref), area_of(ref), deadline=aim.deadline)
        except Silent:
            return False
        return SHOWING in states and holds(area, *aim.point)

    def _innermost(self, ref: Ref, aim: _Aim) -> Ref:
        inner = self._bus.ask(child_at(ref, aim.point), aim.deadline)
        for _ in range(_DEEPEST):
            if inner is None or inner == ref:
                break
            area, further = self._bus.ask_two(area_of(inner), child_at(inner, aim.point), deadline=aim.deadline)
            if not area.y <= aim.point[1] < area.y + area.height:
                break  # the row alone counts: a row's area leaves out the arrow that opens it
            ref, inner = inner, further
        return ref

    def _in_page(self, seen: Seen, aim: _Aim) -> Seen:
        """What lies on the open page of a notebook, whose own child at the point is only ever a tab."""
        if seen.element.role != "page tab list":
            return seen
        try:
            tab = self._bus.ask(selected_child(seen.ref), aim.deadline)
            for ref in () if tab is None else self._bus.ask(children_of(tab), aim.deadline):
                if self._holds(ref, aim):
                    return self._tree.describe(self._innermost(ref, aim), aim.deadline)
        except Silent:
            return seen
        return seen

    def _acted_on(self, seen: Seen, aim: _Aim) -> Seen:
        """The button, link or item whose text or picture was met, else what was met."""
        if seen.element.role not in _PASSIVE:
            return seen
        for ref, ancestor in zip(seen.above[:_PASSIVE_STEPS], seen.element.ancestry, strict=False):
            if ancestor.role in ACTED_ON:
                around = self._tree.describe(ref, aim.deadline)
                return around if holds(around.element.area, *aim.point) else seen
            if ancestor.role not in _PASSIVE:
                break
        return seen


def _lies_in(area: Area, popup: Area) -> bool:
    return (
        area.x >= popup.x - _EDGE
        and area.y >= popup.y - _EDGE
        and area.x + area.width <= popup.x + popup.width + _EDGE
        and area.y + area.height <= popup.y + popup.height + _EDGE
    )


def _difference(one: Area, other: Area) -> int:
    left, top = abs(one.x - other.x), abs(one.y - other.y)
    right = abs(one.x + one.width - other.x - other.width)
    lower = abs(one.y + one.height - other.y - other.height)
    return max(left, top, right, lower)
