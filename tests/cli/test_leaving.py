"""Withdrawal asks nothing, needs neither passphrase nor terminal, and nothing is left that could be used."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Stages
from tests.cli.office import Office, Ran

Copied = Callable[[Office], Office]


@pytest.fixture(scope="module")
def left(stages: Stages, new_folder: Callable[[], Path]) -> tuple[Office, Ran]:
    """A home after everything was made and consent was withdrawn, and how the command ended."""
    office = stages.approved.copy(new_folder())
    return office, office.run("withdraw", passphrase=None)


def files(folder: Path) -> list[Path]:
    """All files below a folder, none if it is gone."""
    return [path for path in folder.rglob("*") if path.is_file()]


def test_withdrawal_asks_nothing(left: tuple[Office, Ran]) -> None:
    _, ran = left
    assert (ran.code, ran.err) == (0, "")
    assert "Consent is withdrawn and its key destroyed" in ran.out


@pytest.mark.parametrize(
    "place",
    ["queue/segments", "queue/keys", "redacted", "reports", "submitted", "desk", "consent", "inbox/submissions"],
)
def test_withdrawal_erases(left: tuple[Office, Ran], place: str) -> None:
    office, _ = left
    assert files(office.home / place) == []


def test_withdrawal_destroys_the_key_that_opens(left: tuple[Office, Ran]) -> None:
    office, _ = left
    assert not (office.home / "keys" / "consent.json").exists()


def test_nothing_is_redacted_after_a_withdrawal(left: tuple[Office, Ran], stages: Stages) -> None:
    ran = left[0].run("redact", stages.session)
    assert ran.code == 3
    assert "you have not given consent" in ran.err


def test_nothing_is_recorded_after_a_withdrawal(left: tuple[Office, Ran]) -> None:
    ran = left[0].run("record", "--seconds", "1")
    assert ran.code == 3
    assert "you have not given consent" in ran.err


def test_a_copy_of_a_submission_is_not_exported_after_a_withdrawal(
    left: tuple[Office, Ran], stages: Stages, copied: Copied
) -> None:
    office = copied(left[0])
    kept = stages.approved.home / "inbox" / "submissions"
    shutil.copytree(kept, office.home / "inbox" / "submissions", dirs_exist_ok=True)
    ran = office.run("export", "run", "--to", str(office.folder / "dataset"))
    assert ran.code == 3
    assert "withdrawn" in ran.err
    assert not (office.folder / "dataset").exists()


def test_a_backup_of_the_queue_opens_nothing_after_a_withdrawal(
    left: tuple[Office, Ran], stages: Stages, copied: Copied
) -> None:
    office = copied(left[0])
    for place in ("queue", "consent", "leases"):
        shutil.copytree(stages.recorded.home / place, office.home / place, dirs_exist_ok=True)
    ran = office.run("redact", stages.session)
    assert ran.code == 5
    assert "consent" in ran.err


def test_the_ledger_is_still_intact_after_a_withdrawal(left: tuple[Office, Ran]) -> None:
    assert left[0].run("audit", "verify", passphrase=None).code == 0


def test_who_looked_before_a_withdrawal_is_still_told(left: tuple[Office, Ran]) -> None:
    found = left[0].run("audit", "who-looked", "--json", passphrase=None).json
    assert [(entry["what"], entry["session"]) for entry in found] == [("view", "erased"), ("approve", "erased")]


def test_withdrawing_without_consent_is_refused(left: tuple[Office, Ran]) -> None:
    assert left[0].run("withdraw", passphrase=None).code == 3


def test_a_withdrawal_that_was_cut_off_after_the_key_is_finished_by_the_next(
    stages: Stages, new_folder: Callable[[], Path]
) -> None:
    office = stages.approved.copy(new_folder())
    (office.home / "keys" / "consent.json").unlink()
    assert office.run("withdraw", passphrase=None).code == 0
    assert files(office.home / "queue" / "segments") + files(office.home / "consent") == []


def test_consent_can_be_given_again_after_a_withdrawal_that_was_cut_off_at_its_end(
    stages: Stages, new_folder: Callable[[], Path]
) -> None:
    office = stages.approved.copy(new_folder())
    withdrawal = (office.home / "consent" / "withdrawal.json").read_bytes()
    assert office.run("withdraw", passphrase=None).code == 0
    (office.home / "consent" / "withdrawal.json").write_bytes(withdrawal)
    assert office.run("consent", "grant", "--purpose", "agent-training", "--source", "keys").code == 0


def test_consent_that_was_cut_off_while_it_was_given_is_withdrawn_and_can_be_given_again(
    stages: Stages, new_folder: Callable[[], Path]
) -> None:
    office = stages.approved.copy(new_folder())
    (office.home / "consent" / "grant.json").unlink()
    assert office.run("withdraw", passphrase=None).code == 0
    assert office.run("consent", "grant", "--purpose", "agent-training", "--source", "keys").code == 0
