"""The recorder process: a plan enters through a pipe, sealed segments are on disk when it ends.

It holds the consent's public key and the device's signing key, nothing that opens. It stops on a command through its
control socket, the hotkey, SIGTERM, SIGINT or SIGHUP, when its time or its lease is over, when the file `STOP` appears
in the home, when the person logs out, or when a source or the disk fails; it says which. While it is paused its sources
are closed: no process listens.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import sys
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from functools import partial
from typing import Final

import typer

from capture.account import Counters
from capture.allow import Rule, RuleKind, Rules, shipped_denials
from capture.control import ControlSocket
from capture.pacer import open_pacer
from capture.queue import QueueFolder, QueueWriter
from capture.recorder import Recorder, RecorderStopped
from capture.session import Clocks, SealingSession, SegmentStep, SessionFacts
from capture.sources.base import Clock, Sources, SystemClock
from capture.sources.desktop import open_sources
from optin.failures import run
from optin.home import Home
from optin.last import FOLDER, leave_word
from optin.login import open_login
from optin.notify import STARTING_SECONDS
from optin.record import Plan, plan_home, read_plan
from optin.running import Running, Wake
from optin.say import when
from optin.sign import Sign
from optin.steering import Limits, Steering
from vault.errors import MissingPart, OptinError, Refused
from vault.keys import SealingKey, SigningKey, from_text
from vault.ledger import LedgerEvent
from vault.process import hide_memory

SIGNALS: Final = tuple(
    signal.Signals[name] for name in ("SIGINT", "SIGTERM", "SIGHUP") if name in signal.Signals.__members__
)
PLATFORMS: Final = {"linux": "linux-x11", "darwin": "macos", "win32": "windows"}
BEGINS: Final = "Optin begins to record"
_NO_SIGN: Final = (
    "nothing here can show you that it records: no notification server answers, and no icon is in the tray; "
    "start `optin tray` first, record in a terminal with `optin record`, or say --no-sign if you want none"
)


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


@dataclass(slots=True)
class RecorderVoice:
    """Tells the person by the sign, the ledger, and once, at the first start, whoever started the recorder."""

    plan: Plan
    home: Home
    device: SigningKey
    sign: Sign
    has_begun: bool = False

    def begins(self) -> None:
        """Says so before anything is captured."""
        if self.has_begun:
            self.sign.tell("Optin records again", "`optin stop` ends it, `optin pause` pauses it.")

    def records(self) -> None:
        """Lets go of who started it."""
        if not self.has_begun:
            self.has_begun = True
            _say_begun(self.plan, self.sign.name)

    def pauses(self, until_ms: int | None) -> None:
        """Enters the pause if possible; it is one in any case."""
        self.home.enter_if_possible(LedgerEvent.PAUSE, self.plan.session, self.device)
        until = "until `optin resume`" if until_ms is None else f"until {when(until_ms)}"
        self.sign.tell(f"Recording is paused {until}", "Nothing listens. `optin resume` goes on, `optin stop` ends it.")


@dataclass(slots=True)
class Ending:
    """How a recording ended: a word, a sentence where it failed, and its counters where it has any."""

    reason: str = "failed"
    message: str = ""
    counters: Counters | None = None


def record(plan: Plan) -> None:
    """Records until told to stop; the summary goes to standard output."""
    os.umask(0o077)
    hide_memory()
    home, ending = plan_home(plan), Ending()
    device = SigningKey.from_raw(from_text(plan.device_key))
    clock = SystemClock()
    try:
        with ExitStack() as closing:
            session = _session(plan, device, clock)
            closing.callback(session.close)
            closing.callback(_leave_word, home, ending)  # before the queue is free: who finds it free finds the word
            _record(plan, session, device=device, clock=clock, ending=ending)
    except RecorderStopped as error:
        raise MissingPart(f"recording stopped: {error}") from None
    finally:
        home.enter_if_possible(LedgerEvent.STOP, plan.session, device)
        _say_end(plan, ending)


def _record(plan: Plan, session: SealingSession, *, device: SigningKey, clock: Clock, ending: Ending) -> None:
    with ExitStack() as closing:
        running = _running(plan, session, device=device, clock=clock, closing=closing)
        try:
            running.sign.notify(BEGINS, "`optin stop` ends it.", seconds=STARTING_SECONDS)
            if not running.await_sign():
                raise Refused(_NO_SIGN)
            ending.reason = running.run(partial(_open, clock, experimental=plan.experimental))
        except RecorderStopped as error:
            ending.reason, ending.message = "logout" if running.is_logged_out else error.reason, str(error)
            raise
        except OptinError as error:
            ending.message = str(error)
            if running.voice.has_begun:
                ending.counters = running.recorder.end("source_failed")
            raise
        finally:
            running.sign.notify(f"Optin has stopped recording ({_words(ending.reason)})", ending.message)
        if running.voice.has_begun:
            ending.counters = running.recorder.end(ending.reason)


def _running(plan: Plan, session: SealingSession, *, device: SigningKey, clock: Clock, closing: ExitStack) -> Running:
    """Everything that runs; what must be closed is put on `closing`."""
    home = plan_home(plan)
    wake, pacer = Wake(), open_pacer(plan.profile, partial(_written, session))
    control = ControlSocket(home.root / FOLDER) if sys.platform == "linux" else None
    login = open_login()
    for part in (wake, pacer, control, login):
        if part is not None:
            closing.callback(part.close)
    sign = Sign(terminal=None if plan.background else partial(_say_line, plan), watchers=partial(_watchers, control))
    steering = Steering(
        Limits(plan.seconds, plan.ends_ms, home.stop_file),
        clock,
        entered=partial(home.ledger.enter, LedgerEvent.RESUME, plan.session, device),
        told=partial(sign.tell, "Optin records again in 10 seconds", "`optin pause` keeps it paused."),
    )
    for number in SIGNALS:
        signal.signal(number, steering.catch)
    rules = Rules(tuple(Rule(RuleKind(rule.kind), rule.pattern) for rule in plan.allowed), shipped_denials())
    return Running(
        session=plan.session,
        ends_ms=plan.ends_ms,
        clock=clock,
        steering=steering,
        sign=sign,
        voice=RecorderVoice(plan, home, device, sign),
        recorder=Recorder(
            session,
            rules=rules,
            clock=clock,
            task=plan.task,
            pacer=pacer,
            hotkey=frozenset(plan.hotkey),
            platform=PLATFORMS[sys.platform],
        ),
        pacer=pacer,
        control=control,
        wake=wake,
        login=login,
        needs_sign=plan.background and not plan.signless,
    )


def _open(clock: Clock, descriptors: tuple[int, ...], *, experimental: bool) -> Sources:
    return open_sources(clock, also=descriptors, experimental=experimental)


def _watchers(control: ControlSocket | None) -> int:
    return 0 if control is None else control.watchers


def _written(session: SealingSession) -> int:
    return session.written


def _leave_word(home: Home, ending: Ending) -> None:
    leave_word(home, ending.reason, ending.message)


def _session(plan: Plan, device: SigningKey, clock: Clock) -> SealingSession:
    home = plan_home(plan)
    folder = QueueFolder(home.queue)
    queue = QueueWriter(folder)
    folder.lock.write_bytes(b"%d\n" % os.getpid())  # who holds the lock, for `optin stop`
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


def _words(reason: str) -> str:
    return reason.replace("_", " ")


def _say_line(plan: Plan, line: str) -> None:
    """A line for a person at the recorder's terminal; a script reads JSON only."""
    if not plan.as_json:
        typer.echo(line)


def _say_begun(plan: Plan, sign: str) -> None:
    """Says that it records: a line of JSON for a script, words for a person; in the background nobody hears it then."""
    if plan.as_json or plan.background:
        facts = {"state": "recording", "session": plan.session, "seconds": plan.seconds, "sign": sign}
        typer.echo(json.dumps(facts))
    else:
        typer.echo(f"Recording session {plan.session}. Ctrl+C stops it; it ends by itself after {plan.seconds} s.")
    sys.stdout.flush()
    if plan.background:
        nowhere = os.open(os.devnull, os.O_RDWR)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        os.close(nowhere)


def _say_end(plan: Plan, ending: Ending) -> None:
    counted = {} if ending.counters is None else asdict(ending.counters)
    if plan.as_json:
        facts = {"state": "stopped", "session": plan.session, "reason": ending.reason, **counted}
        typer.echo(json.dumps(facts))
    elif not plan.background:
        typer.echo(f"Stopped ({_words(ending.reason)}). Session {plan.session} is sealed in the queue.")
        typer.echo(f"Events: {counted.get('committed', 0)} kept, {counted.get('refused', 0)} refused by the rules.")
    sys.stdout.flush()


def main() -> None:
    """Entry of `python -m optin.recorder DESCRIPTOR`; only `optin record` and `optin start` start it."""
    run(lambda: record(read_plan(int(sys.argv[1]))))


if __name__ == "__main__":
    main()
