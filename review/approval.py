"""The officer's decision: a signature over the digests of exactly one bundle. Pure; keys and clock are arguments.

`approve` and `verify_approval` are the only makers of an `Approval`. A decision to reject is the same document with
another word, so that it can never be taken for an approval.
"""

from __future__ import annotations

from dataclasses import InitVar, dataclass
from enum import Enum
from typing import Final

from consent.documents import Officer, Policy
from redaction.reports.bounds import over_bounds
from redaction.submission import SubmittedBundle
from vault.canonical import Document, canonical, digest
from vault.errors import BadInput, Refused
from vault.keys import SigningKey
from vault.minted import Mint
from vault.signed import Signed, sign, verify_self

_MINT: Final = Mint("approval.approve or approval.verify_approval")
VALID_MS: Final = 30 * 24 * 3600 * 1000
"""An approval is good for 30 days; after that the officer looks again."""


class Verdict(Enum):
    """What an officer decided."""

    APPROVED = "approved"
    REJECTED = "rejected"


class Decision(Document, frozen=True):
    """What an officer signs. `frames_shown` are the digests of the images that were displayed before."""

    bundle_digest: str
    decided_ms: int
    expires_ms: int
    frames_shown: tuple[str, ...]
    officer: str
    policy_digest: str
    reason: str
    report_digest: str
    solo: bool
    verdict: Verdict
    version: int


@dataclass(frozen=True, slots=True)
class Approval:
    """A decision to approve whose signature held, by an officer whom the policy names."""

    decision: Signed[Decision]
    mint: InitVar[Mint]

    def __post_init__(self, mint: Mint) -> None:
        _MINT.require(mint)


def approve(
    bundle: SubmittedBundle, policy: Signed[Policy], key: SigningKey, *, shown: frozenset[str], now_ms: int
) -> Approval:
    """The officer's approval of this bundle.

    `Refused` if the policy does not bear what its report says, or an image was not shown to the officer before.
    """
    against = over_bounds(bundle.episode, bundle.report, policy.document)
    if against:
        raise Refused("not approved: " + "; ".join(against))
    unseen = sum(image.digest not in shown for image in bundle.episode.images)
    if unseen:
        raise Refused(f"{unseen} of its images were not shown yet; look at them with `optin review show` first")
    decision = _decision(bundle, policy, key, verdict=Verdict.APPROVED, reason="", now_ms=now_ms)
    return Approval(sign(decision, key), _MINT)


def reject(
    bundle: SubmittedBundle, policy: Signed[Policy], key: SigningKey, *, reason: str, now_ms: int
) -> Signed[Decision]:
    """The officer's rejection of this bundle, with the reason that the employee will read."""
    if not reason.strip():
        raise Refused("a rejection needs a reason; give it with --why")
    return sign(_decision(bundle, policy, key, verdict=Verdict.REJECTED, reason=reason, now_ms=now_ms), key)


def verify_approval(untrusted: bytes, policy: Signed[Policy]) -> Approval:
    """The approval in these bytes; `BadInput` if no officer of the policy signed it, `Refused` if it is a rejection."""
    decision = verify_decision(untrusted, policy)
    if decision.document.verdict is not Verdict.APPROVED:
        raise Refused("the officer rejected this submission")
    return Approval(decision, _MINT)


def verify_decision(untrusted: bytes, policy: Signed[Policy]) -> Signed[Decision]:
    """The decision in these bytes, of either kind; `BadInput` if no officer of the policy signed it."""
    decision = verify_self(untrusted, Decision)
    if decision.signer.text not in {officer.signing_key for officer in policy.document.officers}:
        raise BadInput("a decision is not signed by a privacy officer whom the policy names")
    return decision


def verdict_of(decisions: tuple[Signed[Decision], ...], bundle_digest: str) -> tuple[str, tuple[str, ...]]:
    """What officers decided on a bundle, and the reasons of those who rejected it; one rejection prevails."""
    mine = [decision.document for decision in decisions if decision.document.bundle_digest == bundle_digest]
    reasons = tuple(decision.reason for decision in mine if decision.verdict is Verdict.REJECTED)
    if reasons:
        return Verdict.REJECTED.value, reasons
    return (Verdict.APPROVED.value if mine else "waiting"), ()


def _decision(
    bundle: SubmittedBundle,
    policy: Signed[Policy],
    key: SigningKey,
    *,
    verdict: Verdict,
    reason: str,
    now_ms: int,
) -> Decision:
    return Decision(
        bundle_digest=bundle.digest,
        decided_ms=now_ms,
        expires_ms=now_ms + VALID_MS,
        frames_shown=tuple(image.digest for image in bundle.episode.images),
        officer=_officer(policy.document, key).person,
        policy_digest=policy.digest,
        reason=reason,
        report_digest=digest(canonical(bundle.report)),
        solo=policy.document.solo,
        verdict=verdict,
        version=1,
    )


def _officer(policy: Policy, key: SigningKey) -> Officer:
    for officer in policy.officers:
        if officer.signing_key == key.public.text:
            return officer
    raise Refused("the policy does not name you as a privacy officer; ask for a policy that does")
