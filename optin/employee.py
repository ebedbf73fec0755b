"""The employee's commands: what each prints. The work itself lies in `setup`, `record` and `stages`."""

from __future__ import annotations

from typing import Final

import msgspec
import typer

from consent.documents import Source
from consent.notice import NOTICE
from optin.home import AllowRule, Home, SubmittedFile, open_home, wall_ms
from optin.say import progress, say, say_json, say_table, size, when
from vault.errors import BadInput, OptinError, Refused
from vault.ledger import Entry, LedgerEvent

_LOOKS: Final = frozenset({LedgerEvent.VIEW, LedgerEvent.APPROVE, LedgerEvent.REJECT, LedgerEvent.EXPORT})


def init(*, solo: bool) -> None:
    """`optin init`."""
    from optin import setup

    home = open_home()
    setup.init(home, solo=solo)
    say(f"Keys and settings are in {home.root}")
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
    """`optin consent receipt`."""
    grant = open_home().grant().document
    if as_json:
        return say_json(msgspec.to_builtins(grant))
    say(f"Consent {grant.grant_id}, given {when(grant.given_ms)}, ends {when(grant.expires_ms)}")
    say(f"Purposes: {', '.join(grant.purposes)}")
    say(f"Sources: {', '.join(source.value for source in grant.sources)}")
    return say("To leave: `optin withdraw` (no reason asked, works offline).")


def withdraw() -> None:
    """`optin withdraw`."""
    from optin import setup

    done = setup.withdraw(open_home())
    say("Consent is withdrawn and its key destroyed.")
    say(f"Erased: sealed segments {done.segments}, redacted files {done.redacted}, submissions {done.submissions}.")
    say("What was already exported cannot be called back.")


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


def record(*, task: str, seconds: int, as_json: bool) -> None:
    """`optin record`."""
    from optin import record as recording

    recording.start(open_home(), task=task, seconds=seconds, as_json=as_json)


def status(*, as_json: bool) -> None:
    """`optin status`."""
    home = open_home()
    running = home.is_recording()
    reason = "" if running else _why_not(home)
    facts = {"recording": running, "ready": not running and not reason, "reason": reason, "home": str(home.root)}
    if as_json:
        return say_json(facts)
    if running:
        return say("Recording. Ctrl+C in its terminal, SIGTERM or the file STOP in the home ends it.")
    return say(f"Not recording: {reason}" if reason else "Not recording. Ready: `optin record` starts.")


def _why_not(home: Home) -> str:
    """Why a recording would be refused now; empty if it would not."""
    from consent.standing import require_grant, require_policy

    try:
        home.config()
        policy = home.policy()
        require_policy(policy.document)
        require_grant(home.grant(), policy, wall_ms())
    except OptinError as error:
        return str(error)
    return "" if home.allowed() else "nothing is allowed yet; see `optin allow --help`"


def sessions(*, as_json: bool) -> None:
    """`optin sessions`."""
    from optin.stages import list_sessions

    found = list_sessions(open_home())
    if as_json:
        return say_json([{"session": entry.session, "state": entry.state} for entry in found])
    if not found:
        return say("No sessions. `optin record` makes one.")
    rows = [(entry.session, entry.state, when(entry.started_ms), str(entry.segments)) for entry in found]
    return say_table("", ("session", "state", "began", "segments"), rows)


def redact(session: str, *, as_json: bool) -> None:
    """`optin redact`, of every session if none is named: the network is taken away before a key is unlocked."""
    from redaction.isolation import isolate

    isolation = isolate()
    from optin.stages import list_sessions, redact_session

    home = open_home()
    wanted = [session] if session else [entry.session for entry in list_sessions(home) if entry.state == "recorded"]
    home.keys.unlock()
    made = []
    for name in wanted:
        with progress(f"Redacting {name}") as step:
            made.append(redact_session(home, name, isolation=isolation, progress=step))
    if as_json:
        facts = [msgspec.to_builtins(done.report) | {"seconds": round(done.seconds, 2)} for done in made]
        return say_json(facts)
    for done in made:
        page = home.root / "reports" / f"{done.report.session}.html"
        masks = sum(count.number for count in done.report.masks)
        say(f"{done.report.session}: {done.report.images} images, {masks} masks, {done.seconds:.1f} s. Report: {page}")
    return None if made else say("Nothing to redact.")


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
    """`optin audit verify`."""
    entries = _entries(open_home())
    if as_json:
        return say_json({"entries": len(entries), "intact": True})
    return say(f"The ledger is intact: {len(entries)} entries, none changed, removed or moved.")


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
    return home.ledger.verify(home.keys.verify_key("device"))
