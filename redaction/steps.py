"""From raw events to raw steps: presses and releases become clicks, drags, chords and typed text. Pure.

Enters a session's events in order, leaves a tuple of `RawStep`. The steps are still raw: text is what was typed, names
are what the programmes said. Only `redaction.engine` may turn them into steps that leave.

Rules of this file:
1. A press and a release within `CLICK_PIXELS` are a click, farther apart a drag; two clicks close in time and place are
   a double click. The constants are those of the field's reducers (`openadapt-capture`, AgentNet).
2. A key pressed with ctrl, alt or meta is a chord. AltGr enters characters, so it counts as typing.
3. Characters that follow each other are one typed text, edits included; any other action ends it. A key without a
   name that may stay (a dead key, a lock) counts as typed too, so that accents do not show where they are.
4. When keys were missed, no key counts as held any more: a release that was lost must not make chords of what is typed.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

import msgspec

from capture.events import (
    MODIFIER_KEYS,
    NAMED_KEYS,
    Button,
    ElementSeen,
    Gap,
    Key,
    PointerButton,
    PointerScrolled,
    Purpose,
    RawEvent,
    SessionEnded,
    WindowFocused,
)
from redaction.redacted import ActionKind

CLICK_PIXELS: Final = 5
DOUBLE_CLICK_NS: Final = 500_000_000
SCROLL_NS: Final = 1_000_000_000
CHORD_ORDER: Final = ("ctrl", "alt", "shift", "meta")
_CHORD_NAMES: Final = {"cmd": "meta"}
_CLICKS: Final = {
    Button.LEFT: ActionKind.CLICK,
    Button.MIDDLE: ActionKind.MIDDLE_CLICK,
    Button.RIGHT: ActionKind.RIGHT_CLICK,
}


@dataclass(frozen=True, slots=True)
class RawStep:
    """One action as it happened, unredacted. Places are pixels of the virtual screen."""

    at_ns: int
    kind: ActionKind
    x: int = 0
    y: int = 0
    end: tuple[int, int] | None = None
    keys: tuple[str, ...] = ()
    raw_text: str = ""
    scroll_x: int = 0
    scroll_y: int = 0
    element: ElementSeen | None = None
    window: WindowFocused | None = None

    def __repr__(self) -> str:
        return f"RawStep({self.kind.value})"

    def shifted(self, dx: int, dy: int) -> RawStep:
        """The same step with all its places moved."""
        element = self.element
        if element is not None:
            area = msgspec.structs.replace(element.area, x=element.area.x + dx, y=element.area.y + dy)
            element = msgspec.structs.replace(element, area=area)
        end = None if self.end is None else (self.end[0] + dx, self.end[1] + dy)
        return replace(self, x=self.x + dx, y=self.y + dy, end=end, element=element)


@dataclass(slots=True)
class _Builder:
    """The state between events; every event is given to `see` once, in order."""

    steps: list[RawStep] = field(default_factory=list)
    held: set[str] = field(default_factory=set)
    press: PointerButton | None = None
    focus: ElementSeen | None = None
    window: WindowFocused | None = None

    def see(self, event: RawEvent) -> None:
        """Takes one event into the steps."""
        match event:
            case WindowFocused():
                self.window = event
            case ElementSeen():
                self._element(event)
            case PointerButton():
                self._button(event)
            case PointerScrolled():
                self._scrolled(event)
            case Key():
                self._key(event)
            case Gap(source="keyboard" | "recorder"):
                self.held.clear()
            case SessionEnded():
                self._add(RawStep(event.at_ns, ActionKind.DONE))
            case _:
                pass

    def _add(self, step: RawStep) -> None:
        self.steps.append(replace(step, window=self.window))

    def _button(self, event: PointerButton) -> None:
        if event.pressed:
            self.press = event
            self._add(RawStep(event.at_ns, _CLICKS[event.button], x=event.x, y=event.y))
            return
        press, self.press = self.press, None
        if press is None or press.button is not event.button:
            return
        at = self._last_click(press.at_ns)
        if at is None:
            return
        if max(abs(event.x - press.x), abs(event.y - press.y)) > CLICK_PIXELS:
            self.steps[at] = replace(self.steps[at], kind=ActionKind.DRAG, end=(event.x, event.y))
        elif press.button is Button.LEFT:
            self._merge_double(at)

    def _last_click(self, at_ns: int) -> int | None:
        """The place of the step that began with the press at this moment."""
        return next((i for i in range(len(self.steps) - 1, -1, -1) if self.steps[i].at_ns == at_ns), None)

    def _merge_double(self, at: int) -> None:
        if at == 0 or at != len(self.steps) - 1:
            return
        first, second = self.steps[at - 1], self.steps[at]
        close = max(abs(first.x - second.x), abs(first.y - second.y)) <= CLICK_PIXELS
        if first.kind is ActionKind.CLICK and close and second.at_ns - first.at_ns <= DOUBLE_CLICK_NS:
            self.steps[at - 1 :] = [replace(first, kind=ActionKind.DOUBLE_CLICK)]

    def _element(self, event: ElementSeen) -> None:
        if event.purpose is Purpose.FOCUS:
            self.focus = event
            return
        for at in range(len(self.steps) - 1, -1, -1):
            step = self.steps[at]
            if step.kind in {*_CLICKS.values(), ActionKind.DOUBLE_CLICK, ActionKind.DRAG}:
                if step.element is None:
                    self.steps[at] = replace(step, element=event)
                return

    def _scrolled(self, event: PointerScrolled) -> None:
        last = self.steps[-1] if self.steps else None
        if last is not None and last.kind is ActionKind.SCROLL and event.at_ns - last.at_ns <= SCROLL_NS:
            self.steps[-1] = replace(last, scroll_x=last.scroll_x + event.dx, scroll_y=last.scroll_y + event.dy)
            return
        self._add(RawStep(event.at_ns, ActionKind.SCROLL, x=event.x, y=event.y, scroll_x=event.dx, scroll_y=event.dy))

    def _key(self, event: Key) -> None:
        if event.name in MODIFIER_KEYS:
            modifier = _CHORD_NAMES.get(event.name, event.name)
            self.held.add(modifier) if event.pressed else self.held.discard(modifier)
        elif event.pressed:
            self._pressed(event)

    def _pressed(self, event: Key) -> None:
        chord = tuple(name for name in CHORD_ORDER if name in self.held)
        if "altgr" not in self.held and {"ctrl", "alt", "meta"} & set(chord):
            self._add(RawStep(event.at_ns, ActionKind.HOTKEY, keys=(*chord, event.name), element=self.focus))
        elif event.character and event.character.isprintable():
            self._typed(event, event.character)
        elif event.name == "backspace" and self._typing():
            self._typed(event, "\b")
        elif event.name not in NAMED_KEYS:
            self._typed(event, "")
        elif chord:
            self._add(RawStep(event.at_ns, ActionKind.HOTKEY, keys=(*chord, event.name), element=self.focus))
        else:
            self._add(RawStep(event.at_ns, ActionKind.KEY, keys=(event.name,), element=self.focus))

    def _typing(self) -> bool:
        return bool(self.steps) and self.steps[-1].kind is ActionKind.TYPE

    def _typed(self, event: Key, character: str) -> None:
        if self._typing():
            self.steps[-1] = replace(self.steps[-1], raw_text=self.steps[-1].raw_text + character)
        else:
            self._add(RawStep(event.at_ns, ActionKind.TYPE, raw_text=character, element=self.focus))


def build_steps(raw_events: tuple[RawEvent, ...]) -> tuple[RawStep, ...]:
    """The actions of a session in order, unredacted."""
    builder = _Builder()
    for event in raw_events:
        builder.see(event)
    return tuple(builder.steps)
