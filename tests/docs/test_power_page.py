"""The page of what recording may cost is that of the code: steps, states, marks and budget."""

from __future__ import annotations

from typing import Final

from capture import governor
from capture.governor import FLOORS, NO_FRAMES, STEPS_NS, Governor, Power, Profile, Signal, State
from capture.pacer import POWER_NS, USAGE_NS
from capture.sources import power_bus
from capture.spending import SECOND, Usage
from tests.docs.test_docs import page, rows, section

PAGE: Final = page("docs/power.md")
TEXT: Final = " ".join(PAGE.split())
NOTHING: Final = Usage(0, 0, 0)


def test_the_steps_are_those_of_the_code() -> None:
    told = {row[0]: row[1] for row in rows(section(PAGE, "What is slowed down"))}
    assert list(told) == [str(step) for step in range(NO_FRAMES + 1)]
    first = Governor().pace(Power(), NOTHING, now_ns=0)
    last = Governor().pace(Power(on_battery=True, percent=1), NOTHING, now_ns=0)
    assert (first.why.split(": ")[1], last.why.split(": ")[1]) == (told["0"], told["4"])
    assert [SECOND / step for step in STEPS_NS] == [8, 4, 2, 1]


def test_the_states_come_in_the_order_of_their_weight_with_their_steps() -> None:
    told = [(row[0].strip("`"), int(row[2].split()[0])) for row in rows(section(PAGE, "When"))]
    causes = [signal for signal in Signal if signal is not Signal.KEPT]
    assert told == [(state.value, FLOORS[state]) for state in (governor.TABLE[State.NORMAL][one] for one in causes)]


def test_the_marks_are_those_of_the_code() -> None:
    assert f"on battery below {governor.EMPTY_PERCENT:g} %, or" in TEXT
    assert f"on battery below {governor.LOW_PERCENT:g} %, the" in TEXT
    assert f"above {governor.HOT_CELSIUS:g} degrees, or load above {governor.BUSY_LOAD:g} for each core" in TEXT
    marks = [mark + governor.MARGIN_PERCENT for mark in (governor.EMPTY_PERCENT, governor.LOW_PERCENT)]
    cool, calm = governor.HOT_CELSIUS - governor.HOT_MARGIN, governor.BUSY_LOAD - governor.BUSY_MARGIN
    assert f"at {marks[0]:g} and {marks[1]:g} %, a processor at {cool:g} degrees, a load of {calm:g}." in TEXT
    assert governor.STRAIN_NS == governor.EASE_NS == governor.CPU_WINDOW_NS == 60 * SECOND
    assert governor.BYTES_WINDOW_NS == 300 * SECOND
    assert governor.ROOM == 0.5


def test_the_budget_is_that_of_the_code() -> None:
    told = [row[1] for row in rows(section(PAGE, "Budget"))]
    limits = f"{governor.BYTES_HOUR / 1e6:g} MB", f"{governor.BYTES_HOUR_BATTERY / 1e6:g} MB"
    assert told == [f"{governor.CPU_SHARE * 100:g} %", *limits]
    assert f"less than {governor.BYTES_BACK * 100:g} % of it" in TEXT


def test_the_times_are_those_of_the_code() -> None:
    grid = governor.COMMIT_NS // 1_000_000, governor.COMMIT_SAVING_NS // 1_000_000
    assert f"each {grid[0]} milliseconds, and each {grid[1]} on battery" in TEXT
    assert f"each {POWER_NS // SECOND} seconds" in TEXT
    assert USAGE_NS == SECOND
    assert f"within {power_bus.ANSWER_SECONDS * 1000:g} milliseconds" in TEXT
    assert power_bus.QUIET_SECONDS == 300


def test_the_profiles_are_those_of_the_code() -> None:
    assert [row[0].strip("`") for row in rows(section(PAGE, "Profiles"))] == [profile.value for profile in Profile]
