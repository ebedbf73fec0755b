"""Fields, buttons and colons are found by their ink alone; in a field or after a colon is a value's place."""

from __future__ import annotations

from itertools import product

import numpy as np
import numpy.typing as npt
import pytest

from redaction.images.ink import Ink, ink_of, writing_of
from redaction.images.layout import (
    CARD,
    HIGHEST,
    LABEL_REACH,
    LOWEST,
    Layout,
    button_of,
    card_of,
    ends_in_colon,
    in_values_place,
    is_centred,
    is_one_line,
    layout_of,
    without_buttons,
)
from redaction.images.strips import Strips
from redaction.readers.fake import FakeReader
from redaction.spans import Box
from tests.redaction.typeset import FACES, Sheet, looks

FRAME = Box(100, 40, 160, 32)
INSIDE = FRAME.grown(-3, -3)
ENDS = ("", "i", "!", ".", "=", "l", "8", "..", "%", "\u2026")
"""Ends of a run that are no colon."""


def found(sheet: Sheet) -> Layout:
    return layout_of(ink_of(sheet.pixels), (), ())


def bordered(*texts: tuple[str, int], frame: Box = FRAME) -> Layout:
    """What a border is that holds texts at these columns."""
    sheet = Sheet(height=300)
    for text, x in texts:
        sheet.line(text, x, frame.y + 8)
    sheet.border(frame)
    return found(sheet)


def is_at(boxes: tuple[Box, ...], frame: Box) -> bool:
    return len(boxes) == 1 and boxes[0].union(frame).area <= frame.grown(2, 2).area and boxes[0].meets(frame)


def test_a_bordered_line_at_the_left_is_a_field() -> None:
    layout = bordered(("Single", 108))
    assert is_at(layout.fields, FRAME)
    assert layout.buttons == ()


def test_a_bordered_line_at_the_right_is_a_field() -> None:
    assert is_at(bordered(("Single", 210)).fields, FRAME)


def test_a_bordered_line_in_the_middle_is_a_button() -> None:
    sheet = Sheet()
    frame = sheet.button("Cancel", 100, 40)
    layout = found(sheet)
    assert is_at(layout.buttons, frame)
    assert layout.fields == ()


def test_a_select_with_its_arrow_at_the_other_end_is_a_field() -> None:
    layout = bordered(("Single", 110), ("v", 244))
    assert is_at(layout.fields, FRAME)
    assert layout.buttons == ()


def test_a_button_may_have_an_icon_beside_its_name() -> None:
    sheet = Sheet()
    sheet.draw.ellipse((131, 49, 144, 62), fill="#111111")
    sheet.line("Settings", 152, 48)
    sheet.border(Box(118, 40, 102, 32))
    assert len(found(sheet).buttons) == 1


def test_an_empty_box_is_neither_field_nor_button() -> None:
    assert bordered() == Layout()


def test_a_bordered_box_with_several_lines_is_neither() -> None:
    sheet = Sheet()
    frame = sheet.border(Box(60, 40, 300, 90))
    for y in (50, 72, 94):
        sheet.line("Single", 70, y)
    layout = found(sheet)
    assert layout.fields == layout.buttons == ()
    assert is_at(layout.cards, frame)


@pytest.mark.parametrize(("width", "height", "count"), [(CARD, 200, 0), (200, CARD, 0), (CARD + 4, CARD + 4, 1)])
def test_only_a_large_box_is_a_card(width: int, height: int, count: int) -> None:
    assert len(bordered(frame=Box(60, 20, width - 2, height - 2)).cards) == count


def test_a_box_too_high_for_a_field_is_none() -> None:
    assert bordered(("Single", 108), frame=Box(100, 20, 200, HIGHEST + 10)).fields == ()


@pytest.mark.parametrize("height", [LOWEST - 1, HIGHEST + 1])
def test_a_border_too_low_or_too_high_is_neither_field_nor_button(height: int) -> None:
    writing = np.zeros((200, 300), np.uint8)
    writing[26:30, 30:60] = 1
    assert layout_of(Ink(writing, (Box(20, 20, 200, height),), ()), (), ()).fields == ()


@pytest.mark.parametrize("text", ["Title", "re-order", "Ärger", "i = 3"])
@pytest.mark.parametrize("size", [9, 13, 20])
def test_dots_accents_and_dashes_are_within_one_line(text: str, size: int) -> None:
    sheet = Sheet(size=size)
    sheet.line(text, 20, 20)
    assert is_one_line(writing_of(sheet.pixels))


def test_no_writing_is_no_line() -> None:
    assert not is_one_line(np.zeros((20, 60), np.uint8))


def test_two_lines_are_not_one() -> None:
    sheet = Sheet()
    sheet.line("Title", 20, 20)
    sheet.line("Title", 20, 40)
    assert not is_one_line(writing_of(sheet.pixels))


def _content(*places: tuple[int, int]) -> npt.NDArray[np.uint8]:
    content = np.zeros((26, 200), np.uint8)
    for left, right in places:
        content[8:18, left:right] = 1
    return content


@pytest.mark.parametrize(
    ("places", "centred"),
    [
        (((70, 130),), True),
        (((74, 134),), True),
        (((80, 140),), False),
        (((8, 68),), False),
        (((70, 82), (94, 130)), True),
        (((10, 70), (180, 190)), False),
        (((10, 20), (180, 190)), False),
    ],
    ids=["middle", "nearly", "off", "left", "icon-and-name", "select", "both-ends"],
)
def test_only_one_group_in_the_middle_is_centred(places: tuple[tuple[int, int], ...], centred: bool) -> None:  # noqa: FBT001 (a case's answer)
    assert is_centred(_content(*places)) is centred


def test_writing_that_is_not_in_the_middle_from_top_to_bottom_is_not_centred() -> None:
    content = np.zeros((50, 200), np.uint8)
    content[4:14, 70:130] = 1
    assert not is_centred(content)


def test_the_fields_of_a_dark_screen_are_found_too() -> None:
    sheet = Sheet(paper="#1e1e1e", pen="#dddddd")
    sheet.line("Single", 108, 48)
    sheet.border(FRAME)
    assert is_at(found(sheet).fields, FRAME)


def colons(text: str, face: str, size: int) -> tuple[Box, ...]:
    """The runs that end in a colon, on a screen of which nothing is read."""
    sheet = Sheet(width=900, font=str(FACES[face]), size=size)
    sheet.line(text, 20, 40)
    return Strips(FakeReader()).read(sheet.pixels, writing_of(sheet.pixels)).colons


@pytest.mark.parametrize(("face", "size"), looks())
def test_a_colon_ends_its_run_in_every_font(face: str, size: int) -> None:
    assert len(colons("Status:", face, size)) == 1


@pytest.mark.parametrize(("face", "end"), tuple(product(FACES, ENDS)))
@pytest.mark.parametrize("size", [11, 16, 26])
def test_no_other_sign_is_a_colon(face: str, end: str, size: int) -> None:
    assert colons(f"Statu{end}", face, size) == ()


@pytest.mark.parametrize("face", FACES)
def test_a_semicolon_that_is_large_enough_to_tell_is_no_colon(face: str) -> None:
    assert colons("Status;", face, 16) == ()


@pytest.mark.parametrize(("dot", "is_colon"), [(3, True), (9, False)])
def test_only_low_parts_are_the_dots_of_a_colon(dot: int, *, is_colon: bool) -> None:
    plane = np.full((30, 40), 255, np.uint8)
    plane[5:25, 8:14] = plane[25 - dot : 25, 20:22] = plane[5 : 5 + dot, 20:22] = 0
    assert ends_in_colon(plane) is is_colon


def test_a_colon_alone_ends_no_label() -> None:
    plane = np.full((20, 20), 255, np.uint8)
    plane[5:8, 8:10] = plane[12:15, 8:10] = 0
    assert not ends_in_colon(plane)


def test_a_blank_strip_ends_in_no_colon() -> None:
    assert not ends_in_colon(np.full((20, 20), 255, np.uint8))


LABEL = Box(20, 50, 60, 12)


@pytest.mark.parametrize(
    ("value", "is_value"),
    [
        (Box(100, 50, 60, 12), True),
        (Box(100, 53, 60, 12), True),
        (Box(LABEL.right + LABEL_REACH - 2, 50, 60, 12), True),
        (Box(LABEL.right + LABEL_REACH + 2, 50, 60, 12), False),
        (Box(100, 70, 60, 12), False),
        (Box(100, 30, 60, 12), False),
    ],
    ids=["beside", "a little lower", "far", "farther", "below", "above"],
)
def test_what_follows_a_colon_on_its_row_is_a_value(value: Box, is_value: bool) -> None:  # noqa: FBT001 (a case's answer)
    assert in_values_place(value, Layout(colons=(LABEL,))) is is_value


def test_the_label_itself_and_what_stands_before_it_are_no_values() -> None:
    layout = Layout(colons=(LABEL.grown(3, 3),))
    assert not in_values_place(LABEL, layout)
    assert not in_values_place(Box(0, 50, 14, 12), layout)


def test_what_touches_a_field_is_a_value() -> None:
    assert in_values_place(Box(95, 50, 60, 12), Layout(fields=(INSIDE,)))
    assert not in_values_place(Box(20, 50, 60, 12), Layout(fields=(INSIDE,)))


def test_a_button_is_no_values_place_though_it_stands_after_a_colon_or_in_a_field() -> None:
    button = Box(100, 44, 90, 24)
    layout = Layout(fields=(Box(90, 40, 200, 32),), buttons=(button,), colons=(LABEL,))
    assert not in_values_place(Box(110, 50, 60, 12), layout)
    assert in_values_place(Box(200, 50, 60, 12), layout)


def test_the_smallest_button_and_card_that_hold_a_box_count() -> None:
    outer, inner, box = Box(0, 0, 200, 100), Box(10, 10, 100, 40), Box(20, 20, 30, 10)
    assert button_of(box, Layout(buttons=(outer, inner))) == inner
    assert card_of(box, (outer, inner)) == 1


def test_what_reaches_beyond_a_button_or_card_is_not_in_it() -> None:
    frame, box = Box(10, 10, 100, 40), Box(90, 20, 30, 10)
    assert button_of(box, Layout(buttons=(frame,))) is None
    assert card_of(box, (frame,)) == -1


def test_fields_are_masked_without_the_buttons_in_them() -> None:
    field, button = Box(0, 0, 100, 30), Box(70, 5, 20, 20)
    pieces = without_buttons(Layout(fields=(field,), buttons=(button,)))
    assert sum(piece.area for piece in pieces) == field.area - button.area
    assert not any(piece.meets(button) for piece in pieces)
