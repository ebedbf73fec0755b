"""What stands in the accessibility tree at and above a widget: a reference goes in, a description comes out.

It goes up only, one widget at a time, so its cost does not grow with the size of a page. Roles of what stands above,
and which window is on top of a widget, are remembered for a short while; names never are, since a window keeps its
reference when it shows another page.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

from capture.events import Ancestor
from capture.sources.atspi_bus import ACTIVE, ROOT, STATES, Bus, area_of, kin_of, role_of, states_of
from capture.sources.atspi_wire import Ref, Silent
from capture.sources.base import Element

REMEMBERED_SECONDS: Final = 2.0
_ANCESTRY: Final = 6
_DEEPEST: Final = 60
_MOST_REMEMBERED: Final = 2000


@dataclass(frozen=True, slots=True)
class Seen:
    """A widget and its description; `above` are the references of its ancestry, in the same order."""

    ref: Ref
    element: Element
    above: tuple[Ref, ...]


class Tree:
    """The way upwards."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._roles: dict[Ref, str] = {}
        self._tops: dict[Ref, Ref] = {}
        self._until = 0.0

    def describe(self, ref: Ref, deadline: float) -> Seen:
        """The widget with as much of its ancestry as was told in time; `Silent` when it does not tell of itself."""
        states, place = states_of(ref), area_of(ref)
        numbers, area, role, known = self._bus.ask_four(
            states, place, role_of(ref), four=kin_of(ref), deadline=deadline
        )
        pid = self._bus.pid(ref.bus_name, deadline)
        names = tuple(name for number, name in enumerate(STATES) if number in numbers)
        above = self._ancestry(known.parent, deadline)
        ancestry = tuple(ancestor for _, ancestor in above)
        return Seen(ref, Element(role, known.name.strip(), names, area, ancestry, pid), tuple(one for one, _ in above))

    def top(self, ref: Ref, deadline: float) -> Ref | None:
        """The window that a widget stands in, None where that cannot be told; `Silent` when it does not answer."""
        self._forget_old()
        passed: list[Ref] = []
        for _ in range(_DEEPEST):
            if ref in self._tops:
                return self._remember(passed, self._tops[ref])
            passed.append(ref)
            parent = self._bus.ask(kin_of(ref), deadline).parent
            if parent is None or parent.path == ROOT.path:
                return self._remember(passed, ref)
            ref = parent
        return None

    def is_active(self, window: Ref, deadline: float) -> bool:
        """Whether an accessible window is the active one."""
        return ACTIVE in self._bus.ask(states_of(window), deadline)

    def forget(self) -> None:
        """Forgets what was remembered: another window became active, or a page moved."""
        self._roles.clear()
        self._tops.clear()

    def _ancestry(self, above: Ref | None, deadline: float) -> tuple[tuple[Ref, Ancestor], ...]:
        self._forget_old()
        found: list[tuple[Ref, Ancestor]] = []
        try:
            while above is not None and above.path != ROOT.path and len(found) < _ANCESTRY:
                if above in self._roles:
                    kin = self._bus.ask(kin_of(above), deadline)
                else:
                    kin, self._roles[above] = self._bus.ask_two(kin_of(above), role_of(above), deadline=deadline)
                found.append((above, Ancestor(self._roles[above], kin.name.strip())))
                above = kin.parent
        except Silent:
            return tuple(found)
        return tuple(found)

    def _remember(self, refs: list[Ref], top: Ref) -> Ref:
        self._tops.update(dict.fromkeys(refs, top))
        return top

    def _forget_old(self) -> None:
        now = time.monotonic()
        if now > self._until or len(self._roles) + len(self._tops) > _MOST_REMEMBERED:
            self.forget()
            self._until = now + REMEMBERED_SECONDS
