"""`optin scrub` on a folder of one's own files: names and sizes stay, planted words go, damage stops nothing else."""

from __future__ import annotations

import json
import os
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from consent.documents import DROP_LEVEL
from optin.cli import ReaderName, ScrubProfile
from optin.demo.programs import wait_until
from optin.demo.reading import Reader
from optin.scrubbing import FIRST, SECOND
from redaction.readers import READERS
from tests.cli.office import ORDINARY, Office, Ran

NAME: Final = "Thornhill"
NUMBER: Final = "219-09-9999"
PICTURES: Final = {"a.png": (640, 400), "b.jpg": (801, 303), "c.webp": (500, 500)}


@dataclass(frozen=True, slots=True)
class Scrubbed:
    """One run over a folder with every kind of file: two of them cannot be scrubbed, one is classified."""

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


def test_the_report_says_which_engines_with_which_models_looked_and_without_network(scrubbed: Scrubbed) -> None:
    found = json.loads(scrubbed.report.read_text(encoding="utf-8"))
    assert found["reader"].startswith("tesseract ")
    assert found["verifier"].startswith("rapidocr ")
    assert [len(digest) for digest in (found["lexicon"], *found["models"].values())] == [64] * 4
    assert found["isolation"] in {"netns", "seccomp"}


def test_of_a_classified_picture_nothing_is_written_and_it_is_listed(scrubbed: Scrubbed) -> None:
    found = json.loads(scrubbed.report.read_text(encoding="utf-8"))
    assert found["dropped"] == [{"name": "drop.png", "level": 4}]
    assert "drop.png shows a classification of level 4: nothing of it was written" in scrubbed.ran.out


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


def test_how_many_processes_work_changes_nothing(office: Office, tmp_path: Path, scrubbed: Scrubbed) -> None:
    ran = _scrub(office, scrubbed.source, tmp_path / "out", "--report", str(tmp_path / "r.json"), "--jobs", "1")
    assert ran.code == scrubbed.ran.code
    assert (tmp_path / "r.json").read_bytes() == scrubbed.report.read_bytes()
    assert _contents(tmp_path / "out") == _contents(scrubbed.out)


def test_one_file_is_scrubbed_as_it_is_among_others(office: Office, tmp_path: Path, scrubbed: Scrubbed) -> None:
    _scrub(office, scrubbed.source / "a.png", tmp_path / "out")
    assert (tmp_path / "out" / "a.png").read_bytes() == (scrubbed.out / "a.png").read_bytes()


@pytest.mark.parametrize("name", ["a.png", "c.webp"])
def test_scrubbing_what_was_scrubbed_changes_no_pixel(
    office: Office, tmp_path: Path, scrubbed: Scrubbed, name: str
) -> None:
    _scrub(office, scrubbed.out / name, tmp_path / "again")
    with Image.open(scrubbed.out / name) as once, Image.open(tmp_path / "again" / name) as twice:
        assert once.tobytes() == twice.tobytes()


@pytest.mark.parametrize(("first", "second"), [("rapidocr", "tesseract"), ("pytesseract", "rapidocr")])
def test_the_engine_that_is_named_reads_and_one_of_another_make_verifies(
    office: Office, tmp_path: Path, first: str, second: str
) -> None:
    _picture((640, 400)).save(tmp_path / "a.png")
    _scrub(office, tmp_path / "a.png", tmp_path / "out", "--reader", first, "--report", str(tmp_path / "r.json"))
    found = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert found["reader"].startswith(f"{first} ")
    assert found["verifier"].startswith(f"{second} ")
    assert len(found["models"]) == 3
    assert NAME not in _read(tmp_path / "out" / "a.png")


def test_without_verification_the_report_names_no_second_engine(office: Office, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Settings\n", encoding="utf-8")
    _scrub(office, tmp_path / "a.txt", tmp_path / "out", "--no-verify", "--report", str(tmp_path / "r.json"))
    found = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert found["verifier"] is None
    assert len(found["models"]) == 1


@pytest.mark.parametrize(
    ("option", "value"), [("--profile", "loose"), ("--reader", "eyes"), ("--drop-level", "5"), ("--jobs", "0")]
)
def test_what_an_option_does_not_offer_is_wrong_usage(office: Office, tmp_path: Path, option: str, value: str) -> None:
    (tmp_path / "a.txt").write_text("Settings\n", encoding="utf-8")
    ran = _scrub(office, tmp_path / "a.txt", tmp_path / "out", option, value)
    assert ran.code == 2
    assert option in ran.err
    assert not (tmp_path / "out").exists()


def test_the_profiles_that_there_are_can_be_read_in_the_error(office: Office, tmp_path: Path) -> None:
    said = _scrub(office, tmp_path, tmp_path / "out", "--profile", "loose").err
    assert all(f"'{name}'" in said for name in FIRST)


def test_the_command_line_offers_the_profiles_that_there_are() -> None:
    assert {profile.value for profile in ScrubProfile} == set(FIRST)
    assert set(FIRST.values()) <= set(READERS)


def test_the_command_line_offers_the_readers_that_there_are() -> None:
    assert tuple(name.value for name in ReaderName) == READERS
    assert set(SECOND) >= set(READERS)
    assert all(first != second for first, second in SECOND.items())


@pytest.fixture(scope="module")
def balanced(tmp_path_factory: pytest.TempPathFactory, office: Office) -> Scrubbed:
    """A text and a picture in the balanced profile."""
    folder = tmp_path_factory.mktemp("balanced")
    source, out, report = folder / "mine", folder / "out", folder / "report.json"
    source.mkdir()
    (source / "a.txt").write_text(f"The queue is empty again.\nMargaret {NAME}, {NUMBER}\n", encoding="utf-8")
    _picture((640, 400), "The queue is empty again.").save(source / "a.png")
    ran = _scrub(office, source, out, "--report", str(report), "--profile", "balanced", "--jobs", "1")
    return Scrubbed(ran, source, out, report)


def test_the_balanced_profile_keeps_a_text_but_for_what_was_found(balanced: Scrubbed) -> None:
    assert (balanced.out / "a.txt").read_text(encoding="utf-8") == "The queue is empty again.\n<PERSON_1>, <TAX>\n"


def test_the_balanced_profile_keeps_writing_of_a_picture_but_for_what_was_found(balanced: Scrubbed) -> None:
    after = _read(balanced.out / "a.png")
    assert "queue is empty" in after
    assert NAME not in after
    assert not any(part in after for part in NUMBER.split("-"))


def test_the_balanced_profile_says_that_nothing_of_it_can_be_exported(balanced: Scrubbed) -> None:
    found = json.loads(balanced.report.read_text(encoding="utf-8"))
    assert (found["profile"], found["exportable"]) == ("balanced", False)
    assert any(name.endswith("model.onnx") for name in found["models"])
    assert "Nothing of it can be exported" in balanced.ran.out


def test_the_usual_limit_of_a_level_is_the_one_of_policies(scrubbed: Scrubbed) -> None:
    assert json.loads(scrubbed.report.read_text(encoding="utf-8"))["drop_level"] == DROP_LEVEL


def test_raw_pixels_are_written_to_no_file_whatever(office: Office, tmp_path: Path) -> None:
    """No file may grow beyond 64 KiB. The picture is noise, which is larger in any form; masked, it is small."""
    noise = np.random.default_rng(1).integers(0, 256, (300, 400, 3), np.uint8)
    Image.fromarray(noise).save(tmp_path / "a.png")
    assert (tmp_path / "a.png").stat().st_size > 300_000
    under = ("prlimit", f"--fsize={1 << 16}")
    ran = office.run("scrub", str(tmp_path / "a.png"), "--out", str(tmp_path / "out"), passphrase=None, under=under)
    assert ran.code == 0, ran.err
    assert (tmp_path / "out" / "a.png").stat().st_size < 1 << 16


def test_temporary_files_are_not_needed(office: Office, tmp_path: Path) -> None:
    _picture((640, 400)).save(tmp_path / "a.png")
    shut = Office(tmp_path / "shut", office.environment)
    shut.tmp.mkdir(parents=True, mode=0o500)
    ran = shut.run("scrub", str(tmp_path / "a.png"), "--out", str(tmp_path / "out"), passphrase=None, under=ORDINARY)
    assert ran.code == 0, ran.err
    assert list(shut.tmp.iterdir()) == []


def test_ctrl_c_ends_all_processes_and_leaves_no_part_of_an_output(office: Office, tmp_path: Path) -> None:
    with office.start("scrub", str(_slow(tmp_path / "in")), "--out", str(tmp_path / "out"), passphrase=None) as process:
        children = wait_until(lambda: _at_work(process.pid, tmp_path / "out"), what="The run", seconds=60)
        for pid in (process.pid, *children):
            os.kill(pid, signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (130, "optin: stopped\n")
    assert list((tmp_path / "out").iterdir()) == []
    assert wait_until(lambda: not _running(children) or None, what="The end of all processes")


def test_when_a_run_is_killed_its_processes_end_too_and_leave_nothing(office: Office, tmp_path: Path) -> None:
    with office.start("scrub", str(_slow(tmp_path / "in")), "--out", str(tmp_path / "out"), passphrase=None) as process:
        children = wait_until(lambda: _at_work(process.pid, tmp_path / "out"), what="The run", seconds=60)
        process.kill()
        process.communicate(timeout=30)
    assert wait_until(lambda: not _running(children) or None, what="The end of all processes")
    assert list((tmp_path / "out").iterdir()) == []


def _slow(folder: Path) -> Path:
    """Two pictures with so much writing, none of it twice, that they are not done for a while."""
    folder.mkdir()
    for name in ("a.png", "b.png"):
        image, numbers = Image.new("RGB", (1600, 1200), "white"), np.random.default_rng(len(name))
        draw, font = ImageDraw.Draw(image), ImageFont.load_default(size=13)
        for y in range(0, 1180, 18):
            for x in range(0, 1500, 90):
                draw.text((x, y), f"{numbers.integers(1 << 40):x}"[:10], "black", font)
        image.save(folder / name)
    return folder


def _at_work(parent: int, out: Path) -> tuple[int, ...] | None:
    """The processes of a run, when all of them have a file to work on."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return tuple(int(pid) for pid in children) if out.is_dir() and len(children) >= 3 else None


def _running(pids: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(pid for pid in pids if Path(f"/proc/{pid}/stat").exists())


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _scrub(office: Office, source: Path, out: Path, *more: str) -> Ran:
    return office.run("scrub", str(source), "--out", str(out), *more, passphrase=None)


def _fill(folder: Path) -> None:
    (folder / "sub").mkdir(parents=True)
    for name, size in PICTURES.items():
        _picture(size).save(folder / name, quality=95)
    (folder / "damaged.png").write_bytes((folder / "a.png").read_bytes()[:700])
    (folder / "book.pdf").write_bytes(b"%PDF-1.7")
    _picture((640, 400), "DSS-4 Restricted").save(folder / "drop.png")
    (folder / "notes.txt").write_text(f"Settings\n{NAME} {NUMBER}\n", encoding="utf-8")
    (folder / "sub" / "rows.jsonl").write_text(
        json.dumps({"title": "Settings", "name": f"{NAME} {NUMBER}"}), encoding="utf-8"
    )


def _picture(size: tuple[int, int], last: str = NUMBER) -> Image.Image:
    image = Image.new("RGB", size, "white")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(size=28)
    for row, text in enumerate(("Settings", f"Margaret {NAME}", last)):
        draw.text((30, 30 + 70 * row), text, "black", font)
    return image


def _read(path: Path) -> str:
    """What can be read in a picture."""
    reader = Reader()
    try:
        return "\n".join(reader.read(np.asarray(Image.open(path).convert("RGB"))))
    finally:
        reader.close()
