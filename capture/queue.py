"""The sealed queue on disk: append-only segment files that the writer cannot read back.

    queue/segments/<id>.seg    sealed batches          queue/keys/<id>.key    the wrapped key, and only there
    queue/LOCK                 one owner               queue/RESERVE          room that is kept for stopping
    queue/keys/CACHEDIR.TAG    keeps the keys out of backups; all files 0600 in 0700 folders

Rules of this file:
1. Order of writing: a name ending in .new, key file, its folder, prelude, rename, its folder, frames. A frame is
   acknowledged after fdatasync. A segment gets its name only when its prelude is durable, so a crash never leaves one
   that cannot be told from damage.
2. The first input or output error kills the queue's writer: `QueueDead`, no retry, no further segment.
3. Nothing is ever appended to a file that another run made, and nothing is written by a process that was forked off.
4. What a reader opens goes to `redaction/intake.py`; of redaction nothing else may import this file.
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from capture.chain import chained, sound
from capture.opening import SegmentOpener
from capture.reserve import free_room, keep_room
from capture.seal import SealedBatch, SegmentStart
from capture.segment import Broken, Intact, Scanned, Torn, claimed_session, required_id, scan_segment
from vault.errors import BadInput, OptinError, Refused
from vault.files import (
    MOUNTS,
    create_file,
    open_file,
    private_folder,
    read_file,
    remove_each,
    replace_file,
    require_guarded,
    require_local,
    sync_folder,
    take_lock,
    write_all,
)
from vault.keys import OpeningKey, VerifyKey

CACHE_TAG: Final = b"Signature: 8a477f597d28d172789f06886806bc55\n"
"""What tells backup programs to leave a folder out (Cache Directory Tagging Specification)."""
_TAG: Final = "CACHEDIR.TAG"
_UNBEGUN: Final = ".new"
_MAX_KEY_FILE: Final = 1 << 16
_TRIES: Final = 20  # who only looks whether a recorder runs holds the lock for a moment
_SHORTAGE: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN, errno.EINTR})
_CREATE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC


class QueueDead(OptinError):  # the state's name
    """The disk refused a write; what was acknowledged is safe, and recording stops."""


class QueueFolder:
    """Where a queue lies."""

    def __init__(self, folder: Path) -> None:
        self.root = folder
        self.segments = folder / "segments"
        self.keys = folder / "keys"
        self.lock = folder / "LOCK"
        self.reserve = folder / "RESERVE"

    def make(self, *, mounts: Path = MOUNTS) -> None:
        """Makes the folders, private; `Refused` if others may enter or exchange them, or locks do not hold there."""
        for part in (self.root, self.segments, self.keys):
            private_folder(part)
        require_guarded(self.root)
        require_local(self.root, mounts)
        tag = self.keys / _TAG
        if not tag.exists() or read_file(tag) != CACHE_TAG:
            replace_file(tag, CACHE_TAG)

    def segment_path(self, segment: str) -> Path:
        """The file of a segment."""
        return self.segments / f"{required_id(segment)}.seg"

    def key_path(self, segment: str) -> Path:
        """The file of a segment's wrapped key."""
        return self.keys / f"{required_id(segment)}.key"

    def key_files(self) -> tuple[Path, ...]:
        """All files that hold a wrapped key, also those that a kill left half named."""
        return tuple(path for path in self.keys.glob("*") if _owner(path) != _owner(Path(_TAG)))


class QueueWriter:
    """The one owner of a queue while a recorder runs."""

    def __init__(self, folder: QueueFolder) -> None:
        self._folder = folder
        self._owner = os.getpid()
        self._file: int | None = None
        self._segment = ""
        self._is_dead = False
        try:
            folder.make()
            self._lock = _locked(folder.lock)
            with contextlib.ExitStack() as undo:
                undo.callback(os.close, self._lock)
                _remove_unbegun(folder)
                keep_room(folder.reserve)
                undo.pop_all()
        except OSError as error:
            raise Refused(f"the queue cannot be opened ({error.strerror}); nothing is recorded") from None

    def begin(self, start: SegmentStart) -> None:
        """Makes a segment's key file and prelude durable; `QueueDead` if the disk refuses."""
        self._require_alive()
        path, key_path = self._folder.segment_path(start.segment), self._folder.key_path(start.segment)
        if path.exists() or key_path.exists():
            raise BadInput("a segment of this name exists already; it is not overwritten")
        try:
            self._end()
            self._file = os.open(path.with_suffix(_UNBEGUN), _CREATE, 0o600)
            self._segment = start.segment
            create_file(key_path, start.key_file)
            self._write(start.prelude)
            path.with_suffix(_UNBEGUN).rename(path)
            sync_folder(self._folder.segments)
        except OSError as error:
            raise self._died(error) from None

    def append(self, batch: SealedBatch) -> None:
        """Returns when the batch is durable; `QueueDead` if the disk refuses."""
        self._require_alive()
        if batch.segment != self._segment:
            raise BadInput("a batch belongs to another segment")
        try:
            self._write(batch.frame)
            if batch.final:
                self._end()
        except OSError as error:
            raise self._died(error) from None

    def close(self) -> None:
        """Gives the queue free; a segment that was not ended stays as it is and counts as torn."""
        try:
            try:
                self._end()
                self._free_reserve()
            finally:
                os.close(self._lock)
        except OSError as error:
            raise self._died(error) from None

    def _require_alive(self) -> None:
        if os.getpid() != self._owner:
            raise Refused("this process was forked off from the recorder; only the recorder itself writes the queue")
        if self._is_dead:
            raise QueueDead("the queue could not be written before; start recording again when there is room")

    def _write(self, data: bytes | bytearray) -> None:
        if self._file is None:
            raise QueueDead("the queue has no open segment; start recording again")
        write_all(self._file, data)
        os.fdatasync(self._file) if hasattr(os, "fdatasync") else os.fsync(self._file)

    def _end(self) -> None:
        file, self._file, self._segment = self._file, None, ""
        if file is not None:
            os.close(file)

    def _free_reserve(self) -> None:
        if os.getpid() == self._owner:
            free_room(self._folder.reserve)

    def _died(self, error: OSError) -> QueueDead:
        self._is_dead = True
        with contextlib.suppress(OSError):  # the disk has refused already, and that is what is told
            self._end()
        with contextlib.suppress(OSError):
            self._free_reserve()
        return QueueDead(f"the queue cannot be written ({error.strerror}); what was saved is safe")


class QueueReader:
    """Reads a queue's files; it scans without keys, and opens with the key that it is handed."""

    def __init__(self, folder: QueueFolder, devices: tuple[VerifyKey, ...]) -> None:
        self._folder = folder
        self._devices = devices

    def scan(self) -> Iterator[tuple[str, Scanned]]:
        """Every segment's id and state, sorted by name."""
        for path in sorted(self._folder.segments.glob("*.seg")):
            yield path.stem, self._scanned(path)

    def session(self, session: str) -> tuple[Intact | Torn, ...]:
        """The segments of one session in order, none if there is no such; `BadInput` if one is broken or missing.

        What says it belongs to another session is passed by; a segment that says nothing readable could be this one's.
        """
        paths = sorted(self._folder.segments.glob("*.seg"))
        mine = [path for path in paths if _claimed(path) in {session, None}]
        return chained(sound(path.stem, self._scanned(path)) for path in mine)

    def records(self, part: Intact | Torn, key: OpeningKey) -> Iterator[bytes]:
        """The records of one segment in order, one frame in memory at a time; `BadInput` if one cannot be opened."""
        segment = part.head.segment
        opener = SegmentOpener(part, self.key_file(segment), key)
        with open_file(self._folder.segment_path(segment)) as file:
            yield from opener.records(file)

    def key_file(self, segment: str) -> bytes:
        """The wrapped key of a segment; `MissingPart` where it was shredded."""
        return read_file(self._folder.key_path(segment), _MAX_KEY_FILE)

    def _scanned(self, path: Path) -> Scanned:
        with open_file(path) as file:
            scanned = scan_segment(file, self._devices)
        if not isinstance(scanned, Broken) and scanned.head.segment != path.stem:
            return Broken("the segment has the name of another")
        return scanned


def shred_session(folder: QueueFolder, session: str) -> int:
    """Removes a session's wrapped keys, then its segments; gives how many segments there were.

    Damage saves nothing: a segment whose head cannot be read goes too, and so does a key without a segment, since
    nobody can say that it is not this one's. All that can be removed is removed, then the first `OSError` is raised.
    """
    mine: dict[str, Path] = {}
    unseen: list[OSError] = []
    for path in folder.segments.glob("*.seg"):
        try:
            if _claimed(path) in {session, None}:
                mine[path.stem] = path
        except OSError as error:
            unseen.append(error)
    keys = [path for path in folder.key_files() if _owner(path) in mine or not _has_segment(folder, _owner(path))]
    _shred(keys, mine.values(), unseen)
    return len(mine)


def shred_all(folder: QueueFolder) -> int:
    """Removes every wrapped key, then every segment; gives how many segments there were.

    All that can be removed is removed, then the first `OSError` is raised.
    """
    segments = tuple(folder.segments.glob("*.seg"))
    _shred(folder.key_files(), (*segments, *folder.segments.glob(f"*{_UNBEGUN}")))
    return len(segments)


def _shred(keys: Iterable[Path], segments: Iterable[Path], unseen: Iterable[OSError] = ()) -> None:
    failed = [*remove_each(keys), *remove_each(segments), *unseen]
    if failed:
        raise failed[0]


def _owner(key_file: Path) -> str:
    """The id of the segment that a file in the keys folder is for; a write that was cut off has a dot before it."""
    return key_file.name.removeprefix(".").partition(".")[0]


def _has_segment(folder: QueueFolder, segment: str) -> bool:
    """Whether a key's segment is there or just being begun; asked in this order, a rename between hides nothing."""
    path = folder.segments / f"{segment}.seg"
    return path.with_suffix(_UNBEGUN).exists() or path.exists()


def _locked(path: Path) -> int:
    try:
        return take_lock(path, tries=_TRIES)
    except BlockingIOError:
        raise Refused("another recorder runs already; `optin status` shows it") from None


def _remove_unbegun(folder: QueueFolder) -> None:
    """Removes what a crash left of a segment that never got its name, and of a key that was being written."""
    left = list(folder.segments.glob(f"*{_UNBEGUN}"))
    names = {path.stem for path in left}
    _shred([path for path in folder.key_files() if _owner(path) in names or path.name.startswith(".")], left)


def _claimed(path: Path) -> str | None:
    """The session that a segment claims, None if its head cannot be read.

    `OSError` if the system is short of something: that says nothing of this file, and erases no other session's.
    """
    try:
        with open_file(path) as file:
            return claimed_session(file)
    except OSError as error:
        if error.errno in _SHORTAGE:
            raise
        return None
    except OptinError:
        return None
