"""No cut, flip, move, copy or splice of a segment is accepted as whole, even by one who recomputes every digest."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import secrets
import tracemalloc
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import msgspec
import pytest
from cryptography.cobblestone import Cobblestone256Encryptor
from hypothesis import given
from hypothesis import strategies as st

from capture.batch import Ratchet, ciphertext_size, encrypt_into, sealed_size
from capture.opening import SegmentOpener
from capture.seal import SegmentFacts, begin_segment
from capture.segment import (
    DIGEST,
    FRAME_MAGIC,
    HEADER,
    MAGIC,
    MAX_CIPHERTEXT,
    MAX_SEGMENT,
    MIN_CIPHERTEXT,
    SIGNATURE,
    Broken,
    FrameFlags,
    Intact,
    Scanned,
    SegmentHead,
    Torn,
    claimed_session,
    head_message,
    prelude_bytes,
    scan_segment,
)
from vault.errors import BadInput
from vault.keys import OpeningKey, SigningKey, VerifyKey

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
MEBIBYTE = 1 << 20


class RememberingKey(VerifyKey):
    """A public key that checks each signature once: a hundred thousand scans ask for the same one."""

    def __init__(self, key: VerifyKey) -> None:
        super().__init__(key.raw)
        self._held: set[tuple[bytes, bytes]] = set()

    def verify(self, signature: bytes, message: bytes) -> None:
        """As the key itself."""
        if (signature, message) not in self._held:
            super().verify(signature, message)
            self._held.add((signature, message))


DEVICES = (RememberingKey(DEVICE.public),)


@dataclasses.dataclass(frozen=True, slots=True)
class Made:
    """A segment in its pieces: frames with one record each, then an empty FINAL frame."""

    key_file: bytes
    prelude: bytes
    frames: tuple[bytes, ...]

    @property
    def data(self) -> bytes:
        """The whole file."""
        return self.prelude + b"".join(self.frames)

    def start_of(self, frame: int) -> int:
        """Where a frame begins in the file."""
        return len(self.prelude) + sum(map(len, self.frames[:frame]))


def made(facts: SegmentFacts = FACTS, records: tuple[bytes, ...] = RECORDS) -> Made:
    start, sealer = begin_segment(facts, consent=CONSENT.public, device=DEVICE, random=secrets.token_bytes)
    frames = [bytes(sealer.seal((record,)).frame) for record in records]
    return Made(start.key_file, start.prelude, (*frames, bytes(sealer.seal((), FrameFlags.FINAL).frame)))


SEGMENT = made()
OTHER = made(dataclasses.replace(FACTS, segment="cd" * 16))
SMALL = made(records=RECORDS[:2])


def scanned_in(data: bytes, devices: tuple[VerifyKey, ...] = DEVICES) -> Scanned:
    return scan_segment(io.BytesIO(data), devices)


def intact(data: bytes = SEGMENT.data) -> Intact:
    scanned = scanned_in(data)
    assert isinstance(scanned, Intact)
    return scanned


def opened(
    scanned: Intact | Torn, data: bytes, key_file: bytes = SEGMENT.key_file, key: OpeningKey = CONSENT
) -> tuple[bytes, ...]:
    return tuple(SegmentOpener(scanned, key_file, key).records(io.BytesIO(data)))


def read(data: bytes, key_file: bytes = SEGMENT.key_file) -> tuple[bytes, ...] | None:
    """The records that a reader would use, None if it refuses the segment."""
    scanned = scanned_in(data)
    if isinstance(scanned, Broken):
        return None
    try:
        return opened(scanned, data, key_file)
    except BadInput:
        return None


def relinked(prelude: bytes, frames: tuple[bytes, ...], segment: str = FACTS.segment) -> bytes:
    """The file that an attacker without keys makes of these frames: ids, numbers, predecessors and digests all fit."""
    previous, data = hashlib.sha256(prelude).digest(), prelude
    for number, frame in enumerate(frames):
        magic, _, _, size, flags, zeros, _ = HEADER.unpack(frame[: HEADER.size])
        header = HEADER.pack(magic, bytes.fromhex(segment), number, size, flags, zeros, previous)
        ciphertext = frame[HEADER.size : HEADER.size + size]
        previous = hashlib.sha256(header + ciphertext).digest()
        data += header + ciphertext + previous + frame[HEADER.size + size + DIGEST :]
    return data


def sequences() -> Iterator[tuple[int, ...]]:
    """Every choice of up to four of the frames of two segments, in every order, with repetition."""
    for length in range(5):
        yield from product(range(8), repeat=length)


def test_a_whole_segment_is_intact_and_opens() -> None:
    assert opened(intact(), SEGMENT.data) == RECORDS


def test_a_frame_is_known_by_its_place() -> None:
    frames = intact().frames
    places = [(SEGMENT.start_of(number), len(SEGMENT.frames[0]) - HEADER.size - DIGEST) for number in range(4)]
    assert [(frame.at, frame.size) for frame in frames] == places


def test_each_cut_is_torn_with_every_whole_frame_or_broken() -> None:
    ends = [SEGMENT.start_of(frame) for frame in range(5)]
    whole = intact()
    for length in range(len(SEGMENT.data)):
        kept = sum(end <= length for end in ends) - 1
        if length < len(SEGMENT.prelude):
            assert isinstance(scanned_in(SEGMENT.data[:length]), Broken)
        else:
            torn = Torn(whole.head, whole.prelude_digest, whole.frames[:kept], ends[kept], length - ends[kept])
            assert scanned_in(SEGMENT.data[:length]) == torn


@pytest.mark.parametrize("kept", range(4))
def test_what_is_sound_in_a_torn_segment_opens(kept: int) -> None:
    assert read(SEGMENT.data[: SEGMENT.start_of(kept) + 5]) == RECORDS[:kept]


def test_each_flipped_bit_before_the_last_frame_is_broken() -> None:
    data = bytearray(SMALL.data)
    for place in range(SMALL.start_of(2)):
        for bit in range(8):
            data[place] ^= 1 << bit
            assert isinstance(scan_segment(io.BytesIO(data), DEVICES), Broken)
            data[place] ^= 1 << bit


def test_each_flipped_bit_of_the_last_frame_is_torn_with_everything_before_it() -> None:
    data, whole, sound = bytearray(SMALL.data), intact(SMALL.data), SMALL.start_of(2)
    torn = Torn(whole.head, whole.prelude_digest, whole.frames[:2], sound, len(data) - sound)
    for place in range(sound, len(data)):
        for bit in range(8):
            data[place] ^= 1 << bit
            assert scan_segment(io.BytesIO(data), DEVICES) == torn
            data[place] ^= 1 << bit


def test_each_flipped_bit_of_the_key_file_is_refused() -> None:
    scanned = intact()
    for bit in range(8 * len(SEGMENT.key_file)):
        with pytest.raises(BadInput, match="key file"):
            SegmentOpener(scanned, _flipped(SEGMENT.key_file, bit), CONSENT)


def test_each_flipped_bit_of_the_key_file_is_refused_though_the_head_names_the_changed_file() -> None:
    scanned = intact()
    for bit in range(8 * len(SEGMENT.key_file)):
        changed = _flipped(SEGMENT.key_file, bit)
        head = _with(scanned.head, key_digest=hashlib.sha256(changed).hexdigest())
        with pytest.raises(BadInput):
            SegmentOpener(dataclasses.replace(scanned, head=head), changed, CONSENT)


def test_frames_dropped_doubled_moved_or_spliced_give_nothing_but_a_cut() -> None:
    frames = (*SEGMENT.frames, *OTHER.frames)
    for order in sequences():
        data = SEGMENT.prelude + b"".join(frames[at] for at in order)
        _require_cut(order, data)


def test_frames_dropped_doubled_moved_or_spliced_are_refused_even_when_relinked() -> None:
    frames = (*SEGMENT.frames, *OTHER.frames)
    for order in sequences():
        data = relinked(SEGMENT.prelude, tuple(frames[at] for at in order))
        _require_cut(order, data)


def _require_cut(order: tuple[int, ...], data: bytes) -> None:
    """What is read of these frames is the beginning of what was sealed, and it is whole only if nothing was changed."""
    found = read(data)
    assert found is None or found == RECORDS[: len(found)]
    if order != (0, 1, 2, 3):
        assert not isinstance(scanned_in(data), Intact)


@pytest.mark.parametrize("key_file", [SEGMENT.key_file, OTHER.key_file])
def test_a_segment_under_another_prelude_is_refused(key_file: bytes) -> None:
    data = relinked(OTHER.prelude, SEGMENT.frames[:3], segment="cd" * 16)
    assert isinstance(scanned_in(data), Torn)
    assert read(data, key_file) is None


def test_a_frame_with_the_id_of_another_segment_is_not_sound() -> None:
    data = relinked(SEGMENT.prelude, SEGMENT.frames[:3], segment="cd" * 16)
    assert scanned_in(data) == Torn(
        intact().head, intact().prelude_digest, (), len(SEGMENT.prelude), len(data) - len(SEGMENT.prelude)
    )


def test_frames_that_an_attacker_made_are_refused() -> None:
    previous = hashlib.sha256(SEGMENT.prelude).digest()
    header = _header(size=MIN_CIPHERTEXT, previous=previous)
    room = memoryview(bytearray(ciphertext_size((b"forged",))))
    encrypt_into(room, bytes(32), (b"forged",), previous + header)
    body = header + room
    data = SEGMENT.prelude + body + hashlib.sha256(body).digest()
    scanned = scanned_in(data)
    assert isinstance(scanned, Torn)
    with pytest.raises(BadInput, match="changed or moved"):
        opened(scanned, data)


def test_a_segment_cannot_be_ended_by_one_without_the_device_key() -> None:
    _, sealer = begin_segment(FACTS, consent=CONSENT.public, device=SigningKey.generate(), random=secrets.token_bytes)
    final = bytes(sealer.seal((), FrameFlags.FINAL).frame)
    scanned = scanned_in(relinked(SEGMENT.prelude, (*SEGMENT.frames[:2], final)))
    assert isinstance(scanned, Torn)
    assert (len(scanned.frames), scanned.lost) == (2, len(final))


def test_a_frame_after_an_end_that_is_not_signed_is_broken() -> None:
    unsigned = SEGMENT.frames[3][:-SIGNATURE] + bytes(SIGNATURE)
    assert isinstance(scanned_in(SEGMENT.prelude + b"".join((*SEGMENT.frames[:3], unsigned, OTHER.frames[0]))), Torn)
    assert isinstance(
        scanned_in(SEGMENT.prelude + b"".join((*SEGMENT.frames[:3], unsigned, SEGMENT.frames[0]))), Broken
    )


@pytest.mark.parametrize("after", [b"\0", SEGMENT.frames[0], SEGMENT.frames[3]])
def test_bytes_after_the_end_are_broken(after: bytes) -> None:
    assert scanned_in(SEGMENT.data + after) == Broken("bytes follow the end of the segment")


class TestAPowerCut:
    """Damages only what was written after the last sync, the last frame."""

    unacknowledged = SEGMENT.start_of(2)
    data = SEGMENT.data[: SEGMENT.start_of(3)]

    @pytest.mark.parametrize("what", ["zeros", "garbage", "old data", "nothing"])
    @pytest.mark.parametrize("length", [64, 512, 4096, 10_000])
    def test_leaves_everything_that_was_acknowledged(self, what: str, length: int) -> None:
        size = len(self.data) - self.unacknowledged
        old = {
            "zeros": bytes(length),
            "garbage": secrets.token_bytes(length),
            "old data": OTHER.data * 2,
            "nothing": b"",
        }
        for at in range(0, size, 512):
            lost = old[what][at : at + length] if what == "old data" else old[what][: size - at]
            kept = self.data[: self.unacknowledged + at]
            data = kept + lost + (b"" if what == "nothing" else self.data[len(kept) + len(lost) :])
            scanned = scanned_in(data)
            assert isinstance(scanned, Torn)
            assert (opened(scanned, data), scanned.sound) == (RECORDS[:2], self.unacknowledged)
            assert scanned.lost == len(data) - scanned.sound

    @pytest.mark.parametrize("what", ["zeros", "garbage", "old data"])
    def test_is_told_apart_from_damage_to_what_was_acknowledged(self, what: str) -> None:
        old = {"zeros": bytes(512), "garbage": secrets.token_bytes(512), "old data": OTHER.data}
        for at in range(len(SEGMENT.prelude), self.unacknowledged - 512, 512):
            lost = old[what][at : at + 512] if what == "old data" else old[what]
            assert isinstance(scanned_in(self.data[:at] + lost + self.data[at + 512 :]), Broken)


@pytest.mark.parametrize("before", [0, 1, 19, 20, 21, 500])
def test_a_frame_that_lies_over_the_edge_of_two_pieces_is_found_behind_the_damage(before: int) -> None:
    data = SEGMENT.prelude + bytes(1 + MEBIBYTE - before) + FRAME_MAGIC + bytes.fromhex(FACTS.segment)
    assert scanned_in(data) == Broken("a frame is damaged, and frames that were saved after it follow")


def test_a_segment_of_another_device_is_broken() -> None:
    stranger = (SigningKey.generate().public,)
    assert scanned_in(SEGMENT.data, stranger) == Broken("the segment was made by another device")
    assert scanned_in(SEGMENT.data, ()) == Broken("the segment was made by another device")


def test_a_segment_of_any_of_the_devices_is_intact() -> None:
    assert isinstance(scanned_in(SEGMENT.data, (SigningKey.generate().public, DEVICE.public)), Intact)


def test_a_head_that_names_one_device_and_is_signed_by_another_is_broken() -> None:
    other = SigningKey.generate()
    prelude = prelude_bytes(_with(intact().head, device_key=other.public.text))
    data = prelude + DEVICE.sign(head_message(prelude))
    scanned = scanned_in(data, (DEVICE.public, other.public))
    assert isinstance(scanned, Broken)
    assert "signature" in scanned.reason


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"version": 2}, id="version"),
        pytest.param({"segment": "ab" * 15}, id="short id"),
        pytest.param({"segment": "AB" * 16}, id="capitals"),
        pytest.param({"segment": "../" + "a" * 29}, id="path"),
    ],
)
def test_a_head_that_no_version_writes_is_broken_though_it_is_signed(changes: dict[str, object]) -> None:
    prelude = prelude_bytes(msgspec.structs.replace(intact().head, **changes))
    assert isinstance(scanned_in(prelude + DEVICE.sign(head_message(prelude))), Broken)


def test_a_head_that_an_attacker_changed_is_broken_even_when_relinked() -> None:
    later = prelude_bytes(msgspec.structs.replace(intact().head, created_ms=0)) + SEGMENT.prelude[-SIGNATURE:]
    found = scanned_in(relinked(later, SEGMENT.frames[:3]))
    assert isinstance(found, Broken)
    assert "signature" in found.reason


def _batch_of(plain: bytes) -> tuple[bytes, bytes]:
    """A segment whose one batch holds this plaintext under the right key, and its key file."""
    start, _ = begin_segment(FACTS, consent=CONSENT.public, device=DEVICE, random=bytes)
    context = hashlib.sha256(start.prelude).digest()
    header = _header(size=sealed_size(len(plain)), previous=context)
    box = Cobblestone256Encryptor(Ratchet(bytes(32), FACTS.segment).next_key(), context + header)
    body = header + box.update(plain) + box.finalize()
    return start.prelude + body + hashlib.sha256(body).digest(), start.key_file


@pytest.mark.parametrize(
    "plain",
    [
        pytest.param(bytes(4095) + b"\1", id="padding that is not zero"),
        pytest.param(b"\0\0\0\1\0\0\0\1a" + bytes(4000) + b"\1" + bytes(86), id="one byte in the padding"),
        pytest.param(b"\0\0\x10\0" + bytes(4092), id="fewer records than it says"),
        pytest.param(b"\xff\xff\xff\xff" + bytes(4092), id="endless records"),
        pytest.param(b"\0\0\0\1\0\0\x10\0" + bytes(4088), id="a record that ends too late"),
        pytest.param(b"\0\0\0\1\xff\xff\xff\xff" + bytes(4088), id="a record without end"),
    ],
)
def test_a_batch_that_no_sealer_makes_is_refused_though_its_key_is_right(plain: bytes) -> None:
    data, key_file = _batch_of(plain)
    scanned = scanned_in(data)
    assert isinstance(scanned, Torn)
    assert len(scanned.frames) == 1
    with pytest.raises(BadInput, match="batch"):
        opened(scanned, data, key_file)


def test_no_record_leaves_before_its_whole_batch_was_checked() -> None:
    data, key_file = _batch_of(b"\0\0\0\1\0\0\0\1a" + bytes(4086) + b"\1")
    scanned = scanned_in(data)
    assert isinstance(scanned, Torn)
    records = SegmentOpener(scanned, key_file, CONSENT).records(io.BytesIO(data))
    with pytest.raises(BadInput, match="padding"):
        next(records)


@pytest.mark.parametrize("at", [SEGMENT.start_of(1) + 10, SEGMENT.start_of(1) + 100, SEGMENT.start_of(2) - 300])
def test_a_file_that_changes_between_scan_and_opening_is_refused(at: int) -> None:
    with pytest.raises(BadInput, match="changed"):
        opened(intact(), _flipped(SEGMENT.data, 8 * at))


def test_a_file_that_is_cut_between_scan_and_opening_is_refused() -> None:
    with pytest.raises(BadInput, match="changed"):
        opened(intact(), SEGMENT.data[: SEGMENT.start_of(2) + 1000])


@pytest.mark.parametrize(
    "header",
    [
        pytest.param({"magic": b"OPTX"}, id="magic"),
        pytest.param({"size": MAX_CIPHERTEXT + 1}, id="too long"),
        pytest.param({"size": MIN_CIPHERTEXT - 1}, id="too short"),
        pytest.param({"flags": 2}, id="flag"),
        pytest.param({"zeros": b"\0\0\1"}, id="reserved"),
        pytest.param({"segment": "cd" * 16}, id="segment"),
    ],
)
def test_a_header_that_no_version_writes_is_not_sound(header: dict[str, object]) -> None:
    written = _header(previous=hashlib.sha256(SEGMENT.prelude).digest(), **header)  # type: ignore[arg-type]
    body = written + bytes(HEADER.unpack(written)[3])
    scanned = scanned_in(SEGMENT.prelude + body + hashlib.sha256(body).digest())
    assert isinstance(scanned, Torn)
    assert (scanned.frames, scanned.sound) == ((), len(SEGMENT.prelude))


@pytest.mark.parametrize(("batch", "previous"), [(1, hashlib.sha256(SEGMENT.prelude).digest()), (0, bytes(32))])
def test_a_frame_that_holds_and_does_not_follow_is_broken(batch: int, previous: bytes) -> None:
    body = _header(batch=batch, previous=previous) + bytes(MIN_CIPHERTEXT)
    found = scanned_in(SEGMENT.prelude + body + hashlib.sha256(body).digest())
    assert found == Broken("a frame does not follow from the one before it")


@given(st.binary(max_size=500))
def test_no_bytes_make_the_scan_fail(untrusted: bytes) -> None:
    assert isinstance(scanned_in(untrusted), Broken)


@given(st.binary(max_size=200))
def test_no_bytes_after_the_prelude_make_the_scan_fail(untrusted: bytes) -> None:
    assert isinstance(scanned_in(SEGMENT.prelude + untrusted), Broken | Torn)


def test_another_consent_key_opens_nothing() -> None:
    with pytest.raises(BadInput, match="another key"):
        opened(intact(), SEGMENT.data, key=OpeningKey.generate())


def test_the_key_file_of_another_segment_opens_nothing() -> None:
    with pytest.raises(BadInput, match="key file"):
        opened(intact(), SEGMENT.data, OTHER.key_file)


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
    head = _with(intact().head, key_digest=hashlib.sha256(moved.key_file).hexdigest())
    with pytest.raises(BadInput):
        opened(dataclasses.replace(intact(), head=head), SEGMENT.data, moved.key_file)


def test_a_key_that_does_not_fit_the_commitment_is_refused() -> None:
    with pytest.raises(BadInput, match="commitment"):
        opened(dataclasses.replace(intact(), head=_with(intact().head, commitment="0" * 64)), SEGMENT.data)


def test_the_session_that_a_damaged_segment_claims_can_still_be_read() -> None:
    assert claimed_session(io.BytesIO(SEGMENT.data[: len(SEGMENT.prelude)])) == FACTS.session


@given(st.binary(max_size=100))
def test_what_claims_nothing_readable_claims_none(untrusted: bytes) -> None:
    assert claimed_session(io.BytesIO(untrusted)) is None
    assert claimed_session(io.BytesIO(MAGIC + untrusted)) is None


@pytest.fixture(scope="module")
def longest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A segment of 64 MiB in the smallest frames there are."""
    path = tmp_path_factory.mktemp("long") / "segment"
    start, sealer = begin_segment(FACTS, consent=CONSENT.public, device=DEVICE, random=bytes)
    with path.open("wb") as file:
        file.write(start.prelude)
        while file.tell() < 64 * MEBIBYTE:
            file.write(sealer.seal((b"a",)).frame)
        file.write(sealer.seal((), FrameFlags.FINAL).frame)
    return path


class TestMemory:
    """Does not grow with the file, and no length in a file makes it grow."""

    def test_scanning_the_longest_segment_takes_a_few_megabytes(self, longest: Path) -> None:
        with longest.open("rb") as file:
            assert peak_of_scan(file) < 16 * MEBIBYTE

    def test_looking_behind_damage_takes_no_more(self, longest: Path) -> None:
        data = longest.read_bytes()
        data = data[:10_000] + bytes(100) + data[10_100:].replace(FRAME_MAGIC, b"XXXX")
        assert peak_of_scan(io.BytesIO(data)) < 16 * MEBIBYTE

    def test_opening_holds_one_frame_and_what_left_it_last(self) -> None:
        segment = made(records=(bytes(16 * MEBIBYTE),) * 3)
        data, scanned = io.BytesIO(segment.data), intact(segment.data)
        tracemalloc.start()
        total = sum(len(record) for record in SegmentOpener(scanned, segment.key_file, CONSENT).records(data))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert (total, peak < 60 * MEBIBYTE) == (48 * MEBIBYTE, True)

    @pytest.mark.parametrize(
        "hostile",
        [
            pytest.param(MAGIC + b"\xff" * 190_000, id="a head of four gigabytes"),
            pytest.param(MAGIC + b"\0\1\0\0" + b"[" * (1 << 16) + bytes(64), id="a head of brackets"),
            pytest.param(
                SEGMENT.prelude
                + HEADER.pack(FRAME_MAGIC, bytes.fromhex("ab" * 16), 0, MAX_CIPHERTEXT, 0, bytes(3), bytes(32)),
                id="a frame of 32 MiB",
            ),
            pytest.param(SEGMENT.prelude + (FRAME_MAGIC + bytes.fromhex("cd" * 16)) * 9_000, id="nothing but frames"),
        ],
    )
    def test_a_hostile_file_makes_the_scan_take_little(self, hostile: bytes) -> None:
        assert len(hostile) < 200_000
        assert peak_of_scan(io.BytesIO(hostile)) < 8 * MEBIBYTE

    @pytest.mark.parametrize("count", [b"\xff\xff\xff\xff", (49_000).to_bytes(4, "big")])
    def test_a_hostile_batch_makes_opening_take_little(self, count: bytes) -> None:
        data, key_file = _batch_of(count + bytes(196_604))
        scanned = scanned_in(data)
        assert isinstance(scanned, Torn)
        opener = SegmentOpener(scanned, key_file, CONSENT)
        tracemalloc.start()
        with io.BytesIO(data) as file:
            given = sum(1 for _ in _until_refused(opener, file))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert given in {0, 49_000}
        assert peak < 8 * MEBIBYTE

    def test_a_file_longer_than_any_segment_is_not_read(self, tmp_path: Path) -> None:
        with (tmp_path / "long").open("wb+") as file:
            file.write(SEGMENT.prelude)
            file.truncate(MAX_SEGMENT + 1)
            assert scan_segment(file, DEVICES) == Broken("the segment is larger than any may be")


def peak_of_scan(file: io.BytesIO | io.BufferedReader) -> int:
    """The most memory that a scan takes, in bytes."""
    tracemalloc.start()
    scan_segment(file, DEVICES)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def _until_refused(opener: SegmentOpener, file: io.BytesIO) -> Iterator[bytes]:
    try:
        yield from opener.records(file)
    except BadInput:
        return


def _header(  # the fields of a frame's header
    *,
    magic: bytes = FRAME_MAGIC,
    segment: str = FACTS.segment,
    batch: int = 0,
    size: int = MIN_CIPHERTEXT,
    flags: int = 0,
    zeros: bytes = bytes(3),
    previous: bytes = bytes(32),
) -> bytes:
    return HEADER.pack(magic, bytes.fromhex(segment), batch, size, flags, zeros, previous)


def _flipped(data: bytes, bit: int) -> bytes:
    place = bit // 8
    return data[:place] + bytes((data[place] ^ 1 << bit % 8,)) + data[place + 1 :]


def _with(head: SegmentHead, **changes: str) -> SegmentHead:
    return msgspec.structs.replace(head, **changes)
