"""Starts a recording: checks consent and lease, then becomes a recorder that holds no key that opens.

`start` unlocks the key store, puts the device's signing key and the plan into a pipe, and replaces this process by
`python -m optin.recorder`: the memory that held the passphrase and the other keys is gone before the first event.
Nothing of the plan stands in the argument list; the task is a person's text.
"""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path
from typing import Final

from capture.queue import QueueFolder
from consent.documents import Grant, Policy, Source
from consent.standing import require_grant, require_lease, require_policy, require_source
from optin.checkup import require_extra
from optin.home import AllowRule, Home, wall_ms
from optin.setup import solo_lease
from vault.canonical import Document, canonical, parse
from vault.errors import BadInput, Refused
from vault.files import create_file
from vault.keys import to_text
from vault.ledger import LedgerEvent
from vault.signed import Signed

MAX_PLAN: Final = 60_000
"""A pipe takes 64 KiB without a reader."""


class Plan(Document, frozen=True):
    """All that the recorder gets. `device_key` is the private signing key; it cannot open anything."""

    allowed: tuple[AllowRule, ...]
    as_json: bool
    consent_key: str
    device_key: str
    ends_ms: int
    grant_digest: str
    home: str
    lease_digest: str
    policy_digest: str
    seconds: int
    session: str
    task: str


def start(home: Home, *, task: str, seconds: int, as_json: bool) -> None:
    """Does not return: this process becomes the recorder. `Refused` if consent, lease or allow-list forbid it."""
    require_extra("capture")
    policy, signed = home.policy(), home.grant()
    require_policy(policy.document)
    require_grant(signed, policy, wall_ms())
    for source in Source:
        require_source(signed.document, source)
    if home.stop_file.exists():
        raise Refused(f"the file {home.stop_file} forbids recording; remove it if you want to record")
    if not home.allowed():
        raise Refused("nothing is allowed yet, so there is nothing to record; see `optin allow --help`")
    QueueFolder(home.queue).make()  # a place that is no good is refused before anybody is asked for a passphrase
    plan = _plan(home, policy, signed, task=task, seconds=seconds, as_json=as_json)
    _become_recorder(canonical(plan))


def _plan(home: Home, policy: Signed[Policy], signed: Signed[Grant], *, task: str, seconds: int, as_json: bool) -> Plan:
    device = home.keys.signing("device")
    lease = solo_lease(home, policy)
    require_lease(lease, policy, from_ms=wall_ms(), until_ms=wall_ms())
    session = secrets.token_hex(8)
    home.ledger.enter(LedgerEvent.LEASE, lease.digest, device)
    create_file(home.folder("leases") / f"{lease.digest}.json", lease.data)
    home.ledger.enter(LedgerEvent.START, session, device)
    return Plan(
        allowed=home.allowed(),
        as_json=as_json,
        consent_key=signed.document.consent_key,
        device_key=to_text(device.private_raw()),
        ends_ms=min(lease.document.expires_ms, signed.document.expires_ms),
        grant_digest=signed.digest,
        home=str(home.root),
        lease_digest=lease.digest,
        policy_digest=policy.digest,
        seconds=seconds,
        session=session,
        task=task,
    )


def _become_recorder(plan: bytes) -> None:
    if len(plan) > MAX_PLAN:
        raise BadInput("the task or the allow-list is too long; shorten it")
    reading, writing = os.pipe()
    os.write(writing, plan)
    os.close(writing)
    os.set_inheritable(reading, True)  # the system's form  # noqa: FBT003
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "optin.recorder", str(reading)])  # fixed arguments  # noqa: S606


def read_plan(descriptor: int) -> Plan:
    """The plan from the pipe, which is closed then."""
    with os.fdopen(descriptor, "rb") as file:
        return parse(file.read(MAX_PLAN + 1), Plan)


def plan_home(plan: Plan) -> Home:
    """The home that the plan names."""
    return Home(Path(plan.home))
