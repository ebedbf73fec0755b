"""The key store: one file a key with its public half in clear; private halves are with the store's holder.

The holder (`vault.holders`) is a passphrase or the system's keyring, chosen when the store is made and never switched.
Public halves can be read without unlocking. Unlocking checks every key file, so a public half, a name or a kind that
was exchanged is refused before any private half is used. A missing key is an error, never a reason to make a fresh one.
`destroy` removes a key for good: what was sealed to it is unreadable from then on. Only of a store under a passphrase
would a backup of the folder still have the private half in it.

    lock.json          who holds the private halves, and how to get at the wrapping key
    <name>.json        a key
    <name>.next        the key that is to follow it, while a rotation is under way
    *.rewrapped        the same file under a new passphrase; it counts once lock.json names that
    LOCK               held while files are written
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vault.canonical import canonical, parse
from vault.errors import BadInput, MissingPart, Refused
from vault.files import create_file, private_folder, read_file, remove_file, replace_file, sync_folder, take_lock
from vault.holders import Ask, Holder, PassphraseHolder, holder_of
from vault.keyfiles import (
    HolderKind,
    KeyFacts,
    KeyFile,
    KeyPair,
    Kind,
    LockFile,
    Wrapping,
    fingerprint,
    fingerprint_of,
    lock_id,
    make_lock,
    open_lock,
    refuse_exchanged,
    unwrap_key,
    wrap_key,
)
from vault.keys import OpeningKey, SealingKey, SigningKey, VerifyKey, from_text

_LIMIT: Final = 1 << 16
_LOCK: Final = "lock.json"
_PATIENCE: Final = 200
"""How often the turn to write is asked for, 10 ms apart."""


@dataclass(frozen=True, slots=True)
class _Open:
    """An unlocked store."""

    holder: Holder
    wrapping: Wrapping


class KeyStore:
    """Keys by name in one private folder; unlocks once, when a private half is first needed."""

    def __init__(self, folder: Path, ask: Ask, *, refused: Callable[[], object] | None = None) -> None:
        self._folder = folder
        self._ask = ask
        self._refused = refused
        self._open: _Open | None = None
        self._fetched: dict[str, bytes] = {}

    def create(self, kind: HolderKind = HolderKind.PASSPHRASE) -> None:
        """Makes the folder and its lock; `Refused` if there is one already or the holder does not take keys."""
        path = private_folder(self._folder) / _LOCK
        if path.exists():
            raise Refused("there are keys here already; they are not overwritten")
        lock, opened = _new_lock(kind, holder_of(kind, self._ask))
        create_file(path, canonical(lock))
        self._open = opened

    def unlock(self, *names: str) -> None:
        """Unlocks now, and fetches what the holder has of these keys, so that no later call needs a person or a bus.

        `Refused` if the passphrase is wrong or the keyring is locked, `BadInput` if a key file was exchanged.
        """
        self._unlocked()
        for name in names:
            file, private = self._private(self._path(name), name)
            self._fetched[file.public] = private

    def add_signing(self, name: str) -> SigningKey:
        """A fresh signing key, kept under `name`."""
        key = SigningKey.generate()
        self._add(KeyPair("signing", name, key.public.raw, key.private_raw()))
        return key

    def add_opening(self, name: str) -> OpeningKey:
        """A fresh opening key, kept under `name`."""
        key = OpeningKey.generate()
        self._add(KeyPair("opening", name, key.public.raw, key.private_raw()))
        return key

    def signing(self, name: str) -> SigningKey:
        """The signing key of this name; unlocks if need be."""
        return self._signing(self._path(name), name)

    def opening(self, name: str) -> OpeningKey:
        """The opening key of this name; unlocks if need be."""
        file, private = self._private(self._path(name), name, "opening")
        key = OpeningKey(private)
        return key if key.public.text == file.public else refuse_exchanged(name)

    def verify_key(self, name: str) -> VerifyKey:
        """The public half of a signing key; needs no unlocking, and is as good as the folder is until then."""
        return VerifyKey(from_text(self._file(self._path(name), name, "signing").public))

    def sealing_key(self, name: str) -> SealingKey:
        """The public half of an opening key; needs no unlocking, and is as good as the folder is until then."""
        return SealingKey(from_text(self._file(self._path(name), name, "opening").public))

    def names(self) -> tuple[str, ...]:
        """The names of all keys, sorted."""
        return tuple(sorted(path.stem for path in self._folder.glob("[!.]*.json") if path.name != _LOCK))

    @property
    def holder(self) -> HolderKind:
        """Who holds the private halves; needs no unlocking."""
        return self._lock().holder

    def describe(self) -> tuple[KeyFacts, ...]:
        """What may be said of each key, sorted by name; needs no unlocking."""
        holder = self.holder
        files = (self._file(self._path(name), name) for name in self.names())
        return tuple(KeyFacts(file.name, file.kind, fingerprint_of(file), holder, file.public) for file in files)

    def destroy(self, name: str) -> None:
        """Removes a key for good, at the holder first; a key that is gone already is no error. Asks no person.

        `Refused` if a keyring that holds it is locked or not there; the key's file stays until the item is gone.
        """
        path = self._path(name)
        for file in (path, path.with_suffix(".next")):
            if file.exists():
                self._forget(file, name)
                remove_file(file)
        for rest in (*self._folder.glob(f"{name}.*.rewrapped"), *self._folder.glob(f".{name}.*")):
            remove_file(rest)

    def prepare_signing(self, name: str) -> SigningKey:
        """The key that is to follow the signing key `name`; the same one again until `commit` is called."""
        self._file(self._path(name), name, "signing")
        opened, path = self._unlocked(), self._path(name).with_suffix(".next")
        with self._turn(opened):
            if path.exists():
                return self._signing(path, name)
            key = SigningKey.generate()
            self._write(path, KeyPair("signing", name, key.public.raw, key.private_raw()), opened)
        return key

    def commit(self, name: str) -> None:
        """The prepared key takes the place of the old one, whose private half is destroyed."""
        opened, path = self._unlocked(), self._path(name)
        with self._turn(opened):
            new = self._file(path.with_suffix(".next"), name, "signing")
            old = self._file(path, name, "signing")
            for file in (new, old):
                unwrap_key(file, opened.wrapping)
            if old.public != new.public:
                opened.holder.forget(fingerprint_of(old))
            path.with_suffix(".next").replace(path)
            sync_folder(self._folder)

    def rewrap(self, ask: Ask) -> None:
        """Wraps all keys under a new passphrase, which `ask` gives; wherever it is cut off, all old or all new holds.

        `Refused` in a store of the system's keyring, which has no passphrase.
        """
        if self.holder is not HolderKind.PASSPHRASE:
            raise Refused("these keys have no passphrase, the system's keyring holds them; change its password there")
        opened = self._unlocked()
        lock, renewed = _new_lock(HolderKind.PASSPHRASE, PassphraseHolder(ask))
        with self._turn(opened):
            for path in self._files():
                file, private = self._private(path, path.stem)
                pair = KeyPair(file.kind, file.name, from_text(file.public), private)
                self._write(path.with_name(f"{path.name}.rewrapped"), pair, renewed)
            replace_file(self._folder / _LOCK, canonical(lock))  # from here on the new passphrase counts
            self._open = renewed
            self._settle()

    def _path(self, name: str) -> Path:
        if not name.replace("-", "").isalnum() or f"{name}.json" == _LOCK:
            raise BadInput("a key's name holds letters, digits and dashes only, and is not 'lock'")
        return self._folder / f"{name}.json"

    def _files(self) -> tuple[Path, ...]:
        keys = (self._path(name) for name in self.names())
        return (*keys, *sorted(self._folder.glob("[!.]*.next")))

    def _lock(self) -> LockFile:
        path = self._folder / _LOCK
        if not path.exists():
            raise MissingPart("there are no keys here yet; run `optin init` first")
        return parse(read_file(path, _LIMIT), LockFile)

    def _file(self, path: Path, name: str, kind: Kind | None = None) -> KeyFile:
        if not path.exists():
            raise MissingPart(
                f"the key '{name}' is not on this machine; it is made by `optin init` or `optin consent grant`"
            )
        file = parse(read_file(path, _LIMIT), KeyFile)
        if file.name != name or kind not in {None, file.kind}:
            raise BadInput(f"the key file '{name}' holds another key; restore it from where it was moved")
        return file

    def _add(self, pair: KeyPair) -> None:
        path, opened = self._path(pair.name), self._unlocked()
        with self._turn(opened):
            if path.exists():
                raise BadInput(f"there is a key '{pair.name}' already; it is not overwritten")
            self._write(path, pair, opened)

    def _write(self, path: Path, pair: KeyPair, opened: _Open) -> None:
        """The holder first: a file is there only when the private half is."""
        kept = opened.holder.keep(fingerprint(pair.public), pair.private)
        replace_file(path, canonical(wrap_key(pair, kept, opened.wrapping)))

    def _signing(self, path: Path, name: str) -> SigningKey:
        file, private = self._private(path, name, "signing")
        try:
            key = SigningKey.from_raw(private)
        except ValueError:
            refuse_exchanged(name)
        return key if key.public.text == file.public else refuse_exchanged(name)

    def _private(self, path: Path, name: str, kind: Kind | None = None) -> tuple[KeyFile, bytes]:
        """The file and the private half; a rotation that was cut off may have taken that away already."""
        self._file(path, name, kind)  # what is missing is missing before anybody is asked for a passphrase
        opened = self._unlocked()  # this may put a newer file in the place of the one that was just read
        file = self._file(path, name, kind)
        kept = unwrap_key(file, opened.wrapping)
        if file.public in self._fetched:
            return file, self._fetched[file.public]
        try:
            return file, opened.holder.fetch(fingerprint_of(file), kept)
        except MissingPart:
            if not self._path(file.name).with_suffix(".next").exists():
                raise
            raise MissingPart(
                f"a rotation of the key '{file.name}' was cut off; `optin keys rotate {file.name}` finishes it"
            ) from None

    def _forget(self, path: Path, name: str) -> None:
        """Destroys what is held outside the key file; where it is unknown who holds it, the file goes all the same."""
        try:
            holder = self.holder
        except (BadInput, MissingPart):
            remove_file(path)
            raise
        if holder is not HolderKind.PASSPHRASE:
            file, opened = self._file(path, name), self._unlocked()
            unwrap_key(file, opened.wrapping)  # the item of an exchanged public half would be another one
            opened.holder.forget(fingerprint_of(file))

    def _try(self, lock: LockFile) -> _Open:
        """The store that this lock closes; a wrong passphrase is told to `refused` before it is refused."""
        try:
            return _unlock(lock, holder_of(lock.holder, self._ask))
        except Refused:
            if self._refused is not None and lock.holder is HolderKind.PASSPHRASE:
                self._refused()
            raise

    def _unlocked(self) -> _Open:
        """The unlocked store; what was cut off is tidied up, then every key file is checked."""
        if self._open is None:
            lock = self._lock()
            opened = self._try(lock)
            if any((*self._folder.glob("*.rewrapped"), *self._folder.glob(".*"))):
                with self._turn(opened):
                    self._settle()
            for path in self._files():
                unwrap_key(self._file(path, path.stem), opened.wrapping)
            self._open = opened
        return self._open

    def _settle(self) -> None:
        """Files under the lock that counts take their places, all others go; needs no room on the disk."""
        sync_folder(self._folder)  # a killed process may have left the lock unsynced, and files are to follow it
        current = lock_id(self._lock())
        for path in self._folder.glob("[!.]*.rewrapped"):
            target = path.with_suffix("")
            if target.exists() and self._file(path, target.stem).lock == current:
                path.replace(target)
            else:
                path.unlink()
        for path in self._folder.glob(".*"):
            path.unlink()
        sync_folder(self._folder)

    @contextmanager
    def _turn(self, opened: _Open) -> Iterator[None]:
        """Holds the right to write; `Refused` if it is not to be had, or the passphrase was changed meanwhile."""
        try:
            handle = take_lock(self._folder / "LOCK", tries=_PATIENCE)
        except BlockingIOError:
            raise Refused("another process is writing keys; wait until it is done and try again") from None
        try:
            if lock_id(self._lock()) != opened.wrapping.lock:
                raise Refused("the passphrase was changed meanwhile; nothing was done, try again")
            yield
        finally:
            os.close(handle)


def _new_lock(kind: HolderKind, holder: Holder) -> tuple[LockFile, _Open]:
    salt = secrets.token_bytes(16)
    lock, wrapping = make_lock(kind, holder.make_wrapping(salt), salt=salt, work=holder.work)
    return lock, _Open(holder, wrapping)


def _unlock(lock: LockFile, holder: Holder) -> _Open:
    if lock.n != holder.work:
        raise BadInput("the key store asks for another work factor than this version uses; it was edited")
    return _Open(holder, open_lock(lock, holder.wrapping(from_text(lock.salt))))
