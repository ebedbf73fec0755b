"""Where private halves of keys lie: in the key files, wrapped under a passphrase, or as items of the system's keyring.

A holder is chosen once, when a key store is made, and named in its lock. It never hands over to another: a keyring that
is absent or locked is refused with what to do, a missing item is missing, and nothing is ever kept unwrapped in a file.
Only keyrings of the list below are opened, by name; what the `keyring` library's own settings name is never asked.
"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final, Protocol

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from vault.errors import BadInput, MissingPart, Refused
from vault.keyfiles import HolderKind, fingerprint
from vault.keys import from_text, to_text
from vault.process import hide_memory

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SCRYPT_N: Final = 1 << 17
"""Work factor; with r=8 and p=1 it takes 128 MiB and about 0.4 s (OWASP password storage cheat sheet)."""
MIN_PASSPHRASE: Final = 8
SERVICE: Final = "optin"
"""The service that our items in a keyring are filed under."""
_WRAPPING: Final = 32
_SETTINGS: Final = "KEYRING_PROPERTY_"
_ANSWER_SECONDS: Final = 5.0
_COPIES: Final = 8
"""How many items of one name are deleted before that is called hopeless."""
_UNLOCK: Final = "unlock it (log in to the desktop, or open its program) and try again"

Ask = Callable[[str], str]
"""Asks a person (or the descriptor that stands for one) for a passphrase; the text says what for."""


class Holder(Protocol):
    """What a key store needs of a holder. `work` is what the lock must say of the work factor."""

    work: int

    def make_wrapping(self, salt: bytes) -> bytes:
        """A wrapping key of 32 bytes for a new store."""

    def wrapping(self, salt: bytes) -> bytes:
        """The wrapping key of a store that is there."""

    def keep(self, item: str, private: bytes) -> bytes:
        """Takes a private half; what comes back is to be wrapped into the key file."""

    def fetch(self, item: str, kept: bytes) -> bytes:
        """The private half again, given what was in the key file."""

    def forget(self, item: str) -> None:
        """Destroys what is held outside the key file; that it is gone already is no error."""


class PassphraseHolder:
    """Private halves lie in the key files, under a key that scrypt derives from a passphrase."""

    work = SCRYPT_N

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def make_wrapping(self, salt: bytes) -> bytes:
        """Asks for a new passphrase, twice; `Refused` if it is too short or the two differ."""
        passphrase = self._ask("Choose a passphrase for your keys")
        if len(passphrase) < MIN_PASSPHRASE:
            raise Refused(f"a passphrase needs at least {MIN_PASSPHRASE} characters")
        if self._ask("Repeat it") != passphrase:
            raise Refused("the two passphrases differ, so nothing was done; try again")
        return _derive(passphrase, salt)

    def wrapping(self, salt: bytes) -> bytes:
        """Asks for the passphrase."""
        return _derive(self._ask("Passphrase of your keys"), salt)

    def keep(self, item: str, private: bytes) -> bytes:  # noqa: ARG002  # the port's form
        """All of it goes into the key file."""
        return private

    def fetch(self, item: str, kept: bytes) -> bytes:  # noqa: ARG002  # the port's form
        """What was in the key file."""
        return kept

    def forget(self, item: str) -> None:
        """Nothing is held elsewhere."""


class KeyringHolder:
    """Private halves and the wrapping key are items of one keyring; the key files hold public halves only."""

    work = 0

    def __init__(self, kind: HolderKind) -> None:
        self._kind = kind

    def make_wrapping(self, salt: bytes) -> bytes:
        """A random key, kept as an item; `Refused` if the keyring does not give it back."""
        wrapping = secrets.token_bytes(_WRAPPING)
        self.keep(_item(salt), wrapping)
        return wrapping

    def wrapping(self, salt: bytes) -> bytes:
        """The item of this store."""
        return self.fetch(_item(salt), b"")

    def keep(self, item: str, private: bytes) -> bytes:
        """Makes an item and reads it back; nothing goes into the key file."""
        hide_memory()
        text = to_text(private)
        with _opened(self._kind) as ring:
            ring.set_password(SERVICE, item, text)
            if ring.get_password(SERVICE, item) != text:
                raise Refused(f"{_words(self._kind)} did not keep a key; nothing was done")
        return b""

    def fetch(self, item: str, kept: bytes) -> bytes:
        """The item's value; `MissingPart` if there is none: no new key is made in its place."""
        hide_memory()
        if kept:
            raise BadInput("a key file of this key store holds a private half, and none may; it was exchanged")
        with _opened(self._kind) as ring:
            text = ring.get_password(SERVICE, item)
        if text is None:
            raise MissingPart(
                f"a private half is not in {_words(self._kind)} (service '{SERVICE}', name '{item}'); "
                "restore it there. No new key is made in its place"
            )
        return from_text(text)

    def forget(self, item: str) -> None:
        """Deletes the item and looks that it is gone; `Refused` if it stays."""
        with _opened(self._kind) as ring:
            for _ in range(_COPIES):
                if ring.get_password(SERVICE, item) is None:
                    return
                ring.delete_password(SERVICE, item)
        raise Refused(
            f"{_words(self._kind)} still holds a key that was to be destroyed; delete the item '{item}' of the "
            f"service '{SERVICE}' in the keyring's own program"
        )


def holder_of(kind: HolderKind, ask: Ask) -> Holder:
    """The holder of this kind; nothing is asked or opened yet."""
    return PassphraseHolder(ask) if kind is HolderKind.PASSPHRASE else KeyringHolder(kind)


def find_keyring() -> HolderKind:
    """The first keyring of this system that can be used now; `Refused` with what to do if none can."""
    reasons = []
    for kind, ring in _RINGS.items():
        if not sys.platform.startswith(ring.platform):
            continue
        try:
            with _opened(kind):
                return kind
        except Refused as refusal:
            reasons.append(str(refusal))
    told = "; ".join(reasons) or "this system has none that is known"
    raise Refused(f"no keyring can be used: {told}. Without --keyring, your keys lie under a passphrase")


@dataclass(frozen=True, slots=True)
class _Ring:
    """A keyring that may be used: where it is, and which errors its library lets through."""

    words: str
    platform: str
    module: str
    name: str
    errors: tuple[tuple[str, str], ...] = ()


_RINGS: Final = {
    HolderKind.SECRET_SERVICE: _Ring(
        "the desktop's keyring (Secret Service)",
        "linux",
        "keyring.backends.SecretService",
        "Keyring",
        (("secretstorage.exceptions", "SecretStorageException"), ("jeepney", "DBusErrorResponse")),
    ),
    HolderKind.KWALLET: _Ring(
        "KWallet", "linux", "keyring.backends.kwallet", "DBusKeyring", (("dbus", "DBusException"),)
    ),
    HolderKind.KEYCHAIN: _Ring("the Keychain", "darwin", "keyring.backends.macOS", "Keyring"),
    HolderKind.CREDENTIAL_MANAGER: _Ring(
        "the Credential Manager",
        "win32",
        "keyring.backends.Windows",
        "WinVaultKeyring",
        (("pywintypes", "error"),),
    ),
}
"""All that may be used, in the order in which they are tried."""


def _words(kind: HolderKind) -> str:
    return _RINGS[kind].words


@contextmanager
def _opened(kind: HolderKind) -> Iterator[KeyringBackend]:
    """The keyring itself, ready to use; what its library raises becomes `Refused` with what to do."""
    from keyring.errors import KeyringError, KeyringLocked

    ring = _RINGS[kind]
    backend: type[KeyringBackend] = getattr(import_module(ring.module), ring.name)
    _ignore_settings()
    if kind is HolderKind.SECRET_SERVICE:
        _require_unlocked_collection()
    elif not backend.viable:
        raise Refused(f"{ring.words} is not there; start it")
    errors = tuple(getattr(import_module(module), name) for module, name in ring.errors)
    try:
        yield backend()
    except KeyringLocked:
        raise Refused(f"{ring.words} is locked; {_UNLOCK}") from None
    except (KeyringError, OSError, UnicodeDecodeError, *errors):
        raise Refused(f"{ring.words} does not do what it is asked; {_UNLOCK}") from None


def _ignore_settings() -> None:
    """Variables could turn the library to another collection or file, or replace a method of it."""
    for name in [name for name in os.environ if name.startswith(_SETTINGS)]:
        del os.environ[name]


def _require_unlocked_collection() -> None:
    """Nothing, if the default collection is there and unlocked; `Refused` otherwise.

    The library would ask a person to unlock it, and wait without a limit where nobody can be asked (a session over ssh,
    a machine without a screen, a service that hangs).
    """
    import secretstorage
    from jeepney import DBusAddress, DBusErrorResponse, MessageType, new_method_call

    words = _words(HolderKind.SECRET_SERVICE)
    ping = new_method_call(DBusAddress("/", "org.freedesktop.secrets", "org.freedesktop.DBus.Peer"), "Ping")
    try:
        with closing(secretstorage.dbus_init()) as bus:
            reply = bus.send_and_get_reply(ping, timeout=_ANSWER_SECONDS)
            if reply.header.message_type is MessageType.error:
                raise Refused(f"{words} is not there; start it, in a session that has a D-Bus")
            collection = secretstorage.get_collection_by_alias(bus, "default")
            locked, path = collection.is_locked(), collection.collection_path
    except secretstorage.ItemNotFoundException:
        raise Refused(f"{words} has no default collection yet; make one in its program and try again") from None
    except (secretstorage.SecretStorageException, DBusErrorResponse, OSError):
        raise Refused(f"{words} does not answer; start it, in a session that has a D-Bus") from None
    if path.endswith("/session"):
        raise Refused(f"{words} forgets its default collection when you log out; choose another one in its program")
    if locked:
        raise Refused(f"{words} is locked; {_UNLOCK}")


def _item(salt: bytes) -> str:
    """The name of the item that holds the wrapping key of the store with this salt."""
    return f"store-{fingerprint(salt)}"


def _derive(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=_WRAPPING, n=SCRYPT_N, r=8, p=1).derive(passphrase.encode())
