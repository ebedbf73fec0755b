"""Pairs of boxes that meet are found among many as they are one by one."""

from __future__ import annotations

import random

from redaction.images.nearby import AT_ONCE, meeting
from redaction.spans import Box


def boxes(count: int, *, seed: int) -> tuple[Box, ...]:
    chance = random.Random(seed)
    return tuple(
        Box(chance.randint(-20, 400), chance.randint(-20, 900), chance.randint(1, 60), chance.randint(1, 40))
        for _ in range(count)
    )


def pairs(first: tuple[Box, ...], second: tuple[Box, ...]) -> list[tuple[int, int]]:
    ones, others = meeting(first, second)
    return list(zip(ones.tolist(), others.tolist(), strict=True))


def test_pairs_are_those_of_boxes_that_meet_in_the_order_of_both_groups() -> None:
    first, second = boxes(2 * AT_ONCE + 7, seed=1), boxes(150, seed=2)
    expected = [(i, j) for i, one in enumerate(first) for j, other in enumerate(second) if one.meets(other)]
    assert pairs(first, second) == expected


def test_boxes_that_only_touch_do_not_meet() -> None:
    assert pairs((Box(0, 0, 4, 4),), (Box(4, 0, 4, 4), Box(0, 4, 4, 4))) == []


def test_a_group_without_boxes_meets_nothing() -> None:
    assert pairs((), boxes(3, seed=3)) == pairs(boxes(3, seed=3), ()) == []
