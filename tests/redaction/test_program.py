"""What pytesseract writes is seen by nobody else, lies in memory, and is gone after the call, however that ends."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from redaction.readers import ReaderMissing
from redaction.readers.base import Pixels
from redaction.readers.program import ProgramReader
from redaction.scratch import MEMORY
from tests.redaction.drawing import Canvas

COLUMNS = ("level", "page_num", "block_num", "par_num", "line_num", "word_num", "left", "top", "width", "height")
PROGRAM = """#!{python}
import json, os, sys, time
if "--version" in sys.argv:
    print("tesseract 5.3.0")
    sys.exit()
folder = os.path.dirname(sys.argv[2])
seen = {{"pid": os.getpid(), "arguments": sys.argv[1:], "folder": folder, "files": os.listdir(folder)}}
seen["mode"], seen["owner"] = os.stat(folder).st_mode, os.stat(folder).st_uid
with open({note!r} + ".part", "w") as note:
    json.dump(seen, note)
os.rename({note!r} + ".part", {note!r})
{rest}
"""
WRITES = """
with open(sys.argv[2] + ".tsv", "w") as table:
    table.write({header!r} + chr(10) + {rows!r})
"""


@pytest.fixture
def note(tmp_path: Path) -> Path:
    """Where the stand-in for the program says what it saw."""
    return tmp_path / "note.json"


def stand_in(folder: Path, note: Path, rest: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts a program of the name `tesseract` first on the path."""
    program = folder / "tesseract"
    program.write_text(PROGRAM.format(python=sys.executable, note=str(note), rest=rest))
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def table(*rows: tuple[int | str, ...]) -> str:
    lines = "".join("\t".join(str(cell) for cell in row) + "\n" for row in rows)
    return WRITES.format(header="\t".join((*COLUMNS, "conf", "text")), rows=lines)


def pixels() -> Pixels:
    canvas = Canvas()
    canvas.line("Anna Berg", 40, 30)
    return canvas.pixels


def seen(note: Path) -> dict[str, Any]:
    for _ in range(300):
        if note.exists():
            told: dict[str, Any] = json.loads(note.read_text())
            return told
        time.sleep(0.05)
    raise AssertionError("the program was not started")


def test_the_picture_lies_in_a_private_folder_in_memory(
    tmp_path: Path, note: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path, note, table(), monkeypatch)
    ProgramReader().read(pixels())
    told = seen(note)
    assert Path(told["folder"]).parent == MEMORY
    assert stat.S_IMODE(told["mode"]) == 0o700
    assert told["owner"] == os.geteuid()
    assert any(name.endswith(".PNG") for name in told["files"])


def test_nothing_is_left_after_a_call(tmp_path: Path, note: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(tmp_path, note, table(), monkeypatch)
    ProgramReader().read(pixels())
    assert not Path(seen(note)["folder"]).exists()


def test_nothing_is_left_after_a_call_that_fails(tmp_path: Path, note: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(tmp_path, note, "sys.exit('no such thing as Anna')", monkeypatch)
    with pytest.raises(ReaderMissing, match="tesseract failed") as failed:
        ProgramReader().read(pixels())
    assert not Path(seen(note)["folder"]).exists()
    assert "Anna" not in str(failed.value)


def test_no_text_and_no_pixel_stands_on_the_command_line(
    tmp_path: Path, note: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path, note, table(), monkeypatch)
    ProgramReader().read(pixels())
    told = seen(note)
    assert "Anna" not in " ".join(told["arguments"])
    assert [one.startswith(told["folder"]) for one in told["arguments"][:2]] == [True, True]


def test_what_a_killed_process_left_goes_with_the_next_call(
    tmp_path: Path, note: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path, note, "time.sleep(60)", monkeypatch)
    code = "from tests.redaction.test_program import *; ProgramReader().read(pixels())"
    with subprocess.Popen([sys.executable, "-c", code], cwd=Path(__file__).parents[2]) as killed:
        told = seen(note)
        killed.kill()
        killed.wait()
    os.kill(told["pid"], signal.SIGKILL)
    assert Path(told["folder"]).exists()
    note.unlink()
    stand_in(tmp_path, note, table(), monkeypatch)
    ProgramReader().read(pixels())
    assert not Path(told["folder"]).exists()


def test_words_are_taken_from_the_rows_of_words(tmp_path: Path, note: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = (4, 1, 1, 1, 1, 0, 80, 60, 90, 24, -1, ""), (5, 1, 1, 1, 1, 1, 80, 60, 90, 24, 96, '"42')
    stand_in(tmp_path, note, table(*rows), monkeypatch)
    ((word,),) = (line.words for line in ProgramReader().read(pixels()))
    assert (word.text, word.confidence) == ('"42', 0.96)
    assert (word.box.x, word.box.y, word.box.width, word.box.height) == (40, 30, 45, 12)


def test_without_the_program_it_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ReaderMissing, match="tesseract-ocr"):
        ProgramReader()


def test_without_a_place_in_memory_it_refuses(tmp_path: Path) -> None:
    with pytest.raises(ReaderMissing, match="in memory"):
        ProgramReader(memory=tmp_path / "absent")
