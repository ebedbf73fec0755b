"""After a power cut a file that was written whole is whole or absent, under its old content or its new one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from tests.faults import SYNCS, Call, Effect, Fault, Interposer, Step
from tests.torture.conftest import Amount
from tests.torture.powercut import Tree, judge_states, moments, seen, tree_of
from vault.files import create_file, private_folder, remove_file, replace_file

FIRST, SECOND, MADE = (Random(number).randbytes(3_000) for number in range(3))
PLACE = "deep/folder"
QUICK = 2_000


def write_all(folder: Path, disk: Interposer) -> None:
    place = private_folder(folder / PLACE)
    replace_file(place / "replaced", FIRST)
    disk.mark("replaced is first")
    replace_file(place / "replaced", SECOND)
    disk.mark("replaced is second")
    create_file(place / "made", MADE)
    disk.mark("made is there")
    disk.mark("removing made")
    remove_file(place / "made")
    disk.mark("made is gone")


def log_of(folder: Path, fault: Fault | None = None) -> tuple[Step, ...]:
    with Interposer(folder, fault) as disk:
        write_all(folder, disk)
    return tuple(disk.log)


@dataclass(frozen=True, slots=True)
class FilesJudge:
    """Judges by content alone."""

    def judge(self, tree: Tree, marks: tuple[str, ...]) -> None:
        replaced, made = tree.get(f"{PLACE}/replaced"), tree.get(f"{PLACE}/made")
        assert replaced in {None, FIRST, SECOND}, "a replaced file is torn"
        assert made in {None, MADE}, "a created file is torn"
        if "replaced is first" in marks:
            assert replaced is not None, "a replaced file is lost"
        if "replaced is second" in marks:
            assert replaced == SECOND, "a replaced file is lost"
        if "made is there" in marks and "removing made" not in marks:
            assert made == MADE, "a created file is lost"
        if "made is gone" in marks:
            assert MADE not in tree.values(), "a removed file is there"


def test_the_log_holds_all_that_was_written(memory: Path) -> None:
    assert seen(moments(log_of(memory))[-1]) == tree_of(memory)


@pytest.mark.timeout(3600)
def test_files_are_whole_or_absent_and_stay_as_acknowledged(amount: Amount, seed: int, memory: Path) -> None:
    judge_states(log_of(memory), FilesJudge(), seed=seed, count=amount.of(5_000, 100_000), old=MADE)


@pytest.mark.parametrize("call", sorted(SYNCS - {Call.FDATASYNC}, key=str))
def test_without_one_kind_of_sync_files_are_found_torn_or_lost(seed: int, memory: Path, call: Call) -> None:
    log = log_of(memory, Fault(Effect.SKIP, frozenset({call}), lasting=True))
    with pytest.raises(AssertionError, match=r"torn|lost|there"):
        judge_states(log, FilesJudge(), seed=seed, count=QUICK, old=MADE)
