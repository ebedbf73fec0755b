"""What the desk tests share: a sink that remembers, and a recorder that runs beside the test."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

import numpy as np

from capture.allow import Rule, RuleKind, Rules, shipped_denials
from capture.blank import BLANK
from capture.events import Area, ElementSeen, Frame, Gap, GapReason, Key, Purpose, RawEvent, SessionStarted
from capture.frames import Screen, TileReader
from capture.recorder import Recorder
from capture.sources import open_sources
from capture.sources.base import InputEvent, InputSource, SystemClock, Window
from capture.sources.x11_source import X11Windows, open_windows
from optin.demo.desktop import VirtualDesktop
from optin.demo.hand import Hand

HERE = Path(__file__).parent
PATIENCE_SECONDS = 15.0
_OWN_REFERENCES = 2
"""Those of a list and of the argument of `sys.getrefcount`."""
E = TypeVar("E", bound=RawEvent)


@dataclass
class Sink:
    """Keeps every event."""

    events: list[RawEvent] = field(default_factory=list)
    batches: list[tuple[RawEvent, ...]] = field(default_factory=list)
    rotations: list[int] = field(default_factory=list)
    heard: list[InputEvent] = field(default_factory=list)
    """All input that the recorder was given, kept or not."""
    _reader: TileReader = field(default_factory=TileReader)
    _screens: list[Screen] = field(default_factory=list)
    _read: int = 0

    def commit(self, events: tuple[RawEvent, ...]) -> None:
        self.batches.append(events)
        self.events += events

    def rotate(self) -> None:
        self.rotations.append(len(self.events))

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
        """The screen after each frame so far."""
        news = self.events[self._read :]
        self._read += len(news)
        self._screens += (self._reader.read(event) for event in news if isinstance(event, Frame))
        return list(self._screens)

    def showing(self, colour: int) -> list[int]:
        """How many pixels of a colour (0xRRGGBB) each screen has."""
        return [_count(screen, colour) for screen in self.screens()]

    def refused(self, source: str) -> set[GapReason]:
        """Why something of a source was refused."""
        return {gap.reason for gap in self.of(Gap) if gap.source == source}

    def _names(self, purpose: Purpose) -> list[str]:
        seen = (event for event in self.events if isinstance(event, ElementSeen) and event.purpose is purpose)
        return [event.name for event in seen]


@dataclass(frozen=True, slots=True)
class _Overheard:
    """An input source whose events are noted as they pass."""

    source: InputSource
    heard: list[InputEvent]

    def drain(self) -> tuple[InputEvent, ...]:
        events = self.source.drain()
        self.heard.extend(events)
        return events

    def last_input_ns(self) -> int | None:
        return self.source.last_input_ns()

    def close(self) -> None:
        self.source.close()


def allowing(*rules: Rule) -> Rules:
    return Rules(rules, shipped_denials())


def app(pattern: str) -> Rule:
    return Rule(RuleKind.APP, pattern)


def title(pattern: str) -> Rule:
    return Rule(RuleKind.TITLE, pattern)


def url(pattern: str) -> Rule:
    return Rule(RuleKind.URL, pattern)


@dataclass(frozen=True, slots=True)
class Starting:
    """Starts programmes on a desktop, and notes them."""

    desktop: VirtualDesktop
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def run(self, *arguments: str) -> subprocess.Popen[bytes]:
        """A programme that was started."""
        self.processes.append(self.desktop.start(*arguments))
        return self.processes[-1]

    def gtk(self, programme: str, named: str, *arguments: str) -> Window:
        """The window of a GTK programme of this folder once it has the focus; its first argument is the title."""
        self.run("/usr/bin/python3", str(HERE / programme), named, *arguments)
        return appeared(self.desktop.environment, named)


@contextmanager
def recording(environment: dict[str, str], rules: Rules, *, into: Sink | None = None) -> Iterator[Sink]:
    """A sink that fills while the block runs; what stops the recorder is raised at the end."""
    sink, stop, errors = Sink() if into is None else into, threading.Event(), list[Exception]()
    thread = threading.Thread(target=_record, args=(environment, sink, rules, stop, errors))
    thread.start()
    try:
        wait_until(lambda: sink.of(SessionStarted) or errors)
        yield sink
    finally:
        stop.set()
        thread.join(PATIENCE_SECONDS)
        for error in errors:  # what the test missed because of it comes along as its context
            raise error


def is_shown(sink: Sink, area: Area) -> bool:
    """Whether something can be seen at a place of the newest screen."""
    screens = sink.screens()
    if not screens:
        return False
    place = screens[-1][max(area.y, 0) : area.y + area.height, max(area.x, 0) : area.x + area.width]
    return bool((place != BLANK).any())


def type_until_judged(hand: Hand, sink: Sink, *, text: str) -> None:
    """Types, and returns when every key that was heard was either kept or counted in a gap."""
    heard = _keys_heard(sink) + 2 * len(text)
    hand.type(text)
    wait_until(lambda: _keys_heard(sink) >= heard and _keys_judged(sink) >= heard)


def _keys_heard(sink: Sink) -> int:
    return sum(isinstance(event, Key) for event in sink.heard)


def _keys_judged(sink: Sink) -> int:
    return len(sink.of(Key)) + sum(gap.count for gap in sink.of(Gap) if gap.source == "keyboard")


def nobody_holds(heard: list[InputEvent]) -> bool:
    """Whether these events are kept by nobody but this list."""
    return all(sys.getrefcount(heard[index]) <= _OWN_REFERENCES for index in range(len(heard)))


def wait_until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < end, "what was waited for did not come"
        time.sleep(0.02)


def appeared(environment: Mapping[str, str], named: str) -> Window:
    """The window with this title, once it has the focus; a moment more lets the programme draw it."""
    source = open_windows(environment["DISPLAY"])
    found: list[Window] = []
    try:
        wait_until(lambda: _has_focus(source, named, found))
    finally:
        source.close()
    time.sleep(0.5)
    return found[0]


def _has_focus(source: X11Windows, named: str, found: list[Window]) -> bool:
    stack = source.stack()
    window = stack.find(stack.focused)
    if window is not None and window.title.startswith(named):
        found.append(window)
    return bool(found)


def _record(
    environment: dict[str, str], sink: Sink, rules: Rules, stop: threading.Event, errors: list[Exception]
) -> None:
    clock = SystemClock()
    try:
        with open_sources(clock, environment=environment) as sources:
            recorder = Recorder(sink, rules=rules, clock=clock)
            overheard = replace(sources, input=_Overheard(sources.input, sink.heard))
            recorder.end(recorder.record(overheard, lambda: "asked" if stop.is_set() else None))
    except Exception as error:  # noqa: BLE001 - handed to the test
        errors.append(error)


def _count(screen: Screen, colour: int) -> int:
    packed = screen.astype(np.uint32) @ np.array((1 << 16, 1 << 8, 1), np.uint32)
    return int(np.count_nonzero(packed == colour))
