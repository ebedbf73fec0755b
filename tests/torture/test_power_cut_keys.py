"""After a power cut every key that was acknowledged opens, none is another one, and a destroyed one is gone."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

import vault.holders
from tests.faults import SYNCS, Call, Effect, Fault, Interposer, Step
from tests.torture.conftest import Amount
from tests.torture.powercut import Laid, Tree, continued, judge_states, moments, seen, tree_of
from vault.errors import MissingPart, OptinError, Refused
from vault.store import KeyStore

OLD, NEW = "correct horse battery", "staple battery horse"
QUICK = 2_000
STATES_AFTER_A_KILL = 20
_derive = cache(vault.holders._derive)


@pytest.fixture(autouse=True)
def quick_scrypt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each passphrase is stretched once for each salt; the same bytes come out, only not again after 0.4 s."""
    monkeypatch.setattr(vault.holders, "_derive", _derive)


def store_in(folder: Path, passphrase: str = OLD) -> KeyStore:
    return KeyStore(folder / "keys", lambda _prompt: passphrase)


@dataclass(slots=True)
class Made:
    """The public halves that a run made."""

    device: str = ""
    next_device: str = ""
    consent: str = ""


def write_all(folder: Path, disk: Interposer) -> Made:
    store, made = store_in(folder), Made()
    store.create()
    disk.mark("made")
    made.device = store.add_signing("device").public.text
    disk.mark("device")
    made.consent = store.add_opening("consent").public.text
    disk.mark("consent")
    disk.mark("preparing")
    made.next_device = store.prepare_signing("device").public.text
    disk.mark("prepared")
    disk.mark("committing")
    store.commit("device")
    disk.mark("committed")
    disk.mark("rewrapping")
    store.rewrap(lambda _prompt: NEW)
    disk.mark("rewrapped")
    disk.mark("destroying")
    store.destroy("consent")
    disk.mark("destroyed")
    return made


def log_of(folder: Path, fault: Fault | None = None) -> tuple[tuple[Step, ...], Made]:
    with Interposer(folder, fault) as disk:
        made = write_all(folder, disk)
    return tuple(disk.log), made


@dataclass(slots=True)
class KeysJudge:
    """Lays each state on a disk and opens what should be there."""

    disk: Laid
    made: Made
    made_anew: set[frozenset[str]] = field(default_factory=set)

    def judge(self, tree: Tree, marks: tuple[str, ...]) -> None:
        if "keys/lock.json" not in tree:
            assert not marks, "the lock is lost"
            return self._make_anew(tree)
        self.disk.lay(tree)
        store = self._open(marks)
        if "device" in marks:
            self._judge_device(store, marks)
        self._judge_consent(store, marks)
        if "second" in marks:
            assert store.signing("second").public.text == store.verify_key("second").text
        store.add_signing("another")
        assert store.signing("another").public.text == store.verify_key("another").text
        self.disk.look()
        return None

    def _make_anew(self, tree: Tree) -> None:
        """Without a lock nothing was promised, so the store can be made; tried once for each set of names."""
        if frozenset(tree) not in self.made_anew:
            self.made_anew.add(frozenset(tree))
            self.disk.lay(tree)
            store_in(self.disk.folder).create()
            self.disk.look()

    def _open(self, marks: tuple[str, ...]) -> KeyStore:
        for passphrase in (OLD, NEW):
            store = store_in(self.disk.folder, passphrase)
            try:
                store.unlock()
            except Refused:
                continue
            assert passphrase == OLD or "rewrapping" in marks, "a passphrase counts that nobody chose yet"
            assert passphrase == NEW or "rewrapped" not in marks, "the old passphrase counts still"
            return store
        raise AssertionError("no passphrase opens the store")

    def _judge_device(self, store: KeyStore, marks: tuple[str, ...]) -> None:
        allowed = {self.made.device} if "committing" not in marks else {self.made.device, self.made.next_device}
        allowed = {self.made.next_device} if "committed" in marks else allowed
        assert store.signing("device").public.text in allowed, "the device's key is another one"
        prepared = store.prepare_signing("device").public.text
        if "prepared" in marks and "committing" not in marks:
            assert prepared == self.made.next_device, "a prepared key was made anew"
        store.commit("device")
        assert store.signing("device").public.text == prepared

    def _judge_consent(self, store: KeyStore, marks: tuple[str, ...]) -> None:
        if "consent" in marks and "destroying" not in marks:
            assert store.opening("consent").public.text == self.made.consent, "the consent's key is lost"
        if "destroyed" in marks:
            with pytest.raises(MissingPart):
                store.opening("consent")
            left = [data for data in tree_of(self.disk.folder).values() if data and self.made.consent.encode() in data]
            assert not left, "a destroyed key is there"


def test_the_log_holds_all_that_was_written(memory: Path) -> None:
    assert seen(moments(log_of(memory)[0])[-1]) == tree_of(memory)


@pytest.mark.timeout(3600)
def test_keys_are_there_until_they_are_destroyed(amount: Amount, seed: int, memory: Path) -> None:
    for name in ("run", "cut"):
        (memory / name).mkdir(mode=0o700)
    log, made = log_of(memory / "run")
    judge = KeysJudge(Laid(memory / "cut"), made)
    judge_states(log, judge, seed=seed, count=amount.of(5_000, 50_000), old=b"")


@pytest.mark.parametrize("call", sorted(SYNCS - {Call.FDATASYNC}, key=str))
def test_a_key_store_without_one_kind_of_sync_is_found(seed: int, memory: Path, call: Call) -> None:
    for name in ("run", "cut"):
        (memory / name).mkdir(mode=0o700)
    log, made = log_of(memory / "run", Fault(Effect.SKIP, frozenset({call}), lasting=True))
    with pytest.raises((AssertionError, OptinError)):
        judge_states(log, KeysJudge(Laid(memory / "cut"), made), seed=seed, count=QUICK, old=b"")


def test_what_a_killed_process_left_unsynced_takes_nothing_from_the_next(seed: int, memory: Path) -> None:
    for name in ("run", "cut"):
        (memory / name).mkdir(mode=0o700)
    log, made = log_of(memory / "run")
    judge = KeysJudge(Laid(memory / "cut"), made)
    for end in range(len(log)):
        before, folder = moments(log[:end])[-1], memory / f"second-{end}"
        if "made" not in before.marks:
            continue
        folder.mkdir(mode=0o700)
        Laid(folder).lay(seen(before))
        with Interposer(folder) as disk:
            KeysJudge(Laid(folder), made)._open(before.marks).add_signing("second")
            disk.mark("second")
        shutil.rmtree(folder)
        judge_states(
            continued(log[:end], disk.log), judge, seed=seed + end, count=STATES_AFTER_A_KILL, old=b"", since=end
        )
