"""Ledgers with one failure each: files of signed entries, some with notes that wait or with what a witness saw.

Each line is a signed document of kind Entry; it names the digest of the entry before (its body's canonical form), and
the first names 64 zeros. A KEY entry hands over to the next device key. `says` is a part of the reader's reason; empty
means that the ledger holds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.vectors.documents import signed
from tests.vectors.keys import public_text, signing
from tests.vectors.parts import DEVICE, canonical

NEXT: Final = signing("next device")
STRANGER: Final = signing("stranger")
SUBJECT: Final = "5" * 64
NO_CHAIN: Final = "the chain does not hold"
ANOTHER_KEY: Final = "signed by another key than the device's"
HANDED_OVER: Final = "handed over before"
TORN: Final = "cut off or damaged"


@dataclass(frozen=True, slots=True)
class Step:
    """One entry to be made; what is None follows from the entries before."""

    event: str = "view"
    key: Ed25519PrivateKey = DEVICE
    next_key: str = ""
    number: int | None = None
    previous: str | None = None
    more: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """One vector. `witness` is how many entries a witness saw, their last digest, and the ledger's first key."""

    name: str
    data: bytes
    says: str = ""
    entries: int = 0
    keys: int = 1
    waiting: bytes = b""
    witness: tuple[int, str, str] | None = None


def books() -> tuple[Book, ...]:
    """All vectors of ledgers, in the order of the index."""
    return (*_good(), *_changed(), *_made_wrong(), *_epochs(), *_notes(), *_witnessed())


def lines(steps: Iterable[Step]) -> list[bytes]:
    """The lines of these entries, with their ends."""
    found: list[bytes] = []
    previous = "0" * 64
    for number, step in enumerate(steps):
        body = _entry(step, number, previous)
        previous = hashlib.sha256(canonical(body)).hexdigest()
        found.append(signed("Entry", body, step.key) + b"\n")
    return found


def _entry(step: Step, number: int, previous: str) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "at_ms": 1_790_000_000_000 + number,
        "event": step.event,
        "next_key": step.next_key,
        "number": number if step.number is None else step.number,
        "previous": previous if step.previous is None else step.previous,
        "subject": SUBJECT,
    }
    return fields | dict(step.more)


PLAIN: Final = (Step("opt_in"), Step("start"), Step("stop"), Step("view"))
HANDED: Final = (Step("opt_in"), Step("key", next_key=public_text(NEXT)), Step("start", NEXT), Step("stop", NEXT))


def _good() -> tuple[Book, ...]:
    return (
        Book("good", b"".join(lines(PLAIN)), entries=4),
        Book("good-empty", b""),
        Book("good-with-two-keys", b"".join(lines(HANDED)), entries=4, keys=2),
        Book("good-ending-with-a-key", b"".join(lines(HANDED[:2])), entries=2, keys=2),
    )


def _changed() -> tuple[Book, ...]:
    """What one without a key can make of the lines of a good ledger."""
    first, second, third, last = lines(PLAIN)
    files = {
        "first-removed": (second + third + last, f"line 1: {NO_CHAIN}"),
        "one-removed": (first + third + last, f"line 2: {NO_CHAIN}"),
        "two-swapped": (first + third + second + last, f"line 2: {NO_CHAIN}"),
        "one-doubled": (first + first + second + third, f"line 2: {NO_CHAIN}"),
        "one-edited": (first + second.replace(b'"start"', b'"lease"') + third + last, "line 2"),
        "last-edited": (first + second + third + last.replace(b'"view"', b'"stop"'), TORN),
        "last-cut": (first + second + third + last[:-40], TORN),
        "last-without-its-end": (first + second + third + last[:-1], TORN),
        "last-empty": (first + second + third + last + b"\n", TORN),
        "empty-line-between": (first + b"\n" + second + third + last, "line 2"),
        "other-line-ends": (first[:-1] + b"\r\n" + second + third + last, "line 1"),
        "line-too-long": (first + b" " * 3000 + b"\n" + second + third, "line 2"),
        "of-another-ledger": (first + b"".join(lines((Step("start"), *PLAIN[1:]))[1:]), f"line 2: {NO_CHAIN}"),
    }
    return tuple(Book(f"refused-{name}", data, says) for name, (data, says) in files.items())


def _made_wrong() -> tuple[Book, ...]:
    """What the right device key signed, and is wrong all the same; a right entry follows."""
    steps = {
        "number-skipped": (Step("start", number=2), NO_CHAIN),
        "number-doubled": (Step("start", number=0), NO_CHAIN),
        "previous-wrong": (Step("start", previous="a" * 64), NO_CHAIN),
        "previous-empty": (Step("start", previous=""), NO_CHAIN),
        "event-unknown": (Step("look"), "line 2"),
        "extra-field": (Step("start", more=(("why", ""),)), "line 2"),
        "number-as-a-word": (Step("start", more=(("number", "1"),)), "line 2"),
        "next-key-without-a-key-event": (Step("start", next_key=public_text(NEXT)), "line 2"),
    }
    return tuple(
        Book(f"refused-{name}", b"".join(lines((PLAIN[0], step, Step()))), says) for name, (step, says) in steps.items()
    )


def _epochs() -> tuple[Book, ...]:
    """Each entry is signed by the key of its time, neither an older nor a newer one."""
    opt_in, hand_over, start, stop = HANDED
    ledgers = {
        "stranger-first": ((replace(opt_in, key=STRANGER), start), ANOTHER_KEY),
        "stranger-later": ((opt_in, replace(start, key=STRANGER), stop), ANOTHER_KEY),
        "old-key-after-its-time": ((opt_in, hand_over, replace(start, key=DEVICE), stop), HANDED_OVER),
        "new-key-before-its-time": ((opt_in, replace(start, key=NEXT), hand_over, stop), ANOTHER_KEY),
        "hand-over-by-the-new-key": ((opt_in, replace(hand_over, key=NEXT), start), ANOTHER_KEY),
        "hand-over-to-itself": ((opt_in, Step("key", next_key=public_text(DEVICE)), Step()), "had its time before"),
        "hand-over-to-an-old-key": (
            (opt_in, hand_over, Step("key", NEXT, public_text(DEVICE)), Step()),
            "had its time before",
        ),
        "hand-over-to-nobody": ((opt_in, Step("key"), Step()), "line 2"),
        "hand-over-to-half-a-key": ((opt_in, Step("key", next_key="AAAA"), Step()), "wrong length"),
    }
    return tuple(Book(f"refused-{name}", b"".join(lines(steps)), says) for name, (steps, says) in ledgers.items())


def _notes() -> tuple[Book, ...]:
    """Notes go on from the entries, one number each; what widens access cannot wait for a signature."""
    data = b"".join(lines(PLAIN))
    files = {
        "good-with-notes": (_waiting((4, "withdraw"), (5, "shred")), ""),
        "good-with-notes-that-were-entered": (_waiting((2, "stop"), (3, "stop")), ""),
        "refused-note-that-widens": (_waiting((4, "export")), "only a signed entry may hold"),
        "refused-note-with-a-gap": (_waiting((4, "withdraw"), (6, "shred")), "do not follow"),
        "refused-note-twice": (_waiting((4, "withdraw"), (4, "withdraw")), "do not follow"),
        "refused-note-of-a-longer-ledger": (_waiting((7, "withdraw")), "do not follow"),
        "refused-note-cut": (_waiting((4, "withdraw"))[:-9], "Note"),
    }
    return tuple(
        Book(name, data, says, entries=0 if says else 4, waiting=waiting) for name, (waiting, says) in files.items()
    )


def _waiting(*notes: tuple[int, str]) -> bytes:
    forms = ({"at_ms": 1_790_000_000_000, "event": event, "number": at, "subject": SUBJECT} for at, event in notes)
    return b"".join(canonical(form) + b"\n" for form in forms)


def _witnessed() -> tuple[Book, ...]:
    """A cut at a line's end, or a ledger made anew by one who has the device's key, shows only to a witness."""
    whole, other = lines(PLAIN), lines((Step("start"), *PLAIN[1:]))
    device = public_text(DEVICE)
    seen, half = (4, _digest(PLAIN), device), (2, _digest(PLAIN[:2]), device)
    return (
        Book("good-and-witnessed", b"".join(whole), entries=4, witness=seen),
        Book("good-and-longer-than-witnessed", b"".join(whole), entries=4, witness=half),
        Book("good-and-witnessed-when-empty", b"".join(whole), entries=4, witness=(0, "0" * 64, device)),
        Book("refused-cut-after-a-witness", b"".join(whole[:3]), "fewer", witness=seen),
        Book("refused-emptied-after-a-witness", b"", "fewer", witness=seen),
        Book("refused-rewritten", b"".join(other), "not those a witness saw", witness=seen),
        Book("refused-witness-of-another", b"".join(whole), "exchanged", witness=(4, seen[1], public_text(STRANGER))),
    )


def _digest(steps: tuple[Step, ...]) -> str:
    """The digest of the last of these entries."""
    previous = "0" * 64
    for number, step in enumerate(steps):
        previous = hashlib.sha256(canonical(_entry(step, number, previous))).hexdigest()
    return previous
