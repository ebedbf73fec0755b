"""Writing is cut into runs of one line, each read by itself, in dark on white, and never twice."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from redaction.images.ink import writing_of
from redaction.images.strips import EDGE, HIGHEST, LOWEST, TALL, Runs, Strips, dark_on_white, runs_of, strip_of
from redaction.readers.base import Line, Pixels, Plane, Strip, Word
from redaction.readers.fake import FakeReader
from redaction.readers.plane import FAINT
from redaction.spans import Box, box_of
from tests.redaction.typeset import FACES, Sheet, looks


@dataclass
class Listing:
    """A reader that finds one word on each strip, named by the strip's pixels, and keeps the strips it was given."""

    strips: list[Strip] = field(default_factory=list)
    name: str = "listing"
    version: str = "1"

    def read(self, rgb: Pixels) -> tuple[Line, ...]:  # noqa: ARG002 (the port has it)
        return ()

    def read_strips(self, strips: tuple[Strip, ...]) -> tuple[tuple[Word, ...], ...]:
        self.strips += strips
        return tuple((Word(str(int(strip.plane.sum())), 1.0, _dark(strip.plane)),) for strip in strips)


def _dark(plane: Plane) -> Box:
    rows, columns = np.flatnonzero((plane < 160).any(axis=1)), np.flatnonzero((plane < 160).any(axis=0))
    return box_of(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


def plane_of(*boxes: Box) -> Plane:
    plane = np.zeros((300, 400), np.uint8)
    for box in boxes:
        plane[box.y : box.bottom, box.x : box.right] = 1
    return plane


def letters(count: int, x: int, y: int, height: int = 10) -> tuple[Box, ...]:
    """Boxes like letters of a word, from a left edge on."""
    return tuple(Box(x + 8 * index, y, 6, height) for index in range(count))


def runs(*boxes: Box) -> list[Box]:
    return sorted(runs_of(plane_of(*boxes)))


def read(sheet: Sheet, reader: Listing) -> Runs:
    return Strips(reader).read(sheet.pixels, writing_of(sheet.pixels))


def strips(sheet: Sheet) -> list[Strip]:
    reader = Listing()
    read(sheet, reader)
    return reader.strips


def test_words_with_a_space_between_them_are_one_run() -> None:
    assert runs(*letters(4, 20, 20), *letters(3, 56, 20)) == [Box(20, 20, 58, 10)]


def test_columns_are_runs_of_their_own() -> None:
    assert runs(*letters(4, 20, 20), *letters(4, 90, 20)) == [Box(20, 20, 30, 10), Box(90, 20, 30, 10)]


def test_lines_below_each_other_are_runs_of_their_own() -> None:
    assert runs(*letters(4, 20, 20), *letters(4, 20, 33)) == [Box(20, 20, 30, 10), Box(20, 33, 30, 10)]


def test_the_dot_above_a_letter_belongs_to_its_run() -> None:
    assert runs(*letters(3, 20, 20), Box(29, 15, 3, 3)) == [Box(20, 15, 22, 15)]


def test_an_icon_before_a_label_is_a_run_of_its_own() -> None:
    assert runs(Box(10, 17, 16, 16), *letters(4, 30, 20)) == [Box(10, 17, 16, 16), Box(30, 20, 30, 10)]


def test_an_icon_after_a_label_is_a_run_of_its_own() -> None:
    assert runs(*letters(4, 30, 20), Box(64, 17, 16, 16)) == [Box(30, 20, 30, 10), Box(64, 17, 16, 16)]


@pytest.mark.parametrize(
    "first",
    [Box(18, 20, 9, 10), Box(24, 17, 4, 16), Box(2, 17, 26, 12), Box(12, 17, 16, 16)],
    ids=["no-higher", "narrow", "wide", "too-near"],
)
def test_what_is_no_icon_is_not_parted_from_its_line(first: Box) -> None:
    run = letters(4, first.right + (2 if first.width == first.height else 4), 20)
    assert len(runs(first, *run)) == 1


def test_a_shape_too_high_for_a_line_is_no_run() -> None:
    assert runs(Box(20, 20, 60, HIGHEST + 1), *letters(4, 120, 20)) == [Box(120, 20, 30, 10)]


def test_a_high_outline_is_no_run_and_joins_none() -> None:
    ring = plane_of(Box(20, 20, 80, 40)) - plane_of(Box(22, 22, 76, 36))
    plane = np.asarray(ring | plane_of(*letters(3, 30, 35)), np.uint8)
    assert list(runs_of(plane)) == [Box(30, 35, 22, 10)]


@pytest.mark.parametrize(("height", "count"), [(LOWEST - 1, 0), (LOWEST, 1), (60, 1), (HIGHEST, 1), (HIGHEST + 1, 0)])
def test_only_what_may_be_a_line_by_its_height_is_read(height: int, count: int) -> None:
    box = Box(20, 20, 80, height)
    reader = Listing()
    pixels = np.full((300, 400, 3), 255, np.uint8)
    pixels[box.y : box.bottom, box.x : box.right] = 0
    Strips(reader).read(pixels, plane_of(box))
    assert len(reader.strips) == count


def test_a_run_in_which_a_dot_joins_two_lines_is_read_line_by_line() -> None:
    sheet = Sheet()
    sheet.line("Margaret gave", 20, 20)
    sheet.line("it in winter", 20, 35)
    assert len(list(runs_of(writing_of(sheet.pixels)))) == 1
    upper, lower = sorted(strips(sheet), key=lambda strip: strip.box.y)
    assert upper.box.bottom <= lower.box.y + 2 * EDGE


@pytest.mark.parametrize("text", ["Filing status:", "i", "Ä Ö Ü", "= : - _"])
def test_dots_and_accents_do_not_part_a_line(text: str) -> None:
    sheet = Sheet(size=20)
    sheet.line(text, 20, 20)
    assert all(strip.box.height >= 2 * LOWEST for strip in strips(sheet))


def test_a_strip_holds_nothing_of_a_border_below_it() -> None:
    sheet = Sheet()
    box = sheet.line("Name", 60, 20)
    sheet.draw.line((10, box.bottom + 3, 400, box.bottom + 3), fill="#000000")
    (strip,) = strips(sheet)
    assert strip.box.bottom > box.bottom + 3
    assert (strip.plane[box.bottom + 3 - strip.box.y :] == 255).all()


def test_the_words_of_a_line_come_in_their_places() -> None:
    sheet = Sheet()
    box = sheet.line("Settings", 60, 40)
    (line,) = read(sheet, Listing()).lines
    assert abs(line.box.x - box.x) <= 1
    assert abs(line.box.bottom - box.bottom) <= 1


def inked(plane: Plane) -> Pixels:
    """A white screen that is black where the plane is set."""
    return np.repeat(np.where(plane > 0, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2)


HIGH_LINE = plane_of(*(Box(40 + 40 * index, 50, 20, 90) for index in range(3)))


def test_a_high_line_is_read_smaller() -> None:
    reader = Listing()
    Strips(reader).read(inked(HIGH_LINE), HIGH_LINE)
    assert [strip.plane.shape[0] for strip in reader.strips] == [TALL]


def test_the_words_of_a_high_line_come_in_their_places() -> None:
    last = Box(120, 50, 20, 90)
    reader = FakeReader(((Word("l", 0.9, last),),))
    (line,) = Strips(reader).read(inked(HIGH_LINE), HIGH_LINE).lines
    edges = (line.box.x - 120, line.box.y - 50, line.box.right - 140, line.box.bottom - 140)
    assert all(abs(edge) <= 2 for edge in edges)


def test_a_strip_holds_nothing_of_the_line_below_it() -> None:
    plane = plane_of(*letters(4, 20, 20), *letters(3, 20, 32))
    reader = Listing()
    Strips(reader).read(inked(plane), plane)
    upper = min(reader.strips, key=lambda strip: strip.box.y)
    assert upper.box.bottom > 32
    assert (upper.plane[32 - upper.box.y :] == 255).all()


def test_a_run_that_ends_in_a_colon_is_known_though_nothing_is_read() -> None:
    sheet = Sheet()
    label = sheet.line("Zustand:", 20, 20)
    sheet.line("Single", 140, 20)
    found = Strips(FakeReader()).read(sheet.pixels, writing_of(sheet.pixels))
    assert found.lines == ()
    assert len(found.boxes) == 2
    assert [colon.meets(label) for colon in found.colons] == [True]


def test_the_same_strip_is_read_once() -> None:
    sheet = Sheet()
    for y in (20, 60, 100):
        sheet.line("Settings", 40, y)
    reader = Listing()
    found = read(sheet, reader)
    assert len(reader.strips) == 1
    assert [line.box.y for line in found.lines] == [found.lines[0].box.y + step for step in (0, 40, 80)]


def test_another_strip_is_read() -> None:
    sheet = Sheet()
    sheet.line("Settings", 40, 20)
    sheet.line("Settinqs", 40, 60)
    reader = Listing()
    assert len({line.words[0].text for line in read(sheet, reader).lines}) == len(reader.strips) == 2


def test_what_comes_again_on_a_later_screen_elsewhere_is_not_read_again() -> None:
    before, after = Sheet(), Sheet()
    before.line("Settings", 40, 20)
    after.line("Settings", 90, 120)
    reader = Listing()
    known = Strips(reader)
    (first,) = known.read(before.pixels, writing_of(before.pixels)).lines
    (second,) = known.read(after.pixels, writing_of(after.pixels)).lines
    assert len(reader.strips) == 1
    assert second.words[0].text == first.words[0].text
    assert (second.box.x - first.box.x, second.box.y - first.box.y) == (50, 100)


STRONG = (
    ("#ffffff", "#111111"),
    ("#1e1e1e", "#dddddd"),
    ("#0000ff", "#ff0000"),
    ("#ff0000", "#00ff00"),
    ("#000000", "#ffffff"),
    ("#ffffff", "#000000"),
    ("#1a73e8", "#ffffff"),
)
EVEN = ("mono", "typewriter")
"""Fonts in which a large line's spaces are as wide as a gap between columns, so that its words are read one by one."""
FAINT_ONES = (("#ffffff", "#dcdcdc"), ("#202020", "#404040"))


@pytest.mark.parametrize(("paper", "pen"), [*STRONG, *FAINT_ONES])
def test_ink_of_any_colour_is_black_on_white(paper: str, pen: str) -> None:
    sheet = Sheet(paper=paper, pen=pen, size=20)
    sheet.line("Hill", 20, 20)
    (strip,) = strips(sheet)
    assert strip.plane.min() == 0
    assert (strip.plane[0] == 255).all()
    assert (strip.plane[:, 0] == 255).all()


def test_the_colours_of_a_line_do_not_change_what_is_read() -> None:
    planes = []
    for paper, pen in STRONG:
        sheet = Sheet(paper=paper, pen=pen, size=20)
        sheet.line("Hill", 20, 20)
        planes += [strip.plane.astype(np.int16) for strip in strips(sheet)]
    assert len(planes) == len(STRONG)
    assert all(plane.shape == planes[0].shape for plane in planes)
    assert all(int(np.abs(plane - planes[0]).max()) <= 20 for plane in planes)


def test_ink_that_is_hardly_there_stays_faint() -> None:
    paper = np.full((20, 40, 3), 200, np.uint8)
    paper[5:15, 10:30] = 200 - FAINT // 2
    plane = dark_on_white(paper, np.asarray(paper[:, :, 0] < 200, np.uint8))
    assert 120 <= plane.min() <= 135


def test_the_inside_of_a_thick_letter_is_black_too() -> None:
    pixels = np.full((60, 60, 3), 255, np.uint8)
    pixels[10:50, 10:22] = 20
    plane = dark_on_white(pixels, writing_of(pixels))
    assert (plane[10:50, 10:22] == 0).all()


def test_the_strip_of_a_kept_box_is_the_one_that_was_read() -> None:
    sheet = Sheet()
    sheet.line("Settings", 60, 40)
    (strip,) = strips(sheet)
    again = strip_of(sheet.pixels, writing_of(sheet.pixels), strip.box.grown(-EDGE, -EDGE))
    assert np.array_equal(again, strip.plane)


@pytest.mark.parametrize(("face", "size"), [look for look in looks() if look[1] <= 16 or look[0] not in EVEN])
def test_a_line_in_any_font_is_one_strip(face: str, size: int) -> None:
    sheet = Sheet(width=900, font=str(FACES[face]), size=size)
    sheet.line("Payments for Margaret Thornhill", 20, 40)
    assert len(strips(sheet)) == 1
