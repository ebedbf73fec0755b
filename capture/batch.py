"""How the records of one batch become ciphertext, and how they come back. Pure: bytes in, values out.

    plaintext  := u32(number of records) (u32(length) record)* zeros        zeros up to a bucket (`padded_size`)
    ciphertext := Cobblestone-256 (C2SP chunked-encryption) under the batch's key, bound to a context

Rules of this file:
1. A key opens one batch. The chain key is replaced after each (HKDF, RFC 5869) and the old ones are overwritten, so
   memory at a moment opens nothing from before it.
2. The number of records is inside, and the length is a bucket's: neither rhythm nor length of what was done shows.
3. No record leaves before all of its batch was opened and checked.
"""

from __future__ import annotations

import struct
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from cryptography.cobblestone import Cobblestone256Decryptor, Cobblestone256Encryptor
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

from vault.errors import BadInput

BUCKET: Final = 4096
"""Small batches are padded to a multiple of this, in bytes."""
_CHUNK: Final = 16 << 10
_LARGE: Final = 64 << 10
_COUNT: Final = struct.Struct(">I")


def wrap_info(segment: str, grant_digest: str, lease_digest: str) -> bytes:
    """The HPKE info that binds a segment's key to segment, grant and lease (RFC 9180, section 8.1)."""
    return b"\0".join((b"optin/1 segment key", segment.encode(), grant_digest.encode(), lease_digest.encode()))


class Ratchet:
    """The chain of batch keys of one segment.

    Keys lie in buffers that are overwritten with zeros: what Python frees stays readable until it is used again.
    """

    def __init__(self, secret: bytes, segment: str) -> None:
        material = bytearray(64)
        hkdf = HKDF(algorithm=SHA256(), length=64, salt=segment.encode(), info=b"optin/1 segment")
        hkdf.derive_into(secret, material)
        self._chain, self.commitment = bytearray(32), material[32:].hex()
        self._chain[:] = memoryview(material)[:32]
        wipe(material)

    def next_key(self) -> bytearray:
        """The next batch's key, 32 bytes, which the ratchet cannot give again; `wipe` it after its use."""
        key, chain = bytearray(32), bytearray(32)
        _expand(b"optin/1 batch").derive_into(self._chain, key)
        _expand(b"optin/1 chain").derive_into(self._chain, chain)
        wipe(self._chain)
        self._chain = chain
        return key


def wipe(key: bytearray) -> None:
    """Overwrites a key with zeros, in its place."""
    key[:] = bytes(len(key))


def _expand(info: bytes) -> HKDFExpand:
    return HKDFExpand(algorithm=SHA256(), length=32, info=info)


def encrypt_into(room: memoryview, key: bytes | bytearray, records: tuple[bytes, ...], context: bytes) -> None:
    """Fills `room`, which is `ciphertext_size(records)` bytes long, with the padded records, bound to `context`."""
    box, at = Cobblestone256Encryptor(key, context), 0
    for part in _parts(records):
        at += box.update_into(part, room[at:])
    room[at:] = box.finalize()


def _parts(records: tuple[bytes, ...]) -> Iterator[bytes]:
    """The padded plaintext in pieces: small records joined, large ones as they are, since joining would copy them."""
    size = _plain_size(records)
    framed = chain.from_iterable(zip(map(_COUNT.pack, map(len, records)), records, strict=True))
    parts = chain((_COUNT.pack(len(records)),), framed, (bytes(padded_size(size) - size),))
    if max(map(len, records), default=0) < _LARGE:
        yield b"".join(parts)
    else:
        yield from parts


def ciphertext_size(records: tuple[bytes, ...]) -> int:
    """The length of what `encrypt_into` will write, in bytes; it depends on the padded size only."""
    return sealed_size(padded_size(_plain_size(records)))


def sealed_size(plain: int) -> int:
    """The length of a ciphertext over so many bytes.

    Cobblestone-256 (C2SP chunked-encryption) puts 56 bytes before the chunks, 16 after each; its last chunk is shorter
    than 16 KiB, so a plaintext of whole chunks is followed by an empty one.
    """
    return 56 + plain + 16 * (plain // _CHUNK + 1)


def padded_size(size: int) -> int:
    """The bucket of a plaintext: multiples of 4 KiB up to 64 KiB, then Padmé (Nikitin et al., PETS 2019)."""
    if size <= 16 * BUCKET:
        return max(1, -(-size // BUCKET)) * BUCKET
    exponent = size.bit_length() - 1
    step = 1 << (exponent - exponent.bit_length())
    return -(-size // step) * step


def _plain_size(records: tuple[bytes, ...]) -> int:
    return _COUNT.size * (1 + len(records)) + sum(map(len, records))


def decrypt_batch(key: bytes | bytearray, untrusted: Iterable[bytes], context: bytes) -> bytearray:
    """The padded plaintext of a ciphertext that comes in pieces; `BadInput` if it was changed, cut or moved."""
    box, plain = Cobblestone256Decryptor(key, context), bytearray()
    try:
        for piece in untrusted:
            plain += box.update(piece)
        plain += box.finalize()
    except (InvalidTag, ValueError):
        raise BadInput("a frame cannot be opened: it was changed or moved") from None
    return plain


def records_of(plain: bytearray) -> Iterator[bytes]:
    """The records in a padded plaintext; `BadInput`, before the first of them, if it is not wholly in form."""
    deque(_places(plain), maxlen=0)
    view = memoryview(plain)
    yield from (bytes(view[start:end]) for start, end in _places(plain))


def _places(plain: bytearray) -> Iterator[tuple[int, int]]:
    """Where each record begins and ends; what follows the last must be zeros."""
    if len(plain) < _COUNT.size:
        raise BadInput("a batch is too short")
    (count,) = _COUNT.unpack_from(plain)
    at = _COUNT.size
    for _ in range(count):
        start = at + _COUNT.size
        if start > len(plain):
            raise BadInput("a batch ends inside a record")
        at = start + _COUNT.unpack_from(plain, at)[0]
        if at > len(plain):
            raise BadInput("a batch ends inside a record")
        yield start, at
    if plain.count(0, at) != len(plain) - at:
        raise BadInput("a batch's padding is not zero")
