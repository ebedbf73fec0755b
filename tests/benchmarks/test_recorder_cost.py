"""No process of a tree escapes the meter: not children that have ended, nor those that lost their parent."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from benchmarks.recorder_cost import Meter, Spent, Usage, folder_size, usage

ROOT = Path(__file__).parents[2]
# Works for a tenth of a second of its own processor time.
WORK = "import time\nwhile time.process_time() < 0.1: pass\n"
WORKED = 0.1
ORPHAN = f"import os, subprocess, sys\nif os.fork() == 0:\n    subprocess.run([sys.executable, '-c', {WORK!r}])\n"
READY = "print('ready', flush=True); input()"


@contextmanager
def kept(told: Path, program: str) -> Iterator[subprocess.Popen[str]]:
    """A Python program below a keeper; it gets no more input when the block is left."""
    with subprocess.Popen(
        (sys.executable, "-m", "benchmarks.recorder_cost", str(told), sys.executable, "-c", program),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process


def total(told: Path) -> float:
    return float(json.loads(told.read_text(encoding="utf-8"))["cpu_seconds"])


@pytest.mark.parametrize("program", [WORK, f"import subprocess, sys; subprocess.run([sys.executable, '-c', {WORK!r}])"])
def test_the_work_of_a_program_and_of_its_child_is_counted(tmp_path: Path, program: str) -> None:
    with kept(tmp_path / "told", program):
        pass
    assert total(tmp_path / "told") >= WORKED


def test_the_work_of_a_process_that_lost_its_parent_is_counted(tmp_path: Path) -> None:
    with kept(tmp_path / "told", ORPHAN):
        pass
    assert total(tmp_path / "told") >= WORKED


def test_the_work_of_a_child_that_has_ended_is_counted_while_the_program_lives(tmp_path: Path) -> None:
    program = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {WORK!r}]); {READY}"
    with kept(tmp_path / "told", program) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert usage(process.pid).cpu_seconds >= WORKED
        process.communicate("\n")


def test_the_keeper_itself_is_not_counted(tmp_path: Path) -> None:
    with kept(tmp_path / "told", READY) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert usage(process.pid).processes == 1
        process.communicate("\n")


def test_memory_is_that_of_the_whole_tree(tmp_path: Path) -> None:
    large = f"block = bytes([1]) * 40_000_000; {READY}"
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {large!r}])"
    with kept(tmp_path / "told", child) as process:
        assert process.stdout is not None
        process.stdout.readline()
        seen = usage(process.pid)
        assert 40_000_000 < seen.pss <= seen.rss
        process.communicate("\n")


def test_a_program_that_fails_is_said_to(tmp_path: Path) -> None:
    with kept(tmp_path / "told", "raise SystemExit(3)") as process:
        pass
    assert process.returncode == 3


def test_what_was_spent_is_the_difference_of_two_moments() -> None:
    meter = Meter(os.getpid(), os.getpid())
    first = (Usage(at=10, cpu_seconds=1, wakeups=100, pss=0, rss=0, processes=1), 5.0)
    last = (Usage(at=20, cpu_seconds=1.5, wakeups=150, pss=0, rss=0, processes=1), 6.0)
    assert meter.between(first, last) == Spent(seconds=10, cpu=0.05, server_cpu=0.1, wakeups_an_hour=18_000)


def test_the_size_of_a_folder_is_that_of_all_files_below_it(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "a").write_bytes(bytes(10))
    (tmp_path / "in" / "b").write_bytes(bytes(5))
    assert folder_size(tmp_path) == 15
