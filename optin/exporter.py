"""The export job's commands: gather what the inbox holds, let the gate decide, enter it in the ledger, then write."""

from __future__ import annotations

from dataclasses import dataclass

from consent.documents import ConsentStatus, Grant, Policy
from export.dataset import verify_dataset, write_dataset
from export.gate import Claim, ExportBundle, admit
from export.sinks import local_folder
from optin.home import Home, open_home, wall_ms
from optin.say import progress, say, say_json, size
from redaction.submission import SubmittedBundle, open_submission
from review.approval import Approval, Verdict, verify_approval, verify_decision
from vault.canonical import D
from vault.errors import OptinError, Refused
from vault.ledger import LedgerEvent
from vault.shelf import Shelf
from vault.signed import Signed, verify_self


@dataclass(frozen=True, slots=True)
class Refusal:
    """A submission that was not admitted, and all reasons."""

    name: str
    reason: str


def export_run(to: str, *, dry_run: bool, as_json: bool) -> None:
    """`optin export run`: exit code 3 if anything was refused; what was admitted is written all the same."""
    home = open_home()
    admitted, refusals = _admit_all(home)
    if admitted and not dry_run:
        _write(home, admitted, to, as_json=as_json)
    elif as_json:
        say_json({"admitted": [bundle.bundle.digest for bundle in admitted], "refused": [r.reason for r in refusals]})
    else:
        for bundle in admitted:
            say(f"Would export {bundle.bundle.digest}")
    if refusals:
        raise Refused("\n".join(f"{refusal.name}: {refusal.reason}" for refusal in refusals))


def _admit_all(home: Home) -> tuple[tuple[ExportBundle, ...], tuple[Refusal, ...]]:
    """Every submission in the inbox, put to the gate."""
    inbox, policy = home.inbox(), _policy(home)
    names = inbox.names("submissions")
    if not names:
        admit(Claim(bundle=None, grant=None, status=None, approvals=(), policy=policy, now_ms=wall_ms()))
    admitted, refusals = [], []
    for name in names:
        try:
            admitted.append(admit(_claim(home, inbox, policy, name)))
        except OptinError as error:
            refusals.append(Refusal(name.removeprefix("submissions/").removesuffix(".sealed")[:16], str(error)))
    return tuple(admitted), tuple(refusals)


def _policy(home: Home) -> Signed[Policy] | None:
    try:
        return home.policy()
    except Refused:
        return None


def _claim(home: Home, inbox: Shelf, policy: Signed[Policy] | None, name: str) -> Claim:
    bundle = open_submission(inbox.read(name), home.keys.opening("exporter-opening"))
    grant_name = bundle.manifest.document.grant_digest
    return Claim(
        bundle=bundle,
        grant=_found(inbox, f"grants/{grant_name}.json", Grant),
        status=_found(inbox, f"status/{grant_name}.json", ConsentStatus),
        approvals=_approvals(inbox, policy, bundle),
        policy=policy,
        now_ms=wall_ms(),
    )


def _found(inbox: Shelf, name: str, kind: type[D]) -> Signed[D] | None:
    """A signed document of the inbox; None where there is none."""
    return verify_self(inbox.read(name), kind) if inbox.has(name) else None


def _approvals(inbox: Shelf, policy: Signed[Policy] | None, bundle: SubmittedBundle) -> tuple[Approval, ...]:
    """All approvals in the inbox; a rejection by any officer stands against every approval."""
    if policy is None:
        return ()
    data = [inbox.read(name) for name in inbox.names(f"decisions/{bundle.digest}")]
    verdicts = [verify_decision(untrusted, policy).document.verdict for untrusted in data]
    if Verdict.REJECTED in verdicts:
        raise Refused("not exported: approval: a privacy officer rejected this submission")
    return tuple(verify_approval(untrusted, policy) for untrusted in data)


def _write(home: Home, admitted: tuple[ExportBundle, ...], to: str, *, as_json: bool) -> None:
    device = home.keys.signing("device")
    for bundle in admitted:
        home.ledger.enter(LedgerEvent.EXPORT, bundle.bundle.digest, device)
    exporter = home.keys.signing("exporter")
    with progress("Exporting") as step:
        written = write_dataset(admitted, to, exporter=exporter, now_ms=wall_ms(), progress=step)
    total = sum(file.size for file in written.manifest.files)
    if as_json:
        return say_json({"episodes": len(admitted), "size": total, "unchanged": written.was_there, "url": to})
    done = "is there already, unchanged" if written.was_there else f"written, {size(total)}"
    return say(f"Data set of {len(admitted)} episodes {done}: {written.folder}")


def export_verify(url: str, *, as_json: bool) -> None:
    """`optin export verify`."""
    verified = verify_dataset(local_folder(url))
    if as_json:
        return say_json({"files": len(verified.manifest.files), "exporter": verified.key_id})
    return say(f"Intact: {len(verified.manifest.files)} files, signed by exporter key {verified.key_id}")
