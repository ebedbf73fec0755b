"""Careful files: private folders, files of mode 0600, writes that are whole or absent, no following of links.

What is written here has been sealed, redacted or is public already; these functions never see raw data.
"""

from __future__ import annotations

import os
import secrets
import stat
import sys
from pathlib import Path
from typing import Final

from vault.errors import BadInput, MissingPart, Refused

MAX_FILE: Final = 1 << 30
"""Upper limit of a file that is read whole, in bytes."""
_READ: Final = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)
_CREATE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


def private_folder(folder: Path) -> Path:
    """The folder, made with mode 0700 where it is missing; `Refused` if others may enter or own it, or it is a link."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise Refused(f"{folder} is not a folder; move it away and try again") from None
    facts = folder.lstat()
    if not stat.S_ISDIR(facts.st_mode):
        raise Refused(f"{folder} is not a folder; move it away and try again")
    if hasattr(os, "geteuid") and facts.st_uid != os.geteuid():
        raise Refused(f"{folder} belongs to another user; choose another OPTIN_HOME")
    if os.name == "posix" and facts.st_mode & 0o077:
        raise Refused(f"others may enter {folder}; run: chmod 700 {folder}")
    return folder


def create_file(path: Path, data: bytes) -> None:
    """Writes a new file of mode 0600 and syncs it and its folder; `BadInput` if the name is taken.

    If the disk refuses, the part that was written is removed again: half a key or half a salt is worse than none.
    """
    try:
        handle = os.open(path, _CREATE, 0o600)
    except FileExistsError:
        raise BadInput(f"{path} exists already; it is not overwritten") from None
    try:
        _write_all(handle, data)
        os.fsync(handle)
    except OSError:
        path.unlink(missing_ok=True)
        raise
    finally:
        os.close(handle)
    sync_folder(path.parent)


def replace_file(path: Path, data: bytes) -> None:
    """Writes the file whole or not at all (temporary name, sync, rename, sync of the folder); mode 0600."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    create_file(temporary, data)
    try:
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def read_file(path: Path, limit: int = MAX_FILE) -> bytes:
    """The file's bytes; `MissingPart` if there is none, `BadInput` if it is larger than `limit` or no ordinary file."""
    try:
        handle = os.open(path, _READ)
    except FileNotFoundError:
        raise MissingPart(f"{path} is missing") from None
    except OSError as error:
        raise BadInput(f"{path} cannot be opened: {error.strerror}") from None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise BadInput(f"{path} is no ordinary file")
    with os.fdopen(handle, "rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise BadInput(f"{path} is larger than such a file may be")
    return data


def remove_file(path: Path) -> None:
    """Removes the file and syncs the folder; a file that is gone already is no error."""
    path.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Makes names in the folder durable, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_all(handle: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


def lock_file(handle: int) -> None:
    """Holds an exclusive lock on an open file until it is closed; `BlockingIOError` if another process holds it."""
    if sys.platform == "win32":
        import msvcrt  # there is no such module elsewhere

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl  # there is no such module on Windows

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
