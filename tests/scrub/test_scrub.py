"""Scrubbed files have the same names and sizes and nothing else of the input; what cannot be examined is an error."""

from __future__ import annotations

import io
import json
import stat
import struct
import zlib
from pathlib import Path, PurePath

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from redaction.detectors import DetectorError, Role, default_detectors
from redaction.lexicon import load_lexicon
from redaction.readers.fake import FakeReader
from redaction.scrub import ScrubError, ScrubInput, ScrubReport, ScrubTools, discover, scrub_file
from redaction.spans import Category, TextSpan
from tests.redaction.drawing import Canvas, shows

SECRET = "hunter2-canary"


def screen() -> Canvas:
    canvas = Canvas()
    canvas.line("Settings", 20, 20)
    canvas.line("Margaret Thornhill", 20, 80)
    return canvas


def tools() -> ScrubTools:
    return ScrubTools(FakeReader(tuple(screen().words)), load_lexicon(), default_detectors())


class BrokenDetector:
    name = "broken"
    role = Role.DENY

    def find(self, text: str) -> tuple[TextSpan, ...]:  # noqa: ARG002 (the port has it)
        raise DetectorError("the detector broke")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("ending", ["png", "jpg", "jpeg", "webp"])
def test_a_picture_keeps_its_size_and_kind_and_loses_what_is_not_known(source: Path, out: Path, ending: str) -> None:
    path = source / f"a.{ending}"
    screen().image.save(path, **({"lossless": True} if ending == "webp" else {"quality": 98, "subsampling": 0}))
    result = scrub_file(path, out / path.name, stage=tools())
    with Image.open(out / path.name) as redacted, Image.open(path) as raw:
        assert (redacted.format, redacted.size) == (raw.format, raw.size)
        pixels = np.asarray(redacted.convert("RGB")).astype(int)
    name = screen().words[1]
    for word in name:
        place = pixels[word.box.y : word.box.bottom, word.box.x : word.box.right]
        assert int(place.max() - place.min()) <= 4
    assert result.kept == 1


def test_the_ripples_of_compression_do_not_hide_the_interface(source: Path, out: Path) -> None:
    screen().image.save(source / "a.jpg", quality=85)
    assert scrub_file(source / "a.jpg", out / "a.jpg", stage=tools()).kept == 1


def test_nothing_of_the_metadata_passes(source: Path, out: Path) -> None:
    path = source / "a.png"
    notes = PngInfo()
    notes.add_text("Comment", SECRET)
    notes.add_itxt("Title", SECRET)
    exif = Image.Exif()
    exif[0x010E] = SECRET
    screen().image.save(path, pnginfo=notes, exif=exif, icc_profile=SECRET.encode() * 20)
    path.write_bytes(path.read_bytes() + SECRET.encode())
    scrub_file(path, out / "a.png", stage=tools())
    redacted = (out / "a.png").read_bytes()
    assert SECRET.encode() not in redacted
    assert _chunks(redacted) == {b"IHDR", b"IDAT", b"IEND"}


def _chunks(data: bytes) -> set[bytes]:
    kinds, place = set(), 8
    while place < len(data):
        length, kind = struct.unpack_from(">I4s", data, place)
        kinds.add(kind)
        place += 12 + length
    return kinds


def test_exif_with_a_secret_is_gone_from_a_jpeg_whose_orientation_is_ignored(source: Path, out: Path) -> None:
    path = source / "a.jpg"
    exif = Image.Exif()
    exif[0x010E] = SECRET
    exif[0x0112] = 6
    screen().image.save(path, exif=exif, quality=98, comment=SECRET.encode())
    scrub_file(path, out / "a.jpg", stage=tools())
    with Image.open(out / "a.jpg") as redacted:
        assert redacted.size == (640, 200)
        assert not redacted.getexif()
    assert SECRET.encode() not in (out / "a.jpg").read_bytes()


@pytest.mark.parametrize("mode", ["1", "L", "P"])
def test_grey_black_and_white_and_palette_pictures_are_read(source: Path, out: Path, mode: str) -> None:
    screen().image.convert(mode).save(source / "a.png")
    assert scrub_file(source / "a.png", out / "a.png", stage=tools()).masks


def _png_of_size(width: int, height: int) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def _animated(kind: str) -> bytes:
    first, second = Image.new("RGB", (40, 40), "red"), Image.new("RGB", (40, 40), "blue")
    return _saved(first, kind, save_all=True, append_images=[second])


_PLAIN = Image.new("RGB", (60, 40), "white")
BAD_PICTURES = {
    "damaged.png": (_saved(screen().image, "PNG")[:600], "damaged"),
    "cut.jpg": (_saved(screen().image, "JPEG")[:900], "damaged"),
    "empty.png": (b"", "not a PNG"),
    "text.png": (SECRET.encode(), "not a PNG"),
    "really-a-jpeg.png": (_saved(_PLAIN, "JPEG"), "not a PNG"),
    "alpha.png": (_saved(_PLAIN.convert("RGBA"), "PNG"), "alpha"),
    "key-colour.png": (_saved(_PLAIN, "PNG", transparency=(1, 2, 3)), "alpha"),
    "deep.png": (_saved(Image.fromarray(np.zeros((40, 40), np.uint16)), "PNG"), "8-bit"),
    "inks.jpg": (_saved(_PLAIN.convert("CMYK"), "JPEG"), "8-bit"),
    "moving.png": (_animated("PNG"), "animated"),
    "moving.webp": (_animated("WEBP"), "animated"),
    "wide.png": (_png_of_size(20_001, 10), "too large"),
    "bomb.png": (_png_of_size(19_000, 19_000), "too large"),
}


@pytest.mark.parametrize("name", BAD_PICTURES)
def test_a_picture_that_cannot_be_examined_is_an_error_and_leaves_nothing(source: Path, out: Path, name: str) -> None:
    data, reason = BAD_PICTURES[name]
    (source / name).write_bytes(data)
    with pytest.raises(ScrubError, match=reason) as caught:
        scrub_file(source / name, out / name, stage=tools())
    assert SECRET not in str(caught.value)
    assert not out.exists() or list(out.iterdir()) == []


def test_text_goes_line_by_line(source: Path, out: Path) -> None:
    (source / "a.txt").write_text(f"Settings\nMargaret Thornhill\n\npassword = {SECRET}\n", encoding="utf-8")
    result = scrub_file(source / "a.txt", out / "a.txt", stage=tools())
    assert (out / "a.txt").read_text("utf-8") == "Settings\n<TEXT>\n\n<SECRET>\n"
    assert dict(result.masks) == {Category.UNKNOWN: 1, Category.SECRET: 1}


def test_json_lines_keep_their_number_and_shape(source: Path, out: Path) -> None:
    rows = [
        {"title": "Settings", "fileName": "margaret.doc", "margaret": 7, "tags": ["Save", "Lupus", True, None, 1.5]},
        "Margaret",
        12,
    ]
    (source / "a.jsonl").write_text("\n".join(json.dumps(row) for row in rows) + "\n", encoding="utf-8")
    scrub_file(source / "a.jsonl", out / "a.jsonl", stage=tools())
    lines = (out / "a.jsonl").read_text("utf-8").split("\n")
    assert lines[3] == ""
    assert [json.loads(line) for line in lines[:3]] == [
        {"title": "Settings", "fileName": "<TEXT>", "<KEY_2>": None, "tags": ["Save", "<TEXT>", None, None, None]},
        "<TEXT>",
        None,
    ]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.jsonl", b'{"a": '),
        ("a.jsonl", b"[" * 5000),
        ("a.jsonl", b"[" * 80 + b"]" * 80),
        ("a.jsonl", b"\xff\xfe"),
        ("a.txt", b"caf\xe9"),
    ],
)
def test_text_that_cannot_be_read_is_an_error_and_leaves_nothing(
    source: Path, out: Path, name: str, data: bytes
) -> None:
    (source / name).write_bytes(data)
    with pytest.raises(ScrubError, match=name):
        scrub_file(source / name, out / name, stage=tools())
    assert not out.exists()


@pytest.mark.parametrize(("given", "target"), [("a.pdf", "a.pdf"), ("a.txt", "a.png"), ("a", "a")])
def test_an_unknown_kind_or_another_ending_is_refused(source: Path, out: Path, given: str, target: str) -> None:
    (source / given).write_text("x")
    with pytest.raises(ScrubError, match="keep the ending"):
        scrub_file(source / given, out / target, stage=tools())


def test_an_output_is_for_its_owner_only_and_nothing_is_left_beside_it(source: Path, out: Path) -> None:
    (source / "a.txt").write_text("Settings")
    scrub_file(source / "a.txt", out / "a.txt", stage=tools())
    assert stat.S_IMODE((out / "a.txt").stat().st_mode) == 0o600
    assert [path.name for path in out.iterdir()] == ["a.txt"]


def test_an_earlier_output_is_never_overwritten(source: Path, out: Path) -> None:
    (source / "a.txt").write_text("Settings")
    out.mkdir()
    (out / "a.txt").write_text("earlier")
    with pytest.raises(ScrubError, match="is there already"):
        scrub_file(source / "a.txt", out / "a.txt", stage=tools())
    assert (out / "a.txt").read_text() == "earlier"


def test_the_input_is_never_overwritten(source: Path) -> None:
    (source / "a.txt").write_text(SECRET)
    with pytest.raises(ScrubError, match="is there already"):
        scrub_file(source / "a.txt", source / "a.txt", stage=tools())
    assert (source / "a.txt").read_text() == SECRET


def test_a_link_in_the_place_of_the_output_is_not_followed(source: Path, out: Path) -> None:
    (source / "a.txt").write_text("Settings")
    out.mkdir()
    (out / "a.txt").symlink_to(source / "elsewhere.txt")
    with pytest.raises(ScrubError, match="is there already"):
        scrub_file(source / "a.txt", out / "a.txt", stage=tools())
    assert not (source / "elsewhere.txt").exists()


@pytest.mark.parametrize("name", ["a.png", "a.txt", "a.jsonl"])
def test_a_failing_detector_leaves_no_output(source: Path, out: Path, name: str) -> None:
    if name == "a.png":
        screen().image.save(source / name)
    else:
        (source / name).write_text('"Settings"')
    broken = ScrubTools(FakeReader(tuple(screen().words)), load_lexicon(), (BrokenDetector(),))
    with pytest.raises(DetectorError):
        scrub_file(source / name, out / name, stage=broken)
    assert not out.exists()


def test_folders_are_expanded_with_relative_names(source: Path) -> None:
    (source / "b").mkdir()
    for name in ("b/a.png", "a.txt", "b/c.pdf"):
        (source / name).write_text("x")
    (source / "link.txt").symlink_to(source / "a.txt")
    assert discover([source]) == (
        ScrubInput(source / "a.txt", PurePath("a.txt")),
        ScrubInput(source / "b" / "a.png", PurePath("b/a.png")),
        ScrubInput(source / "b" / "c.pdf", PurePath("b/c.pdf")),
    )


def test_the_same_file_given_twice_is_one_input(source: Path) -> None:
    (source / "a.txt").write_text("x")
    assert len(discover([source, source / "a.txt"])) == 1


def test_two_inputs_with_one_output_name_are_refused(source: Path) -> None:
    (source / "b").mkdir()
    for name in ("a.txt", "b/a.txt"):
        (source / name).write_text("x")
    with pytest.raises(ScrubError, match="two folders"):
        discover([source / "a.txt", source / "b" / "a.txt"])


@pytest.mark.parametrize("name", ["missing.png", "a.pdf"])
def test_an_input_that_is_missing_or_of_unknown_kind_is_refused(source: Path, name: str) -> None:
    (source / "a.pdf").write_text("x")
    (found,) = discover([source / name])
    with pytest.raises(ScrubError, match=name):
        scrub_file(found.path, source / "out" / found.name, stage=tools())


def test_the_report_holds_counts_and_names_only(source: Path, out: Path) -> None:
    path = source / "a.txt"
    path.write_text(f"Settings\npassword = {SECRET}")
    (found,) = discover([source])
    result = scrub_file(path, out / found.name, stage=tools())
    report = ScrubReport("fake 1", load_lexicon().digest, ((found, result),), ((found, "is damaged"),))
    written = json.dumps(report.as_json())
    assert json.loads(written)["files"] == [
        {"name": "a.txt", "masks": {"secret": 1}, "kept": 1, "words_read": 0, "mean_confidence": 0.0}
    ]
    assert SECRET not in written
    assert str(source) not in written
    assert "Settings" not in written


def test_an_unread_picture_has_no_ink_left(source: Path, out: Path) -> None:
    screen().image.save(source / "a.png")
    blind = ScrubTools(FakeReader(), load_lexicon(), default_detectors())
    scrub_file(source / "a.png", out / "a.png", stage=blind)
    pixels = np.asarray(Image.open(out / "a.png"))
    assert not any(shows(pixels, word.box) for line in screen().words for word in line)
