"""A recorder while it runs: stretches of recording and pauses follow each other, commands are answered between turns.

What it answers is true at that moment: it is the loop itself that answers, so a loop that is stuck says nothing.
Nothing is decided here: `optin.steering` says what comes next, `capture.recorder` records.
"""

from __future__ import annotations

import select
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Protocol

from capture.command import Answer, Cost, RecorderState, RefusedCount, Request, Status
from capture.control import ControlSocket
from capture.pacer import SystemPacer
from capture.recorder import DISPLAY_CHANGED, Recorder
from capture.sources.base import Clock, Sources
from optin.login import Login
from optin.sign import NONE, Sign
from optin.steering import PAUSED, Steering

TICK_SECONDS: Final = 1.0
"""How often a paused recorder looks at its clocks and at the file STOP; everything else wakes it."""
SIGN_SECONDS: Final = 2.0
"""How long a recorder waits for the icon in the tray, which connects when the socket is there."""
Opener = Callable[[tuple[int, ...]], Sources]
"""Opens the sources; these descriptors wake the loop besides them."""


class Voice(Protocol):
    """Who is told what the recorder does: the person, the ledger, whoever started it."""

    @property
    def has_begun(self) -> bool:
        """Whether it has recorded at all."""
        ...

    def begins(self) -> None:
        """The sources are about to be opened."""
        ...

    def records(self) -> None:
        """The sources are open."""
        ...

    def pauses(self, until_ms: int | None) -> None:
        """The sources are closed, for a while."""
        ...


class Wake:
    """What a signal makes readable, so that a loop that sleeps in `select` notes it at once."""

    def __init__(self) -> None:
        self._reading, self._writing = socket.socketpair()
        self._reading.settimeout(0)
        self._writing.settimeout(0)
        signal.set_wakeup_fd(self._writing.fileno(), warn_on_full_buffer=False)

    def fileno(self) -> int:
        """Readable once a signal has come."""
        return self._reading.fileno()

    def clear(self) -> None:
        """Makes it unreadable again."""
        try:
            while self._reading.recv(64):
                pass
        except BlockingIOError:
            return

    def close(self) -> None:
        """Signals wake nobody any more."""
        signal.set_wakeup_fd(-1)
        self._reading.close()
        self._writing.close()


@dataclass(slots=True)
class Running:
    """All that a recorder has while it runs. `control` is None where the system has no such socket.

    With `needs_sign` it records only while something shows that it does.
    """

    session: str
    ends_ms: int
    clock: Clock
    steering: Steering
    sign: Sign
    voice: Voice
    recorder: Recorder
    pacer: SystemPacer
    control: ControlSocket | None
    wake: Wake
    login: Login | None
    needs_sign: bool
    _told: tuple[RecorderState, int | None] = field(default=(RecorderState.STARTING, None))

    def run(self, open_: Opener) -> str:
        """The reason for which the session is over; `RecorderStopped` or `SourceMissing` where it cannot go on."""
        while True:
            match self.steering.state:
                case RecorderState.STOPPING:
                    return self.steering.why
                case RecorderState.PAUSED:
                    self._rest()
                case _:
                    self._record(open_)

    @property
    def is_logged_out(self) -> bool:
        """Whether the desktop has gone."""
        return self.login is not None and self.login.is_over()

    def turn(self) -> str | None:
        """Why the stretch is to end, None to go on; asked at every turn of the recorder's loop."""
        self._serve()
        reason = self.steering.turn()
        if reason is None and self._lacks_sign:
            self.steering.pause("nothing shows that it records: no icon in the tray, and nobody takes notifications")
            reason = self.steering.turn()
        self._tell_watchers()
        return reason

    def await_sign(self) -> bool:
        """Whether it may begin as far as signs go; waits a moment for the icon in the tray, or until it is stopped."""
        end = self.clock.now_ns() + int(SIGN_SECONDS * 1e9)
        while self._lacks_sign and self.steering.state is RecorderState.STARTING and self.clock.now_ns() < end:
            select.select(self._descriptors(), (), (), SIGN_SECONDS / 10)
            self._serve()
            self.steering.turn()
        return not self._lacks_sign or self.steering.state is RecorderState.STOPPING

    def _record(self, open_: Opener) -> None:
        """One stretch: when this returns, the sources are closed and the process that listened is gone."""
        self.voice.begins()
        with open_(self._descriptors()) as sources:
            self.steering.opened()
            self.voice.records()
            while (reason := self.recorder.record(sources, self.turn)) == DISPLAY_CHANGED:
                pass
        if reason != PAUSED:
            self.steering.end(reason)
        self._tell_watchers()

    def _rest(self) -> None:
        """Waits, with no source open, until the state is another one."""
        self.voice.pauses(self.steering.paused_until_ms)
        desktop = () if self.login is None else (self.login.fileno(),)
        while self.steering.state is RecorderState.PAUSED:
            select.select((*self._descriptors(), *desktop), (), (), TICK_SECONDS)
            if self.is_logged_out:
                self.steering.end("logout")
            self.turn()

    @property
    def _lacks_sign(self) -> bool:
        return self.needs_sign and self.sign.name == NONE

    def _serve(self) -> None:
        self.wake.clear()
        if self.control is not None:
            self.control.serve(self._answer)

    def _descriptors(self) -> tuple[int, ...]:
        control = () if self.control is None else (self.control.fileno(),)
        return (self.wake.fileno(), *control)

    def _tell_watchers(self) -> None:
        now = (self.steering.state, self.steering.paused_until_ms)
        if self.control is not None and now != self._told:
            self.control.tell(self.status)
        elif self.control is not None:
            self.control.beat(self.status)
        self._told = now

    def _answer(self, request: Request) -> Answer:
        why = self.steering.handle(request)
        return Answer(accepted=not why, status=self.status(), why=why)

    def status(self) -> Status:
        """How it stands now."""
        facts, steering = self.recorder.facts(), self.steering
        committed = facts.last_commit_ns
        ago_ms = None if committed is None else (self.clock.now_ns() - committed) // 1_000_000
        return Status(
            budget=self._cost(),
            coalesced=facts.counters.coalesced,
            committed=facts.counters.committed,
            ends_ms=self.ends_ms,
            last_commit_ms=None if ago_ms is None else self.clock.wall_ms() - ago_ms,
            pace=facts.pace_why,
            paused_until_ms=steering.paused_until_ms,
            produced=facts.counters.produced,
            refused=facts.counters.refused,
            refused_by=tuple(RefusedCount(count=n, reason=why, source=source) for why, source, n in facts.refused),
            seconds_left=steering.seconds_left,
            session=self.session,
            sign=self.sign.name,
            since_ms=steering.since_ms,
            state=steering.state,
            why=steering.why,
        )

    def _cost(self) -> Cost:
        spending = self.pacer.facts(self.clock.now_ns())
        return Cost(
            bytes_hour=spending.bytes_hour,
            bytes_limit_hour=spending.bytes_limit_hour,
            cpu_limit_percent=round(spending.cpu_limit_percent, 2),
            cpu_percent=round(spending.cpu_percent, 2),
            cpu_seconds_hour=round(spending.cpu_seconds_hour, 2),
            profile=spending.profile.value,
            state=spending.state.value,
            wake_ups_hour=spending.wake_ups_hour,
        )
