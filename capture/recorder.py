"""The loop that turns sources into events: what enters are raw sources, what leaves are batches for the sink.

Nothing is written here, nothing is logged, and nothing leaves before it was judged. Rules of this file:
1. Every input event, screen, window and widget that was observed is counted once: produced = committed + coalesced +
   refused. What is refused is said by a `Gap` with its count; session marks and gaps themselves are not counted.
2. An event is held before it is judged, `HOLD_NS` as a rule and `SETTLING_NS` soon after a click or a key that can
   move the focus, because news of a focus change arrives late. The rules of judgement stand in `capture.focus`: a
   letter needs a known, open widget from its press to its judgement; Tab, Return and shortcuts need it at their press
   only, as they cause the change; a password field refuses all.
3. A frame is stamped when it was complete, and dropped when the windows before and after it differ. So the last frame
   with a stamp before a press shows the screen before the press. Where nothing allowed is visible no pixels are asked
   for at all.
4. The widget under the pointer is looked up while the pointer rests, so that it is known before a press changes it.
   Only programmes whose window is captured are asked.
5. Batches are in order of time, on a grid of `COMMIT_NS`, and only when there is something to say.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from capture.allow import Rules
from capture.blank import Cover, blank, blank_screen, cover, visible_parts
from capture.events import (
    Area,
    ElementSeen,
    Gap,
    GapReason,
    Key,
    PointerButton,
    PointerMoved,
    Purpose,
    RawEvent,
    SessionEnded,
    SessionStarted,
    WindowFocused,
)
from capture.focus import History, Sample, is_secret
from capture.frames import Screen, is_possible
from capture.hold import Account, Counters, Observed, Press, RawFrame, Waiting
from capture.sources.base import Clock, Element, InputEvent, SourceFailed, Sources, Window, bounds
from capture.watch import Watch
from vault.errors import OptinError

MS: Final = 1_000_000
HOLD_NS: Final = 150 * MS
SETTLING_NS: Final = 400 * MS
COMMIT_NS: Final = 250 * MS
FRAME_NS: Final = 125 * MS
"""Least time between two grabs: eight frames a second."""
IDLE_FRAME_NS: Final = 1000 * MS
RETRY_NS: Final = 40 * MS
"""How soon a grab is tried again after the windows changed under it."""
ACTIVE_NS: Final = 600 * MS
"""How long after input the screen is watched closely even though it does not change."""
REST_NS: Final = 60 * MS
"""The pointer rests after this time without a move."""
HOVER_NS: Final = 2000 * MS
"""How long a widget that was looked up under the resting pointer is believed."""
DRAIN_NS: Final = 20 * MS
"""Least time between two looks at the input while it flows."""

_MOVERS: Final = frozenset({"tab", "enter", "esc", "ctrl", "alt", "cmd"})


class RecorderStopped(RuntimeError):
    """Recording stopped by itself; `reason` is one word for the log, the message is for a person."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class Sink(Protocol):
    """Where judged events go. A batch is acknowledged by returning; any exception stops the recording."""

    def commit(self, events: tuple[RawEvent, ...]) -> None:
        """Takes a batch for good."""
        ...


@dataclass(frozen=True, slots=True)
class _Hover:
    """What the resting pointer was over; `element` is None when the programme did not tell."""

    at_ns: int
    x: int
    y: int
    window: int
    element: Element | None


@dataclass(frozen=True, slots=True)
class _View:
    """What covers the screen, and what that was worked out from."""

    stack: object
    captured: frozenset[int]
    secret: tuple[Area, ...]
    cover: Cover


class Recorder:
    """Records one session; used once."""

    def __init__(self, sources: Sources, sink: Sink, *, rules: Rules, clock: Clock, task: str = "") -> None:
        self._sources, self._sink, self._clock, self._task = sources, sink, clock, task
        self._watch = Watch(sources, rules=rules, clock=clock)
        self._history = History()
        self._account = Account()
        self._waiting = Waiting(self._history, self._account)
        self._screen = Area(0, 0, 0, 0)
        self._ready: list[RawEvent] = []
        self._last_pixels: Screen | None = None
        self._secrets: set[tuple[int, str, Area]] = set()
        self._view: _View | None = None
        self._hover: _Hover | None = None
        self._resting: PointerMoved | None = None
        self._noted_window: tuple[int, str, str] | None = None
        self._noted_change_ns = 0
        self._last_input_ns = self._last_mover_ns = self._last_grab_ns = -(10**9)
        self._next_grab_ns = self._next_commit_ns = 0

    def run(self, stop: Callable[[], str | None]) -> Counters:
        """Records until `stop` gives a reason; `RecorderStopped` when a source or the sink fails before."""
        try:
            self._start()
        except SourceFailed as error:
            raise RecorderStopped("source_failed", str(error)) from error
        try:
            while (reason := stop()) is None:
                self._step()
            self._clock.sleep(SETTLING_NS / 1e9)
            self._ready += self._waiting.judge(self._sample().began_ns)
        except SourceFailed as error:
            self._account.fail("recorder", at_ns=self._clock.now_ns())
            self._end("source_failed")
            raise RecorderStopped("source_failed", str(error)) from error
        return self._end(reason)

    def _start(self) -> None:
        monitors = self._sources.screen.monitors()
        self._screen = bounds(monitors)
        if not is_possible(self._screen.width, self._screen.height):
            raise SourceFailed("The screens together have more pixels than can be recorded. Switch one off.")
        self._sources.input.drain()  # what happened before the session is no part of it
        now = self._clock.now_ns()
        self._next_grab_ns, self._next_commit_ns = now, now + COMMIT_NS
        self._sample()
        wall, boot = self._clock.wall_ms(), self._clock.boot_ns()
        self._send((SessionStarted(now, wall, boot, self._task, "linux-x11", monitors),))

    def _step(self) -> None:
        flowing = self._look()
        self._look_under_pointer()
        if self._clock.now_ns() >= self._next_grab_ns:
            self._grab()
        if self._clock.now_ns() >= self._next_commit_ns:
            self._commit(self._sample())
        now = self._clock.now_ns()
        if flowing:
            self._clock.sleep(DRAIN_NS / 1e9)
        else:
            due = min(self._next_commit_ns, self._next_grab_ns)
            self._sources.input.wait(max(due - now, 0) / 1e9)

    def _look(self) -> bool:
        """Takes the input that has come; true if there was any."""
        events = self._sources.input.drain()
        if events:
            self._sample()
        for event in events:
            self._take(event)
        return bool(events)

    def _take(self, event: InputEvent) -> None:
        soon = event.at_ns - self._last_mover_ns < SETTLING_NS
        self._waiting.add(self._with_element(event), event.at_ns, hold_ns=SETTLING_NS if soon else HOLD_NS)
        self._last_input_ns = event.at_ns
        self._next_grab_ns = min(self._next_grab_ns, max(self._last_grab_ns + FRAME_NS, event.at_ns + RETRY_NS))
        if isinstance(event, PointerMoved):
            self._resting = event
        elif isinstance(event, PointerButton) or (isinstance(event, Key) and event.name in _MOVERS):
            self._last_mover_ns = event.at_ns

    def _with_element(self, event: InputEvent) -> InputEvent | Press:
        """A press together with the widget under it; any other event as it is."""
        if not isinstance(event, PointerButton) or not event.pressed:
            return event
        hover = self._hover if self._still_under(event) else self._looked_up(event)
        self._hover = None
        if hover is None or hover.element is None:
            return Press(event, None)
        return Press(event, _seen(hover.element, event.at_ns, purpose=Purpose.CLICK))

    def _still_under(self, event: PointerButton) -> bool:
        """Whether what was looked up under the resting pointer is what this press meets."""
        hover = self._hover
        if hover is None or (hover.x, hover.y) != (event.x, event.y) or event.at_ns - hover.at_ns > HOVER_NS:
            return False
        sample = self._history.before(event.at_ns)
        window = None if sample is None else sample.stack.under(event.x, event.y)
        return hover.element is not None and window is not None and window.id == hover.window

    def _look_under_pointer(self) -> None:
        move = self._resting
        if move is not None and self._clock.now_ns() - move.at_ns >= REST_NS:
            self._resting = None
            self._hover = self._looked_up(move)

    def _looked_up(self, event: PointerMoved | PointerButton) -> _Hover | None:
        """What is under the pointer, asked of the window that lay there before: a press may have opened a popup."""
        sample = self._history.before(event.at_ns)
        window = None if sample is None else sample.stack.under(event.x, event.y)
        if sample is None or window is None or window.id not in sample.captured:
            return None
        element = self._sources.elements.at(event.x, event.y, window=window)
        self._remember_secret(element, window)
        return _Hover(self._clock.now_ns(), event.x, event.y, window.id, element)

    def _sample(self) -> Sample:
        """Looks at the windows and the focus, remembers both, and notes what is new."""
        sample = self._watch.sample()
        self._history.add_sample(sample)
        self._history.add_changes(self._sources.elements.focus_changes())
        self._note_window(sample)
        self._note_focus(sample)
        return sample

    def _note_window(self, sample: Sample) -> None:
        window = sample.focused
        if window is None or window.id not in sample.captured:
            self._noted_window = None
            return
        url = sample.url(window.id)
        if self._noted_window == (window.id, window.title, url):
            return
        self._noted_window = (window.id, window.title, url)
        event = WindowFocused(sample.ended_ns, window.app, window.title, url, window.area)
        self._waiting.add(Observed(event, window.id), sample.ended_ns, hold_ns=HOLD_NS)

    def _note_focus(self, sample: Sample) -> None:
        window, change = sample.focused, self._history.latest_change
        if window is None or window.id not in sample.captured or change.at_ns == self._noted_change_ns:
            return
        if change.element is None or change.element.pid != window.pid:
            return
        self._noted_change_ns = change.at_ns
        self._remember_secret(change.element, window)
        event = _seen(change.element, sample.ended_ns, purpose=Purpose.FOCUS)
        self._waiting.add(Observed(event, window.id), sample.ended_ns, hold_ns=HOLD_NS)

    def _grab(self) -> None:
        before = self._sample()
        view = self._looked_at(before)
        pixels, at_ns = self._pixels(view)
        after = self._sample()
        self._last_grab_ns = at_ns
        if (before.stack, before.captured) != (after.stack, after.captured):
            self._waiting.refuse(GapReason.SCREEN_CHANGED, "screen", at_ns=at_ns)
            self._next_grab_ns = at_ns + RETRY_NS
            return
        changed = self._last_pixels is None or not np.array_equal(pixels, self._last_pixels)
        if changed:
            self._last_pixels = pixels
            self._waiting.add(RawFrame(pixels, before.captured), at_ns, hold_ns=HOLD_NS)
        else:
            self._waiting.coalesce()
        watched = changed or at_ns - self._last_input_ns < ACTIVE_NS
        self._next_grab_ns = at_ns + (FRAME_NS if watched else IDLE_FRAME_NS)

    def _pixels(self, view: _View) -> tuple[Screen, int]:
        """The screen with all but the visible parts blanked, and when it was complete."""
        if not view.cover.parts.any():
            return blank_screen(self._screen), self._clock.now_ns()
        pixels, at_ns = self._sources.screen.grab()
        if pixels.shape[:2] != view.cover.parts.shape:
            raise SourceFailed("The screen has changed its size. Start a new recording.")
        return blank(pixels, view.cover), at_ns

    def _looked_at(self, sample: Sample) -> _View:
        secret = self._secret_areas(sample)
        view = self._view
        if view is None or (view.stack, view.captured, view.secret) != (sample.stack, sample.captured, secret):
            parts = visible_parts(sample.stack, sample.captured, screen=self._screen, secret=secret)
            view = self._view = _View(sample.stack, sample.captured, secret, cover(parts))
        return view

    def _secret_areas(self, sample: Sample) -> tuple[Area, ...]:
        """Where password fields were seen in the windows that still have the title that they had then."""
        titles = {(window.id, window.title) for window in sample.stack.windows}
        self._secrets = {secret for secret in self._secrets if secret[:2] in titles}
        return tuple(sorted((area for _, _, area in self._secrets), key=str))

    def _remember_secret(self, element: Element | None, window: Window | None) -> None:
        if element is not None and window is not None and is_secret(element):
            self._secrets.add((window.id, window.title, element.area))

    def _commit(self, sample: Sample) -> None:
        """Judges what is due, and sends what nothing older can still precede."""
        refused = self._waiting.frames_refused
        now = sample.began_ns
        self._ready += self._waiting.judge(now)
        if self._waiting.frames_refused != refused:
            # What was on the refused screen must be looked at again, or a later frame would count as unchanged.
            self._last_pixels, self._next_grab_ns = None, now
        self._ready += self._account.take_gaps()
        oldest = self._waiting.oldest_ns
        # Input that is still on its way is stamped later than this, so that batches stay in order.
        self._flush(now - HOLD_NS if oldest is None else min(oldest, now - HOLD_NS))
        self._next_commit_ns = (now // COMMIT_NS + 1) * COMMIT_NS

    def _flush(self, horizon_ns: int) -> None:
        """Sends all that is ready and not later than this moment."""
        self._ready.sort(key=_moment)
        batch = tuple(event for event in self._ready if event.at_ns <= horizon_ns)
        self._ready = self._ready[len(batch) :]
        if batch:
            self._send(batch)
            self._account.committed += sum(not isinstance(event, Gap) for event in batch)

    def _end(self, reason: str) -> Counters:
        now = self._clock.now_ns()
        self._waiting.give_up()
        self._ready += self._account.take_gaps()
        self._flush(now)
        total = self._account.counters()
        self._send((SessionEnded(now, reason, total.produced, total.committed, total.coalesced, total.refused),))
        return total

    def _send(self, events: tuple[RawEvent, ...]) -> None:
        try:
            self._sink.commit(events)
        except OptinError as error:  # its text is ours, and says what to do
            raise RecorderStopped("sink_failed", str(error)) from None
        except Exception as error:  # noqa: BLE001
            # The cause is named by its kind only: its text is not ours, and this one is shown.
            kind = type(error).__name__
            message = f"the queue did not take what was recorded ({kind}); nothing more is captured"
            raise RecorderStopped("sink_failed", message) from None


def _moment(event: RawEvent) -> int:
    return event.at_ns


def _seen(element: Element, at_ns: int, *, purpose: Purpose) -> ElementSeen:
    return ElementSeen(at_ns, purpose, element.role, element.name, element.states, element.area, element.ancestry)
