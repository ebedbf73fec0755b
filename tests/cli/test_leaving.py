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
    """All files below a folder but the mark for backup programs, none if it is gone."""
    return [path for path in folder.rglob("*") if path.is_file() and path.name != "CACHEDIR.TAG"]


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


@pytest.fixture
def approved(stages: Stages, copied: Copied) -> Office:
    """A home in which everything was made, for one test."""
    return copied(stages.approved)


def test_a_withdrawal_leaves_a_receipt_that_is_signed_as_soon_as_the_key_can_be_had(
    left: tuple[Office, Ran], copied: Copied
) -> None:
    office = copied(left[0])
    assert office.run("consent", "receipt", passphrase=None).code == 5
    (receipt,) = office.done("consent", "receipt", "--json").json
    assert {one["what"]: one["number"] > 0 for one in receipt["erased"]} == {
        "sealed segments": True,
        "keys of segments": True,
        "redacted sessions, reports and images": True,
        "submissions": True,
    }
    assert office.run("consent", "receipt", passphrase=None).code == 0


def test_a_withdrawal_with_the_passphrase_at_hand_signs_its_receipt_at_once(approved: Office) -> None:
    assert "shows the signed receipt" in approved.done("withdraw").out
    assert approved.run("consent", "receipt", passphrase=None).code == 0


def test_a_wrong_passphrase_keeps_nobody_from_leaving(approved: Office) -> None:
    assert approved.run("withdraw", passphrase="not this one").code == 0
    assert files(approved.home / "queue" / "segments") == []


def test_a_receipt_that_was_edited_is_refused(left: tuple[Office, Ran], copied: Copied) -> None:
    office = copied(left[0])
    office.done("consent", "receipt")
    (path,) = files(office.home / "receipts")
    path.write_bytes(path.read_bytes().replace(b'"number":1', b'"number":7', 1))
    assert office.run("consent", "receipt", passphrase=None).code == 4


def test_a_withdrawal_is_entered_when_the_key_can_be_had(approved: Office) -> None:
    approved.done("withdraw")
    before = approved.run("audit", "verify", "--json", passphrase=None).json
    approved.done("consent", "grant", "--purpose", "agent-training", "--source", "keys")
    after = approved.run("audit", "verify", "--json", passphrase=None).json
    assert (before["waiting"], after["waiting"]) == (2, 0)
    assert after["entries"] == before["entries"] + 3


def test_what_a_withdrawal_cannot_reach_is_named_and_the_next_one_finishes(approved: Office) -> None:
    inbox = approved.home / "inbox"
    inbox.rename(approved.home / "away")
    inbox.write_bytes(b"")
    ran = approved.run("withdraw", passphrase=None)
    assert ran.code == 5
    assert "not all is erased yet" in ran.err
    assert [line.split(":")[0] for line in ran.err.splitlines()[1:]] == ["the inbox"]
    assert files(approved.home / "queue" / "keys") + files(approved.home / "redacted") == []
    assert not (approved.home / "keys" / "consent.json").exists()
    inbox.unlink()
    (approved.home / "away").rename(inbox)
    assert approved.run("withdraw", passphrase=None).code == 0
    assert files(inbox / "submissions") == []


def test_a_grant_that_cannot_be_read_keeps_nothing_from_being_erased(approved: Office) -> None:
    (approved.home / "consent" / "grant.json").write_bytes(b"{}")
    assert approved.run("withdraw", passphrase=None).code == 0
    places = ("queue/keys", "redacted", "inbox/submissions", "consent")
    assert [files(approved.home / place) for place in places] == [[], [], [], []]
    assert not (approved.home / "keys" / "consent.json").exists()


def test_a_withdrawal_that_cannot_be_read_is_said_not_to_be_published(approved: Office) -> None:
    (approved.home / "consent" / "withdrawal.json").write_bytes(b"{}")
    ran = approved.run("withdraw", passphrase=None)
    assert (ran.code, files(approved.home / "inbox" / "submissions")) == (0, [])
    assert "The inbox was not told" in ran.out


def test_a_ledger_that_takes_no_note_keeps_nobody_from_leaving(approved: Office) -> None:
    (approved.home / "ledger" / "waiting").mkdir()
    ran = approved.run("withdraw", passphrase=None)
    assert ran.code == 0
    assert "could not take note" in ran.out
    assert files(approved.home / "queue" / "segments") == []
