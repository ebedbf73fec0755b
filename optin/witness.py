"""Witnesses: officers and exporters remember how long a device's ledger was, and sign that they saw it.

A device lays a checkpoint of its ledger into the inbox, signed by the employee's key that the grant names. Whoever
works with its submissions compares it with the last one they saw (kept in their own home), remembers it, and lays a
`Witness` beside it. `optin audit verify` then finds that a ledger was cut or rewritten below what a witness saw.

1. Compared before it is remembered, remembered before it is signed.
2. A witness counts if a key of the policy signed it; others are passed over and counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from consent.documents import Grant, Policy
from optin.home import Home, wall_ms
from optin.inbox import Inbox, Witness
from vault.canonical import canonical, parse
from vault.errors import BadInput, OptinError, Refused
from vault.files import read_file, replace_file
from vault.keys import SigningKey
from vault.ledger import Checkpoint
from vault.signed import Signed, sign, verify_self

_LIMIT: Final = 1 << 16


class Reach(Enum):
    """Whether the inbox told what it holds."""

    REACHED = "reached"
    NOT_REACHED = "not reached"
    NOT_ASKED = "not asked"


@dataclass(frozen=True, slots=True)
class Seen:
    """What one witness saw: who, and the checkpoint."""

    by: str
    at_ms: int
    checkpoint: Checkpoint


@dataclass(frozen=True, slots=True)
class Known:
    """All that is known here of witnesses; `passed_over` counts what no key of the policy signed."""

    seen: tuple[Seen, ...]
    passed_over: int
    reach: Reach


def lay_checkpoint(home: Home, inbox: Inbox, grant: Signed[Grant]) -> None:
    """Lays the ledger's checkpoint of this moment, signed anew by the employee: that key, the officers know."""
    checkpoint = home.ledger.checkpoint(home.keys.signing("device")).document
    inbox.lay_checkpoint(grant.digest, sign(checkpoint, home.keys.signing("employee")))


def require_growth(home: Home, inbox: Inbox, grant_digest: str) -> Checkpoint:
    """The checkpoint of the device under this grant, remembered; `Refused` if its ledger did not go on from the last.

    `Refused`, too, if there is none: a device that keeps a ledger lays one with each submission.
    """
    signed = inbox.checkpoint(_grant(inbox, grant_digest))
    if signed is None:
        raise Refused("no checkpoint of the employee's ledger lies in the inbox; their machine must run `optin sync`")
    path = home.folder("seen") / f"{grant_digest}.json"
    if path.exists():
        _compare(parse(read_file(path, _LIMIT), Checkpoint), signed.document)
    replace_file(path, canonical(signed.document))
    return signed.document


def _grant(inbox: Inbox, digest: str) -> Signed[Grant]:
    grant = inbox.grant(digest)
    if grant is None:
        raise Refused("the consent that this belongs to is not in the inbox; the employee must submit again")
    if grant.digest != digest or grant.signer.text != grant.document.employee_key:
        raise BadInput("a consent in the inbox lies under another one's name; it was exchanged")
    return grant


def _compare(seen: Checkpoint, now: Checkpoint) -> None:
    said = "Do not go on before the employee and whoever runs the inbox have explained it"
    if now.entries < seen.entries:
        raise Refused(
            f"the device's ledger was cut, or an old checkpoint was put back: it had {seen.entries} entries, and now "
            f"it has {now.entries}. {said}"
        )
    if now.first_key != seen.first_key or (now.entries == seen.entries and now.head != seen.head):
        raise Refused(f"the device's ledger was rewritten: it is not the one that was seen here before. {said}")


def countersign(inbox: Inbox, grant_digest: str, checkpoint: Checkpoint, *, key: SigningKey) -> None:
    """Lays the witness's signature over a checkpoint that `require_growth` gave."""
    inbox.lay_witness(grant_digest, sign(Witness(at_ms=wall_ms(), checkpoint=checkpoint, version=1), key))


def keep_witnesses(home: Home, inbox: Inbox, grant: Signed[Grant]) -> None:
    """Keeps here what witnesses laid into the inbox, the longest of each; what is gone from the inbox stays here."""
    names = _names(home)
    for untrusted in inbox.witnesses(grant.digest):
        signed = _read(untrusted)
        if signed is None or signed.signer.text not in names:
            continue
        path = home.folder("witnesses") / f"{signed.signer.raw.hex()[:16]}.json"
        kept = _read(read_file(path, _LIMIT)) if path.exists() else None
        if kept is None or kept.document.checkpoint.entries <= signed.document.checkpoint.entries:
            replace_file(path, signed.data)


def known_witnesses(home: Home) -> Known:
    """What the inbox holds under the consent that stands, and what was kept here."""
    untrusted, reach = _in_inbox(home)
    paths = sorted((home.root / "witnesses").glob("[!.]*.json"))
    read = [_read(data) for data in (*untrusted, *(read_file(path, _LIMIT) for path in paths))]
    names = _names(home)
    seen = {
        signed.digest: Seen(names[signed.signer.text], signed.document.at_ms, signed.document.checkpoint)
        for signed in read
        if signed is not None and signed.signer.text in names
    }
    passed_over = sum(signed is None or signed.signer.text not in names for signed in read)
    return Known(tuple(sorted(seen.values(), key=_length)), passed_over, reach)


def _length(seen: Seen) -> tuple[int, str, int]:
    return (seen.checkpoint.entries, seen.by, seen.at_ms)


def _in_inbox(home: Home) -> tuple[tuple[bytes, ...], Reach]:
    if not (home.root / "consent" / "grant.json").exists():
        return (), Reach.NOT_ASKED
    grant = home.grant()
    try:
        inbox = home.inbox()
        untrusted = inbox.witnesses(grant.digest)
        laid = inbox.grant(grant.digest) is not None
    except (OSError, OptinError, ValueError, ImportError):  # what storages raise that are off, unknown or not installed
        return (), Reach.NOT_REACHED
    is_there = laid or not home.submitted()  # a storage that lost what this machine laid there is not the inbox
    return (untrusted, Reach.REACHED) if is_there else ((), Reach.NOT_REACHED)


def _names(home: Home) -> dict[str, str]:
    """Who may witness, by public key; nobody where there is no policy."""
    try:
        policy: Policy = home.policy().document
    except Refused:
        return {}
    officers = {officer.signing_key: f"officer {officer.person}" for officer in policy.officers}
    return officers | {job.signing_key: f"exporter {job.name}" for job in policy.exporters}


def _read(untrusted: bytes) -> Signed[Witness] | None:
    """None for what is damaged: anybody may lay something into the inbox, and the ledger holds or not without it."""
    try:
        return verify_self(untrusted, Witness)
    except BadInput:
        return None
