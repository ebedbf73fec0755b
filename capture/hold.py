"""Events wait here until they may be judged; then they leave as committed events, or as a count in a gap.

Raw observations go in with their moment; out come events in order of time. Rules of this file:
1. Everything put in is accounted for exactly once: as kept, as coalesced with the next, or as refused.
2. Judging goes in order of time and stops at the first that must still wait, so a release never overtakes its press.
3. The release of a key or button is judged like its press; without a press that was kept it is refused. The release of
   a button must also lie on an allowed window itself.
4. Moves of the pointer that were kept one after another are thinned to a path with a stated error (`capture.path`).
5. What only describes something kept (its frame, its command, that the screen settled) is not counted.
"""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Final, TypeAlias

import msgspec

from capture.account import Account
from capture.bind import Action, Binder, Seen, begins_nothing
from capture.blank import blank_areas
from capture.camera import RawFrame
from capture.events import (
    Area,
    Effect,
    ElementSeen,
    GapReason,
    Key,
    PointerButton,
    PointerMoved,
    PointerScrolled,
    RawEvent,
    Shortcut,
    UiEffect,
    WindowFocused,
)
from capture.focus import History, Hold, Verdict
from capture.frames import TileWriter
from capture.path import thin
from capture.sources.base import ITEM_ROLES

PATIENCE_NS: Final = 800_000_000
"""How long a thing waits for news of the focus, or of what a window shows; then it is refused."""


@dataclass(frozen=True, slots=True)
class Observed:
    """A widget or a window that was observed, and the window that it belongs to."""

    event: ElementSeen | WindowFocused | UiEffect
    window: int


@dataclass(frozen=True, slots=True)
class Chord:
    """A key that went down while others were held, and what it is a shortcut of."""

    event: Key
    shortcut: Shortcut


@dataclass(frozen=True, slots=True)
class Press:
    """A button that went down, and what was under it, if the programme told."""

    event: PointerButton
    element: ElementSeen | None


Content: TypeAlias = Key | Chord | PointerButton | PointerMoved | PointerScrolled | Press | Observed | RawFrame


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the screen when things are judged: since when it has changed, and what it must not show."""

    dirty_ns: int | None = None
    secret: tuple[Area, ...] = ()


@dataclass(frozen=True, slots=True)
class _Held:
    at_ns: int
    due_ns: int
    content: Content


class Waiting:
    """What was observed on a screen at this place, and not judged yet."""

    def __init__(self, history: History, account: Account, *, screen: Area, tiles: TileWriter) -> None:
        self._history, self._account = history, account
        self._screen, self._tiles = screen, tiles
        self._binder = Binder()
        self._held: list[_Held] = []
        self._pressed: dict[str, Verdict] = {}
        self._last_frame_ns: int | None = None
        self._chose_ns: int | None = None
        self._refused_frames: list[RawFrame] = []

    def add(self, content: Content, at_ns: int, *, hold_ns: int) -> None:
        """Takes something that was observed at this moment, to be judged not before the holding time is over."""
        self._account.produced += 2 if isinstance(content, Press) and content.element is not None else 1
        insort(self._held, _Held(at_ns, at_ns + hold_ns, content), key=attrgetter("at_ns"))

    def refuse(self, reason: GapReason, source: str, *, at_ns: int) -> None:
        """Counts an observation that is refused before it is even held."""
        self._account.produced += 1
        self._account.refuse(reason, source, at_ns=at_ns)

    @property
    def oldest_ns(self) -> int | None:
        """The moment of the oldest thing that waits, None when nothing does."""
        return self._held[0].at_ns if self._held else None

    @property
    def due_ns(self) -> int | None:
        """When the oldest thing may be judged, None when nothing waits."""
        return self._held[0].due_ns if self._held else None

    @property
    def settles(self) -> bool:
        """Whether it is still to be said how the screen looks after the last action."""
        return self._binder.waits

    def take_refused_frames(self) -> tuple[RawFrame, ...]:
        """The frames refused since the last call: what they showed must be taken again."""
        refused, self._refused_frames = tuple(self._refused_frames), []
        return refused

    def judge(self, now_ns: int, known: Known) -> tuple[RawEvent, ...]:
        """The events that are kept; what is refused goes to the account."""
        kept: list[RawEvent | None] = []
        while self._held and self._held[0].due_ns <= now_ns:
            held = self._held[0]
            verdict = self._verdict(held)
            if verdict is Hold.WAIT and now_ns < held.at_ns + PATIENCE_NS:
                break
            self._held.pop(0)
            kept += self._judged(held, _unknown(held.content) if verdict is Hold.WAIT else verdict, known) or (None,)
        return self._thinned(kept)

    def settled(self, until_ns: int, known: Known) -> tuple[RawEvent, ...]:
        """What is to be said of how the screen looks after the last action, by what was judged up to a moment."""
        return self._binder.settled(until_ns, dirty_ns=self._dirty_ns(known))

    def give_up(self) -> None:
        """Refuses all that still waits."""
        for held in self._held:
            self._judged(held, _unknown(held.content), Known())
        self._held.clear()

    def _thinned(self, kept: list[RawEvent | None]) -> tuple[RawEvent, ...]:
        """What was kept, its paths thinned; a path ends where something was refused (None)."""
        events: list[RawEvent] = []
        for moves, run in groupby(kept, key=_is_move):
            if moves:
                path = tuple(event for event in run if isinstance(event, PointerMoved))
                events += (short := thin(path))
                self._account.coalesced += len(path) - len(short)
            else:
                events += (event for event in run if event is not None)
        return tuple(events)

    def _verdict(self, held: _Held) -> Verdict:
        history, until = self._history, held.due_ns
        match held.content:
            case Chord(event=key) | (Key() as key):
                return self._key_verdict(key, until)
            case Press(event) | (PointerButton() as event):
                return self._button_verdict(event, until)
            case PointerMoved(x=x, y=y) | PointerScrolled(x=x, y=y):
                return history.place(held.at_ns, until, point=(x, y))
            case Observed(window=window):
                return history.shown(held.at_ns, until, windows=frozenset((window,)))
            case RawFrame(windows=windows):
                return history.shown(held.at_ns, until, windows=windows)

    def _key_verdict(self, key: Key, until_ns: int) -> Verdict:
        if not key.pressed:
            return self._pressed.get(f"key {key.name}", GapReason.UNKNOWN_FOCUS)
        return self._history.key(key.at_ns, until_ns, enters=key.character)

    def _button_verdict(self, event: PointerButton, until_ns: int) -> Verdict:
        place = self._history.place(event.at_ns, until_ns, point=(event.x, event.y))
        if event.pressed or place is not Hold.KEEP:
            return place
        return self._pressed.get(f"button {event.button.value}", GapReason.UNKNOWN_OWNER)

    def _judged(self, held: _Held, verdict: Verdict, known: Known) -> tuple[RawEvent, ...]:
        self._remember(held.content, verdict)
        if _chooses(held.content):
            self._chose_ns = held.at_ns
        if isinstance(verdict, GapReason):
            self._refuse(held, verdict)
            return ()
        return self._kept(held.content, known)

    def _kept(self, content: Content, known: Known) -> tuple[RawEvent, ...]:
        match content:
            case Press(event, element):
                seen = () if element is None else (element,)
                return (event, *seen, *self._bound(event, known))
            case Chord(event, shortcut):
                return (event, shortcut, *self._bound(event, known, alone=True))
            case Key() | PointerButton() | PointerScrolled():
                return (content, *self._bound(content, known))
            case Observed(event=UiEffect() as effect):
                return self._caused(effect)
            case RawFrame():
                return self._packed(content, known)
        return (content.event if isinstance(content, Observed) else content,)

    def _caused(self, effect: UiEffect) -> tuple[RawEvent, ...]:
        """The effect with its action. That an item of a menu was chosen is only believed after a click on one or a key
        that chooses: programmes tell the same of a menu that was closed otherwise."""
        cause = self._binder.cause_of(effect.at_ns)
        if effect.effect is Effect.SELECTED and effect.role in ITEM_ROLES and cause != self._chose_ns:
            self._account.coalesced += 1
            return ()
        return (msgspec.structs.replace(effect, action_ns=cause),)

    def _bound(self, action: Action, known: Known, *, alone: bool = False) -> tuple[RawEvent, ...]:
        if begins_nothing(action):
            return ()
        return self._binder.acted(action, dirty_ns=self._dirty_ns(known), alone=alone)

    def _dirty_ns(self, known: Known) -> int | None:
        """Since when the screen differs from the last frame that was judged: those that still wait count as well."""
        frames = (held.content for held in self._held if isinstance(held.content, RawFrame))
        moments = (known.dirty_ns, *(frame.since_ns for frame in frames))
        return min((at_ns for at_ns in moments if at_ns is not None), default=None)

    def _packed(self, raw: RawFrame, known: Known) -> tuple[RawEvent, ...]:
        blank_areas(raw.pixels, known.secret, place=raw.area)
        place = (raw.area.x - self._screen.x, raw.area.y - self._screen.y)
        frame = self._tiles.write(raw.pixels, raw.at_ns, x=place[0], y=place[1])
        if frame is not None:
            self._last_frame_ns = raw.at_ns
        if self._last_frame_ns is not None:
            self._binder.saw(Seen(raw.at_ns, self._last_frame_ns, raw.since_ns))
        if frame is None:
            self._account.coalesced += 1
            return ()
        return (frame,)

    def _remember(self, content: Content, verdict: Verdict) -> None:
        match content:
            case Chord(event=Key(name=name)) | Key(name=name, pressed=True):
                self._pressed[f"key {name}"] = verdict
            case Key(name=name):
                self._pressed.pop(f"key {name}", None)
            case Press(event):
                self._pressed[f"button {event.button.value}"] = verdict
            case PointerButton(button=button):
                self._pressed.pop(f"button {button.value}", None)
            case _:
                pass

    def _refuse(self, held: _Held, reason: GapReason) -> None:
        self._account.refuse(reason, _source(held.content), at_ns=held.at_ns)
        if isinstance(held.content, Press) and held.content.element is not None:
            self._account.refuse(reason, "elements", at_ns=held.at_ns)
        if isinstance(held.content, RawFrame):
            self._refused_frames.append(held.content)


def _chooses(content: Content) -> bool:
    """Whether this can choose an item of a menu."""
    match content:
        case Press(element=ElementSeen(role=role)):
            return role in ITEM_ROLES
        case Key(name=name, pressed=True):
            return name in {"enter", "space"}
        case _:
            return False


def _is_move(event: RawEvent | None) -> bool:
    return isinstance(event, PointerMoved)


def _unknown(content: Content) -> GapReason:
    """The reason to refuse what waited in vain."""
    return GapReason.UNKNOWN_FOCUS if isinstance(content, Key | Chord) else GapReason.UNKNOWN_OWNER


def _source(content: Content) -> str:
    match content:
        case Key() | Chord():
            return "keyboard"
        case Press() | PointerButton() | PointerMoved() | PointerScrolled():
            return "pointer"
        case Observed(event=ElementSeen() | UiEffect()):
            return "elements"
        case Observed():
            return "windows"
        case RawFrame():
            return "screen"
