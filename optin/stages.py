"""The employee's stages after recording: list sessions, redact, submit. Each opens what it needs and nothing more.

`redact_session` takes the network from this process before a key is unlocked. What it writes is sealed to the consent's
public key; the report holds counts only. Where a redactor account holds the consent key, redacting is that one's work,
and what is written is sealed to a key of this home.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from capture.queue import QueueFolder, QueueReader
from capture.segment import Broken, Intact, Torn
from consent.documents import Grant, Policy
from consent.standing import require_grant
from optin.account import redact_there, signer_of
from optin.home import Home, SubmittedFile, checked_session, wall_ms
from optin.setup import status_now
from optin.witness import keep_witnesses, lay_checkpoint
from vault.canonical import canonical
from vault.errors import MissingPart, Refused
from vault.files import create_file, read_file, replace_file
from vault.ledger import LedgerEvent
from vault.signed import Signed

if TYPE_CHECKING:
    from redaction.intake import RawSession
    from redaction.redacted import Isolation, RedactedSession, Report, Reported
    from redaction.screens import Progress

MAX_REDACTED = 1 << 30


@dataclass(frozen=True, slots=True)
class SessionState:
    """Where a session stands. `state` is recording, recorded, damaged, redacted or submitted.

    It is `cut_off` if its last segment was not ended: by a crash, a power cut, a full disk, or by a hand.
    """

    session: str
    state: str
    segments: int
    started_ms: int
    cut_off: bool


def list_sessions(home: Home) -> tuple[SessionState, ...]:
    """All sessions that are still here, oldest first."""
    found: list[SessionState] = []
    parts: dict[str, list[Intact | Torn]] = {}
    for segment, scanned in QueueReader(QueueFolder(home.queue), home.devices()).scan():
        if isinstance(scanned, Broken):
            found.append(SessionState(segment, "damaged", 1, 0, cut_off=False))
        else:
            parts.setdefault(scanned.head.session, []).append(scanned)
    running = max(parts, key=lambda session: _began(parts[session]), default="") if home.is_recording() else ""
    submitted = {entry.session for entry in home.submitted()}
    for session, segments in parts.items():
        state = "recording" if session == running else "recorded"
        if home.sealed_redacted(session).exists():
            state = "submitted" if session in submitted else "redacted"
        cut_off = state != "recording" and any(isinstance(part, Torn) for part in segments)
        found.append(SessionState(session, state, len(segments), _began(segments), cut_off))
    return tuple(sorted(found, key=lambda entry: (entry.started_ms, entry.session)))


def _began(segments: list[Intact | Torn]) -> int:
    return min(part.head.created_ms for part in segments)


@dataclass(frozen=True, slots=True)
class Redacted:
    """What one redaction made, and how long it took."""

    report: Report
    seconds: float


def redact_session(home: Home, session: str, *, isolation: Isolation, progress: Progress) -> Redacted:
    """Redacts a recorded session, seals the result and writes its report; call `isolate` before."""
    from redaction.engine import open_redacted, seal_redacted
    from redaction.intake import open_session
    from redaction.reports.page import report_page

    began = time.monotonic()
    session = checked_session(session)
    target = home.sealed_redacted(session)
    if target.exists():
        raise Refused(f"session {session} is redacted already; submit it with `optin submit {session}`")
    signed, device = home.grant(), home.keys.signing("device")
    reader = QueueReader(QueueFolder(home.queue), home.devices())
    lease = home.lease(_lease_digest(reader, session))
    home.ledger.enter(LedgerEvent.REDACT, session, device)
    account = home.config().redactor
    if account is None:
        key = home.keys.opening("consent")
        raw = open_session(reader, session, key=key, grant=signed, lease=lease)
        redacted, reported = redact_raw(raw, home.policy(), isolation, progress=progress)
        sealed = seal_redacted(redacted, reported, key.public, device=device)
    else:
        sealed = redact_there(home, session, grant=signed, lease=lease, progress=progress)
        redacted, reported = open_redacted(sealed, home.keys.opening("redacted"), devices=(signer_of(account),))
    reports = home.folder("reports")
    replace_file(reports / f"{session}.json", canonical(reported.report))
    page = report_page(reported.report, redacted.episode, home.policy().document)
    replace_file(reports / f"{session}.html", page.encode())
    create_file(target, sealed)
    return Redacted(reported.report, time.monotonic() - began)


def redact_raw(
    raw: RawSession, policy: Signed[Policy], isolation: Isolation, *, progress: Progress
) -> tuple[RedactedSession, Reported]:
    """The redacted session and its report, made with the engines, lexicon and detectors of this installation.

    What the first engine would keep is looked at by the second one.
    """
    from redaction.detectors import full_detectors, light_detectors
    from redaction.engine import redact
    from redaction.fields import Tools
    from redaction.images.pixels import MaskTools
    from redaction.images.verify import Verifier
    from redaction.lexicon import load_lexicon, load_words
    from redaction.readers import READERS, open_reader
    from redaction.reports.parts import installed_parts

    first, second = (open_reader(name) for name in READERS[:2])
    masking = MaskTools(first, load_lexicon(), light_detectors(), words=load_words(), verifier=Verifier(second))
    return redact(raw, Tools(masking, isolation, policy, full_detectors(), installed_parts()), progress)


def _lease_digest(reader: QueueReader, session: str) -> str:
    parts = reader.session(session)
    if not parts:
        raise MissingPart(f"there is no session {session} in the queue; `optin sessions` lists those that are there")
    return parts[0].head.lease_digest


@dataclass(frozen=True, slots=True)
class Released:
    """What left, or would leave, the employee's hands."""

    bundle_digest: str
    images: int
    steps: int
    size: int


def submit_session(home: Home, session: str, *, dry_run: bool) -> Released:
    """Signs the redacted session, seals it to officers and exporters and lays it into the inbox."""
    from redaction.engine import open_redacted
    from redaction.reports.bounds import over_bounds
    from redaction.submission import SubmissionFacts, seal_submission, submit

    path = home.sealed_redacted(session)
    if not path.exists():
        raise Refused(f"session {session} is not redacted; run `optin redact {session}` first")
    signed, policy = home.grant(), home.policy()
    require_grant(signed, policy, wall_ms())
    account = home.config().redactor
    key = home.keys.opening("consent" if account is None else "redacted")
    devices = home.devices() if account is None else (signer_of(account),)
    redacted, reported = open_redacted(read_file(path, MAX_REDACTED), key, devices=devices)
    for reason in over_bounds(redacted.episode, reported.report, policy.document):
        raise Refused(f"no officer could approve this session: {reason.split(';')[0]}; record the task again")
    facts = SubmissionFacts(signed, home.lease(reported.report.lease_digest), policy, wall_ms())
    bundle = submit(redacted, reported, facts=facts, key=home.keys.signing("employee"))
    sealed = seal_submission(bundle, policy.document)
    if not dry_run:
        home.ledger.enter(LedgerEvent.SUBMIT, bundle.digest, home.keys.signing("device"))
        # Written before anything leaves: whatever a kill leaves in the inbox, a withdrawal finds it by this.
        entry = SubmittedFile(bundle_digest=bundle.digest, session=session, version=1)
        replace_file(home.folder("submitted") / f"{bundle.digest}.json", canonical(entry))
        _deliver(home, signed, bundle.digest, sealed)
    return Released(bundle.digest, len(bundle.images), len(bundle.episode.steps), len(sealed))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided on one submission: waiting, approved, or rejected with the officers' reasons."""

    session: str
    word: str
    reasons: tuple[str, ...]


def sync(home: Home) -> tuple[Verdict, ...]:
    """Says in the inbox that consent still stands and how long the ledger is; brings what officers saw and decided."""
    from review.approval import verdict_of

    signed, policy, inbox = home.grant(), home.policy(), home.inbox()
    require_grant(signed, policy, wall_ms())
    inbox.lay_grant(signed)
    inbox.lay_status(status_now(home, signed))
    lay_checkpoint(home, inbox, signed)
    keep_witnesses(home, inbox, signed)
    verdicts = []
    for entry in home.submitted():
        word, reasons = verdict_of(inbox.decisions(entry.bundle_digest, policy), entry.bundle_digest)
        verdicts.append(Verdict(entry.session, word, reasons))
    return tuple(verdicts)


def _deliver(home: Home, signed: Signed[Grant], bundle_digest: str, sealed: bytes) -> None:
    inbox = home.inbox()
    inbox.lay_grant(signed)
    inbox.lay_status(status_now(home, signed))
    lay_checkpoint(home, inbox, signed)
    inbox.lay_submission(bundle_digest, sealed)
