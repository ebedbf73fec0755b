"""A machine with three users: an employee, a redactor account that serves them, and a stranger."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.account.people import EMPLOYEE, REDACTOR, REDACTORS_PASSPHRASE, STRANGER, Person, new_person
from tests.cli.office import Ran


@dataclass(slots=True)
class Machine:
    """The users, the folder of the redactor's socket, and the server while it runs."""

    folder: Path
    employee: Person
    redactor: Person
    stranger: Person
    server: subprocess.Popen[str] | None = None

    @property
    def socket(self) -> Path:
        return self.folder / "run" / "redactor.socket"

    def start(self) -> None:
        """Starts the redactor and returns when it serves."""
        self.server = self.redactor.start(
            "-m", "optin", "redactor", "--for", str(EMPLOYEE), "--socket", str(self.socket)
        )
        assert self.server.stdout is not None
        if self.server.stdout.readline() != f"serving user {EMPLOYEE}\n":
            _, err = self.server.communicate(timeout=20)
            raise AssertionError(err)

    def stop(self) -> str:
        """Ends the redactor; what it has written to its journal."""
        if self.server is None:
            return ""
        self.server.send_signal(signal.SIGTERM)
        _, err = self.server.communicate(timeout=20)
        self.server = None
        return err

    def opt_in(self) -> None:
        """The employee makes a home with this redactor and gives consent."""
        self.employee.done("init", "--solo", "--separate-user", str(REDACTOR), "--socket", str(self.socket))
        ticks = [part for name in ("pointer", "keys", "screen", "widgets") for part in ("--source", name)]
        self.employee.done("consent", "grant", "--purpose", "agent-training", *ticks)

    def record(self) -> str:
        """The session of a recording by the employee."""
        return str(self.employee.ask("record").json)


@dataclass(frozen=True, slots=True)
class Released:
    """A machine on which a session was redacted and submitted, and what the commands said."""

    machine: Machine
    session: str
    redacted: Ran
    submitted: Ran


@pytest.fixture(scope="session")
def opted_in() -> Iterator[Machine]:
    """A machine with consent given, whose redactor runs; tests share it and change nothing that others look at."""
    with _machine() as made:
        made.start()
        made.opt_in()
        yield made
        made.stop()


@pytest.fixture(scope="session")
def released(opted_in: Machine) -> Released:
    """The same, with a recording that went all the way."""
    session = opted_in.record()
    redacted = opted_in.employee.done("redact", session, "--json")
    submitted = opted_in.employee.done("submit", session, "--yes", "--json")
    return Released(opted_in, session, redacted, submitted)


@pytest.fixture(scope="session")
def spare() -> Iterator[Machine]:
    """A machine with consent given, that is kept as it is then."""
    with _machine() as made:
        made.start()
        made.opt_in()
        made.stop()
        for person in (made.employee, made.redactor):
            _copy(person.folder, made.folder / f"{person.uid}.kept")
        yield made


@pytest.fixture
def machine(spare: Machine) -> Iterator[Machine]:
    """A machine of one test's own: consent is given, and the redactor runs."""
    os.chown(spare.socket.parent, REDACTOR, REDACTOR)
    spare.socket.unlink(missing_ok=True)
    for person in (spare.employee, spare.redactor):
        shutil.rmtree(person.folder)
        _copy(spare.folder / f"{person.uid}.kept", person.folder)
    spare.start()
    yield spare
    spare.stop()


@contextmanager
def _machine() -> Iterator[Machine]:
    assert os.geteuid() == 0, "these tests become several users, which only root can: run them as root"
    folder = Path(tempfile.mkdtemp(prefix="optin-account-"))
    folder.chmod(0o711)
    (folder / "run").mkdir(mode=0o711)
    os.chown(folder / "run", REDACTOR, REDACTOR)
    employee, stranger = new_person(EMPLOYEE, folder), new_person(STRANGER, folder)
    try:
        yield Machine(folder, employee, new_person(REDACTOR, folder, REDACTORS_PASSPHRASE), stranger)
    finally:
        shutil.rmtree(folder)


def _copy(source: Path, target: Path) -> None:
    """Copies a folder with owners and modes."""
    subprocess.run(("cp", "-aT", source, target), check=True)
