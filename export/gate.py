"""The gate: the only maker of an `ExportBundle`, which is all that a writer takes. Pure; the clock is an argument.

It admits a submission only when every one of these holds at once, and otherwise names all that do not:

1. policy     signed, complete, and the one that grant, bundle and approvals name
2. grant      signed by the employee's key that it names, not expired; the bundle is signed by that same key
3. status     says given, signed by that key, younger than the policy's limit: silence is not consent
4. lease      signed by the policy's lease key, and it covers the capture
5. redaction  under the strict profile, in a process without network; the report is this bundle's, and within bounds
6. approval   as many distinct officers as the policy asks for, keys and persons, over exactly these bytes, not expired
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import InitVar, dataclass
from typing import Final

from consent.documents import ConsentStatus, Grant, Policy
from consent.standing import SKEW_MS, require_grant, require_lease, require_policy, require_status
from redaction.redacted import STRICT, Isolation
from redaction.reports.bounds import over_bounds
from redaction.submission import SubmittedBundle
from review.approval import VALID_MS, Approval
from vault.canonical import canonical, digest
from vault.errors import Refused
from vault.minted import Mint
from vault.signed import Signed

_MINT: Final = Mint("gate.admit")


@dataclass(frozen=True, slots=True)
class Claim:
    """All that is shown to the gate for one submission; None is what could not be found."""

    bundle: SubmittedBundle | None
    grant: Signed[Grant] | None
    status: Signed[ConsentStatus] | None
    approvals: tuple[Approval, ...]
    policy: Signed[Policy] | None
    now_ms: int


@dataclass(frozen=True, slots=True)
class ExportBundle:
    """A submission that may leave, with what admitted it."""

    bundle: SubmittedBundle
    grant: Signed[Grant]
    status: Signed[ConsentStatus]
    approvals: tuple[Approval, ...]
    policy: Signed[Policy]
    mint: InitVar[Mint]

    def __post_init__(self, mint: Mint) -> None:
        _MINT.require(mint)


def admit(claim: Claim) -> ExportBundle:
    """The bundle that may leave; `Refused` names every reason why it may not."""
    reasons = tuple(_reasons(claim))
    if reasons:
        raise Refused("not exported: " + "; ".join(reasons))
    if claim.bundle is None or claim.grant is None or claim.status is None or claim.policy is None:
        raise Refused("not exported: a part is missing")
    return ExportBundle(claim.bundle, claim.grant, claim.status, claim.approvals, claim.policy, _MINT)


def _reasons(claim: Claim) -> Iterator[str]:
    yield from _missing(claim)
    if claim.policy is not None:
        yield from _policy_reasons(claim, claim.policy)
    if claim.bundle is not None:
        yield from _redaction_reasons(claim.bundle, claim.policy)
        yield from _approval_reasons(claim, claim.bundle)


def _missing(claim: Claim) -> Iterator[str]:
    if claim.policy is None:
        yield "policy: there is none; the organisation's signed policy must be fetched again"
    if claim.grant is None:
        yield "grant: the employee's consent is missing"
    if claim.status is None:
        yield "status: there is no consent status; the employee's machine must run `optin sync`"
    if claim.bundle is None:
        yield "redaction: no redacted session was submitted"
    if not claim.approvals:
        yield "approval: no privacy officer approved this submission"


def _policy_reasons(claim: Claim, policy: Signed[Policy]) -> Iterator[str]:
    yield from _refusal("policy", lambda: require_policy(policy.document))
    if claim.grant is not None:
        yield from _consent_reasons(claim, claim.grant, policy)
    if claim.bundle is None:
        return
    manifest = claim.bundle.manifest.document
    if manifest.policy_digest != policy.digest or manifest.solo != policy.document.solo:
        yield "policy: the session was submitted under another policy"
    yield from _lease_reasons(claim.bundle, policy)
    if claim.grant is not None:
        yield from _bundle_reasons(claim.bundle, claim.grant)


def _refusal(part: str, require: Callable[[], None]) -> Iterator[str]:
    """The reason with which a requirement refuses, if it does."""
    try:
        require()
    except Refused as refusal:
        yield f"{part}: {refusal}"


def _consent_reasons(claim: Claim, grant: Signed[Grant], policy: Signed[Policy]) -> Iterator[str]:
    status = claim.status
    yield from _refusal("grant", lambda: require_grant(grant, policy, claim.now_ms))
    if status is not None:
        yield from _refusal("status", lambda: require_status(status, grant, policy, claim.now_ms))


def _lease_reasons(bundle: SubmittedBundle, policy: Signed[Policy]) -> Iterator[str]:
    from_ms, until_ms = bundle.manifest.document.captured_from_ms, bundle.manifest.document.captured_until_ms
    yield from _refusal("lease", lambda: require_lease(bundle.lease, policy, from_ms=from_ms, until_ms=until_ms))


def _bundle_reasons(bundle: SubmittedBundle, grant: Signed[Grant]) -> Iterator[str]:
    if bundle.manifest.signer.raw != grant.signer.raw:
        yield "grant: the submission is not signed by the employee who gave consent"
    facts = bundle.manifest.document
    if facts.grant_digest != grant.digest:
        yield "grant: the session was recorded under another consent"
    if not grant.document.given_ms <= facts.captured_from_ms <= facts.captured_until_ms <= grant.document.expires_ms:
        yield "grant: the session lies outside the time that consent was given for"


def _redaction_reasons(bundle: SubmittedBundle, policy: Signed[Policy] | None) -> Iterator[str]:
    if policy is not None:
        yield from (f"redaction: {reason}" for reason in over_bounds(bundle.episode, bundle.report, policy.document))
    if bundle.report.profile != STRICT or bundle.episode.profile != STRICT:
        yield "redaction: only the strict profile may be exported"
    if bundle.report.isolation is Isolation.NONE:
        yield "redaction: it was done in a process that could reach the network"
    facts = bundle.manifest.document
    claimed = (facts.grant_digest, facts.lease_digest, facts.captured_from_ms, facts.captured_until_ms)
    report = bundle.report
    if claimed != (report.grant_digest, report.lease_digest, report.captured_from_ms, report.captured_until_ms):
        yield "redaction: the report tells of another consent, lease or time than the submission"
    if bundle.report.policy_digest != bundle.manifest.document.policy_digest:
        yield "redaction: it was done under another policy"


def _approval_reasons(claim: Claim, bundle: SubmittedBundle) -> Iterator[str]:
    for approval in claim.approvals:
        yield from _one_approval(approval, claim, bundle)
    if claim.policy is not None and claim.approvals:
        yield from _enough(claim.approvals, claim.policy.document)


def _one_approval(approval: Approval, claim: Claim, bundle: SubmittedBundle) -> Iterator[str]:
    decision = approval.decision.document
    if decision.bundle_digest != bundle.digest or decision.report_digest != digest(canonical(bundle.report)):
        yield "approval: it was given for another submission"
    if claim.policy is not None and decision.policy_digest != claim.policy.digest:
        yield "approval: it was given under another policy"
    if claim.now_ms >= min(decision.expires_ms, decision.decided_ms + VALID_MS):
        yield "approval: it has expired; the officer must look again"
    if decision.decided_ms > claim.now_ms + SKEW_MS:
        yield "approval: it lies in the future; check the clocks of both machines"
    if set(decision.frames_shown) != {image.digest for image in bundle.episode.images}:
        yield "approval: not every image was shown to the officer"


def _enough(approvals: tuple[Approval, ...], policy: Policy) -> Iterator[str]:
    """Distinct keys and distinct persons count, never signatures (python-tuf advisory GHSA-pwqf-9h7j-7mv8)."""
    persons = {officer.signing_key: officer.person for officer in policy.officers}
    keys = {approval.decision.signer.text for approval in approvals}
    if not keys <= persons.keys():
        yield "approval: it is signed by someone whom the policy does not name as an officer"
        return
    if min(len(keys), len({persons[key] for key in keys})) < policy.approvals:
        yield f"approval: the policy asks for {policy.approvals} officers"
