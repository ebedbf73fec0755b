"""What was changed after it was made is refused by name, or means what it meant before.

Each input is one of the fuzz targets' own, with a few changes: bytes flipped, cut out, doubled, exchanged with another
input's, and lengths replaced by those that overflow.
"""

from __future__ import annotations

import io
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from capture.opening import SegmentOpener
from capture.segment import Broken, Intact, scan_segment
from tests.fuzz.bounds import read_bounded
from tests.fuzz.targets import DEVICE, TARGETS, Target, consent, stored, target
from vault.chain import read_chain
from vault.errors import BadInput

QUICK: Final = settings(
    deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
"""Time is bounded for each input by `read_bounded`, in seconds of the processor: others may use it too."""
SIZES: Final = (0, 1, 0x7F, 0xFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 1 << 25, (1 << 25) + 1)
(GOOD,) = stored("good.seg")
(GOOD_LEDGER,) = stored("good-with-two-keys.ledger")
KEY_FILE: Final = stored("good.key")[0]


@st.composite
def changed(draw: st.DrawFn, seeds: tuple[bytes, ...]) -> bytes:
    """One of the seeds after one to four changes."""
    data = draw(st.sampled_from(seeds))
    for _ in range(draw(st.integers(1, 4))):
        data = draw(st.sampled_from((_flipped, _cut_out, _doubled, _sized, _mixed)))(draw, data, seeds)
    return data


def _flipped(draw: st.DrawFn, data: bytes, _seeds: tuple[bytes, ...]) -> bytes:
    at = draw(st.integers(0, max(0, len(data) - 1)))
    return data[:at] + bytes(byte ^ draw(st.integers(1, 255)) for byte in data[at : at + 1]) + data[at + 1 :]


def _cut_out(draw: st.DrawFn, data: bytes, _seeds: tuple[bytes, ...]) -> bytes:
    start, end = _stretch(draw, data)
    return data[:start] + data[end:]


def _doubled(draw: st.DrawFn, data: bytes, _seeds: tuple[bytes, ...]) -> bytes:
    start, end = _stretch(draw, data)
    return data[:end] + data[start:end] + data[end:]


def _sized(draw: st.DrawFn, data: bytes, _seeds: tuple[bytes, ...]) -> bytes:
    at = draw(st.integers(0, len(data)))
    return data[:at] + draw(st.sampled_from(SIZES)).to_bytes(4, "big") + data[at + 4 :]


def _mixed(draw: st.DrawFn, data: bytes, seeds: tuple[bytes, ...]) -> bytes:
    other = draw(st.sampled_from(seeds))
    at = draw(st.integers(0, min(len(data), len(other))))
    return data[:at] + other[at:]


def _stretch(draw: st.DrawFn, data: bytes) -> tuple[int, int]:
    start = draw(st.integers(0, len(data)))
    return start, min(len(data), start + draw(st.integers(1, 200)))


@pytest.mark.parametrize("one", TARGETS, ids=lambda one: one.name)
@QUICK
@given(drawn=st.data())
def test_a_reader_refuses_changed_bytes_by_name(one: Target, drawn: st.DataObject) -> None:
    read_bounded(one, drawn.draw(changed(one.seeds())))


@QUICK
@given(st.sampled_from(TARGETS), st.binary(max_size=300))
def test_a_reader_refuses_any_bytes_by_name(one: Target, data: bytes) -> None:
    read_bounded(one, data)


@QUICK
@given(changed((GOOD,)))
def test_a_changed_segment_that_still_counts_as_whole_holds_the_same_records(data: bytes) -> None:
    file = io.BytesIO(data)
    scanned = scan_segment(file, (DEVICE,))
    if isinstance(scanned, Intact):
        assert list(SegmentOpener(scanned, KEY_FILE, consent()).records(file)) == [b"first", b"", b"second"]


@QUICK
@given(changed((GOOD,)))
def test_what_opens_in_a_changed_segment_is_a_beginning_of_what_was_sealed(data: bytes) -> None:
    file = io.BytesIO(data)
    scanned = scan_segment(file, (DEVICE,))
    if isinstance(scanned, Broken):
        return
    expected = iter((b"first", b"", b"second"))
    try:
        for record in SegmentOpener(scanned, KEY_FILE, consent()).records(file):
            assert record == next(expected)
    except BadInput:
        return


@QUICK
@given(changed(stored("grant-good.json")))
def test_a_changed_signed_document_is_refused(data: bytes) -> None:
    assert read_bounded(target("signed"), data) == (data in stored("grant-good.json"))


@QUICK
@given(changed((GOOD_LEDGER,)))
def test_a_changed_ledger_is_refused_or_a_beginning_of_the_ledger(data: bytes) -> None:
    whole = GOOD_LEDGER.splitlines()
    try:
        found = [signed.data for signed in read_chain(data.splitlines(), DEVICE)]
    except BadInput:
        return
    assert found == whole[: len(found)]
