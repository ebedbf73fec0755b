"""The ledger's file: opens and locks it, reads its end or its lines, appends a line durably or not at all.

Appending reads the last `WINDOW` bytes and no more, however long the file is. What is torn at its end is told, and
never cut off here. `vault/ledger.py` decides what is entered; `vault/chain.py` decides what holds.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from vault.chain import MAX_LINE, WINDOW, Entry, Note, Tail, holds, read_tail, torn_text
from vault.errors import BadInput, Refused
from vault.files import hold, write_all
from vault.keys import SigningKey, VerifyKey
from vault.signed import sign, verify_self

_PATIENCE: Final = 200
"""So many hundredths of a second a command waits for another one that holds the ledger."""
_OPEN: Final = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
_READ: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC
_MENTION: Final = re.compile(rb'"event":"([a-z_]+)".*"subject":"([0-9a-f]{64})"')


def open_locked(path: Path) -> int:
    """The descriptor of the file, made if need be and locked until it is closed; `Refused` after two seconds."""
    return _locked(os.open(path, _OPEN, 0o600))


def open_existing(path: Path) -> int | None:
    """The same for reading only, None if there is no such file."""
    try:
        return _locked(os.open(path, _READ))
    except FileNotFoundError:
        return None


def _locked(handle: int) -> int:
    try:
        return hold(handle, tries=_PATIENCE)
    except OSError:
        raise Refused("another process holds the ledger; wait until it is done and try again") from None


def read_end(handle: int) -> Tail:
    """The ledger's end; reads the file's last `WINDOW` bytes, however long it is."""
    size = os.fstat(handle).st_size
    return read_tail(os.pread(handle, WINDOW, max(0, size - WINDOW)), size)


def first_signer(handle: int) -> VerifyKey:
    """Who signed the first entry."""
    return verify_self(os.pread(handle, MAX_LINE, 0).partition(b"\n")[0], Entry).signer


def read_lines(path: Path, size: int) -> Iterator[bytes]:
    """The lines in the first `size` bytes with their ends; a stretch longer than a line may be comes in pieces."""
    if not size:
        return
    with os.fdopen(os.open(path, _READ), "rb") as file:
        while size and (line := file.readline(min(MAX_LINE, size))):
            size -= len(line)
            yield line


def read_sound_lines(path: Path, size: int) -> Iterator[bytes]:
    """The same without their ends; `BadInput` with words of its own for a last line that a power cut may have torn."""
    for number, line in enumerate(read_lines(path, size), 1):
        if size <= MAX_LINE and not (line.endswith(b"\n") and holds(line[:-1])):
            raise BadInput(torn_text(number))
        size -= len(line)
        yield line.removesuffix(b"\n")


def mention(line: bytes) -> tuple[bytes, bytes]:
    """The event and the salted subject that a line names."""
    found = _MENTION.search(line)
    return (found[1], found[2]) if found else (b"", b"")


def append(handle: int, tail: Tail, note: Note, *, key: SigningKey, next_key: str = "") -> Tail:
    """The ledger's end with one more entry, which is durable."""
    entry = Entry(
        at_ms=note.at_ms,
        event=note.event,
        next_key=next_key,
        number=tail.entries,
        previous=tail.head,
        subject=note.subject,
    )
    signed = sign(entry, key)
    _write(handle, signed.data + b"\n", tail.sound)
    return Tail(tail.entries + 1, signed, tail.sound + len(signed.data) + 1, b"")


def _write(handle: int, line: bytes, size: int) -> None:
    """Writes the line durably or not at all; a write that fails is cut off again, one whose sync fails too."""
    try:
        write_all(handle, line)
        os.fsync(handle)
    except OSError as error:
        if not _is_cut_back(handle, size):
            raise Refused(
                f"the ledger cannot be written ({error.strerror}) and what was begun cannot be taken back; nothing was "
                "done, but an entry may say so or stand there in part. Look after the disk, then: optin audit verify"
            ) from None
        raise Refused(
            f"the ledger cannot be written ({error.strerror}); nothing was done; make room, or mend the disk"
        ) from None


def _is_cut_back(handle: int, size: int) -> bool:
    try:
        os.ftruncate(handle, size)
        os.fsync(handle)
    except OSError:
        return False
    return True
