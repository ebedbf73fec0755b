"""Lines that the type checker must refuse: each tries to get round a wall, and names the error that stops it.

`test_walls.py` runs mypy over this file and compares line by line; this module is never imported by a test.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from capture.queue import QueueWriter
from capture.seal import SealedBatch, Sealer
from capture.session import SealingSession
from consent.documents import Grant
from export.dataset import write_dataset
from export.gate import Claim, ExportBundle, admit
from redaction.engine import redact
from redaction.fields import Tools
from redaction.intake import RawSession
from redaction.redacted import Episode, RedactedSession, Report, Reported
from redaction.submission import BundleManifest, SubmissionFacts, SubmittedBundle, open_submission, submit
from review.approval import Approval, Decision, verify_approval
from vault.envelope import open_envelope, seal_envelope
from vault.keys import OpeningKey, SealingKey, SigningKey, VerifyKey
from vault.minted import Mint
from vault.signed import Signed, sign, verify


def quiet(_done: int, _all: int) -> None: ...


def make_without_mint(claim: Claim, episode: Episode, report: Report, grant: Grant, key: VerifyKey) -> None:
    RedactedSession(episode, ())  # must fail: call-arg
    Reported(report)  # must fail: call-arg
    Signed(grant, key, b"", "")  # must fail: call-arg
    SealedBatch("segment", bytearray(), b"", final=True)  # must fail: call-arg
    RawSession("session")  # must fail: call-arg
    SubmittedBundle(episode=episode, report=report, images=())  # must fail: call-arg
    Approval()  # must fail: call-arg
    ExportBundle()  # must fail: call-arg
    RedactedSession(episode, (), mint=None)  # must fail: arg-type
    Reported(report, mint="redaction.engine")  # must fail: arg-type


def change_what_was_made(session: RedactedSession, bundle: SubmittedBundle, admitted: ExportBundle) -> None:
    replace(session, images=())  # must fail: call-arg
    replace(bundle, images=())  # must fail: call-arg
    replace(admitted, approvals=())  # must fail: call-arg
    session.images = ()  # must fail: misc
    bundle.episode.steps = ()  # must fail: misc
    admitted.bundle = bundle  # must fail: misc


def skip_a_stage(
    raw: RawSession,
    session: RedactedSession,
    bundle: SubmittedBundle,
    claim: Claim,
    tools: Tools,
    facts: SubmissionFacts,
    key: SigningKey,
) -> None:
    write_dataset((bundle,), Path(), exporter=key, now_ms=0, progress=quiet)  # must fail: arg-type
    write_dataset((session,), Path(), exporter=key, now_ms=0, progress=quiet)  # must fail: arg-type
    write_dataset((claim,), Path(), exporter=key, now_ms=0, progress=quiet)  # must fail: arg-type
    write_dataset((raw,), Path(), exporter=key, now_ms=0, progress=quiet)  # must fail: arg-type
    admit(bundle)  # must fail: arg-type
    submit(raw, redact(raw, tools, quiet)[1], facts=facts, key=key)  # must fail: arg-type
    redact(session, tools, quiet)  # must fail: arg-type
    Claim(session, None, None, (), None, 0)  # must fail: arg-type


def show_what_did_not_hold(decision: Signed[Decision], untrusted: bytes, grant: Signed[Grant], mint: Mint) -> None:
    Claim(None, None, None, (decision,), None, 0)  # must fail: arg-type
    Claim(None, untrusted, None, (), None, 0)  # must fail: arg-type
    Claim(None, grant.document, None, (), None, 0)  # must fail: arg-type
    verify_approval(untrusted, grant)  # must fail: arg-type
    Approval(grant, mint)  # must fail: arg-type


def use_the_wrong_half_of_a_key(
    untrusted: bytes, sealing: SealingKey, opening: OpeningKey, signing: SigningKey, manifest: BundleManifest
) -> None:
    open_submission(untrusted, sealing)  # must fail: arg-type
    open_envelope(untrusted, sealing, "submission")  # must fail: arg-type
    seal_envelope(untrusted, (opening,), "submission")  # must fail: arg-type
    sealing.unwrap(untrusted, b"")  # must fail: attr-defined
    sign(manifest, signing.public)  # must fail: arg-type
    verify(untrusted, BundleManifest, signing)  # must fail: arg-type
    signing.public.sign(untrusted)  # must fail: attr-defined


def write_what_was_not_sealed(queue: QueueWriter, sink: SealingSession, sealer: Sealer, raw: bytes) -> None:
    queue.append(raw)  # must fail: arg-type
    queue.begin(sealer.seal((raw,)))  # must fail: arg-type
    sink.commit((raw,))  # must fail: arg-type
