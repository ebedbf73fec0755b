"""The sealed queue on disk: append-only segment files that the writer cannot read back.

    queue/segments/<id>.seg    sealed batches          queue/keys/<id>.key    the wrapped key, and only there
    queue/LOCK                 one owner               all 0600 in 0700 folders

Rules of this file:
1. Order of writing: key file, its folder, prelude, its folder, frames. A frame is acknowledged after fdatasync. A
   segment gets its name only when its prelude is durable, so a crash never leaves one that cannot be told from damage.
2. The first input or output error kills the queue's writer: `QueueDead`, no retry, no further segment.
3. Nothing is ever appended to a file that another run made.
4. Only `redaction/intake.py` imports the reading half, and only it holds a key that opens.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from capture.seal import SealedBatch, SegmentStart
from capture.segment import Broken, Intact, Scanned, Torn, claimed_session, scan_segment
from vault.errors import BadInput, OptinError, Refused
from vault.files import create_file, lock_file, private_folder, read_file, remove_file, sync_folder
from vault.keys import VerifyKey

MAX_SEGMENT: Final = 129 << 20
"""Largest segment that is read, in bytes; one has less than 64 MiB before its last batch, and then a FINAL frame."""
_UNBEGUN: Final = ".new"


class QueueDead(OptinError):  # the state's name
    """The disk refused a write; what was acknowledged is safe, and recording stops."""


class QueueFolder:
    """Where a queue lies."""

    def __init__(self, folder: Path) -> None:
        self.root = folder
        self.segments = folder / "segments"
        self.keys = folder / "keys"

    def make(self) -> None:
        """Makes the folders, private; `Refused` if others may enter them."""
        for part in (self.root, self.segments, self.keys):
            private_folder(part)

    def segment_path(self, segment: str) -> Path:
        """The file of a segment."""
        return self.segments / f"{_checked(segment)}.seg"

    def key_path(self, segment: str) -> Path:
        """The file of a segment's wrapped key."""
        return self.keys / f"{_checked(segment)}.key"


class QueueWriter:
    """The one owner of a queue while a recorder runs."""

    def __init__(self, folder: QueueFolder) -> None:
        folder.make()
        self._folder = folder
        self._lock = os.open(folder.root / "LOCK", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        self._file: int | None = None
        self._segment = ""
        self._is_dead = False
        try:
            lock_file(self._lock)
        except OSError:
            os.close(self._lock)
            raise Refused("another recorder runs already; `optin status` shows it") from None
        for left in folder.segments.glob(f"*{_UNBEGUN}"):
            left.unlink()

    def begin(self, start: SegmentStart) -> None:
        """Makes a segment's key file and prelude durable; `QueueDead` if the disk refuses."""
        self._require_alive()
        path = self._folder.segment_path(start.segment)
        if path.exists():
            raise BadInput("a segment of this name exists already; it is not overwritten")
        try:
            create_file(self._folder.key_path(start.segment), start.key_file)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
            self._file = os.open(path.with_suffix(_UNBEGUN), flags, 0o600)
            self._segment = start.segment
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
        self._end()
        os.close(self._lock)

    def _require_alive(self) -> None:
        if self._is_dead:
            raise QueueDead("the queue could not be written before; start recording again when there is room")

    def _write(self, data: bytes) -> None:
        if self._file is None:
            raise QueueDead("the queue has no open segment; start recording again")
        view = memoryview(data)
        while view:
            view = view[os.write(self._file, view) :]
        os.fdatasync(self._file) if hasattr(os, "fdatasync") else os.fsync(self._file)

    def _end(self) -> None:
        if self._file is not None:
            os.close(self._file)
        self._file, self._segment = None, ""

    def _died(self, error: OSError) -> QueueDead:
        self._end()
        self._is_dead = True
        return QueueDead(f"the queue cannot be written ({error.strerror}); recording stops, what was saved is safe")


class QueueReader:
    """Reads a queue's files; it scans without keys and opens nothing itself."""

    def __init__(self, folder: QueueFolder, device: VerifyKey) -> None:
        self._folder = folder
        self._device = device

    def scan(self) -> Iterator[tuple[str, Scanned]]:
        """Every segment's id and state, sorted by name."""
        for path in sorted(self._folder.segments.glob("*.seg")):
            yield path.stem, scan_segment(read_file(path, MAX_SEGMENT), self._device)

    def session(self, session: str) -> tuple[Intact | Torn, ...]:
        """The segments of one session in order, none if there is no such; `BadInput` if one is broken or missing.

        What says it belongs to another session is passed by; a segment that says nothing readable could be this one's.
        """
        found: list[Intact | Torn] = []
        for path in sorted(self._folder.segments.glob("*.seg")):
            untrusted = read_file(path, MAX_SEGMENT)
            if claimed_session(untrusted) in {session, None}:
                found.append(_sound(path.stem, scan_segment(untrusted, self._device)))
        return _chained(found)

    def key_file(self, segment: str) -> bytes:
        """The wrapped key of a segment; `MissingPart` where it was shredded."""
        return read_file(self._folder.key_path(segment), 1 << 16)


def shred_session(folder: QueueFolder, session: str) -> int:
    """Removes a session's wrapped keys, then its segments; gives how many segments there were.

    Damage saves nothing: a segment whose head cannot be read goes too, since nobody can say that it is not this one's.
    """
    mine = [path.stem for path in folder.segments.glob("*.seg") if _claimed(path) in {session, None}]
    for segment in mine:
        remove_file(folder.key_path(segment))
    for segment in mine:
        remove_file(folder.segment_path(segment))
    return len(mine)


def shred_all(folder: QueueFolder) -> int:
    """Removes every wrapped key, then every segment; gives how many segments there were."""
    for path in folder.keys.glob("*.key"):
        remove_file(path)
    segments = list(folder.segments.glob("*.seg"))
    for path in (*segments, *folder.segments.glob(f"*{_UNBEGUN}")):
        remove_file(path)
    return len(segments)


def _claimed(path: Path) -> str | None:
    try:
        return claimed_session(read_file(path, MAX_SEGMENT))
    except BadInput:
        return None


def _sound(segment: str, scanned: Scanned) -> Intact | Torn:
    if isinstance(scanned, Broken):
        raise BadInput(f"segment {segment} is damaged: {scanned.reason}. Nothing of its session is used")
    return scanned


def _chained(parts: list[Intact | Torn]) -> tuple[Intact | Torn, ...]:
    parts.sort(key=lambda part: part.head.index)
    previous_segment, previous_head = "", ""
    for index, part in enumerate(parts):
        if part.head.index != index or part.head.previous_segment != previous_segment:
            raise BadInput("a segment of the session is missing")
        if part.head.previous_head != previous_head:
            raise BadInput("a segment does not follow from the one before it")
        previous_segment = part.head.segment
        previous_head = (part.frames[-1].digest if part.frames else part.prelude_digest).hex()
    return tuple(parts)


def _checked(segment: str) -> str:
    if not (segment.isascii() and segment.isalnum() and len(segment) <= 64):
        raise BadInput("a segment's name holds letters and digits only")
    return segment
