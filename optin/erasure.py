"""Leaving: consent's key is destroyed, then what it opened, then all that was derived from that; a receipt is left.

Rules of this file:
1. Erasing narrows access, so it always happens: no passphrase, no network, no room on the disk and no ledger entry is
   needed for it. A step that fails does not keep the next from being taken; what is left is named, and a second
   `withdraw` takes it up.
2. The grant is removed last. As long as it is there, a withdrawal that was cut off can be told from none.
3. The receipt holds counts and digests. It is signed by the device as soon as its key can be had without asking.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from capture.queue import QueueFolder, shred_all
from consent.documents import ConsentStatus
from optin import account
from optin.home import Home, wall_ms
from vault.canonical import Document, canonical, parse
from vault.errors import BadInput, MissingPart, OptinError, Refused
from vault.files import read_file, remove_file, replace_file, sync_folder
from vault.keys import SigningKey
from vault.ledger import LedgerEvent
from vault.signed import Signed, sign, verify_self

STOP_SECONDS: Final = 3.0
_DERIVED: Final = ("redacted", "reports", "desk")
_CONSENT_FILES: Final = ("erasing.json", "withdrawal.json", "grant.json")
_RECEIPTS: Final = "receipts"
_LIMIT: Final = 1 << 16


class Erased(Document, frozen=True):
    """How many of something were erased."""

    number: int
    what: str


class ErasureReceipt(Document, frozen=True):
    """What a withdrawal erased. `grant` is the digest of the grant, empty where it was never whole."""

    began_ms: int
    ended_ms: int
    erased: tuple[Erased, ...]
    grant: str
    version: int


class _Erasing(Document, frozen=True):
    """What was there when erasing began, kept until it is done: a second attempt finds less."""

    began_ms: int
    found: tuple[Erased, ...]
    grant: str
    version: int


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """How a withdrawal ended: its receipt, whether that is signed, and whether the ledger and the inbox know."""

    receipt: ErasureReceipt
    is_signed: bool
    is_entered: bool
    is_published: bool


def withdraw(home: Home) -> Withdrawn:
    """Takes consent back; `Refused` if there is none, `MissingPart` naming what a second call must finish."""
    home.config()
    if not _consent_is_here(home):
        raise Refused("there is no consent here to withdraw")
    _stop_recorder(home)
    erasing = _begin(home)
    entered = home.note_if_possible(LedgerEvent.WITHDRAW, erasing.grant)
    left = tuple(filter(None, (_left(what, step, home) for what, step in _STEPS)))
    if left:
        rest = "\n".join(left)
        raise MissingPart(f"consent is withdrawn, but not all is erased yet; run `optin withdraw` again:\n{rest}")
    entered = home.note_if_possible(LedgerEvent.SHRED, erasing.grant) and entered
    receipt = ErasureReceipt(
        began_ms=erasing.began_ms, ended_ms=wall_ms(), erased=erasing.found, grant=erasing.grant, version=1
    )
    signed, published = _leave_receipt(home, receipt), _withdrawal(home) is not None
    for name in _CONSENT_FILES:
        remove_file(home.root / "consent" / name)
    return Withdrawn(receipt, signed, entered, published)


def _consent_is_here(home: Home) -> bool:
    files = any((home.root / "consent" / name).exists() for name in _CONSENT_FILES)
    return files or bool({"consent", "redacted"} & set(home.keys.names()))


def _begin(home: Home) -> _Erasing:
    """What is there now, or was when a withdrawal that was cut off began."""
    path = home.root / "consent" / "erasing.json"
    try:
        return parse(read_file(path, _LIMIT), _Erasing)
    except (BadInput, MissingPart):
        erasing = _Erasing(began_ms=wall_ms(), found=_found(home), grant=_grant_digest(home), version=1)
    try:
        home.folder("consent")
        replace_file(path, canonical(erasing))
    except (OSError, OptinError):
        return erasing  # a disk that is full keeps nobody from leaving; only a second attempt would count less
    return erasing


def _found(home: Home) -> tuple[Erased, ...]:
    folder = QueueFolder(home.queue)
    counted = {
        "sealed segments": len(tuple(folder.segments.glob("*.seg"))),
        "keys of segments": len(tuple(folder.keys.glob("*.key"))),
        "redacted sessions, reports and images": sum(_files(home.root / name) for name in _DERIVED),
        "submissions": _files(home.root / "submitted"),
    }
    return tuple(Erased(number=number, what=what) for what, number in counted.items())


def _grant_digest(home: Home) -> str:
    try:
        return home.grant().digest
    except OptinError:
        return ""


def _destroy_key(home: Home) -> None:
    account.destroy(home)


def _shred_queue(home: Home) -> None:
    shred_all(QueueFolder(home.queue))


def _erase_derived(home: Home) -> None:
    for name in _DERIVED:
        _erase(home.root / name)
    sync_folder(home.root)


def _publish(home: Home) -> None:
    """Removes what waits in the inbox and lays the withdrawal there; it was signed with the grant.

    A damaged withdrawal keeps nobody from leaving. The gate then refuses as soon as the last status is too old.
    """
    inbox = home.inbox()
    for entry in home.submitted():
        inbox.take_back(entry.bundle_digest)
    if (withdrawal := _withdrawal(home)) is not None:
        inbox.lay_status(withdrawal)
    _erase(home.root / "submitted")


def _withdrawal(home: Home) -> Signed[ConsentStatus] | None:
    try:
        return home.withdrawal()
    except (BadInput, MissingPart):
        return None


_STEPS: Final[tuple[tuple[str, Callable[[Home], None]], ...]] = (
    ("the consent's key", _destroy_key),
    ("the queue", _shred_queue),
    ("what was redacted", _erase_derived),
    ("the inbox", _publish),
)
"""In this order: without the key, all that follows is unreadable already."""


def _left(what: str, step: Callable[[Home], None], home: Home) -> str:
    """Takes the step; says what is left and why if it could not be taken, and the next one is tried all the same."""
    try:
        step(home)
    except OptinError as error:
        return f"{what}: {error}"
    except OSError as error:
        return f"{what}: {error.strerror or type(error).__name__}"
    return ""


def _leave_receipt(home: Home, receipt: ErasureReceipt) -> bool:
    """Keeps the receipt, signed if the device's key can be had without asking a person."""
    device = home.quiet_signing("device")
    name = f"{receipt.grant[:16] or 'unfinished'}-{receipt.began_ms}"
    if device is not None:
        replace_file(home.folder(_RECEIPTS) / f"{name}.json", sign(receipt, device).data)
    else:
        replace_file(home.folder(_RECEIPTS) / f"{name}.unsigned", canonical(receipt))
    return device is not None


def sign_receipts(home: Home, device: SigningKey) -> None:
    """Signs the receipts that wait for the device's key."""
    for path in sorted((home.root / _RECEIPTS).glob("*.unsigned")):
        receipt = parse(read_file(path, _LIMIT), ErasureReceipt)
        replace_file(path.with_suffix(".json"), sign(receipt, device).data)
        remove_file(path)


def has_unsigned(home: Home) -> bool:
    """Whether receipts wait for the device's key."""
    return any((home.root / _RECEIPTS).glob("*.unsigned"))


def receipts(home: Home) -> tuple[Signed[ErasureReceipt], ...]:
    """The signed receipts, sorted by name; `BadInput` if one was edited or is not signed by a key of this device."""
    known = {key.raw for key in home.devices()}
    found = tuple(
        verify_self(read_file(path, _LIMIT), ErasureReceipt) for path in sorted((home.root / _RECEIPTS).glob("*.json"))
    )
    if any(signed.signer.raw not in known for signed in found):
        raise BadInput("a receipt is not signed by this device; it was exchanged")
    return found


def _stop_recorder(home: Home) -> None:
    """Ends a running recording by the file STOP; a recorder that does not follow seals to a key that is gone anyway."""
    if not home.is_recording():
        return
    try:
        replace_file(home.stop_file, b"")
    except OSError:
        return  # there is no room for even a name: the recorder's next write fails, and that ends it
    deadline = time.monotonic() + STOP_SECONDS
    while home.is_recording():
        if time.monotonic() > deadline:
            return  # the file stays: it ends the recording when the recorder looks again, and forbids a new one
        time.sleep(0.05)
    remove_file(home.stop_file)


def _files(folder: Path) -> int:
    return sum(path.is_file() for path in folder.rglob("*")) if folder.exists() else 0


def _erase(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
