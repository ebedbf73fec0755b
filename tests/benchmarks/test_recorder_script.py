"""The scripted hand of the recorder benchmark does the same again for the same seed, at a person's pace."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from benchmarks.recorder_script import (
    BUSY,
    HERTZ,
    LIGHT,
    PLACES,
    Act,
    Pace,
    Step,
    Tally,
    Where,
    click,
    load,
    session,
    tally,
)

EDITOR = (640, 600)
PAGE = (1180, 860)


@pytest.fixture(params=[BUSY, LIGHT], ids=["busy", "light"])
def steps(request: pytest.FixtureRequest) -> tuple[Step, ...]:
    pace: Pace = request.param
    return session(7, 90, pace=pace)


def test_the_same_seed_brings_the_same_session() -> None:
    assert session(7, 60) == session(7, 60)


def test_another_seed_brings_another_session() -> None:
    assert session(7, 60) != session(8, 60)


def test_a_session_is_in_order_of_time_and_as_long_as_was_asked(steps: tuple[Step, ...]) -> None:
    assert all(before.at <= after.at for before, after in pairwise(steps))
    assert steps[-1].at == 90


def test_at_the_end_nothing_is_left_pressed(steps: tuple[Step, ...]) -> None:
    assert pressed(steps) == pressed(load(800, 4_000)) == Counter()


def test_what_is_pressed_is_released_before_it_is_pressed_again(steps: tuple[Step, ...]) -> None:
    held: set[str] = set()
    for step in steps:
        name = step.key or str(step.number)
        if step.act in {Act.KEY_DOWN, Act.BUTTON_DOWN}:
            assert name not in held
            held.add(name)
        elif step.act is not Act.MOVE:
            held.remove(name)


def test_the_pointer_moves_at_sixty_hertz_and_never_to_where_it_is(steps: tuple[Step, ...]) -> None:
    moves = [step for step in steps if step.act is Act.MOVE]
    assert all((a.where, a.x, a.y) != (b.where, b.x, b.y) for a, b in pairwise(moves))
    gaps = sorted(after.at - before.at for before, after in pairwise(moves))
    assert gaps[0] >= 1 / HERTZ - 1e-9
    assert gaps[len(gaps) // 2] == pytest.approx(1 / HERTZ)


def test_the_pointer_stays_within_the_windows(steps: tuple[Step, ...]) -> None:
    for step in steps:
        width, height = PAGE if step.where is Where.PAGE else EDITOR
        assert 0 <= step.x < width
        assert 0 <= step.y < height


def test_all_kinds_of_work_are_in_a_busy_session() -> None:
    counts = tally(session(7, 90))
    assert min(counts.moves, counts.buttons, counts.keys, counts.notches) > 10


def test_a_light_session_has_fewer_actions() -> None:
    assert tally(session(7, 300, pace=LIGHT)).actions < tally(session(7, 300)).actions / 1.5


def test_a_notch_of_the_wheel_counts_once_and_a_modifier_is_no_action() -> None:
    wheel = (Step(0, Act.BUTTON_DOWN, number=5), Step(0, Act.BUTTON_UP, number=5))
    chord = (
        Step(1, Act.KEY_DOWN, key="Control_L"),
        Step(1, Act.KEY_DOWN, key="s"),
        Step(1, Act.KEY_UP, key="s"),
        Step(1, Act.KEY_UP, key="Control_L"),
    )
    assert tally((*wheel, *chord, *click("save"))) == Tally(moves=2, buttons=2, keys=4, notches=1, actions=3)


def test_a_load_has_as_many_events_as_were_asked_for_at_that_rate() -> None:
    steps = load(800, 1_600)
    assert len(steps) == 1_600
    assert tally(steps) == Tally(moves=800, buttons=400, keys=400, actions=400)
    assert steps[-1].at == pytest.approx(2, abs=0.01)


def test_every_place_to_click_lies_within_its_window() -> None:
    for where, x, y in PLACES.values():
        width, height = PAGE if where is Where.PAGE else EDITOR
        assert 0 < x < width
        assert 0 < y < height


def pressed(steps: tuple[Step, ...]) -> Counter[str]:
    """What is down after the last step."""
    down: Counter[str] = Counter()
    for step in steps:
        if step.act is not Act.MOVE:
            down[step.key or str(step.number)] += 1 if step.act in {Act.KEY_DOWN, Act.BUTTON_DOWN} else -1
    return +down
