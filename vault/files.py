"""Careful files: private folders, files of mode 0600, writes that are whole or absent, no following of links.

What is written here has been sealed, redacted or is public already; these functions never see raw data. A folder is
taken only where nobody else can exchange it (`require_guarded`), and where locks and syncs hold (`require_local`).
"""

from __future__ import annotations

import contextlib
import errno
import glob
import os
import re
import secrets
import stat
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, Final

from vault.errors import BadInput, MissingPart, Refused

MAX_FILE: Final = 1 << 30
"""Upper limit of a file that is read whole, in bytes."""
_READ: Final = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)
_CREATE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_NO_FILE: Final = frozenset(
    {errno.EACCES, errno.ELOOP, errno.EMLINK, errno.ENAMETOOLONG, errno.ENOTDIR, errno.ENXIO, errno.EPERM}
)
"""Why a file is not opened: what lies there is no file of this user's."""
TRY_SECONDS: Final = 0.01
MOUNTS: Final = Path("/proc/self/mountinfo")
"""Where Linux says what is mounted where (proc_pid_mountinfo(5))."""
_ESCAPE: Final = re.compile(r"\\([0-7]{3})")
# fmt: off
_REMOTE: Final = frozenset({
    "9p", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "drvfs", "gfs2", "glusterfs", "gpfs", "lustre", "ncpfs",
    "nfs", "nfs4", "ocfs2", "orangefs", "panfs", "prl_fs", "pvfs2", "smb3", "smbfs", "vboxsf", "vmhgfs",
    "fuse.blobfuse2", "fuse.ceph", "fuse.curlftpfs", "fuse.davfs2", "fuse.gcsfuse", "fuse.glusterfs", "fuse.goofys",
    "fuse.gvfsd-fuse", "fuse.juicefs", "fuse.lizardfs", "fuse.mfs", "fuse.moosefs", "fuse.mount-s3",
    "fuse.mountpoint-s3", "fuse.rclone", "fuse.s3fs", "fuse.seaweedfs", "fuse.smbnetfs", "fuse.sshfs",
    "fuse.vmhgfs-fuse",
})
"""File systems, by the names that Linux gives them, that other machines may write to or that need another machine."""
# fmt: on


def private_folder(folder: Path) -> Path:
    """The folder, made with mode 0700 where it is missing.

    `Refused` if it cannot be made, if others may enter or own it, or if it is a link.
    """
    try:
        _make_folder(folder)
    except (FileExistsError, NotADirectoryError):
        raise Refused(f"{folder} is not a folder; move it away and try again") from None
    except OSError as error:
        raise Refused(f"{folder} cannot be made ({error.strerror}); nothing was done") from None
    facts = folder.lstat()
    if not stat.S_ISDIR(facts.st_mode):
        raise Refused(f"{folder} is not a folder; move it away and try again")
    if hasattr(os, "geteuid") and facts.st_uid != os.geteuid():
        raise Refused(f"{folder} belongs to another user; choose another OPTIN_HOME")
    if os.name == "posix" and facts.st_mode & 0o077:
        raise Refused(f"others may enter {folder}; run: chmod 700 {folder}")
    with contextlib.suppress(OSError):  # whoever made the folder may have been killed before its name was durable;
        sync_folder(folder.parent)  # where that cannot be made good, the next write will say what is wrong
    return folder


def _make_folder(folder: Path) -> None:
    """Makes the folder and those above it; each name is durable before anything is laid under it."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    sync_folder(folder.parent)


def require_guarded(folder: Path) -> None:
    """Nothing, if only root and this user can exchange the folder; `Refused` names the parent that others may write to.

    Both the path as it was named and the one without links count: whoever can change a link changes what is behind it.
    A sticky parent is safe, since others cannot rename there what is not theirs.
    """
    if os.name != "posix":
        return
    for parent in dict.fromkeys((*folder.resolve().parents, *folder.absolute().parents)):
        facts = parent.stat()
        if facts.st_uid not in {0, os.geteuid()}:
            raise Refused(
                f"{parent} belongs to another user, who can exchange what lies in it; choose another OPTIN_HOME"
            )
        if facts.st_mode & 0o022 and not facts.st_mode & stat.S_ISVTX:
            raise Refused(f"others may write to {parent} and exchange what lies in it; run: chmod go-w {parent}")


def require_local(folder: Path, mounts: Path = MOUNTS) -> None:
    """Nothing, if the folder lies on this machine; `Refused` on a network file system. Only Linux says which it is."""
    if sys.platform != "linux":
        return
    kind = filesystem_of(folder.resolve(), mounts.read_text(encoding="utf-8", errors="surrogateescape"))
    if kind in _REMOTE:
        raise Refused(
            f"{folder} lies on a network file system ({kind}), where flock and fdatasync do not hold; "
            "choose another OPTIN_HOME"
        )


def filesystem_of(path: Path, mounts: str) -> str:
    """The type of the file system that holds this path without links, by a table in the form of /proc/self/mountinfo.

    The longest mount point counts, and of two the later one, which lies over the other; "" where none fits.
    """
    found, longest = "", -1
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        fields = before.split(" ")
        if len(fields) < 5 or not after:
            continue
        point = Path(_ESCAPE.sub(lambda escape: chr(int(escape[1], 8)), fields[4]))
        if path.is_relative_to(point) and len(point.parts) >= longest:
            found, longest = after.split(" ")[0], len(point.parts)
    return found


def create_file(path: Path, data: bytes) -> None:
    """Writes a new file of mode 0600, whole or not at all, durably; `BadInput` if the name is taken.

    It gets its name when its content is on disk: half a key or half a salt under its name would be worse than none. If
    the disk refuses, `OSError`, and nothing new stands under the name.
    """
    if os.path.lexists(path):
        raise BadInput(f"{path} exists already; it is not overwritten")
    temporary = _written_beside(path, data)
    try:
        os.link(temporary, path, follow_symlinks=False)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        if isinstance(error, FileExistsError):
            raise BadInput(f"{path} exists already; it is not overwritten") from None
        raise
    try:
        temporary.unlink()
        sync_folder(path.parent)
    except OSError:
        path.unlink(missing_ok=True)
        raise


def replace_file(path: Path, data: bytes) -> None:
    """Writes the file whole or not at all (temporary name, sync, rename, sync of the folder); mode 0600."""
    temporary = _written_beside(path, data)
    try:
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def _written_beside(path: Path, data: bytes) -> Path:
    """A new file in the same folder with this content, on disk but for its name; none if the disk refuses."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(temporary, _CREATE, 0o600)
    try:
        write_all(handle, data)
        os.fsync(handle)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    finally:
        os.close(handle)
    return temporary


def open_file(path: Path) -> BinaryIO:
    """The file, open for reading; `MissingPart` if there is none, `BadInput` if it is a link or no ordinary file.

    `OSError` if the system could not look: that says nothing about the file, so nobody may take it for damaged or gone.
    """
    try:
        handle = os.open(path, _READ)
    except FileNotFoundError:
        raise MissingPart(f"{path} is missing") from None
    except OSError as error:
        if error.errno not in _NO_FILE:
            raise
        raise BadInput(f"{path} cannot be opened: {error.strerror}") from None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise BadInput(f"{path} is no ordinary file")
    return os.fdopen(handle, "rb")


def read_file(path: Path, limit: int = MAX_FILE) -> bytes:
    """The file's bytes; `MissingPart` if there is none, `BadInput` if it is larger than `limit` or no ordinary file."""
    with open_file(path) as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise BadInput(f"{path} is larger than such a file may be")
    return data


def remove_file(path: Path) -> None:
    """Removes the file and syncs the folder; a file that is gone already is no error.

    What a kill left of writing it goes too: a copy of a key beside its name would outlive the key.
    """
    path.unlink(missing_ok=True)
    for left in path.parent.glob(f".{glob.escape(path.name)}.*"):
        left.unlink(missing_ok=True)
    sync_folder(path.parent)


def remove_each(paths: Iterable[Path]) -> list[OSError]:
    """Removes all that can be removed and syncs the folders; gives the errors of the rest. What is gone is no error."""
    failed: list[OSError] = []
    folders: dict[Path, None] = {}
    for path in paths:
        folders[path.parent] = None
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            failed.append(error)
    for folder in folders:
        try:
            sync_folder(folder)
        except FileNotFoundError:
            continue
        except OSError as error:
            failed.append(error)
    return failed


def sync_folder(folder: Path) -> None:
    """Makes names in the folder durable, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_all(handle: int, data: bytes | bytearray) -> None:
    """Writes all of it, in as many calls as the system takes; `OSError` if it refuses."""
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


def take_lock(path: Path, *, tries: int = 1) -> int:
    """The descriptor of a lock file, made if need be and held until it is closed; errors as those of `hold`."""
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
    return hold(os.open(path, flags, 0o600), tries=tries)


def hold(handle: int, *, tries: int = 1) -> int:
    """The same descriptor, locked until it is closed; it is tried so many times, `TRY_SECONDS` apart.

    `BlockingIOError` if another process holds the file all that time; the descriptor is closed then.
    """
    while True:
        tries -= 1
        try:
            lock_file(handle)
        except OSError:
            if tries <= 0:
                os.close(handle)
                raise
            time.sleep(TRY_SECONDS)
        else:
            return handle


def lock_file(handle: int) -> None:
    """Holds an exclusive lock on an open file until it is closed; `BlockingIOError` if another process holds it."""
    if sys.platform == "win32":
        import msvcrt  # there is no such module elsewhere

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl  # there is no such module on Windows

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
