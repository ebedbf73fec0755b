"""Seals records into frames of one segment. Pure: randomness is an argument, nothing is written or can be read back.

`begin_segment` gives what must be written first (key file, prelude) and the `Sealer` that makes the frames. A
`SealedBatch` is made only by a sealer; the queue writes nothing else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import InitVar, dataclass
from typing import Final

from capture.batch import Ratchet, ciphertext_size, encrypt_into, wipe, wrap_info
from capture.segment import (
    DIGEST,
    FRAME_MAGIC,
    HEADER,
    MAX_CIPHERTEXT,
    FrameFlags,
    SegmentHead,
    final_message,
    head_message,
    prelude_bytes,
    required_id,
)
from vault.canonical import digest
from vault.errors import BadInput
from vault.keys import SealingKey, SigningKey
from vault.minted import Mint

_MINT: Final = Mint("seal.Sealer.seal")
Random = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class SegmentFacts:
    """What a segment's head says, before its key is made."""

    session: str
    index: int
    segment: str
    grant_digest: str
    lease_digest: str
    policy_digest: str
    created_ms: int
    boot_ns: int
    previous_segment: str
    previous_head: str


@dataclass(frozen=True, slots=True)
class SealedBatch:
    """One frame, ready to be appended. `digest` is what the next frame names as its predecessor.

    `frame` is the buffer that it was sealed in: a copy of a large one costs more than its encryption.
    """

    segment: str
    frame: bytearray
    digest: bytes
    final: bool
    mint: InitVar[Mint]

    def __post_init__(self, mint: Mint) -> None:
        _MINT.require(mint)


@dataclass(frozen=True, slots=True)
class SegmentStart:
    """What is written before the first frame: the wrapped key, then the prelude."""

    segment: str
    key_file: bytes
    prelude: bytes


class Sealer:
    """Makes the frames of one segment; after each, the key that made it is gone."""

    def __init__(self, segment: str, ratchet: Ratchet, prelude: bytes, device: SigningKey) -> None:
        self._segment = segment
        self._id = bytes.fromhex(segment)
        self._ratchet = ratchet
        self._device = device
        self._context = hashlib.sha256(prelude).digest()
        self._previous = self._context
        self._batch = 0
        self._ended = False

    def seal(self, records: tuple[bytes, ...], flags: FrameFlags = FrameFlags.NONE) -> SealedBatch:
        """The next frame; after one with FINAL there is none."""
        if self._ended:
            raise BadInput("the segment has ended; a new one must be begun")
        size = ciphertext_size(records)
        if size > MAX_CIPHERTEXT:
            raise BadInput("a batch is larger than a frame may be")
        frame = bytearray(HEADER.size + size + DIGEST)
        HEADER.pack_into(frame, 0, FRAME_MAGIC, self._id, self._batch, size, flags, bytes(3), self._previous)
        with memoryview(frame) as view:
            self._fill(view, records)
        self._batch += 1
        self._ended = bool(flags & FrameFlags.FINAL)
        if self._ended:
            frame += self._device.sign(final_message(self._previous))
        return SealedBatch(self._segment, frame, self._previous, self._ended, _MINT)

    def _fill(self, frame: memoryview, records: tuple[bytes, ...]) -> None:
        """Puts ciphertext and digest behind the header that is there."""
        header, body, stored = frame[: HEADER.size], frame[HEADER.size : -DIGEST], frame[-DIGEST:]
        key = self._ratchet.next_key()
        encrypt_into(body, key, records, self._context + header)
        wipe(key)
        self._previous = hashlib.sha256(frame[:-DIGEST]).digest()
        stored[:] = self._previous


def split_records(records: tuple[bytes, ...]) -> tuple[tuple[bytes, ...], ...]:
    """The records in as few halvings as make each part fit a frame; one that alone is too large stays alone."""
    if len(records) < 2 or ciphertext_size(records) <= MAX_CIPHERTEXT:
        return (records,)
    middle = len(records) // 2
    return (*split_records(records[:middle]), *split_records(records[middle:]))


def begin_segment(
    facts: SegmentFacts, *, consent: SealingKey, device: SigningKey, random: Random
) -> tuple[SegmentStart, Sealer]:
    """A new segment: a fresh secret wrapped to the consent's public key, a signed head, and its sealer."""
    required_id(facts.segment)
    secret = random(DIGEST)
    ratchet = Ratchet(secret, facts.segment)
    key_file = consent.wrap(secret, wrap_info(facts.segment, facts.grant_digest, facts.lease_digest))
    head = _head(facts, device, commitment=ratchet.commitment, key_digest=digest(key_file))
    prelude = prelude_bytes(head)
    prelude += device.sign(head_message(prelude))
    return SegmentStart(facts.segment, key_file, prelude), Sealer(facts.segment, ratchet, prelude, device)


def _head(facts: SegmentFacts, device: SigningKey, *, commitment: str, key_digest: str) -> SegmentHead:
    return SegmentHead(
        boot_ms=facts.boot_ns // 1_000_000,
        commitment=commitment,
        created_ms=facts.created_ms,
        device_key=device.public.text,
        grant_digest=facts.grant_digest,
        index=facts.index,
        key_digest=key_digest,
        lease_digest=facts.lease_digest,
        policy_digest=facts.policy_digest,
        previous_head=facts.previous_head,
        previous_segment=facts.previous_segment,
        segment=facts.segment,
        session=facts.session,
        version=1,
    )
