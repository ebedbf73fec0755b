"""Sleep is told from the clocks that ran on and the one that stood still; a clock that is set is told apart."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.events import Suspended
from capture.sleep import SLEPT_NS, Reading, Sleep, read_clocks
from capture.sources.base import SystemClock

MS: Final = 1_000_000
SECOND: Final = 1000 * MS
START: Final = Reading(now_ns=5_000 * SECOND, boot_ns=9_000 * SECOND, wall_ms=1_700_000_000_000)


def after(before: Reading, awake_ns: int, *, asleep_ns: int = 0, set_ms: int = 0, late_ns: int = 0) -> Reading:
    """The clocks some time later; `late_ns` is how much later than the others the monotonic clock was read."""
    passed = awake_ns + asleep_ns
    return Reading(before.now_ns + awake_ns + late_ns, before.boot_ns + passed, before.wall_ms + passed // MS + set_ms)


class Interrupted:
    """Clocks whose reader is interrupted for a second after it read boot time, the first two times."""

    def __init__(self) -> None:
        self._now, self._interruptions = START.now_ns, 2

    def now_ns(self) -> int:
        return self._now

    def boot_ns(self) -> int:
        boot = self._now + 4_000 * SECOND
        if self._interruptions:
            self._interruptions -= 1
            self._now += SECOND
        return boot

    def wall_ms(self) -> int:
        return self._now // MS

    def sleep(self, seconds: float) -> None:
        self._now += int(seconds * SECOND)


def test_a_night_asleep_is_told_with_the_clocks_of_the_morning() -> None:
    morning = after(START, SECOND, asleep_ns=8 * 3600 * SECOND)
    told = Sleep(START).since(morning)
    assert told == Suspended(morning.now_ns, 8 * 3600 * SECOND, morning.wall_ms, morning.boot_ns)


def test_time_awake_is_no_sleep() -> None:
    assert Sleep(START).since(after(START, 3600 * SECOND)) is None


def test_a_sleep_is_told_once() -> None:
    sleep, morning = Sleep(START), after(START, SECOND, asleep_ns=3600 * SECOND)
    assert sleep.since(morning) is not None
    assert sleep.since(after(morning, SECOND)) is None


@pytest.mark.parametrize(("asleep_ns", "told"), [(SLEPT_NS, False), (SLEPT_NS + 1, True)])
def test_the_least_sleep_is_a_tenth_of_a_second(asleep_ns: int, told: bool) -> None:  # noqa: FBT001
    assert (Sleep(START).since(after(START, SECOND, asleep_ns=asleep_ns)) is not None) is told


def test_a_reader_that_was_interrupted_has_not_slept() -> None:
    sleep, late = Sleep(START), after(START, SECOND, late_ns=3 * SECOND)
    assert sleep.since(late) is None
    assert sleep.since(after(START, 5 * SECOND)) is None


def test_clocks_are_read_closely_together_even_when_the_reader_is_interrupted() -> None:
    assert read_clocks(Interrupted()).ahead_ns == 4_000 * SECOND


@given(st.lists(st.tuples(st.integers(0, 100 * SECOND), st.integers(0, 50 * MS)), max_size=30))
def test_delays_are_never_taken_for_sleep(steps: list[tuple[int, int]]) -> None:
    sleep, now = Sleep(START), START
    for awake_ns, late_ns in steps:
        now = after(now, awake_ns)
        assert sleep.since(after(now, 0, late_ns=late_ns)) is None


@given(st.lists(st.integers(SLEPT_NS + MS, 100 * SECOND), max_size=20))
def test_all_sleep_adds_up(nights: list[int]) -> None:
    sleep, now, total = Sleep(START), START, 0
    for night in nights:
        now = after(now, SECOND, asleep_ns=night)
        told = sleep.since(now)
        total += told.asleep_ns if told else 0
    assert total == sum(nights)


def test_setting_the_wall_clock_is_no_sleep() -> None:
    assert Sleep(START).since(after(START, SECOND, set_ms=3_600_000)) is None


def test_this_machine_has_not_slept_between_two_looks() -> None:
    clock = SystemClock()
    assert Sleep(read_clocks(clock)).since(read_clocks(clock)) is None
