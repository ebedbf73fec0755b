"""After a power cut at any moment, whatever the disk kept: what the queue acknowledged is there, and nothing else is.

The log of real runs (two sessions, the first cut off, then forgotten) is cut at every operation; see `powercut.py`.
"""

from __future__ import annotations

import io
import multiprocessing
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random

import pytest

from capture.opening import SegmentOpener
from capture.queue import QueueFolder, shred_session
from capture.segment import Broken, scan_segment
from tests.faults import SYNCS, Call, Effect, Fault, Interposer, Step
from tests.torture.conftest import Amount
from tests.torture.powercut import Laid, Tree, continued, judge_states, moments, seen, tree_of, written_data
from tests.torture.writing import CONSENT, DEVICE, SMALL, event, open_session, read_session, record
from vault.errors import OptinError

FIRST, SECOND, NEXT = "aa" * 16, "bb" * 16, "cc" * 16
SIZES = (SMALL, SMALL, 40_000, SMALL, 5_000, SMALL, SMALL)
EXPECTED = tuple(record(number, size) for number, size in enumerate(SIZES))
QUICK = 2_000
"""So many states are enough to find a writer that is wrong."""
STATES_AFTER_A_KILL = 60
REAL_START_EVERY = 100
"""One state of so many is laid on a disk, and a recorder is started on it."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a run had said when the power went."""

    acknowledged: dict[str, int]
    forgotten: frozenset[str]
    forgetting: frozenset[str]


@cache
def told(marks: tuple[str, ...]) -> Told:
    words = [mark.split() for mark in marks]
    return Told(
        {session: sum(word == ["acknowledged", session] for word in words) for session in (FIRST, SECOND)},
        frozenset(word[1] for word in words if word[0] == "forgotten"),
        frozenset(word[1] for word in words if word[0] == "forgetting"),
    )


def write_all(folder: Path, disk: Interposer) -> None:
    """The first session is cut off, the second ends well, then the first is forgotten."""
    for session in (FIRST, SECOND):
        sink = open_session(folder, session, random=Random(f"{folder.parent.name} {session}").randbytes)
        for number, size in enumerate(SIZES):
            sink.commit((event(number, size),))
            disk.mark(f"acknowledged {session}")
        sink._queue.close() if session == FIRST else sink.close()
    disk.mark(f"forgetting {FIRST}")
    shred_session(QueueFolder(folder), FIRST)
    disk.mark(f"forgotten {FIRST}")


def write_early(folder: Path, disk: Interposer) -> None:
    """A writer that acknowledges before it has written."""
    sink = open_session(folder, FIRST, random=Random(f"{folder.parent.name} {FIRST}").randbytes)
    for number, size in enumerate(SIZES):
        disk.mark(f"acknowledged {FIRST}")
        sink.commit((event(number, size),))


def log_of(
    folder: Path, fault: Fault | None = None, *, write: Callable[[Path, Interposer], None] = write_all
) -> tuple[Step, ...]:
    with Interposer(folder, fault) as disk:
        write(folder / "queue", disk)
    return tuple(disk.log)


@dataclass(slots=True)
class QueueJudge:
    """Looks at one state after another; what a file holds is judged once."""

    disk: Laid
    known: dict[tuple[bytes, bytes | None], tuple[str, int, list[bytes]]] = field(default_factory=dict)
    judged: int = 0

    def judge(self, tree: Tree, marks: tuple[str, ...]) -> None:
        promised = told(marks)
        found: dict[str, list[tuple[int, list[bytes]]]] = {}
        for path, data in tree.items():
            if path.endswith(".seg") and data is not None:
                session, index, records = self._segment(data, tree.get(path.replace("segments", "keys")[:-3] + "key"))
                found.setdefault(session, []).append((index, records))
        for session in (FIRST, SECOND):
            parts = found.get(session, [])
            records = [record for _, part in sorted(parts, key=lambda part: part[0]) for record in part]
            if session in promised.forgotten:
                assert not records, "what was forgotten can be read"
            elif session not in promised.forgetting:
                assert len(records) >= promised.acknowledged[session], "an acknowledged record is lost"
                assert tuple(records) == EXPECTED[: len(records)], "a record is read that was not written so"
        self.judged += 1
        if self.judged % REAL_START_EVERY == 0:
            self._start(tree, promised)

    def _segment(self, data: bytes, key: bytes | None) -> tuple[str, int, list[bytes]]:
        if (data, key) not in self.known:
            scanned = scan_segment(io.BytesIO(data), (DEVICE.public,))
            assert not isinstance(scanned, Broken), f"a power cut made a segment Broken: {scanned.reason}"
            opener = None if key is None else SegmentOpener(scanned, key, CONSENT)
            records = [] if opener is None else list(opener.records(io.BytesIO(data)))
            self.known[data, key] = (scanned.head.session, scanned.head.index, records)
            if len(self.known) > 2000:
                self.known.pop(next(iter(self.known)))
        return self.known[data, key]

    def _start(self, tree: Tree, promised: Told) -> None:
        """The next recorder on this disk, and the reader after it."""
        self.disk.lay(tree)
        queue = self.disk.folder / "queue"
        sink = open_session(queue, NEXT, random=Random(self.judged).randbytes)
        sink.commit((event(0, SMALL),))
        sink.close()
        assert read_session(queue, NEXT) == [record(0, SMALL)]
        for session in {FIRST, SECOND} - promised.forgetting:
            assert len(read_session(queue, session)) >= promised.acknowledged[session]
        self.disk.look()


def judge_part(log: tuple[Step, ...], old: bytes, seed: int, count: int, folder: Path) -> int:
    folder.mkdir(mode=0o700)
    different = judge_states(log, QueueJudge(Laid(folder)), seed=seed, count=count, old=old)
    shutil.rmtree(folder)
    return different


def judge_all(log: tuple[Step, ...], amount: Amount, *, seed: int, count: int, memory: Path) -> int:
    """How many different states were judged, on as many cores as the amount allows."""
    (memory / "older").mkdir(mode=0o700)
    old = written_data(log_of(memory / "older"))
    parts = [
        (log, old, seed + part, count // amount.processes, memory / f"part-{part}") for part in range(amount.processes)
    ]
    if len(parts) == 1:
        return judge_part(*parts[0])
    with multiprocessing.get_context("fork").Pool(amount.processes) as pool:
        return sum(pool.starmap(judge_part, parts))


def test_the_log_holds_all_that_was_written(memory: Path) -> None:
    (memory / "run").mkdir(mode=0o700)
    assert seen(moments(log_of(memory / "run"))[-1]) == tree_of(memory / "run")


@pytest.mark.timeout(3600)
def test_nothing_acknowledged_is_lost_and_nothing_else_is_read(amount: Amount, seed: int, memory: Path) -> None:
    (memory / "run").mkdir(mode=0o700)
    count = amount.of(30_000, 700_000)
    different = judge_all(log_of(memory / "run"), amount, seed=seed, count=count, memory=memory)
    assert different > count // 3


def test_a_writer_that_acknowledges_before_it_syncs_is_found(amount: Amount, seed: int, memory: Path) -> None:
    (memory / "run").mkdir(mode=0o700)
    with pytest.raises(AssertionError, match="lost"):
        judge_all(log_of(memory / "run", write=write_early), amount, seed=seed, count=QUICK, memory=memory)


@pytest.mark.parametrize("call", sorted(SYNCS - {Call.FSYNC}, key=str))
def test_a_writer_without_one_kind_of_sync_is_found(amount: Amount, seed: int, memory: Path, call: Call) -> None:
    (memory / "run").mkdir(mode=0o700)
    log = log_of(memory / "run", Fault(Effect.SKIP, frozenset({call}), lasting=True))
    with pytest.raises((AssertionError, OptinError)):
        judge_all(log, amount, seed=seed, count=QUICK, memory=memory)


def second_log(folder: Path, tree: Tree) -> list[Step]:
    """What a second recorder does on a disk that a killed one left."""
    Laid(folder).lay(tree)
    with Interposer(folder) as disk:
        sink = open_session(folder / "queue", SECOND, random=Random(SECOND).randbytes)
        for number in range(2):
            sink.commit((event(number, SIZES[number]),))
            disk.mark(f"acknowledged {SECOND}")
        sink.close()
    return disk.log


def test_what_a_killed_recorder_left_unsynced_takes_nothing_from_the_next(seed: int, memory: Path) -> None:
    for name in ("run", "judged"):
        (memory / name).mkdir(mode=0o700)
    log, judge = log_of(memory / "run", write=write_two), QueueJudge(Laid(memory / "judged"))
    for end in range(len(log)):
        second = memory / f"second-{end}"
        second.mkdir(mode=0o700)
        both = continued(log[:end], second_log(second, seen(moments(log[:end])[-1])))
        shutil.rmtree(second)
        judge_states(both, judge, seed=seed + end, count=STATES_AFTER_A_KILL, old=b"", since=end)


def write_two(folder: Path, disk: Interposer) -> None:
    """Two records and the end, so that a session can be killed at each step of its life."""
    sink = open_session(folder, FIRST, random=Random(FIRST).randbytes)
    for number in range(2):
        sink.commit((event(number, SIZES[number]),))
        disk.mark(f"acknowledged {FIRST}")
    sink.close()
