"""A pointer's path is thinned within its stated error, in space and in time."""

from __future__ import annotations

import math
import random
import time
from itertools import pairwise
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.events import PointerMoved
from capture.path import CELL_NS, TOLERANCE, off_path, thin

MS: Final = 1_000_000
ROUNDING: Final = 1e-6
steps = st.integers(0, 400 * MS)
places = st.integers(-3000, 3000)


@st.composite
def paths(draw: st.DrawFn, near: int = 3000) -> tuple[PointerMoved, ...]:
    place = st.integers(-near, near)
    moves = draw(st.lists(st.tuples(steps, place, place), max_size=120))
    now, path = draw(st.integers(0, 2**60)), []
    for step, x, y in moves:
        now += step
        path.append(PointerMoved(now, x, y))
    return tuple(path)


def errors(path: tuple[PointerMoved, ...], kept: tuple[PointerMoved, ...]) -> list[float]:
    """How far each move of a path is from the thinned one, at its moment."""
    pairs = tuple(pairwise((*kept, *kept[-1:])))
    return [
        min(off_path(move, before, after=after) for before, after in pairs if before.at_ns <= move.at_ns <= after.at_ns)
        for move in path
    ]


def hand(rate: int, seconds: float, *, seed: int = 7) -> tuple[PointerMoved, ...]:
    """A hand at work: quick, smooth reaches (minimum jerk, a little bowed, 9 Hz of tremor) with rests between."""
    chance = random.Random(seed)
    path: list[PointerMoved] = []
    x, y, now = 400.0, 300.0, 0.0
    while now < seconds:
        to_x, to_y = chance.uniform(0, 1919), chance.uniform(0, 1079)
        lasts, bow = 0.25 + math.dist((x, y), (to_x, to_y)) / 2500, chance.uniform(-0.08, 0.08)
        for number in range(1, int(lasts * rate) + 1):
            share = number / (lasts * rate)
            gone = 10 * share**3 - 15 * share**4 + 6 * share**5
            aside = bow * math.sin(math.pi * gone)
            tremor = 0.5 * math.sin(2 * math.pi * 9 * number / rate)
            here_x = round(x + (to_x - x) * gone - (to_y - y) * aside + tremor)
            here_y = round(y + (to_y - y) * gone + (to_x - x) * aside + tremor)
            # A display tells of a move only where the pointer comes to another pixel.
            if not path or (path[-1].x, path[-1].y) != (here_x, here_y):
                path.append(PointerMoved(int((now + number / rate) * 1e9), here_x, here_y))
        x, y, now = to_x, to_y, now + lasts + chance.uniform(0.3, 1.5)
    return tuple(path)


@given(paths())
def test_no_removed_move_is_farther_off_than_the_tolerance(path: tuple[PointerMoved, ...]) -> None:
    assert all(error <= TOLERANCE + ROUNDING for error in errors(path, thin(path)))


@given(paths(near=6))
def test_the_bound_holds_where_most_moves_are_removed(path: tuple[PointerMoved, ...]) -> None:
    assert all(error <= TOLERANCE + ROUNDING for error in errors(path, thin(path)))


@given(paths(near=12))
def test_thinning_a_thinned_path_changes_nothing(path: tuple[PointerMoved, ...]) -> None:
    assert thin(thin(path)) == thin(path)


@given(paths(near=12))
def test_what_stays_is_of_the_path_and_in_its_order(path: tuple[PointerMoved, ...]) -> None:
    rest = iter(path)
    assert all(any(move is one for one in rest) for move in thin(path))


@given(paths())
def test_the_first_and_the_last_move_stay(path: tuple[PointerMoved, ...]) -> None:
    kept = thin(path)
    assert (kept[:1], kept[-1:]) == (path[:1], path[-1:])


@given(paths(near=12), st.sampled_from([0.0, 0.5, 5.0, 50.0]))
def test_the_bound_is_the_one_that_is_asked_for(path: tuple[PointerMoved, ...], tolerance: float) -> None:
    assert all(error <= tolerance + ROUNDING for error in errors(path, thin(path, tolerance)))


def test_an_even_straight_move_is_its_two_ends() -> None:
    path = tuple(PointerMoved(number * 8 * MS, 10 + 3 * number, 20 + 2 * number) for number in range(100))
    assert thin(path) == (path[0], path[-1])


def test_a_rest_on_a_straight_line_is_kept_as_a_rest() -> None:
    there = tuple(PointerMoved(number * 10 * MS, 10 * number, 0) for number in range(20))
    onward = tuple(PointerMoved(600 * MS + number * 10 * MS, 190 + 10 * number, 0) for number in range(20))
    kept = thin(there + onward)
    assert there[-1] in kept
    assert onward[0] in kept


def test_a_path_over_many_seconds_keeps_a_move_of_each() -> None:
    path = tuple(PointerMoved(number * 50 * MS, 7, 7) for number in range(200))
    assert {move.at_ns // CELL_NS for move in thin(path)} == set(range(10))


@pytest.mark.parametrize(("rate", "share"), [(60, 0.65), (1000, 0.06)])
def test_a_hand_at_work_is_told_in_few_moves(rate: int, share: float) -> None:
    path = hand(rate, 60)
    assert len(thin(path)) < share * len(path)


def test_a_second_of_the_fastest_zigzag_is_thinned_in_little_time() -> None:
    path = tuple(PointerMoved(number * MS, 500 * (number % 2), number) for number in range(1000))
    began = time.process_time()
    assert len(thin(path)) > 900
    assert time.process_time() - began < 1
