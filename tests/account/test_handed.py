"""Only a regular file that is open for reading, and not too large, is taken as a segment."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from capture.queue import QueueFolder
from capture.segment import MAX_SEGMENT
from optin.handed import Handed, HandedQueue, handed_file
from tests.redaction.recording import Recording, ended, started
from tests.world import SESSION, opening, signing
from vault.errors import BadInput


def test_a_regular_file_that_is_open_for_reading_is_taken(tmp_path: Path) -> None:
    (tmp_path / "segment").write_bytes(b"sealed")
    with handed_file(os.open(tmp_path / "segment", os.O_RDONLY)) as file:
        assert file.read() == b"sealed"


@pytest.mark.parametrize("mode", [os.O_RDWR, os.O_WRONLY])
def test_a_file_that_could_be_written_is_refused_and_closed(tmp_path: Path, mode: int) -> None:
    descriptor = os.open(tmp_path / "segment", mode | os.O_CREAT)
    with pytest.raises(BadInput, match="open for reading only"):
        handed_file(descriptor)
    assert not Path(f"/proc/self/fd/{descriptor}").exists()


def test_a_pipe_is_refused() -> None:
    reading, writing = os.pipe()
    os.close(writing)
    with pytest.raises(BadInput, match="regular file"):
        handed_file(reading)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="regular file"):
        handed_file(os.open(tmp_path, os.O_RDONLY))


def test_a_file_that_is_larger_than_any_segment_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "segment").open("wb") as file:
        file.truncate(MAX_SEGMENT + 1)
    with pytest.raises(BadInput, match="not too large"):
        handed_file(os.open(tmp_path / "segment", os.O_RDONLY))


@pytest.fixture
def recording(tmp_path: Path) -> Recording:
    """A session of two segments."""
    made = Recording(QueueFolder(tmp_path / "queue"))
    made.sink.commit((started(),))
    made.now_ms += 60_000
    made.sink.commit((ended(),))
    made.sink.close()
    return made


@pytest.fixture
def handed(recording: Recording) -> Iterator[HandedQueue]:
    """The same session as open files, the last one first."""
    paths = [recording.folder.segment_path(part.head.segment) for part in reversed(recording.reader.session(SESSION))]
    keys = [recording.folder.key_path(path.stem).read_bytes() for path in paths]
    parts = (Handed(handed_file(os.open(path, os.O_RDONLY)), key) for path, key in zip(paths, keys, strict=True))
    with closing(HandedQueue(tuple(parts), (signing("device").public,))) as queue:
        yield queue


def test_a_session_of_open_files_is_that_of_the_queue(recording: Recording, handed: HandedQueue) -> None:
    parts, reader, key = handed.session(SESSION), recording.reader, opening("consent")
    assert parts == reader.session(SESSION)
    assert [[*handed.records(part, key)] for part in parts] == [[*reader.records(part, key)] for part in parts]


def test_files_of_another_session_are_refused(handed: HandedQueue) -> None:
    with pytest.raises(BadInput, match="another session"):
        handed.session("00" * 16)


def test_a_damaged_file_is_refused(recording: Recording, handed: HandedQueue) -> None:
    _damage(recording.folder.segments, at=20)
    with pytest.raises(BadInput, match=f"a segment of session {SESSION} is damaged"):
        handed.session(SESSION)


def test_a_file_that_changes_after_it_was_scanned_is_refused(recording: Recording, handed: HandedQueue) -> None:
    first, _ = handed.session(SESSION)
    _damage(recording.folder.segments, at=first.frames[0].at + 100)
    with pytest.raises(BadInput):
        tuple(handed.records(first, opening("consent")))


def _damage(folder: Path, *, at: int) -> None:
    """Flips a bit of every segment."""
    for path in folder.glob("*.seg"):
        data = bytearray(path.read_bytes())
        data[at] ^= 1
        path.write_bytes(data)
