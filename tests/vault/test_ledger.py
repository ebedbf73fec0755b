"""The ledger finds what was edited, removed or moved, survives kills and full disks, and says nothing of subjects."""

from __future__ import annotations

import errno
import multiprocessing
import os
import subprocess
import sys
from itertools import count, permutations
from pathlib import Path

import pytest

from tests.faults import Call, Effect, Fault, Interposer
from vault.errors import BadInput, MissingPart, OptinError, Refused
from vault.keys import SigningKey
from vault.ledger import START, Entry, Ledger, LedgerEvent
from vault.signed import sign

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
    found = [(entry.number, entry.at_ms, entry.event) for entry in ledger.verify(KEY.public).entries]
    assert found == [(0, 1000, LedgerEvent.START), (1, 1001, LedgerEvent.STOP), (2, 1002, LedgerEvent.VIEW)]


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


def test_nothing_is_entered_after_a_line_that_was_edited_before_the_last(ledger: Ledger, entries: Path) -> None:
    entries.write_bytes(entries.read_bytes().replace(b'"event":"stop"', b'"event":"view"'))
    before = entries.read_bytes()
    with pytest.raises(BadInput):
        ledger.enter(LedgerEvent.EXPORT, SUBJECT, KEY)
    assert entries.read_bytes() == before


def test_nothing_is_entered_by_a_key_that_did_not_sign_the_last_entry(ledger: Ledger, entries: Path) -> None:
    before = entries.read_bytes()
    with pytest.raises(BadInput, match="another key"):
        ledger.enter(LedgerEvent.EXPORT, SUBJECT, SigningKey.generate())
    assert entries.read_bytes() == before


def test_a_torn_last_line_is_told_as_what_it_can_be(ledger: Ledger, entries: Path) -> None:
    entries.write_bytes(entries.read_bytes()[:-5])
    with pytest.raises(BadInput, match=r"line 3.*power cut.*edit"):
        ledger.verify(KEY.public)


def test_a_torn_last_line_is_kept_aside_and_that_is_entered(ledger: Ledger, entries: Path) -> None:
    whole = entries.read_bytes()
    entries.write_bytes(whole[:-5])
    ledger.enter(LedgerEvent.EXPORT, SUBJECT, KEY)
    found = ledger.verify(KEY.public).entries
    assert [entry.event for entry in found[2:]] == [LedgerEvent.RECOVERED, LedgerEvent.EXPORT]
    assert ledger.concerns(found[2], "torn.2")
    assert whole.endswith((entries.parent / "torn.2").read_bytes() + whole[-5:])


def test_each_cut_leaves_every_line_before_it_and_a_ledger_that_goes_on(ledger: Ledger, entries: Path) -> None:
    whole = entries.read_bytes()
    for length in range(0, len(whole), 37):
        entries.write_bytes(whole[:length])
        ledger.enter(LedgerEvent.EXPORT, SUBJECT, KEY)
        kept = whole[: whole.rfind(b"\n", 0, length) + 1]
        assert entries.read_bytes().startswith(kept)
        assert ledger.verify(KEY.public).entries[-1].event is LedgerEvent.EXPORT


def test_a_torn_line_longer_than_a_line_may_be_is_left_as_it_is(ledger: Ledger, entries: Path) -> None:
    entries.write_bytes(entries.read_bytes() + bytes(4096))
    before = entries.read_bytes()
    with pytest.raises(BadInput):
        ledger.enter(LedgerEvent.EXPORT, SUBJECT, KEY)
    assert entries.read_bytes() == before


def test_entries_that_were_taken_away_whole_are_missed(ledger: Ledger, entries: Path) -> None:
    entries.unlink()
    with pytest.raises(BadInput, match="gone"):
        ledger.verify(KEY.public)
    with pytest.raises(BadInput, match="gone"):
        ledger.enter(LedgerEvent.VIEW, SUBJECT, KEY)


def test_a_note_becomes_the_next_entry_at_the_time_it_was_left(ledger: Ledger) -> None:
    ledger.note(LedgerEvent.WITHDRAW, SUBJECT)
    ledger.enter(LedgerEvent.START, "next", KEY)
    found = ledger.verify(KEY.public)
    assert [(entry.at_ms, entry.event) for entry in found.entries[3:]] == [
        (1003, LedgerEvent.WITHDRAW),
        (1004, LedgerEvent.START),
    ]
    assert (ledger.concerns(found.entries[3], SUBJECT), found.waiting) == (True, ())


def test_notes_that_wait_are_told(ledger: Ledger) -> None:
    for _ in range(2):
        ledger.note(LedgerEvent.REFUSED, "passphrase")
    found = ledger.verify(KEY.public)
    assert (len(found.entries), [note.event for note in found.waiting]) == (3, [LedgerEvent.REFUSED] * 2)


def test_a_note_needs_no_entry_before_it(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger", lambda: 7)
    ledger.note(LedgerEvent.REFUSED, "passphrase")
    ledger.enter(LedgerEvent.OPT_IN, SUBJECT, KEY)
    events = [entry.event for entry in ledger.verify(KEY.public).entries]
    assert events == [LedgerEvent.REFUSED, LedgerEvent.OPT_IN]


def test_what_widens_access_cannot_be_noted(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match="entered"):
        ledger.note(LedgerEvent.APPROVE, SUBJECT)


def test_a_note_that_was_forged_to_widen_access_is_not_signed(ledger: Ledger, entries: Path) -> None:
    ledger.note(LedgerEvent.WITHDRAW, SUBJECT)
    waiting = entries.parent / "waiting"
    waiting.write_bytes(waiting.read_bytes().replace(b"withdraw", b"approve"))
    with pytest.raises(BadInput, match="edited"):
        ledger.enter(LedgerEvent.START, SUBJECT, KEY)


def test_a_note_shows_that_the_ledger_was_cut_after_it(ledger: Ledger, entries: Path) -> None:
    ledger.note(LedgerEvent.WITHDRAW, SUBJECT)
    lines = entries.read_bytes().splitlines(keepends=True)
    entries.write_bytes(b"".join(lines[:-1]))
    with pytest.raises(BadInput, match="cut"):
        ledger.verify(KEY.public)


def _note_and_enter(folder: Path, fault: Fault | None) -> int:
    """How many calls it takes to set a torn line aside, take up two notes and enter one event."""
    with Interposer(folder, fault) as disk:
        Ledger(folder / "ledger", lambda: 0).enter(LedgerEvent.EXPORT, "last", KEY)
    return disk.count


def _with_all_that_waits(folder: Path) -> Ledger:
    """A ledger with one entry, two notes and a torn line."""
    ledger = Ledger(folder / "ledger", lambda: 0)
    ledger.enter(LedgerEvent.START, "first", KEY)
    ledger.note(LedgerEvent.WITHDRAW, "one")
    ledger.note(LedgerEvent.SHRED, "two")
    with (folder / "ledger" / "entries").open("ab") as file:
        file.write(b"torn")
    return ledger


def _subjects(ledger: Ledger) -> list[str]:
    """What the entries concern; what a kill tore is kept aside, too, so RECOVERED may come more than once."""
    names = ("first", "one", "two", "last")
    found = [entry for entry in ledger.verify(KEY.public).entries if entry.event is not LedgerEvent.RECOVERED]
    return [next(name for name in names if ledger.concerns(entry, name)) for entry in found]


@pytest.mark.parametrize("effect", [Effect.KILL, Effect.KILL_HALFWAY, Effect.FAIL])
def test_a_kill_or_failure_at_any_call_loses_and_doubles_nothing(tmp_path: Path, effect: Effect) -> None:
    expected = ["first", "one", "two", "last"]
    for number in count(1):
        folder = tmp_path / str(number)
        ledger = _with_all_that_waits(folder)
        done = _in_child(folder, Fault(effect, number=number, error=errno.EIO))
        if done:
            break
        ledger.enter(LedgerEvent.EXPORT, "last", KEY)
        found = _subjects(ledger)
        assert found in (expected, [*expected, "last"]), number
    assert number > 15


def _in_child(folder: Path, fault: Fault) -> bool:
    """Whether the child entered its event without meeting the fault."""
    child = os.fork()
    if not child:
        code = 3
        try:
            code = 0 if _note_and_enter(folder, fault) < fault.number else 2
        finally:
            os._exit(code)
    return os.waitpid(child, 0)[1] == 0


@pytest.mark.parametrize("call", [Call.WRITE, Call.FSYNC])
def test_an_entry_whose_write_or_sync_fails_is_refused_and_cut_off(tmp_path: Path, call: Call) -> None:
    ledger = Ledger(tmp_path / "ledger", lambda: 0)
    ledger.enter(LedgerEvent.START, SUBJECT, KEY)
    fault = Fault(Effect.FAIL, frozenset({call}), error=errno.EIO)
    with Interposer(tmp_path, fault), pytest.raises(Refused, match="nothing was done"):
        ledger.enter(LedgerEvent.EXPORT, SUBJECT, KEY)
    assert len(ledger.verify(KEY.public).entries) == 1


def test_an_entry_that_cannot_be_cut_off_again_is_said_to_be_there(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger", lambda: 0)
    ledger.enter(LedgerEvent.START, SUBJECT, KEY)
    fault = Fault(Effect.FAIL, frozenset({Call.FSYNC, Call.TRUNCATE}), number=2, error=errno.EIO, lasting=True)
    with Interposer(tmp_path, fault), pytest.raises(Refused, match="cannot be taken back"):
        ledger.enter(LedgerEvent.EXPORT, SUBJECT, KEY)


def test_entering_reads_no_more_of_a_long_ledger_than_of_a_short_one(tmp_path: Path) -> None:
    short, long = (_bytes_read(_long_ledger(tmp_path / str(number), number)) for number in (20, 20_000))
    assert long <= short + 100


def _long_ledger(folder: Path, number: int) -> Path:
    """A ledger of so many entries, of which only the last ones are signed."""
    Ledger(folder, lambda: 0).enter(LedgerEvent.START, SUBJECT, KEY)
    path = folder / "entries"
    line = path.read_bytes()
    previous, lines = START, []
    for at in range(number - 3, number):
        subject = "0" * 64
        entry = Entry(at_ms=0, event=LedgerEvent.VIEW, next_key="", number=at, previous=previous, subject=subject)
        signed = sign(entry, KEY)
        previous = signed.digest
        lines.append(signed.data + b"\n")
    path.write_bytes(line * (number - 3) + b"".join(lines))
    return folder


def _bytes_read(folder: Path) -> int:
    """How many bytes this process reads to enter one event."""
    before = _read_so_far()
    Ledger(folder, lambda: 0).enter(LedgerEvent.VIEW, SUBJECT, KEY)
    return _read_so_far() - before


def _read_so_far() -> int:
    return int(Path("/proc/self/io").read_text().split()[1])


def test_a_ledger_that_is_not_there_has_no_entries_and_is_not_made(tmp_path: Path) -> None:
    assert Ledger(tmp_path / "none", lambda: 0).verify(KEY.public).entries == ()
    assert not list(tmp_path.iterdir())


def test_a_subject_is_found_again_and_another_is_not(ledger: Ledger) -> None:
    entry = ledger.verify(KEY.public).entries[0]
    assert (ledger.concerns(entry, SUBJECT), ledger.concerns(entry, "another")) == (True, False)


def test_a_subject_does_not_stand_in_any_file(ledger: Ledger, entries: Path) -> None:
    stored = b"".join(path.read_bytes() for path in entries.parent.iterdir())
    assert not any(word.encode() in stored for word in SUBJECT.split() if len(word) > 3)


def test_a_subject_is_salted_for_each_ledger(ledger: Ledger, tmp_path: Path) -> None:
    other = Ledger(tmp_path / "other", lambda: 0).enter(LedgerEvent.START, SUBJECT, KEY)
    assert other.subject != ledger.verify(KEY.public).entries[0].subject


def test_a_lost_salt_is_missing_and_none_is_made(ledger: Ledger, entries: Path) -> None:
    entry = ledger.verify(KEY.public).entries[0]
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
    numbers = [entry.number for entry in Ledger(tmp_path / "ledger", lambda: 0).verify(KEY.public).entries]
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
    assert (done.returncode, len(ledger.verify(KEY.public).entries)) == (3, 3)


def test_a_ledger_that_another_process_holds_is_refused(ledger: Ledger, entries: Path) -> None:
    from vault.files import lock_file

    with entries.open("rb") as held:
        lock_file(held.fileno())
        with pytest.raises(Refused, match="another process"):
            ledger.enter(LedgerEvent.VIEW, SUBJECT, KEY)


def test_every_refusal_is_one_that_speaks_to_a_person() -> None:
    assert all(issubclass(kind, OptinError) for kind in (BadInput, MissingPart, Refused))
