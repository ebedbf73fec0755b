"""A submission: what an employee releases, sealed to the officers and exporters that the policy names.

`submit` turns a redacted session and its report into a `SubmittedBundle`; `open_submission` gives the same type back to
an officer or an exporter, after every digest and the employee's signature held. Nothing of capture is imported here.

Rules of this file:
1. The employee's key that the grant names signs one manifest; the manifest holds the digest of everything else.
2. The bundle's digest is the manifest's: an approval over it is an approval of exactly these bytes.
"""

from __future__ import annotations

from dataclasses import InitVar, dataclass
from typing import Final

import msgspec

from consent.documents import Grant, Lease, Policy
from redaction.redacted import Episode, RedactedSession, Report, Reported
from vault.canonical import Document, canonical, digest, parse
from vault.envelope import open_envelope, seal_envelope
from vault.errors import BadInput
from vault.keys import OpeningKey, SealingKey, SigningKey, from_text
from vault.minted import Mint
from vault.signed import Signed, sign, verify_self

_MINT: Final = Mint("submission.submit or submission.open_submission")
_CONTEXT: Final = "submission"


class BundleManifest(Document, frozen=True):
    """What the employee signs: the digests of all parts of a submission."""

    captured_from_ms: int
    captured_until_ms: int
    created_ms: int
    episode_digest: str
    grant_digest: str
    lease_digest: str
    policy_digest: str
    report_digest: str
    session: str
    solo: bool
    version: int


class _Parts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The form of a submission before it is sealed."""

    manifest: bytes
    lease: bytes
    episode: bytes
    report: bytes
    images: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class SubmittedBundle:
    """A submission whose digests and signature held. Whether the signer is the right one, the gate decides."""

    manifest: Signed[BundleManifest]
    lease: Signed[Lease]
    episode: Episode
    report: Report
    images: tuple[bytes, ...]
    mint: InitVar[Mint]

    def __post_init__(self, mint: Mint) -> None:
        _MINT.require(mint)

    @property
    def digest(self) -> str:
        """The digest that an approval names."""
        return self.manifest.digest


@dataclass(frozen=True, slots=True)
class SubmissionFacts:
    """Under what the session was captured and is released."""

    grant: Signed[Grant]
    lease: Signed[Lease]
    policy: Signed[Policy]
    now_ms: int


def submit(session: RedactedSession, reported: Reported, *, facts: SubmissionFacts, key: SigningKey) -> SubmittedBundle:
    """The bundle, signed by the employee; `BadInput` if the report is not this session's, or of another consent."""
    report = reported.report
    if report.episode_digest != digest(canonical(session.episode)):
        raise BadInput("the report belongs to another session; redact the session again")
    if (report.grant_digest, report.lease_digest) != (facts.grant.digest, facts.lease.digest):
        raise BadInput("the session was recorded under another consent or lease than the one at hand")
    manifest = BundleManifest(
        captured_from_ms=report.captured_from_ms,
        captured_until_ms=report.captured_until_ms,
        created_ms=facts.now_ms,
        episode_digest=digest(canonical(session.episode)),
        grant_digest=facts.grant.digest,
        lease_digest=facts.lease.digest,
        policy_digest=facts.policy.digest,
        report_digest=digest(canonical(report)),
        session=session.episode.session,
        solo=facts.policy.document.solo,
        version=1,
    )
    return SubmittedBundle(sign(manifest, key), facts.lease, session.episode, report, session.images, _MINT)


def seal_submission(bundle: SubmittedBundle, policy: Policy) -> bytes:
    """The bundle, sealed to every officer and exporter of the policy."""
    keys = [officer.sealing_key for officer in policy.officers] + [job.sealing_key for job in policy.exporters]
    parts = _Parts(
        manifest=bundle.manifest.data,
        lease=bundle.lease.data,
        episode=canonical(bundle.episode),
        report=canonical(bundle.report),
        images=bundle.images,
    )
    recipients = tuple(SealingKey(from_text(key)) for key in keys)
    return seal_envelope(msgspec.msgpack.encode(parts), recipients, _CONTEXT)


def open_submission(untrusted: bytes, key: OpeningKey) -> SubmittedBundle:
    """The bundle in a sealed submission; `BadInput` names the part that does not belong to it."""
    try:
        parts = msgspec.msgpack.decode(open_envelope(untrusted, key, _CONTEXT), type=_Parts)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise BadInput("a submission is damaged; the employee must submit the session again") from None
    manifest = verify_self(parts.manifest, BundleManifest)
    lease = verify_self(parts.lease, Lease)
    episode, report = parse(parts.episode, Episode), parse(parts.report, Report)
    facts = manifest.document
    _require(facts.episode_digest == digest(parts.episode), "episode")
    _require(facts.report_digest == digest(parts.report), "report")
    _require(report.episode_digest == facts.episode_digest, "report")
    _require(facts.lease_digest == lease.digest, "lease")
    _require(episode.session == facts.session, "episode")
    _require(tuple(image.digest for image in episode.images) == tuple(map(digest, parts.images)), "set of images")
    shown = [number for step in episode.steps for number in (step.image, step.after_image) if number is not None]
    _require(all(0 <= number < len(parts.images) for number in shown), "set of images")
    _require(all(image.width > 0 and image.height > 0 for image in episode.images), "set of images")
    return SubmittedBundle(manifest, lease, episode, report, parts.images, _MINT)


def _require(holds: bool, part: str) -> None:  # reads as a sentence: require this of that part  # noqa: FBT001
    if not holds:
        raise BadInput(f"the {part} of a submission is not the one that the employee signed; it was exchanged")
