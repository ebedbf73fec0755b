"""The rules of order that `docs/events.md` promises, asked of the events of one session; what is broken comes out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

from capture.events import (
    DisplayChanged,
    ElementSeen,
    Frame,
    FrameBound,
    Gap,
    GapReason,
    Key,
    PointerButton,
    PointerScrolled,
    Purpose,
    RawEvent,
    ScreenSettled,
    SessionEnded,
    SessionStarted,
    Shortcut,
)

Events = tuple[RawEvent, ...]
BESIDE = (ElementSeen, Shortcut, ScreenSettled, FrameBound)
"""What may stand between an action and what describes it."""


def broken(events: Events, rotations: tuple[int, ...]) -> tuple[str, ...]:
    """The rules that do not hold, by their numbers on the page; `rotations` are the places of the first event of each
    segment that a pause or other monitors began.
    """
    rules: tuple[Callable[[Events], bool], ...] = (
        _marks,
        _in_time,
        _together,
        _frames_first,
        _settles,
        _before,
        _pairs,
    )
    failed = tuple(rule.__name__.strip("_") for rule in rules if not rule(events))
    return failed if _begins(events, rotations) else (*failed, "begins")


def _marks(events: Events) -> bool:
    """Rule 1."""
    kinds = [type(event) for event in events]
    return (
        kinds[0] is SessionStarted and kinds[-1] is SessionEnded and len(set(kinds[1:-1]) & {kinds[0], kinds[-1]}) == 0
    )


def _in_time(events: Events) -> bool:
    """Rules 2 and 8."""
    return all(before.at_ns <= after.at_ns for before, after in pairwise(events))


def _together(events: Events) -> bool:
    """Rule 3."""
    return all(
        _action_before(events, place) == event.at_ns
        for place, event in enumerate(events)
        if isinstance(event, FrameBound | Shortcut)
        or (isinstance(event, ElementSeen) and event.purpose is Purpose.CLICK)
    )


def _action_before(events: Events, place: int) -> int | None:
    before = (event for event in reversed(events[:place]) if not isinstance(event, BESIDE))
    action = next(before, None)
    return action.at_ns if isinstance(action, Key | PointerButton | PointerScrolled) else None


def _frames_first(events: Events) -> bool:
    """Rule 4."""
    seen: set[int] = set()
    for event in events:
        if isinstance(event, Frame):
            seen.add(event.at_ns)
        if isinstance(event, FrameBound | ScreenSettled) and event.frame_ns not in seen:
            return False
    return True


def _settles(events: Events) -> bool:
    """Rule 5."""
    actions, bound_ns = set[int](), 0
    for event in events:
        if isinstance(event, Key | PointerButton | PointerScrolled):
            actions.add(event.at_ns)
        if isinstance(event, FrameBound):
            bound_ns = event.at_ns
        if isinstance(event, ScreenSettled) and (event.action_ns not in actions or event.action_ns < bound_ns):
            return False
    return True


def _before(events: Events) -> bool:
    """Rule 6."""
    return all(event.frame_ns <= event.at_ns for event in events if isinstance(event, FrameBound))


def _pairs(events: Events) -> bool:
    """Rule 9."""
    down: set[str] = set()
    for event, name in _presses(events):
        if event.pressed:
            down.add(name)
        elif name not in down:
            return False
        else:
            down.remove(name)
    return True


def _presses(events: Events) -> Iterator[tuple[Key | PointerButton, str]]:
    for event in events:
        if isinstance(event, Key):
            yield event, f"key {event.name}"
        if isinstance(event, PointerButton):
            yield event, f"button {event.button.value}"


def _begins(events: Events, rotations: tuple[int, ...]) -> bool:
    """Rule 7."""
    first_frames = (next((e for e in events[place:] if isinstance(e, Frame)), None) for place in (0, *rotations))
    whole = all(frame is None or frame.whole for frame in first_frames)
    marked = {number for place in rotations for number in _leading(events, place) if _is_mark(events[number])}
    every = {number for number, event in enumerate(events) if _is_mark(event)}
    return whole and marked == every and len(marked) >= len(rotations)


def _leading(events: Events, place: int) -> Iterator[int]:
    """The places of a segment's first gaps, and of the event behind them."""
    for number in range(place, len(events)):
        yield number
        if not isinstance(events[number], Gap):
            return


def _is_mark(event: RawEvent) -> bool:
    return isinstance(event, DisplayChanged) or (isinstance(event, Gap) and event.reason is GapReason.PAUSED)


_RULES: tuple[Callable[[Events], bool], ...] = (_marks, _in_time, _together, _frames_first, _settles, _before, _pairs)
