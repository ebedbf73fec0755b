"""The ledger: who did what, when, as signed entries in a chain, one line each.

An entry holds an event's name, a salted digest of what it concerns and the digest of the entry before; never content, a
title or a name. What widens access calls `enter` first and does nothing if it raises; what narrows access enters after,
or leaves a note where no key is at hand. `vault/chain.py` says what holds; this module reads and writes.

    entries   one signed entry a line          waiting   notes that the next entry signs
    salt      made once                        torn.N    a last line that a power cut (or an edit) had damaged
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Final

from vault.chain import (
    NOTED,
    START,
    Checkpoint,
    Entry,
    LedgerEvent,
    Note,
    Tail,
    read_chain,
    read_keys,
    read_notes,
    require_checkpoint,
    write_notes,
)
from vault.errors import BadInput, Refused
from vault.files import private_folder, read_file, remove_file, replace_file, sync_folder
from vault.journal import (
    append,
    first_signer,
    mention,
    open_existing,
    open_locked,
    read_end,
    read_lines,
    read_sound_lines,
)
from vault.keys import SigningKey, VerifyKey, from_text
from vault.signed import Signed, sign

__all__ = ["START", "Checkpoint", "Entry", "Ledger", "LedgerEvent", "Verified"]

_SALT: Final = 32
MAX_WAITING: Final = 1 << 20
"""Upper limit of the notes that wait, in bytes: about 6,000."""


@dataclass(frozen=True, slots=True)
class Verified:
    """A ledger that holds: its entries, its device keys in order, the notes that wait, how many entries are witnessed.

    The last key is the one that signs now.
    """

    entries: tuple[Entry, ...]
    keys: tuple[VerifyKey, ...]
    waiting: tuple[Note, ...]
    witnessed: int


class Ledger:
    """The ledger in one folder."""

    def __init__(self, folder: Path, clock: Callable[[], int]) -> None:
        self._folder = folder
        self._entries = folder / "entries"
        self._waiting = folder / "waiting"
        self._clock = clock

    def enter(self, event: LedgerEvent, subject: str, key: SigningKey, *, next_key: VerifyKey | None = None) -> Entry:
        """The entry, durable on disk when this returns; `subject` is salted and hashed before it is written.

        Notes that wait are entered before it. A KEY entry names `next_key`, which signs from then on; entering the same
        one again gives the one that is there. `Refused` if the disk refuses (nothing is entered then) or another
        process holds the ledger; `BadInput` if its end was changed or is not this key's to go on from.
        """
        if (event is LedgerEvent.KEY) != (next_key is not None):
            raise ValueError("a KEY entry names the next key, and no other entry does")
        with self._opened() as handle:
            tail, salted = read_end(handle), self._salted(subject)
            if next_key is not None and _is_handed_over(tail, key, next_key):
                return _last(tail)
            tail.require_writer(key.public)
            tail = self._take_up(handle, self._recovered(handle, tail), key)
            note = Note(at_ms=self._clock(), event=event, number=tail.entries, subject=salted)
            return _last(append(handle, tail, note, key=key, next_key=next_key.text if next_key else ""))

    def note(self, event: LedgerEvent, subject: str) -> None:
        """Leaves a note, durable and salted, that the next `enter` signs; for what narrows access without a key.

        `Refused` if the disk refuses or too many wait.
        """
        if event not in NOTED:
            raise ValueError("what widens access is entered, not noted")
        with self._opened() as handle:
            self._wait(read_end(handle), event, self._salted(subject))

    def verify(self, first: VerifyKey, witnessed: tuple[Checkpoint, ...] = ()) -> Verified:
        """The whole ledger from the pinned first key on, if it holds and goes on from every witnessed checkpoint.

        `BadInput` at the first entry that was edited, removed, moved or signed by the key of another time, for a last
        line that is torn, and for entries that a witness saw and that are not there.
        """
        wanted = {checkpoint.entries for checkpoint in witnessed}
        entries: list[Entry] = []
        heads = {0: START}
        size, waiting = self._snapshot()
        for signed in read_chain(read_sound_lines(self._entries, size), first):
            entries.append(signed.document)
            if len(entries) in wanted:
                heads[len(entries)] = signed.digest
        for checkpoint in witnessed:
            require_checkpoint(checkpoint, first, heads)
        keys = tuple(VerifyKey(from_text(entry.next_key)) for entry in entries if entry.event is LedgerEvent.KEY)
        pending = read_notes(waiting, len(entries))
        return Verified(tuple(entries), (first, *keys), pending, max(wanted, default=0))

    def device_keys(self, first: VerifyKey) -> tuple[VerifyKey, ...]:
        """The chain of device keys from the pinned first one on; only signatures of KEY entries are checked.

        A torn last line hands over to nobody: it was never acknowledged.
        """
        self._require_together()
        handle = open_existing(self._entries)
        if handle is None:
            return (first,)
        try:
            sound = read_end(handle).sound
        finally:
            os.close(handle)
        return read_keys(read_lines(self._entries, sound), first)

    def checkpoint(self, key: SigningKey) -> Signed[Checkpoint]:
        """How long the ledger is now and its last entry's digest, signed by the device key that signs now.

        Notes that wait, and a torn last line, are entered before.
        """
        with self._opened() as handle:
            tail = read_end(handle)
            tail.require_writer(key.public)
            tail = self._take_up(handle, self._recovered(handle, tail), key)
            first = key.public if tail.last is None else first_signer(handle)
        document = Checkpoint(
            at_ms=self._clock(), entries=tail.entries, first_key=first.text, head=tail.head, version=1
        )
        return sign(document, key)

    def concerns(self, entry: Entry, subject: str) -> bool:
        """Whether the entry is about this subject."""
        return hmac.compare_digest(entry.subject, self._salted(subject))

    def left_open(self, subjects: Iterable[str], opened: LedgerEvent, ended: frozenset[LedgerEvent]) -> tuple[str, ...]:
        """Those subjects of which an entry says that they were opened and none that they ended.

        Reads the whole ledger without checking signatures: good for deciding what to enter, not for believing.
        """
        size, _ = self._snapshot()
        if not size:
            return ()
        begin, end = opened.value.encode(), {event.value.encode() for event in ended}
        named = {self._salted(subject).encode(): subject for subject in subjects}
        found: set[bytes] = set()
        for line in read_lines(self._entries, size):
            event, subject = mention(line)
            if event == begin and subject in named:
                found.add(subject)
            elif event in end:
                found.discard(subject)
        return tuple(name for salted, name in named.items() if salted in found)

    @contextmanager
    def _opened(self) -> Iterator[int]:
        """The descriptor of `entries`, locked; whatever the disk refuses meanwhile becomes `Refused`."""
        private_folder(self._folder)
        self._require_together()
        try:
            handle = open_locked(self._entries)
            try:
                os.fsync(handle)  # a process that was killed may have left a line unsynced: only one may be torn
                self._make_salt(handle)
                yield handle
            finally:
                os.close(handle)
        except OSError as error:
            raise Refused(
                f"the ledger cannot be written ({error.strerror}); nothing was done; make room, or mend the disk"
            ) from None

    def _require_together(self) -> None:
        """The salt is made after the file of entries: where there is a salt alone, the entries were taken away."""
        if (self._folder / "salt").exists() and not self._entries.exists():
            raise BadInput("the ledger's entries are gone while its salt is there; restore the folder `ledger`")

    def _make_salt(self, handle: int) -> None:
        """Only an empty ledger gets a salt: a second one would make what was entered before unrecognisable.

        A process that was killed may have left it there without its name being durable, and entries count on it.
        """
        if os.fstat(handle).st_size or self._waiting.exists():
            return
        sync_folder(self._folder)
        path = self._folder / "salt"
        if not path.exists():
            replace_file(path, secrets.token_bytes(_SALT))

    def _salted(self, subject: str) -> str:
        salt = read_file(self._folder / "salt", _SALT)
        if len(salt) != _SALT:
            raise BadInput("the ledger's salt is damaged; restore it from a copy of this folder")
        return hmac.new(salt, subject.encode(), hashlib.sha256).hexdigest()

    def _recovered(self, handle: int, tail: Tail) -> Tail:
        """The ledger's end after a torn last line was kept aside, noted and cut off.

        The note comes before the cut, so a kill between them finds the line still there and its note already waiting.
        """
        if not tail.torn:
            return tail
        salted = self._salted(self._keep_aside(tail))
        if salted not in {note.subject for note in self._pending(tail)}:
            self._wait(tail, LedgerEvent.RECOVERED, salted)
        os.ftruncate(handle, tail.sound)
        os.fsync(handle)
        return replace(tail, torn=b"")

    def _keep_aside(self, tail: Tail) -> str:
        """The name under which the torn bytes lie, durable."""
        for number in count(tail.entries):
            path = self._folder / f"torn.{number}"
            if not path.exists():
                replace_file(path, tail.torn)
                return path.name
            if read_file(path) == tail.torn:
                return path.name
        raise AssertionError("numbers do not end")

    def _take_up(self, handle: int, tail: Tail, key: SigningKey) -> Tail:
        """The ledger's end after every note was entered. A note knows its number, so a kill in between doubles none."""
        if self._waiting.exists():
            for note in self._pending(tail):
                tail = append(handle, tail, note, key=key)
            remove_file(self._waiting)
        return tail

    def _pending(self, tail: Tail) -> tuple[Note, ...]:
        return read_notes(self._read_waiting(), tail.entries)

    def _read_waiting(self) -> bytes:
        return read_file(self._waiting, MAX_WAITING) if self._waiting.exists() else b""

    def _wait(self, tail: Tail, event: LedgerEvent, salted: str) -> None:
        notes = self._pending(tail)
        note = Note(at_ms=self._clock(), event=event, number=tail.entries + len(notes), subject=salted)
        data = write_notes((*notes, note))
        if len(data) > MAX_WAITING:
            raise Refused("too many notes wait for the ledger; any command that unlocks your keys enters them")
        replace_file(self._waiting, data)

    def _snapshot(self) -> tuple[int, bytes]:
        """The size of `entries` and the waiting notes at one moment between two entries; nothing is made."""
        self._require_together()
        handle = open_existing(self._entries)
        if handle is None:
            return 0, self._read_waiting()
        try:
            return os.fstat(handle).st_size, self._read_waiting()
        finally:
            os.close(handle)


def _is_handed_over(tail: Tail, key: SigningKey, next_key: VerifyKey) -> bool:
    """Whether the last entry is this very KEY entry: a rotation that was cut off is taken up again."""
    last = tail.last
    return last is not None and last.signer.raw == key.public.raw and last.document.next_key == next_key.text


def _last(tail: Tail) -> Entry:
    if tail.last is None:
        raise AssertionError("an entry was appended")
    return tail.last.document
