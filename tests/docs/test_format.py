"""A second reader of the sealed queue, written from `docs/format.md` alone, finds what the recorder wrote.

The reader uses primitives of cryptography and nothing of `capture`, so that the page and the code cannot be wrong in
the same way. It checks what the page says a reader checks, in that order.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from cryptography.cobblestone import Cobblestone256Decryptor
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

from capture.events import encode_event
from capture.queue import QueueFolder, QueueReader, QueueWriter, shred_session
from capture.segment import Broken
from capture.session import Clocks, SealingSession, SessionFacts
from redaction.intake import open_session
from tests.docs.test_docs import page, rows, section
from tests.redaction.recording import Recording, ended, started
from tests.world import BEGAN_MS, SESSION, events, opening, signing, unheard
from vault.errors import OptinError
from vault.keys import VerifyKey

FINAL: Final = 1
SUITE: Final = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
TWELVE_SECONDS: Final = 12_000_000_000


@dataclass(frozen=True, slots=True)
class Sealed:
    """A segment as the page lays it out, its structure checked."""

    head: dict[str, Any]
    prelude_digest: bytes
    frames: tuple[tuple[bytes, bytes], ...]
    last_digest: bytes


def read_structure(data: bytes, device: bytes) -> Sealed:
    """Prelude and frames, checked without any opening key."""
    assert data[:8] == bytes.fromhex("89 4f 50 54 53 31 0d 0a")
    (size,) = struct.unpack(">I", data[8:12])
    at = 12 + size + 64
    head: dict[str, Any] = json.loads(data[12 : 12 + size])
    assert (head["version"], head["device_key"]) == (1, base64.b64encode(device).decode())
    key = Ed25519PublicKey.from_public_bytes(device)
    key.verify(data[at - 64 : at], b"optin/1 segment head " + data[: at - 64])
    segment = bytes.fromhex(head["segment"])
    frames: list[tuple[bytes, bytes]] = []
    prelude_digest = previous = hashlib.sha256(data[:at]).digest()
    final = False
    while not final:
        header, body, previous, final = read_frame(data[at:], segment, len(frames), previous)
        frames.append((header, body))
        at += len(header) + len(body) + 32
    key.verify(data[at:], b"optin/1 segment final " + previous)
    return Sealed(head, prelude_digest, tuple(frames), previous)


def read_frame(data: bytes, segment: bytes, batch: int, previous: bytes) -> tuple[bytes, bytes, bytes, bool]:
    """The header, ciphertext and digest of the first frame in these bytes, and whether it is the last."""
    header = data[:68]
    assert header[:20] == b"OPTF" + segment
    assert (struct.unpack(">Q", header[20:28])[0], header[33:36], header[36:]) == (batch, bytes(3), previous)
    (size,) = struct.unpack(">I", header[28:32])
    body, digest = data[68 : 68 + size], data[68 + size : 100 + size]
    assert hashlib.sha256(header + body).digest() == digest
    return header, body, digest, header[32] == FINAL


def read_batches(sealed: Sealed, key_file: bytes, consent: bytes) -> Iterator[tuple[bytes, ...]]:
    """The records of each frame, opened with the consent's private key: 64 bytes of ML-KEM seed, then 32 of X25519."""
    head = sealed.head
    assert hashlib.sha256(key_file).hexdigest() == head["key_digest"]
    info = b"\0".join(
        [b"optin/1 segment key", *(head[name].encode() for name in ("segment", "grant_digest", "lease_digest"))]
    )
    mlkem = MLKEM768PrivateKey.from_seed_bytes(consent[:64])
    x25519 = X25519PrivateKey.from_private_bytes(consent[64:])
    secret = SUITE.decrypt(key_file, hpke.MLKEM768X25519PrivateKey(mlkem, x25519), info)
    hkdf = HKDF(algorithm=SHA256(), length=64, salt=head["segment"].encode(), info=b"optin/1 segment")
    material = hkdf.derive(secret)
    chain, commitment = material[:32], material[32:]
    assert commitment.hex() == head["commitment"]
    for header, body in sealed.frames:
        box = Cobblestone256Decryptor(expand(chain, b"optin/1 batch"), sealed.prelude_digest + header)
        yield tuple(split(box.update(body) + box.finalize()))
        chain = expand(chain, b"optin/1 chain")


def expand(chain: bytes, info: bytes) -> bytes:
    """HKDF-Expand to 32 bytes."""
    return HKDFExpand(algorithm=SHA256(), length=32, info=info).derive(chain)


def split(plaintext: bytes) -> Iterator[bytes]:
    """The records of a batch, behind which there are only zeros."""
    (count,), at = struct.unpack(">I", plaintext[:4]), 4
    for _ in range(count):
        (size,) = struct.unpack(">I", plaintext[at : at + 4])
        yield plaintext[at + 4 : at + 4 + size]
        at += 4 + size
    assert not any(plaintext[at:])


def state_of(data: bytes, devices: tuple[bytes, ...]) -> tuple[str, int]:
    """Intact, Torn or Broken, and how many frames can be used, as the page has it under Reading."""
    broken = ("Broken", 0)
    try:
        (size,) = struct.unpack(">I", data[8:12])
        at = 12 + size + 64
        head = json.loads(data[12 : 12 + size])
        (device,) = (key for key in devices if base64.b64encode(key).decode() == head["device_key"])
        key = Ed25519PublicKey.from_public_bytes(device)
        key.verify(data[at - 64 : at], b"optin/1 segment head " + data[: at - 64])
    except (ValueError, struct.error, InvalidSignature):
        return broken
    segment, previous = bytes.fromhex(head["segment"]), hashlib.sha256(data[:at]).digest()
    for batch in range(len(data)):
        length = sound_length(data[at:], segment, key)
        if length is None:
            return broken if b"OPTF" + segment in data[at + 1 :] else ("Torn", batch)
        if (struct.unpack(">Q", data[at + 20 : at + 28])[0], data[at + 36 : at + 68]) != (batch, previous):
            return broken
        if data[at + 32] == FINAL:
            return ("Intact", batch + 1) if at + length == len(data) else broken
        at, previous = at + length, data[at + length - 32 : at + length]
    raise AssertionError("a segment has fewer frames than bytes")


def sound_length(data: bytes, segment: bytes, key: Ed25519PublicKey) -> int | None:
    """The length of the frame that these bytes begin with, its signature with it; None if it is not sound."""
    size: int = struct.unpack(">I", data[28:32])[0] if len(data) >= 68 else 0
    end = 68 + size + 32
    if data[:20] != b"OPTF" + segment or not 4168 <= size <= 33554432 or data[32:33] > b"\1" or any(data[33:36]):
        return None
    if len(data) < end or hashlib.sha256(data[: end - 32]).digest() != data[end - 32 : end]:
        return None
    if data[32] != FINAL:
        return end
    try:
        key.verify(data[end : end + 64], b"optin/1 segment final " + data[end - 32 : end])
    except InvalidSignature:
        return None
    return end + 64


@pytest.fixture
def queue(tmp_path: Path) -> QueueFolder:
    """A session that the recorder's own code wrote, long enough for several segments."""
    folder = QueueFolder(tmp_path / "queue")
    ticks = iter(range(0, 1000 * TWELVE_SECONDS, TWELVE_SECONDS))
    sink = SealingSession(
        QueueWriter(folder),
        SessionFacts(SESSION, "1" * 64, "2" * 64, "3" * 64),
        consent=opening("consent").public,
        device=signing("device"),
        clocks=Clocks(lambda: BEGAN_MS, lambda: next(ticks), lambda: 0),
        random=secrets.token_bytes,
        heard=unheard,
    )
    for event in events():
        sink.commit((event,))
    sink.close()
    return folder


def sealed_in(queue: QueueFolder) -> list[Sealed]:
    """All segments in the order of their numbers."""
    device = signing("device").public.raw
    found = [read_structure(path.read_bytes(), device) for path in queue.segments.glob("*.seg")]
    return sorted(found, key=lambda sealed: int(sealed.head["index"]))


def batches_in(queue: QueueFolder) -> list[list[tuple[bytes, ...]]]:
    """The records of each frame of each segment."""
    consent = opening("consent").private_raw()
    return [
        list(read_batches(sealed, queue.key_path(sealed.head["segment"]).read_bytes(), consent))
        for sealed in sealed_in(queue)
    ]


def test_a_reader_made_from_the_page_finds_every_record(queue: QueueFolder) -> None:
    found = [record for segment in batches_in(queue) for batch in segment for record in batch]
    assert found == [encode_event(event) for event in events()]


def test_the_final_frame_holds_no_record(queue: QueueFolder) -> None:
    assert {segment[-1] for segment in batches_in(queue)} == {()}


def test_the_segments_follow_from_each_other_as_the_page_says(queue: QueueFolder) -> None:
    segments = sealed_in(queue)
    assert len(segments) > 2
    named = [
        (sealed.head["index"], sealed.head["previous_segment"], sealed.head["previous_head"]) for sealed in segments
    ]
    before = [("", ""), *((sealed.head["segment"], sealed.last_digest.hex()) for sealed in segments[:-1])]
    assert named == [(number, *one) for number, one in enumerate(before)]


def test_the_ids_are_as_long_as_the_page_says(queue: QueueFolder) -> None:
    assert {len(path.stem) for path in queue.segments.glob("*.seg")} == {32}


def worked() -> dict[str, bytes]:
    """The values of the page's worked example."""
    return {
        name: bytes.fromhex(value.strip("`")) for name, value in rows(section(page("docs/format.md"), "Worked example"))
    }


def test_the_keys_of_the_worked_example_are_those_of_its_secret() -> None:
    segment = b"ab" * 16
    material = HKDF(algorithm=SHA256(), length=64, salt=segment, info=b"optin/1 segment").derive(bytes(32))
    chains = [material[:32], expand(material[:32], b"optin/1 chain")]
    made = {"commitment": material[32:]}
    for frame, chain in enumerate(chains):
        made[f"chain key of frame {frame}"] = chain
        made[f"batch key of frame {frame}"] = expand(chain, b"optin/1 batch")
    told = worked()
    assert made == {name: told[name] for name in made}


def test_the_header_of_the_worked_example_is_laid_out_as_the_page_says() -> None:
    before = hashlib.sha256(b"a prelude").digest()
    header = b"OPTF" + bytes.fromhex("ab" * 16) + struct.pack(">QIB", 1, 4168, 0) + bytes(3) + before
    assert worked()["header of frame 1 with one small batch"] == header


@dataclass(frozen=True, slots=True)
class Found:
    """A segment of one frame with a record, a second one and the FINAL frame, and another segment's bytes and key."""

    prelude: int
    frames: tuple[bytes, ...]
    data: bytes
    other: bytes
    other_key: bytes


def flipped(data: bytes, at: int) -> bytes:
    """The bytes with one bit turned over."""
    return data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :]


DAMAGE: Final[dict[str, Callable[[Found], bytes]]] = {
    "none": lambda found: found.data,
    "cut inside the prelude": lambda found: found.data[: found.prelude - 1],
    "cut after the prelude": lambda found: found.data[: found.prelude],
    "cut inside the second frame": lambda found: found.data[: found.prelude + len(found.frames[0]) + 1000],
    "cut after the second frame": lambda found: found.data[: -len(found.frames[2])],
    "cut inside the last signature": lambda found: found.data[:-1],
    "zeros in the last frame": lambda found: found.data[:-2000] + bytes(1000) + found.data[-1000:],
    "old data of another segment in the last frame": lambda found: found.data[:-4332] + found.other[-4332:],
    "one bit in the head": lambda found: flipped(found.data, 100),
    "one bit in the first frame": lambda found: flipped(found.data, found.prelude + 500),
    "one bit in the last signature": lambda found: flipped(found.data, len(found.data) - 10),
    "the second frame left out": lambda found: found.data.replace(found.frames[1], b""),
    "the first frame twice": lambda found: found.data.replace(found.frames[0], found.frames[0] * 2),
    "a byte after the end": lambda found: found.data + b"\0",
    "another device's key": lambda found: found.data,
    "the key file removed": lambda found: found.data,
    "the key file of another segment": lambda found: found.data,
}
TOLD: Final = {row[0]: row[1:] for row in rows(section(page("docs/format.md"), "What damage does"))}


@pytest.fixture
def recording(tmp_path: Path) -> Recording:
    """A session of one segment, and beside it another queue's."""
    recording = Recording(QueueFolder(tmp_path / "queue"))
    for recorded in (recording, Recording(QueueFolder(tmp_path / "other"))):
        recorded.sink.commit((started(),))
        recorded.sink.commit((ended(),))
        recorded.sink.close()
    return recording


def taken(recording: Recording) -> Found:
    """The recording in its pieces."""
    data, other = (only(folder.segments) for folder in (recording.folder, beside(recording)))
    prelude = data.index(b"OPTF")
    frames = data[prelude : prelude + 4268], data[prelude + 4268 : prelude + 8536], data[prelude + 8536 :]
    return Found(prelude, frames, data, other, only(beside(recording).keys, "*.key"))


def beside(recording: Recording) -> QueueFolder:
    """The other queue."""
    return QueueFolder(recording.folder.root.with_name("other"))


def only(folder: Path, pattern: str = "*") -> bytes:
    """The content of the one file in a folder."""
    (path,) = folder.glob(pattern)
    return path.read_bytes()


def damaged(recording: Recording, damage: str) -> bytes:
    """Lays the damage into the queue; gives the segment's bytes."""
    found = taken(recording)
    (segment,) = recording.folder.segments.iterdir()
    (key,) = recording.folder.key_files()
    data = DAMAGE[damage](found)
    segment.write_bytes(data)
    if damage == "the key file removed":
        key.unlink()
    if damage == "the key file of another segment":
        key.write_bytes(found.other_key)
    return data


def devices_of(damage: str) -> tuple[VerifyKey, ...]:
    """The device keys that a reader knows."""
    return (signing("stranger" if damage == "another device's key" else "device").public,)


def test_the_damage_that_the_page_tells_of_is_the_damage_that_is_done() -> None:
    assert set(TOLD) == set(DAMAGE)


@pytest.mark.parametrize("damage", DAMAGE)
def test_both_readers_find_of_the_damage_what_the_page_says(recording: Recording, damage: str) -> None:
    data, devices = damaged(recording, damage), devices_of(damage)
    ((_, scanned),) = QueueReader(recording.folder, devices).scan()
    frames = 0 if isinstance(scanned, Broken) else len(scanned.frames)
    told = (TOLD[damage][0], int(TOLD[damage][1]))
    assert (type(scanned).__name__, frames) == told
    assert state_of(data, tuple(key.raw for key in devices)) == told


@pytest.mark.parametrize("damage", DAMAGE)
def test_redacting_does_with_the_damage_what_the_page_says(recording: Recording, damage: str) -> None:
    damaged(recording, damage)
    reader = QueueReader(recording.folder, devices_of(damage))
    try:
        raw = open_session(reader, SESSION, key=opening("consent"), grant=recording.grant, lease=recording.lease)
    except OptinError:
        done = "refuses"
    else:
        done = "uses all" if raw.ended else "uses the sound frames"
        assert len(raw.raw_events) == min(2, int(TOLD[damage][1]))
    assert done == TOLD[damage][2]


@pytest.mark.parametrize("damage", DAMAGE)
def test_forgetting_removes_what_is_damaged(recording: Recording, damage: str) -> None:
    damaged(recording, damage)
    shred_session(recording.folder, SESSION)
    assert (recording.folder.key_files(), list(recording.folder.segments.iterdir())) == ((), [])
    assert TOLD[damage][3] == "removes it"
