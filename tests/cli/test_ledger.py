"""The ledger from the command line: what is entered when, who witnesses it, and what cannot be taken away unseen."""

from __future__ import annotations

import signal
from collections.abc import Callable

import msgspec
import pytest

from optin.demo.programs import wait_until
from optin.home import Home
from tests.cli.conftest import Recording, Stages
from tests.cli.office import PASSPHRASE, Office, Ran
from vault.keys import SigningKey
from vault.ledger import START, Entry
from vault.signed import sign, verify_self
from vault.store import KeyStore

Copied = Callable[[Office], Office]
CHAIN = ["opt_in", "lease", "start", "segment_opened", "segment_closed", "stop", "redact", "submit", "view", "approve"]


def events(office: Office) -> list[str]:
    """What the ledger holds, in order."""
    home = Home(office.home)
    return [entry.event.value for entry in home.ledger.verify(home.first_device()).entries]


def verify(office: Office) -> Ran:
    """How `optin audit verify` ends, without a passphrase."""
    return office.run("audit", "verify", "--json", passphrase=None)


def lines_of(office: Office) -> list[bytes]:
    return (office.home / "ledger" / "entries").read_bytes().splitlines(keepends=True)


def write_lines(office: Office, lines: list[bytes]) -> None:
    (office.home / "ledger" / "entries").write_bytes(b"".join(lines))


def test_every_step_is_entered_in_order(stages: Stages) -> None:
    assert events(stages.approved) == CHAIN


def test_a_ledger_is_witnessed_before_anything_was_submitted(stages: Stages, copied: Copied) -> None:
    office = copied(stages.opted_in)
    office.done("sync")
    assert office.done("review", "list").out.strip() == "Nothing waits."
    assert verify(office).json["witnessed"] == 1


def test_verify_says_how_long_the_ledger_is_and_who_witnessed_it(stages: Stages) -> None:
    assert verify(stages.approved).json == {
        "entries": 10,
        "inbox": "reached",
        "intact": True,
        "keys": 1,
        "passed_over": 0,
        "recovered": 0,
        "waiting": 0,
        "witnessed": 8,
        "witnesses": [{"by": "officer solo", "entries": 8}],
    }


def test_verify_tells_a_person_the_same(stages: Stages) -> None:
    said = stages.approved.run("audit", "verify", passphrase=None).out
    assert "10 entries" in said
    assert "Witnessed: the first 8" in said
    assert "officer solo" in said


def test_verify_says_that_nobody_has_witnessed_yet(stages: Stages) -> None:
    assert "Nobody has witnessed it yet" in stages.submitted.run("audit", "verify", passphrase=None).out


@pytest.mark.parametrize("gone", range(9))
def test_an_entry_that_was_taken_away_is_missed(stages: Stages, copied: Copied, gone: int) -> None:
    office = copied(stages.approved)
    lines = lines_of(office)
    write_lines(office, lines[:gone] + lines[gone + 1 :])
    ran = verify(office)
    assert (ran.code, ran.out) == (4, "")
    assert f"line {gone + 1}" in ran.err


def test_an_end_that_was_cut_off_below_what_an_officer_saw_is_missed(stages: Stages, copied: Copied) -> None:
    office = copied(stages.approved)
    write_lines(office, lines_of(office)[:7])
    ran = verify(office)
    assert (ran.code, ran.out) == (4, "")
    assert "the ledger was cut" in ran.err


def test_a_witness_that_was_brought_home_counts_when_the_inbox_lost_it(stages: Stages, copied: Copied) -> None:
    office = copied(stages.approved)
    office.done("sync")
    for path in (office.home / "inbox" / "witnesses").rglob("*.json"):
        path.unlink()
    write_lines(office, lines_of(office)[:7])
    assert verify(office).code == 4


def test_an_inbox_that_is_away_is_said_to_be(stages: Stages, copied: Copied) -> None:
    office = copied(stages.approved)
    office.done("sync")
    home = Home(office.home)
    home.configure(msgspec.structs.replace(home.config(), inbox="elsewhere"))
    assert verify(office).json["inbox"] == "not reached"
    said = office.run("audit", "verify", passphrase=None)
    assert (said.code, "could not be reached" in said.out) == (0, True)


def test_what_nobody_of_the_policy_signed_is_no_witness(stages: Stages, copied: Copied) -> None:
    office = copied(stages.approved)
    (path,) = (office.home / "inbox" / "witnesses").rglob("*.json")
    stranger = sign(Entry(at_ms=0, event=_first(office).event, next_key="", number=0, previous="", subject=""), _key())
    (path.parent / "stranger.json").write_bytes(stranger.data)
    found = verify(office).json
    assert (found["passed_over"], len(found["witnesses"])) == (1, 1)


def test_a_ledger_sealed_again_with_the_newest_key_is_found(stages: Stages, copied: Copied) -> None:
    office = copied(stages.approved)
    office.done("keys", "rotate", "device")
    newest = KeyStore(office.home / "keys", lambda _: PASSPHRASE).signing("device")
    assert verify(office).json["keys"] == 2
    previous, lines = START, []
    for number, line in enumerate(lines_of(office)[1:]):
        entry = verify_self(line.rstrip(), Entry).document
        signed = sign(msgspec.structs.replace(entry, number=number, previous=previous), newest)
        previous = signed.digest
        lines.append(signed.data + b"\n")
    write_lines(office, lines)
    ran = verify(office)
    assert (ran.code, ran.out) == (4, "")
    assert "line 1" in ran.err


def test_a_pinned_key_that_was_exchanged_for_the_newest_is_found(stages: Stages, copied: Copied) -> None:
    office = copied(stages.approved)
    home = Home(office.home)
    home.configure(msgspec.structs.replace(home.config(), device_key=_key().public.text))
    assert verify(office).code == 4


def test_the_officer_refuses_to_go_on_with_a_ledger_that_was_cut(stages: Stages, copied: Copied) -> None:
    office = copied(stages.approved)
    write_lines(office, lines_of(office)[:5])
    office.done("sync")
    for arguments in (("review", "list"), ("review", "show", stages.bundle)):
        ran = office.run(*arguments)
        assert ran.code == 3
        assert "ledger was cut" in ran.err
    ran = office.run("export", "run", "--to", str(office.folder / "dataset"))
    assert (ran.code, "ledger was cut" in ran.err) == (3, True)


def test_the_officer_refuses_a_ledger_of_the_same_length_with_other_entries(stages: Stages, copied: Copied) -> None:
    office = copied(stages.submitted)
    office.done("review", "show", stages.bundle)
    write_lines(office, lines_of(office)[:7])
    device = KeyStore(office.home / "keys", lambda _: PASSPHRASE).signing("device")
    Home(office.home).ledger.enter(_first(office).event, "another story", device)
    office.done("sync")
    ran = office.run("review", "list", passphrase=None)
    assert (ran.code, "rewritten" in ran.err) == (3, True)


def test_a_submission_without_a_checkpoint_is_not_shown(stages: Stages, copied: Copied) -> None:
    office = copied(stages.submitted)
    for path in (office.home / "inbox" / "checkpoints").iterdir():
        path.unlink()
    ran = office.run("review", "show", stages.bundle)
    assert (ran.code, "optin sync" in ran.err) == (3, True)


def test_a_submission_can_be_rejected_whatever_became_of_the_ledger(stages: Stages, copied: Copied) -> None:
    office = copied(stages.submitted)
    for path in (office.home / "inbox" / "checkpoints").iterdir():
        path.unlink()
    ran = office.run("review", "reject", stages.bundle, "--why", "a customer is named")
    assert "Rejected" in ran.out
    assert office.run("review", "list", "--json").json[0]["decision"] == "rejected"


def test_an_export_is_entered_and_witnessed(stages: Stages, copied: Copied) -> None:
    office = copied(stages.approved)
    office.done("export", "run", "--to", str(office.folder / "dataset"))
    assert events(office) == [*CHAIN, "export"]
    assert {seen["by"] for seen in verify(office).json["witnesses"]} == {"officer solo", "exporter solo exporter"}


def test_what_the_gate_refuses_is_entered(stages: Stages, copied: Copied) -> None:
    office = copied(stages.submitted)
    assert office.run("export", "run", "--to", str(office.folder / "dataset")).code == 3
    assert events(office)[-1] == "refused"


def test_an_approval_of_what_was_not_shown_is_entered_as_refused(stages: Stages, copied: Copied) -> None:
    office = copied(stages.submitted)
    assert office.run("review", "approve", stages.bundle).code == 3
    assert events(office)[-1] == "refused"


def test_a_second_approval_is_refused_before_anything_is_entered(stages: Stages, copied: Copied) -> None:
    office = copied(stages.approved)
    assert office.run("review", "approve", stages.bundle).code == 3
    assert events(office) == CHAIN


def test_a_wrong_passphrase_is_noted_and_entered_with_the_next_entry(stages: Stages, copied: Copied) -> None:
    office = copied(stages.redacted)
    assert office.run("submit", stages.session, "--yes", passphrase="something else").code == 3
    assert verify(office).json["waiting"] == 1
    office.done("submit", stages.session, "--yes")
    assert events(office)[-2:] == ["refused", "submit"]


def test_a_torn_last_line_is_told_and_then_kept_aside(stages: Stages, copied: Copied) -> None:
    office = copied(stages.approved)
    lines = lines_of(office)
    write_lines(office, [*lines[:-1], lines[-1][:-20]])
    ran = verify(office)
    assert (ran.code, "power cut" in ran.err) == (4, True)
    office.done("sync")
    assert verify(office).json["recovered"] == 1
    assert (office.home / "ledger" / "torn.9").read_bytes() == lines[-1][:-20]


def test_a_full_disk_does_not_turn_a_rejection_into_a_failure(stages: Stages, copied: Copied) -> None:
    office = copied(stages.submitted)
    limit = (office.home / "ledger" / "entries").stat().st_size
    ran = office.run("review", "reject", stages.bundle, "--why", "no", under=("prlimit", f"--fsize={limit}"))
    assert (ran.code, "could not be entered" in ran.err) == (0, True)
    assert events(office)[-1] == "submit"


def test_a_view_that_cannot_be_entered_shows_nothing(stages: Stages, copied: Copied) -> None:
    office = copied(stages.submitted)
    limit = (office.home / "ledger" / "entries").stat().st_size
    ran = office.run("review", "show", stages.bundle, under=("prlimit", f"--fsize={limit}"))
    assert (ran.code, ran.out) == (3, "")
    assert not list((office.home / "desk").rglob("*.webp"))


def test_a_segment_that_a_kill_left_open_is_entered_by_the_next_recording(recording: Recording) -> None:
    segments = recording.office.home / "queue" / "segments"
    wait_until(lambda: next(segments.glob("*.seg"), None), what="A segment")
    recording.stop(signal.SIGKILL)
    recording.office.done("record", "--seconds", "1")
    found = events(recording.office)
    assert (found.count("segment_crashed"), found[-1]) == (1, "stop")
    recording.office.done("record", "--seconds", "1")
    assert events(recording.office).count("segment_crashed") == 1


def _first(office: Office) -> Entry:
    return verify_self(lines_of(office)[0].rstrip(), Entry).document


def _key() -> SigningKey:
    return SigningKey.generate()
