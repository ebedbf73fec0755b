"""The ledger: who did what, when, as signed entries in a chain, one line each.

An entry holds an event's name, a salted digest of what it concerns and the digest of the entry before; never content, a
title or a name. What widens access calls `enter` first and does nothing if it raises; what narrows access enters after.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import time
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Final

from vault.canonical import Document
from vault.errors import BadInput, Refused
from vault.files import create_file, lock_file, private_folder, read_file
from vault.keys import SigningKey, VerifyKey
from vault.signed import sign, verify

_SALT: Final = 32
START: Final = "0" * 64
"""What the first entry names as the entry before."""


class LedgerEvent(Enum):
    """What can be entered."""

    OPT_IN = "opt_in"
    WITHDRAW = "withdraw"
    START = "start"
    STOP = "stop"
    LEASE = "lease"
    REDACT = "redact"
    SUBMIT = "submit"
    VIEW = "view"
    APPROVE = "approve"
    REJECT = "reject"
    EXPORT = "export"
    SHRED = "shred"
    REFUSED = "refused"


class Entry(Document, frozen=True):
    """One line of the ledger."""

    at_ms: int
    event: LedgerEvent
    number: int
    previous: str
    subject: str


class Ledger:
    """The ledger in one folder: `entries` (one signed entry a line) and `salt`."""

    def __init__(self, folder: Path, clock: Callable[[], int]) -> None:
        self._folder = folder
        self._clock = clock

    def enter(self, event: LedgerEvent, subject: str, key: SigningKey) -> Entry:
        """The entry, durable on disk when this returns; `subject` is salted and hashed before it is written."""
        private_folder(self._folder)
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
        handle = os.open(self._folder / "entries", flags, 0o600)
        with os.fdopen(handle, "r+b") as file:
            _lock(file.fileno())
            data = file.read()
            entries = read_entries(data, key.public)
            if not entries:
                self._make_salt()
            previous = entries[-1][1] if entries else START
            entry = Entry(
                at_ms=self._clock(), event=event, number=len(entries), previous=previous, subject=self._salted(subject)
            )
            _append(file.fileno(), sign(entry, key).data + b"\n", len(data))
        return entry

    def verify(self, key: VerifyKey) -> tuple[Entry, ...]:
        """All entries in order; `BadInput` at the first that was edited, removed, moved or cut off."""
        path = self._folder / "entries"
        return tuple(entry for entry, _ in read_entries(read_file(path), key)) if path.exists() else ()

    def concerns(self, entry: Entry, subject: str) -> bool:
        """Whether the entry is about this subject."""
        return hmac.compare_digest(entry.subject, self._salted(subject))

    def _salted(self, subject: str) -> str:
        salt = read_file(self._folder / "salt", _SALT)
        if len(salt) != _SALT:
            raise BadInput("the ledger's salt is damaged; restore it from a copy of this folder")
        return hmac.new(salt, subject.encode(), hashlib.sha256).hexdigest()

    def _make_salt(self) -> None:
        """Only an empty ledger gets a salt: a second one would make what was entered before unrecognisable."""
        path = self._folder / "salt"
        if not path.exists():
            create_file(path, secrets.token_bytes(_SALT))


def _append(handle: int, line: bytes, size: int) -> None:
    """Writes the line durably or not at all; half a line would close the ledger to every later entry."""
    try:
        view = memoryview(line)
        while view:
            view = view[os.write(handle, view) :]
        os.fsync(handle)
    except OSError as error:
        os.ftruncate(handle, size)
        raise Refused(f"the ledger cannot be written ({error.strerror}); nothing was done, make room first") from None


def _lock(handle: int) -> None:
    """Waits up to two seconds for the turn to write."""
    for _ in range(200):
        try:
            return lock_file(handle)
        except OSError:
            time.sleep(0.01)
    raise Refused("another process holds the ledger; wait until it is done and try again")


def read_entries(untrusted: bytes, key: VerifyKey) -> tuple[tuple[Entry, str], ...]:
    """Every entry with its digest, in order; `BadInput` names the first line that does not follow."""
    entries: list[tuple[Entry, str]] = []
    previous = START
    lines = untrusted.split(b"\n")
    if lines.pop():
        raise BadInput("the ledger's last line is cut off; `optin audit verify` says where")
    for number, line in enumerate(lines):
        signed = verify(line, Entry, key)
        if signed.document.number != number or signed.document.previous != previous:
            raise BadInput(f"the ledger was changed at line {number + 1}: the chain does not hold from there")
        previous = signed.digest
        entries.append((signed.document, previous))
    return tuple(entries)
