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
5. Nothing is merged across a pause, a sleep or a change of monitors. Every step knows the monitors that were there at
   its moment; its places count from their common corner.
6. What was told of an action belongs to the step that its press went into, whenever it was told.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final, assert_never

import msgspec

from capture.events import (
    MODIFIER_KEYS,
    NAMED_KEYS,
    Button,
    DisplayChanged,
    ElementSeen,
    Frame,
    FrameBound,
    Gap,
    GapReason,
    Key,
    PointerButton,
    PointerMoved,
    PointerScrolled,
    Purpose,
    RawEvent,
    ScreenSettled,
    SessionEnded,
    SessionStarted,
    Shortcut,
    Suspended,
    UiEffect,
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
    """One action as it happened, unredacted. Places are pixels of the virtual screen.

    `corner` is the upper left corner of all monitors at that moment, `stretch` how often recording had begun anew.
    `frame_ns` names the frame before the action and `stale_ns` for how long it had been out of date; `after_ns` names
    the frame once the screen stood still. They are None where the recorder did not say so.
    """

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
    raw_command: str = ""
    raw_menu: tuple[str, ...] = ()
    raw_effects: tuple[UiEffect, ...] = ()
    frame_ns: int | None = None
    stale_ns: int | None = None
    after_ns: int | None = None
    corner: tuple[int, int] = (0, 0)
    stretch: int = 0

    def __repr__(self) -> str:
        return f"RawStep({self.kind.value})"

    def in_image(self) -> RawStep:
        """The same step with its places counted from the corner of the image instead of the virtual screen's."""
        dx, dy = -self.corner[0], -self.corner[1]
        element = self.element
        if element is not None:
            area = msgspec.structs.replace(element.area, x=element.area.x + dx, y=element.area.y + dy)
            element = msgspec.structs.replace(element, area=area)
        end = None if self.end is None else (self.end[0] + dx, self.end[1] + dy)
        return replace(self, x=self.x + dx, y=self.y + dy, end=end, element=element, corner=(0, 0))


@dataclass(slots=True)
class _Told:
    """What was told of actions, by the moment of the press that it is about; it may come before or after the press."""

    bound: dict[int, FrameBound] = field(default_factory=dict)
    settled: list[ScreenSettled] = field(default_factory=list)
    shortcuts: dict[int, Shortcut] = field(default_factory=dict)
    effects: list[UiEffect] = field(default_factory=list)

    def hear(self, event: Shortcut | UiEffect | FrameBound | ScreenSettled) -> None:
        """Keeps it until the steps are known."""
        match event:
            case Shortcut():
                self.shortcuts[event.at_ns] = event
            case UiEffect():
                self.effects.append(event)
            case FrameBound():
                self.bound[event.at_ns] = event
            case ScreenSettled():
                self.settled.append(event)

    def joined(self, steps: list[RawStep], places: dict[int, int]) -> tuple[RawStep, ...]:
        """The steps with what was told of them; `places` says into which step the press of a moment went.

        Of what was told about whether the screen stood still, the last is true: a step may have several presses.
        """
        joined = [self._before(step) for step in steps]
        for effect in self.effects:
            at = places.get(effect.action_ns)
            if at is not None:
                joined[at] = replace(joined[at], raw_effects=(*joined[at].raw_effects, effect))
        for settled in self.settled:
            at = places.get(settled.action_ns)
            if at is not None:
                joined[at] = replace(joined[at], after_ns=settled.frame_ns if settled.settled else None)
        return tuple(joined)

    def _before(self, step: RawStep) -> RawStep:
        """The step with its command and its frame: both belong to its first press."""
        bound, shortcut = self.bound.get(step.at_ns), self.shortcuts.get(step.at_ns)
        if bound is not None:
            step = replace(step, frame_ns=bound.frame_ns, stale_ns=bound.stale_ns)
        if shortcut is not None and step.kind in {ActionKind.HOTKEY, ActionKind.KEY}:
            step = replace(step, raw_command=shortcut.command, raw_menu=shortcut.menu)
        return step


@dataclass(slots=True)
class _Builder:
    """The state between events; every event is given to `see` once, in order.

    `places` says into which step the press of a moment went, `first` which step is the first that may still be merged.
    """

    steps: list[RawStep] = field(default_factory=list)
    places: dict[int, int] = field(default_factory=dict)
    told: _Told = field(default_factory=_Told)
    held: set[str] = field(default_factory=set)
    press: PointerButton | None = None
    focus: ElementSeen | None = None
    window: WindowFocused | None = None
    first: int = 0
    corner: tuple[int, int] = (0, 0)
    stretch: int = 0

    def see(self, event: RawEvent) -> None:
        """Takes one event into the steps."""
        match event:
            case PointerButton() | PointerScrolled() | Key() | SessionEnded():
                self._acted(event)
            case WindowFocused() | ElementSeen():
                self._noticed(event)
            case Shortcut() | UiEffect() | FrameBound() | ScreenSettled():
                self.told.hear(event)
            case SessionStarted() | DisplayChanged():
                self._placed(event)
            case Suspended() | Gap():
                self._missed(event)
            case PointerMoved() | Frame():
                pass
            case _:
                assert_never(event)

    def finished(self) -> tuple[RawStep, ...]:
        """The steps, each with what was told of it."""
        return self.told.joined(self.steps, self.places)

    def _acted(self, event: PointerButton | PointerScrolled | Key | SessionEnded) -> None:
        match event:
            case PointerButton():
                self._button(event)
            case PointerScrolled():
                self._scrolled(event)
            case Key():
                self._key(event)
            case SessionEnded():
                self._add(RawStep(event.at_ns, ActionKind.DONE))

    def _noticed(self, event: WindowFocused | ElementSeen) -> None:
        if isinstance(event, WindowFocused):
            self.window = event
        else:
            self._element(event)

    def _placed(self, event: SessionStarted | DisplayChanged) -> None:
        """Counts the places that follow from these monitors' corner."""
        self.corner = (
            min((one.x for one in event.monitors), default=0),
            min((one.y for one in event.monitors), default=0),
        )
        if begins_stretch(event):
            self._part()
            self.stretch += 1

    def _missed(self, event: Suspended | Gap) -> None:
        if begins_stretch(event):
            self.stretch += 1
        if isinstance(event, Suspended) or event.reason is GapReason.PAUSED:
            self._part()
        elif event.source in {"keyboard", "recorder"}:
            self.held.clear()

    def _part(self) -> None:
        """Lets nothing that comes be taken for the end of what was before."""
        self.held.clear()
        self.press = None
        self.first = len(self.steps)

    def _add(self, step: RawStep) -> None:
        self.places[step.at_ns] = len(self.steps)
        self.steps.append(replace(step, window=self.window, corner=self.corner, stretch=self.stretch))

    def _last(self) -> RawStep | None:
        """The step that what comes may still be merged with."""
        return self.steps[-1] if len(self.steps) > self.first else None

    def _merge(self, at_ns: int, step: RawStep) -> None:
        """Puts a step in the place of the last one, which the press at this moment went into."""
        self.steps[-1] = step
        self.places[at_ns] = len(self.steps) - 1

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
        if at <= self.first or at != len(self.steps) - 1:
            return
        first, second = self.steps[at - 1], self.steps[at]
        close = max(abs(first.x - second.x), abs(first.y - second.y)) <= CLICK_PIXELS
        if first.kind is ActionKind.CLICK and close and second.at_ns - first.at_ns <= DOUBLE_CLICK_NS:
            self.steps.pop()
            self._merge(second.at_ns, replace(first, kind=ActionKind.DOUBLE_CLICK))

    def _element(self, event: ElementSeen) -> None:
        if event.purpose is Purpose.FOCUS:
            self.focus = event
            return
        for at in range(len(self.steps) - 1, self.first - 1, -1):
            step = self.steps[at]
            if step.kind in {*_CLICKS.values(), ActionKind.DOUBLE_CLICK, ActionKind.DRAG}:
                if step.element is None:
                    self.steps[at] = replace(step, element=event)
                return

    def _scrolled(self, event: PointerScrolled) -> None:
        last = self._last()
        if last is not None and last.kind is ActionKind.SCROLL and event.at_ns - last.at_ns <= SCROLL_NS:
            turned = replace(last, scroll_x=last.scroll_x + event.dx, scroll_y=last.scroll_y + event.dy)
            self._merge(event.at_ns, turned)
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
        elif event.name == "backspace" and self._typing() is not None:
            self._typed(event, "\b")
        elif event.name not in NAMED_KEYS:
            self._typed(event, "")
        elif chord:
            self._add(RawStep(event.at_ns, ActionKind.HOTKEY, keys=(*chord, event.name), element=self.focus))
        else:
            self._add(RawStep(event.at_ns, ActionKind.KEY, keys=(event.name,), element=self.focus))

    def _typing(self) -> RawStep | None:
        """The step that more characters belong to."""
        last = self._last()
        return last if last is not None and last.kind is ActionKind.TYPE else None

    def _typed(self, event: Key, character: str) -> None:
        last = self._typing()
        if last is not None:
            self._merge(event.at_ns, replace(last, raw_text=last.raw_text + character))
        else:
            self._add(RawStep(event.at_ns, ActionKind.TYPE, raw_text=character, element=self.focus))


def build_steps(raw_events: tuple[RawEvent, ...]) -> tuple[RawStep, ...]:
    """The actions of a session in order, unredacted."""
    builder = _Builder()
    for event in raw_events:
        builder.see(event)
    return builder.finished()


def begins_stretch(event: RawEvent) -> bool:
    """Whether recording begins anew here, with a whole frame: no frame from before shows what comes."""
    return isinstance(event, DisplayChanged) or (isinstance(event, Gap) and event.reason is GapReason.PAUSED)
