"""What a redactor account needs before it serves: a user, a program, a folder and a socket that nobody else can change.

Everything is checked and refused with a reason; nothing is put right silently. The account's folder, `OPTIN_HOME`:

    keys/          a key store of its own: `redactor` signs what was redacted, `consent` opens recordings
    served.json    the one user that is served          LOCK    held while a server runs
"""

from __future__ import annotations

import contextlib
import os
import pwd
import resource
import socket
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from optin.home import PASSPHRASE_FD, PassphraseSource
from optin.messages import MAX_PARTS
from vault.canonical import Document, canonical, parse
from vault.errors import BadInput, MissingPart, Refused
from vault.files import create_file, read_file, take_lock
from vault.store import KeyStore

CONSENT: Final = "consent"
SIGNER: Final = "redactor"
"""The names of the two keys of the account: the one opens, the other signs what was redacted."""
_NOBODY: Final = 65534
_CREDENTIAL: Final = "passphrase"


class Served(Document, frozen=True):
    """Whom this account serves; it never changes, since the keys are that user's."""

    uid: int
    version: int


UNIT: Final = """\
[Unit]
Description=Optin: redacts for user {employee}, who never holds the key to the recordings
Documentation=man:systemd.exec(5)

[Service]
ExecStart={python} -I -m optin redactor --for {employee} --socket /run/{name}/redactor.socket
Environment=OPTIN_HOME=/var/lib/{name}
LoadCredentialEncrypted=passphrase:/etc/credstore.encrypted/{name}.passphrase
User={name}
StateDirectory={name}
StateDirectoryMode=0700
RuntimeDirectory={name}
RuntimeDirectoryMode=0711
UMask=0077
LimitCORE=0
LimitNOFILE=4096
NoNewPrivileges=yes
CapabilityBoundingSet=
PrivateNetwork=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_NETLINK
PrivateTmp=yes
PrivateDevices=yes
ProtectSystem=strict
ProtectHome=yes
ProtectProc=invisible
ProtectClock=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
LockPersonality=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RestrictNamespaces=user net
SystemCallArchitectures=native
MemoryDenyWriteExecute=yes
Restart=on-failure

[Install]
WantedBy=multi-user.target
"""


@dataclass(frozen=True, slots=True)
class Account:
    """The account's folder, its keys, unlocked, and the user that it serves."""

    root: Path
    keys: KeyStore
    employee: int


def require_separate(employee: int) -> None:
    """Nothing, if this process and the employee are two ordinary users; `Refused` otherwise."""
    own = os.geteuid()
    if own == employee:
        raise Refused("the redactor runs as the user that it serves, so it protects nothing; give it a user of its own")
    if 0 in {own, employee}:
        raise Refused("neither the redactor nor the employee may be root; give each a user of its own")
    if _NOBODY in {own, employee}:
        raise Refused("the user 'nobody' stands for many; give the redactor and the employee users of their own")


def require_own_code(employee: int) -> None:
    """Nothing, if the employee cannot change the program that runs here; `Refused` otherwise.

    Looked at are Python itself, every folder that modules come from, every module that is loaded, and all above them.
    """
    loaded = (getattr(module, "__file__", None) for module in tuple(sys.modules.values()))
    named = {sys.executable, sys.prefix, *sys.path, *(file for file in loaded if file)}
    groups = _groups(employee)
    seen: set[Path] = set()
    for path in (Path(name).absolute() for name in named if name):
        for part in (path, *path.parents, path.resolve(), *path.resolve().parents):
            if part not in seen and _may_change(part, employee, groups):
                raise Refused(
                    "the user whom the redactor serves can change its program; install Optin where only root may write"
                )
            seen.add(part)


def _may_change(path: Path, employee: int, groups: frozenset[int]) -> bool:
    """Whether the employee owns the path or may write to it; of a folder with the sticky bit only the owner counts."""
    try:
        facts = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except PermissionError:
        return False  # who could not look could not have loaded it either
    if facts.st_uid == employee:
        return True
    if stat.S_ISDIR(facts.st_mode) and facts.st_mode & stat.S_ISVTX:
        return False
    return bool(facts.st_mode & stat.S_IWOTH) or (bool(facts.st_mode & stat.S_IWGRP) and facts.st_gid in groups)


def _groups(employee: int) -> frozenset[int]:
    """The groups that the system says the employee is in; none for a user without a name."""
    try:
        entry = pwd.getpwuid(employee)
    except KeyError:
        return frozenset()
    return frozenset(os.getgrouplist(entry.pw_name, entry.pw_gid))


def open_account(root: Path, employee: int) -> Account:
    """The account in this folder, unlocked, made at its first start; `Refused` if it serves another user."""
    if (root / "config.json").exists():
        raise Refused("this folder is an employee's home; give the redactor an OPTIN_HOME of its own")
    _take_credential()
    keys = KeyStore(root / "keys", PassphraseSource())
    path = root / "served.json"
    if not path.exists():
        _make_keys(root, keys)
        create_file(path, canonical(Served(uid=employee, version=1)))
    if parse(read_file(path, 1 << 10), Served).uid != employee:
        raise Refused("the keys here are those of another employee; give each employee a redactor with its own folder")
    keys.unlock()
    return Account(root, keys, employee)


def _make_keys(root: Path, keys: KeyStore) -> None:
    """Makes what a first start has not made yet; nobody has anything of these keys before that is done."""
    if not (root / "keys" / "lock.json").exists():
        keys.create()
    if SIGNER not in keys.names():
        keys.add_signing(SIGNER)


def _take_credential() -> None:
    """Lets the passphrase come from systemd's credential of this name, where no descriptor is named."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    if folder is None or PASSPHRASE_FD in os.environ:
        return
    try:
        handle = os.open(Path(folder) / _CREDENTIAL, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        raise MissingPart("systemd hands over no credential 'passphrase'; see docs/separate-user.md") from None
    os.environ[PASSPHRASE_FD] = str(handle)


def raise_descriptor_limit() -> None:
    """Lets this process open as many files as a long session has segments, where the system allows that."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * MAX_PARTS
    if soft != resource.RLIM_INFINITY and soft < wanted:
        high = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (high, hard))


@contextlib.contextmanager
def only_one(root: Path) -> Iterator[None]:
    """Holds the folder; `Refused` if another server has it."""
    try:
        handle = take_lock(root / "LOCK")
    except BlockingIOError:
        raise Refused("a redactor with this folder runs already") from None
    try:
        yield
    finally:
        os.close(handle)


@contextlib.contextmanager
def listening(place: Path) -> Iterator[socket.socket]:
    """A socket that listens at `place`; `Refused` if others may rename or replace what lies in its folder.

    Everybody may connect (mode 0666, folder 0711): who is served is decided by who asks.
    """
    place.parent.mkdir(mode=0o711, exist_ok=True)
    facts = place.parent.lstat()
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != os.geteuid() or facts.st_mode & 0o022:
        raise Refused("the socket's folder must belong to the redactor's user, and nobody else may write to it")
    place.parent.chmod(0o711)
    with contextlib.suppress(FileNotFoundError):
        _remove_socket(place)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        try:
            listener.bind(os.fspath(place))
        except OSError as error:
            raise Refused(f"the socket cannot be made ({error.strerror or error}); choose a shorter path") from None
        place.chmod(0o666)
        listener.listen()
        try:
            yield listener
        finally:
            place.unlink(missing_ok=True)


def _remove_socket(place: Path) -> None:
    if not stat.S_ISSOCK(place.lstat().st_mode):
        raise Refused("what lies at the socket's path is no socket; move it away")
    place.unlink()


def unit_text(name: str, employee: int) -> str:
    """The systemd unit that runs the redactor as the user `name`; `BadInput` if no user can be called so.

    The service may make a user namespace and a network namespace, since each redaction takes one of its own.
    """
    if not name.replace("-", "").replace("_", "").isalnum() or not name.isascii() or name.startswith("-"):
        raise BadInput("a user's name holds letters, digits, dashes and underscores only")
    python = sys.executable.replace("%", "%%")
    if any(character.isspace() or character in "\"'\\$" for character in python):
        raise BadInput(
            "systemd cannot start a Python whose path has spaces, quotes or signs in it; install it elsewhere"
        )
    return UNIT.format(name=name, employee=employee, python=python)
