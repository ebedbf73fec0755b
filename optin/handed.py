"""A session's segments as open files that another user's process handed over, read like a queue.

The account that reads them has no right to the folder they lie in, and need not: it gets descriptors that open nothing
else. Nothing is copied and nothing is written. A file that changes while it is read is found by its digests.
"""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from capture.chain import chained
from capture.opening import SegmentOpener
from capture.segment import MAX_SEGMENT, Broken, Intact, Scanned, Torn, scan_segment
from vault.errors import BadInput
from vault.keys import OpeningKey, VerifyKey


@dataclass(frozen=True, slots=True)
class Handed:
    """One segment as it was handed over: its file, open for reading, and its wrapped key."""

    file: BinaryIO
    key_file: bytes


def handed_file(descriptor: int) -> BinaryIO:
    """The file behind a descriptor; `BadInput` unless it is a regular one, not too large, and open for reading only."""
    facts = os.fstat(descriptor)
    mode = fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE
    if not stat.S_ISREG(facts.st_mode) or mode != os.O_RDONLY or facts.st_size > MAX_SEGMENT:
        os.close(descriptor)
        raise BadInput("a segment must be a regular file that is open for reading only, and not too large")
    return os.fdopen(descriptor, "rb")


class HandedQueue:
    """The queue as the account sees it: the segments of one session as open files, and no folder."""

    def __init__(self, parts: tuple[Handed, ...], devices: tuple[VerifyKey, ...]) -> None:
        self._parts = parts
        self._devices = devices
        self._by_segment: dict[str, Handed] = {}

    def close(self) -> None:
        """Closes all files."""
        for part in self._parts:
            part.file.close()

    def session(self, session: str) -> tuple[Intact | Torn, ...]:
        """The segments that were handed over, in order; `BadInput` if one is broken, missing or another session's."""
        found = [_sound_part(scan_segment(part.file, self._devices), session) for part in self._parts]
        self._by_segment = {part.head.segment: handed for part, handed in zip(found, self._parts, strict=True)}
        return chained(found)

    def records(self, part: Intact | Torn, key: OpeningKey) -> Iterator[bytes]:
        """The records of one segment in order; `BadInput` if one cannot be opened."""
        handed = self._by_segment[part.head.segment]
        yield from SegmentOpener(part, handed.key_file, key).records(handed.file)


def _sound_part(scanned: Scanned, session: str) -> Intact | Torn:
    if isinstance(scanned, Broken):
        raise BadInput(f"a segment of session {session} is damaged: {scanned.reason}. Nothing of its session is used")
    if scanned.head.session != session:
        raise BadInput("a segment of another session was handed over; nothing of it is used")
    return scanned
