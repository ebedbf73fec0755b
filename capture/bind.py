"""Which frame an action was taken on, and which one shows what it led to. Pure.

What was seen of the screen and the actions that were kept go in; `FrameBound` and `ScreenSettled` come out. Rules:
1. The frame of an action is the last one that was complete before it, never one that may show what it did.
2. A frame is exact (`stale_ns` 0) unless the screen is known to have changed between it and the action.
3. Characters typed one after another are one action, as they are one in the data set; so are turns of the wheel.
4. The screen has settled when it stood still for `SETTLED_NS`; it has not when the next action came before, or when it
   still moved after `LIMIT_NS`.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from capture.events import MODIFIER_KEYS, NAMED_KEYS, FrameBound, Key, PointerButton, PointerScrolled, ScreenSettled

SETTLED_NS: Final = 300_000_000
"""Recorders that wait for a still screen after an action wait 200 to 500 ms (screenpipe, its capture specification)."""
LIMIT_NS: Final = 3_000_000_000
RUN_NS: Final = 1_000_000_000
"""Turns of the wheel within this time of the first are one action."""
RECENT_NS: Final = 1_500_000_000
"""What a widget tells within this time after an action counts as its effect."""
KEPT_NS: Final = 10_000_000_000

Action: TypeAlias = PointerButton | PointerScrolled | Key
Bound: TypeAlias = FrameBound | ScreenSettled


@dataclass(frozen=True, slots=True)
class Seen:
    """At `at_ns` the screen looked like the frame of `frame_ns`; it had begun to change at `since_ns`, if it had."""

    at_ns: int
    frame_ns: int
    since_ns: int | None


@dataclass(frozen=True, slots=True)
class _Run:
    """An action that may go on: typed characters, turns of the wheel."""

    kind: str
    action_ns: int
    last_ns: int


class Binder:
    """Binds the actions of one stretch, in order of time."""

    def __init__(self) -> None:
        self._seen: deque[Seen] = deque()
        self._run: _Run | None = None
        self._settling = False

    def saw(self, seen: Seen) -> None:
        """Takes what a grab showed; grabs come in order of time."""
        self._seen.append(seen)
        while len(self._seen) > 2 and self._seen[1].at_ns < seen.at_ns - KEPT_NS:
            self._seen.popleft()

    def acted(self, action: Action, *, dirty_ns: int | None, alone: bool = False) -> tuple[Bound, ...]:
        """What is said when this action was kept; `dirty_ns`: since when the screen has changed unseen.

        With `alone` it is no part of what is typed (a chord).
        """
        kind = f"chord {action.at_ns}" if alone else self._kind(action)
        run = self._run
        if run is not None and run.kind == kind and (kind == "type" or action.at_ns - run.action_ns <= RUN_NS):
            self._run, self._settling = replace(run, last_ns=action.at_ns), True
            return ()
        before = self._settled(action.at_ns, dirty_ns=dirty_ns, over=True)
        self._run, self._settling = _Run(kind, action.at_ns, action.at_ns), True
        bound = self._bound(action.at_ns, dirty_ns)
        return before if bound is None else (*before, bound)

    def settled(self, until_ns: int, *, dirty_ns: int | None) -> tuple[Bound, ...]:
        """What is said of the last action once all up to a moment is known: nothing while it may still settle."""
        return self._settled(until_ns, dirty_ns=dirty_ns, over=False)

    def cause_of(self, at_ns: int) -> int:
        """The moment of the action that something at this moment followed, 0 when there was none soon before."""
        run = self._run
        if run is None or not 0 <= at_ns - run.last_ns <= RECENT_NS:
            return 0
        return run.action_ns

    @property
    def waits(self) -> bool:
        """Whether the screen is still awaited to settle."""
        return self._settling

    def _kind(self, action: Action) -> str:
        match action:
            case PointerButton():
                return f"button {action.at_ns}"
            case PointerScrolled():
                return "scroll"
            case Key(name=name, character=character):
                typing = self._run is not None and self._run.kind == "type"
                types = bool(character) or name not in NAMED_KEYS or (name == "backspace" and typing)
                return "type" if types else f"key {action.at_ns}"

    def _bound(self, at_ns: int, dirty_ns: int | None) -> FrameBound | None:
        before, later = None, dirty_ns
        for seen in reversed(self._seen):
            if seen.at_ns <= at_ns:
                before = seen
                break
            later = seen.since_ns
        if before is None:
            return None
        return FrameBound(at_ns, before.frame_ns, 0 if later is None else max(at_ns - later, 0))

    def _settled(self, until_ns: int, *, dirty_ns: int | None, over: bool) -> tuple[Bound, ...]:
        run = self._run
        if run is None or not self._settling:
            return ()
        seen = next((seen for seen in reversed(self._seen) if seen.at_ns <= until_ns), None)
        if seen is None:
            return ()
        still = until_ns - max(run.last_ns, seen.frame_ns) >= SETTLED_NS and (dirty_ns is None or dirty_ns > until_ns)
        if not (still or over or until_ns - run.last_ns >= LIMIT_NS):
            return ()
        self._settling = False
        return (ScreenSettled(until_ns, run.action_ns, seen.frame_ns, still),)


def begins_nothing(action: Action) -> bool:
    """Whether an event is only part of another action: a release, or a modifier on its own."""
    if isinstance(action, PointerScrolled):
        return False
    return not action.pressed or (isinstance(action, Key) and action.name in MODIFIER_KEYS)
