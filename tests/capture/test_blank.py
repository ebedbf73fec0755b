"""What of a screen stays visible."""

from __future__ import annotations

import numpy as np
import pytest

from capture.blank import BLANK_PIXEL, blank, blank_areas, blank_screen, shown_box, visible_parts
from capture.events import Area
from capture.sources.base import Window, WindowStack

SCREEN = Area(0, 0, 100, 80)
LOW = Area(10, 10, 40, 40)
HIGH = Area(30, 30, 40, 40)


def window(number: int, area: Area, solid: tuple[Area, ...] | None = None, *, draws: bool = True) -> Window:
    return Window(number, "app", "title", 9, area, (area,) if solid is None else solid, draws=draws)


def shown(parts: np.ndarray, area: Area) -> int:
    return int(parts[area.y : area.y + area.height, area.x : area.x + area.width].sum())


def test_nothing_of_the_bare_desktop_is_shown() -> None:
    assert not visible_parts(WindowStack((), 0), frozenset(), screen=SCREEN).any()


def test_only_the_captured_window_is_shown() -> None:
    parts = visible_parts(WindowStack((window(1, LOW),), 1), {1}, screen=SCREEN)
    assert shown(parts, LOW) == parts.sum() == 1600


def test_a_window_above_hides_what_it_covers() -> None:
    stack = WindowStack((window(1, LOW), window(2, HIGH)), 1)
    parts = visible_parts(stack, {1}, screen=SCREEN)
    assert shown(parts, HIGH) == 0
    assert parts.sum() == 1600 - 20 * 20


def test_a_captured_window_above_shows_all_of_itself() -> None:
    stack = WindowStack((window(1, LOW), window(2, HIGH)), 1)
    parts = visible_parts(stack, {2}, screen=SCREEN)
    assert shown(parts, HIGH) == parts.sum() == 1600


def test_a_see_through_window_shows_nothing_of_itself_or_below() -> None:
    stack = WindowStack((window(1, LOW), window(2, LOW, ())), 2)
    assert not visible_parts(stack, {1, 2}, screen=SCREEN).any()


def test_the_shadow_of_a_window_is_not_shown() -> None:
    inner = Area(15, 15, 30, 30)
    parts = visible_parts(WindowStack((window(1, LOW, (inner,)),), 1), {1}, screen=SCREEN)
    assert shown(parts, inner) == parts.sum() == 900


def test_a_window_that_only_takes_input_hides_nothing() -> None:
    stack = WindowStack((window(1, LOW), window(2, SCREEN, (), draws=False)), 1)
    assert visible_parts(stack, {1}, screen=SCREEN).sum() == 1600


def test_a_password_field_is_blank_in_a_captured_window() -> None:
    field = Area(12, 12, 10, 10)
    parts = visible_parts(WindowStack((window(1, LOW),), 1), {1}, screen=SCREEN, secret=(field,))
    assert shown(parts, field) == 0


@pytest.mark.parametrize("area", [Area(-20, -20, 30, 30), Area(90, 70, 500, 500), Area(200, 200, 5, 5)])
def test_a_window_that_leaves_the_screen_is_cut_at_its_edge(area: Area) -> None:
    parts = visible_parts(WindowStack((window(1, area),), 1), {1}, screen=SCREEN)
    assert parts.shape == (80, 100)
    assert parts.sum() in {0, 100}


def test_places_are_counted_from_the_corner_of_a_screen_that_begins_elsewhere() -> None:
    screen = Area(-100, 0, 200, 80)
    parts = visible_parts(WindowStack((window(1, Area(-100, 0, 10, 10)),), 1), {1}, screen=screen)
    assert parts[:10, :10].all()
    assert parts.sum() == 100


def test_blanked_pixels_have_one_colour_and_the_others_stay() -> None:
    pixels = np.full((80, 100), 7, np.uint32)
    parts = visible_parts(WindowStack((window(1, LOW),), 1), {1}, screen=SCREEN)
    blank(pixels, parts)
    assert (pixels[parts] == 7).all()
    assert (pixels[~parts] == BLANK_PIXEL).all()


def test_pixels_and_parts_of_different_sizes_are_refused() -> None:
    with pytest.raises(ValueError, match="different sizes"):
        blank(np.zeros((10, 10), np.uint32), np.ones((10, 11), np.bool_))


def test_areas_of_the_screen_are_blanked_in_pixels_that_lie_elsewhere_on_it() -> None:
    pixels = np.full((20, 20), 7, np.uint32)
    blank_areas(pixels, (Area(95, 95, 10, 10), Area(0, 0, 50, 50)), place=Area(100, 100, 20, 20))
    assert (pixels[:5, :5] == BLANK_PIXEL).all()
    assert (pixels == 7).sum() == 400 - 25


def test_the_box_of_what_is_shown_lies_tightly_around_it() -> None:
    stack = WindowStack((window(1, LOW), window(2, Area(60, 60, 10, 5))), 1)
    assert shown_box(visible_parts(stack, {1, 2}, screen=SCREEN)) == Area(10, 10, 60, 55)


def test_where_nothing_is_shown_there_is_no_box() -> None:
    assert shown_box(visible_parts(WindowStack((), 0), frozenset(), screen=SCREEN)) is None


def test_a_blank_screen_shows_nothing() -> None:
    assert (blank_screen(100, 80) == BLANK_PIXEL).all()
