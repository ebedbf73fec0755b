"""The key store wraps every private half, never makes a key that was asked for, and destroys for good."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from vault.canonical import canonical, parse
from vault.errors import BadInput, MissingPart, Refused
from vault.keys import to_text
from vault.store import KeyFile, KeyStore, LockFile

PASSPHRASE = "correct horse"


def right(_what_for: str) -> str:
    return PASSPHRASE


def wrong(_what_for: str) -> str:
    return "wrong horse"


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


def test_a_public_half_that_was_exchanged_does_not_open(made: tuple[Path, KeyStore], folder: Path) -> None:
    _rewrite(folder / "device.json", public=to_text(bytes(32)))
    store = KeyStore(folder, right)
    with pytest.raises(Refused, match="cannot be opened"):
        store.signing("device")


def test_a_cheaper_work_factor_is_refused(folder: Path) -> None:
    lock = parse((folder / "lock.json").read_bytes(), LockFile)
    (folder / "lock.json").write_bytes(canonical(LockFile(check=lock.check, n=2, salt=lock.salt, version=1)))
    with pytest.raises(BadInput, match="work factor"):
        KeyStore(folder, nobody).signing("device")


@pytest.mark.parametrize("name", ["../device", "a/b", "", ".", "de vice", "device\0", "lock"])
def test_a_name_that_leaves_the_folder_or_means_the_lock_is_refused(made: tuple[Path, KeyStore], name: str) -> None:
    with pytest.raises(BadInput, match="name"):
        made[1].destroy(name)


def _rewrite(path: Path, *, public: str) -> None:
    file = parse(path.read_bytes(), KeyFile)
    path.write_bytes(canonical(KeyFile(kind=file.kind, name=file.name, public=public, wrapped=file.wrapped)))
