"""Keys do one thing each, come back from their bytes, and refuse bytes that are none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vault.errors import BadInput
from vault.keys import OpeningKey, SealingKey, SigningKey, VerifyKey, from_text, to_text

SIGNING, OPENING = SigningKey.generate(), OpeningKey.generate()


def test_a_signature_holds_for_its_message() -> None:
    SIGNING.public.verify(SIGNING.sign(b"yes"), b"yes")


@pytest.mark.parametrize("message", [b"no", b"yes ", b""])
def test_a_signature_does_not_hold_for_another_message(message: bytes) -> None:
    with pytest.raises(BadInput, match="signature"):
        SIGNING.public.verify(SIGNING.sign(b"yes"), message)


@pytest.mark.parametrize("signature", [b"", b"short", bytes(64), b"\xff" * 64, bytes(65)])
def test_what_is_no_signature_does_not_hold(signature: bytes) -> None:
    with pytest.raises(BadInput):
        SIGNING.public.verify(signature, b"yes")


def test_a_signing_key_comes_back_from_its_private_bytes() -> None:
    assert SigningKey.from_raw(SIGNING.private_raw()).public.raw == SIGNING.public.raw


def test_an_opening_key_comes_back_from_its_private_bytes() -> None:
    assert OpeningKey(OPENING.private_raw()).public.raw == OPENING.public.raw


def test_a_wrapped_secret_is_unwrapped_by_the_other_half() -> None:
    assert OPENING.unwrap(OPENING.public.wrap(b"secret", b"for this"), b"for this") == b"secret"


def test_a_wrapped_secret_is_as_long_as_promised() -> None:
    assert len(OPENING.public.wrap(bytes(32), b"")) == 32 + 1136


def test_a_wrapped_secret_is_bound_to_its_purpose() -> None:
    with pytest.raises(BadInput):
        OPENING.unwrap(OPENING.public.wrap(b"secret", b"for this"), b"for that")


def test_a_wrapped_secret_is_not_unwrapped_by_a_foreign_key() -> None:
    with pytest.raises(BadInput):
        OpeningKey.generate().unwrap(OPENING.public.wrap(b"secret", b""), b"")


@given(st.binary(max_size=1300))
def test_bytes_that_are_no_wrapped_secret_are_refused(untrusted: bytes) -> None:
    with pytest.raises(BadInput):
        OPENING.unwrap(untrusted, b"")


@pytest.mark.parametrize("size", [0, 31, 33, 1215, 1217])
def test_public_keys_of_the_wrong_length_are_refused(size: int) -> None:
    for kind in (VerifyKey, SealingKey):
        with pytest.raises(BadInput):
            kind(bytes(size))


def test_a_damaged_public_sealing_key_is_refused() -> None:
    with pytest.raises(BadInput):
        SealingKey(b"\xff" * 1216)


def test_a_sealing_key_has_nothing_that_opens() -> None:
    assert not [name for name in dir(SealingKey(OPENING.public.raw)) if "private" in name or "unwrap" in name]


@pytest.mark.parametrize("key", [SIGNING, OPENING])
def test_a_private_half_is_not_shown_when_a_key_is_printed(key: SigningKey | OpeningKey) -> None:
    assert key.private_raw().hex()[:16] not in repr(key) + str(vars(key))
    assert to_text(key.private_raw())[:16] not in repr(key) + str(vars(key))


@given(st.binary(max_size=40))
def test_bytes_come_back_from_their_text(raw: bytes) -> None:
    assert from_text(to_text(raw)) == raw


@pytest.mark.parametrize("text", ["a", "====", "AA=A", "AA\n==", "é", "A A="])
def test_text_that_is_no_base64_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        from_text(text)
