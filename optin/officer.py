"""The privacy officer's commands. The officer holds no key to raw data; a view is entered before anything is shown.

`show` lays the redacted images and the report's page into a private folder of the officer's home; a decision removes
them again.
"""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import msgspec

from consent.documents import Policy
from optin.home import Home, open_home, wall_ms
from optin.inbox import Inbox
from optin.say import say, say_json, say_table, size
from optin.witness import countersign, require_growth
from redaction.redacted import Step
from redaction.reports.bounds import over_bounds
from redaction.reports.page import report_page
from redaction.submission import SubmittedBundle, open_submission
from review.approval import Decision, verdict_of
from review.approval import approve as sign_approval
from review.approval import reject as sign_rejection
from vault.canonical import Document, canonical, parse
from vault.errors import BadInput, OptinError, Refused
from vault.files import create_file, private_folder, read_file, replace_file
from vault.ledger import LedgerEvent
from vault.signed import Signed


class ShownFile(Document, frozen=True):
    """The digests of the images that were shown of one submission."""

    frames: tuple[str, ...]
    version: int


@dataclass(frozen=True, slots=True)
class Desk:
    """One submission on the officer's desk."""

    home: Home
    inbox: Inbox
    policy: Signed[Policy]
    bundle: SubmittedBundle

    @property
    def folder(self) -> Path:
        """Where its images are shown."""
        return self.home.folder("desk") / self.bundle.digest[:16]

    @property
    def page(self) -> Path:
        """Where its report is shown."""
        return self.folder / "report.html"


def list_submissions(*, as_json: bool) -> None:
    """`optin review list`."""
    home = open_home()
    inbox, policy = home.inbox(), home.policy()
    rows = [(digest, verdict_of(inbox.decisions(digest, policy), digest)[0]) for digest in inbox.submissions()]
    if as_json:
        say_json([{"bundle": digest, "decision": word} for digest, word in rows])
    elif rows:
        say_table("", ("submission", "decision"), rows)
    else:
        say("Nothing waits.")
    _witness_all(home, inbox)


def _witness_all(home: Home, inbox: Inbox) -> None:
    """Compares every ledger's checkpoint with the last one seen; `Refused` names those that did not go on from it.

    The list needs no passphrase, so without one the officer's signature waits until a submission is shown or decided.
    """
    officer, refusals = home.quiet_signing("officer"), []
    for grant in inbox.checkpoints():
        try:
            checkpoint = require_growth(home, inbox, grant)
        except OptinError as error:
            refusals.append(f"{grant[:16]}: {error}")
            continue
        if officer is not None:
            countersign(inbox, grant, checkpoint, key=officer)
    if officer is None and inbox.checkpoints():
        sys.stderr.write("optin: the ledgers were compared, and are countersigned when you show or decide something\n")
    if refusals:
        raise Refused("\n".join(refusals))


def show(untrusted_bundle: str, *, as_json: bool) -> None:
    """`optin review show`."""
    desk = _desk(untrusted_bundle)
    _witness(desk)
    desk.home.ledger.enter(LedgerEvent.VIEW, desk.bundle.digest, desk.home.keys.signing("device"))
    paths = _lay_out(desk)
    shown = ShownFile(frames=tuple(image.digest for image in desk.bundle.episode.images), version=1)
    replace_file(_shown_path(desk), canonical(shown))
    if as_json:
        report = msgspec.to_builtins(desk.bundle.report)
        images = [str(path) for path in paths]
        return say_json({"bundle": desk.bundle.digest, "report": report, "page": str(desk.page), "images": images})
    return _say_session(desk, paths)


def _lay_out(desk: Desk) -> tuple[Path, ...]:
    """Writes the redacted images and the report's page into the desk's folder, anew each time; where the images lie."""
    shutil.rmtree(desk.folder, ignore_errors=True)
    folder = private_folder(desk.folder)
    paths = tuple(folder / f"image-{number:04}.webp" for number in range(len(desk.bundle.images)))
    for path, image in zip(paths, desk.bundle.images, strict=True):
        create_file(path, image)
    page = report_page(desk.bundle.report, desk.bundle.episode, desk.policy.document)
    create_file(desk.page, page.encode())
    return paths


def _say_session(desk: Desk, paths: tuple[Path, ...]) -> None:
    episode, report = desk.bundle.episode, desk.bundle.report
    say(f"Submission {desk.bundle.digest}: {len(episode.steps)} actions, {len(paths)} images")
    say(f"Isolation {report.isolation.value}, profile {report.profile}, reader {report.reader}")
    if report.frames_dropped:
        say(f"{report.frames_dropped} screens were dropped: what stood on them is classified too highly")
    say_table("Masks", ("category", "masks"), [(count.category, str(count.number)) for count in report.masks])
    columns = ("step", "second", "action", "keys or text", "widget", "led to", "images")
    say_table("Actions", columns, [_action_row(step) for step in episode.steps])
    against = over_bounds(episode, report, desk.policy.document)
    say("\n".join(f"Blocks approval: {reason}" for reason in against) or "Nothing in the report blocks approval.")
    say(f"The report's page is {desk.page}")
    if paths:
        say(f"The redacted images are in {paths[0].parent} ({size(sum(path.stat().st_size for path in paths))})")


def _action_row(step: Step) -> tuple[str, ...]:
    """All that leaves of one step, in words, but its places, which the images show."""
    done = "+".join(step.action.keys) or step.action.text
    target = f"{step.target.role} '{step.target.name}'" if step.target else ""
    command = " > ".join((*step.menu, step.command)) if step.menu or step.command else ""
    effects = (f"{effect.kind.value} {effect.role} '{effect.name}'" for effect in step.effects)
    led_to = "; ".join(text for text in (command, *effects) if text)
    images = " > ".join("-" if number is None else str(number) for number in (step.image, step.after_image))
    return str(step.index), f"{step.at_ms / 1000:.1f}", step.action.kind.value, done, target, led_to, images


def approve(untrusted_bundle: str) -> None:
    """`optin review approve`."""
    desk = _desk(untrusted_bundle)
    officer, device = desk.home.keys.signing("officer"), desk.home.keys.signing("device")
    desk.inbox.require_undecided(desk.bundle.digest, officer.public)
    _witness(desk)
    try:
        approval = sign_approval(desk.bundle, desk.policy, officer, shown=_shown(desk), now_ms=wall_ms())
    except Refused:
        desk.home.enter_if_possible(LedgerEvent.REFUSED, desk.bundle.digest, device)
        raise
    desk.home.ledger.enter(LedgerEvent.APPROVE, desk.bundle.digest, device)
    _decide(desk, approval.decision)
    say(f"Approved: {desk.bundle.digest}")


def reject(untrusted_bundle: str, *, why: str) -> None:
    """`optin review reject`."""
    desk = _desk(untrusted_bundle)
    officer, device = desk.home.keys.signing("officer"), desk.home.keys.signing("device")
    decision = sign_rejection(desk.bundle, desk.policy, officer, reason=why, now_ms=wall_ms())
    _decide(desk, decision)
    desk.home.enter_if_possible(LedgerEvent.REJECT, desk.bundle.digest, device)
    say(f"Rejected: {desk.bundle.digest}")
    _witness(desk)  # after the rejection: what is wrong with the ledger must not keep anybody from rejecting


def _witness(desk: Desk) -> None:
    """Compares the device's ledger with what was seen of it last, and countersigns; says so where there is no key."""
    grant = desk.bundle.manifest.document.grant_digest
    checkpoint = require_growth(desk.home, desk.inbox, grant)
    if "officer" in desk.home.keys.names():
        countersign(desk.inbox, grant, checkpoint, key=desk.home.keys.signing("officer"))
    else:
        sys.stderr.write("optin: there is no officer's signing key here, so nobody countersigned the ledger\n")


def _decide(desk: Desk, decision: Signed[Decision]) -> None:
    desk.inbox.decide(decision)
    shutil.rmtree(desk.folder, ignore_errors=True)


def _desk(untrusted_bundle: str) -> Desk:
    """The submission whose digest begins with these characters, opened with the officer's key."""
    home = open_home()
    inbox, policy = home.inbox(), home.policy()
    found = [digest for digest in inbox.submissions() if digest.startswith(untrusted_bundle)]
    if len(found) != 1 or not untrusted_bundle:
        raise BadInput("there is not exactly one such submission; `optin review list` shows them")
    bundle = open_submission(inbox.submission(found[0]), home.keys.opening("officer-opening"))
    if found[0] != bundle.digest:
        raise BadInput("a submission lies under another one's name; it was exchanged")
    return Desk(home, inbox, policy, bundle)


def _shown_path(desk: Desk) -> Path:
    return desk.home.folder("desk") / f"{desk.bundle.digest}.json"


def _shown(desk: Desk) -> frozenset[str]:
    path = _shown_path(desk)
    return frozenset(parse(read_file(path), ShownFile).frames) if path.exists() else frozenset()
