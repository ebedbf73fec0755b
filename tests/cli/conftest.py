"""One small recording for all tests of the command line, kept at every stage that it goes through."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from optin.demo.applications import EDITOR
from optin.demo.desktop import VirtualDesktop
from optin.demo.hand import Hand
from optin.demo.programs import find_programs, wait_until
from tests.cli.office import ORDINARY, TASK, TYPED, Office, new_office


@dataclass(frozen=True, slots=True)
class Recording:
    """A recorder that runs: its process, the session it made, and the home."""

    office: Office
    process: subprocess.Popen[str]
    session: str

    def stop(self, number: signal.Signals) -> tuple[int, str]:
        """Exit code and what it printed after the signal."""
        self.process.send_signal(number)
        out, _ = self.process.communicate(timeout=15)
        return self.process.returncode, out


@dataclass(frozen=True, slots=True)
class Stages:
    """The same home after each command."""

    opted_in: Office
    recorded: Office
    redacted: Office
    submitted: Office
    approved: Office
    session: str
    bundle: str


@pytest.fixture(scope="session")
def plain() -> dict[str, str]:
    """An environment without a display and without anything of the person who runs the tests."""
    passed_on = {name: os.environ[name] for name in ("PATH", "TZ", "PYTHONDONTWRITEBYTECODE") if name in os.environ}
    return {**passed_on, "LANG": "C.UTF-8", "OMP_THREAD_LIMIT": "1", "COLUMNS": "200"}


@pytest.fixture(scope="session")
def desktop() -> Iterator[VirtualDesktop]:
    with VirtualDesktop() as desktop:
        yield desktop


@pytest.fixture(scope="session")
def on_screen(plain: dict[str, str], desktop: VirtualDesktop) -> dict[str, str]:
    """The environment of a command that records: a text editor is open on this screen."""
    program = find_programs((EDITOR,))[EDITOR]
    known = _shown(desktop)
    process = desktop.start(program, "--disable-server")
    wait_until(lambda: _shown(desktop) != known or None, what="The text editor", process=process)
    time.sleep(1)  # until it is drawn and has the focus
    return {**plain, **desktop.environment}


@pytest.fixture(scope="session")
def new_folder(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Names for homes."""
    return lambda: tmp_path_factory.mktemp("office") / "of"


@pytest.fixture(scope="session")
def opted_in(new_folder: Callable[[], Path], plain: dict[str, str]) -> Office:
    """A home with keys, consent and one allowed program; a test that changes something takes a copy."""
    office = new_office(new_folder(), plain)
    office.done("init", "--solo")
    sources = [part for name in ("pointer", "keys", "screen", "widgets") for part in ("--source", name)]
    office.done("consent", "grant", "--purpose", "agent-training", *sources)
    office.done("allow", "app", EDITOR)
    return office


@pytest.fixture(scope="session")
def stages(opted_in: Office, on_screen: dict[str, str], new_folder: Callable[[], Path]) -> Stages:
    """A short recording of a person who types into the editor and saves, taken all the way to its approval."""
    recorded = opted_in.copy(new_folder())
    session = _record(Office(recorded.folder, on_screen))
    redacted = recorded.copy(new_folder())
    redacted.done("redact", session)
    submitted = redacted.copy(new_folder())
    bundle = str(submitted.done("submit", session, "--yes", "--json").json["bundle"])
    approved = submitted.copy(new_folder())
    approved.done("review", "show", bundle, "--json")
    approved.done("review", "approve", bundle)
    return Stages(opted_in, recorded, redacted, submitted, approved, session, bundle)


@pytest.fixture
def copied(new_folder: Callable[[], Path]) -> Callable[[Office], Office]:
    """Copies a home for one test."""
    return lambda office: office.copy(new_folder())


@pytest.fixture
def recording(opted_in: Office, on_screen: dict[str, str], new_folder: Callable[[], Path]) -> Iterator[Recording]:
    """A recorder that runs, in a home of its own."""
    office = Office(opted_in.copy(new_folder()).folder, on_screen)
    with office.start("record", "--seconds", "60", "--task", TASK, "--json", under=ORDINARY) as process:
        try:
            assert process.stdout is not None
            yield Recording(office, process, json.loads(process.stdout.readline())["session"])
        finally:
            if process.poll() is None:
                process.kill()


def _record(office: Office) -> str:
    """The session's id, after a person typed, chose all and saved."""
    with office.start("record", "--seconds", "6", "--task", TASK, "--json") as process:
        assert process.stdout is not None
        session = str(json.loads(process.stdout.readline())["session"])
        with Hand(office.environment["DISPLAY"]) as hand:
            hand.move((700, 500))
            hand.click((760, 560))
            time.sleep(0.5)
            hand.type(TYPED)
            time.sleep(0.5)
            hand.chord("ctrl+a")
        _, err = process.communicate(timeout=20)
    assert process.returncode == 0, err
    return session


def _shown(desktop: VirtualDesktop) -> int:
    """How many windows the window manager shows."""
    from Xlib.display import Display
    from Xlib.X import AnyPropertyType

    display = Display(desktop.environment["DISPLAY"])
    try:
        atom = display.intern_atom("_NET_CLIENT_LIST")
        found = display.screen().root.get_full_property(atom, AnyPropertyType)
        return 0 if found is None else len(found.value)
    finally:
        display.close()
