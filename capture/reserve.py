"""Room on the disk that is kept for stopping: a file that is freed when the queue's disk is full.

A recording that ran out of disk must still be able to say so: the ledger's entry needs room as well. The file holds
zeros only.
"""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path
from typing import Final

from vault.errors import Refused
from vault.files import sync_folder, write_all

RESERVE: Final = 1 << 20
"""How much is kept free, in bytes."""
_OPEN: Final = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


def keep_room(path: Path) -> None:
    """Makes the reserve; `Refused`, saying how much room is missing, where there is not enough for it."""
    handle = os.open(path, _OPEN, 0o600)
    try:
        _allocate(handle)
    except OSError as error:
        with contextlib.suppress(OSError):  # what the disk refused first is what is told
            path.unlink()
        if error.errno not in _NO_ROOM:
            raise
        missing = RESERVE - _free(path.parent)
        raise Refused(
            f"there is no room to record; free at least {missing if missing > 0 else RESERVE} bytes in {path.parent}"
        ) from None
    finally:
        os.close(handle)
    sync_folder(path.parent)


def free_room(path: Path) -> None:
    """Gives the reserve back to the disk; a reserve that is gone already is no error."""
    path.unlink(missing_ok=True)


def _allocate(handle: int) -> None:
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(handle, 0, RESERVE)
        return
    write_all(handle, bytes(RESERVE))


def _free(folder: Path) -> int:
    """Bytes that this user may still take."""
    facts = os.statvfs(folder)
    return facts.f_bavail * facts.f_frsize
