"""Whichever system call is refused, and however: nothing acknowledged is lost, nothing is said to be done that is not.

Each work is done again and again, with its first, second and each next call refused, until none is left to refuse.
"""

from __future__ import annotations

import errno
import itertools
import secrets
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

import vault.holders
from capture.queue import QueueDead, QueueFolder, QueueReader, QueueWriter, shred_all
from capture.segment import Broken, Intact
from tests.faults import Call, Effect, Fault, Interposer
from tests.torture.refusing import CALLS, refuse_everywhere
from tests.torture.writing import DEVICE, SMALL, event, open_session, read_session, record
from vault.errors import BadInput, OptinError, Refused
from vault.files import create_file, private_folder, read_file, replace_file
from vault.keys import SigningKey
from vault.ledger import Ledger, LedgerEvent
from vault.store import KeyStore

SESSION, NEXT = "aa" * 16, "bb" * 16
RECORDS = 5
FIRST_KEY, NEXT_KEY = SigningKey.generate(), SigningKey.generate()
OLD, NEW = "correct horse battery", "staple battery horse"


@dataclass(slots=True)
class Places:
    """A fresh folder for each attempt."""

    memory: Path
    numbers: itertools.count[int] = field(default_factory=itertools.count)
    used: Path | None = None

    def fresh(self) -> Path:
        if self.used is not None:
            shutil.rmtree(self.used)
        self.used = self.memory / str(next(self.numbers))
        self.used.mkdir(mode=0o700)
        return self.used


@pytest.fixture
def places(memory: Path) -> Places:
    return Places(memory)


@pytest.fixture
def quick_scrypt(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same function with little work: what is tried here is files."""
    monkeypatch.setattr(vault.holders, "_derive", _little_work)


def _little_work(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=2, r=8, p=1).derive(passphrase.encode())


def record_all(folder: Path) -> tuple[int, bool]:
    """How many records were acknowledged, and whether the session was ended; a writer that died stays dead."""
    acknowledged = 0
    try:
        sink = open_session(folder, SESSION, random=secrets.token_bytes)
    except OptinError:
        return 0, False
    try:
        for number in range(RECORDS):
            sink.commit((event(number, SMALL),))
            acknowledged += 1
    except QueueDead:
        with pytest.raises(QueueDead):
            sink.commit((event(acknowledged, SMALL),))
    try:
        sink.close()
    except OptinError:
        return acknowledged, False
    return acknowledged, acknowledged == RECORDS


def attempt_queue(places: Places, fault: Fault) -> int:
    folder = places.fresh()
    with Interposer(folder, fault) as disk:
        acknowledged, is_ended = record_all(folder / "queue")
    queue = folder / "queue"
    sink = open_session(queue, NEXT, random=secrets.token_bytes)
    sink.commit((event(0, SMALL),))
    sink.close()
    reader = QueueReader(QueueFolder(queue), (DEVICE.public,))
    assert not any(isinstance(state, Broken) for _, state in reader.scan())
    found = read_session(queue, SESSION)
    assert acknowledged <= len(found) <= acknowledged + 1
    assert found == [record(number, SMALL) for number in range(len(found))]
    assert not is_ended or isinstance(reader.session(SESSION)[-1], Intact)
    assert acknowledged == RECORDS or fault.effect is not Effect.SHORT, "a short write is no reason to stop"
    assert read_session(queue, NEXT) == [record(0, SMALL)]
    return disk.fired


@pytest.mark.parametrize("call", CALLS)
def test_a_recording_loses_nothing_or_stops(places: Places, call: Call) -> None:
    struck = refuse_everywhere(call, lambda fault: attempt_queue(places, fault))
    assert struck > 0 or call is Call.TRUNCATE


def enter_all(folder: Path) -> list[tuple[LedgerEvent, str, bool]]:
    """What was to be entered or noted, and whether it was; the next is tried after one that was refused."""
    ledger, key, done = Ledger(folder, lambda: 0), FIRST_KEY, []
    happening = (LedgerEvent.OPT_IN, LedgerEvent.STOP, LedgerEvent.SHRED, LedgerEvent.KEY, LedgerEvent.STOP)
    for number, event_ in enumerate((*happening, LedgerEvent.VIEW)):
        try:
            if event_ is LedgerEvent.KEY:
                ledger.enter(event_, str(number), key, next_key=NEXT_KEY.public)
                key = NEXT_KEY
            elif event_ in {LedgerEvent.STOP, LedgerEvent.SHRED}:
                ledger.note(event_, str(number))
            else:
                ledger.enter(event_, str(number), key)
        except OptinError:
            done.append((event_, str(number), False))
        else:
            done.append((event_, str(number), True))
    return done


def attempt_ledger(places: Places, fault: Fault) -> int:
    folder = places.fresh() / "ledger"
    with Interposer(folder.parent, fault) as disk:
        done = enter_all(folder)
    ledger = Ledger(folder, lambda: 1)
    writer = ledger.device_keys(FIRST_KEY.public)[-1]
    ledger.enter(LedgerEvent.VIEW, "after", NEXT_KEY if writer.raw == NEXT_KEY.public.raw else FIRST_KEY)
    verified = ledger.verify(FIRST_KEY.public)
    names = [str(number) for number in range(len(done))] + ["after"]
    found = [
        (entry.event, next((name for name in names if ledger.concerns(entry, name)), "of nobody"))
        for entry in verified.entries
        if entry.event is not LedgerEvent.RECOVERED
    ]
    assert found.pop() == (LedgerEvent.VIEW, "after")
    made = [(event_, name) for event_, name, is_done in done if is_done]
    assert [entry for entry in found if entry in made] == made, "an entry that was made is lost or doubled"
    tried = [(event_, name) for event_, name, _ in done]
    assert [entry for entry in tried if entry in found] == found, "an entry is there that nobody made"
    assert len(made) == len(done) or fault.effect is not Effect.SHORT
    return disk.fired


@pytest.mark.parametrize("call", CALLS)
def test_the_ledger_keeps_what_it_entered_or_refuses(places: Places, call: Call) -> None:
    struck = refuse_everywhere(call, lambda fault: attempt_ledger(places, fault))
    assert struck > 0 or call in {Call.FDATASYNC, Call.ALLOCATE, Call.LINK, Call.TRUNCATE}


@dataclass(slots=True)
class Keys:
    """What a run over the key store was told of."""

    device: str = ""
    next_device: str = ""
    consent: str = ""
    done: str = "nothing"


def keep_all(folder: Path, keys: Keys) -> None:
    store = KeyStore(folder, lambda _prompt: OLD)
    store.create()
    keys.done = "made"
    keys.device = store.add_signing("device").public.text
    keys.consent = store.add_opening("consent").public.text
    keys.done = "added"
    keys.next_device = store.prepare_signing("device").public.text
    keys.done = "prepared"
    store.commit("device")
    keys.done = "committed"
    store.rewrap(lambda _prompt: NEW)
    keys.done = "rewrapped"
    store.destroy("consent")
    keys.done = "destroyed"


ORDER = ("nothing", "made", "added", "prepared", "committed", "rewrapped", "destroyed")


def attempt_keys(places: Places, fault: Fault) -> int:
    folder, keys = places.fresh() / "keys", Keys()
    with Interposer(folder.parent, fault) as disk:
        try:
            keep_all(folder, keys)
        except (OptinError, OSError):
            assert fault.effect is not Effect.SHORT, "a short write is no reason to stop"
    done = ORDER.index(keys.done)
    if not (folder / "lock.json").exists():
        assert done == 0
        KeyStore(folder, lambda _prompt: OLD).create()
        return disk.fired
    store = _reopened(folder, done)
    if done >= 2:
        allowed = {keys.device} if done < 3 else {keys.device, keys.next_device}
        allowed = {keys.next_device} if done >= 4 else allowed
        assert store.signing("device").public.text in allowed, "a key was made anew"
    if 2 <= done < 5:
        assert store.opening("consent").public.text == keys.consent
    if done == 6:
        assert "consent" not in store.names()
        assert not any(keys.consent.encode() in path.read_bytes() for path in folder.iterdir())
    store.destroy("consent")
    store.add_opening("consent")
    return disk.fired


def _reopened(folder: Path, done: int) -> KeyStore:
    for passphrase, allowed in ((OLD, done < 5), (NEW, done >= 4)):
        store = KeyStore(folder, lambda _prompt, passphrase=passphrase: passphrase)  # type: ignore[misc]
        try:
            store.unlock()
        except Refused:
            continue
        assert allowed, "a passphrase counts that should not"
        return store
    raise AssertionError("no passphrase opens the store")


@pytest.mark.usefixtures("quick_scrypt")
@pytest.mark.parametrize("call", CALLS)
def test_the_key_store_keeps_its_keys_and_makes_none_anew(places: Places, call: Call) -> None:
    struck = refuse_everywhere(call, lambda fault: attempt_keys(places, fault))
    assert struck > 0 or call in {Call.FDATASYNC, Call.ALLOCATE, Call.TRUNCATE}


def attempt_shredding(places: Places, fault: Fault) -> int:
    folder = places.fresh()
    for session in (SESSION, NEXT):
        sink = open_session(folder / "queue", session, random=secrets.token_bytes)
        for number in range(RECORDS):
            sink.commit((event(number, SMALL),))
        sink.close()
    queue = QueueFolder(folder / "queue")
    keys = len(list(queue.keys.glob("*.key")))
    with Interposer(folder, fault) as disk:
        try:
            shred_all(queue)
            is_done = True
        except OSError:
            is_done = False
    left = list(queue.keys.glob("*.key"))
    assert not is_done or not (left or list(queue.segments.iterdir())), "it is said to be done and is not"
    assert fault.lasting or Call.UNLINK not in fault.calls or len(left) <= 1 < keys, "one refusal kept others"
    shred_all(queue)
    assert not list(queue.keys.glob("*.key")) + list(queue.segments.iterdir())
    return disk.fired


@pytest.mark.parametrize("call", [Call.UNLINK, Call.OPEN, Call.SYNC_FOLDER, Call.CLOSE])
def test_shredding_is_done_or_says_that_it_is_not(places: Places, call: Call) -> None:
    assert refuse_everywhere(call, lambda fault: attempt_shredding(places, fault)) > 0


@dataclass(frozen=True, slots=True)
class Written:
    """One way to write a file whole."""

    write: Callable[[Path, bytes], None]
    before: bytes | None

    def attempt(self, places: Places, fault: Fault) -> int:
        folder = places.fresh()
        path = folder / "file"
        if self.before is not None:
            path.write_bytes(self.before)
        with Interposer(folder, fault) as disk:
            try:
                self.write(path, b"new" * 100)
                is_done = True
            except (OSError, BadInput):
                is_done = False
        found = path.read_bytes() if path.exists() else None
        assert found in {self.before, b"new" * 100}
        assert not is_done or found == b"new" * 100
        assert is_done or fault.effect is not Effect.SHORT
        self.write(path if self.before is not None or found is None else path.with_name("other"), b"again")
        return disk.fired


@pytest.mark.parametrize(
    "written", [Written(replace_file, b"old"), Written(replace_file, None), Written(create_file, None)]
)
@pytest.mark.parametrize("call", CALLS)
def test_a_file_is_whole_or_as_it_was(places: Places, call: Call, written: Written) -> None:
    struck = refuse_everywhere(call, lambda fault: written.attempt(places, fault))
    assert struck > 0 or call in {*NOT_OF_FILES, Call.LINK, Call.RENAME, Call.UNLINK}


NOT_OF_FILES = {Call.FDATASYNC, Call.ALLOCATE, Call.TRUNCATE, Call.MKDIR}


def test_a_folder_is_made_or_it_is_said_that_it_is_not(places: Places) -> None:
    assert refuse_everywhere(Call.MKDIR, lambda fault: attempt_folder(places, fault)) > 0
    assert refuse_everywhere(Call.SYNC_FOLDER, lambda fault: attempt_folder(places, fault)) > 0


def attempt_folder(places: Places, fault: Fault) -> int:
    root = places.fresh()
    with Interposer(root, fault) as disk:
        try:
            private_folder(root / "a" / "b")
            is_done = True
        except Refused:
            is_done = False
    assert not is_done or (root / "a" / "b").is_dir()
    private_folder(root / "a" / "b")
    return disk.fired


def test_a_sync_that_fails_once_and_then_succeeds_acknowledges_nothing_more(memory: Path) -> None:
    """Linux marks pages clean after a failed sync, so the next one says success for bytes that are lost (fsyncgate)."""
    for number in range(1, 30):
        folder = memory / str(number)
        folder.mkdir(mode=0o700)
        with Interposer(folder, Fault(Effect.FAIL, frozenset({Call.FDATASYNC}), number=number, error=5)) as disk:
            acknowledged, is_ended = record_all(folder / "queue")
            synced = disk.count
        assert (disk.fired == 0) == is_ended
        assert synced == number or is_ended, "a segment was synced again after a sync of it failed"
        assert acknowledged == RECORDS or not is_ended


def test_a_dead_writer_begins_no_new_segment(memory: Path) -> None:
    with Interposer(memory, Fault(Effect.FAIL, frozenset({Call.FDATASYNC}), number=2, error=5)):
        record_all(memory / "queue")
    assert len(list((memory / "queue" / "segments").iterdir())) == 1


def test_a_queue_that_could_not_be_opened_is_free_for_the_next(memory: Path) -> None:
    with Interposer(memory, Fault(Effect.FAIL, frozenset({Call.ALLOCATE}), error=28)), pytest.raises(Refused):
        QueueWriter(QueueFolder(memory / "queue"))
    QueueWriter(QueueFolder(memory / "queue")).close()


@pytest.mark.parametrize("error", [errno.EIO, errno.EMFILE])
def test_a_disk_that_could_not_be_asked_says_nothing_of_the_file(memory: Path, error: int) -> None:
    create_file(memory / "file", b"whole")
    with Interposer(memory, Fault(Effect.FAIL, error=error)), pytest.raises(OSError, match="Errno"):
        read_file(memory / "file")
