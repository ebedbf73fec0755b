"""Messages between the employee's process and the account come through whole, or not at all and with a reason."""

from __future__ import annotations

import array
import contextlib
import os
import socket
import struct
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optin.messages import (
    MAX_ANSWER,
    MAX_REQUEST,
    Answer,
    Ask,
    Destroy,
    Destroyed,
    Failed,
    Made,
    Make,
    Part,
    Progress,
    Redact,
    Request,
    Sealed,
    State,
    receive_answer,
    receive_request,
    send,
)
from vault.errors import BadInput

Ends = tuple[socket.socket, socket.socket]
REQUESTS: tuple[Request, ...] = (
    Make(),
    Destroy(),
    Ask(),
    Redact(devices=(b"k",), grant=b"g", lease=b"l", parts=1, policy=b"p", session="s", to=b"t"),
    Part(key_file=b"w"),
)
ANSWERS: tuple[Answer, ...] = (
    Made(public=b"p", signer=b"s"),
    Destroyed(),
    State(holds_consent=True, signer=b"s"),
    Progress(done=1, whole=2),
    Sealed(data=bytes(1 << 17)),
    Failed(kind="Refused", message="no"),
)


@pytest.fixture
def ends() -> Iterator[Ends]:
    one, other = socket.socketpair()
    with one, other:
        other.settimeout(5)
        yield one, other


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda one: type(one).__name__)
def test_a_request_comes_through(ends: Ends, request_: Request) -> None:
    send(ends[0], request_)
    assert receive_request(ends[1]) == (request_, None)


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda one: type(one).__name__)
def test_an_answer_comes_through(ends: Ends, answer: Answer) -> None:
    send(ends[0], answer)
    assert receive_answer(ends[1]) == answer


def test_a_descriptor_comes_with_its_message_and_closes_when_a_program_is_started(ends: Ends, tmp_path: Path) -> None:
    path = tmp_path / "segment"
    path.write_bytes(b"sealed")
    with path.open("rb") as file:
        send(ends[0], Part(key_file=b"k"), descriptor=file.fileno())
    _, descriptor = receive_request(ends[1])
    assert descriptor is not None
    assert not os.get_inheritable(descriptor)
    with os.fdopen(descriptor, "rb") as received:
        assert received.read() == b"sealed"


@pytest.mark.parametrize(("receive", "limit"), [(receive_request, MAX_REQUEST), (receive_answer, MAX_ANSWER)])
def test_a_length_beyond_the_limit_is_refused_before_the_body_comes(ends: Ends, receive: object, limit: int) -> None:
    ends[0].sendall(struct.pack(">I", limit + 1))
    with pytest.raises(BadInput, match="longer than any"):
        receive(ends[1])  # type: ignore[operator]


def test_a_message_that_is_cut_off_is_the_end_of_the_stream(ends: Ends) -> None:
    ends[0].sendall(struct.pack(">I", 10) + b"half")
    ends[0].close()
    with pytest.raises(EOFError):
        receive_request(ends[1])


def test_a_descriptor_with_a_message_that_is_none_is_closed(ends: Ends, tmp_path: Path) -> None:
    with (tmp_path / "file").open("wb") as file:
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [file.fileno()]))]
        ends[0].sendmsg([struct.pack(">I", 3) + b"xyz"], rights)
        before = _open_files()
    with pytest.raises(BadInput, match="damaged or from another version"):
        receive_request(ends[1])
    assert _open_files() == before - 1


def test_more_descriptors_than_one_are_refused_and_closed(ends: Ends, tmp_path: Path) -> None:
    with (tmp_path / "file").open("wb") as file:
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [file.fileno()] * 3))]
        body = msgspec.msgpack.encode(Part(key_file=b"k"))
        ends[0].sendmsg([struct.pack(">I", len(body))], rights)
        ends[0].sendall(body)
        before = _open_files()
        with pytest.raises(BadInput, match="more than it may"):
            receive_request(ends[1])
        assert _open_files() == before


def test_an_answer_that_carries_a_file_is_refused(ends: Ends, tmp_path: Path) -> None:
    with (tmp_path / "file").open("wb") as file:
        send(ends[0], Destroyed(), descriptor=file.fileno())
        before = _open_files()
        with pytest.raises(BadInput, match="not asked for"):
            receive_answer(ends[1])
        assert _open_files() == before


def test_an_answer_is_no_request(ends: Ends) -> None:
    send(ends[0], Destroyed())
    with pytest.raises(BadInput, match="another version"):
        receive_request(ends[1])


@given(st.binary(max_size=200))
def test_any_bytes_are_a_request_or_refused(untrusted: bytes) -> None:
    one, other = socket.socketpair()
    with one, other:
        one.sendall(struct.pack(">I", len(untrusted)) + untrusted)
        with contextlib.suppress(BadInput):
            assert isinstance(receive_request(other)[0], Request)


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))
