"""What is known of each key and click when it is heard: the widget under it, the command of a chord, how long it waits.

Raw input goes in; the same comes out with what belongs to it, to be judged later. Nothing leaves from here. Rules:
1. An event is held before it is judged, `HOLD_NS` as a rule and `SETTLING_NS` soon after a click or a key that can
   move the focus, because news of a focus change arrives late.
2. The widget under the pointer is looked up while the pointer rests, so that it is known before a press changes it.
3. Only programmes whose window is captured are asked. What they tell of another place than the press is not believed.
4. The hotkey counts whatever has the focus, and is nobody's event.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from capture.events import (
    MODIFIER_KEYS,
    NAMED_KEYS,
    Area,
    ElementSeen,
    Key,
    PointerButton,
    PointerMoved,
    PointerScrolled,
    Purpose,
    Shortcut,
)
from capture.focus import History, Sample
from capture.hold import Chord, Content, Press
from capture.sources.base import ITEM_ROLES, Clock, Element, ElementSource, InputEvent, Window, holds

MS: Final = 1_000_000
HOLD_NS: Final = 150 * MS
SETTLING_NS: Final = 400 * MS
REST_NS: Final = 60 * MS
"""The pointer rests after this time without a move."""
LATE_NS: Final = 100 * MS
"""A press that is heard later than this is not looked under any more: what is there by now need not be what it met."""
HOVER_NS: Final = 2000 * MS
"""How long a widget that was looked up under the resting pointer is believed."""

_MOVERS: Final = frozenset({"tab", "enter", "esc", "ctrl", "alt", "cmd"})
_CHORD: Final = (("ctrl", "ctrl"), ("alt", "alt"), ("shift", "shift"), ("cmd", "meta"))
_FUNCTION_KEYS: Final = frozenset(name for name in NAMED_KEYS if name[0] == "f" and name[1:].isdigit())


@dataclass(frozen=True, slots=True)
class _Hover:
    """What the resting pointer was over; `element` is None when the programme did not tell."""

    at_ns: int
    x: int
    y: int
    window: int
    element: Element | None


class Ears:
    """Listens for one stretch."""

    def __init__(self, history: History, elements: ElementSource, clock: Clock, *, hotkey: frozenset[str]) -> None:
        self._history, self._elements, self._clock = history, elements, clock
        self._hotkey = hotkey
        self._held: set[str] = set()
        self._hover: _Hover | None = None
        self._resting: PointerMoved | None = None
        self.last_input_ns = clock.now_ns()  # whoever starts a recording is at work
        self._last_mover_ns = self.last_input_ns - SETTLING_NS
        self._last_wheel_ns: int | None = None

    @property
    def hotkey_is_held(self) -> bool:
        """Whether all keys of the hotkey are down."""
        return bool(self._hotkey) and self._hotkey <= self._held

    @property
    def wheel_ns(self) -> int | None:
        """When the wheel turned last, None when something else was done since."""
        return self._last_wheel_ns if self._last_wheel_ns == self.last_input_ns else None

    @property
    def due_ns(self) -> int | None:
        """When the pointer will have rested long enough to be looked under, None when there is no need."""
        return None if self._resting is None else self._resting.at_ns + REST_NS

    def heard(self, event: InputEvent) -> tuple[Content, int]:
        """What is to wait for this event, and for how many nanoseconds."""
        if isinstance(event, Key):
            (self._held.add if event.pressed else self._held.discard)(event.name)
        soon = event.at_ns - self._last_mover_ns < SETTLING_NS
        content = self._described(event)
        self.last_input_ns = event.at_ns
        if not isinstance(event, PointerMoved):
            self._hover = None  # what a key or the wheel did may have moved something else under the pointer
        if isinstance(event, PointerMoved):
            self._resting = event
        elif isinstance(event, PointerScrolled):
            self._last_wheel_ns = event.at_ns
        elif isinstance(event, PointerButton) or event.name in _MOVERS:
            self._last_mover_ns = event.at_ns
        return content, SETTLING_NS if soon else HOLD_NS

    def look_under_pointer(self) -> None:
        """Looks up the widget under the pointer if it has come to rest."""
        move = self._resting
        if move is not None and self._clock.now_ns() - move.at_ns >= REST_NS:
            self._resting = None
            self._hover = self._looked_up(move)

    def _described(self, event: InputEvent) -> Content:
        """A press with the widget under it, a chord with its command; any other event as it is."""
        if isinstance(event, PointerButton) and event.pressed:
            return self._pressed(event)
        if isinstance(event, Key) and event.pressed and self._is_chord(event.name):
            return Chord(event, self._shortcut(event))
        return event

    def _pressed(self, event: PointerButton) -> Press:
        late = self._clock.now_ns() - event.at_ns > LATE_NS
        hover = self._hover if self._still_under(event) else None if late else self._looked_up(event)
        element = None if hover is None else _at(hover.element, event)
        return Press(event, None if element is None else seen(element, event.at_ns, purpose=Purpose.CLICK))

    def _is_chord(self, name: str) -> bool:
        """AltGr enters characters, so what is pressed with it is no chord; Shift makes one of keys that enter none."""
        if name in MODIFIER_KEYS or "altgr" in self._held:
            return False
        with_shift = "shift" in self._held and name in NAMED_KEYS
        return bool({"ctrl", "alt", "cmd"} & self._held) or name in _FUNCTION_KEYS or with_shift

    def _shortcut(self, event: Key) -> Shortcut:
        keys = (*(name for key, name in _CHORD if key in self._held), event.name)
        sample = self._history.before(event.at_ns)
        window = None if sample is None else captured_focus(sample)
        if window is None:
            return Shortcut(event.at_ns, keys, "", ())
        command = self._elements.command(keys, window=window)
        return Shortcut(event.at_ns, keys, *(("", ()) if command is None else (command.name, command.menu)))

    def _still_under(self, event: PointerButton) -> bool:
        """Whether what was looked up under the resting pointer is what this press meets."""
        hover = self._hover
        if hover is None or (hover.x, hover.y) != (event.x, event.y) or event.at_ns - hover.at_ns > HOVER_NS:
            return False
        sample = self._history.before(event.at_ns)
        window = None if sample is None else sample.stack.under(event.x, event.y)
        return hover.element is not None and window is not None and window.id == hover.window

    def _looked_up(self, event: PointerMoved | PointerButton) -> _Hover | None:
        """What is under the pointer, asked of the window that lay there before: a press may have opened a popup."""
        sample = self._history.before(event.at_ns)
        window = None if sample is None else sample.stack.under(event.x, event.y)
        if sample is None or window is None or window.id not in sample.captured:
            return None
        element = self._elements.at(event.x, event.y, window=window)
        return _Hover(self._clock.now_ns(), event.x, event.y, window.id, element)


def _at(element: Element | None, event: PointerButton) -> Element | None:
    """The widget, if it lies where the press was; items are found by their row, as browsers misplace open lists."""
    if element is None or holds(element.area, event.x, event.y):
        return element
    return replace(element, area=Area(event.x, event.y, 1, 1)) if element.role in ITEM_ROLES else None


def captured_focus(sample: Sample) -> Window | None:
    """The window with the keys, if it is captured."""
    window = sample.focused
    return window if window is not None and window.id in sample.captured else None


def seen(element: Element, at_ns: int, *, purpose: Purpose) -> ElementSeen:
    """The event that says what a widget is."""
    return ElementSeen(at_ns, purpose, element.role, element.name, element.states, element.area, element.ancestry)
