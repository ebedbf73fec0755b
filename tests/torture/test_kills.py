"""A writer that is killed at any instant loses nothing that it acknowledged.

The queue lies in memory: what is killed is a process, so the page cache stays, on a disk as well. What a power cut
takes away is tried by `test_power_cut_queue.py`.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults import EVERY, Call, Effect, Fault, Interposer
from tests.torture.conftest import Amount
from tests.torture.writing import SMALL, event, open_session, read_session, record
from vault.files import create_file, remove_file, replace_file

ROOT = Path(__file__).parents[2]


@pytest.mark.timeout(3600)
def test_a_thousand_kills_lose_nothing(amount: Amount, seed: int, memory: Path) -> None:
    parts = [_start(memory / f"part-{part}", seed + part, amount) for part in range(amount.processes)]
    ended = [process.communicate() for process in parts]
    assert [process.returncode for process in parts] == [0] * len(parts), [error for _, error in ended]
    counts = [json.loads(out) for out, _ in ended]
    assert sum(part["kills"] for part in counts) == amount.of(1_000, 20_000)
    assert sum(part["acknowledged"] for part in counts) > amount.of(1_000, 20_000)


def _start(folder: Path, seed: int, amount: Amount) -> subprocess.Popen[str]:
    folder.mkdir(mode=0o700)
    count = amount.of(1_000, 20_000) // amount.processes
    command = (sys.executable, "-m", "tests.torture.killing", str(seed), str(count), str(folder))
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


RECORDS = 5


@pytest.mark.parametrize(
    ("effect", "calls"),
    [(Effect.KILL, EVERY), (Effect.KILL_HALFWAY, frozenset({Call.WRITE}))],
    ids=["before", "halfway"],
)
def test_a_kill_at_each_system_call_loses_nothing(memory: Path, effect: Effect, calls: frozenset[Call]) -> None:
    number, is_killed = 1, True
    while is_killed:
        folder = memory / str(number)
        folder.mkdir(mode=0o700)
        acknowledged, is_killed = _write_until(folder, Fault(effect, calls, number=number))
        sink = open_session(folder / "queue", "next", random=secrets.token_bytes)
        sink.commit((event(0, SMALL),))
        sink.close()
        found = read_session(folder / "queue", "one")
        assert acknowledged <= len(found) <= acknowledged + 1
        assert found == [record(at, SMALL) for at in range(len(found))]
        assert read_session(folder / "queue", "next") == [record(0, SMALL)]
        number += 1
    assert number > 2 * RECORDS


def _write_until(folder: Path, fault: Fault) -> tuple[int, bool]:
    """How many records a child acknowledged, and whether it was killed before it was done."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        with Interposer(folder, fault):
            sink = open_session(folder / "queue", "one", random=secrets.token_bytes)
            for number in range(RECORDS):
                sink.commit((event(number, SMALL),))
                os.write(writing, b"a")
            sink.close()
        os._exit(0)
    os.close(writing)
    _, status = os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as pipe:
        return len(pipe.read()), os.WIFSIGNALED(status)


@pytest.mark.parametrize("write", [create_file, replace_file])
def test_removing_a_file_removes_what_kills_left_of_writing_it(
    memory: Path, write: Callable[[Path, bytes], None]
) -> None:
    for number in range(1, 12):
        child = os.fork()
        if child == 0:
            with Interposer(memory, Fault(Effect.KILL, number=number)):
                write(memory / "key", b"a wrapped key")
            os._exit(0)
        os.waitpid(child, 0)
        remove_file(memory / "key")
        assert not list(memory.iterdir())
