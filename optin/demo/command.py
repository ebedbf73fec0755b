"""`optin demo`: one recording all the way on a virtual screen, then a hunt for every planted secret.

Real programs, real input, the real commands. It ends with a table, and with exit code 0 only if secrets were captured
on allowed pages, none of them is in any file that was made, interface words were kept, and the same finder finds at
least `CONTROL_PERCENT` of what was shown in the same frames unredacted.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import typer

from optin.demo.accessible import Gone
from optin.demo.applications import EDITOR, open_programs
from optin.demo.chain import Chain
from optin.demo.desktop import VirtualDesktop
from optin.demo.person import Performance, play
from optin.demo.planted import Channel, Planted, plant
from optin.demo.programs import DidNotStart
from optin.demo.site import ALLOWED_HOSTS, DemoSite, PageSilent
from optin.say import say, say_json, say_table, size
from vault.errors import BadInput, MissingPart

SEED: Final = 20_260
CONTROL_PERCENT: Final = 80
SOURCES: Final = ("pointer", "keys", "screen", "widgets")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the demo counted. Ids of planted values, never the values."""

    planted: tuple[Planted, ...]
    performance: Performance
    control: dict[str, Any]
    hunt: dict[str, Any]
    report: dict[str, Any]
    recorder: dict[str, Any]
    submission: dict[str, Any]
    seconds: dict[str, float]
    folder: Path
    session: str

    @property
    def shown(self) -> frozenset[str]:
        """What the pages say was in sight, and what was typed."""
        return self.performance.shown | self.performance.typed

    @property
    def captured(self) -> frozenset[str]:
        """What the finder finds in the recording before redaction."""
        return frozenset(self.control["in_frames"]) | frozenset(self.control["in_texts"])

    @property
    def found(self) -> frozenset[str]:
        """What the finder finds in any file that was made."""
        return frozenset(self.hunt["found"])

    def some(self, *, allowed: bool) -> frozenset[str]:
        """The planted values on allowed pages, or on the others; a password counts with the others."""
        return frozenset(
            value.id for value in self.planted if (value.allowed and value.channel is not Channel.PASSWORD) == allowed
        )

    @property
    def control_percent(self) -> int:
        """Of what was shown on allowed pages, how much the finder finds in the unredacted frames."""
        on_screen = {value.id for value in self.planted if value.channel is Channel.SCREEN}
        shown = self.shown & self.some(allowed=True) & on_screen
        return 100 * len(shown & frozenset(self.control["in_frames"])) // max(len(shown), 1)

    def faults(self) -> tuple[str, ...]:
        """Why the demo does not pass; nothing if it does."""
        checks = (
            (bool(self.captured & self.some(allowed=True)), "no secret was captured on an allowed page"),
            (not self.captured & self.some(allowed=False), "a secret of a page that is not allowed was captured"),
            (not self.found, f"{len(self.found)} secrets were found in files that were made"),
            (self.report["kept_phrases"] > 0, "no interface word was kept"),
            (self.control_percent >= CONTROL_PERCENT, f"the control found only {self.control_percent} %"),
        )
        return tuple(fault for holds, fault in checks if not holds)


def demo(out: Path | None, *, as_json: bool) -> None:
    """Runs the whole chain and prints the table; ends with exit code 1 if a check fails."""
    folder = _new_folder(out)
    try:
        with _private_folder() as programs_folder:
            outcome = _run(folder, programs_folder)
    except (DidNotStart, PageSilent, Gone) as error:  # their words say which program did not answer, and nothing else
        raise MissingPart(f"the demo could not go on: {error}") from None
    _write_summary(outcome)
    if as_json:
        say_json(_facts(outcome))
    else:
        _show(outcome)
    if outcome.faults():
        raise typer.Exit(1)


def _run(folder: Path, programs_folder: Path) -> Outcome:
    planted = plant(SEED)
    with VirtualDesktop() as desktop, DemoSite(planted) as site:
        chain = Chain(folder, desktop.environment)
        _note("Keys, consent and the allow-list")
        _set_up(chain)
        performance, session = _perform(chain, desktop, site, planted=planted, programs_folder=programs_folder)
    return _after(chain, planted, performance, session=session)


def _set_up(chain: Chain) -> None:
    chain.optin("init", "init", "--solo")
    ticks = [part for source in SOURCES for part in ("--source", source)]
    chain.optin("consent", "consent", "grant", "--purpose", "agent-training", *ticks)
    chain.optin("allow", "allow", "app", EDITOR)
    for host in sorted(ALLOWED_HOSTS):
        chain.optin("allow", "allow", "url", f"{host}:*")


def _perform(
    chain: Chain, desktop: VirtualDesktop, site: DemoSite, *, planted: tuple[Planted, ...], programs_folder: Path
) -> tuple[Performance, str]:
    _note("Opening Chromium and a text editor on a virtual screen")
    document, profile = programs_folder / "notes.txt", programs_folder / "profile"
    with open_programs(desktop.environment, site, profile_folder=profile, document_path=document) as programs:
        _note("Recording a person at work, about 50 s")
        began = time.monotonic()
        with chain.recording() as session:
            performance = play(desktop.environment, site, programs=programs, planted=planted)
        chain.seconds["record"] = time.monotonic() - began
    return performance, session


def _after(chain: Chain, planted: tuple[Planted, ...], performance: Performance, *, session: str) -> Outcome:
    recorder = json.loads((chain.folder / "logs" / "record.out").read_text(encoding="utf-8").splitlines()[-1])
    _note("Redacting")
    (report,) = json.loads(chain.optin("redact", "redact", session, "--json"))
    _note("Submitting, reviewing, exporting")
    submission = json.loads(chain.optin("submit", "submit", session, "--yes", "--json"))
    bundle = str(submission["bundle"])
    chain.optin("review", "review", "show", bundle, "--json")
    chain.optin("approve", "review", "approve", bundle)
    chain.optin("export", "export", "run", "--to", str(chain.folder / "dataset"), "--json")
    chain.optin("verify", "export", "verify", str(chain.folder / "dataset"), "--json")
    chain.optin("audit", "audit", "verify", "--json")
    _note("Hunting for the planted secrets, in every file and, as a control, in the unredacted frames")
    began = time.monotonic()
    searching = chain.start("hunt", "optin.demo.hunt", str(chain.folder), str(SEED))
    controlling = chain.start("control", "optin.demo.control", session, str(SEED))
    control, found = chain.finish("control", controlling), chain.finish("hunt", searching)
    chain.seconds["hunt"] = time.monotonic() - began
    chain.seconds.pop("control", None)
    return Outcome(
        planted, performance, control, found, report, recorder, submission, chain.seconds, chain.folder, session
    )


def _facts(outcome: Outcome) -> dict[str, object]:
    return {
        "planted": len(outcome.planted),
        "shown": _split(outcome, outcome.shown),
        "captured": _split(outcome, outcome.captured),
        "found_afterwards": _split(outcome, outcome.found),
        "control_percent": outcome.control_percent,
        "events": outcome.recorder["committed"],
        "frames": outcome.report["frames_recorded"],
        "images": outcome.report["images"],
        "interface_phrases_kept": outcome.report["kept_phrases"],
        "masked": {entry["category"]: entry["number"] for entry in outcome.report["masks"]},
        "files_examined": outcome.hunt["files"],
        "bytes": outcome.hunt["size"],
        "bytes_submitted": outcome.submission["size"],
        "menu_choices": [list(choice.path) for choice in outcome.performance.menu_choices],
        "shortcuts": list(outcome.performance.shortcuts),
        "seconds": {stage: round(seconds, 1) for stage, seconds in outcome.seconds.items()},
        "report": str(_report_path(outcome)),
        "dataset": str(outcome.folder / "dataset"),
        "home": str(outcome.folder / "home"),
        "session": outcome.session,
        "faults": list(outcome.faults()),
    }


def _split(outcome: Outcome, ids: frozenset[str]) -> dict[str, int]:
    return {
        "allowed_pages": len(ids & outcome.some(allowed=True)),
        "not_allowed": len(ids & outcome.some(allowed=False)),
    }


def _show(outcome: Outcome) -> None:
    rows = []
    masked = outcome.captured - outcome.found
    for name, ids in (
        ("planted", frozenset(value.id for value in outcome.planted)),
        ("shown or typed", outcome.shown),
        ("captured", outcome.captured),
        ("masked", masked),
        ("found in any file", outcome.found),
    ):
        split = _split(outcome, ids)
        rows.append((name, str(split["allowed_pages"]), str(split["not_allowed"])))
    say_table("Secrets", ("", "on allowed pages", "elsewhere, and passwords"), rows)
    say(f"Control: the same finder finds {outcome.control_percent} % of those shown in the same frames unredacted.")
    _show_numbers(outcome)
    _show_seconds(outcome)
    say(f"Report:   {_report_path(outcome)}")
    say(f"Data set: {outcome.folder / 'dataset'}")
    for fault in outcome.faults():
        say(f"FAILED: {fault}")
    for name, places in sorted(outcome.hunt["found"].items()):
        say(f"  {name} in {', '.join(places)}")


def _show_numbers(outcome: Outcome) -> None:
    report = outcome.report
    say_table(
        "Recording",
        ("", "number"),
        [
            ("events committed", str(outcome.recorder["committed"])),
            ("events refused, not allowed", str(outcome.recorder["refused"])),
            ("frames recorded", str(report["frames_recorded"])),
            ("images exported", str(report["images"])),
            ("interface phrases kept", str(report["kept_phrases"])),
            ("files examined", str(outcome.hunt["files"])),
            ("bytes of all files", size(outcome.hunt["size"])),
            ("bytes submitted, sealed", size(outcome.submission["size"])),
        ],
    )
    masks = [(entry["category"], str(entry["number"])) for entry in report["masks"]]
    say_table("Masked on screens", ("category", "masks"), masks)


def _show_seconds(outcome: Outcome) -> None:
    rows = [(stage, f"{seconds:.1f}") for stage, seconds in outcome.seconds.items()]
    say_table("Time", ("stage", "seconds"), rows)


def _report_path(outcome: Outcome) -> Path:
    return outcome.folder / "home" / "reports" / f"{outcome.session}.html"


def _write_summary(outcome: Outcome) -> None:
    """Leaves the numbers beside the data set, for tests and for people who come later."""
    text = json.dumps(_facts(outcome), indent=2)
    (outcome.folder / "summary.json").write_text(text, encoding="utf-8")


def _new_folder(out: Path | None) -> Path:
    if out is None:
        return Path(tempfile.mkdtemp(prefix="optin-demo-"))
    if out.exists() and any(out.iterdir()):
        raise BadInput(f"{out} is not empty; name a new folder")
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    return out.absolute()


@contextmanager
def _private_folder() -> Iterator[Path]:
    """Where the demo's programs keep their own files: they are the person's, not Optin's, and are removed again."""
    folder = Path(tempfile.mkdtemp(prefix="optin-demo-programs-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _note(text: str) -> None:
    sys.stderr.write(f"{text} ...\n")
    sys.stderr.flush()
