"""Events wait here until they may be judged; then they leave as committed events, or as a count in a gap.

Raw observations go in with their moment; out come events in order of time. Rules of this file:
1. Everything put in is accounted for exactly once: as kept, as coalesced with the next, or as refused.
2. Judging goes in order of time and stops at the first that must still wait, so a release never overtakes its press.
3. The release of a key or button is judged like its press; without a press that was kept it is refused. The release of
   a button must also lie on an allowed window itself.
"""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass
from operator import attrgetter
from typing import Final, TypeAlias

from capture.events import (
    ElementSeen,
    Gap,
    GapReason,
    Key,
    PointerButton,
    PointerMoved,
    PointerScrolled,
    RawEvent,
    WindowFocused,
)
from capture.focus import History, Hold, Verdict
from capture.frames import Screen, TileWriter

PATIENCE_NS: Final = 800_000_000
"""How long a key waits for news of which widget has the focus; then it is refused."""
MOVE_NS: Final = 40_000_000
"""Pointer moves closer together than this become one."""


@dataclass(frozen=True, slots=True)
class Counters:
    """What became of everything that the sources gave: produced = committed + coalesced + refused."""

    produced: int = 0
    committed: int = 0
    coalesced: int = 0
    refused: int = 0


class Account:
    """Counts what became of everything, and holds the gaps that have not been said yet."""

    def __init__(self) -> None:
        self.produced = self.committed = self.coalesced = self.refused = 0
        self._gaps: dict[tuple[GapReason, str], Gap] = {}

    def refuse(self, reason: GapReason, source: str, *, at_ns: int) -> None:
        """One observation of this source is not captured."""
        self.refused += 1
        self._mark(reason, source, at_ns=at_ns, count=1)

    def fail(self, source: str, *, at_ns: int) -> None:
        """A source broke at this moment; nobody knows how much was missed."""
        self._mark(GapReason.SOURCE_FAILED, source, at_ns=at_ns, count=0)

    def take_gaps(self) -> tuple[Gap, ...]:
        """The gaps since the last call, one for each reason and source."""
        gaps = tuple(self._gaps.values())
        self._gaps.clear()
        return gaps

    def counters(self) -> Counters:
        """How the account stands."""
        return Counters(self.produced, self.committed, self.coalesced, self.refused)

    def _mark(self, reason: GapReason, source: str, *, at_ns: int, count: int) -> None:
        old = self._gaps.get((reason, source), Gap(at_ns, at_ns, reason, source, 0))
        start, end = min(old.at_ns, at_ns), max(old.until_ns, at_ns)
        self._gaps[reason, source] = Gap(start, end, reason, source, old.count + count)


@dataclass(frozen=True, slots=True)
class RawFrame:
    """A screen, blanked but not yet judged, and the windows that can be seen on it."""

    pixels: Screen
    windows: frozenset[int]


@dataclass(frozen=True, slots=True)
class Observed:
    """A widget or a window that was observed, and the window that it belongs to."""

    event: ElementSeen | WindowFocused
    window: int


@dataclass(frozen=True, slots=True)
class Press:
    """A button that went down, and what was under it, if the programme told."""

    event: PointerButton
    element: ElementSeen | None


Content: TypeAlias = Key | PointerButton | PointerMoved | PointerScrolled | Press | Observed | RawFrame


@dataclass(frozen=True, slots=True)
class _Held:
    at_ns: int
    due_ns: int
    content: Content


class Waiting:
    """What was observed and not judged yet."""

    def __init__(self, history: History, account: Account) -> None:
        self._history, self._account = history, account
        self._held: list[_Held] = []
        self._pressed: dict[str, Verdict] = {}
        self._tiles = TileWriter()
        self._last_move_ns = -MOVE_NS
        self.frames_refused = 0

    def add(self, content: Content, at_ns: int, *, hold_ns: int) -> None:
        """Takes something that was observed at this moment, to be judged not before the holding time is over."""
        self._account.produced += 2 if isinstance(content, Press) and content.element is not None else 1
        if isinstance(content, PointerMoved) and self._joins_last_move(at_ns):
            self._account.coalesced += 1
            self._held.pop()
        elif isinstance(content, PointerMoved):
            self._last_move_ns = at_ns
        insort(self._held, _Held(at_ns, at_ns + hold_ns, content), key=attrgetter("at_ns"))

    def coalesce(self) -> None:
        """Counts a screen that was the same as the last one."""
        self._account.produced += 1
        self._account.coalesced += 1

    def refuse(self, reason: GapReason, source: str, *, at_ns: int) -> None:
        """Counts an observation that is refused before it is even held."""
        self._account.produced += 1
        self._account.refuse(reason, source, at_ns=at_ns)

    @property
    def oldest_ns(self) -> int | None:
        """The moment of the oldest thing that waits, None when nothing does."""
        return self._held[0].at_ns if self._held else None

    def judge(self, now_ns: int) -> tuple[RawEvent, ...]:
        """The events that are kept; what is refused goes to the account."""
        kept: list[RawEvent] = []
        while self._held and self._held[0].due_ns <= now_ns:
            held = self._held[0]
            verdict = self._verdict(held)
            if verdict is Hold.WAIT and now_ns < held.at_ns + PATIENCE_NS:
                break
            self._held.pop(0)
            kept += self._judged(held, GapReason.UNKNOWN_FOCUS if verdict is Hold.WAIT else verdict)
        return tuple(kept)

    def give_up(self) -> None:
        """Refuses all that still waits."""
        for held in self._held:
            self._judged(held, GapReason.UNKNOWN_FOCUS)
        self._held.clear()

    def _joins_last_move(self, at_ns: int) -> bool:
        last = self._held[-1] if self._held else None
        return last is not None and isinstance(last.content, PointerMoved) and at_ns - self._last_move_ns < MOVE_NS

    def _verdict(self, held: _Held) -> Verdict:
        history, until = self._history, held.due_ns
        match held.content:
            case Key() as key:
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

    def _judged(self, held: _Held, verdict: Verdict) -> tuple[RawEvent, ...]:
        self._remember(held.content, verdict)
        if isinstance(verdict, GapReason):
            self._refuse(held, verdict)
            return ()
        match held.content:
            case Press(event, element):
                return (event,) if element is None else (event, element)
            case Observed(event):
                return (event,)
            case RawFrame(pixels):
                return self._packed(pixels, held.at_ns)
            case event:
                return (event,)

    def _packed(self, pixels: Screen, at_ns: int) -> tuple[RawEvent, ...]:
        frame = self._tiles.write(pixels, at_ns)
        if frame is None:
            self._account.coalesced += 1
            return ()
        return (frame,)

    def _remember(self, content: Content, verdict: Verdict) -> None:
        match content:
            case Key(name=name, pressed=True):
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
        self.frames_refused += isinstance(held.content, RawFrame)


def _source(content: Content) -> str:
    match content:
        case Key():
            return "keyboard"
        case Press() | PointerButton() | PointerMoved() | PointerScrolled():
            return "pointer"
        case Observed(event=ElementSeen()):
            return "elements"
        case Observed():
            return "windows"
        case RawFrame():
            return "screen"
