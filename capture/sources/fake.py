"""Sources that say what a test tells them to, on a clock that only the test and waiting move.

They keep the promises of `capture.sources.base`; one suite holds them and the real ones to the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from capture.events import Area, Monitor
from capture.frames import Pixels, Screen
from capture.sources.base import (
    Command,
    Damage,
    Document,
    Effected,
    Element,
    FocusChange,
    InputEvent,
    SourceFailed,
    Sources,
    Window,
    WindowStack,
    bounds,
)

SCREEN = Monitor(0, 0, 320, 200, 1.0)


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

    def advance(self, nanoseconds: int) -> None:
        """Moves the clock by exactly so much."""
        self._now_ns += nanoseconds

    def sleep(self, seconds: float) -> None:
        """Moves the clock, by a millisecond at least, so that no loop stands still."""
        self._now_ns += max(round(seconds * 1e9), 1_000_000)


class FakeInput:
    """Gives out planned events when the clock has reached them."""

    def __init__(self, clock: FakeClock, planned: tuple[InputEvent, ...] = ()) -> None:
        self._clock = clock
        self._planned = sorted(planned, key=_moment)
        self._last_ns: int | None = None
        self.broken = False
        self.deaf = False

    def plan(self, *events: InputEvent) -> None:
        """Adds events to come."""
        self._planned = sorted((*self._planned, *events), key=_moment)

    def drain(self) -> tuple[InputEvent, ...]:
        """The planned events that are due, none while `deaf` is set; `SourceFailed` once `broken` is set."""
        if self.broken:
            raise SourceFailed("The keyboard and pointer are gone. Start a new recording.")
        now = self._clock.now_ns()
        due = tuple(event for event in self._planned if event.at_ns <= now)
        self._planned = self._planned[len(due) :]
        if due:
            self._last_ns = due[-1].at_ns
        return () if self.deaf else due

    def last_input_ns(self) -> int | None:
        """The moment of the last event that came due, heard or not."""
        return self._last_ns

    def next_ns(self) -> int | None:
        """When the next planned event is due."""
        return self._planned[0].at_ns if self._planned else None

    def close(self) -> None:
        """Plans nothing any more."""
        self._planned = []


class FakeScreen:
    """A screen whose pixels a test sets, now and for later moments; each grab takes a millisecond."""

    def __init__(self, clock: FakeClock, monitors: tuple[Monitor, ...] = (SCREEN,)) -> None:
        self._clock = clock
        self._shown = self.now_monitors = monitors
        self._seen: Screen | None = None
        self._since_ns: int | None = None
        self.pixels = self._empty()
        self.later: list[tuple[int, Area, int]] = []
        self.repainted: tuple[Area, ...] | None = None
        self.grabbed: list[Area] = []

    @property
    def grabs(self) -> int:
        """How often pixels were asked for."""
        return len(self.grabbed)

    def monitors(self) -> tuple[Monitor, ...]:
        """What `now_monitors` says; pixels of another size start anew."""
        if bounds(self._shown) != bounds(self.now_monitors):
            self.pixels, self._seen = self._empty(), None
        self._shown = self.now_monitors
        return self._shown

    def topology_changed(self) -> bool:
        """Whether `now_monitors` was set to others."""
        return self._shown != self.now_monitors

    def changed_since(self) -> int | None:
        """When the first change since the last call of `damage` was seen."""
        painted = self._paint()
        if self._since_ns is None and (self._seen is None or not np.array_equal(self._seen, self.pixels)):
            self._since_ns = painted
        return self._since_ns

    def damage(self) -> Damage | None:
        """The smallest area in which the pixels differ from those of the last call."""
        since = self.changed_since()
        old, self._seen, self._since_ns = self._seen, self.pixels.copy(), None
        if since is None:
            return None
        area = bounds(self._shown)
        if old is None:
            return Damage(area, since)
        rows, columns = np.nonzero((old != self.pixels).any(axis=2))
        if not rows.size:
            return None
        left, top = int(columns.min()), int(rows.min())
        width, height = int(columns.max()) - left + 1, int(rows.max()) - top + 1
        return Damage(Area(area.x + left, area.y + top, width, height), since)

    def grab(self, area: Area) -> tuple[Pixels, int]:
        """A copy of the pixels of an area."""
        self._paint()
        self.grabbed.append(area)
        self._clock.sleep(0.001)
        whole = bounds(self._shown)
        left, top = area.x - whole.x, area.y - whole.y
        part = self.pixels[top : top + area.height, left : left + area.width].astype(np.uint32)
        pixels = np.asarray(part[:, :, 0] << 16 | part[:, :, 1] << 8 | part[:, :, 2], np.uint32)
        return pixels, self._clock.now_ns()

    def watch_painting(self) -> None:
        """Nothing to do: `repainted` is what a test sets."""

    def painted(self) -> tuple[Area, ...]:
        """What `repainted` says; the whole screen where it says nothing."""
        return (bounds(self._shown),) if self.repainted is None else self.repainted

    def next_ns(self) -> int | None:
        """When the pixels change next."""
        return self.later[0][0] if self.later else None

    def close(self) -> None:
        """Nothing is held."""

    def _empty(self) -> Screen:
        area = bounds(self.now_monitors)
        return np.full((area.height, area.width, 3), 200, np.uint8)

    def _paint(self) -> int:
        """Does what is due by now; the moment of the first of it."""
        first = self._clock.now_ns()
        while self.later and self.later[0][0] <= self._clock.now_ns():
            at_ns, area, grey = self.later.pop(0)
            self.pixels[area.y : area.y + area.height, area.x : area.x + area.width] = grey
            first = min(first, at_ns)
        return first


@dataclass
class FakeWindows:
    """A stack that a test sets, now and for later moments; each look takes a tenth of a millisecond."""

    clock: FakeClock
    now: WindowStack = field(default_factory=lambda: WindowStack((), 0))
    later: list[tuple[int, WindowStack]] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)

    def stack(self) -> WindowStack:
        """The newest stack whose moment has come."""
        while self.later and self.later[0][0] <= self.clock.now_ns():
            self.now = self.later.pop(0)[1]
        self.clock.advance(100_000)
        return self.now

    def repaint(self, window_id: int) -> None:
        """Notes who was asked."""
        self.asked.append(window_id)

    def next_ns(self) -> int | None:
        """When the stack changes next."""
        return self.later[0][0] if self.later else None

    def close(self) -> None:
        """Nothing is held."""


@dataclass
class FakeElements:
    """Widgets by place, changes and effects by moment, documents, password fields and commands as set."""

    clock: FakeClock
    places: dict[tuple[int, int], Element] = field(default_factory=dict)
    changes: list[FocusChange] = field(default_factory=list)
    told: list[Effected] = field(default_factory=list)
    documents: dict[int, Document] = field(default_factory=dict)
    hidden: dict[int, tuple[Area, ...]] = field(default_factory=dict)
    commands: dict[tuple[str, ...], Command] = field(default_factory=dict)
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

    def effects(self) -> tuple[Effected, ...]:
        """The effects whose moment has come."""
        now = self.clock.now_ns()
        due = tuple(effect for effect in self.told if effect.at_ns <= now)
        self.told = self.told[len(due) :]
        return due

    def document(self, window: Window) -> Document | None:
        """The document put under the window's id."""
        self.asked.append(window.id)
        return self.documents.get(window.id)

    def secrets(self, window: Window) -> tuple[Area, ...]:
        """The areas put under the window's id."""
        return self.hidden.get(window.id, ())

    def command(self, keys: tuple[str, ...], *, window: Window) -> Command | None:
        """The command put under the chord."""
        self.asked.append(window.id)
        return self.commands.get(keys)

    def next_ns(self) -> int | None:
        """When the next change or effect is due."""
        moments = [change.at_ns for change in self.changes[:1]] + [effect.at_ns for effect in self.told[:1]]
        return min(moments, default=None)

    def close(self) -> None:
        """Nothing is held."""


@dataclass(frozen=True, slots=True)
class FakeDesk:
    """All fakes on one clock, and the bell that rings when the next of their plans is due."""

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
        return Sources(self.input, self.screen, self.windows, self.elements, self)

    def wait(self, seconds: float) -> None:
        """Moves the clock to whatever is planned next, or over the whole time."""
        now = self.clock.now_ns()
        planned = (one.next_ns() for one in (self.input, self.screen, self.windows, self.elements))
        coming = min((at_ns for at_ns in planned if at_ns is not None and at_ns > now), default=None)
        self.clock.sleep(seconds if coming is None else min((coming - now) / 1e9, seconds))


def _moment(event: InputEvent) -> int:
    return event.at_ns
