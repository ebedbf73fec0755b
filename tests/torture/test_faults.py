"""The interposer sees what is called below its folder, changes only what it was told to, and leaves `os` as it was."""

from __future__ import annotations

import errno
import os
import signal
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from tests.faults import Call, Effect, Fault, Interposer, Mark, Operation
from tests.torture.powercut import Content, Folder, Moment, PowerCut, moments
from vault.files import replace_file


def written(path: Path, *pieces: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for piece in pieces:
        os.write(handle, piece)
    os.close(handle)


def test_calls_are_logged_with_name_offset_and_bytes_and_marks_stand_between(tmp_path: Path) -> None:
    with Interposer(tmp_path) as disk:
        written(tmp_path / "a", b"12", b"345")
        disk.mark("done")
        (tmp_path / "a").rename(tmp_path / "b")
    assert disk.log == [
        Operation(Call.OPEN, "a", 1, made=True),
        Operation(Call.WRITE, "a", 1, data=b"12"),
        Operation(Call.WRITE, "a", 1, offset=2, data=b"345"),
        Operation(Call.CLOSE, "a", 1),
        Mark("done"),
        Operation(Call.RENAME, "a", to="b"),
    ]


def test_calls_elsewhere_are_neither_logged_nor_refused(tmp_path: Path) -> None:
    (tmp_path / "watched").mkdir()
    with Interposer(tmp_path / "watched", Fault(Effect.FAIL, error=errno.EIO, lasting=True)) as disk:
        written(tmp_path / "elsewhere", b"12")
    assert (disk.log, (tmp_path / "elsewhere").read_bytes()) == ([], b"12")


def test_the_system_calls_are_given_back(tmp_path: Path) -> None:
    before = (os.open, os.write, os.rename)
    with Interposer(tmp_path):
        assert os.open is not before[0]
    assert (os.open, os.write, os.rename) == before


@pytest.mark.parametrize(("lasting", "expected"), [(False, b"13"), (True, b"1")])
def test_the_chosen_call_fails_once_or_from_then_on(tmp_path: Path, *, lasting: bool, expected: bytes) -> None:
    fault = Fault(Effect.FAIL, frozenset({Call.WRITE}), number=2, error=errno.ENOSPC, lasting=lasting)
    with Interposer(tmp_path, fault) as disk:
        handle = os.open(tmp_path / "a", os.O_WRONLY | os.O_CREAT, 0o600)
        for piece in (b"1", b"2", b"3"):
            with suppress(OSError):
                os.write(handle, piece)
        os.close(handle)
    assert ((tmp_path / "a").read_bytes(), disk.count) == (expected, 3)


def test_a_short_write_says_how_much_was_written(tmp_path: Path) -> None:
    with Interposer(tmp_path, Fault(Effect.SHORT, frozenset({Call.WRITE}))):
        handle = os.open(tmp_path / "a", os.O_WRONLY | os.O_CREAT, 0o600)
        assert os.write(handle, b"12345") == 3
        os.close(handle)
    assert (tmp_path / "a").read_bytes() == b"123"


@pytest.mark.parametrize(("effect", "left"), [(Effect.KILL, b"1234"), (Effect.KILL_HALFWAY, b"123456")])
def test_a_process_is_killed_before_the_call_or_halfway_through_it(tmp_path: Path, effect: Effect, left: bytes) -> None:
    child = os.fork()
    if child == 0:
        with Interposer(tmp_path, Fault(effect, frozenset({Call.WRITE}), number=2)):
            written(tmp_path / "a", b"1234", b"5678")
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    assert (tmp_path / "a").read_bytes() == left


def test_a_sync_that_is_skipped_is_not_in_the_log(tmp_path: Path) -> None:
    with Interposer(tmp_path, Fault(Effect.SKIP, frozenset({Call.FSYNC}), lasting=True)) as disk:
        replace_file(tmp_path / "a", b"1")
    calls = [step.call for step in disk.log if isinstance(step, Operation)]
    assert Call.FSYNC not in calls
    assert Call.SYNC_FOLDER in calls


def test_a_name_and_its_bytes_are_certain_after_their_own_syncs_only(tmp_path: Path) -> None:
    with Interposer(tmp_path) as disk:
        replace_file(tmp_path / "a", b"1")
    certain = [moment.is_certain for moment in moments(disk.log)]
    assert (certain[0], certain[-1]) == (True, True)
    assert not any(certain[1:-2])


def test_bytes_that_were_synced_survive_every_cut() -> None:
    content = Content(b"s" * 700, b"s" * 700 + b"n" * 3000)
    moment = Moment({1: content}, {0: Folder({"a": 1})}, {})
    found = {PowerCut(Random(seed)).tree(moment)["a"] for seed in range(200)}
    assert all(data is not None and data.startswith(b"s" * 700) for data in found)
    assert len(found) > 50
