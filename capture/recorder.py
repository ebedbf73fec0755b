"""A recording session: raw sources go in, stretch by stretch, and judged events leave in batches for the sink.

A stretch is the time while sources are open; a pause or another set of monitors ends it, and the next one begins a new
segment with a whole frame. Nothing is written here, nothing is logged, and nothing leaves before it was judged. Rules:
1. Every input event, screen, window and widget that was observed is counted once: produced = committed + coalesced +
   refused. What is refused is said by a `Gap` with its count; marks, gaps and what describes others are not counted.
2. Batches are in order of time, and only there when there is something to say.
3. The first thing that fails ends the recording, and says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from capture.account import Account, Counters
from capture.allow import Rules
from capture.events import DisplayChanged, Gap, GapReason, Monitor, SessionEnded, SessionStarted
from capture.frames import is_possible
from capture.governor import FixedPace, Pacer
from capture.outgoing import Outgoing, RecorderStopped, Sink
from capture.sleep import Sleep, read_clocks
from capture.sources.base import Clock, FocusChange, SourceFailed, Sources, bounds
from capture.stretch import DISPLAY_CHANGED, Stretch

PAUSED: Final = "paused"

__all__ = ["DISPLAY_CHANGED", "PAUSED", "Facts", "Recorder", "RecorderStopped", "Sink"]


@dataclass(frozen=True, slots=True)
class Facts:
    """How a recording stands: the counters, what was refused as (reason, source, count), and its last batch.

    `last_commit_ns` is by the monotonic clock, None before the first batch; `pace_why` says in words what the pace is.
    """

    counters: Counters
    refused: tuple[tuple[str, str, int], ...]
    last_commit_ns: int | None
    pace_why: str


class Recorder:
    """Records one session."""

    def __init__(
        self,
        sink: Sink,
        *,
        rules: Rules,
        clock: Clock,
        task: str = "",
        pacer: Pacer | None = None,
        hotkey: frozenset[str] = frozenset(),
        platform: str = "linux-x11",
    ) -> None:
        self._rules, self._clock, self._task, self._platform = rules, clock, task, platform
        self._pacer: Pacer = FixedPace() if pacer is None else pacer
        self._hotkey = hotkey
        self._account = Account()
        self._out = Outgoing(sink, self._account, clock)
        self._sleep = Sleep(read_clocks(clock))
        self._monitors: tuple[Monitor, ...] = ()
        self._paused_ns: int | None = None
        self._focus: FocusChange | None = None

    def record(self, sources: Sources, stop: Callable[[], str | None]) -> str:
        """Records until `stop` gives a reason, and gives it back; `RecorderStopped` when a source or the sink fails.

        `stop` is asked at every turn, at least once a second and whenever one of the sources has news. The reason
        may also be the hotkey, or that the monitors changed. After `paused` and `display_changed` a session may go on.
        """
        try:
            stretch = self._begin(sources)
        except SourceFailed as error:
            raise RecorderStopped("source_failed", str(error)) from error
        try:
            reason = stretch.run(stop)
        except SourceFailed as error:
            self._account.fail("recorder", at_ns=self._clock.now_ns())
            self.end("source_failed")
            raise RecorderStopped("source_failed", str(error)) from error
        self._focus = stretch.focus if reason == DISPLAY_CHANGED else None  # the same sources do not tell it again
        if reason == PAUSED:
            self._paused_ns = self._clock.now_ns()
        if reason in {PAUSED, DISPLAY_CHANGED}:
            self._out.flush(self._clock.now_ns())
            self._out.rotate()
        return reason

    def end(self, reason: str) -> Counters:
        """Ends the session, and gives its counters."""
        now = self._clock.now_ns()
        self._say_pause(now)
        self._out.flush(now)
        total = self._account.counters()
        ended = SessionEnded(now, reason, total.produced, total.committed, total.coalesced, total.refused)
        self._out.send((ended,))
        return total

    def facts(self) -> Facts:
        """How the recording stands; to be asked at any time by the thread that records."""
        reasons = self._account.reasons.items()
        refused = tuple(sorted((reason.value, source, count) for (reason, source), count in reasons))
        pace = self._pacer.pace(self._clock.now_ns())
        return Facts(self._account.counters(), refused, self._out.last_commit_ns, pace.why)

    def _begin(self, sources: Sources) -> Stretch:
        monitors = sources.screen.monitors()
        area = bounds(monitors)
        if not is_possible(area.width, area.height):
            raise SourceFailed("The screens together have more pixels than can be recorded. Switch one off.")
        first = not self._monitors
        if first:
            sources.input.drain()  # what happened before the session is no part of it
        now = self._clock.now_ns()
        stretch = Stretch(
            sources,
            self._out,
            rules=self._rules,
            clock=self._clock,
            pacer=self._pacer,
            sleep=self._sleep,
            monitors=monitors,
            hotkey=self._hotkey,
            focus=self._focus,
        )
        if first:
            wall, boot = self._clock.wall_ms(), self._clock.boot_ns()
            self._out.send((SessionStarted(now, wall, boot, self._task, self._platform, monitors),))
        self._say_pause(now)
        if not first and monitors != self._monitors:
            self._out.add((DisplayChanged(now, monitors),))
        self._monitors = monitors
        return stretch

    def _say_pause(self, now_ns: int) -> None:
        if self._paused_ns is not None:
            self._out.add((Gap(self._paused_ns, now_ns, GapReason.PAUSED, "recorder", 0),))
            self._paused_ns = None
