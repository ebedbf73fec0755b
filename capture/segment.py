"""The form of a sealed segment, for the one that writes and the one that reads. Pure: bytes in, values out.

    segment  := prelude frame*
    prelude  := MAGIC u32(head length) head signature        head is canonical JSON (`SegmentHead`)
    frame    := header ciphertext digest [signature]          signature only where FINAL is set
    header   := "OPTF" u32(ciphertext length) u64(batch) u8(flags) 3 zero bytes previous digest
    digest   := SHA-256(header ciphertext)                    `previous` of the first frame is SHA-256(prelude)

Rules of this file:
1. The head's digest and the frame's header are the associated data of the AEAD: no frame can be moved or renumbered.
2. A key opens one batch. The chain key is replaced after each (HKDF, RFC 5869), so memory at a moment opens nothing
   from before it. The head holds a commitment to the secret, so that two keys cannot show two contents.
3. Plaintext is padded to buckets, and the number of records is inside it: file growth shows neither rhythm nor length.
4. Structure can be checked without any key (`scan_segment`); only content needs one (`SegmentOpener`).
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from enum import IntFlag
from typing import Final, TypeAlias

from cryptography.cobblestone import Cobblestone256Decryptor, Cobblestone256Encryptor
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

from vault.canonical import Document, canonical, digest, parse
from vault.errors import BadInput
from vault.keys import OpeningKey, VerifyKey

MAGIC: Final = b"\x89OPTS1\r\n"
"""First bytes of a segment; the high bit and the line end show damage by a text transfer (as PNG does)."""
FRAME_MAGIC: Final = b"OPTF"
HEADER: Final = struct.Struct(">4sIQB3s32s")
MAX_HEAD: Final = 1 << 16
MAX_CIPHERTEXT: Final = 64 << 20
"""Limits in bytes, checked before memory is taken."""
BUCKET: Final = 4096
"""Small batches are padded to a multiple of this, in bytes."""
SIGNATURE: Final = 64
DIGEST: Final = 32


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
    """One frame as it stands in the file, its structure checked."""

    batch: int
    flags: FrameFlags
    header: bytes
    ciphertext: bytes
    digest: bytes


@dataclass(frozen=True, slots=True)
class Intact:
    """The segment ends with a signed FINAL frame and nothing follows."""

    head: SegmentHead
    prelude_digest: bytes
    frames: tuple[SealedFrame, ...]


@dataclass(frozen=True, slots=True)
class Torn:
    """The segment is sound up to `sound` bytes and was not ended: a crash, a full disk or a cut."""

    head: SegmentHead
    prelude_digest: bytes
    frames: tuple[SealedFrame, ...]
    sound: int


@dataclass(frozen=True, slots=True)
class Broken:
    """The segment was changed, or is none."""

    reason: str


Scanned: TypeAlias = Intact | Torn | Broken


class _Ends(Exception):  # not an error: the bytes end here
    """The bytes end inside a frame."""


def scan_segment(untrusted: bytes, device: VerifyKey) -> Scanned:
    """What is left of a segment, without any opening key: structure, chain and device signatures are checked."""
    try:
        head, at = _prelude(untrusted, device)
        prelude_digest = hashlib.sha256(untrusted[:at]).digest()
        return _frames(untrusted, at, head, prelude_digest, device)
    except _Ends:
        return Broken("the segment ends inside its head")
    except BadInput as error:
        return Broken(str(error))


def claimed_session(untrusted: bytes) -> str | None:
    """The session that a segment says it belongs to, None where its head cannot be read. Nothing is checked.

    It serves to pass by the segments of other sessions, and to forget: a damaged segment must go with its session.
    """
    start = len(MAGIC) + 4
    if len(untrusted) < start or not untrusted.startswith(MAGIC):
        return None
    (size,) = struct.unpack_from(">I", untrusted, len(MAGIC))
    try:
        return parse(untrusted[start : start + min(size, MAX_HEAD)], SegmentHead).session
    except BadInput:
        return None


def _frames(untrusted: bytes, at: int, head: SegmentHead, prelude_digest: bytes, device: VerifyKey) -> Scanned:
    frames: list[SealedFrame] = []
    previous = prelude_digest
    while at < len(untrusted):
        try:
            frame, after = _frame(untrusted, at)
        except _Ends:
            break
        if frame.batch != len(frames) or frame.header[-DIGEST:] != previous:
            raise BadInput("a frame does not follow from the one before it")
        previous = frame.digest
        if frame.flags & FrameFlags.FINAL:
            return _final(untrusted, after, (*frames, frame), head, prelude_digest, device)
        frames.append(frame)
        at = after
    return Torn(head, prelude_digest, tuple(frames), at)


def _final(
    untrusted: bytes,
    at: int,
    frames: tuple[SealedFrame, ...],
    head: SegmentHead,
    prelude_digest: bytes,
    device: VerifyKey,
) -> Scanned:
    signature = untrusted[at : at + SIGNATURE]
    if len(signature) < SIGNATURE:
        last = frames[-1]
        return Torn(head, prelude_digest, frames[:-1], at - DIGEST - len(last.ciphertext) - HEADER.size)
    device.verify(signature, final_message(frames[-1].digest))
    if len(untrusted) != at + SIGNATURE:
        raise BadInput("bytes follow the end of the segment")
    return Intact(head, prelude_digest, frames)


def _prelude(untrusted: bytes, device: VerifyKey) -> tuple[SegmentHead, int]:
    start = len(MAGIC) + 4
    if len(untrusted) < start:
        raise _Ends
    if not untrusted.startswith(MAGIC):
        raise BadInput("this is not a segment")
    (size,) = struct.unpack_from(">I", untrusted, len(MAGIC))
    if size > MAX_HEAD:
        raise BadInput("a segment's head is larger than any may be")
    at = start + size
    if len(untrusted) < at + SIGNATURE:
        raise _Ends
    head = parse(untrusted[start:at], SegmentHead)
    if head.version != 1:
        raise BadInput("the segment is of another version")
    if head.device_key != device.text:
        raise BadInput("the segment was made by another device")
    device.verify(untrusted[at : at + SIGNATURE], head_message(untrusted[:at]))
    return head, at + SIGNATURE


def _frame(untrusted: bytes, at: int) -> tuple[SealedFrame, int]:
    header = untrusted[at : at + HEADER.size]
    if len(header) < HEADER.size:
        raise _Ends
    magic, size, batch, flags, zeros, _ = HEADER.unpack(header)
    if magic != FRAME_MAGIC or size > MAX_CIPHERTEXT or flags > FrameFlags.FINAL or zeros != bytes(3):
        raise BadInput("a frame's header is damaged")
    body = at + HEADER.size
    after = body + size + DIGEST
    if after > len(untrusted):
        raise _Ends
    ciphertext, stored = untrusted[body : body + size], untrusted[body + size : after]
    if hashlib.sha256(header + ciphertext).digest() != stored:
        raise BadInput("a frame's digest does not hold")
    return SealedFrame(batch, FrameFlags(flags), header, ciphertext, stored), after


def head_message(prelude: bytes) -> bytes:
    """What the device signs over the head."""
    return b"optin/1 segment head " + prelude


def final_message(last_digest: bytes) -> bytes:
    """What the device signs over the last frame's digest."""
    return b"optin/1 segment final " + last_digest


def wrap_info(segment: str, grant_digest: str, lease_digest: str) -> bytes:
    """The HPKE info that binds a segment's key to segment, grant and lease (RFC 9180, section 8.1)."""
    return b"\0".join((b"optin/1 segment key", segment.encode(), grant_digest.encode(), lease_digest.encode()))


class Ratchet:
    """The chain of batch keys of one segment; `next_key` forgets what it gave."""

    def __init__(self, secret: bytes, segment: str) -> None:
        hkdf = HKDF(algorithm=SHA256(), length=64, salt=segment.encode(), info=b"optin/1 segment")
        material = hkdf.derive(secret)
        self._chain = material[:32]
        self.commitment = material[32:].hex()

    def next_key(self) -> bytes:
        """The next batch's key, 32 bytes."""
        key = _expand(self._chain, b"optin/1 batch")
        self._chain = _expand(self._chain, b"optin/1 chain")
        return key


def _expand(chain: bytes, info: bytes) -> bytes:
    return HKDFExpand(algorithm=SHA256(), length=32, info=info).derive(chain)


def encrypt_batch(key: bytes, records: tuple[bytes, ...], context: bytes) -> bytes:
    """The padded records under a batch key, bound to `context`."""
    plain = b"".join(struct.pack(">I", len(record)) + record for record in records)
    plain = struct.pack(">I", len(records)) + plain
    box = Cobblestone256Encryptor(key, context)
    return box.update(plain + bytes(padded_size(len(plain)) - len(plain))) + box.finalize()


def ciphertext_size(records: tuple[bytes, ...]) -> int:
    """The length that `encrypt_batch` will give, in bytes; it depends on the padded size only.

    Cobblestone-256 (C2SP chunked-encryption) puts 56 bytes before the chunks, 16 after each; its last chunk is shorter
    than 16 KiB, so a plaintext of whole chunks is followed by an empty one.
    """
    plain = padded_size(4 + sum(4 + len(record) for record in records))
    return 56 + plain + 16 * (plain // (16 << 10) + 1)


def padded_size(size: int) -> int:
    """The bucket of a plaintext: multiples of 4 KiB up to 64 KiB, then Padmé (Nikitin et al., PETS 2019)."""
    if size <= 16 * BUCKET:
        return max(1, -(-size // BUCKET)) * BUCKET
    exponent = size.bit_length() - 1
    step = 1 << (exponent - exponent.bit_length())
    return -(-size // step) * step


class SegmentOpener:
    """Opens the frames of one scanned segment in their order; the only place where ciphertext becomes records."""

    def __init__(self, scanned: Intact | Torn, key_file: bytes, key: OpeningKey) -> None:
        head = scanned.head
        if digest(key_file) != head.key_digest:
            raise BadInput("a segment's key file is not the one that it was made with")
        info = wrap_info(head.segment, head.grant_digest, head.lease_digest)
        self._ratchet = Ratchet(key.unwrap(key_file, info), head.segment)
        if self._ratchet.commitment != head.commitment:
            raise BadInput("a segment's key does not fit its commitment")
        self._scanned = scanned

    def records(self) -> tuple[bytes, ...]:
        """All records of the segment in order; `BadInput` if a frame cannot be opened."""
        found: list[bytes] = []
        context = self._scanned.prelude_digest
        for frame in self._scanned.frames:
            found.extend(_records(self._ratchet.next_key(), frame, context))
        return tuple(found)


def _records(key: bytes, frame: SealedFrame, context: bytes) -> list[bytes]:
    try:
        box = Cobblestone256Decryptor(key, context + frame.header)
        plain = box.update(frame.ciphertext) + box.finalize()
    except (InvalidTag, ValueError):
        raise BadInput("a frame cannot be opened: it was changed or moved") from None
    return _split(plain)


def _split(plain: bytes) -> list[bytes]:
    """The records in a padded plaintext; what follows them must be zeros."""
    records: list[bytes] = []
    if len(plain) < 4:
        raise BadInput("a batch is too short")
    (count,) = struct.unpack_from(">I", plain)
    at = 4
    for _ in range(count):
        if at + 4 > len(plain):
            raise BadInput("a batch ends inside a record")
        (size,) = struct.unpack_from(">I", plain, at)
        at += 4
        if at + size > len(plain):
            raise BadInput("a batch ends inside a record")
        records.append(plain[at : at + size])
        at += size
    if any(plain[at:]):
        raise BadInput("a batch's padding is not zero")
    return records


def prelude_bytes(head: SegmentHead) -> bytes:
    """The unsigned part of a prelude."""
    data = canonical(head)
    return MAGIC + struct.pack(">I", len(data)) + data
