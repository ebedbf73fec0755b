"""Opens a scanned segment: its file, its key file and the consent's opening key enter, records leave one by one.

This is the only place where ciphertext becomes records. One frame is in memory at a time, and none of its records
leaves before all of it was opened and checked; whoever uses the records of one frame has no word yet on the next.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import BinaryIO

from capture.batch import Ratchet, decrypt_batch, records_of, wrap_info
from capture.segment import HEADER, Intact, SealedFrame, Torn, pieces
from vault.canonical import digest
from vault.errors import BadInput
from vault.keys import OpeningKey


class SegmentOpener:
    """Opens the frames of one scanned segment in their order, once."""

    def __init__(self, scanned: Intact | Torn, key_file: bytes, key: OpeningKey) -> None:
        head = scanned.head
        if digest(key_file) != head.key_digest:
            raise BadInput("a segment's key file is not the one that it was made with")
        info = wrap_info(head.segment, head.grant_digest, head.lease_digest)
        self._ratchet = Ratchet(key.unwrap(key_file, info), head.segment)
        if self._ratchet.commitment != head.commitment:
            raise BadInput("a segment's key does not fit its commitment")
        self._scanned = scanned

    def records(self, file: BinaryIO) -> Iterator[bytes]:
        """All records of the segment in order; `BadInput` if a frame cannot be opened or is not what was scanned."""
        for frame in self._scanned.frames:
            context = self._scanned.prelude_digest + frame.header
            yield from records_of(decrypt_batch(self._ratchet.next_key(), _ciphertext(file, frame), context))


def _ciphertext(file: BinaryIO, frame: SealedFrame) -> Iterator[bytes]:
    """The frame's ciphertext in pieces; what is read must still be what was scanned."""
    file.seek(frame.at)
    hashed = hashlib.sha256(file.read(HEADER.size))
    for piece in pieces(file, frame.size):
        hashed.update(piece)
        yield piece
    if hashed.digest() != frame.digest:
        raise BadInput("a segment was changed while it was read")
