"""The key store: one file a key, its private half wrapped under a key that scrypt derives from a passphrase.

Public halves can be read without the passphrase. A missing key is an error, never a reason to make a fresh one; there
is no unwrapped form on disk. `destroy` removes a key for good: what was sealed to it is unreadable from then on, except
where a backup of this folder was kept.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal

from cryptography.cobblestone import Cobblestone256Decryptor, Cobblestone256Encryptor
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from vault.canonical import Document, canonical, parse
from vault.errors import BadInput, MissingPart, Refused
from vault.files import create_file, private_folder, read_file, remove_file
from vault.keys import OpeningKey, SealingKey, SigningKey, VerifyKey, from_text, to_text

SCRYPT_N: Final = 1 << 17
"""Work factor; with r=8 and p=1 it takes 128 MiB and about 0.4 s (OWASP password storage cheat sheet)."""
MIN_PASSPHRASE: Final = 8
_LIMIT: Final = 1 << 16
_LOCK: Final = "lock.json"

Kind = Literal["signing", "opening"]
Ask = Callable[[str], str]
"""Asks a person (or the descriptor that stands for one) for the passphrase; the text says what for."""


class LockFile(Document, frozen=True):
    """How the wrapping key is derived, and a wrapped word that shows whether a passphrase is right."""

    check: str
    n: int
    salt: str
    version: int


class KeyFile(Document, frozen=True):
    """One key: its public half in clear, its private half wrapped."""

    kind: Kind
    name: str
    public: str
    wrapped: str


class KeyStore:
    """Keys by name in one private folder; asks for the passphrase once, when a private half is first needed."""

    def __init__(self, folder: Path, ask: Ask) -> None:
        self._folder = folder
        self._ask = ask
        self._wrapping: bytes | None = None

    def create(self) -> None:
        """Makes the folder and its lock; `Refused` if there is one already or the passphrase is too short."""
        path = private_folder(self._folder) / _LOCK
        if path.exists():
            raise Refused("there are keys here already; they are not overwritten")
        passphrase = self._ask("Choose a passphrase for your keys")
        if len(passphrase) < MIN_PASSPHRASE:
            raise Refused(f"a passphrase needs at least {MIN_PASSPHRASE} characters")
        if self._ask("Repeat it") != passphrase:
            raise Refused("the two passphrases differ, so no keys were made; try again")
        salt = secrets.token_bytes(16)
        wrapping = _derive(passphrase, salt, SCRYPT_N)
        lock = LockFile(check=to_text(_wrap(wrapping, b"optin", b"lock")), n=SCRYPT_N, salt=to_text(salt), version=1)
        create_file(path, canonical(lock))
        self._wrapping = wrapping

    def unlock(self) -> None:
        """Asks for the passphrase now, so that no later call does; `Refused` if it is wrong."""
        self._unlocked()

    def add_signing(self, name: str) -> SigningKey:
        """A fresh signing key, kept under `name`."""
        key = SigningKey.generate()
        self._add("signing", name, public=key.public.raw, private=key.private_raw())
        return key

    def add_opening(self, name: str) -> OpeningKey:
        """A fresh opening key, kept under `name`."""
        key = OpeningKey.generate()
        self._add("opening", name, public=key.public.raw, private=key.private_raw())
        return key

    def signing(self, name: str) -> SigningKey:
        """The signing key of this name; asks for the passphrase if need be."""
        return SigningKey.from_raw(self._private("signing", name))

    def opening(self, name: str) -> OpeningKey:
        """The opening key of this name; asks for the passphrase if need be."""
        return OpeningKey(self._private("opening", name))

    def verify_key(self, name: str) -> VerifyKey:
        """The public half of a signing key; no passphrase needed."""
        return VerifyKey(from_text(self._file("signing", name).public))

    def sealing_key(self, name: str) -> SealingKey:
        """The public half of an opening key; no passphrase needed."""
        return SealingKey(from_text(self._file("opening", name).public))

    def names(self) -> tuple[str, ...]:
        """The names of all keys, sorted."""
        return tuple(sorted(path.stem for path in self._folder.glob("*.json") if path.name != _LOCK))

    def destroy(self, name: str) -> None:
        """Removes a key for good; a key that is gone already is no error."""
        remove_file(self._path(name))

    def _path(self, name: str) -> Path:
        if not name.replace("-", "").isalnum() or f"{name}.json" == _LOCK:
            raise BadInput("a key's name holds letters, digits and dashes only, and is not 'lock'")
        return self._folder / f"{name}.json"

    def _add(self, kind: Kind, name: str, *, public: bytes, private: bytes) -> None:
        wrapped = _wrap(self._unlocked(), private, _context(kind, name, public))
        create_file(
            self._path(name), canonical(KeyFile(kind=kind, name=name, public=to_text(public), wrapped=to_text(wrapped)))
        )

    def _file(self, kind: Kind, name: str) -> KeyFile:
        path = self._path(name)
        if not path.exists():
            raise MissingPart(
                f"the key '{name}' is not on this machine; it is made by `optin init` or `optin consent grant`"
            )
        file = parse(read_file(path, _LIMIT), KeyFile)
        if (file.kind, file.name) != (kind, name):
            raise BadInput(f"the key file '{name}' holds another key; restore it from where it was moved")
        return file

    def _private(self, kind: Kind, name: str) -> bytes:
        file = self._file(kind, name)
        public = from_text(file.public)
        return _unwrap(
            self._unlocked(), from_text(file.wrapped), _context(kind, name, public), what=f"the key '{name}'"
        )

    def _unlocked(self) -> bytes:
        if self._wrapping is None:
            path = self._folder / _LOCK
            if not path.exists():
                raise MissingPart("there are no keys here yet; run `optin init` first")
            lock = parse(read_file(path, _LIMIT), LockFile)
            if lock.n != SCRYPT_N:
                raise BadInput("the key store asks for another work factor than this version uses; it was edited")
            wrapping = _derive(self._ask("Passphrase of your keys"), from_text(lock.salt), lock.n)
            _unwrap(wrapping, from_text(lock.check), b"lock", what="the key store with this passphrase")
            self._wrapping = wrapping
        return self._wrapping


def _derive(passphrase: str, salt: bytes, work: int) -> bytes:
    return Scrypt(salt=salt, length=32, n=work, r=8, p=1).derive(passphrase.encode())


def _context(kind: Kind, name: str, public: bytes) -> bytes:
    return b"\0".join((b"optin/1 key", kind.encode(), name.encode(), public))


def _wrap(wrapping: bytes, secret: bytes, context: bytes) -> bytes:
    box = Cobblestone256Encryptor(wrapping, context)
    return box.update(secret) + box.finalize()


def _unwrap(wrapping: bytes, wrapped: bytes, context: bytes, *, what: str) -> bytes:
    try:
        box = Cobblestone256Decryptor(wrapping, context)
        return box.update(wrapped) + box.finalize()
    except (InvalidTag, ValueError):
        raise Refused(f"{what} cannot be opened; check the passphrase, or restore the file if it was damaged") from None
