"""A recording goes through a redactor account as it would without one, and ends with the account's key."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from optin.redactor import MAX_CHILDREN
from tests.account.conftest import Machine, Released
from tests.account.people import REDACTOR
from tests.world import CANARY


def test_the_account_redacts_what_the_employee_recorded(released: Released) -> None:
    (report,) = released.redacted.json
    assert (report["session"], report["images"], report["masks"] != []) == (released.session, 2, True)


def test_the_report_says_how_the_account_was_kept_from_the_network(released: Released) -> None:
    (report,) = released.redacted.json
    reached = released.machine.redactor.python(
        "-c", "from redaction.isolation import isolate; print(isolate().value, end='')"
    )
    assert report["isolation"] == reached.out


def test_what_the_account_redacted_can_be_submitted(released: Released) -> None:
    assert released.submitted.json["images"] == 2


def test_a_session_is_redacted_once(released: Released) -> None:
    ran = released.machine.employee.optin("redact", released.session)
    assert (ran.code, "redacted already" in ran.err) == (3, True)


def test_nothing_that_was_recorded_lies_in_any_file(released: Released) -> None:
    files = [path for path in released.machine.folder.rglob("*") if path.is_file()]
    assert len(files) > 20
    words = (CANARY.encode(), CANARY.encode("utf-16-le"), b"Okonkwo")
    assert [path.name for path in files if any(word in path.read_bytes() for word in words)] == []


def test_the_ledger_of_the_employee_names_the_redaction(released: Released) -> None:
    assert released.machine.employee.optin("audit", "verify").code == 0


def test_a_damaged_session_is_refused_in_the_same_words_as_without_an_account(machine: Machine) -> None:
    session = machine.record()
    (path,) = (machine.employee.home / "queue" / "segments").glob("*.seg")
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    ran = machine.employee.optin("redact", session)
    assert (ran.code, ran.out) == (4, "")
    assert f"segment {path.stem} is damaged" in ran.err


def test_a_message_that_is_too_long_is_refused(opted_in: Machine) -> None:
    assert opted_in.employee.ask("flood").json["message"] == "a message is longer than any may be"


def test_a_crowd_of_requests_waits_until_one_is_over(released: Released) -> None:
    assert released.machine.employee.ask("crowd", str(MAX_CHILDREN)).json == [False, "State"]


def test_without_its_account_nothing_is_redacted(machine: Machine) -> None:
    session = machine.record()
    machine.stop()
    ran = machine.employee.optin("redact", session)
    assert (ran.code, ran.out) == (5, "")
    assert "ask the administrator to start it" in ran.err


def test_a_home_is_not_made_while_its_account_does_not_answer(machine: Machine) -> None:
    machine.stop()
    shutil.rmtree(machine.employee.home)
    ran = machine.employee.optin("init", "--solo", "--separate-user", str(REDACTOR), "--socket", str(machine.socket))
    assert ran.code == 5
    assert not machine.employee.home.exists()


def test_the_account_forgets_nothing_when_it_is_started_again(machine: Machine) -> None:
    session = machine.record()
    machine.stop()
    machine.start()
    assert machine.employee.optin("redact", session).code == 0


def test_after_the_keys_are_destroyed_a_backup_opens_nothing(machine: Machine, tmp_path: Path) -> None:
    session = machine.record()
    backup = tmp_path / "backup"
    subprocess.run(("cp", "-a", machine.employee.home, backup), check=True)
    machine.employee.ask("destroy")
    subprocess.run(("cp", "-aT", backup, machine.employee.home), check=True)
    ran = machine.employee.optin("redact", session)
    assert ran.code == 5
    assert "holds no consent key" in ran.err


def test_the_key_of_another_consent_opens_nothing(machine: Machine, tmp_path: Path) -> None:
    session = machine.record()
    backup = tmp_path / "backup"
    subprocess.run(("cp", "-a", machine.employee.home, backup), check=True)
    machine.employee.ask("destroy")
    machine.employee.ask("give_again")
    subprocess.run(("cp", "-aT", backup, machine.employee.home), check=True)
    ran = machine.employee.optin("redact", session)
    assert ran.code == 3
    assert "the key of another consent" in ran.err


def test_an_account_that_was_made_anew_is_not_taken_for_the_one_before(machine: Machine) -> None:
    machine.employee.ask("destroy")
    machine.stop()
    shutil.rmtree(machine.redactor.home)
    machine.start()
    ran = machine.employee.python("-m", "tests.account.questions", "give_again")
    assert "made anew since this home was set up" in ran.err


def test_a_redaction_that_runs_ends_with_the_key(machine: Machine) -> None:
    machine.record()
    assert machine.employee.ask("outlive").json == ["Destroyed", "no answer"]


def test_consent_that_is_given_again_has_another_key(machine: Machine) -> None:
    before = (machine.redactor.home / "keys" / "consent.json").read_bytes()
    machine.employee.done("withdraw")
    machine.employee.done("consent", "grant", "--purpose", "agent-training", "--source", "keys")
    assert (machine.redactor.home / "keys" / "consent.json").read_bytes() != before


def test_withdrawing_destroys_the_keys_of_both_users(machine: Machine) -> None:
    machine.record()
    assert machine.employee.done("withdraw").err == ""
    assert not (machine.redactor.home / "keys" / "consent.json").exists()
    assert not (machine.employee.home / "keys" / "redacted.json").exists()


def test_withdrawing_erases_while_the_account_is_away_and_says_what_is_left(machine: Machine) -> None:
    machine.record()
    machine.stop()
    ran = machine.employee.optin("withdraw")
    assert ran.code == 5
    assert "the consent's key: the redactor account does not answer" in ran.err
    queue = machine.employee.home / "queue"
    assert [*queue.glob("segments/*.seg"), *queue.glob("keys/*.key")] == []
    assert not (machine.employee.home / "keys" / "redacted.json").exists()
    assert "being withdrawn" in machine.employee.optin("record").err
    machine.start()
    machine.employee.done("withdraw")
    assert not (machine.redactor.home / "keys" / "consent.json").exists()


def test_the_journal_of_the_account_tells_nothing_of_what_it_did(machine: Machine) -> None:
    machine.employee.done("redact", machine.record())
    assert machine.stop() == ""
