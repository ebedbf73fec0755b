"""The command line: names, arguments and help. What a command does lies in modules that are imported when it is called.

Exit codes: 0 done, 2 usage, 3 refused, 4 bad or damaged input, 5 missing part, 1 a bug (`optin.failures`).
"""

from __future__ import annotations

import os
from enum import Enum
from pathlib import Path
from typing import Annotated, Final

import typer

from optin import __version__
from optin.failures import run

app = typer.Typer(
    help="Record what you allow, redact it on your own machine, and release it only when you say so.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
consent_app = typer.Typer(help="Read the notice, give consent, see your receipt.", no_args_is_help=True)
allow_app = typer.Typer(help="Say what may be captured; nothing is until you do.", no_args_is_help=True)
review_app = typer.Typer(help="The privacy officer's desk: list, show, approve, reject.", no_args_is_help=True)
export_app = typer.Typer(help="The export job: run and verify.", no_args_is_help=True)
audit_app = typer.Typer(help="Check the ledger, see who looked.", no_args_is_help=True)
keys_app = typer.Typer(help="Your keys: list them, show public halves, exchange them.", no_args_is_help=True)
app.add_typer(consent_app, name="consent", rich_help_panel="Employee")
app.add_typer(allow_app, name="allow")
app.add_typer(review_app, name="review")
app.add_typer(export_app, name="export")
app.add_typer(audit_app, name="audit")
app.add_typer(keys_app, name="keys")

DEFAULT_SECONDS: Final = 20 * 60
"""A recording ends by itself after 20 minutes unless it is told otherwise."""

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]


class ProfileName(Enum):
    """Those of `capture.governor.Profile`: commands of an export host must not load what captures."""

    AUTO = "auto"
    PERFORMANCE = "performance"
    SAVER = "saver"


class ScrubProfile(Enum):
    """What may stay in a scrubbed file."""

    STRICT = "strict"
    BALANCED = "balanced"


class ReaderName(Enum):
    """Those of `redaction.readers.READERS`, which this module must not load."""

    TESSERACT = "tesseract"
    RAPIDOCR = "rapidocr"
    PYTESSERACT = "pytesseract"


RecorderProfile = Annotated[ProfileName | None, typer.Option(help="How to weigh detail against power.")]
Experimental = Annotated[
    bool, typer.Option("--experimental", help="Record on a system where suppression of secrets is not tested.")
]
Session = Annotated[str, typer.Argument(help="The session's id, as `optin sessions` lists it.")]
Pattern = Annotated[str, typer.Argument(help="A pattern; * stands for any text, case does not matter.")]


@app.command()
def init(
    solo: Annotated[bool, typer.Option("--solo", help="All roles on this machine, for trying out.")] = False,
    keyring: Annotated[
        bool, typer.Option("--keyring", help="Keep private keys in the system's keyring, not under a passphrase.")
    ] = False,
    separate_user: Annotated[
        str, typer.Option(help="The user of the redactor account that is to hold the consent key.")
    ] = "",
    socket: Annotated[
        Path | None, typer.Option(help="The redactor's socket, if it is not at /run/USER/redactor.socket.")
    ] = None,
) -> None:
    """Make your keys and settings."""
    from optin import employee

    run(lambda: employee.init(solo=solo, keyring=keyring, redactor=separate_user, socket=socket))


@consent_app.command("show")
def consent_show() -> None:
    """Print the notice: what is captured, what never is, who sees it, how to leave."""
    from optin import employee

    run(employee.consent_show)


@consent_app.command("grant")
def consent_grant(
    purpose: Annotated[
        list[str] | None, typer.Option(help="A purpose you agree to; asked one by one if left out.")
    ] = None,
    source: Annotated[
        list[str] | None, typer.Option(help="pointer, keys, screen or widgets; asked if left out.")
    ] = None,
) -> None:
    """Give consent, purpose by purpose and source by source."""
    from optin import employee

    run(lambda: employee.consent_grant(tuple(purpose or ()), tuple(source or ())))


@consent_app.command("receipt")
def consent_receipt(as_json: AsJson = False) -> None:
    """Show what you agreed to."""
    from optin import employee

    run(lambda: employee.consent_receipt(as_json=as_json))


@app.command()
def withdraw() -> None:
    """Take consent back: destroys the key and erases recordings; asks nothing, works offline."""
    from optin import employee

    run(employee.withdraw)


@allow_app.command("app")
def allow_app_(pattern: Pattern) -> None:
    """Allow a program by its name, for example: optin allow app mousepad"""
    from optin import employee

    run(lambda: employee.allow("app", pattern))


@allow_app.command("title")
def allow_title(pattern: Pattern) -> None:
    """Allow windows by their title, for example: optin allow title "Expense report *" """
    from optin import employee

    run(lambda: employee.allow("title", pattern))


@allow_app.command("url")
def allow_url(pattern: Pattern) -> None:
    """Allow pages by host or host and path, for example: optin allow url "crm.example.com/*" """
    from optin import employee

    run(lambda: employee.allow("url", pattern))


@app.command()
def explain(text: Annotated[str, typer.Argument(help="A window's title or a page's address.")]) -> None:
    """Say whether a window would be captured, and which rule decides."""
    from optin import employee

    run(lambda: employee.explain(text))


@app.command()
def record(
    task: Annotated[str, typer.Option(help="What you are about to do, in a few words.")] = "",
    seconds: Annotated[
        int, typer.Option(min=1, max=4 * 3600, help="Stop by itself after this time of recording.")
    ] = DEFAULT_SECONDS,
    profile: RecorderProfile = None,
    experimental: Experimental = False,
    as_json: AsJson = False,
) -> None:
    """Record in the foreground until Ctrl+C or the time is up."""
    from optin import employee

    named = "" if profile is None else profile.value
    run(lambda: employee.record(task=task, seconds=seconds, profile=named, experimental=experimental, as_json=as_json))


@app.command()
def start(
    task: Annotated[str, typer.Option(help="What you are about to do, in a few words.")] = "",
    seconds: Annotated[
        int, typer.Option(min=1, max=4 * 3600, help="Stop by itself after this time of recording.")
    ] = DEFAULT_SECONDS,
    profile: RecorderProfile = None,
    experimental: Experimental = False,
    no_sign: Annotated[
        bool, typer.Option("--no-sign", help="Record although no notification or tray icon can show it.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Record in the background; a notification or the tray icon shows it."""
    from optin import standing

    named = "" if profile is None else profile.value
    run(
        lambda: standing.start(
            task=task, seconds=seconds, profile=named, experimental=experimental, signless=no_sign, as_json=as_json
        )
    )


@app.command()
def stop(as_json: AsJson = False) -> None:
    """Stop recording and wait until the recorder is gone; asks nothing."""
    from optin import standing

    run(lambda: standing.stop(as_json=as_json))


@app.command()
def pause(
    length: Annotated[
        str,
        typer.Argument(help="30m, 2h, 1d, tomorrow (until 06:00 of the next day), or until-resume: without a limit."),
    ] = "until-resume",
    as_json: AsJson = False,
) -> None:
    """Pause recording, as long as you like and without a reason; nothing listens meanwhile."""
    from optin import standing

    run(lambda: standing.pause(length, as_json=as_json))


@app.command()
def resume(as_json: AsJson = False) -> None:
    """Go on recording after a pause."""
    from optin import standing

    run(lambda: standing.resume(as_json=as_json))


@app.command()
def status(as_json: AsJson = False) -> None:
    """Say whether recording is on, paused or off, and why; says so when it cannot be known."""
    from optin import standing

    run(lambda: standing.status(as_json=as_json))


@app.command()
def tray() -> None:
    """Show in the tray whether recording is on, with a menu to pause and stop."""
    from optin import tray as icon

    run(icon.show)


@app.command()
def sessions(as_json: AsJson = False) -> None:
    """List your sessions and where each stands."""
    from optin import employee

    run(lambda: employee.sessions(as_json=as_json))


@app.command()
def redact(
    session: Annotated[str, typer.Argument(help="The session's id; leave out with --all.")] = "",
    every: Annotated[bool, typer.Option("--all", help="Redact every session that is not yet.")] = False,
    as_json: AsJson = False,
) -> None:
    """Redact a recording on this machine, without network."""
    if bool(session) == every:
        raise typer.BadParameter("name one session, or give --all")
    from optin import employee

    run(lambda: employee.redact(session, as_json=as_json))


@app.command()
def redactor(
    employee: Annotated[str, typer.Option("--for", help="The employee who is served: a user's name or number.")],
    socket: Annotated[Path | None, typer.Option(help="Where the socket is to be, in a folder of its own.")] = None,
    unit: Annotated[str, typer.Option(help="Only print the systemd unit that serves as this user.")] = "",
) -> None:
    """Serve as redactor account: hold the consent key for one employee, and redact."""
    from optin import redactor as account

    run(lambda: account.start(employee, place=socket, unit=unit))


@app.command()
def submit(
    session: Session,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would leave.")] = False,
    as_json: AsJson = False,
) -> None:
    """Release a redacted session to the privacy officer."""
    from optin import employee

    run(lambda: employee.submit(session, yes=yes, dry_run=dry_run, as_json=as_json))


@app.command()
def sync(as_json: AsJson = False) -> None:
    """Renew the word that your consent stands, and see what the officer decided."""
    from optin import employee

    run(lambda: employee.sync(as_json=as_json))


@review_app.command("list")
def review_list(as_json: AsJson = False) -> None:
    """List the submissions and what was decided."""
    from optin import officer

    run(lambda: officer.list_submissions(as_json=as_json))


@review_app.command("show")
def review_show(bundle: str, as_json: AsJson = False) -> None:
    """Enter the view in the ledger, then lay the redacted images and steps into a private folder."""
    from optin import officer

    run(lambda: officer.show(bundle, as_json=as_json))


@review_app.command("approve")
def review_approve(bundle: str) -> None:
    """Sign an approval of exactly this submission; all its images must have been shown."""
    from optin import officer

    run(lambda: officer.approve(bundle))


@review_app.command("reject")
def review_reject(bundle: str, why: Annotated[str, typer.Option(help="The reason; the employee reads it.")]) -> None:
    """Send a submission back."""
    from optin import officer

    run(lambda: officer.reject(bundle, why=why))


@export_app.command("run")
def export_run(
    to: Annotated[str, typer.Option(help="Where the data set goes: a local folder of mode 0700.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be exported.")] = False,
    as_json: AsJson = False,
) -> None:
    """Export every submission that the gate admits."""
    from optin import exporter

    run(lambda: exporter.export_run(to, dry_run=dry_run, as_json=as_json))


@export_app.command("verify")
def export_verify(url: str, as_json: AsJson = False) -> None:
    """Check a data set: its manifest's signature and every file's hash."""
    from optin import exporter

    run(lambda: exporter.export_verify(url, as_json=as_json))


@audit_app.command("verify")
def audit_verify(as_json: AsJson = False) -> None:
    """Check that no entry of the ledger was changed, removed, moved, or cut off below what a witness saw."""
    from optin import employee

    run(lambda: employee.audit_verify(as_json=as_json))


@audit_app.command("who-looked")
def who_looked(as_json: AsJson = False) -> None:
    """Show every view and export of your submissions."""
    from optin import employee

    run(lambda: employee.who_looked(as_json=as_json))


@keys_app.command("list")
def keys_list(as_json: AsJson = False) -> None:
    """List the keys: what each can do, its fingerprint, and where its private half lies."""
    from optin import keychain

    run(lambda: keychain.list_keys(as_json=as_json))


@keys_app.command("export-public")
def keys_export_public(
    name: Annotated[str, typer.Argument(help="A key's name; leave out for all.")] = "",
) -> None:
    """Print public halves as canonical JSON; asks for no passphrase."""
    from optin import keychain

    run(lambda: keychain.export_public(name))


@keys_app.command("rotate")
def keys_rotate(name: Annotated[str, typer.Argument(help="device, employee or passphrase.")]) -> None:
    """Put a new key, or a new passphrase, in the place of the old one; a rotation that was cut off is finished."""
    from optin import keychain

    run(lambda: keychain.rotate(name))


@app.command()
def scrub(  # each option is an argument  # noqa: PLR0913, PLR0917
    paths: Annotated[list[Path], typer.Argument(help="PNG, JPEG, WebP, .txt and .jsonl files, or folders of them.")],
    out: Annotated[Path, typer.Option(help="The folder for the results; same names, same sizes.")],
    report: Annotated[Path | None, typer.Option(help="Write counts, versions and digests as JSON.")] = None,
    profile: Annotated[
        ScrubProfile, typer.Option(help="What may stay: known phrases only, or all in which detectors find nothing.")
    ] = ScrubProfile.STRICT,
    reader: Annotated[
        ReaderName | None, typer.Option(help="The engine that reads pictures; the profile's own if left out.")
    ] = None,
    verify: Annotated[bool, typer.Option(help="Have a second engine look at what stays.")] = True,
    drop_level: Annotated[
        int, typer.Option(min=1, max=4, help="Write nothing of pictures classified DSS-3 (or this level) or higher.")
    ] = 3,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="How many files are worked on at a time; each core one if left out.")
    ] = None,
) -> None:
    """Mask your own files: all but known interface phrases, or (balanced) all that detectors find."""
    from optin import scrubbing

    name = reader.value if reader else scrubbing.FIRST[profile.value]
    choice = scrubbing.Choice(profile.value, name, verify, drop_level)
    run(lambda: scrubbing.scrub(tuple(paths), out, report=report, choice=choice, jobs=jobs))


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Check this installation: parts, versions, files, display, isolation."""
    from optin import checkup

    run(lambda: checkup.doctor(as_json=as_json))


@app.command()
def demo(
    out: Annotated[
        Path | None, typer.Option(help="Keep everything in this new folder; a temporary one if left out.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Run one recording all the way on a virtual screen, then hunt for the planted secrets."""
    from optin.demo import command

    run(lambda: command.demo(out, as_json=as_json))


def _show_version(wanted: bool) -> None:  # typer's form of a callback  # noqa: FBT001
    if wanted:
        typer.echo(f"optin {__version__}")
        raise typer.Exit


@app.callback()
def _start(
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    os.umask(0o077)
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # the reader's own threads cost more than they save on one screen


def main() -> None:
    """Entry of the `optin` command; a part that is not installed shows when a command's module is imported."""
    run(app)
