"""From raw events to raw steps: presses and releases become clicks, drags, chords and typed text. Pure.

Enters a session's events in order, leaves a tuple of `RawStep`. The steps are still raw: text is what was typed, names
are what the programmes said. Only `redaction.engine` may turn them into steps that leave.

Rules of this file:
1. A press and a release within `CLICK_PIXELS` are a click, farther apart a drag; two clicks close in time and place are
   a double click. The constants are those of the field's reducers (`openadapt-capture`, AgentNet).
2. A key pressed with ctrl, alt or meta is a chord. AltGr enters characters, so it counts as typing.
3. Characters that are entered into one field are one typed text, from the first to the last one or what erases; so are
   the edits between them (cursor keys, selecting, pasting), which say where in the text something was mended. Any other
   action ends it, Return and Tab too; edits before and after it are steps of their own. What erases is typed as well
   where a text was typed before, for the number of its presses is that text's length. A key without a name that may
   stay (a dead key, a lock) counts as typed too, so that accents do not show where they are.
4. Which texts that may have given is found by playing the edits again, field by field (`redaction.typing.typed`).
5. What is pressed in a password field is no step. The recorder withholds it; should it not, it is left out here.
6. When keys were missed, no key counts as held any more: a release that was lost must not make chords of what is typed.
7. Nothing is merged across a pause, a sleep or a change of monitors. Every step knows the monitors that were there at
   its moment; its places count from their common corner.
8. What was told of an action belongs to the step that its press went into, whenever it was told.
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
from capture.sources.base import PASSWORD_ROLES
from redaction.redacted import ActionKind
from redaction.typing.strokes import Edit, Stroke, entering, stroke_of
from redaction.typing.typed import Fields, Place, Typed, Visit

CLICK_PIXELS: Final = 5
DOUBLE_CLICK_NS: Final = 500_000_000
SCROLL_NS: Final = 1_000_000_000
LATE_FOCUS_NS: Final = 500_000_000
"""News of the focus that comes so soon after what moved it is about the keys between, too: programmes tell it late."""
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
    the frame once the screen stood still. They are None where the recorder did not say so. `raw_text` is what the field
    held after typing, near the cursor, and `typed` what it may have held at any moment; edits alone have it too.
    """

    at_ns: int
    kind: ActionKind
    x: int = 0
    y: int = 0
    end: tuple[int, int] | None = None
    keys: tuple[str, ...] = ()
    raw_text: str = ""
    typed: Typed | None = None
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
        effects: dict[int, list[UiEffect]] = {}
        for effect in self.effects:
            if effect.action_ns in places:
                effects.setdefault(places[effect.action_ns], []).append(effect)
        for at, told in effects.items():
            joined[at] = replace(joined[at], raw_effects=tuple(told))
        for settled in self.settled:
            if settled.action_ns in places:
                at = places[settled.action_ns]
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
    While keys go into one field, `began` is the step with which that began and `typing` the one of the typed text;
    `visits` says which visits of which field steps belong to. `moved_ns` is when something may have moved the focus of
    which there was no news yet, `untold` how many fields Tab led to while there was none at all. `clicked` is the last
    step that a press of a button began.
    """

    steps: list[RawStep] = field(default_factory=list)
    places: dict[int, int] = field(default_factory=dict)
    told: _Told = field(default_factory=_Told)
    held: set[str] = field(default_factory=set)
    press: PointerButton | None = None
    focus: ElementSeen | None = None
    window: WindowFocused | None = None
    place: Place = field(default_factory=lambda: Place(None, 0))
    untold: int = 0
    fields: Fields = field(default_factory=Fields)
    visits: dict[int, Visit] = field(default_factory=dict)
    began: int | None = None
    typing: int | None = None
    moved_ns: int | None = None
    clicked: int | None = None
    platform: str = ""
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
        """The steps, each with what was typed in it and what was told of it."""
        self._leave()
        for at, visit in self.visits.items():
            step, typed = self.steps[at], self.fields.typed(visit)
            if step.kind is ActionKind.TYPE:
                self.steps[at] = replace(step, raw_text=visit.raw_text, typed=typed)
            elif typed.raw_texts:
                self.steps[at] = replace(step, typed=typed)
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
        match event:
            case WindowFocused():
                self._windowed(event)
            case ElementSeen(purpose=Purpose.FOCUS):
                self._focused(event)
            case ElementSeen():
                self._element(event)

    def _placed(self, event: SessionStarted | DisplayChanged) -> None:
        """Counts the places that follow from these monitors' corner."""
        if isinstance(event, SessionStarted):
            self.platform = event.platform
        self.corner = corner_of(event)
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
            if self.began is not None:
                self.fields.press(self.place, Stroke(Edit.LOSE))

    def _part(self) -> None:
        """Lets nothing that comes be taken for the end of what was before."""
        self.held.clear()
        self.press = None
        self._leave()
        self.fields.part()
        self.first = len(self.steps)

    def _leave(self) -> None:
        """Ends the visit of a field: what is typed next is a step of its own."""
        self.fields.leave()
        self.began = self.typing = None

    def _add(self, step: RawStep) -> None:
        """Adds a step that is no edit of a field: what comes may go elsewhere."""
        self._leave()
        self.moved_ns = step.at_ns
        self._append(step)

    def _append(self, step: RawStep) -> None:
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
            self.clicked = len(self.steps)
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
            self.clicked = at - 1
            self._merge(second.at_ns, replace(first, kind=ActionKind.DOUBLE_CLICK))

    def _windowed(self, event: WindowFocused) -> None:
        self.window = event
        if self._turned():
            self._leave()
            self.moved_ns = event.at_ns

    def _focused(self, event: ElementSeen) -> None:
        """Takes the news of the focus; where it comes late, the keys since what moved it went there already."""
        moved_ns, self.moved_ns = self.moved_ns, None
        is_late = self.focus is None or (moved_ns is not None and event.at_ns - moved_ns <= LATE_FOCUS_NS)
        self.focus = event
        if not self._turned():
            return
        if self.began is None or not is_late or event.role in PASSWORD_ROLES:
            self._leave()
            return
        self.fields.move(self.place)
        self.steps[self.began :] = [replace(step, element=event) for step in self.steps[self.began :]]

    def _turned(self) -> bool:
        """Finds out which field has the keys now; True if it is another one than before. Titles do not count.

        Where nothing was told of the focus, each Tab leads to a field of its own.
        """
        window, focus, before = self.window, self.focus, self.place
        self.place = Place(
            None if window is None else (window.app, window.area),
            self.untold if focus is None else (focus.role, focus.name, focus.area),
        )
        return self.place != before

    def _element(self, event: ElementSeen) -> None:
        """The widget of the last click; what comes later is of no click."""
        at = self.clicked
        if at is not None and at >= self.first and self.steps[at].element is None:
            self.steps[at] = replace(self.steps[at], element=event)

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
        is_chord = "altgr" not in self.held and bool({"ctrl", "alt", "meta"} & set(chord))
        is_text = bool(event.character and event.character.isprintable()) or event.name not in NAMED_KEYS
        is_secret = self.focus is not None and self.focus.role in PASSWORD_ROLES
        if is_text and not is_chord:
            if not is_secret:
                self._typed(event, entering(event.name, event.character))
            return
        keys = (*chord, event.name)
        stroke = stroke_of(keys, platform=self.platform, has_lines=self._has_lines())
        step = RawStep(event.at_ns, ActionKind.HOTKEY if chord else ActionKind.KEY, keys=keys, element=self.focus)
        if stroke is None:
            self._commanded(step)
        elif not is_secret:
            self._edited(event, stroke, step)

    def _has_lines(self) -> bool:
        return self.focus is not None and "multi line" in self.focus.states

    def _commanded(self, step: RawStep) -> None:
        """A key or chord that is no edit; where lines can be broken, Return breaks one and then ends the text."""
        key, held = step.keys[-1], set(step.keys[:-1])
        if key == "enter" and held <= {"shift"} and self._has_lines():
            self._kept(step, Stroke(Edit.TYPE, text="\n"))
            self._leave()
            return
        self._add(step)
        if key == "enter":
            self.fields.enter(self.place)
        elif key == "tab" and self.focus is None:
            self.untold += 1
            self._turned()

    def _edited(self, event: Key, stroke: Stroke, step: RawStep) -> None:
        """An edit stays a step of its own until more is typed; what erases typed text is typing."""
        if stroke.edit is Edit.ERASE and (self.typing is not None or self.fields.holds(self.place)):
            self._typed(event, stroke)
        else:
            self._kept(step, stroke)

    def _kept(self, step: RawStep, stroke: Stroke) -> None:
        at = len(self.steps)
        self.began = at if self.began is None else self.began
        self.visits[at] = self.fields.press(self.place, stroke)
        self._append(step)

    def _typed(self, event: Key, stroke: Stroke) -> None:
        """Takes a press into the text that is being typed, with the edits since it was last added to."""
        if self.typing is None:
            self.typing = len(self.steps)
            self._kept(RawStep(event.at_ns, ActionKind.TYPE, element=self.focus), stroke)
            return
        self.fields.press(self.place, stroke)
        while len(self.steps) > self.typing + 1:
            self.visits.pop(len(self.steps) - 1)
            self.places[self.steps.pop().at_ns] = self.typing
        self.places[event.at_ns] = self.typing


def build_steps(raw_events: tuple[RawEvent, ...]) -> tuple[RawStep, ...]:
    """The actions of a session in order, unredacted."""
    builder = _Builder()
    for event in raw_events:
        builder.see(event)
    return builder.finished()


def corner_of(event: SessionStarted | DisplayChanged) -> tuple[int, int]:
    """The upper left corner of all monitors from this event on; the places of an image count from it."""
    lefts, tops = (one.x for one in event.monitors), (one.y for one in event.monitors)
    return min(lefts, default=0), min(tops, default=0)


def begins_stretch(event: RawEvent) -> bool:
    """Whether recording begins anew here, with a whole frame: no frame from before shows what comes."""
    return isinstance(event, DisplayChanged) or (isinstance(event, Gap) and event.reason is GapReason.PAUSED)
