"""The files of a key store: what stands in them, and what binds it together. No IO.

A key file's public half, name and kind are bound to its wrapped part, so none of them can be exchanged without the
wrapping key. Who holds the private halves is bound to the lock's check word in the same way.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Literal, NoReturn

from cryptography.cobblestone import Cobblestone256Decryptor, Cobblestone256Encryptor
from cryptography.exceptions import InvalidTag

from vault.canonical import Document, digest
from vault.errors import BadInput, Refused
from vault.keys import from_text, to_text

Kind = Literal["signing", "opening"]


class HolderKind(Enum):
    """Who holds the private halves of a key store."""

    PASSPHRASE = "passphrase"  # a word, not one  # noqa: S105
    SECRET_SERVICE = "secret-service"  # the name of a standard  # noqa: S105
    KWALLET = "kwallet"
    KEYCHAIN = "keychain"
    CREDENTIAL_MANAGER = "credential-manager"


class LockFile(Document, frozen=True):
    """Who holds the private halves, and a wrapped word that shows whether a wrapping key is the right one."""

    check: str
    holder: HolderKind
    n: int
    salt: str
    version: int


class KeyFile(Document, frozen=True):
    """One key. `wrapped` holds what the holder leaves to the file, bound to all other fields; `lock` says under which.

    In a store of the system's keyring nothing is left to the file: there `wrapped` only authenticates it.
    """

    kind: Kind
    lock: str
    name: str
    public: str
    wrapped: str


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """What may be said of a key without unlocking. `public` is base64."""

    name: str
    kind: Kind
    fingerprint: str
    holder: HolderKind
    public: str


@dataclass(frozen=True, slots=True)
class KeyPair:
    """Both halves of a key on its way into a file."""

    kind: Kind
    name: str
    public: bytes
    private: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Wrapping:
    """The key that wraps, and the lock that it belongs to."""

    key: bytes = field(repr=False)
    lock: str


def fingerprint(public: bytes) -> str:
    """A short name of a key that people and keyrings can use: 32 hexadecimal digits of its public half's digest."""
    return digest(public)[:32]


def fingerprint_of(file: KeyFile) -> str:
    """The fingerprint of the key in this file."""
    return fingerprint(from_text(file.public))


def lock_id(lock: LockFile) -> str:
    """What key files call this lock."""
    return fingerprint(from_text(lock.salt))


def make_lock(holder: HolderKind, key: bytes, *, salt: bytes, work: int) -> tuple[LockFile, Wrapping]:
    """The lock of a store that this key wraps."""
    check = to_text(_wrap(key, b"optin", _lock_context(holder)))
    lock = LockFile(check=check, holder=holder, n=work, salt=to_text(salt), version=1)
    return lock, Wrapping(key, lock_id(lock))


def open_lock(lock: LockFile, key: bytes) -> Wrapping:
    """The key with its lock; `Refused` if it is not the one that the lock was made with."""
    try:
        _unwrap(key, from_text(lock.check), _lock_context(lock.holder))
    except InvalidTag:
        raise Refused(
            "the keys cannot be opened; check the passphrase, or restore the folder if it is damaged"
        ) from None
    return Wrapping(key, lock_id(lock))


def wrap_key(pair: KeyPair, kept: bytes, wrapping: Wrapping) -> KeyFile:
    """The file of a key; `kept` is what its holder leaves to the file."""
    wrapped = _wrap(wrapping.key, kept, _key_context(pair.kind, pair.name, pair.public))
    return KeyFile(
        kind=pair.kind, lock=wrapping.lock, name=pair.name, public=to_text(pair.public), wrapped=to_text(wrapped)
    )


def unwrap_key(file: KeyFile, wrapping: Wrapping) -> bytes:
    """What the holder left to the file; `BadInput` if the file was exchanged or belongs to another lock."""
    if file.lock != wrapping.lock:
        raise BadInput(f"the key file '{file.name}' belongs to another passphrase; try again, or restore it")
    try:
        context = _key_context(file.kind, file.name, from_text(file.public))
        return _unwrap(wrapping.key, from_text(file.wrapped), context)
    except InvalidTag:
        refuse_exchanged(file.name)


def refuse_exchanged(name: str) -> NoReturn:
    """Raises `BadInput` for a key file that is not what was written."""
    raise BadInput(f"the key file '{name}' was exchanged or damaged; restore it from a copy of this folder")


def _lock_context(holder: HolderKind) -> bytes:
    return b"\0".join((b"optin/1 lock", holder.value.encode()))


def _key_context(kind: Kind, name: str, public: bytes) -> bytes:
    return b"\0".join((b"optin/1 key", kind.encode(), name.encode(), public))


def _wrap(key: bytes, secret: bytes, context: bytes) -> bytes:
    box = Cobblestone256Encryptor(key, context)
    return box.update(secret) + box.finalize()


def _unwrap(key: bytes, wrapped: bytes, context: bytes) -> bytes:
    """What was wrapped; `InvalidTag` for anything else, a key of a wrong length included."""
    try:
        box = Cobblestone256Decryptor(key, context)
        return box.update(wrapped) + box.finalize()
    except ValueError:
        raise InvalidTag from None
