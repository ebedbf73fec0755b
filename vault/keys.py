"""Keys by what they can do: `SigningKey` signs, `VerifyKey` checks, `SealingKey` seals, `OpeningKey` opens.

The four are different types, so that the one that writes cannot be used to read. Signatures are Ed25519; sealing is
HPKE (RFC 9180) with MLKEM768-X25519 (X-Wing), HKDF-SHA256 and AES-256-GCM. One suite, no negotiation. No IO.
"""

from __future__ import annotations

import base64
import binascii
from typing import Final

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from vault.canonical import digest
from vault.errors import BadInput

SUITE: Final = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
_MLKEM_SEED: Final = 64
_MLKEM_PUBLIC: Final = 1184
_X25519: Final = 32


class VerifyKey:
    """The public half of a signing key."""

    def __init__(self, untrusted_raw: bytes) -> None:
        if len(untrusted_raw) != _X25519:
            raise BadInput("a public signing key has the wrong length")
        self._key = Ed25519PublicKey.from_public_bytes(untrusted_raw)
        self.raw = untrusted_raw

    def verify(self, signature: bytes, message: bytes) -> None:
        """Nothing, if the signature holds; `BadInput` otherwise."""
        try:
            self._key.verify(signature, message)
        except InvalidSignature:
            raise BadInput("a signature does not hold: the content or the key is not the one that was signed") from None

    @property
    def text(self) -> str:
        """The key as base64, as documents name it."""
        return to_text(self.raw)


class SigningKey:
    """Signs; its private half never leaves through an attribute, only through `private_raw` for the key store."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public = VerifyKey(key.public_key().public_bytes_raw())

    @classmethod
    def generate(cls) -> SigningKey:
        """A fresh key from the system's randomness."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_raw(cls, raw: bytes) -> SigningKey:
        """The key in these 32 bytes."""
        return cls(Ed25519PrivateKey.from_private_bytes(raw))

    def private_raw(self) -> bytes:
        """The private half, 32 bytes, for the key store only."""
        return self._key.private_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """An Ed25519 signature, 64 bytes."""
        return self._key.sign(message)


class SealingKey:
    """The public half of an opening key: whoever has it can seal, not read."""

    def __init__(self, untrusted_raw: bytes) -> None:
        if len(untrusted_raw) != _MLKEM_PUBLIC + _X25519:
            raise BadInput("a public sealing key has the wrong length")
        try:
            mlkem = MLKEM768PublicKey.from_public_bytes(untrusted_raw[:_MLKEM_PUBLIC])
        except ValueError:
            raise BadInput("a public sealing key is damaged") from None
        x25519 = X25519PublicKey.from_public_bytes(untrusted_raw[_MLKEM_PUBLIC:])
        self._key = hpke.MLKEM768X25519PublicKey(mlkem, x25519)
        self.raw = untrusted_raw

    def wrap(self, secret: bytes, info: bytes) -> bytes:
        """The HPKE form of a short secret, bound to `info`; 1,136 bytes longer than the secret."""
        return SUITE.encrypt(secret, self._key, info)

    @property
    def text(self) -> str:
        """The key as base64, as documents name it."""
        return to_text(self.raw)

    @property
    def key_id(self) -> str:
        """A short name of this key: the first 16 hexadecimal digits of its digest."""
        return digest(self.raw)[:16]


class OpeningKey:
    """Opens what was sealed to its public half."""

    def __init__(self, raw: bytes) -> None:
        if len(raw) != _MLKEM_SEED + _X25519:
            raise BadInput("a private opening key has the wrong length")
        self._mlkem = MLKEM768PrivateKey.from_seed_bytes(raw[:_MLKEM_SEED])
        self._x25519 = X25519PrivateKey.from_private_bytes(raw[_MLKEM_SEED:])
        self._key = hpke.MLKEM768X25519PrivateKey(self._mlkem, self._x25519)
        public = self._mlkem.public_key().public_bytes_raw() + self._x25519.public_key().public_bytes_raw()
        self.public = SealingKey(public)

    @classmethod
    def generate(cls) -> OpeningKey:
        """A fresh key from the system's randomness."""
        return cls(MLKEM768PrivateKey.generate().private_bytes_raw() + X25519PrivateKey.generate().private_bytes_raw())

    def private_raw(self) -> bytes:
        """The private half, 96 bytes, for the key store only."""
        return self._mlkem.private_bytes_raw() + self._x25519.private_bytes_raw()

    def unwrap(self, wrapped: bytes, info: bytes) -> bytes:
        """The secret that `SealingKey.wrap` sealed with the same `info`; `BadInput` otherwise."""
        try:
            return SUITE.decrypt(wrapped, self._key, info)
        except (InvalidTag, ValueError):
            raise BadInput("a sealed key cannot be opened: it is damaged or meant for another key") from None


def to_text(raw: bytes) -> str:
    """Bytes as base64 text."""
    return base64.b64encode(raw).decode()


def from_text(untrusted: str) -> bytes:
    """The bytes of base64 text; `BadInput` if it is not."""
    try:
        return base64.b64decode(untrusted, validate=True)
    except (binascii.Error, ValueError):
        raise BadInput("a field that should be base64 is not") from None
