"""The pieces of a segment, made as docs/format.md says and in no other way: nothing of the product is imported.

Each piece takes as arguments what a vector may get wrong; the defaults are right.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

from tests.vectors import cobblestone
from tests.vectors.keys import public_text, signing

MAGIC: Final = bytes.fromhex("89 4f 50 54 53 31 0d 0a")
FINAL: Final = 1
HEADER: Final = 68
SEGMENT: Final = "ab" * 16
SESSION: Final = "7f" * 8
SECRET: Final = bytes(range(32))
"""What the key files wrap."""
DEVICE: Final = signing("device")


def key_info(grant: str = "1" * 64) -> bytes:
    """The HPKE info of the segment's key file."""
    return b"\0".join((b"optin/1 segment key", SEGMENT.encode(), grant.encode(), b"2" * 64))


def head(key_file: bytes, **changes: object) -> dict[str, Any]:
    """A head; fields that are changed to None are left out."""
    fields = {
        "boot_ms": 5000,
        "commitment": _derived()[32:].hex(),
        "created_ms": 1_790_000_000_000,
        "device_key": public_text(DEVICE),
        "grant_digest": "1" * 64,
        "index": 0,
        "key_digest": hashlib.sha256(key_file).hexdigest(),
        "lease_digest": "2" * 64,
        "policy_digest": "3" * 64,
        "previous_head": "",
        "previous_segment": "",
        "segment": SEGMENT,
        "session": SESSION,
        "version": 1,
    }
    return {name: value for name, value in (fields | changes).items() if value is not None}


def canonical(fields: Mapping[str, object]) -> bytes:
    """The RFC 8785 form; for documents of ASCII text, whole numbers and lists these rules are all that is needed."""
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def prelude(head_bytes: bytes, *, key: Ed25519PrivateKey = DEVICE, says: int | None = None) -> bytes:
    """The prelude over these bytes, signed; `says` is the length that it claims."""
    start = MAGIC + struct.pack(">I", len(head_bytes) if says is None else says) + head_bytes
    return start + key.sign(b"optin/1 segment head " + start)


def plaintext(records: tuple[bytes, ...], *, says: int | None = None, padding: bytes | None = None) -> bytes:
    """Records in a bucket; `says` is how many it claims, `padding` begins the zeros behind them."""
    data = struct.pack(">I", len(records) if says is None else says)
    data += b"".join(struct.pack(">I", len(record)) + record for record in records)
    data += padding or b""
    return data + bytes(bucket(len(data)) - len(data))


def bucket(size: int) -> int:
    """The next multiple of 4096 up to 65536, above that Padmé: as many low bits zero as fit."""
    if size <= 1 << 16:
        return max(4096, -(-size // 4096) * 4096)
    exponent = size.bit_length() - 1
    mask = (1 << exponent - exponent.bit_length()) - 1
    return size + mask & ~mask


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with one frame; each None means that it is right."""

    magic: bytes = b"OPTF"
    segment: str = SEGMENT
    batch: int | None = None
    length: int | None = None
    zeros: bytes = bytes(3)
    previous: bytes | None = None
    digest: bytes | None = None
    key_number: int | None = None
    bound_to: bytes | None = None
    cut: int = 0


RIGHT: Final = Wrong()


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame to be made: its plaintext, its flags, and what is wrong with it."""

    plain: bytes
    flags: int = 0
    wrong: Wrong = RIGHT
    signer: Ed25519PrivateKey | None = None


def frame(records: tuple[bytes, ...], wrong: Wrong = RIGHT, *, flags: int = 0) -> Frame:
    """A frame of these records."""
    return Frame(plaintext(records), flags, wrong)


def final(signer: Ed25519PrivateKey = DEVICE, *, records: tuple[bytes, ...] = ()) -> Frame:
    """The last frame; a session's own holds no record."""
    return Frame(plaintext(records), FINAL, signer=signer)


def made(start: bytes, frames: tuple[Frame, ...]) -> tuple[bytes, ...]:
    """The bytes of each frame behind this prelude, each following from the one before."""
    found: list[bytes] = []
    previous = hashlib.sha256(start).digest()
    for number, one in enumerate(frames):
        data, previous = _frame(one, number, previous, hashlib.sha256(start).digest())
        found.append(data)
    return tuple(found)


def _frame(one: Frame, number: int, previous: bytes, context: bytes) -> tuple[bytes, bytes]:
    wrong = one.wrong
    sealed_size = 56 + len(one.plain) + 16 * (len(one.plain) // cobblestone.CHUNK + 1) - wrong.cut
    header = struct.pack(
        ">4s16sQIB3s32s",
        wrong.magic,
        bytes.fromhex(wrong.segment),
        number if wrong.batch is None else wrong.batch,
        sealed_size if wrong.length is None else wrong.length,
        one.flags,
        wrong.zeros,
        previous if wrong.previous is None else wrong.previous,
    )
    bound = context + header if wrong.bound_to is None else wrong.bound_to
    key = batch_key(number if wrong.key_number is None else wrong.key_number)
    salt = hashlib.sha256(b"salt" + header).digest()[: cobblestone.SALT]
    body = header + cobblestone.seal(one.plain, key=key, context=bound, salt=salt)[:sealed_size]
    digest = hashlib.sha256(body).digest() if wrong.digest is None else wrong.digest
    signature = b"" if one.signer is None else one.signer.sign(b"optin/1 segment final " + digest)
    return body + digest + signature, digest


def renumbered(start: bytes, frames: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """What one without any key can make of frames: batch numbers, previous digests and digests all fit again."""
    found: list[bytes] = []
    previous = hashlib.sha256(start).digest()
    for number, old in enumerate(frames):
        (size,) = struct.unpack_from(">I", old, 28)
        header = old[:20] + struct.pack(">Q", number) + old[28:36] + previous
        body = header + old[HEADER : HEADER + size]
        previous = hashlib.sha256(body).digest()
        found.append(body + previous + old[HEADER + size + 32 :])
    return tuple(found)


def batch_key(number: int) -> bytes:
    """The key of this batch."""
    chain = _derived()[:32]
    for _ in range(number):
        chain = _expand(chain, b"optin/1 chain")
    return _expand(chain, b"optin/1 batch")


def _derived() -> bytes:
    return HKDF(SHA256(), 64, salt=SEGMENT.encode(), info=b"optin/1 segment").derive(SECRET)


def _expand(chain: bytes, info: bytes) -> bytes:
    return HKDFExpand(SHA256(), 32, info).derive(chain)
