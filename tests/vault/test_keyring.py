"""A store in a real keyring: no other keyring is ever let in, nothing is waited for, and nothing is made anew."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from tests.faults import Call, Effect, Fault
from tests.killing import killed
from tests.ring import Ring
from vault.canonical import canonical, parse
from vault.errors import BadInput, MissingPart, OptinError, Refused
from vault.holders import find_keyring
from vault.keyfiles import HolderKind, KeyFile, LockFile
from vault.keys import SigningKey, to_text
from vault.store import KeyStore

ELSEWHERE = """
[backend]
default-keyring={name}
keyring-path={folder}
"""
PLAINTEXT = """
from keyring.backend import KeyringBackend
class Keyring(KeyringBackend):
    priority = 99
    def get_password(self, service, username): return open({path!r}).read()
    def set_password(self, service, username, password): open({path!r}, "a").write(password)
"""


def nobody(_what_for: str) -> str:
    raise AssertionError("nobody may be asked for a passphrase here")


@pytest.fixture
def ring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ring]:
    """An unlocked keyring that this process finds."""
    with Ring(tmp_path / "ring") as ring:
        for name, value in ring.environment.items():
            monkeypatch.setenv(name, value)
        yield ring


@pytest.fixture
def folder(ring: Ring, tmp_path: Path) -> Path:
    """A store in that keyring, with a signing key and an opening key."""
    store = KeyStore(tmp_path / "keys", nobody)
    store.create(find_keyring())
    store.add_signing("device")
    store.add_opening("consent")
    return tmp_path / "keys"


def fingerprints(folder: Path) -> dict[str, str]:
    """What may be known of the keys without unlocking."""
    return {key.name: key.fingerprint for key in KeyStore(folder, nobody).describe()}


def test_keys_come_back_and_nobody_is_asked(folder: Path) -> None:
    store = KeyStore(folder, nobody)
    assert store.signing("device").public.raw == store.verify_key("device").raw
    assert store.opening("consent").public.raw == store.sealing_key("consent").raw
    assert store.holder is HolderKind.SECRET_SERVICE


def test_each_item_is_named_by_its_keys_fingerprint(folder: Path, ring: Ring) -> None:
    assert set(fingerprints(folder).values()) < set(ring.items())
    assert len(ring.items()) == 3


def test_no_file_holds_a_private_half(folder: Path) -> None:
    store = KeyStore(folder, nobody)
    stored = b"".join(path.read_bytes() for path in folder.iterdir())
    for private in (store.signing("device").private_raw(), store.opening("consent").private_raw()):
        assert not any(form in stored for form in (private, private.hex().encode(), to_text(private).encode()))


def test_the_files_without_the_keyring_open_nothing(folder: Path, ring: Ring) -> None:
    for item in ring.items():
        ring.take(item)
    with pytest.raises(MissingPart, match="No new key"):
        KeyStore(folder, nobody).opening("consent")
    assert ring.items() == ()


def test_a_missing_item_is_missing_and_none_is_made(folder: Path, ring: Ring) -> None:
    ring.take(fingerprints(folder)["device"])
    before = (ring.items(), sorted(folder.iterdir()))
    with pytest.raises(MissingPart, match="No new key"):
        KeyStore(folder, nobody).signing("device")
    assert (ring.items(), sorted(folder.iterdir())) == before


def test_another_keys_private_half_in_an_item_is_refused(folder: Path, ring: Ring) -> None:
    ring.put(fingerprints(folder)["device"], to_text(SigningKey.generate().private_raw()))
    with pytest.raises(BadInput, match="exchanged"):
        KeyStore(folder, nobody).signing("device")


@pytest.mark.parametrize("value", ["", "no base64!", "AAAA", to_text(bytes(96))])
def test_an_item_that_holds_something_else_is_refused(folder: Path, ring: Ring, value: str) -> None:
    ring.put(fingerprints(folder)["device"], value)
    with pytest.raises(BadInput):
        KeyStore(folder, nobody).signing("device")


def test_a_public_half_that_was_exchanged_is_refused(folder: Path) -> None:
    rewrite(folder / "consent.json", public=to_text(bytes(1216)))
    with pytest.raises(BadInput, match="'consent' was exchanged"):
        KeyStore(folder, nobody).signing("device")


def test_two_key_files_that_were_swapped_are_refused(folder: Path) -> None:
    KeyStore(folder, nobody).add_signing("officer")
    shutil.copy(folder / "officer.json", folder / "device.json")
    rewrite(folder / "device.json", name="device")
    with pytest.raises(BadInput, match="'device' was exchanged"):
        KeyStore(folder, nobody).signing("device")


def test_a_lock_that_was_turned_to_a_passphrase_is_refused(folder: Path) -> None:
    edit_lock(folder, HolderKind.PASSPHRASE)
    with pytest.raises(BadInput, match="work factor"):
        KeyStore(folder, nobody).signing("device")


def test_a_destroyed_key_is_gone_from_the_keyring_and_the_folder(folder: Path, ring: Ring) -> None:
    item = fingerprints(folder)["consent"]
    KeyStore(folder, nobody).destroy("consent")
    assert item not in ring.items()
    assert not (folder / "consent.json").exists()


def test_a_copy_of_the_folder_from_before_opens_nothing_after_a_key_is_destroyed(folder: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(folder, tmp_path / "copy")
    KeyStore(folder, nobody).destroy("consent")
    with pytest.raises(MissingPart, match="private half"):
        KeyStore(copy, nobody).opening("consent")


def test_destroying_twice_is_no_error(folder: Path) -> None:
    for _ in range(2):
        KeyStore(folder, nobody).destroy("consent")


def test_a_destruction_that_was_cut_off_after_the_item_is_finished_by_the_next(folder: Path, ring: Ring) -> None:
    ring.take(fingerprints(folder)["consent"])
    KeyStore(folder, nobody).destroy("consent")
    assert KeyStore(folder, nobody).names() == ("device",)


@pytest.mark.parametrize("verb", ["signing", "destroy", "add_signing", "unlock"])
def test_a_locked_keyring_is_refused_at_once_with_what_to_do(folder: Path, ring: Ring, verb: str) -> None:
    ring.lock()
    before = sorted(folder.iterdir())
    with pytest.raises(Refused, match="is locked; unlock it"):
        getattr(KeyStore(folder, nobody), verb)("device")
    assert sorted(folder.iterdir()) == before


def test_a_locked_keyring_is_refused_for_a_new_store(ring: Ring) -> None:
    ring.lock()
    with pytest.raises(Refused, match=r"is locked.*Without --keyring"):
        find_keyring()


def test_a_bus_without_a_keyring_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Ring(tmp_path / "ring", daemon=False) as ring:
        monkeypatch.setenv(*next(iter(ring.environment.items())))
        with pytest.raises(Refused, match="is not there; start it"):
            find_keyring()


@pytest.mark.parametrize("address", ["unix:path=/nowhere/bus", "nonsense", ""])
def test_a_machine_without_a_bus_is_refused(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    with pytest.raises(Refused, match="does not answer; start it"):
        find_keyring()


def test_a_machine_that_names_no_bus_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    with pytest.raises(Refused, match="does not answer; start it"):
        find_keyring()


def test_a_keyring_that_hangs_is_not_waited_for(folder: Path, ring: Ring) -> None:
    with ring.frozen(), pytest.raises(Refused, match="does not answer"):
        KeyStore(folder, nobody).signing("device")


@pytest.mark.parametrize(
    "name", ["keyring.backends.null.Keyring", "keyring.backends.chainer.ChainerBackend", "plaintext.Keyring"]
)
def test_what_the_librarys_settings_name_is_never_asked(
    ring: Ring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    kept = tmp_path / "kept"
    (tmp_path / "plaintext.py").write_text(PLAINTEXT.format(path=str(kept)), encoding="utf-8")
    (tmp_path / "python_keyring").mkdir()
    configuration = ELSEWHERE.format(name=name, folder=tmp_path)
    (tmp_path / "python_keyring" / "keyringrc.cfg").write_text(configuration, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    store = KeyStore(tmp_path / "keys", nobody)
    store.create(find_keyring())
    store.add_signing("device")
    assert store.holder is HolderKind.SECRET_SERVICE
    assert len(ring.items()) == 2
    assert not kept.exists()


def test_those_settings_do_not_stand_in_for_a_keyring_that_is_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    with pytest.raises(Refused, match="no keyring can be used"):
        find_keyring()


@pytest.mark.parametrize(
    ("setting", "value"),
    [("preferred_collection", "/org/freedesktop/secrets/collection/session"), ("scheme", "KeePassXC"), ("unlock", "x")],
)
def test_a_variable_does_not_turn_the_keyring_to_another_place(
    folder: Path, ring: Ring, monkeypatch: pytest.MonkeyPatch, setting: str, value: str
) -> None:
    monkeypatch.setenv(f"KEYRING_PROPERTY_{setting.upper()}", value)
    store = KeyStore(folder, nobody)
    store.add_signing("officer")
    assert store.signing("device").public.raw == store.verify_key("device").raw
    assert len(ring.items()) == 4


def test_a_default_collection_that_is_forgotten_at_log_out_is_refused(ring: Ring) -> None:
    ring.make_session_default()
    with pytest.raises(Refused, match="forgets its default collection"):
        find_keyring()


def test_there_is_no_passphrase_to_change(folder: Path) -> None:
    with pytest.raises(Refused, match="no passphrase"):
        KeyStore(folder, nobody).rewrap(nobody)


def test_a_rotated_key_leaves_no_old_item(folder: Path, ring: Ring) -> None:
    old = fingerprints(folder)["device"]
    store = KeyStore(folder, nobody)
    new = store.prepare_signing("device")
    store.commit("device")
    assert KeyStore(folder, nobody).signing("device").public.raw == new.public.raw
    assert old not in ring.items()
    assert len(ring.items()) == 3


def test_a_commit_that_was_cut_off_after_the_old_item_says_how_to_go_on_and_goes_on(folder: Path) -> None:
    store = KeyStore(folder, nobody)
    new = store.prepare_signing("device")
    assert killed(folder, Fault(Effect.KILL, frozenset({Call.RENAME})), lambda: store.commit("device"))
    with pytest.raises(MissingPart, match="`optin keys rotate device` finishes it"):
        KeyStore(folder, nobody).signing("device")
    again = KeyStore(folder, nobody)
    assert again.prepare_signing("device").public.raw == new.public.raw
    again.commit("device")
    assert again.signing("device").public.raw == new.public.raw


def test_keys_that_were_fetched_need_the_keyring_no_more(folder: Path, ring: Ring) -> None:
    store = KeyStore(folder, nobody)
    store.unlock("device", "consent")
    ring.lock()
    assert store.signing("device").public.raw == store.verify_key("device").raw
    assert store.opening("consent").public.raw == store.sealing_key("consent").raw


def test_a_store_of_another_systems_keyring_is_refused_here(folder: Path) -> None:
    edit_lock(folder, HolderKind.CREDENTIAL_MANAGER)
    with pytest.raises(OptinError, match="Credential Manager is not there"):
        KeyStore(folder, nobody).signing("device")


def rewrite(path: Path, **change: str) -> None:
    """A key file with other values."""
    path.write_bytes(canonical(msgspec.structs.replace(parse(path.read_bytes(), KeyFile), **change)))


def edit_lock(folder: Path, holder: HolderKind) -> None:
    """A lock that names another holder."""
    path = folder / "lock.json"
    path.write_bytes(canonical(msgspec.structs.replace(parse(path.read_bytes(), LockFile), holder=holder)))
