"""The ledger finds what was edited, removed, moved or entered by another, and says nothing of its subjects."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
from itertools import count, permutations
from pathlib import Path

import pytest

from vault.errors import BadInput, MissingPart, OptinError, Refused
from vault.keys import SigningKey
from vault.ledger import Ledger, LedgerEvent

KEY = SigningKey.generate()
SUBJECT = "session of Ms Okonkwo"


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """A ledger with three entries."""
    moments = count(1000)
    made = Ledger(tmp_path / "ledger", lambda: next(moments))
    for event in (LedgerEvent.START, LedgerEvent.STOP, LedgerEvent.VIEW):
        made.enter(event, SUBJECT, KEY)
    return made


@pytest.fixture
def entries(ledger: Ledger, tmp_path: Path) -> Path:
    """The file of that ledger."""
    return tmp_path / "ledger" / "entries"


def test_entries_come_back_in_order(ledger: Ledger) -> None:
    found = [(entry.number, entry.at_ms, entry.event) for entry in ledger.verify(KEY.public)]
    assert found == [(0, 1000, LedgerEvent.START), (1, 1001, LedgerEvent.STOP), (2, 1002, LedgerEvent.VIEW)]


def test_each_flipped_byte_is_found(ledger: Ledger, entries: Path) -> None:
    whole = entries.read_bytes()
    for place in range(len(whole)):
        entries.write_bytes(whole[:place] + bytes((whole[place] ^ 1,)) + whole[place + 1 :])
        with pytest.raises(BadInput):
            ledger.verify(KEY.public)


def test_each_cut_inside_a_line_is_found(ledger: Ledger, entries: Path) -> None:
    whole = entries.read_bytes()
    ends = {0} | {at + 1 for at, byte in enumerate(whole) if byte == ord("\n")}
    for length in set(range(len(whole))) - ends:
        entries.write_bytes(whole[:length])
        with pytest.raises(BadInput):
            ledger.verify(KEY.public)


@pytest.mark.parametrize("gone", [0, 1])
def test_an_entry_that_was_removed_is_missed(ledger: Ledger, entries: Path, gone: int) -> None:
    lines = entries.read_bytes().splitlines(keepends=True)
    entries.write_bytes(b"".join(lines[:gone] + lines[gone + 1 :]))
    with pytest.raises(BadInput, match=f"line {gone + 1}"):
        ledger.verify(KEY.public)


@pytest.mark.parametrize("order", [order for order in permutations(range(3)) if order != (0, 1, 2)])
def test_entries_cannot_change_places(ledger: Ledger, entries: Path, order: tuple[int, ...]) -> None:
    lines = entries.read_bytes().splitlines(keepends=True)
    entries.write_bytes(b"".join(lines[at] for at in order))
    with pytest.raises(BadInput):
        ledger.verify(KEY.public)


def test_an_entry_cannot_stand_twice(ledger: Ledger, entries: Path) -> None:
    whole = entries.read_bytes()
    entries.write_bytes(whole + whole.splitlines(keepends=True)[-1])
    with pytest.raises(BadInput, match="line 4"):
        ledger.verify(KEY.public)


def test_an_entry_of_another_key_is_found(ledger: Ledger, entries: Path, tmp_path: Path) -> None:
    other = Ledger(tmp_path / "other", lambda: 1002)
    other.enter(LedgerEvent.VIEW, SUBJECT, SigningKey.generate())
    entries.write_bytes((tmp_path / "other" / "entries").read_bytes())
    with pytest.raises(BadInput, match="another key"):
        ledger.verify(KEY.public)


def test_a_chain_of_another_ledger_cannot_be_continued(ledger: Ledger, entries: Path, tmp_path: Path) -> None:
    other = Ledger(tmp_path / "other", lambda: 1002)
    for _ in range(4):
        other.enter(LedgerEvent.VIEW, SUBJECT, KEY)
    foreign = (tmp_path / "other" / "entries").read_bytes().splitlines(keepends=True)[3]
    entries.write_bytes(entries.read_bytes() + foreign)
    with pytest.raises(BadInput, match="line 4"):
        ledger.verify(KEY.public)


def test_nothing_is_entered_into_a_damaged_ledger(ledger: Ledger, entries: Path) -> None:
    entries.write_bytes(entries.read_bytes()[:-5])
    before = entries.read_bytes()
    with pytest.raises(BadInput):
        ledger.enter(LedgerEvent.EXPORT, SUBJECT, KEY)
    assert entries.read_bytes() == before


def test_a_ledger_that_is_not_there_has_no_entries_and_is_not_made(tmp_path: Path) -> None:
    assert Ledger(tmp_path / "none", lambda: 0).verify(KEY.public) == ()
    assert not list(tmp_path.iterdir())


def test_a_subject_is_found_again_and_another_is_not(ledger: Ledger) -> None:
    entry = ledger.verify(KEY.public)[0]
    assert (ledger.concerns(entry, SUBJECT), ledger.concerns(entry, "another")) == (True, False)


def test_a_subject_does_not_stand_in_any_file(ledger: Ledger, entries: Path) -> None:
    stored = b"".join(path.read_bytes() for path in entries.parent.iterdir())
    assert not any(word.encode() in stored for word in SUBJECT.split() if len(word) > 3)


def test_a_subject_is_salted_for_each_ledger(ledger: Ledger, tmp_path: Path) -> None:
    other = Ledger(tmp_path / "other", lambda: 0).enter(LedgerEvent.START, SUBJECT, KEY)
    assert other.subject != ledger.verify(KEY.public)[0].subject


def test_a_lost_salt_is_missing_and_none_is_made(ledger: Ledger, entries: Path) -> None:
    entry = ledger.verify(KEY.public)[0]
    (entries.parent / "salt").unlink()
    with pytest.raises(MissingPart):
        ledger.concerns(entry, SUBJECT)
    with pytest.raises(MissingPart):
        ledger.enter(LedgerEvent.VIEW, SUBJECT, KEY)
    assert not (entries.parent / "salt").exists()


def test_an_empty_salt_is_refused(ledger: Ledger, entries: Path) -> None:
    (entries.parent / "salt").write_bytes(b"")
    with pytest.raises(BadInput, match="salt"):
        ledger.enter(LedgerEvent.VIEW, SUBJECT, KEY)


def test_all_files_are_private(ledger: Ledger, entries: Path) -> None:
    assert {path.stat().st_mode & 0o777 for path in entries.parent.iterdir()} == {0o600}
    assert entries.parent.stat().st_mode & 0o777 == 0o700


def test_two_processes_enter_one_after_the_other(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=_enter_many, args=(tmp_path / "ledger",)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0]
    numbers = [entry.number for entry in Ledger(tmp_path / "ledger", lambda: 0).verify(KEY.public)]
    assert numbers == list(range(20))


def _enter_many(folder: Path) -> None:
    for _ in range(10):
        Ledger(folder, lambda: 0).enter(LedgerEvent.VIEW, SUBJECT, KEY)


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from vault.errors import Refused
from vault.keys import SigningKey
from vault.ledger import Ledger, LedgerEvent
folder, size, raw = Path(sys.argv[1]), int(sys.argv[2]), bytes.fromhex(sys.stdin.read())
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
try:
    Ledger(folder, lambda: 0).enter(LedgerEvent.EXPORT, "a", SigningKey.from_raw(raw))
except Refused:
    sys.exit(3)
"""


def test_an_entry_that_the_disk_refused_is_refused_and_leaves_the_ledger_whole(ledger: Ledger, entries: Path) -> None:
    size = entries.stat().st_size + 100
    command = [sys.executable, "-c", FULL_DISK, str(entries.parent), str(size)]
    done = subprocess.run(command, input=KEY.private_raw().hex(), text=True, check=False)
    assert (done.returncode, len(ledger.verify(KEY.public))) == (3, 3)


def test_a_ledger_that_another_process_holds_is_refused(ledger: Ledger, entries: Path) -> None:
    from vault.files import lock_file

    with entries.open("rb") as held:
        lock_file(held.fileno())
        with pytest.raises(Refused, match="another process"):
            ledger.enter(LedgerEvent.VIEW, SUBJECT, KEY)


def test_every_refusal_is_one_that_speaks_to_a_person() -> None:
    assert all(issubclass(kind, OptinError) for kind in (BadInput, MissingPart, Refused))
