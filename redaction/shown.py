"""Which recorded frames show a step: the one before its action, and the one once the screen stood still after it. Pure.

Events and their steps enter, frame numbers leave. Redacting a frame costs half a second, so a frame after an action is
asked for only where the next step's image does not show the same.

Rules of this file:
1. Before an action: the frame that the recorder bound to it, else the last one before it. A frame from before a pause,
   or before the monitors changed, shows no step after that, nor the other way round.
2. After an action, if the screen stood still: the image of the next step, once that is no older. A frame of its own
   only where something was missed before the next step, or nothing came after it.
3. Typed text gets no frame of its own: the moment of its last key would tell how long the text is.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate, pairwise

from capture.events import DisplayChanged, Frame, Gap, GapReason, RawEvent, Suspended
from redaction.redacted import ActionKind
from redaction.steps import RawStep, begins_stretch

_ACTIONS_MISSED = frozenset({"keyboard", "pointer", "recorder"})
"""Sources of gaps in which an action may have been missed."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The frames that show one step, by their numbers, and for how long the first was out of date; None: not known."""

    before: int | None
    stale_ns: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class _Frames:
    """The moments of all frames, and the stretch of each."""

    moments: tuple[int, ...]
    stretches: tuple[int, ...]

    def last(self, at_ns: int, step: RawStep) -> int | None:
        """The last frame of the step's stretch at or before a moment."""
        number = bisect_right(self.moments, at_ns) - 1
        return number if number >= 0 and self.stretches[number] == step.stretch else None

    def exact(self, at_ns: int | None, step: RawStep) -> int | None:
        """The frame of the step's stretch of just this moment."""
        number = None if at_ns is None else self.last(at_ns, step)
        return number if number is not None and self.moments[number] == at_ns else None


def shown_frames(raw_events: tuple[RawEvent, ...], steps: tuple[RawStep, ...]) -> tuple[Shown, ...]:
    """For each step the frames that show it."""
    frames = _frames(raw_events)
    before = [_before(frames, step) for step in steps]
    after = _after(frames, steps, before=[number for number, _ in before], missed=_missed(raw_events))
    return tuple(Shown(number, stale, then) for (number, stale), then in zip(before, after, strict=True))


def needed_frames(shown: tuple[Shown, ...]) -> frozenset[int]:
    """The numbers of the frames that become images."""
    numbers = (number for one in shown for number in (one.before, one.after))
    return frozenset(number for number in numbers if number is not None)


def _frames(raw_events: tuple[RawEvent, ...]) -> _Frames:
    moments: list[int] = []
    stretches: list[int] = []
    stretch = 0
    for event in raw_events:
        if isinstance(event, Frame):
            moments.append(event.at_ns)
            stretches.append(stretch)
        stretch += begins_stretch(event)
    return _Frames(tuple(accumulate(moments, max)), tuple(stretches))


def _before(frames: _Frames, step: RawStep) -> tuple[int | None, int | None]:
    """The frame before a step, and for how long it was out of date; that is known only of the frame that was bound."""
    if step.frame_ns is None:
        return frames.last(step.at_ns, step), None
    exact = frames.exact(step.frame_ns, step)
    return (frames.last(step.frame_ns, step), None) if exact is None else (exact, step.stale_ns)


def _after(
    frames: _Frames, steps: tuple[RawStep, ...], *, before: list[int | None], missed: tuple[int, ...]
) -> list[int | None]:
    """The frame after each step."""
    after: list[int | None] = []
    for (step, following), number in zip(pairwise((*steps, None)), (*before[1:], None), strict=True):
        settled = None if step is None else frames.exact(step.after_ns, step)
        if step is None or settled is None:
            after.append(None)
        elif following is None or bisect_right(missed, step.at_ns) < bisect_right(missed, following.at_ns):
            after.append(None if step.kind is ActionKind.TYPE else settled)
        else:
            after.append(number if number is not None and number >= settled else None)
    return after


def _missed(raw_events: tuple[RawEvent, ...]) -> tuple[int, ...]:
    """The moments, in order, between which and the next step the screen may have changed without a recorded action."""
    moments: list[int] = []
    for event in raw_events:
        match event:
            case Gap() if event.source in _ACTIONS_MISSED or event.reason is GapReason.PAUSED:
                moments += (event.at_ns, event.until_ns)
            case DisplayChanged() | Suspended():
                moments.append(event.at_ns)
            case _:
                continue
    return tuple(sorted(moments))
