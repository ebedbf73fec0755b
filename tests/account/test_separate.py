"""A redactor account does not start where it would protect nothing, and says why."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from optin.account import user_id
from optin.separate import listening, require_own_code, require_separate, unit_text
from tests.account.conftest import Machine
from tests.account.people import EMPLOYEE, STRANGER
from vault.errors import BadInput, MissingPart, Refused


def test_a_redactor_that_is_the_employee_is_refused() -> None:
    with pytest.raises(Refused, match="a user of its own"):
        require_separate(os.geteuid())


@pytest.mark.parametrize("employee", [0, 65534])
def test_root_and_nobody_are_no_employees(opted_in: Machine, employee: int) -> None:
    ran = opted_in.redactor.optin("redactor", "--for", str(employee), "--socket", str(opted_in.socket))
    assert ran.code == 3
    assert "users of their own" in ran.err or "a user of its own" in ran.err


def test_root_is_no_redactor() -> None:
    assert os.geteuid() == 0
    with pytest.raises(Refused, match="may be root"):
        require_separate(EMPLOYEE)


def test_a_program_that_the_employee_may_not_change_is_accepted() -> None:
    require_own_code(EMPLOYEE)


@pytest.mark.parametrize("mode", [0o755, 0o777])
def test_a_program_that_the_employee_may_change_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int
) -> None:
    tmp_path.chmod(mode)
    if mode == 0o755:
        os.chown(tmp_path, EMPLOYEE, -1)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(Refused, match="can change its program"):
        require_own_code(EMPLOYEE)


def test_an_account_serves_one_employee_for_ever(machine: Machine) -> None:
    machine.stop()
    ran = machine.redactor.optin("redactor", "--for", str(STRANGER), "--socket", str(machine.socket))
    assert ran.code == 3
    assert "those of another employee" in ran.err


def test_a_second_redactor_in_the_same_folder_is_refused(opted_in: Machine) -> None:
    ran = opted_in.redactor.optin("redactor", "--for", str(EMPLOYEE), "--socket", str(opted_in.socket))
    assert ran.code == 3
    assert "runs already" in ran.err


def test_a_home_of_an_employee_is_no_folder_for_a_redactor(machine: Machine) -> None:
    (machine.redactor.home / "config.json").write_bytes((machine.employee.home / "config.json").read_bytes())
    machine.stop()
    ran = machine.redactor.optin("redactor", "--for", str(EMPLOYEE), "--socket", str(machine.socket))
    assert ran.code == 3
    assert "OPTIN_HOME of its own" in ran.err


def test_the_keys_of_the_account_are_locked_by_its_own_passphrase(machine: Machine) -> None:
    machine.stop()
    person = machine.redactor
    ran = type(person)(person.uid, person.folder, "correct horse battery staple").optin(
        "redactor", "--for", str(EMPLOYEE), "--socket", str(machine.socket)
    )
    assert ran.code == 3
    assert "passphrase" in ran.err


def test_the_passphrase_may_be_a_credential_of_systemd(machine: Machine) -> None:
    machine.stop()
    (machine.redactor.folder / "passphrase").write_text(machine.redactor.passphrase)
    program = (
        "import os, sys; os.environ.pop('OPTIN_PASSPHRASE_FD'); os.environ['CREDENTIALS_DIRECTORY'] = sys.argv[1];"
        "from pathlib import Path; from optin.separate import open_account; from optin.home import open_home;"
        f"print(open_account(open_home().root, {EMPLOYEE}).employee)"
    )
    os.chown(machine.redactor.folder / "passphrase", machine.redactor.uid, -1)
    ran = machine.redactor.python("-c", program, str(machine.redactor.folder))
    assert ran.out == f"{EMPLOYEE}\n", ran.err


def test_a_socket_in_a_folder_that_others_write_to_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    with pytest.raises(Refused, match="nobody else may write"), listening(tmp_path / "socket"):
        pass


def test_a_socket_replaces_no_file(tmp_path: Path) -> None:
    (tmp_path / "socket").write_bytes(b"mine")
    with pytest.raises(Refused, match="no socket"), listening(tmp_path / "socket"):
        pass
    assert (tmp_path / "socket").read_bytes() == b"mine"


def test_a_socket_takes_the_place_of_one_that_a_crash_left(tmp_path: Path) -> None:
    os.mknod(tmp_path / "socket", stat.S_IFSOCK | 0o600)
    with listening(tmp_path / "socket") as listener:
        assert listener.getsockname() == str(tmp_path / "socket")


def test_the_path_of_a_socket_may_not_be_longer_than_the_system_takes(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="choose a shorter path"), listening(tmp_path / ("s" * 120)):
        pass


def test_a_user_is_named_by_name_or_number() -> None:
    assert (user_id("root"), user_id("64001")) == (0, 64001)


def test_a_user_that_is_not_there_is_a_missing_part() -> None:
    with pytest.raises(MissingPart, match="no user of that name"):
        user_id("no-such-user")


@pytest.mark.parametrize(
    "line",
    [
        f"ExecStart={sys.executable} -I -m optin redactor --for 64001 --socket /run/optin-redactor/redactor.socket",
        "Environment=OPTIN_HOME=/var/lib/optin-redactor",
        "User=optin-redactor",
        "StateDirectoryMode=0700",
        "NoNewPrivileges=yes",
        "PrivateNetwork=yes",
        "ProtectSystem=strict",
        "ProtectHome=yes",
        "PrivateTmp=yes",
        "LimitCORE=0",
        "UMask=0077",
    ],
)
def test_the_unit_shuts_the_service_in(line: str) -> None:
    assert line in unit_text("optin-redactor", 64001).splitlines()


@pytest.mark.parametrize("name", ["", "a b", "a\nUser=root", "../x", "%i", "-x", "ä"])
def test_a_unit_is_made_for_names_only(name: str) -> None:
    with pytest.raises(BadInput, match="letters, digits"):
        unit_text(name, 64001)
