"""Regions are found with their blank rows left out as they are on the whole plane."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from redaction.images.ink import Plane, Regions, boxes_of
from redaction.spans import Box


def sparse(*, seed: int) -> Plane:
    """A plane of specks and bars with many blank rows."""
    chance = np.random.default_rng(seed)
    height, width = chance.integers(1, 90, 2)
    plane = np.asarray(chance.random((height, width)) < chance.random() / 2, np.uint8)
    return np.asarray(plane * (chance.random((height, 1)) < chance.random()), np.uint8)


def found_whole(plane: Plane) -> list[tuple[int, Box, int]]:
    count, _, stats, _ = cv2.connectedComponentsWithStats(plane, connectivity=8)
    return [(label, Box(*stats[label, :4].tolist()), int(stats[label, 4])) for label in range(1, count)]


@pytest.mark.parametrize("seed", range(40))
def test_regions_have_the_numbers_boxes_and_areas_that_they_have_on_the_whole_plane(seed: int) -> None:
    plane = sparse(seed=seed)
    assert list(boxes_of(plane)) == found_whole(plane)


@pytest.mark.parametrize("seed", range(10))
def test_a_plane_comes_back_from_its_regions(seed: int) -> None:
    plane = sparse(seed=seed)
    assert np.array_equal(Regions.in_plane(plane).plane(), plane)


def test_only_chosen_regions_come_back() -> None:
    plane = np.zeros((20, 20), np.uint8)
    plane[2:4, 2:9] = plane[15:17, 4:8] = 1
    left = Regions.in_plane(plane).chosen(np.array([False, True])).plane()
    assert left[15:17, 4:8].all()
    assert left.sum() == 8


def test_a_blank_plane_has_no_regions() -> None:
    blank = np.zeros((7, 5), np.uint8)
    assert list(boxes_of(blank)) == []
    assert np.array_equal(Regions.in_plane(blank).plane(), blank)
