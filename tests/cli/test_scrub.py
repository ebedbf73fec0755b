"""`optin scrub` on a folder of one's own files: names and sizes stay, planted words go, damage stops nothing else."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from optin.demo.reading import Reader
from tests.cli.office import Office, Ran

NAME: Final = "Thornhill"
NUMBER: Final = "219-09-9999"
PICTURES: Final = {"a.png": (640, 400), "b.jpg": (801, 303), "c.webp": (500, 500)}


@dataclass(frozen=True, slots=True)
class Scrubbed:
    """One run over a folder with every kind of file, two of which cannot be scrubbed."""

    ran: Ran
    source: Path
    out: Path
    report: Path


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, plain: dict[str, str]) -> Office:
    return Office(tmp_path_factory.mktemp("nowhere"), plain)


@pytest.fixture(scope="module")
def scrubbed(tmp_path_factory: pytest.TempPathFactory, office: Office) -> Scrubbed:
    folder = tmp_path_factory.mktemp("scrub")
    source, out, report = folder / "mine", folder / "out", folder / "report.json"
    _fill(source)
    ran = _scrub(office, source, out, "--report", str(report))
    return Scrubbed(ran, source, out, report)


def test_a_damaged_file_is_named_and_the_exit_code_says_so(scrubbed: Scrubbed) -> None:
    assert scrubbed.ran.code == 4
    assert "damaged.png" in scrubbed.ran.err


def test_a_file_of_unknown_kind_in_a_folder_is_named_and_not_passed_over(scrubbed: Scrubbed) -> None:
    assert "book.pdf" in scrubbed.ran.err


def test_all_others_are_written_under_the_same_names(scrubbed: Scrubbed) -> None:
    written = sorted(path.relative_to(scrubbed.out).as_posix() for path in scrubbed.out.rglob("*") if path.is_file())
    assert written == [*sorted(PICTURES), "notes.txt", "sub/rows.jsonl"]


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_keeps_its_size(scrubbed: Scrubbed, name: str) -> None:
    with Image.open(scrubbed.out / name) as image:
        assert image.size == PICTURES[name]


@pytest.mark.parametrize("name", PICTURES)
def test_planted_words_can_be_read_before_and_not_after(scrubbed: Scrubbed, name: str) -> None:
    assert {word for word in (NAME, NUMBER) if word in _read(scrubbed.source / name)} == {NAME, NUMBER}
    after = _read(scrubbed.out / name)
    assert NAME not in after
    assert not any(part in after for part in NUMBER.split("-"))


@pytest.mark.parametrize("name", ["notes.txt", "sub/rows.jsonl"])
def test_planted_words_are_gone_from_texts_and_interface_words_stay(scrubbed: Scrubbed, name: str) -> None:
    text = (scrubbed.out / name).read_text(encoding="utf-8")
    assert NAME not in text
    assert NUMBER not in text
    assert "Settings" in text


def test_the_report_counts_each_file_and_holds_no_text(scrubbed: Scrubbed) -> None:
    text = scrubbed.report.read_text(encoding="utf-8")
    found = json.loads(text)
    assert [entry["name"] for entry in found["files"]] == [*sorted(PICTURES), "notes.txt", "sub/rows.jsonl"]
    assert all(sum(entry["masks"].values()) > 0 for entry in found["files"])
    assert [entry["name"] for entry in found["not_examined"]] == ["book.pdf", "damaged.png"]
    assert not any(word in text for word in (NAME, NUMBER, "Settings", str(scrubbed.source)))


def test_nothing_that_is_printed_holds_a_planted_word(scrubbed: Scrubbed) -> None:
    printed = scrubbed.ran.out + scrubbed.ran.err
    assert NAME not in printed
    assert NUMBER not in printed


def test_results_are_for_their_owner_only(scrubbed: Scrubbed) -> None:
    assert {path.stat().st_mode & 0o777 for path in scrubbed.out.rglob("*")} == {0o700, 0o600}


def test_a_second_run_into_the_same_folder_overwrites_nothing(office: Office, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"Settings\n{NAME}\n", encoding="utf-8")
    assert _scrub(office, tmp_path / "a.txt", tmp_path / "out").code == 0
    (tmp_path / "a.txt").write_text("Save\n", encoding="utf-8")
    ran = _scrub(office, tmp_path / "a.txt", tmp_path / "out")
    assert ran.code == 4
    assert "a.txt is there already" in ran.err
    assert (tmp_path / "out" / "a.txt").read_text(encoding="utf-8") == "Settings\n<TEXT>\n"


def test_a_report_that_is_there_is_not_overwritten(office: Office, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Settings\n", encoding="utf-8")
    (tmp_path / "report.json").write_text("mine", encoding="utf-8")
    ran = _scrub(office, tmp_path / "a.txt", tmp_path / "out", "--report", str(tmp_path / "report.json"))
    assert ran.code == 4
    assert (tmp_path / "report.json").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("name", ["missing.png", "book.pdf"])
def test_a_path_that_is_missing_or_of_unknown_kind_is_bad_input(office: Office, tmp_path: Path, name: str) -> None:
    (tmp_path / "book.pdf").write_bytes(b"%PDF-1.7")
    ran = _scrub(office, tmp_path / name, tmp_path / "out")
    assert ran.code == 4
    assert name in ran.err
    assert [path for path in (tmp_path / "out").rglob("*") if path.is_file()] == []


def _scrub(office: Office, source: Path, out: Path, *more: str) -> Ran:
    return office.run("scrub", str(source), "--out", str(out), *more, passphrase=None)


def _fill(folder: Path) -> None:
    (folder / "sub").mkdir(parents=True)
    for name, size in PICTURES.items():
        _picture(size).save(folder / name, quality=95)
    (folder / "damaged.png").write_bytes((folder / "a.png").read_bytes()[:700])
    (folder / "book.pdf").write_bytes(b"%PDF-1.7")
    (folder / "notes.txt").write_text(f"Settings\n{NAME} {NUMBER}\n", encoding="utf-8")
    (folder / "sub" / "rows.jsonl").write_text(
        json.dumps({"title": "Settings", "name": f"{NAME} {NUMBER}"}), encoding="utf-8"
    )


def _picture(size: tuple[int, int]) -> Image.Image:
    image = Image.new("RGB", size, "white")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(size=28)
    for row, text in enumerate(("Settings", f"Margaret {NAME}", NUMBER)):
        draw.text((30, 30 + 70 * row), text, "black", font)
    return image


def _read(path: Path) -> str:
    """What can be read in a picture."""
    reader = Reader()
    try:
        return "\n".join(reader.read(np.asarray(Image.open(path).convert("RGB"))))
    finally:
        reader.close()
