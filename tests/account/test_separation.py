"""What each user gets at: their own folder, and of the others' nothing, neither on disk nor in memory nor by asking."""

from __future__ import annotations

import os
import signal
import stat
from pathlib import Path

import pytest

from optin.demo.programs import wait_until
from tests.account.conftest import Machine, Released
from tests.account.people import EMPLOYEE, REDACTOR


@pytest.fixture
def used(released: Released) -> Machine:
    """A machine on which a recording was redacted and submitted."""
    return released.machine


def names(*folders: Path) -> list[str]:
    """All files and folders below these, and these, by path."""
    return [str(path) for folder in folders for path in (folder, *folder.rglob("*"))]


@pytest.mark.parametrize(
    ("who", "whose"),
    [
        ("employee", "redactor"),
        ("redactor", "employee"),
        ("stranger", "employee"),
        ("stranger", "redactor"),
    ],
)
def test_nobody_reads_or_writes_the_home_of_another(used: Machine, who: str, whose: str) -> None:
    person, other = getattr(used, who), getattr(used, whose)
    assert person.ask("readable", *names(other.folder)).json == []


def test_the_search_for_readable_files_finds_those_of_the_same_user(used: Machine) -> None:
    found = used.redactor.ask("readable", str(used.redactor.home)).json
    assert {"consent.json", "served.json", "lock.json"} <= set(found)


@pytest.mark.parametrize("whose", ["employee", "redactor"])
def test_every_file_is_private_whatever_the_umask_was(used: Machine, whose: str) -> None:
    home = getattr(used, whose).home
    modes = {stat.S_IMODE(path.stat().st_mode) for path in home.rglob("*") if path.is_file()}
    folders = {stat.S_IMODE(path.stat().st_mode) for path in (home, *home.rglob("*")) if path.is_dir()}
    assert (modes, folders) == ({0o600}, {0o700})


def test_everything_of_a_home_belongs_to_its_user(used: Machine) -> None:
    for person in (used.employee, used.redactor):
        assert {path.stat().st_uid for path in person.home.rglob("*")} == {person.uid}


def test_the_passphrase_of_the_employee_unlocks_no_key_to_a_recording(used: Machine) -> None:
    consent = used.employee.done("consent", "receipt", "--json").json["consent_key"]
    unlocked = used.employee.ask("openers").json
    assert len(unlocked) == 3
    assert consent not in unlocked


def test_the_passphrase_of_the_account_unlocks_that_key(used: Machine) -> None:
    consent = used.employee.done("consent", "receipt", "--json").json["consent_key"]
    assert used.redactor.ask("openers").json == [consent]


@pytest.mark.parametrize("who", ["employee", "stranger", "redactor"])
def test_nobody_gets_at_the_memory_of_the_redactor(used: Machine, who: str) -> None:
    assert used.server is not None
    assert getattr(used, who).ask("intrude", str(used.server.pid)).json == []


@pytest.mark.parametrize("who", ["employee", "stranger", "redactor"])
def test_nobody_gets_at_the_memory_of_the_process_that_holds_the_opened_key(used: Machine, who: str) -> None:
    assert used.server is not None
    server = used.server.pid
    wait_until(lambda: True if not _children(server) else None, what="The end of the requests before")
    with used.employee.start("-m", "tests.account.questions", "keep_waiting") as asking:
        try:
            (child,) = wait_until(lambda: _children(server) or None, what="The redactor's child")
            got = getattr(used, who).ask("intrude", child).json
        finally:
            asking.kill()
    assert got == []


def test_a_process_that_does_not_hide_is_open_to_its_own_user(used: Machine) -> None:
    with used.redactor.start("-c", "import time; print(flush=True); time.sleep(60)") as process:
        assert process.stdout is not None
        process.stdout.readline()
        got = used.redactor.ask("intrude", str(process.pid)).json
        process.kill()
    assert {"mem", "environ", "maps"} <= set(got)


def test_the_employee_cannot_end_the_redactor(used: Machine) -> None:
    assert used.server is not None
    ran = used.employee.python("-c", f"import os; os.kill({used.server.pid}, {int(signal.SIGKILL)})")
    assert "PermissionError" in ran.err


def test_the_folder_of_the_socket_is_the_redactors(used: Machine) -> None:
    facts = used.socket.parent.stat()
    assert (facts.st_uid, stat.S_IMODE(facts.st_mode)) == (REDACTOR, 0o711)


@pytest.mark.parametrize("who", ["employee", "stranger"])
def test_nobody_else_puts_a_socket_in_its_place(used: Machine, who: str) -> None:
    ran = getattr(used, who).python("-c", f"import os; os.unlink({str(used.socket)!r})")
    assert "PermissionError" in ran.err


def test_a_stranger_is_not_served(used: Machine) -> None:
    ran = used.stranger.optin("init", "--solo", "--separate-user", str(REDACTOR), "--socket", str(used.socket))
    assert ran.code == 3
    assert "serves another user" in ran.err


def test_the_employee_does_not_speak_to_an_impostor(machine: Machine) -> None:
    session = machine.record()
    machine.stop()
    os.chown(machine.socket.parent, machine.stranger.uid, -1)
    with machine.stranger.start("-m", "tests.account.questions", "listen", str(machine.socket)) as impostor:
        assert impostor.stdout is not None
        assert impostor.stdout.readline() == "listening\n"
        ran = machine.employee.optin("redact", session)
        heard, _ = impostor.communicate(timeout=20)
    assert ran.code == 3
    assert "another user than your redactor" in ran.err
    assert heard == "0\n"


def test_the_recorder_seals_to_a_key_that_the_employee_never_had(used: Machine) -> None:
    grant = used.employee.done("consent", "receipt", "--json").json
    assert not (used.employee.home / "keys" / "consent.json").exists()
    assert grant["consent_key"] in (used.redactor.home / "keys" / "consent.json").read_text(encoding="ascii")


def test_an_employee_is_no_redactor_of_their_own(machine: Machine) -> None:
    ran = machine.employee.optin("init", "--solo", "--separate-user", str(EMPLOYEE), "--socket", str(machine.socket))
    assert ran.code == 3
    assert "another user than you" in ran.err


def _children(pid: int) -> list[str]:
    """The children that the server has forked for requests that still stand."""
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
