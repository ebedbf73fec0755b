"""What the desk tests share: a sink that remembers, and a recorder that runs beside the test."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from capture.allow import Rule, RuleKind, Rules, shipped_denials
from capture.events import ElementSeen, Frame, Key, Purpose, RawEvent, SessionStarted
from capture.frames import Screen, TileReader
from capture.recorder import Recorder
from capture.sources import open_sources
from capture.sources.base import SystemClock

PATIENCE_SECONDS = 15.0
E = TypeVar("E", bound=RawEvent)


@dataclass
class Sink:
    """Keeps every event."""

    events: list[RawEvent] = field(default_factory=list)
    batches: list[tuple[RawEvent, ...]] = field(default_factory=list)

    def commit(self, events: tuple[RawEvent, ...]) -> None:
        self.batches.append(events)
        self.events += events

    def of(self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def typed(self) -> str:
        return "".join(event.character for event in self.events if isinstance(event, Key) and event.pressed)

    @property
    def focused(self) -> list[str]:
        return self._names(Purpose.FOCUS)

    @property
    def clicked(self) -> list[tuple[str, str]]:
        seen = (event for event in self.events if isinstance(event, ElementSeen) and event.purpose is Purpose.CLICK)
        return [(event.role, event.name) for event in seen]

    def screens(self) -> list[Screen]:
        reader = TileReader()
        return [reader.read(event) for event in self.events if isinstance(event, Frame)]

    def _names(self, purpose: Purpose) -> list[str]:
        seen = (event for event in self.events if isinstance(event, ElementSeen) and event.purpose is purpose)
        return [event.name for event in seen]


def allowing(*rules: Rule) -> Rules:
    return Rules(rules, shipped_denials())


def title(pattern: str) -> Rule:
    return Rule(RuleKind.TITLE, pattern)


def url(pattern: str) -> Rule:
    return Rule(RuleKind.URL, pattern)


@contextmanager
def recording(environment: dict[str, str], rules: Rules) -> Iterator[Sink]:
    """A sink that fills while the block runs; what stops the recorder is raised at the end."""
    sink, stop, errors = Sink(), threading.Event(), list[Exception]()
    thread = threading.Thread(target=_record, args=(environment, sink, rules, stop, errors))
    thread.start()
    try:
        wait_until(lambda: sink.of(SessionStarted) or errors)
        yield sink
    finally:
        stop.set()
        thread.join(PATIENCE_SECONDS)
    for error in errors:
        raise error


def wait_until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < end, "what was waited for did not come"
        time.sleep(0.02)


def _record(
    environment: dict[str, str], sink: Sink, rules: Rules, stop: threading.Event, errors: list[Exception]
) -> None:
    clock = SystemClock()
    try:
        with open_sources(clock, environment=environment) as sources:
            Recorder(sources, sink, rules=rules, clock=clock).run(lambda: "asked" if stop.is_set() else None)
    except Exception as error:  # noqa: BLE001 - handed to the test
        errors.append(error)
