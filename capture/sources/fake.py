"""Sources that say what a test tells them to, on a clock that only the test and waiting move.

They keep the promises of `capture.sources.base`; one suite holds them and the real ones to the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from capture.events import Area
from capture.frames import Screen
from capture.sources.base import (
    Document,
    Element,
    FocusChange,
    InputEvent,
    SourceFailed,
    Sources,
    Window,
    WindowStack,
    bounds,
)

SCREEN = Area(0, 0, 320, 200)


class FakeClock:
    """A clock that stands still until somebody sleeps or waits."""

    def __init__(self, start_ns: int = 1_000_000_000) -> None:
        self._now_ns = start_ns

    def now_ns(self) -> int:
        """The moment that the clock stands at."""
        return self._now_ns

    def boot_ns(self) -> int:
        """As if the machine had started ten seconds before the monotonic clock."""
        return self._now_ns + 10_000_000_000

    def wall_ms(self) -> int:
        """A fixed origin, so that a test can expect it."""
        return 1_700_000_000_000 + self._now_ns // 1_000_000

    def sleep(self, seconds: float) -> None:
        """Moves the clock, by a millisecond at least, so that no loop stands still."""
        self._now_ns += max(round(seconds * 1e9), 1_000_000)


class FakeInput:
    """Gives out planned events when the clock has reached them."""

    def __init__(self, clock: FakeClock, planned: tuple[InputEvent, ...] = ()) -> None:
        self._clock = clock
        self._planned = sorted(planned, key=_moment)
        self.broken = False

    def plan(self, *events: InputEvent) -> None:
        """Adds events to come."""
        self._planned = sorted((*self._planned, *events), key=_moment)

    def drain(self) -> tuple[InputEvent, ...]:
        """The planned events that are due; `SourceFailed` once `broken` is set."""
        if self.broken:
            raise SourceFailed("The keyboard and pointer are gone. Start a new recording.")
        now = self._clock.now_ns()
        due = tuple(event for event in self._planned if event.at_ns <= now)
        self._planned = self._planned[len(due) :]
        return due

    def wait(self, seconds: float) -> None:
        """Moves the clock to the next planned event, or over the whole time."""
        now = self._clock.now_ns()
        coming = (self._planned[0].at_ns - now) / 1e9 if self._planned else seconds
        self._clock.sleep(min(max(coming, 0), seconds))

    def close(self) -> None:
        """Plans nothing any more."""
        self._planned = []


class FakeScreen:
    """A screen whose pixels a test sets; each grab takes a millisecond."""

    def __init__(self, clock: FakeClock, monitors: tuple[Area, ...] = (SCREEN,)) -> None:
        self._clock, self._monitors = clock, monitors
        area = bounds(monitors)
        self.pixels: Screen = np.full((area.height, area.width, 3), 200, np.uint8)
        self.grabs = 0

    def monitors(self) -> tuple[Area, ...]:
        """As given."""
        return self._monitors

    def grab(self) -> tuple[Screen, int]:
        """A copy of the pixels."""
        self.grabs += 1
        self._clock.sleep(0.001)
        return self.pixels.copy(), self._clock.now_ns()

    def close(self) -> None:
        """Nothing is held."""


@dataclass
class FakeWindows:
    """A stack that a test sets, now and for later moments."""

    clock: FakeClock
    now: WindowStack = field(default_factory=lambda: WindowStack((), 0))
    later: list[tuple[int, WindowStack]] = field(default_factory=list)

    def stack(self) -> WindowStack:
        """The newest stack whose moment has come."""
        while self.later and self.later[0][0] <= self.clock.now_ns():
            self.now = self.later.pop(0)[1]
        return self.now

    def close(self) -> None:
        """Nothing is held."""


@dataclass
class FakeElements:
    """Widgets by place, focus changes by moment, documents by window id."""

    clock: FakeClock
    places: dict[tuple[int, int], Element] = field(default_factory=dict)
    changes: list[FocusChange] = field(default_factory=list)
    documents: dict[int, Document] = field(default_factory=dict)
    asked: list[int] = field(default_factory=list)

    def at(self, x: int, y: int, *, window: Window) -> Element | None:
        """The widget put at exactly this place."""
        self.asked.append(window.id)
        return self.places.get((x, y))

    def focus_changes(self) -> tuple[FocusChange, ...]:
        """The changes whose moment has come."""
        now = self.clock.now_ns()
        due = tuple(change for change in self.changes if change.at_ns <= now)
        self.changes = self.changes[len(due) :]
        return due

    def document(self, window: Window) -> Document | None:
        """The document put under the window's id."""
        self.asked.append(window.id)
        return self.documents.get(window.id)

    def close(self) -> None:
        """Nothing is held."""


@dataclass(frozen=True, slots=True)
class FakeDesk:
    """All fakes on one clock."""

    clock: FakeClock
    input: FakeInput
    screen: FakeScreen
    windows: FakeWindows
    elements: FakeElements

    @classmethod
    def new(cls) -> FakeDesk:
        """An empty desk."""
        clock = FakeClock()
        return cls(clock, FakeInput(clock), FakeScreen(clock), FakeWindows(clock), FakeElements(clock))

    @property
    def sources(self) -> Sources:
        """The fakes as what a recorder takes."""
        return Sources(self.input, self.screen, self.windows, self.elements)


def _moment(event: InputEvent) -> int:
    return event.at_ns
