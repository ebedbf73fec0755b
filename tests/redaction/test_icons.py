"""Small flat icons stay on a screen only where everything speaks for them; no character, initials, rating or form
control does, and no colour, mark or number hidden in an icon.
"""

from __future__ import annotations

import itertools
from functools import cache

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redaction.images.icons import LARGEST, SMALLEST, icons_of
from redaction.images.ink import writing_of
from redaction.images.shapes import Coverage, load_shapes
from redaction.spans import FILL, Box
from tests.redaction.iconic import Desk, control, icon, letters, star

BOLD_SERIF = "/usr/share/fonts/truetype/dejavu/DejaVuSerif-Bold.ttf"
MONO = "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf"
SANS = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
LETTERS = "".join(
    chr(code)
    for first, last in ((0x21, 0x7E), (0xA1, 0xFF), (0x391, 0x3C9), (0x410, 0x44F), (0x5D0, 0x5EA), (0x621, 0x64A))
    for code in range(first, last + 1)
    if chr(code).isprintable()
)
SIZES = (16, 20, 24, 32, 40)
SYMBOLS = "☑☒☐★☆♥♡☺☻☹♀♂✓✔✗✘●○◉■□▪▲△◆◇♠♣♦☀☽☯☠⚀⚁⚂⚃⚄⚅①②③ⒶⒷ½¾∞≈≠√∑∫≡⋮⋯"


@cache
def clearest() -> tuple[int, ...]:
    """Numbers of ten known shapes that are little like any character, and stay beside a phrase at any size."""
    numbers = (int(number) for number in np.argsort(load_shapes().limits, kind="stable")[::7])
    staying = (number for number in numbers if all(len(in_rows([icon(number, size)]).icons()) == 1 for size in SIZES))
    return tuple(itertools.islice(staying, 10))


@cache
def fullest() -> int:
    """The number of the known shape that has the largest filling, among those that stay."""
    fillings = [int(cv2.erode(drawing, np.ones((5, 5), np.uint8)).sum()) for drawing in load_shapes().drawings]
    numbers = (int(number) for number in np.argsort(fillings)[::-1])
    return next(number for number in numbers if len(in_rows([icon(number, 44)]).icons()) == 1)


def some(count: int, size: int = 24) -> list[Coverage]:
    return [icon(number, size) for number in clearest()[:count]]


def in_rows(shapes: list[Coverage], *, pen: tuple[int, int, int] = (60, 64, 67)) -> Desk:
    """A screen with the shapes in rows of twelve, as far apart as in a toolbar, each before a phrase that stays."""
    pitch, height = 48 + max(shape.shape[1] for shape in shapes) * 3 // 2, 12 + 2 * max(len(shape) for shape in shapes)
    desk = Desk(40 + min(len(shapes), 12) * pitch, 40 + height * (1 + (len(shapes) - 1) // 12), pen=pen)
    for index, shape in enumerate(shapes):
        x, y = 30 + index % 12 * pitch, 20 + index // 12 * height
        desk.put(shape, x, y)
        desk.phrase(x + shape.shape[1] + 14, y + shape.shape[0] // 2 - 5, "Save")
    return desk


def test_different_icons_in_a_row_stay() -> None:
    desk = Desk()
    boxes = desk.row(some(4))
    assert all(desk.stays(box) for box in boxes)


def test_different_icons_in_a_column_stay() -> None:
    desk = Desk(200, 300)
    boxes = [desk.put(shape, 40, 30 + 60 * index) for index, shape in enumerate(some(4))]
    assert all(desk.stays(box) for box in boxes)


@pytest.mark.parametrize("size", SIZES)
def test_icons_stay_at_the_sizes_that_programmes_use(size: int) -> None:
    desk = Desk(700)
    boxes = desk.row(some(6, size), pitch=3 * size)
    assert sum(desk.stays(box) for box in boxes) >= 5


def test_light_icons_on_a_dark_screen_stay() -> None:
    desk = Desk(paper=(32, 33, 36), pen=(232, 234, 237))
    boxes = desk.row(some(4))
    assert all(desk.stays(box) for box in boxes)


def test_an_icon_beside_a_phrase_stays() -> None:
    desk = Desk()
    box = desk.put(some(1)[0], 40, 40)
    desk.phrase(80, 47)
    assert desk.stays(box)


def test_an_icon_above_its_phrase_stays() -> None:
    desk = Desk()
    box = desk.put(some(1)[0], 100, 30)
    desk.phrase(84, 68)
    assert desk.stays(box)


def test_an_icon_alone_goes() -> None:
    desk = Desk()
    desk.put(some(1)[0], 40, 40)
    assert desk.icons() == ()


def test_an_icon_far_from_the_only_phrase_goes() -> None:
    desk = Desk()
    desk.put(some(1)[0], 40, 40)
    desk.phrase(160, 47)
    assert desk.icons() == ()


def test_an_icon_goes_when_something_unknown_stands_between_it_and_the_phrase() -> None:
    desk = Desk()
    desk.put(some(1)[0], 40, 40)
    desk.phrase(110, 47)
    desk.put(letters("7", 14), 88, 47)
    assert desk.icons() == ()


def test_two_icons_are_no_row() -> None:
    desk = Desk()
    desk.row(some(2))
    assert desk.icons() == ()


def test_the_same_icon_again_and_again_goes() -> None:
    desk = Desk()
    desk.row([icon(clearest()[0])] * 5)
    assert desk.icons() == ()


def test_icons_of_different_sizes_are_no_row() -> None:
    desk = Desk()
    desk.row([icon(clearest()[0], 40), icon(clearest()[1], 16), icon(clearest()[2], 40)])
    assert desk.icons() == ()


def test_icons_that_stand_close_together_go() -> None:
    desk = Desk()
    desk.row(some(5), pitch=29)
    assert desk.icons() == ()


def test_writing_between_icons_parts_their_row() -> None:
    desk = Desk(600)
    desk.row(some(2), x=20)
    desk.put(letters("Margaret Thornhill", 14), 120, 44)
    desk.row(some(4)[2:], x=290)
    assert desk.icons() == ()


@pytest.mark.parametrize("font", [SANS, BOLD_SERIF, MONO])
@pytest.mark.parametrize("size", [15, 34])
def test_no_letter_digit_or_sign_stays(font: str, size: int) -> None:
    desk = in_rows([letters(char, size, font) for char in LETTERS + SYMBOLS])
    assert desk.icons() == ()


def test_no_white_letter_on_a_dark_screen_stays() -> None:
    shapes = [letters(char, 24) for char in LETTERS]
    desk = in_rows(shapes)
    desk.pixels = np.asarray(255 - desk.pixels, np.uint8)
    assert desk.icons() == ()


@pytest.mark.parametrize("text", ["A B C", "7 3 1", "K T", "Ж Ф Щ", "א ש ק", "& § ¶"])
def test_widely_spaced_characters_are_no_row_of_icons(text: str) -> None:
    desk = Desk()
    desk.row([letters(char, 26) for char in text.split(" ")])
    assert desk.icons() == ()


@pytest.mark.parametrize("filled", [True, False])
@pytest.mark.parametrize("radius", [0.0, 0.2, 0.5])
def test_no_initials_or_number_in_a_disc_or_square_stay(radius: float, *, filled: bool) -> None:
    insides = ("MT", "JD", "ÅB", "A", "W", "7", "12", "99", "!", "?", "i", "+", "Ж")
    desk = in_rows([control(size, radius, filled=filled, inside=text) for text in insides for size in (24, 40)])
    assert desk.icons() == ()


@pytest.mark.parametrize("radius", [0.0, 0.15, 0.5])
def test_no_state_of_a_form_control_stays(radius: float) -> None:
    controls = [
        control(size, radius, filled=filled, inside=inside, line=line)
        for size in (12, 14, 18, 24, 36)
        for filled in (True, False)
        for inside in ("", "✓", "✔", "✗", "●", "■", "-")
        for line in (1, 2)
    ]
    assert in_rows(controls).icons() == ()


def test_no_star_of_a_rating_stays() -> None:
    desk = in_rows([star(size, share) for size in (14, 18, 24, 32, 44) for share in (0.0, 0.25, 0.5, 0.75, 1.0)])
    assert desk.icons() == ()


def test_dots_of_a_password_go() -> None:
    desk = Desk()
    desk.phrase(20, 20, "Password")
    desk.row([control(size, 0.5, filled=True) for size in (10, 11, 12, 12, 12)], pitch=30)
    assert desk.icons() == ()


def test_an_icon_in_an_input_field_goes() -> None:
    desk = Desk()
    boxes = desk.row(some(4))
    assert not desk.stays(boxes[0], Box(10, 30, 44, 44))


def test_an_icon_that_touches_a_phrase_goes() -> None:
    desk = Desk()
    box = desk.put(some(1)[0], 40, 40)
    desk.phrase(66, 47)
    assert not desk.stays(box)


def test_an_icon_cut_by_the_edge_of_the_screen_goes() -> None:
    desk = Desk()
    shapes = some(4)
    boxes = desk.row([shapes[0][:, 6:], *shapes[1:]], x=0)
    assert not desk.stays(boxes[0])


@pytest.mark.parametrize("size", [SMALLEST - 2, LARGEST + 4])
def test_icons_too_small_or_too_large_go(size: int) -> None:
    desk = Desk(700, 160)
    desk.row(some(4, size), pitch=120)
    assert desk.icons() == ()


def test_an_icon_with_a_part_in_another_colour_goes() -> None:
    desk = Desk()
    boxes = desk.row(some(4))
    desk.put(control(8, 0.5, filled=True), boxes[0].right - 8, boxes[0].y, (220, 30, 40))
    assert not desk.stays(boxes[0])


def test_an_icon_with_marks_on_the_other_side_of_its_paper_goes() -> None:
    desk = Desk(paper=(200, 200, 200), pen=(60, 60, 60))
    boxes = desk.row(some(4))
    assert desk.stays(boxes[0])
    place = desk.pixels[boxes[0].y : boxes[0].bottom, boxes[0].x : boxes[0].right]
    rows, columns = np.nonzero((place > 190).all(axis=2))
    place[rows[10:14], columns[10:14]] = 240
    assert not desk.stays(boxes[0])


def test_an_icon_on_a_picture_goes() -> None:
    desk = Desk()
    boxes = desk.row(some(4))
    slope = np.arange(desk.width, dtype=np.float32)[None, :, None] / desk.width * 90
    desk.pixels = np.asarray(np.clip(desk.pixels - slope, 0, 255), np.uint8)
    assert not any(desk.stays(box) for box in boxes)


def test_an_icon_whose_colour_changes_goes() -> None:
    desk = Desk()
    boxes = desk.row(some(4))
    place = desk.pixels[boxes[0].y : boxes[0].bottom, boxes[0].x : boxes[0].right]
    place[:] = np.maximum(place, np.linspace(60, 200, place.shape[1], dtype=np.uint8)[None, :, None])
    assert not desk.stays(boxes[0])


def test_a_faint_icon_goes() -> None:
    desk = Desk(pen=(215, 215, 215))
    desk.row(some(4))
    assert desk.icons() == ()


@pytest.mark.parametrize("step", [4, 10, 25])
def test_faint_writing_within_an_icon_takes_it_away(step: int) -> None:
    desk = Desk()
    shapes = [control(40, 0.1, filled=False, line=2), *some(3, 40)]
    boxes = desk.row(shapes, pitch=90)
    shade = 255 - step
    desk.put(letters("7 K", 12), boxes[0].x + 8, boxes[0].y + 14, (shade, shade, shade))
    assert not desk.stays(boxes[0])


@pytest.mark.parametrize("step", [6, 12])
def test_faint_writing_within_a_filling_takes_the_icon_away(step: int) -> None:
    desk = in_rows([icon(fullest(), 44)])
    (box,) = desk.icons()
    darkest = (desk.pixels[box.y : box.bottom, box.x : box.right, 0] == desk.pen[0]).astype(np.uint8)
    rows, columns = np.nonzero(cv2.erode(darkest, np.ones((9, 9), np.uint8)))
    desk.pixels[box.y + rows[:12], box.x + columns[:12]] += np.uint8(step)
    assert desk.icons() == ()


@pytest.mark.parametrize("size", [24, 32, 44])
def test_a_number_written_into_an_icon_takes_it_away(size: int) -> None:
    """Every known shape with enough free room gets a digit into its largest free place; hardly one may stay."""
    stayed, tried = 0, 0
    for number in range(0, len(load_shapes().limits), 40):
        shape, digit = icon(number, size), letters("38"[number % 2], 12)
        blank = cv2.distanceTransform(np.asarray(shape < 0.05, np.uint8), cv2.DIST_L2, 3)[2:-2, 2:-2]
        y, x = np.unravel_index(int(blank.argmax()), blank.shape)
        top, left = max(int(y) + 2 - digit.shape[0] // 2, 0), max(int(x) + 2 - digit.shape[1] // 2, 0)
        place = shape[top : top + digit.shape[0], left : left + digit.shape[1]]
        if float(blank.max()) < 4 or place.shape != digit.shape:
            continue
        place[:] = np.maximum(place, digit)
        desk = in_rows([shape])
        tried, stayed = tried + 1, stayed + len(desk.icons())
    assert tried >= 3
    assert stayed == 0


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 3), st.integers(1, 8), st.sampled_from(["left", "right", "above", "below"]), st.integers(3, 30))
def test_an_icon_goes_when_unexplained_ink_comes_to_stand_beside_it(
    which: int, gap: int, side: str, length: int
) -> None:
    desk = Desk(340, 100)
    desk.row(some(4), y=40, pitch=80)
    icon_box = desk.icons()[which]
    x = {"left": icon_box.x - gap - 3, "right": icon_box.right + gap}.get(side, icon_box.x)
    y = {"above": icon_box.y - gap - 3, "below": icon_box.bottom + gap}.get(side, icon_box.y)
    bar = np.ones((length, 3) if side in {"left", "right"} else (3, length), np.float32)
    desk.put(bar, x, y)
    assert not desk.stays(icon_box)


def test_what_stays_is_the_same_after_the_rest_is_masked() -> None:
    desk = Desk(600, 200)
    desk.row(some(5), y=30)
    secret = desk.put(letters("Margaret Thornhill", 16), 30, 120)
    before = desk.icons()
    desk.pixels[secret.y - 4 : secret.bottom + 4, secret.x - 4 : secret.right + 4] = FILL
    assert len(before) == 5
    assert desk.icons() == before


def test_boxes_hold_all_ink_of_the_icon() -> None:
    desk = Desk()
    desk.row(some(4))
    rest = writing_of(desk.pixels)
    for box in desk.icons():
        rest[box.y : box.bottom, box.x : box.right] = 0
    assert not rest.any()


def test_nothing_is_found_on_an_empty_screen() -> None:
    desk = Desk()
    assert icons_of(desk.pixels, desk.rest(), (), fields=()) == ()


def test_a_screen_of_noise_has_no_icons() -> None:
    noise = np.random.default_rng(3).integers(0, 256, (120, 200, 3), np.uint8)
    assert icons_of(noise, writing_of(noise), (), fields=()) == ()
