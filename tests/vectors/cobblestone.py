"""Cobblestone-256 with a salt that the caller chooses, so that vectors come out the same each time.

Written from C2SP chunked-encryption: SHA-512 and AES-256-GCM. For test vectors only: the product uses the cryptography
package, which chooses the salt itself, and whose decryptor must open what this makes.
"""

from __future__ import annotations

from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

SALT: Final = 24
CHUNK: Final = 16 << 10
_LABEL: Final = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0"
_KEY, _NONCE, _COMMITMENT = 32, 12, 32


def seal(plain: bytes, *, key: bytes, context: bytes, salt: bytes) -> bytes:
    """Salt, commitment and the chunks; the last chunk is shorter than 16 KiB, and may be empty."""
    derived = HKDFExpand(SHA512(), _KEY + _NONCE + _COMMITMENT, _LABEL + salt + context).derive(key)
    base = int.from_bytes(derived[_KEY : _KEY + _NONCE], "big")
    box = AESGCM(derived[:_KEY])
    chunks = (plain[number * CHUNK : (number + 1) * CHUNK] for number in range(len(plain) // CHUNK + 1))
    sealed = (box.encrypt((base ^ number).to_bytes(_NONCE, "big"), chunk, None) for number, chunk in enumerate(chunks))
    return b"".join((salt, derived[_KEY + _NONCE :], *sealed))
