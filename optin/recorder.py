"""The recorder process: a plan enters through a pipe, sealed segments are on disk when it ends.

It holds the consent's public key and the device's signing key, nothing that opens. It stops on SIGTERM, SIGINT, when
its time or its lease is over, when the file `STOP` appears in the home, or when a source or the disk fails; it says
which.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import FrameType

import typer

from capture.allow import Rule, RuleKind, Rules, shipped_denials
from capture.hold import Counters
from capture.queue import QueueFolder, QueueWriter
from capture.recorder import Recorder, RecorderStopped
from capture.session import Clocks, SealingSession, SegmentStep, SessionFacts
from capture.sources.base import Clock, SystemClock
from capture.sources.desktop import open_sources
from optin.failures import run
from optin.home import Home, wall_ms
from optin.record import Plan, plan_home, read_plan
from vault.errors import MissingPart
from vault.keys import SealingKey, SigningKey, from_text
from vault.ledger import LedgerEvent
from vault.process import hide_memory


@dataclass(slots=True)
class Stop:
    """Why the recording ends, asked for at every turn of the loop."""

    deadline: float
    ends_ms: int
    file: Path
    signalled: str = field(default="")
    reason: str = field(default="failed")

    def catch(self, number: int, _frame: FrameType | None) -> None:
        """Notes a signal."""
        self.signalled = signal.Signals(number).name.lower()

    def __call__(self) -> str | None:
        """The reason to stop, None to go on; the first reason is kept."""
        reason = self.signalled or self._over()
        if reason:
            self.reason = reason
        return reason or None

    def _over(self) -> str:
        if time.monotonic() >= self.deadline:
            return "time_is_up"
        if wall_ms() >= self.ends_ms:
            return "lease_ended"
        return "stop_file" if self.file.exists() else ""


@dataclass(frozen=True, slots=True)
class SegmentEntries:
    """Enters each segment: nothing is sealed into one that was not entered first; an end is entered if possible."""

    home: Home
    device: SigningKey

    def __call__(self, step: SegmentStep, segment: str) -> None:
        """Enters that the segment is to be begun, or that it has ended."""
        if step is SegmentStep.OPENED:
            self.home.ledger.enter(LedgerEvent.SEGMENT_OPENED, segment, self.device)
        else:
            self.home.enter_if_possible(LedgerEvent.SEGMENT_CLOSED, segment, self.device)


def record(plan: Plan) -> None:
    """Records until told to stop; the summary goes to standard output."""
    os.umask(0o077)
    hide_memory()
    home = plan_home(plan)
    device = SigningKey.from_raw(from_text(plan.device_key))
    stop = Stop(time.monotonic() + plan.seconds, plan.ends_ms, home.stop_file)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop.catch)
    counters = None
    try:
        counters = _record(plan, device, stop)
    except RecorderStopped as error:
        stop.reason = error.reason
        raise MissingPart(f"recording stopped: {error}") from None
    finally:
        home.enter_if_possible(LedgerEvent.STOP, plan.session, device)
        _say_end(plan, stop.reason, counters)


def _record(plan: Plan, device: SigningKey, stop: Stop) -> Counters:
    clock = SystemClock()
    sources = open_sources(clock)
    session = _session(plan, device, clock)
    rules = Rules(tuple(Rule(RuleKind(rule.kind), rule.pattern) for rule in plan.allowed), shipped_denials())
    recorder = Recorder(sources, session, rules=rules, clock=clock, task=plan.task)
    _say(plan, {"state": "recording", "session": plan.session, "seconds": plan.seconds})
    try:
        return recorder.run(stop)
    finally:
        sources.close()
        session.close()


def _session(plan: Plan, device: SigningKey, clock: Clock) -> SealingSession:
    home = plan_home(plan)
    folder = QueueFolder(home.queue)
    queue = QueueWriter(folder)
    enter_crashed(home, folder, device)
    return SealingSession(
        queue,
        SessionFacts(plan.session, plan.grant_digest, plan.lease_digest, plan.policy_digest),
        consent=SealingKey(from_text(plan.consent_key)),
        device=device,
        clocks=Clocks(clock.wall_ms, clock.now_ns, clock.boot_ns),
        random=secrets.token_bytes,
        heard=SegmentEntries(home, device),
    )


def enter_crashed(home: Home, folder: QueueFolder, device: SigningKey) -> None:
    """Enters every segment that lies in the queue and was begun, but neither ended nor entered as crashed.

    Call it while the queue's lock is held: then no recorder is still writing one of them.
    """
    segments = tuple(path.stem for path in sorted(folder.segments.glob("*.seg")))
    ended = frozenset({LedgerEvent.SEGMENT_CLOSED, LedgerEvent.SEGMENT_CRASHED})
    for segment in home.ledger.left_open(segments, LedgerEvent.SEGMENT_OPENED, ended):
        home.ledger.enter(LedgerEvent.SEGMENT_CRASHED, segment, device)


def _say(plan: Plan, facts: dict[str, object]) -> None:
    """One line of JSON for a script, or words for a person."""
    if plan.as_json:
        typer.echo(json.dumps(facts))
    elif facts["state"] == "recording":
        typer.echo(f"Recording session {plan.session}. Ctrl+C stops it; it ends by itself after {plan.seconds} s.")
    else:
        typer.echo(
            f"Stopped ({str(facts['reason']).replace('_', ' ')}). Session {plan.session} is sealed in the queue."
        )
        typer.echo(f"Events: {facts.get('committed', 0)} kept, {facts.get('refused', 0)} refused by the rules.")
    sys.stdout.flush()


def _say_end(plan: Plan, reason: str, counters: Counters | None) -> None:
    counted = {} if counters is None else asdict(counters)
    _say(plan, {"state": "stopped", "session": plan.session, "reason": reason, **counted})


def main() -> None:
    """Entry of `python -m optin.recorder DESCRIPTOR`; only `optin record` starts it."""
    run(lambda: record(read_plan(int(sys.argv[1]))))


if __name__ == "__main__":
    main()
