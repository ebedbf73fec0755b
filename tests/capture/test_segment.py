"""No cut, flip, move, copy or splice of a segment is accepted as whole, even by one who recomputes every digest."""

from __future__ import annotations

import dataclasses
import hashlib
import secrets
import struct
from itertools import permutations, product

import msgspec
import pytest
from cryptography.cobblestone import Cobblestone256Encryptor
from hypothesis import given
from hypothesis import strategies as st

from capture.seal import SegmentFacts, begin_segment
from capture.segment import (
    DIGEST,
    FRAME_MAGIC,
    HEADER,
    MAGIC,
    MAX_CIPHERTEXT,
    SIGNATURE,
    Broken,
    FrameFlags,
    Intact,
    Ratchet,
    SegmentHead,
    SegmentOpener,
    Torn,
    claimed_session,
    encrypt_batch,
    head_message,
    prelude_bytes,
    scan_segment,
)
from vault.errors import BadInput
from vault.keys import OpeningKey, SigningKey

CONSENT, DEVICE = OpeningKey.generate(), SigningKey.generate()
RECORDS = (b"first", b"second", b"third")
FACTS = SegmentFacts(
    session="5e" * 16,
    index=0,
    segment="ab" * 16,
    grant_digest="1" * 64,
    lease_digest="2" * 64,
    policy_digest="3" * 64,
    created_ms=1_790_000_000_000,
    boot_ns=5,
    previous_segment="",
    previous_head="",
)


@dataclasses.dataclass(frozen=True, slots=True)
class Made:
    """A segment in its pieces: three frames with one record each, then an empty FINAL frame."""

    key_file: bytes
    prelude: bytes
    frames: tuple[bytes, ...]

    @property
    def data(self) -> bytes:
        """The whole file."""
        return self.prelude + b"".join(self.frames)


def made(facts: SegmentFacts = FACTS) -> Made:
    start, sealer = begin_segment(facts, consent=CONSENT.public, device=DEVICE, random=secrets.token_bytes)
    frames = [sealer.seal((record,)).frame for record in RECORDS]
    return Made(start.key_file, start.prelude, (*frames, sealer.seal((), FrameFlags.FINAL).frame))


SEGMENT = made()
OTHER = made(dataclasses.replace(FACTS, segment="cd" * 16))


def opened(scanned: Intact | Torn, key_file: bytes = SEGMENT.key_file, key: OpeningKey = CONSENT) -> tuple[bytes, ...]:
    return SegmentOpener(scanned, key_file, key).records()


def relinked(prelude: bytes, frames: tuple[bytes, ...]) -> bytes:
    """The file that an attacker without keys makes of these frames: numbers, predecessors and digests all fit."""
    previous, data = hashlib.sha256(prelude).digest(), prelude
    for number, frame in enumerate(frames):
        magic, size, _, flags, zeros, _ = HEADER.unpack(frame[: HEADER.size])
        header = HEADER.pack(magic, size, number, flags, zeros, previous)
        ciphertext = frame[HEADER.size : HEADER.size + size]
        previous = hashlib.sha256(header + ciphertext).digest()
        data += header + ciphertext + previous + frame[HEADER.size + size + DIGEST :]
    return data


def test_a_whole_segment_is_intact_and_opens() -> None:
    scanned = scan_segment(SEGMENT.data, DEVICE.public)
    assert isinstance(scanned, Intact)
    assert opened(scanned) == RECORDS


def test_each_cut_is_torn_or_broken_and_never_intact() -> None:
    for length in range(len(SEGMENT.data)):
        scanned = scan_segment(SEGMENT.data[:length], DEVICE.public)
        assert isinstance(scanned, Broken if length < len(SEGMENT.prelude) else Torn)


def test_what_is_sound_in_a_torn_segment_opens() -> None:
    ends = [len(SEGMENT.prelude)]
    for frame in SEGMENT.frames:
        ends.append(ends[-1] + len(frame))
    for length in range(len(SEGMENT.prelude), len(SEGMENT.data), 97):
        scanned = scan_segment(SEGMENT.data[:length], DEVICE.public)
        whole = sum(end <= length for end in ends) - 1
        assert isinstance(scanned, Torn)
        assert (opened(scanned), scanned.sound) == (RECORDS[:whole], ends[whole])


def test_each_flipped_byte_is_broken() -> None:
    for place in range(len(SEGMENT.data)):
        assert not accepted(_flipped(SEGMENT.data, 8 * place + place % 8))


def test_each_flipped_bit_of_prelude_headers_digests_and_signatures_is_broken() -> None:
    bits = [8 * place + bit for place in range(len(SEGMENT.prelude)) for bit in range(8)]
    at = len(SEGMENT.prelude)
    for frame in SEGMENT.frames:
        places = (*range(HEADER.size), *range(len(frame) - DIGEST - SIGNATURE, len(frame)))
        bits += [8 * (at + place) + bit for place in places for bit in range(8)]
        at += len(frame)
    assert not [bit for bit in bits if accepted(_flipped(SEGMENT.data, bit))]


def accepted(data: bytes) -> bool:
    """Whether a changed segment would be read as whole."""
    scanned = scan_segment(data, DEVICE.public)
    if not isinstance(scanned, Intact):
        # A flipped length can make a frame longer than the file: that reads as a cut, and the cut is reported.
        return False
    try:
        opened(scanned)
    except BadInput:
        return False
    return True


@pytest.mark.parametrize("order", [order for order in product(range(4), repeat=3) if order != (0, 1, 2)])
def test_frames_dropped_doubled_or_moved_are_refused_even_when_relinked(order: tuple[int, ...]) -> None:
    data = relinked(SEGMENT.prelude, tuple(SEGMENT.frames[at] for at in order))
    scanned = scan_segment(data, DEVICE.public)
    if isinstance(scanned, Broken):
        return
    with pytest.raises(BadInput):
        opened(scanned)


@pytest.mark.parametrize("order", [order for order in permutations(range(4)) if order != (0, 1, 2, 3)])
def test_frames_moved_without_relinking_are_broken(order: tuple[int, ...]) -> None:
    data = SEGMENT.prelude + b"".join(SEGMENT.frames[at] for at in order)
    assert scan_segment(data, DEVICE.public) == Broken("a frame does not follow from the one before it")


@pytest.mark.parametrize("place", range(4))
def test_a_frame_of_another_segment_is_refused_even_when_relinked(place: int) -> None:
    frames = list(SEGMENT.frames)
    frames[place] = OTHER.frames[place]
    scanned = scan_segment(relinked(SEGMENT.prelude, tuple(frames)), DEVICE.public)
    if isinstance(scanned, Broken):
        return
    with pytest.raises(BadInput):
        opened(scanned)


def test_a_segment_under_another_prelude_is_refused() -> None:
    data = relinked(OTHER.prelude, SEGMENT.frames[:3])
    scanned = scan_segment(data, DEVICE.public)
    assert isinstance(scanned, Torn)
    for key_file in (SEGMENT.key_file, OTHER.key_file):
        with pytest.raises(BadInput):
            opened(scanned, key_file)


def test_frames_that_an_attacker_made_are_refused() -> None:
    size = len(encrypt_batch(bytes(32), (b"forged",), b""))
    previous = hashlib.sha256(SEGMENT.prelude).digest()
    header = HEADER.pack(FRAME_MAGIC, size, 0, 0, bytes(3), previous)
    ciphertext = encrypt_batch(bytes(32), (b"forged",), previous + header)
    scanned = scan_segment(
        SEGMENT.prelude + header + ciphertext + hashlib.sha256(header + ciphertext).digest(), DEVICE.public
    )
    assert isinstance(scanned, Torn)
    with pytest.raises(BadInput, match="changed or moved"):
        opened(scanned)


def test_a_segment_cannot_be_ended_by_one_without_the_device_key() -> None:
    _, sealer = begin_segment(FACTS, consent=CONSENT.public, device=SigningKey.generate(), random=secrets.token_bytes)
    final = sealer.seal((), FrameFlags.FINAL).frame
    scanned = scan_segment(relinked(SEGMENT.prelude, (*SEGMENT.frames[:2], final)), DEVICE.public)
    assert isinstance(scanned, Broken)


def test_bytes_after_the_end_are_broken() -> None:
    assert isinstance(scan_segment(SEGMENT.data + b"\0", DEVICE.public), Broken)


def test_a_segment_of_another_device_is_broken() -> None:
    assert scan_segment(SEGMENT.data, SigningKey.generate().public) == Broken("the segment was made by another device")


def test_a_head_of_another_version_is_broken() -> None:
    scanned = scan_segment(SEGMENT.data, DEVICE.public)
    assert isinstance(scanned, Intact)
    assert isinstance(scan_segment(_headed(scanned.head, version=2), DEVICE.public), Broken)


def test_a_head_that_an_attacker_changed_is_broken_even_when_relinked() -> None:
    scanned = scan_segment(SEGMENT.data, DEVICE.public)
    assert isinstance(scanned, Intact)
    later = prelude_bytes(msgspec.structs.replace(scanned.head, created_ms=0)) + SEGMENT.prelude[-SIGNATURE:]
    found = scan_segment(relinked(later, SEGMENT.frames[:3]), DEVICE.public)
    assert isinstance(found, Broken)
    assert "signature" in found.reason


@pytest.mark.parametrize(
    "plain",
    [
        pytest.param(b"\0\0\0\1\0\0\0\1a\0\0\1", id="padding that is not zero"),
        pytest.param(b"\0\0\0\2\0\0\0\1a", id="fewer records than it says"),
        pytest.param(b"\xff\xff\xff\xff\0\0\0\0", id="endless records"),
        pytest.param(b"\0\0\0\1\0\0\0\5a", id="a record that ends too late"),
        pytest.param(b"\0\0", id="too short"),
    ],
)
def test_a_batch_that_no_sealer_makes_is_refused_though_its_key_is_right(plain: bytes) -> None:
    start, _ = begin_segment(FACTS, consent=CONSENT.public, device=DEVICE, random=bytes)
    context = hashlib.sha256(start.prelude).digest()
    header = HEADER.pack(FRAME_MAGIC, 56 + len(plain) + 16, 0, 0, bytes(3), context)
    box = Cobblestone256Encryptor(Ratchet(bytes(32), FACTS.segment).next_key(), context + header)
    body = header + box.update(plain) + box.finalize()
    scanned = scan_segment(start.prelude + body + hashlib.sha256(body).digest(), DEVICE.public)
    assert isinstance(scanned, Torn)
    with pytest.raises(BadInput, match="batch"):
        opened(scanned, start.key_file)


@pytest.mark.parametrize(
    "header",
    [
        pytest.param(struct.pack(">4sIQB3s32s", b"OPTX", 0, 0, 0, bytes(3), bytes(32)), id="magic"),
        pytest.param(struct.pack(">4sIQB3s32s", FRAME_MAGIC, MAX_CIPHERTEXT + 1, 0, 0, bytes(3), bytes(32)), id="size"),
        pytest.param(struct.pack(">4sIQB3s32s", FRAME_MAGIC, 0, 0, 2, bytes(3), bytes(32)), id="flag"),
        pytest.param(struct.pack(">4sIQB3s32s", FRAME_MAGIC, 0, 0, 0, b"\0\0\1", bytes(32)), id="reserved"),
    ],
)
def test_a_header_that_no_version_writes_is_broken(header: bytes) -> None:
    assert scan_segment(SEGMENT.prelude + header, DEVICE.public) == Broken("a frame's header is damaged")


@given(st.binary(max_size=500))
def test_no_bytes_make_the_scan_fail(untrusted: bytes) -> None:
    assert isinstance(scan_segment(untrusted, DEVICE.public), Broken)


@given(st.binary(max_size=200))
def test_no_bytes_after_the_prelude_make_the_scan_fail(untrusted: bytes) -> None:
    assert isinstance(scan_segment(SEGMENT.prelude + untrusted, DEVICE.public), Broken | Torn)


def test_another_consent_key_opens_nothing() -> None:
    scanned = scan_segment(SEGMENT.data, DEVICE.public)
    assert isinstance(scanned, Intact)
    with pytest.raises(BadInput, match="another key"):
        opened(scanned, key=OpeningKey.generate())


def test_the_key_file_of_another_segment_opens_nothing() -> None:
    scanned = scan_segment(SEGMENT.data, DEVICE.public)
    assert isinstance(scanned, Intact)
    with pytest.raises(BadInput, match="key file"):
        opened(scanned, OTHER.key_file)


def test_each_flipped_byte_of_the_key_file_is_refused() -> None:
    scanned = scan_segment(SEGMENT.data, DEVICE.public)
    assert isinstance(scanned, Intact)
    for place in range(len(SEGMENT.key_file)):
        with pytest.raises(BadInput):
            opened(scanned, _flipped(SEGMENT.key_file, 8 * place))


@pytest.mark.parametrize(
    "other",
    [
        dataclasses.replace(FACTS, grant_digest="9" * 64),
        dataclasses.replace(FACTS, lease_digest="9" * 64),
        dataclasses.replace(FACTS, segment="9" * 32),
    ],
    ids=["grant", "lease", "segment"],
)
def test_a_key_is_bound_to_segment_grant_and_lease(other: SegmentFacts) -> None:
    moved = begin_segment(other, consent=CONSENT.public, device=DEVICE, random=bytes)[0]
    scanned = scan_segment(SEGMENT.data, DEVICE.public)
    assert isinstance(scanned, Intact)
    head = dataclasses.replace(scanned, head=_with(scanned.head, key_digest=hashlib.sha256(moved.key_file).hexdigest()))
    with pytest.raises(BadInput):
        opened(head, moved.key_file)


def test_a_key_that_does_not_fit_the_commitment_is_refused() -> None:
    scanned = scan_segment(SEGMENT.data, DEVICE.public)
    assert isinstance(scanned, Intact)
    with pytest.raises(BadInput, match="commitment"):
        opened(dataclasses.replace(scanned, head=_with(scanned.head, commitment="0" * 64)))


def test_the_session_that_a_damaged_segment_claims_can_still_be_read() -> None:
    assert claimed_session(SEGMENT.data[: len(SEGMENT.prelude)]) == FACTS.session


@given(st.binary(max_size=100))
def test_what_claims_nothing_readable_claims_none(untrusted: bytes) -> None:
    assert claimed_session(untrusted) is None
    assert claimed_session(MAGIC + untrusted) is None


def _flipped(data: bytes, bit: int) -> bytes:
    place = bit // 8
    return data[:place] + bytes((data[place] ^ 1 << bit % 8,)) + data[place + 1 :]


def _with(head: SegmentHead, **changes: str) -> SegmentHead:
    return msgspec.structs.replace(head, **changes)


def _headed(head: SegmentHead, *, version: int) -> bytes:
    prelude = prelude_bytes(msgspec.structs.replace(head, version=version))
    return prelude + DEVICE.sign(head_message(prelude))
