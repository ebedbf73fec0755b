"""Each step of the chain refuses what came without the step before it, and says what to do; nothing is written then."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from optin.home import PASSPHRASE_FD
from tests.cli.conftest import Stages
from tests.cli.office import TASK, TYPED, Office, Ran, new_office

Copied = Callable[[Office], Office]


def export(office: Office) -> tuple[Ran, Path]:
    """How `optin export run` ended, and where it would have written."""
    target = office.folder / "dataset"
    return office.run("export", "run", "--to", str(target)), target


def names(folder: Path) -> list[str]:
    """The names of all files below a folder."""
    return [path.name for path in folder.rglob("*") if path.is_file()]


def test_what_was_recorded_redacted_submitted_and_approved_is_exported(stages: Stages, copied: Copied) -> None:
    ran, target = export(copied(stages.approved))
    assert ran.code == 0, ran.err
    assert (target / "manifest.json").is_file()


@pytest.mark.parametrize(
    ("part", "taken"),
    [
        ("grant", "inbox/grants"),
        ("approval", "inbox/decisions"),
        ("redaction", "inbox/submissions"),
        ("policy", "policy.json"),
        ("status", "inbox/status"),
    ],
)
def test_an_export_without_one_of_its_grounds_is_refused_by_name(
    stages: Stages, copied: Copied, part: str, taken: str
) -> None:
    office = copied(stages.approved)
    path = office.home / taken
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    ran, target = export(office)
    assert (ran.code, ran.out) == (3, "")
    assert f"{part}: " in ran.err
    assert not target.exists()


def test_a_rejected_submission_is_not_exported(stages: Stages, copied: Copied) -> None:
    office = copied(stages.submitted)
    office.done("review", "show", stages.bundle)
    office.done("review", "reject", stages.bundle, "--why", "a customer is named")
    ran, target = export(office)
    assert ran.code == 3
    assert "rejected" in ran.err
    assert not target.exists()


def test_a_rejection_stands_against_an_earlier_approval(stages: Stages, copied: Copied) -> None:
    office = copied(stages.approved)
    ran = office.run("review", "reject", stages.bundle, "--why", "a customer is named")
    assert ran.code == 3
    assert "not changed afterwards" in ran.err


def test_a_data_set_folder_that_others_may_enter_is_refused(stages: Stages, copied: Copied) -> None:
    office = copied(stages.approved)
    (office.folder / "dataset").mkdir(mode=0o755)
    ran, target = export(office)
    assert ran.code == 3
    assert "chmod 700" in ran.err
    assert list(target.iterdir()) == []


def test_a_data_set_goes_to_no_url(stages: Stages, copied: Copied) -> None:
    office = copied(stages.approved)
    ran = office.run("export", "run", "--to", "memory://dataset")
    assert ran.code == 3
    assert "local folder" in ran.err


def test_a_home_that_others_may_enter_is_refused(stages: Stages, copied: Copied) -> None:
    office = copied(stages.approved)
    office.home.chmod(0o755)
    ran, _ = export(office)
    assert ran.code == 3
    assert "chmod 700" in ran.err


def test_recording_without_consent_is_refused(stages: Stages, copied: Copied) -> None:
    office = copied(stages.opted_in)
    shutil.rmtree(office.home / "consent")
    ran = office.run("record", "--seconds", "1")
    assert ran.code == 3
    assert "optin consent grant" in ran.err


def test_recording_before_anything_is_allowed_is_refused(stages: Stages, copied: Copied) -> None:
    office = copied(stages.opted_in)
    (office.home / "allow.json").unlink()
    ran = office.run("record", "--seconds", "1")
    assert ran.code == 3
    assert "optin allow" in ran.err


def test_recording_without_a_screen_says_that_one_is_missing(stages: Stages, copied: Copied) -> None:
    ran = copied(stages.opted_in).run("record", "--seconds", "1")
    assert ran.code == 5
    assert "DISPLAY" in ran.err


def test_redacting_before_recording_names_the_command_that_lists_sessions(stages: Stages, copied: Copied) -> None:
    ran = copied(stages.opted_in).run("redact", stages.session)
    assert ran.code == 5
    assert "optin sessions" in ran.err


def test_redacting_twice_is_refused(stages: Stages, copied: Copied) -> None:
    ran = copied(stages.redacted).run("redact", stages.session)
    assert ran.code == 3
    assert "redacted already" in ran.err


def test_submitting_before_redacting_is_refused(stages: Stages, copied: Copied) -> None:
    office = copied(stages.recorded)
    ran = office.run("submit", stages.session, "--yes")
    assert ran.code == 3
    assert f"optin redact {stages.session}" in ran.err
    assert names(office.home / "inbox") == []


def test_a_dry_run_says_what_would_leave_and_lets_nothing_leave(stages: Stages, copied: Copied) -> None:
    office = copied(stages.redacted)
    ran = office.done("submit", stages.session, "--dry-run")
    assert ran.out.startswith("Would leave: ")
    assert names(office.home / "inbox") == []


def test_submitting_without_a_word_of_consent_releases_nothing(stages: Stages, copied: Copied) -> None:
    office = copied(stages.redacted)
    ran = office.run("submit", stages.session)
    assert (ran.code, ran.err) == (130, "optin: stopped\n")
    assert names(office.home / "inbox") == []


def test_approving_what_was_not_shown_is_refused(stages: Stages, copied: Copied) -> None:
    office = copied(stages.submitted)
    ran = office.run("review", "approve", stages.bundle)
    assert ran.code == 3
    assert "optin review show" in ran.err
    assert not (office.home / "inbox" / "decisions").exists()


def test_a_wrong_passphrase_is_refused(stages: Stages, copied: Copied) -> None:
    ran = copied(stages.recorded).run("redact", stages.session, passphrase="something else")
    assert ran.code == 3
    assert "passphrase" in ran.err


def test_without_a_passphrase_the_error_names_the_descriptor(stages: Stages, copied: Copied) -> None:
    ran = copied(stages.recorded).run("redact", stages.session, passphrase=None)
    assert ran.code == 5
    assert PASSPHRASE_FD in ran.err


def test_a_missing_consent_key_is_a_missing_part(stages: Stages, copied: Copied) -> None:
    office = copied(stages.recorded)
    (office.home / "keys" / "consent.json").unlink()
    ran = office.run("redact", stages.session)
    assert ran.code == 5
    assert "consent" in ran.err


def test_a_damaged_segment_is_not_redacted(stages: Stages, copied: Copied) -> None:
    office = copied(stages.recorded)
    _damage(office)
    ran = office.run("redact", stages.session)
    assert (ran.code, ran.out) == (4, "")
    assert "damaged" in ran.err
    assert names(office.home / "redacted") == []


def test_a_disk_that_fills_up_leaves_no_half_of_a_redacted_session(stages: Stages, copied: Copied) -> None:
    office = copied(stages.recorded)
    (sealed,) = (stages.redacted.home / "redacted").iterdir()
    limit = sealed.stat().st_size * 3 // 4
    ran = office.run("redact", stages.session, under=("prlimit", f"--fsize={limit}"))
    assert (ran.code, ran.out) == (4, "")
    assert not any(word in ran.err.lower() for word in ("okonkwo", TYPED))
    assert names(office.home / "redacted") == []
    assert office.run("redact", stages.session).code == 0


def test_a_damaged_segment_is_listed_as_such(stages: Stages, copied: Copied) -> None:
    office = copied(stages.recorded)
    _damage(office)
    assert [entry["state"] for entry in office.done("sessions", "--json").json] == ["damaged"]


def test_a_home_cannot_be_made_twice(stages: Stages, copied: Copied) -> None:
    ran = copied(stages.opted_in).run("init", "--solo")
    assert ran.code == 3
    assert "set up here already" in ran.err


def test_a_short_passphrase_is_refused_and_makes_no_keys(opted_in: Office, tmp_path: Path) -> None:
    office = Office(tmp_path, opted_in.environment)
    office.tmp.mkdir()
    ran = office.run("init", "--solo", passphrase="short")
    assert ran.code == 3
    assert names(office.home) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("record", "--seconds", "0"),
        ("record", "--forever"),
        ("redact",),
        ("redact", "--all", "ab12"),
        ("submit",),
        ("export", "run"),
        ("review", "reject", "ab12"),
        ("destroy",),
    ],
)
def test_a_wrong_argument_is_a_usage_error(opted_in: Office, arguments: tuple[str, ...]) -> None:
    ran = opted_in.run(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert "Usage: " in ran.err


@pytest.mark.parametrize("name", ["../../etc/passwd", "a b", "é"])
def test_a_session_id_is_never_a_path(opted_in: Office, name: str) -> None:
    ran = opted_in.run("redact", name)
    assert ran.code == 4
    assert "optin sessions" in ran.err


def test_a_demo_without_its_programs_names_the_packages_to_install(tmp_path: Path) -> None:
    office = new_office(tmp_path / "of", {"PATH": str(tmp_path)})
    ran = office.run("demo", "--out", str(tmp_path / "demo"), passphrase=None)
    assert ran.code == 5
    assert "apt-get install" in ran.err


def test_a_demo_writes_into_no_folder_that_holds_something(opted_in: Office, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").touch()
    ran = opted_in.run("demo", "--out", str(tmp_path), passphrase=None)
    assert ran.code == 4
    assert names(tmp_path) == ["mine.txt"]


def test_an_edit_of_the_ledger_is_found(stages: Stages, copied: Copied) -> None:
    office = copied(stages.approved)
    path = office.home / "ledger" / "entries"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:2] + lines[3:]))
    ran = office.run("audit", "verify")
    assert (ran.code, ran.out) == (4, "")
    assert "line 3" in ran.err


def test_nothing_that_was_typed_or_named_lies_in_any_file(stages: Stages, copied: Copied) -> None:
    office = copied(stages.approved)
    _, target = export(office)
    files = [path for path in office.folder.rglob("*") if path.is_file()]
    assert target / "manifest.json" in files
    for path in files:
        data = path.read_bytes().lower()
        assert not any(word in data for word in (b"okonkwo", TASK.lower().encode(), TYPED.encode())), path.name


def _damage(office: Office) -> None:
    (path,) = (office.home / "queue" / "segments").iterdir()
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def test_setting_up_that_was_cut_off_says_what_to_remove_and_then_goes_through(
    new_folder: Callable[[], Path], plain: dict[str, str]
) -> None:
    office = new_office(new_folder(), plain)
    office.done("init", "--solo")
    (office.home / "config.json").unlink()
    ran = office.run("init", "--solo")
    assert (ran.code, f"remove {office.home / 'keys'} first" in ran.err) == (3, True)
    shutil.rmtree(office.home / "keys")
    assert office.run("init", "--solo").code == 0
    assert office.run("audit", "verify").code == 0
