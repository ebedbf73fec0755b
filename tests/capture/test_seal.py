"""What is sealed grows in steps, never shows how much was done, and each batch has a key of its own."""

from __future__ import annotations

import dataclasses
import hashlib
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.events import Key, encode_event
from capture.seal import SealedBatch, Sealer, SegmentFacts, SegmentStart, begin_segment
from capture.segment import (
    BUCKET,
    HEADER,
    MAX_CIPHERTEXT,
    FrameFlags,
    Intact,
    Ratchet,
    SegmentOpener,
    ciphertext_size,
    encrypt_batch,
    padded_size,
    scan_segment,
)
from vault.errors import BadInput, NotMinted
from vault.keys import OpeningKey, SigningKey
from vault.minted import Mint

CONSENT, DEVICE = OpeningKey.generate(), SigningKey.generate()
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


def begun(facts: SegmentFacts = FACTS) -> tuple[SegmentStart, Sealer]:
    return begin_segment(facts, consent=CONSENT.public, device=DEVICE, random=secrets.token_bytes)


def keys_typed(count: int) -> tuple[bytes, ...]:
    return tuple(encode_event(Key(10**12 + at, "a", "a", pressed=True)) for at in range(count))


def test_records_come_back_in_order() -> None:
    start, sealer = begun()
    data = start.prelude + sealer.seal((b"one", b"")).frame + sealer.seal((b"two",), FrameFlags.FINAL).frame
    scanned = scan_segment(data, DEVICE.public)
    assert isinstance(scanned, Intact)
    assert SegmentOpener(scanned, start.key_file, CONSENT).records() == (b"one", b"", b"two")


@given(st.lists(st.binary(max_size=40_000), max_size=6).map(tuple))
def test_any_records_come_back(records: tuple[bytes, ...]) -> None:
    start, sealer = begun()
    data = start.prelude + sealer.seal(records, FrameFlags.FINAL).frame
    scanned = scan_segment(data, DEVICE.public)
    assert isinstance(scanned, Intact)
    assert SegmentOpener(scanned, start.key_file, CONSENT).records() == records


def test_twenty_keys_take_as_much_as_one() -> None:
    sizes = {len(begun()[1].seal(keys_typed(count)).frame) for count in (1, 20)}
    assert len(sizes) == 1


def test_an_empty_batch_takes_as_much_as_a_key() -> None:
    assert len(begun()[1].seal(()).frame) == len(begun()[1].seal(keys_typed(1)).frame)


@pytest.mark.parametrize(
    "size", [0, 4087, 4088, 4089, 16_375, 16_376, 16_377, 65_528, 65_529, 70_000, 300_000, 3_000_000]
)
def test_a_batch_is_as_long_as_its_header_says(size: int) -> None:
    records = (bytes(size),)
    assert len(encrypt_batch(bytes(32), records, b"")) == ciphertext_size(records)


@given(st.integers(1, 60 << 20))
def test_padding_never_shortens_and_never_costs_more_than_an_eighth(size: int) -> None:
    assert size <= padded_size(size) <= max(size + BUCKET, size * 9 // 8)


def test_the_lengths_of_screens_fall_into_few_buckets() -> None:
    assert len({padded_size(size) for size in range(100_000, 400_000, 7)}) < 80


def test_after_the_final_frame_nothing_is_sealed() -> None:
    _, sealer = begun()
    sealer.seal((), FrameFlags.FINAL)
    with pytest.raises(BadInput, match="ended"):
        sealer.seal((b"more",))


def test_only_the_final_frame_says_that_it_is_final() -> None:
    _, sealer = begun()
    assert [sealer.seal(()).final, sealer.seal((), FrameFlags.FINAL).final] == [False, True]


def test_a_batch_that_is_too_large_is_refused() -> None:
    with pytest.raises(BadInput, match="larger"):
        begun()[1].seal((bytes(MAX_CIPHERTEXT),))


def test_no_two_batches_have_the_same_key() -> None:
    ratchet = Ratchet(bytes(32), "a")
    assert len({ratchet.next_key() for _ in range(1000)}) == 1000


def test_neither_do_batches_of_two_segments_with_one_secret() -> None:
    assert Ratchet(bytes(32), "a").next_key() != Ratchet(bytes(32), "b").next_key()


def test_a_ratchet_does_not_go_back() -> None:
    ratchet = Ratchet(bytes(32), "a")
    gone = [ratchet.next_key() for _ in range(5)]
    kept = [value for value in vars(ratchet).values() if isinstance(value, bytes)]
    assert not set(gone) & {*kept, *(ratchet.next_key() for _ in range(5))}


def test_a_commitment_belongs_to_one_secret() -> None:
    assert Ratchet(bytes(32), "a").commitment != Ratchet(b"\1" * 32, "a").commitment


def test_the_same_records_never_look_the_same() -> None:
    _, sealer = begun()
    first, second = sealer.seal(keys_typed(3)).frame, sealer.seal(keys_typed(3)).frame
    assert first[HEADER.size :] != second[HEADER.size :]


def test_nothing_of_the_records_can_be_seen() -> None:
    start, sealer = begun()
    frame = sealer.seal((b"Okonkwo 219-09-9999",)).frame
    assert b"Okonkwo" not in start.key_file + start.prelude + frame


def test_the_head_says_the_facts_and_names_its_key_file() -> None:
    start, sealer = begun()
    scanned = scan_segment(start.prelude + sealer.seal((), FrameFlags.FINAL).frame, DEVICE.public)
    assert isinstance(scanned, Intact)
    assert (scanned.head.session, scanned.head.lease_digest) == (FACTS.session, FACTS.lease_digest)
    assert scanned.head.key_digest == hashlib.sha256(start.key_file).hexdigest()


def test_a_machine_that_has_run_for_a_year_can_seal() -> None:
    start, _ = begun(dataclasses.replace(FACTS, boot_ns=366 * 24 * 3600 * 10**9))
    assert start.prelude


def test_nobody_else_makes_a_sealed_batch() -> None:
    with pytest.raises(NotMinted):
        SealedBatch("a", b"plain", b"", final=False, mint=Mint("somebody"))
