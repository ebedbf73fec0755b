"""What the commands that only look print: where things stand, who looked, and why something is not captured."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from consent.notice import NOTICE
from tests.cli.conftest import Stages
from tests.cli.office import Office

Copied = Callable[[Office], Office]


def look(office: Office, *arguments: str) -> str:
    """What a command prints that must need no passphrase."""
    ran = office.run(*arguments, passphrase=None)
    assert ran.code == 0, ran.err
    return ran.out


def test_status_says_that_recording_can_start(stages: Stages) -> None:
    found = stages.opted_in.run("status", "--json", passphrase=None).json
    wanted = {"state": "off", "recording": False, "ready": True, "reason": "", "last": "", "queue_bytes": 0}
    assert found == wanted | {"home": str(stages.opted_in.home)}


def test_status_before_set_up_says_what_to_do(plain: dict[str, str], tmp_path: Path) -> None:
    assert "optin init" in look(Office(tmp_path, plain), "status")


def test_status_before_anything_is_allowed_says_what_to_do(stages: Stages, copied: Copied) -> None:
    office = copied(stages.opted_in)
    (office.home / "allow.json").unlink()
    found = office.run("status", "--json", passphrase=None).json
    assert (found["ready"], "optin allow" in found["reason"]) == (False, True)


def test_sessions_say_where_each_stands(stages: Stages) -> None:
    offices = (stages.recorded, stages.redacted, stages.submitted)
    found = [office.run("sessions", "--json", passphrase=None).json for office in offices]
    states = ("recorded", "redacted", "submitted")
    assert found == [[{"cut_off": False, "session": stages.session, "state": state}] for state in states]


def test_sessions_of_a_new_home_are_none(stages: Stages) -> None:
    assert "optin record" in look(stages.opted_in, "sessions")


def test_the_notice_is_shown_in_full(stages: Stages) -> None:
    assert look(stages.opted_in, "consent", "show").strip() == NOTICE.strip()


def test_the_receipt_says_what_was_agreed_to_and_how_to_leave(stages: Stages) -> None:
    shown = look(stages.opted_in, "consent", "receipt")
    assert "agent-training" in shown
    assert "pointer, keys, screen, widgets" in shown
    assert "optin withdraw" in shown


def test_explain_says_that_what_nobody_allowed_is_not_captured(stages: Stages) -> None:
    assert look(stages.opted_in, "explain", "Holiday plans").startswith("Not captured. ")


def test_explain_names_the_rule_that_allows(stages: Stages, copied: Copied) -> None:
    office = copied(stages.opted_in)
    office.done("allow", "title", "expense report*")
    shown = look(office, "explain", "Expense report 7")
    assert shown.startswith("Captured. ")
    assert "title 'expense report*'" in shown


def test_explain_takes_an_address(stages: Stages, copied: Copied) -> None:
    office = copied(stages.opted_in)
    office.done("allow", "url", "crm.example.com/*")
    assert look(office, "explain", "https://crm.example.com/accounts").startswith("Captured. ")
    assert look(office, "explain", "https://mail.example.com/").startswith("Not captured. ")


def test_the_shipped_deny_list_wins_over_a_rule_that_allows(stages: Stages, copied: Copied) -> None:
    office = copied(stages.opted_in)
    office.done("allow", "title", "*")
    assert look(office, "explain", "Patient portal").startswith("Not captured. It is on the deny-list.")


def test_explain_says_that_a_title_does_not_name_its_program(stages: Stages) -> None:
    assert "Rules for programs come on top" in look(stages.opted_in, "explain", "KeePassXC")


def test_nobody_has_looked_before_review(stages: Stages) -> None:
    assert "Nobody has looked" in look(stages.submitted, "audit", "who-looked")


def test_each_view_decision_and_export_is_shown_to_the_employee(stages: Stages, copied: Copied) -> None:
    office = copied(stages.approved)
    office.done("export", "run", "--to", str(office.folder / "dataset"))
    found = office.run("audit", "who-looked", "--json", passphrase=None).json
    assert [(entry["what"], entry["session"]) for entry in found] == [
        ("view", stages.session),
        ("approve", stages.session),
        ("export", stages.session),
    ]


def test_the_officer_sees_what_waits_and_what_was_decided(stages: Stages) -> None:
    offices = (stages.submitted, stages.approved)
    found = [office.run("review", "list", "--json", passphrase=None).json for office in offices]
    assert [[entry["decision"] for entry in rows] for rows in found] == [["waiting"], ["approved"]]


def test_shown_images_are_for_the_officer_only_and_gone_after_the_decision(stages: Stages, copied: Copied) -> None:
    office = copied(stages.submitted)
    images = [Path(name) for name in office.done("review", "show", stages.bundle, "--json").json["images"]]
    assert {path.stat().st_mode & 0o777 for path in images} == {0o600}
    office.done("review", "approve", stages.bundle)
    assert not any(path.exists() for path in images)


def test_an_export_that_was_made_already_is_said_to_be_unchanged(stages: Stages, copied: Copied) -> None:
    office = copied(stages.approved)
    arguments = ("export", "run", "--to", str(office.folder / "dataset"), "--json")
    assert [office.done(*arguments).json["unchanged"] for _ in range(2)] == [False, True]


def test_a_dry_export_writes_nothing(stages: Stages, copied: Copied) -> None:
    office = copied(stages.approved)
    target = office.folder / "dataset"
    found = office.done("export", "run", "--to", str(target), "--dry-run", "--json").json
    assert found == {"admitted": [stages.bundle], "refused": []}
    assert not target.exists()


def test_doctor_says_where_a_recording_would_be_refused(stages: Stages, copied: Copied) -> None:
    office = copied(stages.opted_in)
    office.folder.chmod(0o777)
    found = {one["what"]: one for one in office.run("doctor", "--json", passphrase=None).json}
    assert found["place of the home"]["health"] == "note"
    assert f"chmod go-w {office.folder}" in found["place of the home"]["detail"]
    ran = office.run("record", "--seconds", "1")
    assert (ran.code, "chmod go-w" in ran.err) == (3, True)
