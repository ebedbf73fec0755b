"""Sets up an installation and takes consent: keys, the solo policy, the grant with its pre-signed withdrawal.

Widening acts (a grant) are entered in the ledger first; the withdrawal is always possible, needs no passphrase and no
network, and destroys the consent's key before anything else.
"""

from __future__ import annotations

import secrets
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from consent.documents import ConsentStatus, Exporter, Grant, Lease, Officer, Policy, Source, Standing
from consent.notice import notice_digest
from consent.standing import require_policy
from optin.home import Config, Home, wall_ms
from vault.canonical import canonical
from vault.errors import Refused
from vault.files import create_file, remove_file, replace_file
from vault.ledger import LedgerEvent
from vault.signed import Signed, sign

DAY_MS: Final = 24 * 3600 * 1000
LEASE_MS: Final = 4 * 3600 * 1000
GRANT_MS: Final = 180 * DAY_MS
STATUS_MS: Final = 3 * DAY_MS
RETENTION_DAYS: Final = 30
PURPOSE: Final = "agent-training"
RECIPIENT: Final = "this-machine"
STOP_SECONDS: Final = 3.0
LAST_SEQUENCE: Final = (1 << 53) - 1
"""The sequence of a withdrawal: none comes after it (the largest whole number that every JSON reader keeps)."""


def init(home: Home, *, solo: bool) -> None:
    """Makes the keys and the configuration; with `solo` also officer, exporter and policy, for trying out."""
    home.make(Config(inbox="inbox", policy_key="", solo=solo, version=1))
    home.keys.add_signing("device")
    home.keys.add_signing("employee")
    if solo:
        _make_solo(home)


def _make_solo(home: Home) -> None:
    officer, exporter = home.keys.add_signing("officer"), home.keys.add_signing("exporter")
    officer_opening, exporter_opening = (
        home.keys.add_opening("officer-opening"),
        home.keys.add_opening("exporter-opening"),
    )
    policy_key, lease_key = home.keys.add_signing("policy"), home.keys.add_signing("lease")
    policy = Policy(
        approvals=1,
        created_ms=wall_ms(),
        dpia="none: solo, for trying out",
        exporters=(
            Exporter(name="solo exporter", sealing_key=exporter_opening.public.text, signing_key=exporter.public.text),
        ),
        lease_key=lease_key.public.text,
        lease_ms=LEASE_MS,
        officers=(Officer(person="solo", sealing_key=officer_opening.public.text, signing_key=officer.public.text),),
        organisation="solo",
        purposes=(PURPOSE,),
        recipients=(RECIPIENT,),
        retention_days=RETENTION_DAYS,
        sequence=1,
        solo=True,
        status_ms=STATUS_MS,
        version=1,
    )
    create_file(home.root / "policy.json", sign(policy, policy_key).data)
    config = Config(inbox=home.config().inbox, policy_key=policy_key.public.text, solo=True, version=1)
    replace_file(home.root / "config.json", canonical(config))
    home.folder("inbox")


def grant(home: Home, *, purposes: tuple[str, ...], sources: tuple[Source, ...]) -> Signed[Grant]:
    """Consent to these purposes and sources, signed; entered in the ledger first, its withdrawal made with it."""
    policy = home.policy()
    require_policy(policy.document)
    if (home.root / "consent" / "grant.json").exists():
        raise Refused("you have given consent already; `optin withdraw` takes it back")
    if not purposes or not sources:
        raise Refused("nothing was ticked, so no consent is given; that is fine")
    unknown = set(purposes) - set(policy.document.purposes)
    if unknown:
        raise Refused(f"the policy has no such purpose; it has: {', '.join(policy.document.purposes)}")
    employee = home.keys.signing("employee")
    grant_id = secrets.token_hex(8)
    home.ledger.enter(LedgerEvent.OPT_IN, grant_id, home.keys.signing("device"))
    opening = home.keys.add_opening("consent")
    now = wall_ms()
    document = Grant(
        consent_key=opening.public.text,
        employee_key=employee.public.text,
        expires_ms=now + GRANT_MS,
        given_ms=now,
        grant_id=grant_id,
        notice_digest=notice_digest(),
        person=secrets.token_hex(16),
        policy_digest=policy.digest,
        purposes=tuple(sorted(set(purposes))),
        recipients=policy.document.recipients,
        solo=policy.document.solo,
        sources=tuple(dict.fromkeys(sources)),
        version=1,
    )
    signed = sign(document, employee)
    folder = home.folder("consent")
    replace_file(folder / "withdrawal.json", sign(_withdrawn(signed), employee).data)
    create_file(folder / "grant.json", signed.data)
    return signed


def _withdrawn(signed: Signed[Grant]) -> ConsentStatus:
    return ConsentStatus(
        at_ms=signed.document.given_ms,
        grant_digest=signed.digest,
        sequence=LAST_SEQUENCE,
        standing=Standing.WITHDRAWN,
        version=1,
    )


def status_now(home: Home, signed: Signed[Grant]) -> Signed[ConsentStatus]:
    """A fresh status that says the grant stands."""
    now = wall_ms()
    document = ConsentStatus(at_ms=now, grant_digest=signed.digest, sequence=now, standing=Standing.GIVEN, version=1)
    return sign(document, home.keys.signing("employee"))


def solo_lease(home: Home, policy: Signed[Policy]) -> Signed[Lease]:
    """A lease signed by oneself; it protects nothing, and it says so by `solo`."""
    if not policy.document.solo:
        raise Refused("there is no lease; recording for an organisation is not there yet, only `optin init --solo`")
    now = wall_ms()
    document = Lease(
        expires_ms=now + policy.document.lease_ms,
        not_before_ms=now,
        policy_digest=policy.digest,
        sequence=now,
        solo=True,
        version=1,
    )
    lease = sign(document, home.keys.signing("lease"))
    create_file(home.folder("leases") / f"{lease.digest}.json", lease.data)
    return lease


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What a withdrawal erased."""

    segments: int
    redacted: int
    submissions: int


def withdraw(home: Home) -> Withdrawn:
    """Takes consent back: destroys the consent's key, then the queue, then all that was derived from it.

    What is here goes first, whatever state the grant's file or the inbox is in; a second call finishes what a first one
    could not reach.
    """
    from capture.queue import QueueFolder, shred_all

    home.config()
    if "consent" not in home.keys.names() and not (home.root / "consent" / "grant.json").exists():
        raise Refused("there is no consent here to withdraw")
    _stop_recorder(home)
    home.keys.destroy("consent")
    segments = shred_all(QueueFolder(home.queue))
    redacted = sum(_erase_files(home.root / name) for name in ("redacted", "reports", "desk"))
    submitted = _publish_withdrawal(home)
    for name in ("grant.json", "withdrawal.json"):
        remove_file(home.root / "consent" / name)
    return Withdrawn(segments, redacted, submitted)


def _stop_recorder(home: Home) -> None:
    """Ends a running recording by the file STOP; a recorder that does not follow seals to a key that is gone anyway."""
    if not home.is_recording():
        return
    replace_file(home.stop_file, b"")
    deadline = time.monotonic() + STOP_SECONDS
    while home.is_recording():
        if time.monotonic() > deadline:
            return  # the file stays: it ends the recording when the recorder looks again, and forbids a new one
        time.sleep(0.05)
    remove_file(home.stop_file)


def _publish_withdrawal(home: Home) -> int:
    """Removes what waits in the inbox and lays the withdrawal there; gives how many submissions there were.

    Without a grant's file (consent that was cut off while it was given) there is nothing that was ever published.
    """
    if not (home.root / "consent" / "grant.json").exists():
        return 0
    signed = home.grant()
    inbox, submitted = home.inbox(), home.submitted()
    for entry in submitted:
        inbox.take_back(entry.bundle_digest)
    inbox.lay_status(home.withdrawal(signed))
    _erase_files(home.root / "submitted")
    return len(submitted)


def _erase_files(folder: Path) -> int:
    """Removes all files below a folder and the folder; gives how many there were."""
    if not folder.exists():
        return 0
    number = sum(path.is_file() for path in folder.rglob("*"))
    shutil.rmtree(folder)
    return number
