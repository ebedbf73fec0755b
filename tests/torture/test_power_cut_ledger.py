"""After a power cut the ledger holds every entry and note that was acknowledged, once, and goes on."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest

from tests.faults import SYNCS, Call, Effect, Fault, Interposer, Operation, Step
from tests.torture.conftest import Amount
from tests.torture.powercut import Laid, Tree, continued, judge_states, moments, seen, tree_of, written_data
from vault.errors import OptinError
from vault.keys import SigningKey
from vault.ledger import Ledger, LedgerEvent

FIRST, NEXT = SigningKey.generate(), SigningKey.generate()
HAPPENED = (
    (LedgerEvent.OPT_IN, "grant"),
    (LedgerEvent.START, "session"),
    (LedgerEvent.STOP, "session"),
    (LedgerEvent.SHRED, "grant"),
    (LedgerEvent.START, "other"),
    (LedgerEvent.KEY, "device"),
    (LedgerEvent.REFUSED, "bundle"),
    (LedgerEvent.VIEW, "bundle"),
)
"""What the run enters and notes, in this order."""
SUBJECTS = ("grant", "session", "other", "device", "bundle", "second", "after")
SECOND = (LedgerEvent.VIEW, "second")
"""What a second process enters."""
QUICK = 2_000
STATES_AFTER_A_KILL = 40


def ledger_in(folder: Path) -> Ledger:
    moment = count(1000)
    return Ledger(folder / "ledger", lambda: next(moment))


def write_all(folder: Path, disk: Interposer) -> None:
    """Entries, notes between them, and a new device key."""
    ledger, key = ledger_in(folder), FIRST
    for number, (event, subject) in enumerate(HAPPENED):
        if event is LedgerEvent.KEY:
            ledger.enter(event, subject, key, next_key=NEXT.public)
            key = NEXT
        elif event in {LedgerEvent.STOP, LedgerEvent.SHRED, LedgerEvent.REFUSED}:
            ledger.note(event, subject)
        else:
            ledger.enter(event, subject, key)
        disk.mark(f"acknowledged {number}")


def log_of(folder: Path, fault: Fault | None = None) -> tuple[Step, ...]:
    with Interposer(folder, fault) as disk:
        write_all(folder, disk)
    return tuple(disk.log)


@dataclass(slots=True)
class LedgerJudge:
    """Lays each state on a disk, enters one more event and verifies all."""

    disk: Laid
    torn: int = field(default=0)

    def judge(self, tree: Tree, marks: tuple[str, ...]) -> None:
        self.disk.lay(tree)
        ledger = ledger_in(self.disk.folder)
        ledger.enter(LedgerEvent.VIEW, "after", writer_of(ledger))
        verified = ledger.verify(FIRST.public)
        self.disk.look()
        found = [
            (entry.event, next((name for name in SUBJECTS if ledger.concerns(entry, name)), "of nobody"))
            for entry in verified.entries
            if entry.event is not LedgerEvent.RECOVERED
        ]
        self.torn += len(found) < len(verified.entries)
        assert not verified.waiting, "a note was not taken up"
        assert found.pop() == (LedgerEvent.VIEW, "after")
        if "acknowledged second" in marks:
            assert found.pop() == SECOND, "an acknowledged entry is lost"
        elif found and found[-1] == SECOND:
            found.pop()
        assert len(found) >= len([mark for mark in marks if mark != "acknowledged second"]), "an entry is lost"
        assert found == list(HAPPENED[: len(found)]), "an entry is there that was not made so"


def writer_of(ledger: Ledger) -> SigningKey:
    """The device key that signs now, as a command finds it."""
    return NEXT if ledger.device_keys(FIRST.public)[-1].raw == NEXT.public.raw else FIRST


def test_the_log_holds_all_that_was_written(memory: Path) -> None:
    assert seen(moments(log_of(memory))[-1]) == tree_of(memory)


@pytest.mark.timeout(3600)
def test_no_entry_and_no_note_is_lost_or_doubled(amount: Amount, seed: int, memory: Path) -> None:
    for name in ("run", "cut"):
        (memory / name).mkdir(mode=0o700)
    log = log_of(memory / "run")
    old = written_data([step for step in log if isinstance(step, Operation) and step.name != "ledger/entries"])
    judge = LedgerJudge(Laid(memory / "cut"))
    judge_states(log, judge, seed=seed, count=amount.of(10_000, 150_000), old=old)
    assert judge.torn > 10, "no power cut tore a line, so nothing was tried"


@pytest.mark.parametrize("call", sorted(SYNCS - {Call.FDATASYNC}, key=str))
def test_a_ledger_without_one_kind_of_sync_is_found(seed: int, memory: Path, call: Call) -> None:
    for name in ("run", "cut"):
        (memory / name).mkdir(mode=0o700)
    log = log_of(memory / "run", Fault(Effect.SKIP, frozenset({call}), lasting=True))
    with pytest.raises((AssertionError, OptinError)):
        judge_states(log, LedgerJudge(Laid(memory / "cut")), seed=seed, count=QUICK, old=b"")


def test_what_a_killed_process_left_unsynced_takes_nothing_from_the_next(seed: int, memory: Path) -> None:
    for name in ("run", "cut"):
        (memory / name).mkdir(mode=0o700)
    log, judge = log_of(memory / "run"), LedgerJudge(Laid(memory / "cut"))
    for end in range(len(log)):
        folder = memory / f"second-{end}"
        folder.mkdir(mode=0o700)
        Laid(folder).lay(seen(moments(log[:end])[-1]))
        with Interposer(folder) as disk:
            ledger = ledger_in(folder)
            ledger.enter(*SECOND, writer_of(ledger))
            disk.mark("acknowledged second")
        both = continued(log[:end], disk.log)
        shutil.rmtree(folder)
        judge_states(both, judge, seed=seed + end, count=STATES_AFTER_A_KILL, old=b"", since=end)
