"""Sets up an installation and takes consent: keys, the solo policy, the grant with its pre-signed withdrawal.

A grant widens access, so it is entered in the ledger first. Taking it back is the matter of `optin.erasure`.
"""

from __future__ import annotations

import secrets
from typing import Final

from consent.documents import (
    DROP_LEVEL,
    MAX_RESIDUAL,
    MAX_UNREAD_PERCENT,
    AllowList,
    ConsentStatus,
    Exporter,
    Grant,
    Lease,
    Officer,
    Policy,
    Source,
    Standing,
)
from consent.notice import notice_digest
from consent.standing import require_policy
from optin.account import new_consent_key
from optin.home import Config, Home, RedactorAccount, wall_ms
from vault.errors import Refused
from vault.files import create_file, replace_file
from vault.keyfiles import HolderKind
from vault.ledger import LedgerEvent
from vault.signed import Signed, sign

DAY_MS: Final = 24 * 3600 * 1000
LEASE_MS: Final = 4 * 3600 * 1000
GRANT_MS: Final = 180 * DAY_MS
STATUS_MS: Final = 3 * DAY_MS
RETENTION_DAYS: Final = 30
PURPOSE: Final = "agent-training"
RECIPIENT: Final = "this-machine"
LAST_SEQUENCE: Final = (1 << 53) - 1
"""The sequence of a withdrawal: none comes after it (the largest whole number that every JSON reader keeps)."""


def init(
    home: Home,
    *,
    solo: bool,
    holder: HolderKind = HolderKind.PASSPHRASE,
    redactor: RedactorAccount | None = None,
) -> None:
    """Makes the keys and the configuration; with `solo` also officer, exporter and policy, for trying out.

    With a `redactor` account, consent keys will be that one's.
    """
    home.make(holder=holder)
    device = home.keys.add_signing("device")
    home.keys.add_signing("employee")
    home.configure(
        Config(
            device_key=device.public.text,
            inbox="inbox",
            policy_key=_make_solo(home) if solo else "",
            redactor=redactor,
            solo=solo,
            version=1,
        )
    )


def _make_solo(home: Home) -> str:
    """The public key that signed the policy, which names this home's own keys for all roles."""
    officer, exporter = home.keys.add_signing("officer"), home.keys.add_signing("exporter")
    officer_opening, exporter_opening = (
        home.keys.add_opening("officer-opening"),
        home.keys.add_opening("exporter-opening"),
    )
    policy_key, lease_key = home.keys.add_signing("policy"), home.keys.add_signing("lease")
    policy = Policy(
        allowlist=AllowList(phrases=(), programmes=(), sites=()),
        approvals=1,
        created_ms=wall_ms(),
        dpia="none: solo, for trying out",
        drop_level=DROP_LEVEL,
        exporters=(
            Exporter(name="solo exporter", sealing_key=exporter_opening.public.text, signing_key=exporter.public.text),
        ),
        labels=(),
        lease_key=lease_key.public.text,
        lease_ms=LEASE_MS,
        max_residual=MAX_RESIDUAL,
        max_unread_percent=MAX_UNREAD_PERCENT,
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
    replace_file(home.root / "policy.json", sign(policy, policy_key).data)
    home.folder("inbox")
    return policy_key.public.text


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
    consent_key = new_consent_key(home)
    now = wall_ms()
    document = Grant(
        consent_key=consent_key.text,
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
    """A lease signed by oneself, not kept yet; it protects nothing, and it says so by `solo`."""
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
    return sign(document, home.keys.signing("lease"))
