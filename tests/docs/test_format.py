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
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from cryptography.cobblestone import Cobblestone256Decryptor
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

from capture.events import encode_event
from capture.queue import QueueFolder, QueueWriter
from capture.session import Clocks, SealingSession, SessionFacts
from tests.world import BEGAN_MS, SESSION, events, opening, signing

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
    frames: list[tuple[bytes, bytes]] = []
    prelude_digest = previous = hashlib.sha256(data[:at]).digest()
    final = False
    while not final:
        header, body, previous, final = read_frame(data[at:], len(frames), previous)
        frames.append((header, body))
        at += len(header) + len(body) + 32
    key.verify(data[at:], b"optin/1 segment final " + previous)
    return Sealed(head, prelude_digest, tuple(frames), previous)


def read_frame(data: bytes, batch: int, previous: bytes) -> tuple[bytes, bytes, bytes, bool]:
    """The header, ciphertext and digest of the first frame in these bytes, and whether it is the last."""
    header = data[:52]
    (size,) = struct.unpack(">I", header[4:8])
    assert header[:4] == b"OPTF"
    assert (struct.unpack(">Q", header[8:16])[0], header[17:20], header[20:]) == (batch, bytes(3), previous)
    body, digest = data[52 : 52 + size], data[52 + size : 84 + size]
    assert hashlib.sha256(header + body).digest() == digest
    return header, body, digest, header[16] == FINAL


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
