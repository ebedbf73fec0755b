"""`optin keys`: what is listed and shown, what is exchanged and what is not, and homes whose keys are in a keyring."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from optin.home import PASSPHRASE_FD, Home, PassphraseSource
from optin.keychain import PublicKeys, rotate_device
from optin.setup import init
from tests.cli.conftest import Stages
from tests.cli.office import ORDINARY, PASSPHRASE, Office, new_office
from tests.faults import EVERY, Effect, Fault
from tests.killing import killed
from tests.ring import Ring
from vault.canonical import parse
from vault.errors import MissingPart
from vault.files import lock_file
from vault.keys import VerifyKey, from_text
from vault.ledger import LedgerEvent
from vault.store import KeyStore

GRANT = ("consent", "grant", "--purpose", "agent-training")
SOURCES = [part for name in ("pointer", "keys", "screen", "widgets") for part in ("--source", name)]
SOLO = {
    "consent",
    "device",
    "employee",
    "exporter",
    "exporter-opening",
    "lease",
    "officer",
    "officer-opening",
    "policy",
}
Copied = Callable[[Office], Office]


@pytest.fixture(scope="module")
def ring(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ring]:
    """An unlocked keyring."""
    with Ring(tmp_path_factory.mktemp("ring") / "of") as ring:
        yield ring


@pytest.fixture
def kept(ring: Ring, plain: dict[str, str], tmp_path: Path) -> Office:
    """A home with consent whose keys are in the keyring; nothing was asked when it was made."""
    office = new_office(tmp_path / "office", {**plain, **ring.environment})
    for command in (("init", "--solo", "--keyring"), (*GRANT, *SOURCES)):
        ran = office.run(*command, passphrase=None)
        assert ran.code == 0, ran.err
    return office


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """An unlocked home in this process."""
    monkeypatch.setenv(PASSPHRASE_FD, str(lines(PASSPHRASE)))
    made = Home(tmp_path / "home")
    init(made, solo=False)
    return made


def lines(*texts: str) -> int:
    """A descriptor to read these lines from."""
    reading, writing = os.pipe()
    os.write(writing, "".join(f"{text}\n" for text in texts).encode())
    os.close(writing)
    return reading


def files(folder: Path) -> bytes:
    """All that lies below a folder."""
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def nobody(_what_for: str) -> str:
    raise AssertionError("nobody may be asked for a passphrase here")


def test_the_list_tells_of_each_key_what_it_can_do_and_where_it_lies(opted_in: Office) -> None:
    listed = opted_in.run("keys", "list", "--json", passphrase=None).json
    assert {key["name"] for key in listed} == SOLO
    assert {key["holder"] for key in listed} == {"passphrase"}
    assert all(key["can"].startswith(("signs ", "opens ")) and len(key["fingerprint"]) == 32 for key in listed)


def test_the_list_is_a_table_for_people(opted_in: Office) -> None:
    ran = opted_in.run("keys", "list", passphrase=None)
    assert ran.code == 0
    assert "opens your recordings and redacted sessions" in ran.out
    assert "under your passphrase" in ran.out


def test_public_halves_are_shown_without_a_passphrase(opted_in: Office) -> None:
    ran = opted_in.run("keys", "export-public", passphrase=None)
    shown = parse(ran.out.rstrip("\n").encode(), PublicKeys)
    assert {key.name for key in shown.keys} == SOLO


def test_one_public_half_is_the_one_that_was_pinned(opted_in: Office) -> None:
    ran = opted_in.run("keys", "export-public", "device", passphrase=None)
    (shown,) = parse(ran.out.rstrip("\n").encode(), PublicKeys).keys
    assert shown.public == json.loads((opted_in.home / "config.json").read_bytes())["device_key"]


@pytest.mark.parametrize("verb", ["export-public", "rotate"])
def test_a_key_that_is_not_there_is_missing(opted_in: Office, verb: str) -> None:
    ran = opted_in.run("keys", verb, "nobody", passphrase=None)
    assert (ran.code, ran.out) == (5, "")
    assert "`optin keys list`" in ran.err


def test_keys_of_a_home_that_is_not_made_are_missing(plain: dict[str, str], tmp_path: Path) -> None:
    office = new_office(tmp_path / "office", plain)
    assert [office.run("keys", *words, passphrase=None).code for words in (["list"], ["rotate", "device"])] == [5, 5]


@pytest.mark.parametrize(
    ("name", "what_to_do"),
    [("consent", "`optin withdraw` destroys it"), ("officer", "new policy"), ("lease", "new policy")],
)
def test_a_key_that_others_name_is_not_rotated(opted_in: Office, name: str, what_to_do: str) -> None:
    ran = opted_in.run("keys", "rotate", name, passphrase=None)
    assert ran.code == 3
    assert what_to_do in ran.err


def test_a_rotated_device_key_is_handed_over_in_the_ledger(opted_in: Office, copied: Copied) -> None:
    office = copied(opted_in)
    before = office.run("keys", "export-public", "device", passphrase=None).out
    office.done("keys", "rotate", "device")
    after = office.run("keys", "export-public", "device", passphrase=None).out
    (key,) = parse(after.rstrip("\n").encode(), PublicKeys).keys
    assert before != after
    assert Home(office.home).devices()[-1].raw == VerifyKey(from_text(key.public)).raw
    assert office.run("audit", "verify", passphrase=None).code == 0


def test_a_recording_of_the_old_device_key_is_still_redacted(stages: Stages, copied: Copied) -> None:
    office = copied(stages.recorded)
    office.done("keys", "rotate", "device")
    assert office.run("redact", stages.session).code == 0


def test_a_redaction_of_the_old_device_key_is_still_submitted(stages: Stages, copied: Copied) -> None:
    office = copied(stages.redacted)
    office.done("keys", "rotate", "device")
    assert office.run("submit", stages.session, "--yes").code == 0


def test_the_device_key_is_not_rotated_while_a_recording_runs(opted_in: Office, copied: Copied) -> None:
    office = copied(opted_in)
    (office.home / "queue").mkdir(mode=0o700, exist_ok=True)
    before = files(office.home)
    with (office.home / "queue" / "LOCK").open("wb") as held:
        lock_file(held.fileno())
        ran = office.run("keys", "rotate", "device")
    assert ran.code == 3
    assert "a recording is running; stop it first" in ran.err
    assert files(office.home) == before


def test_a_device_rotation_that_is_killed_anywhere_is_finished_by_the_next(home: Home) -> None:
    number = 1
    while killed(home.root, Fault(Effect.KILL, EVERY, number), lambda: rotate_device(home)):
        rotate_device(home)
        verified = home.ledger.verify(home.first_device())
        assert verified.keys[-1].raw == home.keys.signing("device").public.raw
        assert not list((home.root / "keys").glob("*.next"))
        home.ledger.enter(LedgerEvent.START, "a session", home.keys.signing("device"))
        number += 1
    assert number > 20


def test_the_employees_key_is_not_rotated_while_consent_stands(opted_in: Office) -> None:
    ran = opted_in.run("keys", "rotate", "employee")
    assert ran.code == 3
    assert "`optin withdraw`" in ran.err


def test_the_employees_key_is_rotated_after_a_withdrawal_and_signs_the_next_consent(
    opted_in: Office, copied: Copied
) -> None:
    office = copied(opted_in)
    office.done("withdraw")
    office.done("keys", "rotate", "employee")
    office.done(*GRANT, *SOURCES)
    shown = office.run("keys", "export-public", "employee", passphrase=None).out
    (key,) = parse(shown.rstrip("\n").encode(), PublicKeys).keys
    assert Home(office.home).grant().document.employee_key == key.public


def test_a_new_passphrase_takes_the_place_of_the_old_one(opted_in: Office, copied: Copied) -> None:
    office = copied(opted_in)
    ran = office.run("keys", "rotate", "passphrase", passphrase=f"{PASSPHRASE}\nanother horse")
    assert ran.code == 0, ran.err
    assert office.run("keys", "rotate", "device").code == 3
    assert office.run("keys", "rotate", "device", passphrase="another horse").code == 0


@pytest.mark.parametrize(
    ("given", "code", "word"),
    [
        ("wrong horse\nanother horse", 3, "check the passphrase"),
        (PASSPHRASE, 5, "second line"),
        (f"{PASSPHRASE}\nshort", 3, "8 characters"),
    ],
)
def test_a_passphrase_is_not_changed_by_halves(
    opted_in: Office, copied: Copied, given: str, code: int, word: str
) -> None:
    office = copied(opted_in)
    ran = office.run("keys", "rotate", "passphrase", passphrase=given)
    assert ran.code == code
    assert word in ran.err
    assert office.run("keys", "rotate", "device").code == 0


def test_the_second_line_stays_unread_until_a_new_passphrase_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    descriptor = lines("the first", "the second")
    monkeypatch.setenv(PASSPHRASE_FD, str(descriptor))
    source = PassphraseSource()
    assert source("Passphrase") == source("Repeat it") == "the first"
    assert not os.get_inheritable(descriptor)
    assert source.renewed("Choose") == source.renewed("Repeat it") == "the second"


@pytest.mark.parametrize("named", ["none", "-1", "4000", "99999999999999999999"])
def test_a_descriptor_that_cannot_be_read_is_missing(monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    monkeypatch.setenv(PASSPHRASE_FD, named)
    with pytest.raises(MissingPart, match="open for reading"):
        PassphraseSource()("Passphrase")


def test_a_home_in_the_keyring_says_so(kept: Office, ring: Ring) -> None:
    listed = kept.run("keys", "list", "--json", passphrase=None).json
    assert {key["holder"] for key in listed} == {"secret-service"}
    assert {key["fingerprint"] for key in listed} < set(ring.items())


def test_no_file_of_a_home_in_the_keyring_holds_a_private_half(kept: Office, ring: Ring) -> None:
    stored = files(kept.home)
    values = [ring.look(item) for item in ring.items()]
    assert len(values) >= len(SOLO)
    for value in values:
        assert not any(form in stored for form in (value.rstrip("=").encode(), from_text(value)))


def test_a_home_in_the_keyring_has_no_passphrase_to_change(kept: Office) -> None:
    ran = kept.run("keys", "rotate", "passphrase", passphrase=None)
    assert ran.code == 3
    assert "the system's keyring holds them" in ran.err


def test_the_device_key_of_a_home_in_the_keyring_is_rotated(kept: Office, ring: Ring) -> None:
    before = {key["name"]: key["fingerprint"] for key in kept.run("keys", "list", "--json", passphrase=None).json}
    assert kept.run("keys", "rotate", "device", passphrase=None).code == 0
    assert kept.run("audit", "verify", passphrase=None).code == 0
    assert before["device"] not in ring.items()


def test_a_copy_of_a_home_in_the_keyring_opens_nothing_after_a_withdrawal(
    kept: Office, ring: Ring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = kept.copy(tmp_path / "copy")
    assert kept.run("withdraw", passphrase=None).code == 0
    monkeypatch.setenv(*next(iter(ring.environment.items())))
    with pytest.raises(MissingPart, match="No new key"):
        KeyStore(copy.home / "keys", nobody).opening("consent")


def test_a_copy_of_a_home_under_a_passphrase_would(opted_in: Office, copied: Copied) -> None:
    office = copied(opted_in)
    copy = copied(office)
    office.done("withdraw")
    opening = KeyStore(copy.home / "keys", lambda _: PASSPHRASE).opening("consent")
    assert opening.public.text == copied_key(copy)


def test_a_locked_keyring_is_refused_and_what_was_not_destroyed_is_said(plain: dict[str, str], tmp_path: Path) -> None:
    with Ring(tmp_path / "ring") as ring:
        office = new_office(tmp_path / "office", {**plain, **ring.environment})
        for command in (("init", "--solo", "--keyring"), (*GRANT, *SOURCES)):
            assert office.run(*command, passphrase=None).code == 0
        before = ring.items()
        ring.lock()
        rotated = office.run("keys", "rotate", "device")
        withdrawn = office.run("withdraw", passphrase=None)
        assert (rotated.code, withdrawn.code) == (3, 5)
        assert "is locked; unlock it" in rotated.err
        assert "the consent's key" in withdrawn.err
        ring.unlock()
        assert office.run("withdraw", passphrase=None).code == 0
        assert len(ring.items()) == len(before) - 1


def test_without_a_keyring_nothing_is_set_up_and_a_passphrase_still_can_be(
    plain: dict[str, str], tmp_path: Path
) -> None:
    office = new_office(tmp_path / "office", {**plain, "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere/bus"})
    ran = office.run("init", "--solo", "--keyring")
    assert ran.code == 3
    assert "Without --keyring, your keys lie under a passphrase" in ran.err
    assert not office.home.exists()
    assert office.run("init", "--solo").code == 0


def test_a_recording_is_made_and_redacted_with_keys_in_the_keyring(on_screen: dict[str, str], tmp_path: Path) -> None:
    with Ring(tmp_path / "ring", bus=on_screen["DBUS_SESSION_BUS_ADDRESS"]):
        office = new_office(tmp_path / "office", on_screen)
        for command in (("init", "--solo", "--keyring"), (*GRANT, *SOURCES), ("allow", "app", "mousepad")):
            assert office.run(*command, passphrase=None).code == 0
        ran = office.run("record", "--seconds", "2", "--json", passphrase=None, under=ORDINARY)
        session = json.loads(ran.out.splitlines()[0])["session"]
        redacted = office.run("redact", session, passphrase=None, under=ORDINARY)
        assert (ran.code, redacted.code) == (0, 0), ran.err + redacted.err


def copied_key(office: Office) -> str:
    """The consent's public half that the grant names."""
    return Home(office.home).grant().document.consent_key
