"""A folder for temporary files that only this user can enter, that lies in memory, and that is gone afterwards.

While it is open, every temporary file of this process goes there. Where the system has no such place, temporary files
are refused: what a raw picture is written to must never be a disk. What a killed process left goes with the next.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from vault.files import MOUNTS, filesystem_of, hold

MEMORY: Final = Path("/dev/shm")  # the folder in it is made 0700, with a random name  # noqa: S108
_KINDS: Final = frozenset({"tmpfs", "ramfs"})
_PREFIX: Final = "optin-scratch-"
_FOLDER: Final = (
    os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
)
_NOWHERE: Final = "/nonexistent/optin"
"""Where temporary files are made if there is no memory for them: it is not there, so they fail."""


@contextmanager
def private_scratch(memory: Path = MEMORY, mounts: Path = MOUNTS) -> Iterator[Path | None]:
    """The folder, made in `memory` if the table of mounts says that this lies in memory; else None."""
    if not _lies_in_memory(memory, mounts):
        with _used(_NOWHERE):
            yield None
        return
    _clear(memory)
    place, held = _made(memory)
    try:
        with _used(os.fspath(place)):
            yield place
    finally:
        shutil.rmtree(place)
        os.close(held)


def _lies_in_memory(folder: Path, mounts: Path) -> bool:
    if not mounts.exists() or not os.access(folder, os.W_OK):
        return False
    return filesystem_of(folder.resolve(), mounts.read_text(encoding="utf-8", errors="surrogateescape")) in _KINDS


@contextmanager
def _used(place: str) -> Iterator[None]:
    """Makes this and its children's temporary files go to a place, and afterwards where they went before."""
    folder, variable = tempfile.tempdir, os.environ.get("TMPDIR")
    tempfile.tempdir = os.environ["TMPDIR"] = place
    try:
        yield
    finally:
        tempfile.tempdir = folder
        if variable is None:
            del os.environ["TMPDIR"]
        else:
            os.environ["TMPDIR"] = variable


def _made(memory: Path) -> tuple[Path, int]:
    """A new folder and the descriptor that holds it; another process may clear it away before it is held."""
    while True:
        place = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=memory))
        with suppress(FileNotFoundError, BlockingIOError):
            held = hold(os.open(place, _FOLDER))
            if place.exists():
                return place, held
            os.close(held)


def _clear(memory: Path) -> None:
    """Removes what this user's killed processes left; a folder that is in use is held by its process."""
    for old in memory.glob(f"{_PREFIX}*"):
        with suppress(FileNotFoundError, NotADirectoryError, BlockingIOError):
            if old.lstat().st_uid != os.geteuid():
                continue
            held = hold(os.open(old, _FOLDER))
            try:
                shutil.rmtree(old)
            finally:
                os.close(held)
