"""Optin's recorder, counted on both sides: what the sources gave, and when what was kept was durable.

The sources, the recorder, the sealing and the queue are the product's own; keys are made for the run. It records until
standard input ends, and then prints counts and times, nothing of the content. `python -m benchmarks.recorder_probe
FOLDER APP HOST` allows one programme and the pages of one host.
"""

from __future__ import annotations

import json
import secrets
import select
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from benchmarks.recorder_read import BIN_MS
from capture.allow import Rule, RuleKind, Rules, shipped_denials
from capture.events import Gap, Key, PointerButton, PointerScrolled, RawEvent
from capture.queue import QueueFolder, QueueWriter
from capture.recorder import DISPLAY_CHANGED, Recorder
from capture.session import Clocks, SealingSession, SegmentStep, SessionFacts
from capture.sources.base import InputEvent, InputSource, SystemClock
from capture.sources.desktop import open_sources
from vault.keys import OpeningKey, SigningKey


@dataclass(slots=True)
class CountedInput:
    """A source of input that counts what it gives."""

    source: InputSource
    given: Counter[str] = field(default_factory=Counter)

    def drain(self) -> tuple[InputEvent, ...]:
        """What the source gives."""
        events = self.source.drain()
        self.given.update(type(event).__name__ for event in events)
        return events

    def last_input_ns(self) -> int | None:
        """What the source says."""
        return self.source.last_input_ns()

    def close(self) -> None:
        """Closes the source."""
        self.source.close()


@dataclass(slots=True)
class StampedSink:
    """A session that notes how long after each action its batch was durable."""

    session: SealingSession
    kept: Counter[str] = field(default_factory=Counter)
    withheld: Counter[str] = field(default_factory=Counter)
    bins: Counter[int] = field(default_factory=Counter)

    def commit(self, events: tuple[RawEvent, ...]) -> None:
        """Hands the batch on, and counts once it is durable."""
        self.session.commit(events)
        now = time.monotonic_ns()
        for event in events:
            self.kept[type(event).__name__] += 1
            if isinstance(event, Gap):
                self.withheld[f"{event.source}: {event.reason.value}"] += event.count
            if isinstance(event, Key | PointerButton | PointerScrolled):
                self.bins[(now - event.at_ns) // 1_000_000 // BIN_MS] += 1

    def rotate(self) -> None:
        """Ends the segment."""
        self.session.rotate()


def record(folder: Path, app: str, host: str) -> dict[str, Any]:
    """Records until standard input ends; the counts."""
    clock = SystemClock()
    session = SealingSession(
        QueueWriter(QueueFolder(folder / "queue")),
        SessionFacts("7f" * 16, "1" * 64, "2" * 64, "3" * 64),
        consent=OpeningKey.generate().public,
        device=SigningKey.generate(),
        clocks=Clocks(clock.wall_ms, clock.now_ns, clock.boot_ns),
        random=secrets.token_bytes,
        heard=_unheard,
    )
    sink = StampedSink(session)
    rules = Rules((Rule(RuleKind.APP, app), Rule(RuleKind.URL, f"{host}:*")), shipped_denials())
    recorder = Recorder(sink, rules=rules, clock=clock)
    given = Counter[str]()
    reason = DISPLAY_CHANGED
    while reason == DISPLAY_CHANGED:
        with open_sources(clock, also=(sys.stdin.fileno(),)) as sources:
            counted = CountedInput(sources.input, given)
            _say({"state": "recording"})
            reason = recorder.record(replace(sources, input=counted), _told_to_stop)
    counters = recorder.end(reason)
    session.close()
    return {
        "counters": asdict(counters),
        "given": dict(given),
        "kept": dict(sink.kept),
        "withheld": dict(sink.withheld),
        "bins": {str(number * BIN_MS): count for number, count in sorted(sink.bins.items())},
    }


def _told_to_stop() -> str | None:
    readable, _, _ = select.select([sys.stdin], [], [], 0)
    return "asked" if readable else None


def _unheard(_step: SegmentStep, _segment: str) -> None:
    """Hears of segments and keeps nothing."""


def _say(facts: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    _say(record(Path(sys.argv[1]), sys.argv[2], sys.argv[3]))
