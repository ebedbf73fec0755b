"""The second engine confirms a phrase only by reading it, and takes a place for writing when it reads there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pytest

from redaction.images.verify import HIGHEST, LETTER, LOWEST, WRITTEN, Verifier, stands_for
from redaction.readers import Line, Reader, Strip, Word, open_reader
from redaction.readers.base import Pixels, Plane
from redaction.readers.plane import contrasted
from redaction.spans import Box
from tests.redaction.drawing import Canvas


@dataclass
class Scripted:
    """A reader that says the same of whatever has ink, and counts how often it is asked."""

    words: tuple[tuple[str, float], ...]
    name: str = "scripted"
    version: str = "1"
    asked: list[str] = field(default_factory=list)

    def read(self, rgb: Pixels) -> tuple[Line, ...]:
        self.asked.append(f"screen of {rgb.shape[0]} rows")
        return (Line(tuple(self._told()), Box(0, 0, 9, 9)),)

    def read_strips(self, strips: tuple[Strip, ...]) -> tuple[tuple[Word, ...], ...]:
        self.asked.append("strip")
        return tuple(tuple(self._told()) if (strip.plane < 128).any() else () for strip in strips)

    def _told(self) -> Iterator[Word]:
        return (Word(text, confidence, Box(0, 0, 9, 9)) for text, confidence in self.words)


def verifier(*words: tuple[str, float]) -> Verifier:
    return Verifier(Scripted(words))


def inked(seed: int = 0, *, height: int = 20, width: int = 60) -> Plane:
    plane = np.full((height, width), 255, np.uint8)
    plane[4:12, 4 + seed : 30 + seed] = 0
    return plane


def place(*, height: int = 24, width: int = 24) -> Pixels:
    rgb = np.full((height, width, 3), 255, np.uint8)
    rgb[height // 3 : 2 * height // 3, width // 3 : 2 * width // 3] = 0
    return rgb


def whole(rgb: Pixels) -> tuple[Box, ...]:
    return (Box(0, 0, rgb.shape[1], rgb.shape[0]),)


@pytest.fixture(scope="module")
def rapid() -> Reader:
    return open_reader("rapidocr")


def test_a_phrase_that_is_read_again_is_not_contradicted() -> None:
    assert verifier(("Save", 0.9), ("As", 0.9)).contradicted((("Save As", inked()),)) == (False,)


def test_a_phrase_that_is_read_otherwise_is_contradicted() -> None:
    assert verifier(("Dave", 0.9), ("As", 0.9)).contradicted((("Save As", inked()),)) == (True,)


def test_a_phrase_beside_which_more_is_read_is_contradicted() -> None:
    assert verifier(("Save", 0.9), ("Anna", 0.9)).contradicted((("Save", inked()),)) == (True,)


def test_a_phrase_where_nothing_is_read_is_contradicted() -> None:
    assert verifier().contradicted((("Save", inked()),)) == (True,)


def test_an_unsure_second_reading_contradicts_as_a_sure_one_does() -> None:
    assert verifier(("Dave", 0.01)).contradicted((("Save", inked()),)) == (True,)


@pytest.mark.parametrize("reading", ["Save As", "save as", "SaveAs", "Sa ve As", "Save As...", "Save As:"])
def test_spaces_case_and_end_marks_make_no_other_phrase(reading: str) -> None:
    assert stands_for(reading, "Save As…")


@pytest.mark.parametrize(("reading", "phrase"), [("Too1s", "Tools"), ("G0 to", "Go to"), ("Too|s", "Tools")])
def test_signs_that_engines_put_for_letters_make_no_other_phrase(reading: str, phrase: str) -> None:
    assert stands_for(reading, phrase)


@pytest.mark.parametrize("reading", ["Edif", "Ed it Ann", "Edits", "Fdit", "Ed", "", "Edlt"])
def test_any_other_reading_is_another_phrase(reading: str) -> None:
    assert not stands_for(reading, "Edit")


def test_answers_come_in_the_order_of_the_phrases() -> None:
    phrases = ("Save", inked()), ("Open", inked(1)), ("Save", inked(2))
    assert verifier(("Save", 0.9)).contradicted(phrases) == (False, True, False)


def test_the_same_phrase_of_the_same_pixels_is_looked_at_once() -> None:
    reader = Scripted((("Save", 0.9),))
    twice = Verifier(reader)
    assert twice.contradicted((("Save", inked()), ("Save", inked()))) == (False, False)
    assert twice.contradicted((("Save", inked()),)) == (False,)
    assert reader.asked == ["strip"]


def test_the_same_pixels_taken_for_another_phrase_are_judged_anew() -> None:
    one = verifier(("Save", 0.9))
    assert one.contradicted((("Save", inked()),)) == (False,)
    assert one.contradicted((("Open", inked()),)) == (True,)


def test_pixels_of_another_shape_are_other_pixels() -> None:
    reader = Scripted((("Save", 0.9),))
    plane = inked(height=20, width=60)
    Verifier(reader).contradicted((("Save", plane), ("Save", plane.reshape(60, 20))))
    assert len(reader.asked) == 2


@pytest.mark.parametrize(("text", "confidence"), [("42", WRITTEN), ("Anna", 0.8), ("R", LETTER), ("田中", 0.8)])
def test_a_place_is_writing_when_letters_or_digits_are_read_there(text: str, confidence: float) -> None:
    rgb = place()
    assert verifier((text, confidence)).writing(rgb, whole(rgb)) == (True,)


@pytest.mark.parametrize(
    ("text", "confidence"),
    [("42", WRITTEN - 0.01), ("R", LETTER - 0.01), ("x", 1.0), ("O", 1.0), ("+", 1.0), ("—=", 1.0), ("回", 1.0)],
)
def test_a_place_is_no_writing_when_only_a_shape_is_read_there(text: str, confidence: float) -> None:
    rgb = place()
    assert verifier((text, confidence)).writing(rgb, whole(rgb)) == (False,)


def test_a_place_too_low_for_a_line_is_not_looked_at() -> None:
    reader = Scripted((("Anna", 1.0),))
    rgb = place(height=LOWEST - 1, width=200)
    assert Verifier(reader).writing(rgb, whole(rgb)) == (False,)
    assert reader.asked == []


def test_a_place_outside_the_screen_is_not_writing() -> None:
    assert verifier(("Anna", 1.0)).writing(place(), (Box(500, 500, 20, 20),)) == (False,)


def test_a_high_place_is_looked_at_as_a_screen() -> None:
    reader = Scripted((("Anna", 1.0),))
    rgb = place(height=HIGHEST + 1, width=120)
    assert Verifier(reader).writing(rgb, whole(rgb)) == (True,)
    assert reader.asked == [f"screen of {HIGHEST + 1} rows"]


def test_the_same_place_is_looked_at_once() -> None:
    reader = Scripted((("?", 1.0),))
    rgb = place(width=100)
    twice = Verifier(reader)
    assert twice.writing(rgb, whole(rgb) * 3) == (False, False, False)
    assert reader.asked == ["strip"]


def test_real_engines_agree_on_a_phrase_and_not_on_a_name_taken_for_it(rapid: Reader) -> None:
    canvas = Canvas()
    box, name = canvas.line("Print Preview", 40, 30), canvas.line("Petra Prewitt", 40, 90)
    planes = [contrasted(canvas.pixels[one.y - 3 : one.bottom + 3, one.x - 3 : one.right + 3]) for one in (box, name)]
    phrases = tuple(("Print Preview", plane) for plane in planes)
    assert Verifier(rapid).contradicted(phrases) == (False, True)


@pytest.mark.parametrize("colour", ["#1a73e8", "#a4262c", "#0b6e4f"])
def test_initials_on_a_disc_are_writing(rapid: Reader, colour: str) -> None:
    canvas = Canvas(pen="#ffffff", size=12)
    canvas.draw.ellipse((20, 20, 45, 45), fill=colour)
    canvas.line("AB", 24, 25)
    assert Verifier(rapid).writing(canvas.pixels, (Box(20, 20, 26, 26),)) == (True,)


def test_a_plain_shape_is_not_writing(rapid: Reader) -> None:
    canvas = Canvas()
    canvas.draw.line((30, 30, 42, 42), fill="#111111", width=2)
    canvas.draw.line((30, 42, 42, 30), fill="#111111", width=2)
    canvas.draw.rectangle((80, 30, 200, 32), fill="#111111")
    assert Verifier(rapid).writing(canvas.pixels, (Box(28, 28, 17, 17), Box(80, 26, 121, 10))) == (False, False)


def test_a_number_is_writing(rapid: Reader) -> None:
    canvas = Canvas()
    box = canvas.line("4417", 40, 30)
    assert Verifier(rapid).writing(canvas.pixels, (box,)) == (True,)
