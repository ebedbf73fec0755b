"""Scrubbed files have the same names and sizes and nothing else of the input; what cannot be examined is an error."""

from __future__ import annotations

import json
import stat
import struct
from pathlib import Path, PurePath

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from redaction.detectors import DetectorError
from redaction.scrub import ScrubError, ScrubTools, discover, scrub_file
from redaction.scrubbed import Dropped, NotExamined, Scrubbed, ScrubInput, ScrubReport, ScrubResult
from redaction.spans import Category
from tests.redaction.drawing import Canvas, shows
from tests.scrub.simulated import FACTS, SECRET, Broken, told_tools


def screen() -> Canvas:
    canvas = Canvas()
    canvas.line("Settings", 20, 20)
    canvas.line("Margaret Thornhill", 20, 80)
    return canvas


def tools() -> ScrubTools:
    return told_tools(*screen().words)


def masked(path: Path, out: Path) -> ScrubResult:
    scrubbed = scrub_file(path, out / path.name, stage=tools())
    assert isinstance(scrubbed, ScrubResult)
    return scrubbed


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
    result = masked(path, out)
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
    assert masked(source / "a.jpg", out).kept == 1


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


def test_text_goes_line_by_line(source: Path, out: Path) -> None:
    (source / "a.txt").write_text(f"Settings\nMargaret Thornhill\n\npassword = {SECRET}\n", encoding="utf-8")
    result = masked(source / "a.txt", out)
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
        {"title": "Settings", "fileName": "<TEXT>", "<KEY_2>": None, "tags": ["Save", "<MEDICAL>", None, None, None]},
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
    assert list(out.iterdir()) == []


@pytest.mark.parametrize("name", ["a.pdf", "a", ".png"])
def test_an_unknown_kind_is_refused(source: Path, out: Path, name: str) -> None:
    (source / name).write_text("x")
    with pytest.raises(ScrubError, match="give PNG, JPEG, WebP"):
        scrub_file(source / name, out / name, stage=tools())


def test_another_ending_is_refused(source: Path, out: Path) -> None:
    (source / "a.txt").write_text("x")
    with pytest.raises(ScrubError, match="keep the ending"):
        scrub_file(source / "a.txt", out / "a.png", stage=tools())


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
    with pytest.raises(DetectorError):
        scrub_file(source / name, out / name, stage=told_tools(*screen().words, detectors=(Broken(),)))
    assert list(out.iterdir()) == []


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


def test_the_report_holds_counts_names_and_digests_only(source: Path, out: Path) -> None:
    path = source / "a.txt"
    path.write_text(f"Settings\npassword = {SECRET}")
    (found,) = discover([source])
    outcomes = ((found, masked(path, out)), (found, Dropped(4)), (found, NotExamined("a.txt is damaged")))
    written = ScrubReport(FACTS, "netns", outcomes).as_json()
    assert written == {
        "profile": "strict",
        "exportable": False,
        "isolation": "netns",
        "reader": "fake 1",
        "verifier": None,
        "lexicon": "0" * 64,
        "models": {"fake.model": "1" * 64},
        "drop_level": 3,
        "masks": {"secret": 1},
        "second_findings": 0,
        "files": [
            {
                "name": "a.txt",
                "masks": {"secret": 1},
                "kept": 1,
                "words_read": 0,
                "mean_confidence": 0.0,
                "second_findings": 0,
            }
        ],
        "dropped": [{"name": "a.txt", "level": 4}],
        "not_examined": [{"name": "a.txt", "reason": "a.txt is damaged"}],
    }


def test_masks_are_summed_over_the_files_of_a_report(source: Path) -> None:
    outcomes = tuple(
        (ScrubInput(source / name, PurePath(name)), ScrubResult(((Category.TAX, number),), 0, 0, 0.0, number))
        for name, number in (("a.png", 2), ("b.png", 3))
    )
    written = ScrubReport(FACTS, "netns", outcomes).as_json()
    assert (written["masks"], written["second_findings"]) == ({"tax": 5}, 5)


@pytest.mark.parametrize(("label", "level"), [("DSS-3", 3), ("DSS-4 Restricted", 4)])
def test_of_a_picture_classified_too_highly_nothing_is_written(source: Path, out: Path, label: str, level: int) -> None:
    assert _scrubbed_screen(label, source, out) == Dropped(level)
    assert list(out.iterdir()) == []


def test_a_picture_classified_below_the_limit_is_written_without_its_label(source: Path, out: Path) -> None:
    assert isinstance(_scrubbed_screen("DSS-2", source, out), ScrubResult)
    pixels = np.asarray(Image.open(out / "a.png"))
    assert not shows(pixels, classified_screen("DSS-2").words[1][0].box)


def classified_screen(label: str) -> Canvas:
    canvas = screen()
    canvas.words.clear()
    canvas.line("Settings", 20, 140)
    canvas.line(label, 300, 20)
    return canvas


def _scrubbed_screen(label: str, source: Path, out: Path) -> Scrubbed:
    canvas = classified_screen(label)
    canvas.image.save(source / "a.png")
    return scrub_file(source / "a.png", out / "a.png", stage=told_tools(*canvas.words))


def test_an_unread_picture_has_no_ink_left(source: Path, out: Path) -> None:
    screen().image.save(source / "a.png")
    scrub_file(source / "a.png", out / "a.png", stage=told_tools())
    pixels = np.asarray(Image.open(out / "a.png"))
    assert not any(shows(pixels, word.box) for line in screen().words for word in line)
