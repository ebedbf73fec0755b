"""How fast the recorder may go: power, usage and the time enter; a pace, and the reason for it in words, leave.

It is pure: what it is told of the machine is all it knows, and it never waits. Rules of this file:
1. Only pixels are slowed down, in steps and at last to none. Input, widgets and gaps are never touched: they cost
   little, and a recording without them would be worthless.
2. One state is in force and named. `TABLE` says which one follows; `FLOORS` says how slow it makes frames at least.
3. Over a budget frames go a step slower at once and again while it lasts. They go a step faster only when half of the
   budget is free, as one step at most doubles the cost; so the pace does not swing.
4. What is not known (None) limits nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final, Protocol

from capture.spending import HOUR_NS, SECOND, Spent, Stretch, Usage

MS: Final = 1_000_000
STEPS_NS: Final = (125 * MS, 250 * MS, 500 * MS, 1000 * MS)
"""Least time between two frames, for each step. 125 ms keep the frame before an action under 150 ms old; each further
step halves the cost of a screen that always changes. The step after the last one takes no frames."""
NO_FRAMES: Final = len(STEPS_NS)
COMMIT_NS: Final = 250 * MS
"""The grid of batches on mains: little is lost in a crash, and a sync costs a disk next to nothing there."""
COMMIT_SAVING_NS: Final = 1000 * MS
"""The grid on battery: a quarter of the syncs, each of which wakes the disk."""
CPU_SHARE: Final = 0.06
"""Budget: this share of one core, over `CPU_WINDOW_NS`. It is what the benchmark allows for lively work; on eight cores
it is less than a hundredth of the machine."""
CPU_WINDOW_NS: Final = 60 * SECOND
"""Long enough that opening a programme is no offence, short enough that a fan does not start."""
CPU_PATIENCE_NS: Final = 15 * SECOND
"""CPU time is counted as if spent over at least this time: a burst at the start or after a step is no rate yet."""
BYTES_HOUR: Final = 100_000_000
"""Budget on mains: a working day of eight hours is under 1 GB."""
BYTES_HOUR_BATTERY: Final = 25_000_000
"""Budget on battery: what light use writes; less writing lets the disk sleep. Counted from the moment of unplugging."""
BYTES_WINDOW_NS: Final = 300 * SECOND
"""Writing is projected to an hour from this time: some whole screens in a row are no offence, a film is."""
BYTES_BACK: Final = 0.9
"""Frames that were stopped by a spent hour come back when the last hour holds less than this share of the budget."""
ROOM: Final = 0.5
"""Frames go a step faster below this share of the budget; see rule 3."""
EASE_NS: Final = 60 * SECOND
"""Frames go a step faster at most this often: a whole CPU window at the present pace must have shown that it fits."""
LOW_PERCENT: Final = 20.0
"""Battery at which power is saved; desktops warn there, and people begin to care."""
EMPTY_PERCENT: Final = 10.0
"""Battery at which no frames are taken: what is left belongs to the person's work."""
MARGIN_PERCENT: Final = 2.0
"""A battery counts as recovered this much above its mark: gauges are off by one now and then."""
HOT_CELSIUS: Final = 85.0
"""Laptop processors throttle at 95 to 105; here a fan runs at full speed."""
HOT_MARGIN: Final = 5.0
BUSY_LOAD: Final = 1.5
"""Load for each core: every second task waits, and the person's own work is slow already."""
BUSY_MARGIN: Final = 0.3
STRAIN_NS: Final = 60 * SECOND
"""Heat and load slow frames only when they last: a compiler's short run is the person's own business."""


class Profile(Enum):
    """What a person chose. `PERFORMANCE` does not save power before the battery is empty; `SAVER` always does."""

    AUTO = "auto"
    PERFORMANCE = "performance"
    SAVER = "saver"


class State(Enum):
    """The limit that is in force."""

    NORMAL = "normal"
    SAVING = "saving"
    BUSY = "busy"
    OVER_CPU = "over_cpu"
    OVER_BYTES = "over_bytes"
    CRITICAL = "critical"


class Signal(Enum):
    """What is found at a look, the weightiest only."""

    EMPTY = "empty"
    BYTES = "bytes"
    CPU = "cpu"
    KEPT = "kept"  # the budgets are kept, at a pace that is still slower because of them
    STRAINED = "strained"
    LOW = "low"
    CALM = "calm"


_CAUSES: Final = {
    Signal.EMPTY: State.CRITICAL,
    Signal.BYTES: State.OVER_BYTES,
    Signal.CPU: State.OVER_CPU,
    Signal.STRAINED: State.BUSY,
    Signal.LOW: State.SAVING,
    Signal.CALM: State.NORMAL,
}
TABLE: Final[dict[State, dict[Signal, State]]] = {state: {**_CAUSES, Signal.KEPT: state} for state in State}
"""The state that follows each state at each signal: a cause leads to its state, a budget that is only just kept to no
other one."""
FLOORS: Final[dict[State, int]] = {
    State.NORMAL: 0,
    State.SAVING: 1,
    State.BUSY: 2,
    State.OVER_CPU: 1,
    State.OVER_BYTES: 1,
    State.CRITICAL: NO_FRAMES,
}
"""The fastest step that a state allows."""
_WORDS: Final = (
    "up to 8 frames a second",
    "up to 4 frames a second",
    "up to 2 frames a second",
    "at most one frame a second",
    "no frames are taken",
)
"""Each step, for a person."""


@dataclass(frozen=True, slots=True)
class Power:
    """What is known of the machine; None: it does not tell.

    `percent` is the battery's charge, `load` the mean number of running tasks for each core over the last minute,
    `celsius` the processor's temperature, `saver_wanted` whether the person asked the system to save power,
    `going_to_sleep` whether the system has said that it is about to suspend.
    """

    on_battery: bool | None = None
    percent: float | None = None
    load: float | None = None
    celsius: float | None = None
    saver_wanted: bool = False
    going_to_sleep: bool = False


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast to go: least time between frames, the grid of batches, whether pixels are taken at all, and why."""

    frame_ns: int
    commit_ns: int
    frames: bool
    why: str


@dataclass(frozen=True, slots=True)
class Budget:
    """What recording may cost: a share of one core, and bytes written an hour on mains and on battery."""

    cpu_share: float = CPU_SHARE
    bytes_hour: int = BYTES_HOUR
    bytes_hour_battery: int = BYTES_HOUR_BATTERY


@dataclass(frozen=True, slots=True)
class Spending:
    """What recording costs, for `status`.

    `cpu_percent` is the share of one core over the last minute. CPU seconds and wake-ups an hour are the rate over the
    last hour, or over the time since the start. `bytes_hour` is what counts against the limit: what was written in the
    last hour, since the machine was last plugged in or unplugged.
    """

    profile: Profile
    state: State
    why: str
    cpu_percent: float
    cpu_limit_percent: float
    cpu_seconds_hour: float
    bytes_hour: int
    bytes_limit_hour: int
    wake_ups_hour: int | None


class Pacer(Protocol):
    """Who says how fast to go; may be asked at every turn of the recorder's loop."""

    def pace(self, now_ns: int) -> Pace:
        """The pace from this moment on."""
        ...


@dataclass(frozen=True, slots=True)
class FixedPace:
    """A pacer that always says the same."""

    frame_ns: int = STEPS_NS[0]
    commit_ns: int = COMMIT_NS
    frames: bool = True

    def pace(self, now_ns: int) -> Pace:  # noqa: ARG002
        """As given."""
        return Pace(self.frame_ns, self.commit_ns, self.frames, "the pace is fixed")


class Governor:
    """Decides for one session; to be asked in order of time, about once a second."""

    def __init__(self, profile: Profile = Profile.AUTO, budget: Budget | None = None) -> None:
        self._profile, self._budget = profile, budget or Budget()
        self._spent = Spent()
        self._power = Power()
        self._state, self._why = State.NORMAL, ""
        self._step = 0
        self._stepped_ns = self._unplugged_ns = 0
        self._above_ns: int | None = None
        self._low = self._strained = self._hour_spent = False

    @property
    def state(self) -> State:
        """The limit in force."""
        return self._state

    def pace(self, power: Power, usage: Usage, *, now_ns: int) -> Pace:
        """The pace from now on; `usage` counts from any one start."""
        self._spent.add(now_ns, usage)
        self._note(power, now_ns)
        signal = self._signal(now_ns)
        step = self._moved(signal, now_ns)
        self._state = TABLE[self._state][signal]
        step = max(step, self._floor())
        self._why = f"{self._cause()}: {_WORDS[step]}"
        slow = bool(power.on_battery) or self._low
        return Pace(
            STEPS_NS[min(step, NO_FRAMES - 1)], COMMIT_SAVING_NS if slow else COMMIT_NS, step < NO_FRAMES, self._why
        )

    def spending(self, now_ns: int) -> Spending:
        """What recording costs as of the last look, of which there was one, and the limit in force."""
        window, hour = self._spent.since(now_ns - CPU_WINDOW_NS), self._spent.since(now_ns - HOUR_NS)
        return Spending(
            profile=self._profile,
            state=self._state,
            why=self._why,
            cpu_percent=round(100 * window.cpu_share(CPU_PATIENCE_NS), 2),
            cpu_limit_percent=100 * self._budget.cpu_share,
            cpu_seconds_hour=round(3600 * hour.cpu_share(CPU_WINDOW_NS), 1),
            bytes_hour=self._counted_bytes(now_ns),
            bytes_limit_hour=self._bytes_limit(),
            wake_ups_hour=hour.wake_ups_an_hour(CPU_WINDOW_NS),
        )

    def _note(self, power: Power, now_ns: int) -> None:
        """Remembers the machine's state; each mark that was passed counts until it is left by a margin."""
        if power.on_battery != self._power.on_battery:
            self._unplugged_ns = now_ns
        self._power = power
        low = LOW_PERCENT + (MARGIN_PERCENT if self._low else 0)
        self._low = self._profile is Profile.SAVER or (
            self._profile is Profile.AUTO and (power.saver_wanted or _is_below(power, low))
        )
        heat, load = (HOT_MARGIN, BUSY_MARGIN) if self._strained else (0.0, 0.0)
        if (power.celsius or 0) <= HOT_CELSIUS - heat and (power.load or 0) <= BUSY_LOAD - load:
            self._above_ns = None
        elif self._above_ns is None:
            self._above_ns = now_ns
        self._strained = self._above_ns is not None and now_ns - self._above_ns >= STRAIN_NS

    def _signal(self, now_ns: int) -> Signal:
        empty = EMPTY_PERCENT + (MARGIN_PERCENT if self._state is State.CRITICAL else 0)
        found = {
            Signal.EMPTY: self._power.going_to_sleep or _is_below(self._power, empty),
            Signal.BYTES: self._is_over_bytes(now_ns),
            Signal.CPU: self._since_step(CPU_WINDOW_NS, now_ns).cpu_share(CPU_PATIENCE_NS) > self._budget.cpu_share,
            Signal.KEPT: self._step > 0,
            Signal.STRAINED: self._strained,
            Signal.LOW: self._low,
        }
        return next((signal for signal, is_so in found.items() if is_so), Signal.CALM)

    def _is_over_bytes(self, now_ns: int) -> bool:
        limit = self._bytes_limit()
        share = BYTES_BACK if self._hour_spent else 1
        self._hour_spent = self._counted_bytes(now_ns) >= limit * share
        return self._hour_spent or self._since_step(BYTES_WINDOW_NS, now_ns).bytes_an_hour(BYTES_WINDOW_NS) > limit

    def _moved(self, signal: Signal, now_ns: int) -> int:
        """The step that the budgets ask for, after it was moved as the signal says."""
        if signal is Signal.EMPTY:
            # Without frames nothing is learnt of what they cost; afterwards they start anew.
            self._step, self._stepped_ns = 0, now_ns
        elif self._hour_spent:
            self._step, self._stepped_ns = NO_FRAMES, now_ns
        elif signal in {Signal.BYTES, Signal.CPU}:
            self._step, self._stepped_ns = min(max(self._step, self._floor()) + 1, NO_FRAMES), now_ns
        elif signal is Signal.KEPT and self._has_room(now_ns):
            self._step, self._stepped_ns = self._step - 1, now_ns
        return self._step

    def _has_room(self, now_ns: int) -> bool:
        if now_ns - self._stepped_ns < EASE_NS:
            return False
        cpu = self._since_step(CPU_WINDOW_NS, now_ns).cpu_share(1)
        written = self._since_step(BYTES_WINDOW_NS, now_ns).bytes_an_hour(1)
        return cpu <= ROOM * self._budget.cpu_share and written <= ROOM * self._bytes_limit()

    def _floor(self) -> int:
        """The fastest step that the state and what else holds beside it allow."""
        low, busy = FLOORS[State.SAVING] if self._low else 0, FLOORS[State.BUSY] if self._strained else 0
        return max(FLOORS[self._state], low, busy)

    def _since_step(self, window_ns: int, now_ns: int) -> Stretch:
        """What was used in a window, but only at the present pace and power."""
        return self._spent.since(max(now_ns - window_ns, self._stepped_ns, self._unplugged_ns))

    def _counted_bytes(self, now_ns: int) -> int:
        return self._spent.since(max(now_ns - HOUR_NS, self._unplugged_ns)).used.bytes_written

    def _bytes_limit(self) -> int:
        return self._budget.bytes_hour_battery if self._power.on_battery else self._budget.bytes_hour

    def _cause(self) -> str:
        """Why the state is in force, for a person."""
        power = self._power
        match self._state:
            case State.CRITICAL:
                return "the machine is going to sleep" if power.going_to_sleep else _battery(power)
            case State.OVER_BYTES:
                return f"recording wrote more than {self._bytes_limit() / 1e6:g} MB an hour"
            case State.OVER_CPU:
                return f"recording took more than {100 * self._budget.cpu_share:g} % of a processor core"
            case State.BUSY:
                return _strain(power)
            case State.SAVING:
                return self._saving()
            case State.NORMAL:
                return "all limits are kept"

    def _saving(self) -> str:
        if self._profile is Profile.SAVER:
            return "the profile saves power"
        return "the system saves power" if self._power.saver_wanted else _battery(self._power)


def _is_below(power: Power, percent: float) -> bool:
    return bool(power.on_battery) and power.percent is not None and power.percent < percent


def _battery(power: Power) -> str:
    return f"the battery is at {power.percent:.0f} %"


def _strain(power: Power) -> str:
    hot = power.celsius is not None and power.celsius > HOT_CELSIUS - HOT_MARGIN
    if hot and (power.load or 0) <= BUSY_LOAD:
        return f"the processor is at {power.celsius:.0f} degrees"
    return f"the machine is busy, with {power.load:.1f} tasks for each processor core"
