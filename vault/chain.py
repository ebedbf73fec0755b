"""The ledger's lines: what an entry, a note and a checkpoint are, and whether lines follow from each other. No IO.

A line is one entry, signed by the device key of its time (its epoch). Rules of this file:
1. Entry n has number n and names the digest of entry n-1; the first names `START`.
2. Epochs have no gaps: the first is that of the pinned key, and each next one begins right after a KEY entry, signed by
   the old key, that names the new one. A key that was handed over signs nothing any more, and no key has two epochs.
3. A power cut can damage only the last line, and may leave anything in its place: nothing, a part, zeros, what lay on
   the disk before. What stands before it and does not hold was changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from vault.canonical import Document, canonical, parse
from vault.errors import BadInput, Refused
from vault.keys import VerifyKey, from_text
from vault.signed import Signed, verify_self

MAX_LINE: Final = 640
"""Upper limit of a line in bytes with its end. An entry has 380 to 520, so what a power cut damaged is never two."""
WINDOW: Final = 3 * MAX_LINE
"""So many bytes from the end hold a torn line and two whole ones before it."""
START: Final = "0" * 64
"""What the first entry names as the entry before."""


class LedgerEvent(Enum):
    """What can be entered."""

    OPT_IN = "opt_in"
    WITHDRAW = "withdraw"
    START = "start"
    STOP = "stop"
    PAUSE = "pause"
    RESUME = "resume"
    LEASE = "lease"
    SEGMENT_OPENED = "segment_opened"
    SEGMENT_CLOSED = "segment_closed"
    SEGMENT_CRASHED = "segment_crashed"
    REDACT = "redact"
    SUBMIT = "submit"
    VIEW = "view"
    APPROVE = "approve"
    REJECT = "reject"
    EXPORT = "export"
    SHRED = "shred"
    REFUSED = "refused"
    KEY = "key"
    RECOVERED = "recovered"


NOTED: Final = frozenset(
    {
        LedgerEvent.WITHDRAW,
        LedgerEvent.SHRED,
        LedgerEvent.STOP,
        LedgerEvent.PAUSE,
        LedgerEvent.SEGMENT_CLOSED,
        LedgerEvent.REJECT,
        LedgerEvent.REFUSED,
        LedgerEvent.RECOVERED,
    }
)
"""What may be noted without a key. A note is unsigned until the next entry, so none of these may widen access."""
KEY_MARK: Final = b'"event":"key"'
"""How a KEY entry is told from others without reading it: lines are canonical, so it stands in no other form."""


class Entry(Document, frozen=True):
    """One line of the ledger. `next_key` is the next device key (base64) in a KEY entry, empty in all others."""

    at_ms: int
    event: LedgerEvent
    next_key: str
    number: int
    previous: str
    subject: str


class Note(Document, frozen=True):
    """What waits to be entered under `number`; the subject is salted already."""

    at_ms: int
    event: LedgerEvent
    number: int
    subject: str


class Checkpoint(Document, frozen=True):
    """How long the ledger was at a moment, and the digest of its last entry; `first_key` says whose ledger it is."""

    at_ms: int
    entries: int
    first_key: str
    head: str
    version: int


@dataclass(frozen=True, slots=True)
class Tail:
    """A ledger's end: how many entries are whole, how many bytes they take, and what is torn after them."""

    entries: int
    last: Signed[Entry] | None
    sound: int
    torn: bytes

    @property
    def head(self) -> str:
        """The digest that the next entry names as the one before."""
        return START if self.last is None else self.last.digest

    def require_writer(self, key: VerifyKey) -> None:
        """Nothing if the next entry is this key's to sign; `Refused` or `BadInput` with what to do otherwise."""
        if self.last is None or writer_after(self.last).raw == key.raw:
            return
        if self.last.signer.raw == key.raw:
            raise Refused("the device's key was handed over, and that was cut off; finish it: optin keys rotate device")
        raise BadInput(
            "the ledger's last entry is signed by another key than this device's; `optin audit verify` checks it"
        )


def writer_after(signed: Signed[Entry]) -> VerifyKey:
    """The key that signs the entry after this one."""
    entry = signed.document
    return VerifyKey(from_text(entry.next_key)) if entry.event is LedgerEvent.KEY else signed.signer


def read_tail(untrusted_window: bytes, size: int) -> Tail:
    """The end of a ledger of `size` bytes, from its last `WINDOW` bytes; `BadInput` for damage that no cut explains.

    Torn is what stands after the last line that holds and follows from the one before, if it is not longer than a line.
    """
    *lines, torn = untrusted_window.split(b"\n")
    is_whole = size == len(untrusted_window)
    if not is_whole:
        lines = lines[1:]  # the window begins inside this line
    last = _last(lines, is_whole=is_whole)
    while last is None and lines and len(torn) <= MAX_LINE:
        torn = lines.pop() + b"\n" + torn
        last = _last(lines, is_whole=is_whole)
    if len(torn) > MAX_LINE or (last is None and not is_whole):
        raise BadInput(_damaged("at its end"))
    return Tail(last.document.number + 1 if last else 0, last, size - len(torn), torn)


def _last(lines: list[bytes], *, is_whole: bool) -> Signed[Entry] | None:
    """The last of the lines, if it holds and follows from the one before it, or is the first of all; else None."""
    if len(lines) < (1 if is_whole else 2):
        return None
    try:
        read = [_read_line(line, "") for line in lines[-2:]]
    except BadInput:
        return None
    before, last = read[0] if len(read) == 2 else None, read[-1]
    expected = (before.document.number + 1, before.digest) if before else (0, START)
    if (last.document.number, last.document.previous) != expected:
        return None
    return None if before and writer_after(before).raw != last.signer.raw else last


def read_chain(untrusted_lines: Iterable[bytes], first: VerifyKey) -> Iterator[Signed[Entry]]:
    """Every entry in order; `BadInput` names the first line that does not follow. Lines come without their end."""
    writer, previous, used = first, START, {first.raw}
    for number, line in enumerate(untrusted_lines):
        signed = _read_line(line, f"at line {number + 1}")
        entry = signed.document
        if (entry.number, entry.previous) != (number, previous):
            raise BadInput(f"{_damaged(f'at line {number + 1}')}: the chain does not hold from there")
        _require_signer(signed, writer, used)
        if entry.event is LedgerEvent.KEY:
            writer = writer_after(signed)
            if writer.raw in used:
                raise BadInput(f"{_damaged(f'at line {number + 1}')}: it hands over to a key that had its time before")
            used.add(writer.raw)
        previous = signed.digest
        yield signed


def _require_signer(signed: Signed[Entry], writer: VerifyKey, used: set[bytes]) -> None:
    """Exactly the key of the epoch: CVE-2023-31438 was a verifier that took a newer one."""
    if signed.signer.raw == writer.raw:
        return
    line = f"at line {signed.document.number + 1}"
    if signed.signer.raw in used:
        raise BadInput(f"{_damaged(line)}: it is signed by another key, one that was handed over before")
    raise BadInput(f"{_damaged(line)}: it is signed by another key than the device's at that time")


def read_keys(untrusted_lines: Iterable[bytes], first: VerifyKey) -> tuple[VerifyKey, ...]:
    """The device keys in order, from the KEY entries alone; `BadInput` if they do not hand over to each other."""
    keys = [first]
    for number, line in enumerate(untrusted_lines):
        if KEY_MARK not in line:
            continue
        signed = _read_line(line.removesuffix(b"\n"), f"at line {number + 1}")
        if signed.document.number != number or signed.signer.raw != keys[-1].raw:
            raise BadInput(f"{_damaged(f'at line {number + 1}')}: device keys do not hand over to each other there")
        keys.append(writer_after(signed))
    return tuple(keys)


def read_notes(untrusted: bytes, entries: int) -> tuple[Note, ...]:
    """The notes that a ledger of so many entries has not taken up yet; `BadInput` if they do not follow from it."""
    notes = tuple(parse(line, Note) for line in untrusted.splitlines())
    if any(note.event not in NOTED for note in notes):
        raise BadInput("a note waits for the ledger that only a signed entry may hold; the file `waiting` was edited")
    pending = tuple(note for note in notes if note.number >= entries)
    if [note.number for note in pending] != list(range(entries, entries + len(pending))):
        raise BadInput("the ledger was cut, or the notes that wait for it are another's: they do not follow from it")
    return pending


def write_notes(notes: tuple[Note, ...]) -> bytes:
    """The file form of notes, one a line."""
    return b"".join(canonical(note) + b"\n" for note in notes)


def require_checkpoint(checkpoint: Checkpoint, first: VerifyKey, heads: dict[int, str]) -> None:
    """Nothing if the ledger goes on from this checkpoint; `heads` are the digests after so many entries."""
    if checkpoint.first_key != first.text:
        raise BadInput("a witness saw another ledger under this consent: the ledger was exchanged")
    if checkpoint.entries not in heads:
        raise BadInput(f"the ledger was cut: a witness saw {checkpoint.entries} entries of it, and there are fewer")
    if heads[checkpoint.entries] != checkpoint.head:
        raise BadInput(f"the ledger was rewritten: its first {checkpoint.entries} entries are not those a witness saw")


def torn_text(number: int) -> str:
    """What a person is told of a last line that does not hold, and that nothing has set aside yet."""
    return (
        f"line {number}, the ledger's last, is cut off or damaged. A power cut while it was written does that, and so "
        "does an edit; which of the two, the ledger cannot tell. The next command that enters something, such as "
        "`optin sync`, keeps the line aside in the folder `ledger` and enters that it did"
    )


def _damaged(where: str) -> str:
    return f"the ledger was changed {where}"


def holds(untrusted_line: bytes) -> bool:
    """Whether the line is an entry whose signature holds, whoever signed it."""
    try:
        _read_line(untrusted_line, "")
    except BadInput:
        return False
    return True


def _read_line(untrusted: bytes, where: str) -> Signed[Entry]:
    if len(untrusted) >= MAX_LINE:
        raise BadInput(f"{_damaged(where)}: the line is longer than any may be")
    try:
        signed = verify_self(untrusted, Entry)
    except BadInput as error:
        raise BadInput(f"{_damaged(where)}: {error}") from None
    if (signed.document.event is LedgerEvent.KEY) != bool(signed.document.next_key):
        raise BadInput(f"{_damaged(where)}: a key is named where none may be, or none where one must be")
    return signed
