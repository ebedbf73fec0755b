"""The key store wraps every private half, never makes a key that was asked for, and destroys for good."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest

from tests.faults import Call, Effect, Fault
from tests.killing import killed
from vault.canonical import canonical, digest, parse
from vault.errors import BadInput, MissingPart, OptinError, Refused
from vault.holders import SCRYPT_N
from vault.keyfiles import HolderKind, KeyFile, LockFile
from vault.keys import to_text
from vault.store import KeyStore

PASSPHRASE = "correct horse"
KILLS = [(number, Effect.KILL) for number in range(1, 6)] + [(number, Effect.KILL_HALFWAY) for number in (1, 3)]
"""Names change five times (two files, the lock, two files); between two of them a kill leaves nothing else behind."""


def right(_what_for: str) -> str:
    return PASSPHRASE


def wrong(_what_for: str) -> str:
    return "wrong horse"


def new_one(_what_for: str) -> str:
    return "battery staple"


def nobody(_what_for: str) -> str:
    raise AssertionError("nobody may be asked for the passphrase here")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, KeyStore]:
    """A store with a signing key and an opening key; tests that change it take a copy."""
    folder = tmp_path_factory.mktemp("store") / "keys"
    store = KeyStore(folder, right)
    store.create()
    store.add_signing("device")
    store.add_opening("consent")
    return folder, store


@pytest.fixture
def folder(made: tuple[Path, KeyStore], tmp_path: Path) -> Path:
    """A copy of the store's folder."""
    return Path(shutil.copytree(made[0], tmp_path / "keys"))


def test_keys_come_back_with_the_passphrase(made: tuple[Path, KeyStore]) -> None:
    again = KeyStore(made[0], right)
    assert again.signing("device").public.raw == made[1].verify_key("device").raw
    assert again.opening("consent").public.raw == made[1].sealing_key("consent").raw


def test_public_halves_need_no_passphrase(made: tuple[Path, KeyStore]) -> None:
    store = KeyStore(made[0], nobody)
    assert (store.verify_key("device").text, store.sealing_key("consent").text, store.names()) == (
        made[1].verify_key("device").text,
        made[1].sealing_key("consent").text,
        ("consent", "device"),
    )


def test_a_wrong_passphrase_is_refused(made: tuple[Path, KeyStore]) -> None:
    with pytest.raises(Refused, match="passphrase"):
        KeyStore(made[0], wrong).signing("device")


def test_a_missing_key_is_missing_and_none_is_made(made: tuple[Path, KeyStore]) -> None:
    before = sorted(made[0].iterdir())
    for read in (made[1].signing, made[1].opening, made[1].verify_key, made[1].sealing_key):
        with pytest.raises(MissingPart, match="not on this machine"):
            read("officer")
    assert sorted(made[0].iterdir()) == before


def test_a_missing_lock_is_missing_and_none_is_made(folder: Path) -> None:
    (folder / "lock.json").unlink()
    with pytest.raises(MissingPart, match="optin init"):
        KeyStore(folder, nobody).signing("device")
    assert not (folder / "lock.json").exists()


def test_a_destroyed_key_is_gone(folder: Path) -> None:
    store = KeyStore(folder, nobody)
    store.destroy("consent")
    with pytest.raises(MissingPart):
        store.opening("consent")
    assert store.names() == ("device",)


def test_destroying_twice_is_no_error(folder: Path) -> None:
    store = KeyStore(folder, nobody)
    store.destroy("consent")
    store.destroy("consent")


def test_a_short_passphrase_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="8 characters"):
        KeyStore(tmp_path / "keys", lambda _: "seven77").create()
    assert not list((tmp_path / "keys").iterdir())


def test_a_store_is_not_made_over_another(folder: Path) -> None:
    with pytest.raises(Refused, match="already"):
        KeyStore(folder, nobody).create()


def test_a_key_is_not_made_over_another(made: tuple[Path, KeyStore]) -> None:
    before = (made[0] / "device.json").read_bytes()
    with pytest.raises(BadInput, match="not overwritten"):
        made[1].add_signing("device")
    assert (made[0] / "device.json").read_bytes() == before


def test_no_file_holds_a_private_half_or_the_passphrase(made: tuple[Path, KeyStore]) -> None:
    stored = b"".join(path.read_bytes() for path in made[0].rglob("*") if path.is_file())
    for private in (made[1].signing("device").private_raw(), made[1].opening("consent").private_raw()):
        for part in (private, private[:32], private[-32:]):
            assert not any(form in stored for form in (part, part.hex().encode(), to_text(part).rstrip("=").encode()))
    assert PASSPHRASE.encode() not in stored


def test_all_files_are_private(made: tuple[Path, KeyStore]) -> None:
    assert {path.stat().st_mode & 0o777 for path in made[0].iterdir()} == {0o600}
    assert made[0].stat().st_mode & 0o777 == 0o700


def test_a_key_file_under_another_name_is_refused(folder: Path) -> None:
    shutil.copy(folder / "device.json", folder / "officer.json")
    with pytest.raises(BadInput, match="another key"):
        KeyStore(folder, nobody).verify_key("officer")


def test_a_key_of_another_kind_is_refused(made: tuple[Path, KeyStore]) -> None:
    with pytest.raises(BadInput, match="another key"):
        made[1].opening("device")


@pytest.mark.parametrize("exchanged", ["device", "consent"])
def test_no_key_is_used_while_any_public_half_is_exchanged(folder: Path, exchanged: str) -> None:
    rewrite(folder / f"{exchanged}.json", public=to_text(bytes(32)))
    with pytest.raises(BadInput, match=f"'{exchanged}' was exchanged"):
        KeyStore(folder, right).signing("device")


@pytest.mark.parametrize("change", [{"name": "officer"}, {"kind": "opening"}], ids=["name", "kind"])
def test_a_key_file_that_was_renamed_inside_or_given_another_kind_is_refused(
    folder: Path, change: dict[str, str]
) -> None:
    rewrite(folder / "device.json", **change)
    (folder / "device.json").rename(folder / f"{change.get('name', 'device')}.json")
    with pytest.raises(BadInput, match="was exchanged"):
        KeyStore(folder, right).unlock()


def test_a_key_file_of_another_store_is_refused(folder: Path) -> None:
    rewrite(folder / "consent.json", lock="0" * 32)
    with pytest.raises(BadInput, match="another passphrase"):
        KeyStore(folder, right).unlock()


def test_a_store_that_refused_an_exchanged_file_refuses_it_again(folder: Path) -> None:
    rewrite(folder / "consent.json", public=to_text(bytes(1216)))
    store = KeyStore(folder, right)
    for _ in range(2):
        with pytest.raises(BadInput, match="was exchanged"):
            store.signing("device")


def test_a_cheaper_work_factor_is_refused(folder: Path) -> None:
    edit_lock(folder, n=2)
    with pytest.raises(BadInput, match="work factor"):
        KeyStore(folder, nobody).signing("device")


@pytest.mark.parametrize("n", [SCRYPT_N, 0])
def test_a_lock_that_was_turned_to_another_holder_is_refused(folder: Path, n: int) -> None:
    edit_lock(folder, holder=HolderKind.KWALLET, n=n)
    with pytest.raises(OptinError):
        KeyStore(folder, nobody).signing("device")


def test_what_may_be_said_of_keys_needs_no_passphrase(made: tuple[Path, KeyStore]) -> None:
    told = [(key.name, key.kind, key.holder) for key in KeyStore(made[0], nobody).describe()]
    assert told == [("consent", "opening", HolderKind.PASSPHRASE), ("device", "signing", HolderKind.PASSPHRASE)]


def test_a_fingerprint_is_that_of_the_public_half(made: tuple[Path, KeyStore]) -> None:
    told = {key.name: key.fingerprint for key in made[1].describe()}
    assert told["device"] == digest(made[1].verify_key("device").raw)[:32]


def test_a_prepared_key_changes_nothing_until_it_is_committed(made: tuple[Path, KeyStore], folder: Path) -> None:
    store = KeyStore(folder, right)
    new = store.prepare_signing("device")
    assert store.signing("device").public.raw == made[1].verify_key("device").raw != new.public.raw
    assert store.names() == ("consent", "device")


def test_a_key_that_was_prepared_twice_is_the_same(folder: Path) -> None:
    store = KeyStore(folder, right)
    assert store.prepare_signing("device").public.raw == store.prepare_signing("device").public.raw


def test_a_committed_key_takes_the_place_of_the_old_one(folder: Path) -> None:
    store = KeyStore(folder, right)
    new = store.prepare_signing("device")
    store.commit("device")
    assert store.signing("device").public.raw == new.public.raw
    assert {path.name for path in folder.iterdir()} == {"LOCK", "consent.json", "device.json", "lock.json"}


def test_what_was_not_prepared_is_not_committed(folder: Path) -> None:
    with pytest.raises(MissingPart):
        KeyStore(folder, right).commit("device")


def test_a_prepared_key_that_was_exchanged_is_refused(folder: Path) -> None:
    KeyStore(folder, right).prepare_signing("device")
    rewrite(folder / "device.next", public=to_text(bytes(32)))
    with pytest.raises(BadInput, match="was exchanged"):
        KeyStore(folder, right).commit("device")


def test_a_destroyed_key_has_no_successor_left(folder: Path) -> None:
    KeyStore(folder, right).prepare_signing("device")
    KeyStore(folder, nobody).destroy("device")
    assert {path.name for path in folder.glob("*device*")} == set()


def test_after_a_change_only_the_new_passphrase_opens(made: tuple[Path, KeyStore], folder: Path) -> None:
    KeyStore(folder, right).rewrap(new_one)
    again = KeyStore(folder, new_one)
    assert again.opening("consent").public.raw == made[1].sealing_key("consent").raw
    assert again.signing("device").public.raw == made[1].verify_key("device").raw
    with pytest.raises(Refused, match="passphrase"):
        KeyStore(folder, right).unlock()


def test_the_passphrase_can_be_changed_while_a_rotation_is_under_way(folder: Path) -> None:
    store = KeyStore(folder, right)
    new = store.prepare_signing("device")
    store.rewrap(new_one)
    assert KeyStore(folder, new_one).prepare_signing("device").public.raw == new.public.raw


def test_a_change_to_a_passphrase_that_is_too_short_changes_nothing(folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.glob("*.json")}
    with pytest.raises(Refused, match="8 characters"):
        KeyStore(folder, right).rewrap(lambda _: "short")
    assert {path.name: path.read_bytes() for path in folder.glob("*.json")} == before


def test_a_store_that_was_unlocked_before_the_passphrase_changed_writes_nothing(folder: Path) -> None:
    early = KeyStore(folder, right)
    early.unlock()
    KeyStore(folder, right).rewrap(new_one)
    with pytest.raises(Refused, match="changed meanwhile"):
        early.add_signing("officer")
    assert early.names() == ("consent", "device")


@pytest.mark.parametrize(("number", "effect"), KILLS)
def test_a_change_that_is_killed_leaves_all_old_or_all_new(
    made: tuple[Path, KeyStore], folder: Path, number: int, effect: Effect
) -> None:
    store = KeyStore(folder, right)
    store.unlock()
    calls = frozenset({Call.WRITE if effect is Effect.KILL_HALFWAY else Call.RENAME})
    is_killed = killed(folder, Fault(effect, calls, number), lambda: store.rewrap(new_one))
    lock = (folder / "lock.json").read_bytes()
    again = KeyStore(folder, right if lock == (made[0] / "lock.json").read_bytes() else new_one)
    assert is_killed
    assert again.opening("consent").public.raw == made[1].sealing_key("consent").raw
    assert again.signing("device").public.raw == made[1].verify_key("device").raw
    assert {path.name for path in folder.iterdir()} == {"LOCK", "consent.json", "device.json", "lock.json"}


def test_a_key_that_was_destroyed_after_a_change_was_cut_off_does_not_come_back(folder: Path) -> None:
    store = KeyStore(folder, right)
    store.unlock()
    assert killed(folder, Fault(Effect.KILL, frozenset({Call.RENAME}), 4), lambda: store.rewrap(new_one))
    assert (folder / "consent.json.rewrapped").exists()
    KeyStore(folder, nobody).destroy("consent")
    KeyStore(folder, new_one).unlock()
    assert not [path for path in folder.iterdir() if "consent" in path.name]


def test_a_key_whose_lock_is_lost_is_removed_all_the_same(folder: Path) -> None:
    (folder / "lock.json").unlink()
    with pytest.raises(MissingPart):
        KeyStore(folder, nobody).destroy("consent")
    assert not (folder / "consent.json").exists()


@pytest.mark.parametrize("name", ["../device", "a/b", "", ".", "de vice", "device\0", "lock"])
def test_a_name_that_leaves_the_folder_or_means_the_lock_is_refused(made: tuple[Path, KeyStore], name: str) -> None:
    with pytest.raises(BadInput, match="name"):
        made[1].destroy(name)


def rewrite(path: Path, **change: str) -> None:
    """A key file with other values."""
    path.write_bytes(canonical(msgspec.structs.replace(parse(path.read_bytes(), KeyFile), **change)))


def edit_lock(folder: Path, **change: object) -> None:
    """A lock with other values."""
    path = folder / "lock.json"
    path.write_bytes(canonical(msgspec.structs.replace(parse(path.read_bytes(), LockFile), **change)))
