"""An envelope is opened by its recipients only, whole and unchanged, and only for what it was sealed for."""

from __future__ import annotations

import msgspec
import pytest

from vault.canonical import canonical, parse
from vault.envelope import MAGIC, EnvelopeHead, open_envelope, seal_envelope
from vault.errors import BadInput, Refused
from vault.keys import OpeningKey

ANNA, BEN, EVE = OpeningKey.generate(), OpeningKey.generate(), OpeningKey.generate()
SEALED = seal_envelope(b"for two", (ANNA.public, BEN.public), "letter")
SMALL = seal_envelope(b"for one", (ANNA.public,), "letter")


@pytest.mark.parametrize("key", [ANNA, BEN])
def test_every_recipient_opens_it(key: OpeningKey) -> None:
    assert open_envelope(SEALED, key, "letter") == b"for two"


def test_a_foreign_key_is_refused() -> None:
    with pytest.raises(Refused, match="not sealed to the key"):
        open_envelope(SEALED, EVE, "letter")


def test_a_foreign_key_under_a_recipients_name_opens_nothing() -> None:
    head = _head(SMALL)
    theirs = head.recipients[0]
    posing = msgspec.structs.replace(head, recipients=(msgspec.structs.replace(theirs, recipient=EVE.public.key_id),))
    with pytest.raises(BadInput):
        open_envelope(_with_head(SMALL, posing), EVE, "letter")


def test_it_needs_a_recipient() -> None:
    with pytest.raises(Refused, match="at least one key"):
        seal_envelope(b"nobody", (), "letter")


def test_another_context_is_refused() -> None:
    with pytest.raises(BadInput, match="something else"):
        open_envelope(SEALED, ANNA, "bill")


def test_a_context_that_was_rewritten_is_refused() -> None:
    with pytest.raises(BadInput):
        open_envelope(_with_head(SMALL, msgspec.structs.replace(_head(SMALL), context="bill")), ANNA, "bill")


def test_each_cut_is_refused() -> None:
    for length in range(len(SMALL)):
        with pytest.raises(BadInput):
            open_envelope(SMALL[:length], ANNA, "letter")


def test_each_flipped_byte_is_refused() -> None:
    for place in range(len(SMALL)):
        with pytest.raises((BadInput, Refused)):
            open_envelope(SMALL[:place] + bytes((SMALL[place] ^ 1,)) + SMALL[place + 1 :], ANNA, "letter")


def test_a_body_cannot_be_exchanged() -> None:
    other = seal_envelope(b"for one", (ANNA.public,), "letter")
    start = len(SMALL) - 64
    with pytest.raises(BadInput):
        open_envelope(SMALL[:start] + other[start:], ANNA, "letter")


def test_trailing_bytes_are_refused() -> None:
    with pytest.raises(BadInput):
        open_envelope(SMALL + b"\0", ANNA, "letter")


@pytest.mark.parametrize("head_length", [b"\xff\xff\xff\xff", b"\x00\x00\x00\x00", b"\x00\x20\x00\x00"])
def test_a_head_of_impossible_length_is_refused(head_length: bytes) -> None:
    with pytest.raises(BadInput):
        open_envelope(MAGIC + head_length + b"x" * 100, ANNA, "letter")


def test_the_message_cannot_be_seen_in_it() -> None:
    assert b"for two" not in SEALED


def test_two_envelopes_of_one_message_share_no_key() -> None:
    other = seal_envelope(b"for one", (ANNA.public,), "letter")
    assert _head(other).recipients[0].wrapped != _head(SMALL).recipients[0].wrapped


def _head(sealed: bytes) -> EnvelopeHead:
    start = len(MAGIC) + 4
    return parse(sealed[start : start + int.from_bytes(sealed[len(MAGIC) : start])], EnvelopeHead)


def _with_head(sealed: bytes, head: EnvelopeHead) -> bytes:
    old, new = canonical(_head(sealed)), canonical(head)
    return MAGIC + len(new).to_bytes(4) + new + sealed[len(MAGIC) + 4 + len(old) :]
