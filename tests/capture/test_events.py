"""Every event comes back from its record; what is no known event is an error and never passed over."""

from __future__ import annotations

import struct
import typing

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.events import (
    MAX_HEAD,
    Area,
    Event,
    EventError,
    Frame,
    Key,
    PointerMoved,
    RawEvent,
    Tile,
    decode_event,
    encode_event,
)

KINDS = typing.get_args(RawEvent)
NUMBERS = st.integers(-(2**63), 2**63 - 1)


def _events(kind: type[Event]) -> st.SearchStrategy[Event]:
    return st.builds(
        kind,
        **{name: _values(hint) for name, hint in typing.get_type_hints(kind).items() if name in kind.__struct_fields__},
    )


def _values(hint: object) -> st.SearchStrategy[typing.Any]:
    if typing.get_origin(hint) is tuple:
        return st.lists(_values(typing.get_args(hint)[0]), max_size=3).map(tuple)
    if hint is int:
        return NUMBERS
    if hint is float:
        return st.floats(allow_nan=False, allow_infinity=False)
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return st.builds(hint, **{name: _values(part) for name, part in typing.get_type_hints(hint).items()})
    return st.from_type(typing.cast("type", hint))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_an_event_of_each_kind_comes_back_from_its_record(kind: type[Event], data: st.DataObject) -> None:
    event = data.draw(_events(kind))
    assert decode_event(encode_event(typing.cast("RawEvent", event))) == event


def test_the_pixels_of_a_frame_stand_outside_its_head() -> None:
    frame = Frame(1, 64, 64, whole=True, tiles=(Tile(0, 0),), packed=b"\x00pixels")
    assert encode_event(frame).endswith(b"}\x00pixels")


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(b'{"kind":"Clipboard","at_ns":1}', id="unknown kind"),
        pytest.param(b'{"kind":"PointerMoved","at_ns":1,"x":1,"y":1,"text":"a"}', id="unknown field"),
        pytest.param(b'{"kind":"PointerMoved","at_ns":1,"x":1}', id="missing field"),
        pytest.param(b'{"at_ns":1,"x":1,"y":1}', id="no kind"),
        pytest.param(b'{"kind":"PointerMoved","at_ns":"1","x":1,"y":1}', id="wrong type"),
        pytest.param(b'{"kind":"Key","at_ns":1,"name":"\xff","character":"","pressed":true}', id="no text"),
        pytest.param(b'{"kind":"Key","at_ns":1' + b"0" * 6000 + b"}", id="endless number"),
        pytest.param(b'{"kind":' + b"[" * 200_000, id="deep nesting"),
        pytest.param(b"[]", id="another value"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_what_is_no_known_event_is_an_error(head: bytes) -> None:
    with pytest.raises(EventError):
        decode_event(struct.pack(">I", len(head)) + head)


def test_each_cut_of_a_record_is_an_error() -> None:
    record = encode_event(PointerMoved(1, 2, 3))
    for length in range(len(record)):
        with pytest.raises(EventError):
            decode_event(record[:length])


def test_bytes_after_an_event_without_pixels_are_an_error() -> None:
    with pytest.raises(EventError, match="bytes follow"):
        decode_event(encode_event(PointerMoved(1, 2, 3)) + b"\0")


@pytest.mark.parametrize("size", [MAX_HEAD + 1, 2**32 - 1])
def test_a_head_of_impossible_length_is_an_error(size: int) -> None:
    with pytest.raises(EventError, match="longer"):
        decode_event(struct.pack(">I", size) + b"{}")


@given(st.binary(max_size=300))
def test_no_bytes_make_the_parser_fail_otherwise(untrusted: bytes) -> None:
    with pytest.raises(EventError):
        decode_event(untrusted)


def test_an_event_that_is_too_large_is_not_encoded() -> None:
    with pytest.raises(EventError, match="larger"):
        encode_event(Key(1, "a", "a" * (MAX_HEAD + 1), pressed=True))


def test_half_a_character_is_not_encoded_and_not_shown() -> None:
    with pytest.raises(EventError, match="characters") as caught:
        encode_event(Key(1, "hidden", "\ud800", pressed=True))
    assert "hidden" not in str(caught.value)


def test_an_event_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Area(0, 0, 1, 1).x = 5  # type: ignore[misc]


def test_there_is_no_event_for_a_clipboard_sound_or_camera() -> None:
    assert not {kind.__name__ for kind in KINDS} & {"Clipboard", "Audio", "Sound", "Camera"}
