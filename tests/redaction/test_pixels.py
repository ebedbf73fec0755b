"""Masking a screen is default-deny: what no phrase explains goes, read or not, in any colour, and reading less hides
more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from itertools import cycle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from consent.documents import Label
from redaction.detectors import Detector, DetectorError, Role, light_detectors
from redaction.images.ink import writing_of
from redaction.images.pixels import GRID, MaskedFrame, Masker, MaskTools, PixelsRefused
from redaction.images.shapes import load_shapes
from redaction.images.strips import EDGE, runs_of
from redaction.images.verify import Verifier
from redaction.lexicon import Lexicon
from redaction.readers import open_reader
from redaction.readers.base import Line, Pixels, Reader, Strip, Word
from redaction.readers.fake import FakeReader
from redaction.readers.tesseract import TesseractReader
from redaction.spans import FILL, Box, Category, TextSpan
from tests.redaction import typeset
from tests.redaction.drawing import Canvas, mask_frame, shows
from tests.redaction.iconic import icon
from tests.redaction.typeset import FACES, KNOWN, Sheet, covered, hides, is_flat, looks

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
        detectors=light_detectors() if detectors is None else detectors,
    )


def unread(canvas: Canvas) -> MaskedFrame:
    return mask_frame(canvas.pixels, reader=FakeReader(), lexicon=LEXICON, detectors=light_detectors())


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
    fewer = mask_frame(canvas.pixels, reader=FakeReader(told), lexicon=LEXICON, detectors=light_detectors())
    assert (covered(fewer) | ~covered(masked(canvas))).all()


def test_the_same_screen_gives_the_same_result() -> None:
    first, second = masked(busy_screen()), masked(busy_screen())
    assert first.masks == second.masks
    assert (first.pixels == second.pixels).all()


def test_masking_again_uncovers_nothing_and_leaves_what_was_masked_flat() -> None:
    canvas = busy_screen()
    once = masked(canvas)
    twice = mask_frame(
        once.pixels, reader=FakeReader(tuple(canvas.words)), lexicon=LEXICON, detectors=light_detectors()
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
    return Masker(MaskTools(reader, LEXICON, light_detectors()))


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


@pytest.mark.parametrize(("face", "size"), looks())
@pytest.mark.parametrize(("paper", "pen"), [("#ffffff", "#222222"), ("#1e1e1e", "#dddddd"), ("#f4f4f4", "#b8b8b8")])
def test_an_unread_line_is_masked_in_any_font_size_and_theme(face: str, size: int, paper: str, pen: str) -> None:
    sheet = Sheet(width=700, height=90, paper=paper, pen=pen, size=size, font=str(FACES[face]))
    box = sheet.line("Margaret Thornhill 4532", 20, 30, told=False)
    frame = typeset.masked(sheet)
    inked = (sheet.pixels[box.y : box.bottom, box.x : box.right] != sheet.pixels[0, 0]).any(axis=2)
    assert covered(frame)[box.y : box.bottom, box.x : box.right][inked].all()
    assert frame.kept == ()


@pytest.mark.parametrize("edge", [13, 16, 20, 24, 27, 32])
@pytest.mark.parametrize("is_round", [True, False], ids=["radio button", "check box"])
@pytest.mark.parametrize("is_chosen", [True, False], ids=["chosen", "free"])
def test_the_state_of_a_form_control_does_not_show(edge: int, *, is_round: bool, is_chosen: bool) -> None:
    sheet = Sheet()
    shape = sheet.draw.ellipse if is_round else sheet.draw.rectangle
    shape((40, 40, 39 + edge, 39 + edge), outline="#555555", width=2)
    if is_chosen:
        shape((46, 46, 33 + edge, 33 + edge), fill="#1a73e8")
    sheet.line("Active", 50 + edge, 44)
    frame = typeset.masked(sheet)
    assert is_flat(frame.pixels, Box(40, 40, edge, edge))


@pytest.mark.parametrize("size", [(180, 17), (180, 8), (300, 12), (120, 6), (180, 20)], ids=str)
@pytest.mark.parametrize("share", [0.25, 0.9])
@pytest.mark.parametrize("radius", [0, 3])
def test_the_share_that_a_bar_shows_does_not_show(size: tuple[int, int], share: float, radius: int) -> None:
    sheet, (width, height) = Sheet(), size
    sheet.draw.rounded_rectangle((40, 40, 39 + width, 39 + height), radius, outline="#888888", fill="#eeeeee")
    sheet.draw.rounded_rectangle((40, 40, 39 + round(width * share), 39 + height), radius, fill="#1a73e8")
    frame = typeset.masked(sheet)
    assert is_flat(frame.pixels, Box(40, 40, width, height))


@dataclass
class Answers:
    """A second engine that reads one told text after the other whatever it is shown, and then the last one always."""

    texts: list[str]
    name: str = "answers"
    version: str = "1"

    def read(self, rgb: Pixels) -> tuple[Line, ...]:  # noqa: ARG002 (the port has it)
        return ()

    def read_strips(self, strips: tuple[Strip, ...]) -> tuple[tuple[Word, ...], ...]:
        texts = (self.texts.pop(0) if len(self.texts) > 1 else self.texts[0] for _ in strips)
        return tuple((Word(text, 0.99, Box(0, 0, 9, 9)),) for text in texts)


def verified(sheet: Sheet, *answers: str, lexicon: Lexicon = KNOWN) -> MaskedFrame:
    reader = FakeReader(tuple(sheet.words))
    return Masker(MaskTools(reader, lexicon, (), verifier=Verifier(Answers(list(answers))))).mask(sheet.pixels)


def test_what_the_second_engine_confirms_stays() -> None:
    sheet = Sheet()
    sheet.line("Settings", 20, 20)
    frame = verified(sheet, "settings")
    assert (frame.kept, frame.second_findings) == (("Settings",), 0)


def test_what_the_second_engine_reads_otherwise_goes() -> None:
    sheet = Sheet()
    sheet.line("Settings", 20, 20)
    box = sheet.line("Help", 20, 80)
    frame = verified(sheet, "Settings", "Helga")
    assert frame.kept == ("Settings",)
    assert frame.second_findings == 1
    assert not shows(frame.pixels, box)


@dataclass(frozen=True)
class Overreading:
    """A reader that finds a phrase on every strip, and another word on the blank row above it."""

    name: str = "overreading"
    version: str = "1"

    def read(self, rgb: Pixels) -> tuple[Line, ...]:  # noqa: ARG002 (the port has it)
        return ()

    def read_strips(self, strips: tuple[Strip, ...]) -> tuple[tuple[Word, ...], ...]:
        return tuple(
            (Word("Settings", 0.9, Box(0, 0, strip.box.width, strip.box.height)), Word("Ann", 0.9, Box(10, 0, 12, 1)))
            for strip in strips
        )


LONG_PHRASE = "Remember my settings on this device"


@pytest.mark.parametrize(("answer", "kept"), [(LONG_PHRASE, 2), ("Remember my sister Ann on this day", 0)])
def test_what_stands_beside_a_phrase_that_the_second_engine_took_is_judged_anew(answer: str, kept: int) -> None:
    sheet = Sheet()
    sheet.line(LONG_PHRASE, 20, 40)
    sheet.line("Now", 23, 55)
    frame = verified(sheet, answer, "Now", lexicon=Lexicon(KNOWN.phrases | {LONG_PHRASE.casefold()}, "0"))
    assert len(frame.kept) == kept


@cache
def icon_that_stays() -> int:
    """The number of the first known shape that stays before a phrase."""
    numbers = (int(number) for number in np.argsort(load_shapes().limits, kind="stable"))
    return next(number for number in numbers if not verified(_with_icon(number), "Settings", "").masks)


def _with_icon(number: int) -> Sheet:
    sheet = Sheet(width=300, height=80)
    shape = icon(number, 20)[:, :, None] * 0.8
    pixels = sheet.pixels
    pixels[30:50, 40:60] = np.rint(pixels[30:50, 40:60] * (1 - shape)).astype(np.uint8)
    sheet.image.paste(Image.fromarray(pixels))
    sheet.line("Settings", 74, 33)
    return sheet


def test_an_icon_in_which_the_second_engine_reads_goes() -> None:
    frame = verified(_with_icon(icon_that_stays()), "Settings", "MT")
    assert frame.second_findings == 1
    assert is_flat(frame.pixels, Box(40, 30, 20, 20))


def test_the_level_of_a_screen_is_that_of_its_highest_label() -> None:
    sheet = Sheet()
    sheet.line("DSS-2", 20, 20)
    sheet.line("Winter Palace", 20, 60)
    assert typeset.masked(sheet).level == 2
    own = MaskTools(FakeReader(tuple(sheet.words)), KNOWN, (), labels=(Label(words="Winter Palace", level=3),))
    assert Masker(own).mask(sheet.pixels).level == 3


def test_a_screen_without_labels_has_no_level() -> None:
    assert typeset.masked(Sheet()).level is None


def test_a_word_that_was_read_where_no_writing_is_seen_is_masked() -> None:
    sheet = Sheet()
    sheet.line("Settings", 60, 40)
    (run,) = runs_of(writing_of(sheet.pixels))
    frame = Masker(MaskTools(Overreading(), KNOWN, ())).mask(sheet.pixels)
    assert frame.kept == ("Settings",)
    assert hides(frame, Box(run.x + 10 - EDGE, run.y - EDGE, 12, 1))


POOL = (
    "Settings", "Save As", "Margaret Thornhill", "Name: Margaret", "Filing status:", "Will", "Report", "Inbox (12)",
    "Ask Will about the Report", "Cancel", "4532-1234", "Password \u2022\u2022\u2022\u2022",
)  # fmt: skip

PLACES = st.lists(
    st.tuples(st.sampled_from(POOL), st.integers(0, 4), st.integers(0, 5), st.integers(0, 9)),
    max_size=12,
    unique_by=lambda place: place[1:3],
)


def screen_of(places: list[tuple[str, int, int, int]], *, is_dark: bool) -> Sheet:
    """A screen with lines at places of a grid; every tenth kind is not read, every fifth is a button."""
    sheet = Sheet(paper="#1e1e1e", pen="#dddddd") if is_dark else Sheet()
    for text, column, row, kind in places:
        if kind in {1, 2}:
            sheet.button(text, 15 + 125 * column, 4 + 32 * row, height=26)
        else:
            sheet.line(text, 20 + 125 * column, 9 + 32 * row, told=kind > 0)
    return sheet


@settings(max_examples=25, deadline=None)
@given(places=PLACES, is_dark=st.booleans())
def test_masking_again_changes_pixels_to_masks_only(places: list[tuple[str, int, int, int]], is_dark: bool) -> None:  # noqa: FBT001 (an example)
    once = typeset.masked(sheet := screen_of(places, is_dark=is_dark))
    sheet.image.paste(Image.fromarray(once.pixels))
    twice = typeset.masked(sheet)
    assert (twice.pixels[covered(once)] == FILL).all()
    assert (twice.pixels[(twice.pixels != once.pixels).any(axis=2)] == FILL).all()


@settings(max_examples=25, deadline=None)
@given(places=PLACES, is_dark=st.booleans())
def test_masking_is_idempotent_once_it_has_settled(places: list[tuple[str, int, int, int]], *, is_dark: bool) -> None:
    sheet = screen_of(places, is_dark=is_dark)
    session = masker(FakeReader(tuple(sheet.words)))
    settled = session.settled(sheet.pixels)
    assert (session.settled(settled.pixels).pixels == settled.pixels).all()
    assert (covered(settled) | ~covered(session.mask(sheet.pixels))).all()


@pytest.mark.parametrize("text", ["Margaret", "ILLEFT TITLE", "illi lil", "|||| |||", "HELL EFFI"])
@pytest.mark.parametrize("size", [11, 13, 20, 32, 60, 90])
@pytest.mark.parametrize("has_border", [True, False])
def test_writing_on_the_grey_of_masks_is_no_earlier_mask(text: str, size: int, *, has_border: bool) -> None:
    sheet = Sheet(width=900, height=240, paper="#ffffff" if has_border else "#808080", size=size)
    sheet.draw.rectangle((20, 20, 879, 219), fill="#808080")
    sheet.line(text, 60, 60, told=False)
    session = masker(FakeReader())
    assert (covered(session.settled(sheet.pixels)) | ~covered(session.mask(sheet.pixels))).all()


@dataclass(frozen=True)
class Denying:
    """A detector that denies the characters of a few stretches of every line."""

    stretches: tuple[tuple[int, int], ...]
    name: str = "denying"
    role: Role = Role.DENY

    def find(self, text: str) -> tuple[TextSpan, ...]:  # noqa: ARG002 (the port has it)
        return tuple(TextSpan(start, start + length, Category.SECRET) for start, length in self.stretches)


STRETCHES = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 8)), min_size=1, max_size=3)


@settings(max_examples=25, deadline=None)
@given(PLACES, STRETCHES)
def test_masks_never_shrink_when_a_detector_is_added(
    places: list[tuple[str, int, int, int]], stretches: list[tuple[int, int]]
) -> None:
    sheet = screen_of(places, is_dark=False)
    more = typeset.masked(sheet, detectors=(Denying(tuple(stretches)),))
    assert (covered(more) | ~covered(typeset.masked(sheet))).all()


def _worse(sheet: Sheet, faults: list[int]) -> Sheet:
    """The screen, of whose words a reader loses some, doubts some, and takes some for junk."""
    lines: list[tuple[Word, ...]] = []
    kinds = cycle(faults)
    for line in sheet.words:
        judged = [(word, next(kinds)) for word in line]
        left = [(word, kind) for word, kind in judged if kind != 1]
        doubted = [(replace(word, confidence=0.2) if kind == 2 else word, kind) for word, kind in left]
        lines.append(tuple(replace(word, text="#q" * 4) if kind == 3 else word for word, kind in doubted))
    sheet.words = lines
    return sheet


@settings(max_examples=40, deadline=None)
@given(PLACES, st.lists(st.integers(0, 5), min_size=1, max_size=8))
def test_masks_never_shrink_when_words_are_lost_doubted_or_misread(
    places: list[tuple[str, int, int, int]], faults: list[int]
) -> None:
    best = typeset.masked(screen_of(places, is_dark=False))
    worse = typeset.masked(_worse(screen_of(places, is_dark=False), faults))
    assert (covered(worse) | ~covered(best)).all()


@pytest.mark.parametrize(("paper", "pen"), [("#ffffff", "#222222"), ("#1e1e1e", "#dddddd")])
def test_with_real_engines_an_interface_stays_and_a_person_goes(paper: str, pen: str) -> None:
    sheet = Sheet(paper=paper, pen=pen, size=14)
    for text, x in (("File", 20), ("Edit", 80), ("View", 140)):
        sheet.line(text, x, 10)
    sheet.line("Name:", 20, 60)
    sheet.line("Margaret Thornhill", 120, 60)
    verifier = Verifier(open_reader("rapidocr"))
    frame = Masker(MaskTools(TesseractReader(), KNOWN, (), verifier=verifier)).mask(sheet.pixels)
    assert {"File", "Edit", "View"} <= set(frame.kept)
    left = " ".join(word.text for line in open_reader("rapidocr").read(frame.pixels) for word in line.words)
    assert "arg" not in left
    assert "horn" not in left
