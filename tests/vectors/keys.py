"""The keys of the vectors: all are made of words, and all are public. Nothing real may ever be sealed to them."""

from __future__ import annotations

import base64
import hashlib
from typing import Final

from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

SUITE: Final = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


def signing(word: str) -> Ed25519PrivateKey:
    """The signing key of this word."""
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"optin vector " + word.encode()).digest())


def public_text(key: Ed25519PrivateKey) -> str:
    """A signing key's public half, as documents name it."""
    return text(key.public_key().public_bytes_raw())


def text(raw: bytes) -> str:
    """Bytes as base64."""
    return base64.b64encode(raw).decode()


def opening_raw(word: str) -> bytes:
    """The private half of the opening key of this word: 64 bytes of ML-KEM seed, then 32 of X25519."""
    return hashlib.shake_256(b"optin vector " + word.encode()).digest(96)


def opening(word: str) -> hpke.MLKEM768X25519PrivateKey:
    """The opening key of this word."""
    raw = opening_raw(word)
    mlkem = MLKEM768PrivateKey.from_seed_bytes(raw[:64])
    return hpke.MLKEM768X25519PrivateKey(mlkem, X25519PrivateKey.from_private_bytes(raw[64:]))


def sealing(word: str) -> hpke.MLKEM768X25519PublicKey:
    """The public half of the opening key of this word."""
    mlkem, x25519 = _public_halves(word)
    return hpke.MLKEM768X25519PublicKey(mlkem, x25519)


def sealing_text(word: str) -> str:
    """The same, as documents name it."""
    mlkem, x25519 = _public_halves(word)
    return text(mlkem.public_bytes_raw() + x25519.public_bytes_raw())


def _public_halves(word: str) -> tuple[MLKEM768PublicKey, X25519PublicKey]:
    raw = opening_raw(word)
    mlkem = MLKEM768PrivateKey.from_seed_bytes(raw[:64])
    return mlkem.public_key(), X25519PrivateKey.from_private_bytes(raw[64:]).public_key()
