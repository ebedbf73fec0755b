"""The second reader of the format, which knows nothing of the product, finds the same states and the same records."""

from __future__ import annotations

import struct
from typing import Any, Final

import pytest
from cryptography.exceptions import InvalidTag

from tests.docs.test_format import read_batches, read_structure, state_of
from tests.vectors.test_vectors import CONSENT, DEVICES, segments_that, stored

REFUSALS: Final = (AssertionError, InvalidTag, ValueError, struct.error)
"""How the second reader refuses content: it has no words for people."""
HEAD_ALONE: Final = {
    *("spaces", "a-field-twice", "escapes", "a-fraction", "an-extra-field", "a-word-for-a-number"),
    *("a-short-segment-id", "capitals-in-its-segment-id"),
}
NOT_CHECKED: Final = {
    *(f"broken-head-with-{what}" for what in HEAD_ALONE),
    *("broken-head-above-the-limit", "broken-head-out-of-order", "broken-head-without-a-field"),
    *("broken-head-of-an-unknown-version", "sealed-record-beyond-the-plaintext"),
}
"""What the second reader leaves to the product's: the form of a head that the device signed, and a record's limit."""


def known(*states: str) -> list[Any]:
    """The segments of these states that the second reader can tell."""
    return [one for one in segments_that(*states) if one.id not in NOT_CHECKED]


@pytest.mark.parametrize("entry", known("intact", "torn", "broken"))
def test_the_second_reader_finds_the_same_state(entry: dict[str, Any]) -> None:
    state, _ = state_of(stored(entry["file"]), (DEVICES[0].raw,))
    assert state.lower() == entry["state"]


@pytest.mark.parametrize("entry", known("intact"))
def test_the_second_reader_gives_the_same_records_or_none(entry: dict[str, Any]) -> None:
    sealed = read_structure(stored(entry["file"]), DEVICES[0].raw)
    batches = read_batches(sealed, stored(entry["key_file"]), CONSENT.private_raw())
    if entry["records"] is not None:
        assert [record.hex() for batch in batches for record in batch] == entry["records"]
        return
    with pytest.raises(REFUSALS):
        list(batches)
