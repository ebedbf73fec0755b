"""Decides whether a grant, a policy and a lease allow something at a moment. Pure: the clock is an argument.

Each function returns nothing when all is well and raises `Refused` with the reason and the next step otherwise.
"""

from __future__ import annotations

from consent.documents import ConsentStatus, Grant, Lease, Policy, Source, Standing
from vault.errors import Refused
from vault.signed import Signed

SKEW_MS = 5 * 60 * 1000
"""How far another machine's clock may run ahead: five minutes, as Kerberos allows (RFC 4120, section 8.2)."""


def require_policy(policy: Policy) -> None:
    """A policy that may be used: with an impact assessment, an officer, an exporter and at least one approval."""
    if not policy.dpia:
        raise Refused("the policy names no impact assessment (DPIA); ask your privacy officer for a complete policy")
    if not policy.officers or not policy.exporters or policy.approvals < 1:
        raise Refused("the policy names no privacy officer, exporter or approval; ask for a complete policy")
    if policy.drop_level < 1 or any(label.level < 1 or not _is_readable(label.words) for label in policy.labels):
        raise Refused("the policy's classification labels need words and a level from 1 up; ask for a complete policy")
    if policy.max_residual < 0 or not 0 <= policy.max_unread_percent <= 100:
        raise Refused(
            "the policy's max_residual needs a number from 0 up, its max_unread_percent one from 0 to 100; "
            "ask for a complete policy"
        )


def _is_readable(words: str) -> bool:
    """Whether a label has at least two letters or digits, so that it can be told from any other writing."""
    return sum(char.isalnum() for char in words) > 1


def require_grant(grant: Signed[Grant], policy: Signed[Policy], now_ms: int) -> None:
    """A grant that is signed by the key it names, made under this policy, and neither from the future nor expired."""
    facts = grant.document
    if facts.employee_key != grant.signer.text:
        raise Refused("the grant is not signed by the employee's key that it names; give consent again")
    if facts.policy_digest != policy.digest:
        raise Refused("the policy changed since consent was given; read `optin consent show` and give consent again")
    if facts.solo != policy.document.solo:
        raise Refused("a solo grant cannot be used with an organisation's policy, nor the other way round")
    if not set(facts.purposes) <= set(policy.document.purposes):
        raise Refused("the grant names a purpose that the policy does not have; give consent again")
    if now_ms >= facts.expires_ms:
        raise Refused("consent has expired; give it again with `optin consent grant` if you want to go on")
    if facts.given_ms > now_ms + SKEW_MS:
        raise Refused("the grant lies in the future; check this machine's clock")


def require_status(status: Signed[ConsentStatus], grant: Signed[Grant], policy: Signed[Policy], now_ms: int) -> None:
    """A status of this grant, signed by its employee, that says given and is younger than the policy's limit."""
    facts = status.document
    if status.signer.raw != grant.signer.raw or facts.grant_digest != grant.digest:
        raise Refused("the consent status belongs to another grant")
    if facts.standing is not Standing.GIVEN:
        raise Refused("consent was withdrawn")
    if facts.at_ms > now_ms + SKEW_MS:
        raise Refused("the consent status lies in the future; check the clocks of both machines")
    if now_ms - facts.at_ms > policy.document.status_ms:
        raise Refused("the consent status is too old; the employee's machine must run `optin sync`")


def require_source(grant: Grant, source: Source) -> None:
    """A source that the employee ticked."""
    if source not in grant.sources:
        raise Refused(f"you did not agree to capture '{source.value}'; give consent again if you want to")


def require_lease(lease: Signed[Lease], policy: Signed[Policy], *, from_ms: int, until_ms: int) -> None:
    """A lease signed by the policy's lease key that covers the whole interval."""
    if lease.signer.text != policy.document.lease_key:
        raise Refused("the lease is not signed by the key that the policy names")
    if lease.document.policy_digest != policy.digest or lease.document.solo != policy.document.solo:
        raise Refused("the lease belongs to another policy")
    if not lease.document.not_before_ms <= from_ms <= until_ms <= lease.document.expires_ms:
        raise Refused("the lease does not cover this time; recording is allowed only while a lease is fresh")
