"""The list of known shapes is whole or it is not used; a shape is known at any size and place, but not changed."""

from __future__ import annotations

import numpy as np
import pytest

from redaction.images.shapes import (
    LEVELS,
    SIDE,
    ShapesMissing,
    drawing_of,
    fits,
    load_shapes,
    looks_of,
    packed_shapes,
    parse_shapes,
)
from tests.redaction.iconic import control, letters


def boat() -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """A shape of its own: a hull under a sail."""
    shape = np.zeros((40, 40), np.float32)
    for row in range(24):
        shape[row, 18 - row // 2 : 20] = 1
    for row in range(28, 38):
        shape[row, row - 26 : 40 - (row - 26)] = 1
    return shape


def packed() -> bytes:
    drawings = np.stack([drawing_of(boat()), drawing_of(letters("R", 40))])
    return packed_shapes(drawings, np.array([0.9, 0.95], np.float32))


def test_shapes_come_back_from_their_file() -> None:
    shapes = parse_shapes(packed())
    assert shapes.limits.tolist() == pytest.approx([0.9, 0.95], abs=1e-4)
    assert np.abs(shapes.drawings[0] / LEVELS - drawing_of(boat())).max() <= 0.51 / LEVELS


def test_a_limit_never_falls_by_being_stored() -> None:
    limits = np.array([0.90001, 0.94999], np.float32)
    assert (parse_shapes(packed_shapes(np.zeros((2, SIDE, SIDE), np.float32), limits)).limits >= limits).all()


@pytest.mark.parametrize("place", [0, 20, 60, 90, -1])
def test_a_changed_byte_is_seen(place: int) -> None:
    untrusted = bytearray(packed())
    untrusted[place] ^= 1
    with pytest.raises(ShapesMissing, match="install optin again"):
        parse_shapes(bytes(untrusted))


@pytest.mark.parametrize("size", [0, 10, 100, -1])
def test_a_cut_file_is_refused(size: int) -> None:
    with pytest.raises(ShapesMissing):
        parse_shapes(packed()[:size])


def test_the_list_that_is_shipped_is_whole_and_full() -> None:
    shapes = load_shapes()
    assert len(shapes.limits) > 2000
    assert (shapes.limits >= 0.9).all()
    assert len(shapes.digest) == 64


@pytest.mark.parametrize("edge", [16, 24, 33, 47])
def test_a_shape_is_known_at_any_size(edge: int) -> None:
    import cv2

    shapes = parse_shapes(packed())
    shape = np.asarray(cv2.resize(boat(), (edge, edge), interpolation=cv2.INTER_AREA), np.float32)
    assert shapes.nearest(((drawing_of(shape), edge),)) == (0,)


def test_a_shape_is_known_wherever_it_stands() -> None:
    moved = np.pad(boat(), ((9, 2), (3, 30)))
    assert np.abs(drawing_of(moved) - drawing_of(boat())).max() < 0.01


def test_another_shape_is_not_known() -> None:
    assert parse_shapes(packed()).nearest(
        ((drawing_of(letters("K", 40)), 40), (drawing_of(control(40, 0.5, filled=True)), 40))
    ) == (None, None)


def test_a_known_shape_with_something_in_it_is_not_known() -> None:
    shape = boat()
    shape[4:14, 26:34] = letters("7", 14)[:10, :8]
    assert parse_shapes(packed()).nearest(((drawing_of(shape), 40),)) == (None,)


def test_a_small_addition_does_not_fit_though_it_is_alike() -> None:
    shape = boat()
    shape[6:12, 28:31] = 1
    changed, known = looks_of(np.stack([drawing_of(shape), drawing_of(boat())]))
    assert float(changed @ known) > 0.9
    assert not fits(drawing_of(shape), drawing_of(boat()), 40)


def test_no_drawings_are_no_shapes() -> None:
    assert parse_shapes(packed()).nearest(()) == ()
