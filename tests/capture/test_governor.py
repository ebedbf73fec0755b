"""The governor slows pixels down, and only as far as a limit asks; every cell of its table is walked."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capture.governor import (
    BUSY_LOAD,
    BYTES_HOUR,
    BYTES_HOUR_BATTERY,
    COMMIT_NS,
    COMMIT_SAVING_NS,
    CPU_SHARE,
    FLOORS,
    HOT_CELSIUS,
    NO_FRAMES,
    STEPS_NS,
    STRAIN_NS,
    TABLE,
    Budget,
    FixedPace,
    Governor,
    Pace,
    Power,
    Profile,
    Signal,
    State,
)
from capture.spending import SECOND, Usage

MINUTE: Final = 60
HOUR: Final = 3600
MAINS: Final = Power(on_battery=False, percent=80, load=0.2, celsius=50)
BATTERY: Final = Power(on_battery=True, percent=80, load=0.2, celsius=50)
LOW: Final = replace(BATTERY, percent=15)
EMPTY: Final = replace(BATTERY, percent=7)
HOT: Final = replace(MAINS, celsius=95)
BUSY: Final = replace(MAINS, load=3.0)
LIGHT: Final = 0.005
HEAVY: Final = 0.5


@dataclass
class Machine:
    """A machine that spends as it is told, second by second, beside a governor."""

    governor: Governor
    power: Power = MAINS
    now: int = 1000 * SECOND
    cpu: float = 0.0
    written: int = 0

    def look(self) -> Pace:
        return self.governor.pace(self.power, Usage(self.cpu, self.written, 0), now_ns=self.now)

    def work(self, seconds: int, *, share: float = LIGHT, rate: int = 0, power: Power | None = None) -> Pace:
        """The pace after some seconds at this share of a core and this many bytes a second."""
        self.power = power or self.power
        pace = self.look()
        for _ in range(seconds):
            self.now += SECOND
            self.cpu += share
            self.written += rate
            pace = self.look()
        return pace

    def live(self, seconds: int, *, cost: Callable[[Pace], tuple[float, int]]) -> list[Pace]:
        """The paces of a time in which what is spent follows from the pace."""
        paces = [self.look()]
        for _ in range(seconds):
            self.now += SECOND
            share, rate = cost(paces[-1])
            self.cpu += share
            self.written += rate
            paces.append(self.look())
        return paces


def machine(profile: Profile = Profile.AUTO, budget: Budget | None = None) -> Machine:
    made = Machine(Governor(profile, budget))
    made.look()
    return made


def frames_a_second(pace: Pace) -> float:
    return SECOND / pace.frame_ns if pace.frames else 0


# What leads a machine from anywhere to a state, or gives a signal there.
CAUSES: Final[dict[Signal, Callable[[Machine], Pace]]] = {
    Signal.EMPTY: lambda one: one.work(1, power=EMPTY),
    Signal.BYTES: lambda one: one.work(2, rate=BYTES_HOUR // 4, power=MAINS),
    Signal.CPU: lambda one: one.work(8, share=1.0, power=MAINS),
    Signal.STRAINED: lambda one: one.work(MINUTE + 1, power=BUSY),
    Signal.LOW: lambda one: one.work(1, power=LOW),
    Signal.CALM: lambda one: one.work(1, power=MAINS),
    Signal.KEPT: lambda one: one.work(1, power=MAINS),
}
LEADING: Final = {
    State.NORMAL: Signal.CALM,
    State.SAVING: Signal.LOW,
    State.BUSY: Signal.STRAINED,
    State.OVER_CPU: Signal.CPU,
    State.OVER_BYTES: Signal.BYTES,
    State.CRITICAL: Signal.EMPTY,
}
CELLS: Final = tuple(itertools.product(State, Signal))
BUDGETS: Final = {State.OVER_CPU, State.OVER_BYTES}
MILD: Final = {Signal.STRAINED, Signal.LOW, Signal.CALM}


def follows(state: State, signal: Signal) -> State:
    """What follows in a machine: the table, at the signal that is found there.

    While a budget slows frames, a milder cause is not the weightiest; and a kept budget is found nowhere else.
    """
    if state in BUDGETS and signal in MILD:
        signal = Signal.KEPT
    if state not in BUDGETS and signal is Signal.KEPT:
        signal = Signal.CALM
    return TABLE[state][signal]


def test_the_table_has_every_cell() -> None:
    assert set(TABLE) == set(FLOORS) == set(State)
    assert all(set(row) == set(Signal) for row in TABLE.values())


@pytest.mark.parametrize(("state", "signal"), CELLS)
def test_every_cell_of_the_table_is_what_happens(state: State, signal: Signal) -> None:
    one = machine()
    CAUSES[LEADING[state]](one)
    assert one.governor.state is state
    CAUSES[signal](one)
    assert one.governor.state is follows(state, signal)


@pytest.mark.parametrize("state", State)
def test_no_state_is_faster_than_its_floor(state: State) -> None:
    pace = CAUSES[LEADING[state]](machine())
    assert frames_a_second(pace) <= ([*(SECOND / step for step in STEPS_NS), 0])[FLOORS[state]]


@pytest.mark.parametrize("state", State)
def test_every_state_ends_when_its_cause_does(state: State) -> None:
    one = machine()
    CAUSES[LEADING[state]](one)
    assert one.work(2 * HOUR, power=MAINS).frame_ns == STEPS_NS[0]
    assert one.governor.state is State.NORMAL


def test_on_mains_at_rest_there_are_eight_frames_a_second() -> None:
    assert machine().look() == Pace(125_000_000, COMMIT_NS, True, "all limits are kept: up to 8 frames a second")  # noqa: FBT003


def test_on_battery_batches_are_a_second_apart() -> None:
    assert machine().work(1, power=BATTERY).commit_ns == COMMIT_SAVING_NS


@pytest.mark.parametrize("percent", [19.9, 10.0])
def test_below_twenty_percent_power_is_saved(percent: float) -> None:
    pace = machine().work(1, power=replace(BATTERY, percent=percent))
    assert (frames_a_second(pace), pace.why) == (4, f"the battery is at {percent:.0f} %: up to 4 frames a second")


@pytest.mark.parametrize("profile", Profile)
def test_below_ten_percent_there_are_no_frames_in_any_profile(profile: Profile) -> None:
    pace = machine(profile).work(1, power=replace(BATTERY, percent=9.9))
    assert (pace.frames, pace.why) == (False, "the battery is at 10 %: no frames are taken")


def test_a_low_battery_that_is_charged_limits_nothing() -> None:
    assert machine().work(1, power=replace(EMPTY, on_battery=False)).frame_ns == STEPS_NS[0]


@pytest.mark.parametrize(("percent", "state"), [(11.0, State.CRITICAL), (12.0, State.SAVING)])
def test_a_gauge_that_is_off_by_one_does_not_bring_frames_back(percent: float, state: State) -> None:
    one = machine()
    one.work(1, power=replace(BATTERY, percent=9))
    one.work(1, power=replace(BATTERY, percent=percent))
    assert one.governor.state is state


def test_before_sleep_there_are_no_frames_and_afterwards_at_once() -> None:
    one = machine()
    assert one.work(1, power=replace(MAINS, going_to_sleep=True)).why == (
        "the machine is going to sleep: no frames are taken"
    )
    assert one.work(0, power=MAINS).frame_ns == STEPS_NS[0]


def test_what_the_person_asked_the_system_for_is_done() -> None:
    pace = machine().work(1, power=replace(MAINS, saver_wanted=True))
    assert (frames_a_second(pace), pace.why) == (4, "the system saves power: up to 4 frames a second")


def test_the_performance_profile_saves_nothing_before_the_battery_is_empty() -> None:
    assert machine(Profile.PERFORMANCE).work(1, power=replace(LOW, saver_wanted=True)).frame_ns == STEPS_NS[0]


def test_the_saver_profile_always_saves() -> None:
    pace = machine(Profile.SAVER).look()
    assert (frames_a_second(pace), pace.commit_ns) == (4, COMMIT_SAVING_NS)
    assert pace.why == "the profile saves power: up to 4 frames a second"


@pytest.mark.parametrize(
    ("power", "why"),
    [
        (replace(MAINS, celsius=HOT_CELSIUS + 1), "the processor is at 86 degrees"),
        (replace(MAINS, load=BUSY_LOAD + 0.1), "the machine is busy, with 1.6 tasks for each processor core"),
    ],
)
def test_heat_and_load_slow_frames_when_they_last_a_minute(power: Power, why: str) -> None:
    one = machine()
    assert one.work(STRAIN_NS // SECOND - 1, power=power).frame_ns == STEPS_NS[0]
    assert one.work(1, power=power).why == f"{why}: up to 2 frames a second"


def test_heat_that_comes_and_goes_slows_nothing() -> None:
    one = machine()
    for _ in range(5):
        one.work(50, power=HOT)
        one.work(1, power=MAINS)
    assert one.governor.state is State.NORMAL


def test_heat_is_over_only_when_it_has_fallen_by_a_margin() -> None:
    one = machine()
    one.work(2 * MINUTE, power=HOT)
    states = []
    for fallen in (1, 4, 5):
        one.work(1, power=replace(MAINS, celsius=HOT_CELSIUS - fallen))
        states.append(one.governor.state)
    assert states == [State.BUSY, State.BUSY, State.NORMAL]


def test_what_is_not_known_limits_nothing() -> None:
    assert machine().work(1, power=Power()).frame_ns == STEPS_NS[0]


def test_a_burst_of_half_a_second_is_within_the_budget() -> None:
    one = machine()
    one.cpu += 0.5
    assert one.work(MINUTE).frame_ns == STEPS_NS[0]


def test_over_the_cpu_budget_frames_slow_down_step_by_step_to_none() -> None:
    paces = machine().live(3 * MINUTE, cost=lambda _: (HEAVY, 0))
    seen = [rate for rate, _ in itertools.groupby(frames_a_second(pace) for pace in paces)]
    assert seen == [8, 4, 2, 1, 0]
    assert paces[-1].why == "recording took more than 6 % of a processor core: no frames are taken"


def test_a_screen_that_costs_too_much_is_slowed_down_until_it_fits_and_stays_so() -> None:
    paces = machine().live(HOUR, cost=lambda pace: (0.01 + 0.012 * frames_a_second(pace), 0))
    steps = [rate for rate, _ in itertools.groupby(frames_a_second(pace) for pace in paces)]
    assert steps == [8, 4]


@settings(max_examples=15)
@given(st.floats(0, 0.03), st.floats(0, 0.2))
def test_whatever_a_frame_costs_the_budget_is_kept_in_the_long_run(idle: float, each: float) -> None:
    one = machine()
    one.live(20 * MINUTE, cost=lambda pace: (idle + each * frames_a_second(pace), 0))
    before = one.cpu
    one.live(20 * MINUTE, cost=lambda pace: (idle + each * frames_a_second(pace), 0))
    assert (one.cpu - before) / (20 * MINUTE) <= CPU_SHARE * 1.25


def test_frames_come_back_step_by_step_when_there_is_room_again() -> None:
    one = machine()
    one.work(3 * MINUTE, share=HEAVY)
    paces = one.live(10 * MINUTE, cost=lambda _: (LIGHT, 0))
    assert [rate for rate, _ in itertools.groupby(frames_a_second(pace) for pace in paces)] == [0, 1, 2, 4, 8]


def test_frames_do_not_come_back_while_more_than_half_of_the_budget_is_used() -> None:
    one = machine()
    one.work(2, share=HEAVY)
    assert one.work(HOUR, share=CPU_SHARE * 0.6).frame_ns == STEPS_NS[1]
    assert one.governor.state is State.OVER_CPU


@pytest.mark.parametrize(("power", "limit"), [(MAINS, BYTES_HOUR), (BATTERY, BYTES_HOUR_BATTERY)])
def test_no_hour_holds_much_more_than_its_bytes(power: Power, limit: int) -> None:
    one = machine()
    one.work(1, power=power)
    # A film on the screen: half a megabyte each frame.
    one.live(3 * HOUR, cost=lambda pace: (LIGHT, int(500_000 * frames_a_second(pace))))
    assert one.written <= 3.2 * limit


def test_an_hour_that_is_spent_takes_frames_away_at_once() -> None:
    pace = machine().work(1, rate=BYTES_HOUR)
    assert (pace.frames, pace.why) == (False, "recording wrote more than 100 MB an hour: no frames are taken")


def test_frames_come_back_when_the_hour_is_over() -> None:
    one = machine()
    one.work(1, rate=BYTES_HOUR)
    assert not one.work(HOUR - MINUTE).frames
    assert one.work(10 * MINUTE).frame_ns == STEPS_NS[0]


def test_what_was_written_on_mains_does_not_count_on_battery() -> None:
    one = machine()
    one.work(HOUR, rate=20_000, power=MAINS)
    assert one.work(1, power=BATTERY).frame_ns == STEPS_NS[0]


def test_over_budget_and_hot_is_not_faster_than_hot() -> None:
    one = machine()
    hot = one.work(2 * MINUTE, power=HOT)
    both = one.work(8, share=1.0, power=HOT)
    assert frames_a_second(both) < frames_a_second(hot)


def test_a_budget_of_ones_own_is_the_one_that_is_kept() -> None:
    one = machine(budget=Budget(cpu_share=0.8))
    assert one.work(5 * MINUTE, share=HEAVY).frame_ns == STEPS_NS[0]


def test_batches_and_input_are_never_slowed_by_a_budget() -> None:
    assert machine().work(3 * MINUTE, share=HEAVY, rate=BYTES_HOUR).commit_ns == COMMIT_NS


def test_status_is_told_numbers_and_the_limit_in_force() -> None:
    one = machine()
    for second in range(10 * MINUTE):
        one.work(1, share=0.02, rate=5_000)
        wakes = Usage(one.cpu, one.written, 3 * second)
        one.governor.pace(one.power, wakes, now_ns=one.now)
    told = one.governor.spending(one.now)
    assert (told.profile, told.state, told.why) == (
        Profile.AUTO,
        State.NORMAL,
        "all limits are kept: up to 8 frames a second",
    )
    assert told.cpu_percent == pytest.approx(2, abs=0.01)
    assert told.cpu_limit_percent == CPU_SHARE * 100
    assert told.cpu_seconds_hour == pytest.approx(72, abs=0.1)
    assert (told.bytes_hour, told.bytes_limit_hour) == (3_000_000, BYTES_HOUR)
    assert told.wake_ups_hour == pytest.approx(10_800, rel=0.01)


def test_wake_ups_that_nobody_counts_are_not_told_as_none() -> None:
    one = machine()
    one.governor.pace(MAINS, Usage(1.0, 1, None), now_ns=one.now)
    assert one.governor.spending(one.now).wake_ups_hour is None


def test_a_counter_that_falls_gives_nothing_back() -> None:
    one = machine()
    one.work(10, share=HEAVY)
    one.cpu = 0
    one.look()
    assert one.governor.spending(one.now).cpu_percent == pytest.approx(100 * 5 / 15, abs=0.01)


def test_a_fixed_pace_stays() -> None:
    assert FixedPace().pace(0) == FixedPace().pace(10**18) == Pace(STEPS_NS[0], COMMIT_NS, True, "the pace is fixed")  # noqa: FBT003


def test_the_last_step_is_no_frames() -> None:
    assert len(STEPS_NS) == NO_FRAMES
