"""What is sealed grows in steps, never shows how much was done, and each batch has a key of its own."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import secrets
import subprocess
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.batch import BUCKET, Ratchet, ciphertext_size, encrypt_into, padded_size
from capture.events import Key, encode_event
from capture.opening import SegmentOpener
from capture.seal import SealedBatch, Sealer, SegmentFacts, SegmentStart, begin_segment, split_records
from capture.segment import HEADER, MAX_CIPHERTEXT, MIN_CIPHERTEXT, FrameFlags, Intact, scan_segment
from vault.errors import BadInput, NotMinted
from vault.keys import OpeningKey, SigningKey
from vault.minted import Mint

ROOT: Final = Path(__file__).parents[2]
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


def opened(data: bytes, key_file: bytes) -> tuple[bytes, ...]:
    """The records of a whole segment."""
    file = io.BytesIO(data)
    scanned = scan_segment(file, (DEVICE.public,))
    assert isinstance(scanned, Intact)
    return tuple(SegmentOpener(scanned, key_file, CONSENT).records(file))


def keys_typed(count: int) -> tuple[bytes, ...]:
    return tuple(encode_event(Key(10**12 + at, "a", "a", pressed=True)) for at in range(count))


def test_records_come_back_in_order() -> None:
    start, sealer = begun()
    data = start.prelude + sealer.seal((b"one", b"")).frame + sealer.seal((b"two",), FrameFlags.FINAL).frame
    assert opened(data, start.key_file) == (b"one", b"", b"two")


@given(st.lists(st.binary(max_size=40_000), max_size=6).map(tuple))
def test_any_records_come_back(records: tuple[bytes, ...]) -> None:
    start, sealer = begun()
    data = start.prelude + sealer.seal(records, FrameFlags.FINAL).frame
    assert opened(data, start.key_file) == records


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
    room = memoryview(bytearray(ciphertext_size(records)))
    encrypt_into(room, bytes(32), records, b"")
    assert bytes(room[-16:]) != bytes(16)  # the last chunk's tag fills it to the end


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


def test_the_least_ciphertext_is_that_of_an_empty_batch() -> None:
    assert ciphertext_size(()) == MIN_CIPHERTEXT


def test_records_that_do_not_fit_one_frame_are_split_into_those_that_do() -> None:
    records = tuple(bytes([at]) * (MAX_CIPHERTEXT // 3) for at in range(5))
    parts = split_records(records)
    assert [record for part in parts for record in part] == [*records]
    assert [ciphertext_size(part) <= MAX_CIPHERTEXT for part in parts] == [True] * len(parts)
    assert len(parts) < len(records)


def test_records_that_fit_are_not_split() -> None:
    assert split_records(keys_typed(20)) == (keys_typed(20),)


@pytest.mark.parametrize("name", ["", "a", "AB" * 16, "ab" * 15, "ab" * 17, "../" + "a" * 29, "ab" * 16 + "\n"])
def test_a_segment_is_named_by_thirty_two_digits_and_nothing_else(name: str) -> None:
    with pytest.raises(BadInput, match="32 hexadecimal digits"):
        begun(dataclasses.replace(FACTS, segment=name))


def test_no_two_batches_have_the_same_key() -> None:
    ratchet = Ratchet(bytes(32), "a")
    assert len({bytes(ratchet.next_key()) for _ in range(1000)}) == 1000


def test_neither_do_batches_of_two_segments_with_one_secret() -> None:
    assert Ratchet(bytes(32), "a").next_key() != Ratchet(bytes(32), "b").next_key()


def test_a_ratchet_does_not_go_back() -> None:
    ratchet = Ratchet(bytes(32), "a")
    gone = {bytes(ratchet.next_key()) for _ in range(5)}
    kept = {bytes(value) for value in vars(ratchet).values() if isinstance(value, bytearray)}
    assert len(kept) == 1
    assert not gone & {*kept, *(bytes(ratchet.next_key()) for _ in range(5))}


def test_a_ratchet_overwrites_the_chain_key_that_it_replaces() -> None:
    ratchet = Ratchet(bytes(32), "a")
    before = ratchet._chain
    ratchet.next_key()
    assert (before, ratchet._chain == before) == (bytearray(32), False)


SEALS = """
import hashlib, sys
from capture.seal import SegmentFacts, begin_segment
from vault.keys import SealingKey, SigningKey

seed = sys.stdin.buffer.read(32)
facts = SegmentFacts("5e" * 16, 0, "ab" * 16, "1" * 64, "2" * 64, "3" * 64, 0, 0, "", "")
consent, device = SealingKey(bytes.fromhex(sys.argv[1])), SigningKey.generate()
control = hashlib.sha3_256(seed + b"control").digest()
random = lambda size: hashlib.shake_256(seed).digest(size)
start, sealer = begin_segment(facts, consent=consent, device=device, random=random)
for number in range(300):
    sealer.seal((b"record %d" % number,))
print("sealed", flush=True)
sys.stdin.buffer.read()
"""


def test_the_memory_of_a_sealer_holds_no_key_that_opens_what_it_sealed() -> None:
    seed = secrets.token_bytes(32)
    secret = hashlib.shake_256(seed).digest(32)
    ratchet, old = Ratchet(secret, "ab" * 16), [secret]
    for _ in range(300):
        old += (bytes(ratchet._chain), bytes(ratchet.next_key()))
    control = hashlib.sha3_256(seed + b"control").digest()
    memory = _memory_after_sealing(seed)
    kept = [control, bytes(ratchet._chain)]
    assert _held(memory, kept) == kept
    assert len(old) == len(set(old)) == 601
    assert _held(memory, old) == []


def _memory_after_sealing(seed: bytes) -> list[bytes]:
    """All that a process can write to, once it has sealed 300 batches and waits."""
    command = [sys.executable, "-c", SEALS, CONSENT.public.raw.hex()]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(seed)
        child.stdin.flush()
        assert child.stdout.readline() == b"sealed\n"
        memory = list(_writable(child.pid))
        child.stdin.close()
    return memory


def _writable(pid: int) -> Iterator[bytes]:
    """The content of every mapping that the process may read and write."""
    lines = Path(f"/proc/{pid}/maps").read_text(encoding="utf-8").splitlines()
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as file:
        for line in lines:
            place, rights = line.split()[:2]
            if rights.startswith("rw"):
                start, end = (int(number, 16) for number in place.split("-"))
                file.seek(start)
                yield file.read(end - start)


def _held(memory: list[bytes], keys: list[bytes]) -> list[bytes]:
    """Which keys are in memory; the third quarter is enough, since freeing memory writes over the beginning."""
    found: set[int] = set()
    wanted = np.sort(np.array([_quarter(key) for key in keys], np.uint64))
    for part, shift in product(memory, range(8)):
        numbers = np.frombuffer(part, np.uint8)[shift:]
        numbers = numbers[: len(numbers) // 8 * 8].view(np.uint64)
        nearest = wanted[np.searchsorted(wanted, numbers).clip(max=len(wanted) - 1)]
        found.update(nearest[nearest == numbers].tolist())
    return [key for key in keys if _quarter(key) in found]


def _quarter(key: bytes) -> int:
    return int.from_bytes(key[16:24], sys.byteorder)


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
    data = start.prelude + sealer.seal((), FrameFlags.FINAL).frame
    scanned = scan_segment(io.BytesIO(data), (DEVICE.public,))
    assert isinstance(scanned, Intact)
    assert (scanned.head.session, scanned.head.lease_digest) == (FACTS.session, FACTS.lease_digest)
    assert scanned.head.key_digest == hashlib.sha256(start.key_file).hexdigest()


def test_a_machine_that_has_run_for_a_year_can_seal() -> None:
    start, _ = begun(dataclasses.replace(FACTS, boot_ns=366 * 24 * 3600 * 10**9))
    assert start.prelude


def test_nobody_else_makes_a_sealed_batch() -> None:
    with pytest.raises(NotMinted):
        SealedBatch("a", bytearray(b"plain"), b"", final=False, mint=Mint("somebody"))
