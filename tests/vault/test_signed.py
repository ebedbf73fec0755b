"""A signed document is believed only as it was signed: these bytes, this kind, this key."""

from __future__ import annotations

import dataclasses

import pytest

from vault.canonical import Document, canonical, digest
from vault.errors import BadInput, NotMinted
from vault.keys import SigningKey, to_text
from vault.minted import Mint
from vault.signed import MAX_SIGNED, Signed, sign, verify, verify_self


class Yes(Document, frozen=True):
    """A document for tests."""

    person: str
    since_ms: int


class No(Document, frozen=True):
    """The same fields under another name."""

    person: str
    since_ms: int


KEY = SigningKey.generate()
SIGNED = sign(Yes(person="p-1", since_ms=5), KEY)


def test_what_was_signed_is_verified() -> None:
    assert verify(SIGNED.data, Yes, KEY.public).document == Yes(person="p-1", since_ms=5)


def test_the_digest_is_that_of_the_document_alone() -> None:
    assert verify_self(SIGNED.data, Yes).digest == digest(canonical(SIGNED.document))


def test_each_flipped_bit_is_refused() -> None:
    for place in range(8 * len(SIGNED.data)):
        changed = bytearray(SIGNED.data)
        changed[place // 8] ^= 1 << place % 8
        with pytest.raises(BadInput):
            verify_self(bytes(changed), Yes)


def test_each_cut_is_refused() -> None:
    for length in range(len(SIGNED.data)):
        with pytest.raises(BadInput):
            verify_self(SIGNED.data[:length], Yes)


def test_another_key_is_refused() -> None:
    with pytest.raises(BadInput, match="another key"):
        verify(SIGNED.data, Yes, SigningKey.generate().public)


def test_another_kind_is_refused() -> None:
    with pytest.raises(BadInput, match="another document"):
        verify_self(SIGNED.data, No)


def test_a_signature_cannot_be_moved_to_another_kind() -> None:
    with pytest.raises(BadInput, match="signature"):
        verify_self(SIGNED.data.replace(b'"kind":"Yes"', b'"kind":"No"'), No)


def test_a_signature_of_another_document_is_refused() -> None:
    other = sign(Yes(person="p-2", since_ms=5), KEY)
    with pytest.raises(BadInput, match="signature"):
        verify_self(SIGNED.data.replace(b"p-1", b"p-2"), Yes)
    assert other.digest != SIGNED.digest


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(SIGNED.data + b"\n", id="trailing byte"),
        pytest.param(SIGNED.data.replace(b'"kind":"Yes"', b'"kind":"Yes","kind":"Yes"'), id="duplicate key"),
        pytest.param(SIGNED.data.replace(b'"kind"', b' "kind"'), id="space"),
        pytest.param(b'{"kind":"Yes","body":' + b"[" * 300_000, id="deep nesting"),
        pytest.param(b" " * (MAX_SIGNED + 1), id="too large"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_another_form_of_the_file_is_refused(other: bytes) -> None:
    with pytest.raises(BadInput):
        verify_self(other, Yes)


@pytest.mark.parametrize("raw", [bytes(32), b"\x01" + bytes(31), b"short", b"\xff" * 32])
def test_a_signer_that_is_no_key_is_refused(raw: bytes) -> None:
    forged = SIGNED.data.replace(KEY.public.text.encode(), to_text(raw).encode())
    with pytest.raises(BadInput):
        verify_self(forged, Yes)


def test_nobody_else_makes_a_signed_value() -> None:
    with pytest.raises(NotMinted):
        Signed(SIGNED.document, KEY.public, b"", "", Mint("somebody"))


def test_a_signed_value_cannot_be_given_another_document() -> None:
    with pytest.raises(NotMinted):
        dataclasses.replace(SIGNED, document=Yes(person="p-2", since_ms=5), mint=Mint("somebody"))
