"""The export job's commands: gather what the inbox holds, let the gate decide, enter it in the ledger, then write."""

from __future__ import annotations

from dataclasses import dataclass

from consent.documents import Policy
from export.dataset import verify_dataset, write_dataset
from export.gate import Claim, ExportBundle, admit
from export.sinks import local_folder
from optin.home import Home, open_home, wall_ms
from optin.inbox import Inbox
from optin.say import progress, say, say_json, size
from optin.witness import countersign, require_growth
from redaction.submission import SubmittedBundle, open_submission
from review.approval import Approval, Verdict, verify_approval
from vault.errors import OptinError, Refused
from vault.keys import SigningKey
from vault.ledger import LedgerEvent
from vault.signed import Signed


@dataclass(frozen=True, slots=True)
class Refusal:
    """A submission that was not admitted, by its digest, and all reasons."""

    bundle: str
    reason: str


def export_run(to: str, *, dry_run: bool, as_json: bool) -> None:
    """`optin export run`: exit code 3 if anything was refused; what was admitted is written all the same."""
    home = open_home()
    admitted, refusals = _admit_all(home)
    if not dry_run:
        _enter_refusals(home, refusals)
    if admitted and not dry_run:
        _write(home, admitted, to, as_json=as_json)
    elif as_json:
        say_json({"admitted": [bundle.bundle.digest for bundle in admitted], "refused": [r.reason for r in refusals]})
    else:
        for bundle in admitted:
            say(f"Would export {bundle.bundle.digest}")
    if refusals:
        raise Refused("\n".join(f"{refusal.bundle[:16]}: {refusal.reason}" for refusal in refusals))


def _admit_all(home: Home) -> tuple[tuple[ExportBundle, ...], tuple[Refusal, ...]]:
    """Every submission in the inbox, put to the gate."""
    inbox, policy = home.inbox(), _policy(home)
    digests = inbox.submissions()
    if not digests:
        admit(Claim(bundle=None, grant=None, status=None, approvals=(), policy=policy, now_ms=wall_ms()))
    admitted, refusals = [], []
    for digest in digests:
        try:
            bundle = admit(_claim(home, inbox, policy, digest))
            require_growth(home, inbox, bundle.bundle.manifest.document.grant_digest)
            admitted.append(bundle)
        except OptinError as error:
            refusals.append(Refusal(digest, str(error)))
    return tuple(admitted), tuple(refusals)


def _enter_refusals(home: Home, refusals: tuple[Refusal, ...]) -> None:
    """What the gate refused, if possible: refusing needs no entry. Without the device's key at hand, it is noted."""
    device = home.quiet_signing("device")
    for refusal in refusals:
        if device is None:
            home.note_if_possible(LedgerEvent.REFUSED, refusal.bundle)
        else:
            home.enter_if_possible(LedgerEvent.REFUSED, refusal.bundle, device)


def _policy(home: Home) -> Signed[Policy] | None:
    try:
        return home.policy()
    except Refused:
        return None


def _claim(home: Home, inbox: Inbox, policy: Signed[Policy] | None, digest: str) -> Claim:
    bundle = open_submission(inbox.submission(digest), home.keys.opening("exporter-opening"))
    grant_digest = bundle.manifest.document.grant_digest
    return Claim(
        bundle=bundle,
        grant=inbox.grant(grant_digest),
        status=inbox.status(grant_digest),
        approvals=_approvals(inbox, policy, bundle),
        policy=policy,
        now_ms=wall_ms(),
    )


def _approvals(inbox: Inbox, policy: Signed[Policy] | None, bundle: SubmittedBundle) -> tuple[Approval, ...]:
    """All approvals in the inbox; a rejection by any officer stands against every approval."""
    if policy is None:
        return ()
    decisions = inbox.decisions(bundle.digest, policy)
    if any(decision.document.verdict is Verdict.REJECTED for decision in decisions):
        raise Refused("not exported: approval: a privacy officer rejected this submission")
    return tuple(verify_approval(decision.data, policy) for decision in decisions)


def _write(home: Home, admitted: tuple[ExportBundle, ...], to: str, *, as_json: bool) -> None:
    device = home.keys.signing("device")
    for bundle in admitted:
        home.ledger.enter(LedgerEvent.EXPORT, bundle.bundle.digest, device)
    exporter = home.keys.signing("exporter")
    _countersign(home, admitted, exporter)
    with progress("Exporting") as step:
        written = write_dataset(admitted, to, exporter=exporter, now_ms=wall_ms(), progress=step)
    total = sum(file.size for file in written.manifest.files)
    if as_json:
        return say_json({"episodes": len(admitted), "size": total, "unchanged": written.was_there, "url": to})
    done = "is there already, unchanged" if written.was_there else f"written, {size(total)}"
    return say(f"Data set of {len(admitted)} episodes {done}: {written.folder}")


def _countersign(home: Home, admitted: tuple[ExportBundle, ...], exporter: SigningKey) -> None:
    """The exporter is a witness, too: of each ledger under whose grant something is exported."""
    inbox = home.inbox()
    for grant in sorted({bundle.bundle.manifest.document.grant_digest for bundle in admitted}):
        countersign(inbox, grant, require_growth(home, inbox, grant), key=exporter)


def export_verify(url: str, *, as_json: bool) -> None:
    """`optin export verify`."""
    verified = verify_dataset(local_folder(url))
    if as_json:
        return say_json({"files": len(verified.manifest.files), "exporter": verified.key_id})
    return say(f"Intact: {len(verified.manifest.files)} files, signed by exporter key {verified.key_id}")
