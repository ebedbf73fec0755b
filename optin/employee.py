"""The employee's commands: what each prints. The work itself lies in `setup`, `record` and `stages`."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
import typer

from consent.documents import Source
from consent.notice import NOTICE
from optin.home import AllowRule, Home, SubmittedFile, open_home
from optin.say import progress, say, say_json, say_table, size, when
from vault.errors import BadInput, Refused
from vault.keyfiles import HolderKind
from vault.ledger import Entry, LedgerEvent

if TYPE_CHECKING:
    from optin.stages import Redacted
    from redaction.redacted import Isolation

_LOOKS: Final = frozenset({LedgerEvent.VIEW, LedgerEvent.APPROVE, LedgerEvent.REJECT, LedgerEvent.EXPORT})


def init(*, solo: bool, keyring: bool, redactor: str, socket: Path | None) -> None:
    """`optin init`; a redactor account is asked for its key before anything is made."""
    from optin import account, setup
    from vault.holders import find_keyring

    home = open_home()
    found = account.find_account(redactor, socket or account.usual_socket(redactor)) if redactor else None
    setup.init(home, solo=solo, holder=find_keyring() if keyring else HolderKind.PASSPHRASE, redactor=found)
    say(f"Keys and settings are in {home.root}")
    if keyring:
        say("Private keys are in the system's keyring: whoever uses your unlocked session can use them.")
    if found:
        say(f"The consent key will be with user {found.uid}: what is recorded can be opened there, and not here.")
    if solo:
        say("Solo: all roles are on this machine, for trying out. It protects you from nobody who can use it.")
    say("Next: `optin consent show`, then `optin consent grant`, then `optin allow app NAME`.")


def consent_show() -> None:
    """`optin consent show`."""
    say(NOTICE)


def consent_grant(purposes: tuple[str, ...], sources: tuple[str, ...]) -> None:
    """`optin consent grant`: what is not named is asked, one by one, and nothing is ticked beforehand."""
    from optin import setup

    home = open_home()
    policy = home.policy().document
    if not purposes:
        say(NOTICE)
        purposes = tuple(purpose for purpose in policy.purposes if typer.confirm(f"Purpose '{purpose}'", default=False))
    if not sources:
        names = tuple(source.value for source in Source)
        sources = tuple(name for name in names if typer.confirm(f"Capture '{name}'", default=False))
    signed = setup.grant(home, purposes=purposes, sources=_sources(sources))
    say(f"Consent given until {when(signed.document.expires_ms)}. `optin withdraw` takes it back at any time.")


def _sources(names: tuple[str, ...]) -> tuple[Source, ...]:
    try:
        return tuple(Source(name) for name in names)
    except ValueError:
        raise Refused(f"a source is one of {', '.join(source.value for source in Source)}") from None


def consent_receipt(*, as_json: bool) -> None:
    """`optin consent receipt`: of the consent that stands, else of what was erased when consent was taken back."""
    home = open_home()
    home.config()
    if not (home.root / "consent" / "grant.json").exists():
        return _erasure_receipts(home, as_json=as_json)
    grant = home.grant().document
    if as_json:
        return say_json(msgspec.to_builtins(grant))
    say(f"Consent {grant.grant_id}, given {when(grant.given_ms)}, ends {when(grant.expires_ms)}")
    say(f"Purposes: {', '.join(grant.purposes)}")
    say(f"Sources: {', '.join(source.value for source in grant.sources)}")
    return say("To leave: `optin withdraw` (no reason asked, works offline).")


def _erasure_receipts(home: Home, *, as_json: bool) -> None:
    """What was erased; a receipt that has no signature yet gets it now, which may need the passphrase."""
    from optin import erasure

    if erasure.has_unsigned(home):
        erasure.sign_receipts(home, home.keys.signing("device"))
    found = erasure.receipts(home)
    if not found:
        raise Refused("you have not given consent; `optin consent show` says what it is")
    if as_json:
        return say_json([msgspec.to_builtins(signed.document) for signed in found])
    for signed in found:
        receipt = signed.document
        say(f"Consent {receipt.grant[:16]} was withdrawn and erased, {when(receipt.ended_ms)}. Signed by this device.")
        say_table("", ("erased", "number"), [(one.what, str(one.number)) for one in receipt.erased])
    return None


def withdraw() -> None:
    """`optin withdraw`."""
    from optin import erasure

    done = erasure.withdraw(open_home())
    say("Consent is withdrawn and its key destroyed.")
    say("Erased: " + ", ".join(f"{one.what} {one.number}" for one in done.receipt.erased) + ".")
    say("What was already exported cannot be called back.")
    if done.is_signed:
        say("`optin consent receipt` shows the signed receipt.")
    else:
        say("`optin consent receipt` signs the receipt and shows it; it needs your passphrase.")
    if not done.is_entered:
        say("The ledger could not take note of it; everything was erased all the same.")
    if not done.is_published:
        say("The inbox was not told: the file of the withdrawal is damaged. Please tell your privacy officer.")


def allow(kind: str, pattern: str) -> None:
    """`optin allow`."""
    if not pattern.strip():
        raise BadInput("an empty pattern allows nothing; give a name, a title or a host")
    home = open_home()
    home.config()
    home.allow(AllowRule(kind=kind, pattern=pattern))
    say(f"Allowed: {kind} '{pattern}'. The shipped deny-list still wins.")


def explain(text: str) -> None:
    """`optin explain`: a text with a scheme is taken as an address, any other as a title."""
    from capture.allow import Rule, RuleKind, Rules, shipped_denials

    allowed = tuple(Rule(RuleKind(rule.kind), rule.pattern) for rule in open_home().allowed())
    rules = Rules(allowed, shipped_denials())
    is_url = "://" in text
    decision = rules.decide("", "" if is_url else text, url=text if is_url else None)
    say(("Captured. " if decision.captured else "Not captured. ") + decision.why)
    if decision.rule is not None:
        say(f"Rule: {decision.rule.kind.value} '{decision.rule.pattern}'")
    if not is_url:
        say("Rules for programs come on top of this: a title does not say which program shows it.")


def record(*, task: str, seconds: int, profile: str, experimental: bool, as_json: bool) -> None:
    """`optin record`."""
    from optin import record as recording

    wish = recording.Wish(task=task, seconds=seconds, as_json=as_json, profile=profile, experimental=experimental)
    recording.record(open_home(), wish)


def sessions(*, as_json: bool) -> None:
    """`optin sessions`."""
    from optin.stages import list_sessions

    found = list_sessions(open_home())
    if as_json:
        return say_json([{"cut_off": entry.cut_off, "session": entry.session, "state": entry.state} for entry in found])
    if not found:
        return say("No sessions. `optin record` makes one.")
    rows = [
        (
            entry.session,
            f"{entry.state}, cut off" if entry.cut_off else entry.state,
            when(entry.started_ms),
            str(entry.segments),
        )
        for entry in found
    ]
    return say_table("", ("session", "state", "began", "segments"), rows)


def redact(session: str, *, as_json: bool) -> None:
    """`optin redact`, of every session if none is named: the network is taken away before anything is opened."""
    from redaction.isolation import isolated
    from redaction.redacted import Isolation

    home = open_home()
    _fetch_from_keyring(home)
    # With a redactor account nothing raw comes here; in a namespace this process could not tell the account's user.
    with isolated() if home.config().redactor is None else nullcontext(Isolation.NONE) as isolation:
        made = _redacted(home, session, isolation)
    if as_json:
        facts = [msgspec.to_builtins(done.report) | {"seconds": round(done.seconds, 2)} for done in made]
        return say_json(facts)
    for done in made:
        page = home.root / "reports" / f"{done.report.session}.html"
        masks = sum(count.number for count in done.report.masks)
        say(f"{done.report.session}: {done.report.images} images, {masks} masks, {done.seconds:.1f} s. Report: {page}")
        if done.report.frames_dropped:
            say(f"{done.report.frames_dropped} screens were dropped: what stood on them is classified too highly.")
    return None if made else say("Nothing to redact.")


def _redacted(home: Home, session: str, isolation: Isolation) -> list[Redacted]:
    """What was made of one session, or of all that were recorded; the heavy parts are imported here."""
    from optin.stages import list_sessions, redact_session

    wanted = [session] if session else [entry.session for entry in list_sessions(home) if entry.state == "recorded"]
    home.keys.unlock()
    made = []
    for name in wanted:
        with progress(f"Redacting {name}") as step:
            made.append(redact_session(home, name, isolation=isolation, progress=step))
    return made


def _fetch_from_keyring(home: Home) -> None:
    """A keyring's bus knows people by their user id, and may not know this process once it is isolated."""
    if home.is_made and home.keys.holder is not HolderKind.PASSPHRASE:
        home.keys.unlock(*({"consent", "device"} & set(home.keys.names())))


def submit(session: str, *, yes: bool, dry_run: bool, as_json: bool) -> None:
    """`optin submit`: says what leaves before it leaves."""
    from optin.stages import submit_session

    home = open_home()
    if not (yes or dry_run or typer.confirm(f"Release session {session} to the privacy officer?", default=False)):
        raise Refused("nothing was released; the session stays here as it is")
    released = submit_session(home, session, dry_run=dry_run)
    if as_json:
        return say_json(
            {
                "bundle": released.bundle_digest,
                "images": released.images,
                "steps": released.steps,
                "size": released.size,
            }
        )
    verb = "Would leave" if dry_run else "Submitted"
    say(f"{verb}: {released.images} redacted images, {released.steps} actions, {size(released.size)} sealed")
    return say(f"Bundle {released.bundle_digest}")


def sync(*, as_json: bool) -> None:
    """`optin sync`."""
    from optin.stages import sync as exchange

    verdicts = exchange(open_home())
    if as_json:
        return say_json([{"session": one.session, "decision": one.word, "reasons": one.reasons} for one in verdicts])
    say("The inbox knows that your consent still stands.")
    rows = [(one.session, one.word, "; ".join(one.reasons)) for one in verdicts]
    return say_table("", ("session", "decision", "reason"), rows) if rows else None


def audit_verify(*, as_json: bool) -> None:
    """`optin audit verify`: the ledger by itself, and against all that witnesses saw of it."""
    from optin.audit import audit, say_audit

    found = audit(open_home())
    return say_json(found.facts()) if as_json else say_audit(found)


def who_looked(*, as_json: bool) -> None:
    """`optin audit who-looked`; what was looked at before a withdrawal stays in the list, without a session."""
    home = open_home()
    submitted = home.submitted()
    found = [
        (when(entry.at_ms), entry.event.value, _session_of(home, entry, submitted))
        for entry in _entries(home)
        if entry.event in _LOOKS
    ]
    if as_json:
        return say_json([{"when": at, "what": what, "session": session} for at, what, session in found])
    if not found:
        return say("Nobody has looked at anything of yours.")
    return say_table("", ("when", "what", "session"), found)


def _session_of(home: Home, entry: Entry, submitted: tuple[SubmittedFile, ...]) -> str:
    """The session that an entry is about; "erased" where nothing tells any more."""
    return next((file.session for file in submitted if home.ledger.concerns(entry, file.bundle_digest)), "erased")


def _entries(home: Home) -> tuple[Entry, ...]:
    return home.ledger.verify(home.first_device()).entries
