"""The form of a sealed segment: a file enters, what is left of it leaves as a value. Nothing is written or repaired.

    segment     := prelude frame* final-frame
    prelude     := MAGIC u32(head length) head signature      head is canonical JSON (`SegmentHead`)
    frame       := header ciphertext digest
    final-frame := frame with FINAL, then a signature
    header      := "OPTF" segment u64(batch) u32(ciphertext length) u8(flags) 3 zero bytes previous digest
    digest      := SHA-256(header ciphertext)                 `previous` of the first frame is SHA-256(prelude)

Rules of this file:
1. The head's digest and the frame's header are the associated data of the AEAD: no frame can be moved or renumbered.
2. Structure can be checked without any key (`scan_segment`); only content needs one (`capture/opening.py`).
3. A power cut damages only what was written after the last sync: the last frame. Damage before it is no accident.
4. Memory does not grow with the file: it is read in pieces, and what is kept of a frame is its place.
"""

from __future__ import annotations

import hashlib
import os
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntFlag
from typing import BinaryIO, Final, TypeAlias

from capture.batch import BUCKET, sealed_size
from vault.canonical import Document, canonical, parse
from vault.errors import BadInput
from vault.keys import VerifyKey

MAGIC: Final = b"\x89OPTS1\r\n"
"""First bytes of a segment; the high bit and the line end show damage by a text transfer (as PNG does)."""
FRAME_MAGIC: Final = b"OPTF"
HEADER: Final = struct.Struct(">4s16sQIB3s32s")
MAX_HEAD: Final = 1 << 16
MIN_CIPHERTEXT: Final = sealed_size(BUCKET)
MAX_CIPHERTEXT: Final = 32 << 20
MAX_SEGMENT: Final = 97 << 20
"""Limits in bytes, checked before memory is taken. A segment has less than 64 MiB before its last batch, then FINAL."""
SIGNATURE: Final = 64
DIGEST: Final = 32
_START: Final = struct.Struct(">8sI")
_PIECE: Final = 1 << 20
_SEGMENT_ID: Final = re.compile("[0-9a-f]{32}")


class FrameFlags(IntFlag):
    """What a frame says of itself."""

    NONE = 0
    FINAL = 1


class SegmentHead(Document, frozen=True):
    """What a segment says in the clear. Digests and commitment are hexadecimal."""

    boot_ms: int
    commitment: str
    created_ms: int
    device_key: str
    grant_digest: str
    index: int
    key_digest: str
    lease_digest: str
    policy_digest: str
    previous_head: str
    previous_segment: str
    segment: str
    session: str
    version: int


@dataclass(frozen=True, slots=True)
class SealedFrame:
    """Where one frame stands in the file, its structure checked.

    `at` is the place of its header and `size` the length of its ciphertext, both in bytes.
    """

    batch: int
    flags: FrameFlags
    header: bytes
    at: int
    size: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Intact:
    """The segment ends with a signed FINAL frame and nothing follows."""

    head: SegmentHead
    prelude_digest: bytes
    frames: tuple[SealedFrame, ...]


@dataclass(frozen=True, slots=True)
class Torn:
    """The segment is sound up to `sound` bytes and was not ended; the `lost` bytes after them are of one unsaved frame.

    A crash, a power cut or a full disk looks so, and so does a file whose end was cut off.
    """

    head: SegmentHead
    prelude_digest: bytes
    frames: tuple[SealedFrame, ...]
    sound: int
    lost: int


@dataclass(frozen=True, slots=True)
class Broken:
    """The segment was changed, or is none."""

    reason: str


Scanned: TypeAlias = Intact | Torn | Broken


@dataclass(frozen=True, slots=True)
class _Prelude:
    """A prelude that was checked, and the end of the file behind it."""

    head: SegmentHead
    digest: bytes
    size: int
    device: VerifyKey
    end: int

    @property
    def needle(self) -> bytes:
        """What every frame of this segment begins with, and no frame of another."""
        return FRAME_MAGIC + bytes.fromhex(self.head.segment)


def required_id(untrusted: str) -> str:
    """The name, if it can be a segment's: 32 lower-case hexadecimal digits; `BadInput` otherwise."""
    if _SEGMENT_ID.fullmatch(untrusted) is None:
        raise BadInput("a segment's name has 32 hexadecimal digits")
    return untrusted


def scan_segment(file: BinaryIO, devices: tuple[VerifyKey, ...]) -> Scanned:
    """What is left of a segment, without any opening key: structure, chain and device signatures are checked.

    `devices` are the keys that may have signed it; one file is signed by one of them.
    """
    try:
        prelude = _prelude(file, devices)
        return _frames(file, prelude)
    except BadInput as error:
        return Broken(str(error))


def claimed_session(file: BinaryIO) -> str | None:
    """The session that a segment says it belongs to, None where its head cannot be read. Nothing is checked.

    It serves to pass by the segments of other sessions, and to forget: a damaged segment must go with its session.
    """
    try:
        return _head(file)[1].session
    except BadInput:
        return None


def _prelude(file: BinaryIO, devices: tuple[VerifyKey, ...]) -> _Prelude:
    """The checked prelude; it was durable before the file got its name, so anything wrong in it is damage."""
    end = file.seek(0, os.SEEK_END)
    if end > MAX_SEGMENT:
        raise BadInput("the segment is larger than any may be")
    signed, head = _head(file)
    if head.version != 1:
        raise BadInput("the segment is of another version")
    required_id(head.segment)
    device = next((key for key in devices if key.text == head.device_key), None)
    if device is None:
        raise BadInput("the segment was made by another device")
    signature = _exactly(file, SIGNATURE)
    device.verify(signature, head_message(signed))
    return _Prelude(head, hashlib.sha256(signed + signature).digest(), len(signed) + SIGNATURE, device, end)


def _head(file: BinaryIO) -> tuple[bytes, SegmentHead]:
    """The bytes that the device signed, and the head in them; the file stands behind them."""
    file.seek(0)
    start = _exactly(file, _START.size)
    magic, size = _START.unpack(start)
    if magic != MAGIC:
        raise BadInput("this is not a segment")
    if size > MAX_HEAD:
        raise BadInput("a segment's head is larger than any may be")
    data = _exactly(file, size)
    return start + data, parse(data, SegmentHead)


def _exactly(file: BinaryIO, size: int) -> bytes:
    data = file.read(size)
    if len(data) < size:
        raise BadInput("the segment ends inside its head")
    return data


def _frames(file: BinaryIO, prelude: _Prelude) -> Scanned:
    """Reads frame by frame up to the first that is not sound (docs/format.md, Reading)."""
    frames: list[SealedFrame] = []
    at, previous = prelude.size, prelude.digest
    while at < prelude.end:
        frame = _frame(file, at, prelude)
        if frame is None:
            break
        if frame.batch != len(frames) or frame.header[-DIGEST:] != previous:
            raise BadInput("a frame does not follow from the one before it")
        after = at + HEADER.size + frame.size + DIGEST
        if frame.flags & FrameFlags.FINAL:
            if not _is_signed(file, frame, prelude):
                break
            if after + SIGNATURE != prelude.end:
                raise BadInput("bytes follow the end of the segment")
            return Intact(prelude.head, prelude.digest, (*frames, frame))
        frames.append(frame)
        at, previous = after, frame.digest
    if _occurs(prelude.needle, file, at + 1):
        raise BadInput("a frame is damaged, and frames that were saved after it follow")
    return Torn(prelude.head, prelude.digest, tuple(frames), at, prelude.end - at)


def _frame(file: BinaryIO, at: int, prelude: _Prelude) -> SealedFrame | None:
    """The frame that begins at this place, None if it is not sound; the file then stands behind its digest."""
    file.seek(at)
    header = file.read(HEADER.size)
    if len(header) < HEADER.size or not header.startswith(prelude.needle):
        return None
    _, _, batch, size, flags, zeros, _ = HEADER.unpack(header)
    if flags > FrameFlags.FINAL or zeros != bytes(3) or not MIN_CIPHERTEXT <= size <= MAX_CIPHERTEXT:
        return None
    if at + HEADER.size + size + DIGEST > prelude.end:
        return None
    hashed = hashlib.sha256(header)
    for piece in pieces(file, size):
        hashed.update(piece)
    stored = file.read(DIGEST)
    return SealedFrame(batch, FrameFlags(flags), header, at, size, stored) if hashed.digest() == stored else None


def _is_signed(file: BinaryIO, final: SealedFrame, prelude: _Prelude) -> bool:
    try:
        prelude.device.verify(file.read(SIGNATURE), final_message(final.digest))
    except BadInput:
        return False
    return True


def pieces(file: BinaryIO, size: int) -> Iterator[bytes]:
    """The next bytes of a file, a megabyte at a time; fewer where the file ends before."""
    while size:
        piece = file.read(min(size, _PIECE))
        if not piece:
            return
        size -= len(piece)
        yield piece


def _occurs(needle: bytes, file: BinaryIO, at: int) -> bool:
    """Whether the needle is anywhere in the file from this place on."""
    file.seek(at)
    before = b""
    while piece := file.read(_PIECE):
        if needle in before + piece:
            return True
        before = (before + piece)[1 - len(needle) :]
    return False


def head_message(prelude: bytes) -> bytes:
    """What the device signs over the head."""
    return b"optin/1 segment head " + prelude


def final_message(last_digest: bytes) -> bytes:
    """What the device signs over the last frame's digest."""
    return b"optin/1 segment final " + last_digest


def prelude_bytes(head: SegmentHead) -> bytes:
    """The unsigned part of a prelude."""
    data = canonical(head)
    return _START.pack(MAGIC, len(data)) + data
