"""Masking a screen is default-deny: what no phrase explains goes, read or not, in any colour, and reading less hides
more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redaction.detectors import Detector, DetectorError, Role, default_detectors
from redaction.lexicon import Lexicon
from redaction.pixels import FILL, GRID, MaskedFrame, Masker, MaskTools, PixelsRefused, mask_frame
from redaction.readers.base import Line, Pixels, Reader, Strip, Word
from redaction.readers.fake import FakeReader
from redaction.spans import Box, Category, TextSpan
from tests.redaction.drawing import Canvas, shows

LEXICON = Lexicon(
    frozenset({"file", "edit", "view", "name", "save", "save as", "cancel", "will", "report", "settings", "amount"}),
    "0",
)


def masked(canvas: Canvas, *told: tuple[Word, ...], detectors: tuple[Detector, ...] | None = None) -> MaskedFrame:
    reader = FakeReader(told or tuple(canvas.words))
    return mask_frame(
        canvas.pixels,
        reader=reader,
        lexicon=LEXICON,
        detectors=default_detectors() if detectors is None else detectors,
    )


def unread(canvas: Canvas) -> MaskedFrame:
    return mask_frame(canvas.pixels, reader=FakeReader(), lexicon=LEXICON, detectors=default_detectors())


def covered(frame: MaskedFrame) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    plane = np.zeros(frame.pixels.shape[:2], np.bool_)
    for mask in frame.masks:
        plane[mask.box.y : mask.box.bottom, mask.box.x : mask.box.right] = True
    return plane


def busy_screen() -> Canvas:
    canvas = Canvas()
    for text, x in (("File", 10), ("Edit", 60), ("View", 110)):
        canvas.line(text, x, 8)
    canvas.line("Name:", 10, 50)
    canvas.line("Margaret Thornhill", 70, 50)
    canvas.line("Ask Will about the Report", 10, 90)
    canvas.line("Save As", 10, 130)
    canvas.line("Cancel", 120, 130)
    return canvas


def test_phrases_stay_and_the_rest_goes() -> None:
    canvas = Canvas()
    menu, value = canvas.line("Settings", 20, 20), canvas.line("Margaret Thornhill", 20, 80)
    frame = masked(canvas)
    assert frame.kept == ("Settings",)
    assert shows(frame.pixels, menu)
    assert not shows(frame.pixels, value)


def test_what_stays_is_not_changed_by_a_pixel() -> None:
    canvas = busy_screen()
    frame = masked(canvas)
    assert (frame.pixels[~covered(frame)] == canvas.pixels[~covered(frame)]).all()


@pytest.mark.parametrize("text", ["Ask Will about the Report", "Will said so", "for Will", "Save Margaret", "Report 7"])
def test_a_known_word_inside_running_text_goes_with_its_neighbours(text: str) -> None:
    canvas = Canvas()
    box = canvas.line(text, 20, 20)
    frame = masked(canvas)
    assert frame.kept == ()
    assert not shows(frame.pixels, box)


def test_a_known_word_goes_when_its_neighbours_were_not_read() -> None:
    canvas = Canvas()
    whole = canvas.line("Ask Will about it", 20, 20, told=False)
    one = Canvas()
    one.line("Ask Will about it", 20, 20)
    will = one.words[0][1]
    frame = masked(canvas, (will,))
    assert frame.kept == ()
    assert not shows(frame.pixels, whole)


def test_a_label_with_a_colon_stays_beside_its_value() -> None:
    canvas = Canvas()
    canvas.line("Name: Margaret", 20, 20)
    frame = masked(canvas)
    assert frame.kept == ("Name:",)
    assert not shows(frame.pixels, canvas.words[0][1].box)
    assert shows(frame.pixels, canvas.words[0][0].box)


def test_menu_entries_that_stand_apart_stay() -> None:
    canvas = Canvas()
    for text, x in (("File", 10), ("Edit", 60), ("View", 110)):
        canvas.line(text, x, 10)
    assert sorted(masked(canvas).kept) == ["Edit", "File", "View"]


def test_a_phrase_read_without_confidence_goes() -> None:
    canvas = Canvas()
    canvas.line("Settings", 20, 20)
    (word,) = canvas.words[0]
    assert masked(canvas, (replace(word, confidence=0.5),)).kept == ()


def test_a_phrase_in_a_box_of_impossible_width_goes() -> None:
    canvas = Canvas()
    box = canvas.line("Margaret-Thornhill-of-Springfield", 20, 20, told=False)
    frame = masked(canvas, (Word("Save", 0.99, box),))
    assert frame.kept == ()
    assert not shows(frame.pixels, box)


@pytest.mark.parametrize(
    ("paper", "pen"),
    [
        ("#ffffff", "#111111"),
        ("#1e1e1e", "#dddddd"),
        ("#ffffff", "#eeeeee"),
        ("#ffffff", "#f9f9f9"),
        ("#1a73e8", "#ffffff"),
        ("#f00", "#00f"),
    ],
)
@pytest.mark.parametrize("size", [8, 11, 16, 32])
def test_an_unread_screen_is_masked_wherever_there_is_ink(paper: str, pen: str, size: int) -> None:
    canvas = Canvas(paper=paper, pen=pen, size=size)
    box = canvas.line("Margaret Thornhill", 20, 60)
    frame = unread(canvas)
    assert not shows(frame.pixels, box)
    assert frame.words_read == 0
    assert frame.mean_confidence == 0


def test_a_photo_goes() -> None:
    canvas = Canvas()
    pixels = canvas.pixels
    pixels[40:140, 100:300] = np.random.default_rng(7).integers(0, 255, (100, 200, 3), np.uint8)
    frame = mask_frame(pixels, reader=FakeReader(), lexicon=LEXICON, detectors=())
    assert (frame.pixels[40:140, 100:300] == FILL).all()


def test_the_blurred_parts_of_a_photo_go_too() -> None:
    across, down = np.meshgrid(np.arange(200), np.arange(120))
    soft = (128 + 90 * np.sin(across / 40) * np.cos(down / 30)).astype(np.uint8)
    pixels = Canvas().pixels
    pixels[40:160, 100:300] = soft[:, :, None]
    frame = mask_frame(pixels, reader=FakeReader(), lexicon=LEXICON, detectors=())
    assert float((frame.pixels[40:160, 100:300] == FILL).mean()) > 0.9


def test_a_flat_or_gently_shaded_surface_stays() -> None:
    pixels = Canvas().pixels
    pixels[:, :] = np.linspace(200, 240, 640).astype(np.uint8)[None, :, None]
    frame = mask_frame(pixels, reader=FakeReader(), lexicon=LEXICON, detectors=())
    assert frame.masks == ()


@pytest.mark.parametrize("width", [2, 3, 5])
def test_a_bar_code_is_no_row_of_borders(width: int) -> None:
    canvas = Canvas()
    for x in range(100, 240, 9):
        canvas.draw.rectangle((x, 40, x + width - 1, 120), fill="#000000")
    frame = unread(canvas)
    assert not shows(frame.pixels, Box(100, 50, 130, 60))


@pytest.mark.parametrize("text", ["\u2022" * 12, "." * 30, "\u25cf" * 8, "*" * 20, "_ _ _ _ _ _ _ _"])
@pytest.mark.parametrize("size", [11, 14, 20])
def test_a_row_of_password_dots_is_no_border(text: str, size: int) -> None:
    canvas = Canvas(size=size)
    canvas.line(text, 20, 20)
    frame = unread(canvas)
    changed = (canvas.pixels != 255).any(axis=2)
    assert covered(frame)[changed].all()


@pytest.mark.parametrize("radius", [0, 4, 8])
def test_the_border_of_a_button_stays_and_its_name_with_it(radius: int) -> None:
    canvas = Canvas()
    canvas.draw.rounded_rectangle((30, 20, 120, 50), radius=radius, outline="#888888", fill="#eeeeee")
    canvas.line("Cancel", 50, 27)
    frame = masked(canvas)
    assert frame.kept == ("Cancel",)
    assert frame.masks == ()


def test_a_soft_shadow_stays_along_its_sides() -> None:
    pixels = Canvas().pixels
    for depth in range(12):
        pixels[60 + depth, :] = 255 - 24 + depth * 2
    frame = mask_frame(pixels, reader=FakeReader(), lexicon=LEXICON, detectors=())
    assert not covered(frame)[:, 100:500].any()


def test_the_lines_of_a_table_stay() -> None:
    canvas = Canvas()
    for y in (10, 40, 70):
        canvas.draw.line((10, y, 400, y), fill="#cccccc")
    for x in (10, 150, 400):
        canvas.draw.line((x, 10, x, 70), fill="#cccccc")
    assert unread(canvas).masks == ()


def test_masks_are_one_flat_grey() -> None:
    frame = masked(busy_screen())
    assert (frame.pixels[covered(frame)] == FILL).all()


def test_masks_do_not_tell_one_name_from_another_by_a_letter() -> None:
    ends = set()
    for name in ("Margaret", "Margaretha"[:9]):
        canvas = Canvas()
        canvas.line(name, 20, 20)
        ends |= {(mask.box.x % GRID, mask.box.right % GRID) for mask in masked(canvas).masks}
    assert ends == {(0, 0)}


def test_the_category_comes_from_the_text_or_from_the_label_beside_it() -> None:
    canvas = Canvas()
    canvas.line("m.thornhill@example.org", 20, 20)
    canvas.line("Diagnosis", 20, 80)
    canvas.line("Lupus", 160, 80)
    found = {mask.category for mask in masked(canvas).masks}
    assert found == {Category.PERSON, Category.MEDICAL}


class BrokenDetector:
    name = "broken"
    role = Role.LABEL

    def find(self, text: str) -> tuple[TextSpan, ...]:  # noqa: ARG002 (the port has it)
        raise DetectorError("the detector broke")


class BrokenReader:
    name = "broken"
    version = "0"

    def read(self, rgb: Pixels) -> tuple[Line, ...]:  # noqa: ARG002 (the port has it)
        raise RuntimeError("the engine broke")

    def read_strips(self, strips: tuple[Strip, ...]) -> tuple[tuple[Word, ...], ...]:  # noqa: ARG002 (the port has it)
        raise RuntimeError("the engine broke")


class NamesAreSecret:
    name = "names"
    role = Role.DENY

    def find(self, text: str) -> tuple[TextSpan, ...]:
        return (TextSpan(0, 4, Category.SECRET),) if text.startswith("Will") else ()


def test_a_failing_detector_is_an_error_and_gives_no_pixels() -> None:
    with pytest.raises(DetectorError):
        masked(busy_screen(), detectors=(BrokenDetector(),))


def test_a_failing_reader_is_an_error_and_gives_no_pixels() -> None:
    with pytest.raises(RuntimeError):
        mask_frame(busy_screen().pixels, reader=BrokenReader(), lexicon=LEXICON, detectors=())


def test_a_finding_takes_a_phrase_that_the_lexicon_knows() -> None:
    canvas = Canvas()
    box = canvas.line("Will", 20, 20)
    frame = masked(canvas, detectors=(NamesAreSecret(),))
    assert not shows(frame.pixels, box)
    assert {mask.category for mask in frame.masks} == {Category.SECRET}


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((10, 10), np.uint8),
        np.zeros((10, 10, 4), np.uint8),
        np.zeros((10, 10, 3), np.uint16),
        np.zeros((0, 10, 3), np.uint8),
    ],
)
def test_what_is_not_a_screen_is_refused(pixels: Pixels) -> None:
    with pytest.raises(PixelsRefused):
        mask_frame(pixels, reader=FakeReader(), lexicon=LEXICON, detectors=())


@settings(max_examples=40, deadline=None)
@given(st.sets(st.integers(0, 13)))
def test_masks_never_shrink_when_the_reader_reads_less(lost: set[int]) -> None:
    canvas = busy_screen()
    words = [word for line in canvas.words for word in line]
    left = {id(word) for index, word in enumerate(words) if index not in lost}
    told = tuple(tuple(word for word in line if id(word) in left) for line in canvas.words)
    fewer = mask_frame(canvas.pixels, reader=FakeReader(told), lexicon=LEXICON, detectors=default_detectors())
    assert (covered(fewer) | ~covered(masked(canvas))).all()


def test_the_same_screen_gives_the_same_result() -> None:
    first, second = masked(busy_screen()), masked(busy_screen())
    assert first.masks == second.masks
    assert (first.pixels == second.pixels).all()


def test_masking_again_uncovers_nothing_and_leaves_what_was_masked_flat() -> None:
    canvas = busy_screen()
    once = masked(canvas)
    twice = mask_frame(
        once.pixels, reader=FakeReader(tuple(canvas.words)), lexicon=LEXICON, detectors=default_detectors()
    )
    assert (twice.pixels[covered(once)] == FILL).all()


@dataclass
class CountingReader:
    """Reads told words, and counts the strips that it was given."""

    told: FakeReader
    strips: int = 0
    name: str = "counting"
    version: str = "1"

    def read(self, rgb: Pixels) -> tuple[Line, ...]:
        return self.told.read(rgb)

    def read_strips(self, strips: tuple[Strip, ...]) -> tuple[tuple[Word, ...], ...]:
        self.strips += len(strips)
        return self.told.read_strips(strips)


def masker(reader: Reader) -> Masker:
    return Masker(MaskTools(reader, LEXICON, default_detectors()))


def test_an_unchanged_screen_is_not_read_again() -> None:
    canvas = busy_screen()
    reader = CountingReader(FakeReader(tuple(canvas.words)))
    session = masker(reader)
    first = session.mask(canvas.pixels)
    count = reader.strips
    assert (session.mask(canvas.pixels).pixels == first.pixels).all()
    assert reader.strips == count


def test_of_a_changed_screen_only_the_new_lines_are_read_and_the_result_is_the_same_as_if_all_were() -> None:
    before, after = busy_screen(), busy_screen()
    after.line("Jonathan Price", 300, 130)
    reader = CountingReader(FakeReader(tuple(after.words)))
    session = masker(reader)
    session.mask(before.pixels)
    count = reader.strips
    frame = session.mask(after.pixels)
    assert reader.strips == count + 1
    assert (frame.pixels == masked(after).pixels).all()


def test_a_new_line_that_is_not_read_is_masked() -> None:
    before, after = busy_screen(), busy_screen()
    box = after.line("Jonathan Price", 300, 170, told=False)
    session = masker(FakeReader(tuple(before.words)))
    session.mask(before.pixels)
    frame = session.mask(after.pixels)
    assert not shows(frame.pixels, box)
    assert sorted(frame.kept) == ["Cancel", "Edit", "File", "Name:", "Save As", "View"]
