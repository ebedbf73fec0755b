"""In the balanced profile, what was read by both engines stays unless something is found in it or near it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from redaction.balanced.profile import BalancedMasker, BalancedTools
from redaction.balanced.suspected import Deciders
from redaction.detectors import Detector, DetectorError, Role, light_detectors
from redaction.detectors.unfamiliar import Unfamiliar
from redaction.examine import Examiner
from redaction.images.pixels import MaskedFrame, PixelsRefused
from redaction.lexicon import load_lexicon
from redaction.readers.base import Pixels, Word
from redaction.readers.fake import FakeReader
from redaction.spans import Box, Category, TextSpan
from tests.redaction.drawing import Canvas, shows

LEXICON = load_lexicon()
FREE = "The queue is empty again"


@dataclass(frozen=True, slots=True)
class Named:
    """A detector that knows one name."""

    name: str = "named"
    role: Role = Role.DENY

    def find(self, text: str) -> tuple[TextSpan, ...]:
        return tuple(TextSpan(*one.span(), Category.PERSON) for one in re.finditer("will power", text.lower()))


@dataclass(frozen=True, slots=True)
class Broken:
    """A detector that cannot work."""

    name: str = "broken"
    role: Role = Role.DENY

    def find(self, text: str) -> tuple[TextSpan, ...]:  # noqa: ARG002 (the port has it)
        raise DetectorError("the detector broke")


def masker(
    lines: list[tuple[Word, ...]], again: list[tuple[Word, ...]] | None = None, *more: Detector
) -> BalancedMasker:
    """A masker whose engines were told these lines; the second one reads the same unless told otherwise."""
    unfamiliar, light = Unfamiliar(LEXICON), light_detectors()
    texts = Examiner((*light, Named(), *more))
    deciders = Deciders(LEXICON, Examiner((*light, Named(), unfamiliar, *more)), Examiner(light), unfamiliar)
    readers = FakeReader(tuple(lines)), FakeReader(tuple(lines if again is None else again))
    return BalancedMasker(BalancedTools(*readers, texts, deciders))


def masked(canvas: Canvas) -> MaskedFrame:
    return masker(canvas.words).settled(canvas.pixels)


@pytest.mark.parametrize("text", [FREE, "Settings", "Build 14 of 20 is done", "Coverage tier", "Monday 12"])
def test_writing_in_which_nothing_is_found_stays(text: str) -> None:
    canvas = Canvas()
    box = canvas.line(text, 40, 60)
    frame = masked(canvas)
    assert (frame.pixels == canvas.pixels).all()
    assert all(shows(frame.pixels, word.box) for word in canvas.words[0] if word.box.width > 3)
    assert frame.phrases[0].box.meets(box)


@pytest.mark.parametrize(
    "text",
    [
        "Will Power",
        "Margaret Thornhill",
        "Björn Großmann",
        "219-09-9999",
        "margaret@example.com",
        "$48,250.00",
        "ghp_8jCNwaRs8EYSnVl8T5SGLCVzjM2xgavoELnh",
        "She said that she would leave soon",
    ],
)
def test_what_is_found_goes_and_its_neighbours_stay(text: str) -> None:
    canvas = Canvas()
    gone = canvas.line(text, 40, 40)
    stays = canvas.line(FREE, 40, 140)
    frame = masked(canvas)
    assert not shows(frame.pixels, gone)
    assert not any(shows(frame.pixels, word.box) for word in canvas.words[0])
    assert (frame.pixels[stays.y : stays.bottom] == canvas.pixels[stays.y : stays.bottom]).all()


def test_of_a_long_line_only_the_found_words_go() -> None:
    canvas = Canvas(width=900)
    canvas.line("2026-01-28 job 17 sent to margaret@example.com in 3 s at node 4", 40, 60)
    words = {word.text: word.box for word in canvas.words[0]}
    pixels = masked(canvas).pixels
    assert not shows(pixels, words["margaret@example.com"])
    assert shows(pixels, words["sent"])
    assert shows(pixels, words["node"])


def test_what_no_engine_read_goes() -> None:
    canvas = Canvas()
    box = canvas.line(FREE, 40, 60, told=False)
    assert not shows(masked(canvas).pixels, box)


def test_what_was_read_without_confidence_goes() -> None:
    canvas = Canvas()
    box = canvas.line(FREE, 40, 60)
    doubtful = [tuple(Word(word.text, 0.5, word.box) for word in canvas.words[0])]
    assert not shows(masker(doubtful).settled(canvas.pixels).pixels, box)


def test_a_picture_goes() -> None:
    canvas = Canvas()
    noise = np.random.default_rng(1).integers(0, 256, (90, 120, 3), np.uint8)
    pixels = canvas.pixels
    pixels[60:150, 300:420] = noise
    assert not shows(masker([]).settled(pixels).pixels, Box(300, 60, 120, 90))


def test_what_only_the_second_engine_reads_as_sensitive_goes() -> None:
    canvas = Canvas()
    line = canvas.line("Part 219 of 9999", 40, 60)
    second: list[tuple[Word, ...]] = [(Word("219-09-9999", 0.9, line),)]
    assert shows(masker(canvas.words).settled(canvas.pixels).pixels, line)
    assert not shows(masker(canvas.words, second).settled(canvas.pixels).pixels, line)


def test_a_misreading_of_the_second_engine_takes_nothing_away() -> None:
    canvas = Canvas()
    canvas.line(FREE, 40, 60)
    wrong = [tuple(Word("Xzqwv", 0.9, word.box) for word in canvas.words[0])]
    assert (masker(canvas.words, wrong).settled(canvas.pixels).pixels == canvas.pixels).all()


def test_the_value_beside_its_label_goes_whatever_it_is() -> None:
    canvas = Canvas()
    label = canvas.line("Diagnosis:", 40, 60)
    value = canvas.line("quite harmless", 160, 60)
    pixels = masked(canvas).pixels
    assert shows(pixels, label)
    assert not shows(pixels, value)


def test_what_a_field_holds_goes_as_the_whole_field() -> None:
    canvas = Canvas()
    canvas.draw.rectangle((40, 60, 400, 90), outline="#888888")
    canvas.line("Will Power", 50, 68)
    pixels = masked(canvas).pixels
    assert not shows(pixels, Box(46, 66, 348, 18))


def test_the_same_value_is_found_elsewhere_though_it_was_read_otherwise() -> None:
    canvas = Canvas()
    canvas.line("token ghp_8jCNwaRs8EYSnVl8T5SGLCVzjM2xgavoELnh", 40, 40)
    again = canvas.line("8jCNwaRs8EYSnVI8T5SGLCVzjM2x", 40, 140)
    assert not shows(masked(canvas).pixels, again)


def test_masking_again_changes_nothing() -> None:
    canvas = Canvas()
    for row, text in enumerate((FREE, "Will Power", "Settings", "$1,250.00 for Margaret", "Cost 12")):
        canvas.line(text, 40 + 7 * row, 20 + 34 * row)
    once = masked(canvas)
    again = masker(canvas.words).settled(once.pixels)
    assert (again.pixels == once.pixels).all()


def test_the_same_screen_gives_the_same_masks() -> None:
    canvas = Canvas()
    canvas.line("Will Power", 40, 60)
    assert masked(canvas).masks == masked(canvas).masks


def test_a_classification_is_told() -> None:
    canvas = Canvas()
    canvas.line("DSS-3 Restricted", 40, 60)
    assert masked(canvas).level == 3


def test_a_failing_detector_leaves_no_pixels() -> None:
    canvas = Canvas()
    canvas.line(FREE, 40, 60)
    with pytest.raises(DetectorError):
        masker(canvas.words, None, Broken()).settled(canvas.pixels)


@pytest.mark.parametrize("shape", [(10, 10), (0, 10, 3), (10, 10, 4)])
def test_what_is_no_screen_is_refused(shape: tuple[int, ...]) -> None:
    pixels: Pixels = np.zeros(shape, np.uint8)
    with pytest.raises(PixelsRefused):
        masker([]).settled(pixels)


def test_nothing_but_scrubbing_uses_the_profile_so_nothing_of_it_can_be_exported() -> None:
    root = Path(__file__).parents[2]
    users = {
        path.relative_to(root).as_posix()
        for package in ("vault", "consent", "capture", "redaction", "review", "export", "optin")
        for path in (root / package).rglob("*.py")
        if "redaction.balanced.profile" in path.read_text("utf-8")
    }
    assert users == {"optin/scrubbing.py"}
