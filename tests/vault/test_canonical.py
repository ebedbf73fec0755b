"""A document has one byte form; any other form of the same words is refused, whatever it holds."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vault.canonical import Document, canonical, digest, parse
from vault.errors import BadInput


class Note(Document, frozen=True):
    """A document for tests."""

    count: int
    text: str


NOTE = Note(count=7, text="é")
FORM = canonical(NOTE)


@given(count=st.integers(-(2**53) + 1, 2**53 - 1), text=st.text())
def test_a_document_comes_back_from_its_canonical_bytes(count: int, text: str) -> None:
    note = Note(count=count, text=text)
    assert parse(canonical(note), Note) == note


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(b'{"text":"\xc3\xa9","count":7}', id="reordered"),
        pytest.param(b'{"count":7,"count":7,"text":"\xc3\xa9"}', id="duplicate key"),
        pytest.param(b'{"count":7, "text":"\xc3\xa9"}', id="space"),
        pytest.param(b'{"count":7.0,"text":"\xc3\xa9"}', id="number written otherwise"),
        pytest.param(b'{"count":7,"text":"\\u00e9"}', id="escape"),
        pytest.param(FORM + b"\n", id="trailing bytes"),
        pytest.param(FORM + FORM, id="twice"),
        pytest.param(b"\xef\xbb\xbf" + FORM, id="byte order mark"),
    ],
)
def test_another_form_of_the_same_words_is_refused(other: bytes) -> None:
    with pytest.raises(BadInput):
        parse(other, Note)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(b'{"count":7,"extra":1,"text":"a"}', id="unknown field"),
        pytest.param(b'{"count":7}', id="missing field"),
        pytest.param(b'{"count":"7","text":"a"}', id="wrong type"),
        pytest.param(b'{"count":true,"text":"a"}', id="truth for a number"),
        pytest.param(b'{"count":99999999999999999999,"text":"a"}', id="number beyond the exact range"),
        pytest.param(b'{"count":' + b"9" * 6000 + b',"text":"a"}', id="endless number"),
        pytest.param(b'{"count":7,"text":"\\ud800"}', id="half a character"),
        pytest.param(b'{"count":7,"text":"\xff"}', id="no text"),
        pytest.param(b'{"count":7,"text":' + b"[" * 200_000, id="deep nesting"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"null", id="null"),
    ],
)
def test_what_is_no_such_document_is_refused(other: bytes) -> None:
    with pytest.raises(BadInput):
        parse(other, Note)


@given(st.binary(max_size=200))
def test_no_bytes_make_the_parser_fail_otherwise(untrusted: bytes) -> None:
    with pytest.raises(BadInput):
        parse(untrusted, Note)


def test_each_flipped_bit_of_a_document_gives_another_document_or_none() -> None:
    for place in range(8 * len(FORM)):
        changed = bytearray(FORM)
        changed[place // 8] ^= 1 << place % 8
        try:
            assert parse(bytes(changed), Note) != NOTE
        except BadInput:
            continue


def test_a_document_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        NOTE.count = 8  # type: ignore[misc]


def test_fields_are_written_in_the_order_of_their_names() -> None:
    assert list(msgspec.json.decode(FORM)) == ["count", "text"]


def test_a_digest_is_sha_256_in_hexadecimal() -> None:
    assert digest(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
