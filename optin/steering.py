"""What the recorder is to do next: commands, signals, clocks and the file STOP go in, its state comes out.

It opens nothing and captures nothing; files, clocks and words to the person are arguments. Rules of this file:
1. What narrows (end, pause) is done at once and cannot fail. What widens (resume) needs its ledger entry first; if that
   cannot be made, the recorder stays paused and says so.
2. A lease ends by the stricter of two clocks, a pause by the later: setting the wall clock lengthens no lease and
   shortens no pause.
3. Recording never begins again by itself unannounced: a pause that is over says so, then waits `ANNOUNCE_NS`. Where
   nobody can be told, it stays paused until somebody resumes it.
4. `--seconds` counts time recorded; while paused it stands still.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Final

from capture.command import NEXT, Command, RecorderState, Request, Turn
from capture.sources.base import Clock
from vault.errors import OptinError

SECOND_NS: Final = 1_000_000_000
LOOK_NS: Final = SECOND_NS
"""How often it is looked whether the file STOP is there."""
ANNOUNCE_NS: Final = 10 * SECOND_NS
"""How long a person has to object before a pause that is over ends."""
PAUSED: Final = "paused"
"""What a stretch of recording ends with when the session goes on later."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a session may record, until when (Unix time) its lease lets it, and the file that forbids it."""

    seconds: int
    ends_ms: int
    stop_file: Path


class Steering:
    """The state of one recorder. `entered` makes the ledger entry of a resume; `told` says whether a person was told.

    Both are asked before recording begins again: `entered` raises where there is no entry.
    """

    def __init__(
        self, limits: Limits, clock: Clock, *, entered: Callable[[], object], told: Callable[[], bool]
    ) -> None:
        self._limits, self._clock, self._entered, self._told = limits, clock, entered, told
        self.state = RecorderState.STARTING
        self.why = ""
        self.paused_until_ms: int | None = None
        self.since_ms = clock.wall_ms()
        boot = clock.boot_ns()
        self._lease_ns = boot + (limits.ends_ms - clock.wall_ms()) * 1_000_000
        self._left_ns = limits.seconds * SECOND_NS
        self._counted_ns = self._next_look_ns = boot
        self._pause_ns = self._announced_ns = 0
        self._signal = ""

    def catch(self, number: int, _frame: FrameType | None) -> None:
        """Notes a signal; it is acted on at the next `turn`."""
        self._signal = signal.Signals(number).name.lower()

    def turn(self) -> str | None:
        """Why the stretch that is recorded is to end, None to go on; asked at every turn of the loop."""
        self._look()
        match self.state:
            case RecorderState.STOPPING:
                return self.why
            case RecorderState.PAUSED:
                return PAUSED
            case _:
                return None

    def handle(self, request: Request) -> str:
        """Why the command was not done; empty if it was."""
        match request.command:
            case Command.STOP:
                self.end("stopped")
            case Command.PAUSE:
                return self._pause(request.until_ms)
            case Command.RESUME:
                return self._resume()
        return ""

    def opened(self) -> None:
        """The sources are open: from here on time recorded counts."""
        self._step(Turn.OPENED)

    def end(self, why: str) -> None:
        """The session ends; the first reason is kept."""
        if self.state is not RecorderState.STOPPING:
            self.why = why
        self._step(Turn.END)

    def pause(self, why: str) -> None:
        """Pauses until somebody resumes, for a reason of the recorder's own."""
        if self.state is not RecorderState.STOPPING:
            self.why, self.paused_until_ms = why, None
        self._step(Turn.PAUSE)

    @property
    def seconds_left(self) -> int:
        """How much may still be recorded."""
        self._count()
        return max(self._left_ns // SECOND_NS, 0)

    def _pause(self, until_ms: int | None) -> str:
        if self.state is RecorderState.STOPPING:
            return "the recorder is ending already"
        self.pause("you paused it")
        self.paused_until_ms = until_ms
        self._announced_ns = 0
        if until_ms is not None:
            self._pause_ns = self._clock.boot_ns() + (until_ms - self._clock.wall_ms()) * 1_000_000
        return ""

    def _resume(self) -> str:
        if self.state is RecorderState.STOPPING:
            return "the recorder is ending already"
        if self.state is not RecorderState.PAUSED:
            return ""
        try:
            self._entered()
        except OptinError as error:
            self.pause(f"it could not be entered in the ledger that recording begins again: {error}")
            return self.why
        self.why, self.paused_until_ms = "", None
        self._step(Turn.RESUME)
        return ""

    def _step(self, turn: Turn) -> None:
        self._count()
        before, self.state = self.state, NEXT[self.state][turn]
        if before is not self.state:
            self.since_ms = self._clock.wall_ms()

    def _count(self) -> None:
        """Takes the time since the last count off what may be recorded, if it was recorded."""
        now = self._clock.boot_ns()
        if self.state is RecorderState.RECORDING:
            self._left_ns -= now - self._counted_ns
        self._counted_ns = now

    def _look(self) -> None:
        self._count()
        now = self._clock.boot_ns()
        if self._signal:
            self.end(self._signal)
        elif self._left_ns <= 0:
            self.end("time_is_up")
        elif now >= self._lease_ns or self._clock.wall_ms() >= self._limits.ends_ms:
            self.end("lease_ended")
        elif now >= self._next_look_ns:
            self._next_look_ns = now + LOOK_NS
            if self._limits.stop_file.exists():
                self.end("stop_file")
        if self.state is RecorderState.PAUSED and self.paused_until_ms is not None:
            self._look_at_pause(self.paused_until_ms, now)

    def _look_at_pause(self, until_ms: int, now: int) -> None:
        if self._clock.wall_ms() < until_ms or now < self._pause_ns:
            return
        if not self._announced_ns:
            if not self._told():
                self.pause("the pause is over, but nothing here can announce it; `optin resume` ends it")
                return
            self._announced_ns = now
        elif now - self._announced_ns >= ANNOUNCE_NS:
            self._resume()
