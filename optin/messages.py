"""What the employee's process and the redactor account say to each other over a Unix socket: the form, no meaning.

    message := u32(length of body) body        the body is msgpack of one of the types below

Rules of this file:
1. A length is checked before memory is taken for it. What is no message is `BadInput`, whoever sent it.
2. A connection carries one request. Its answer is the last message; `Progress` may come before.
3. A descriptor travels only with a `Part`, together with its first byte. One that was not asked for is closed.
4. No message holds anything raw: segments are sealed, what comes back is redacted and sealed again.
"""

from __future__ import annotations

import array
import os
import socket
import struct
import sys
from typing import Final, TypeAlias, TypeVar

import msgspec

from vault.errors import BadInput, MissingPart

MAX_REQUEST: Final = 1 << 20
"""Limit of a message to the redactor, in bytes."""
MAX_ANSWER: Final = 1 << 30
"""Limit of a message from the redactor, in bytes: a redacted session may not be larger on disk either."""
MAX_PARTS: Final = 2048
"""Most segments of one session: four hours of 30 s each are 480, and pauses begin further ones."""
_LENGTH: Final = struct.Struct(">I")
_CREDENTIALS: Final = struct.Struct("iII")  # struct ucred of <sys/socket.h>: pid, uid, gid
_PIECE: Final = 1 << 20


class Make(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag=True):
    """Asks for a fresh consent key; one that was there before is destroyed."""


class Destroy(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag=True):
    """Asks for the end of the consent key and of all that is done with it; it is no error if there is none."""


class Ask(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag=True):
    """Asks how things stand."""


class Redact(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag=True):
    """Asks for a session's redaction; as many `Part` messages follow as `parts` says."""

    devices: tuple[bytes, ...]
    grant: bytes
    lease: bytes
    parts: int
    policy: bytes
    session: str
    to: bytes


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag=True):
    """One segment: its wrapped key, and with the message a descriptor of its file, open for reading only."""

    key_file: bytes


class Made(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag=True):
    """The public half of the fresh consent key, and the public key that the redactor signs with."""

    public: bytes
    signer: bytes


class Destroyed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag=True):
    """There is no consent key any more."""


class State(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag=True):
    """How things stand: the public key that the redactor signs with, and whether it holds a consent key."""

    holds_consent: bool
    signer: bytes


class Progress(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag=True):
    """How many frames are done, and how many there are."""

    done: int
    whole: int


class Sealed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag=True):
    """The redacted session with its report, signed by the redactor and sealed to the key that was named."""

    data: bytes


class Failed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag=True):
    """Why there is no other answer; `kind` is the name of the error's type."""

    kind: str
    message: str


Request: TypeAlias = Make | Destroy | Ask | Redact | Part
Answer: TypeAlias = Made | Destroyed | State | Progress | Sealed | Failed
M = TypeVar("M")

_REQUESTS: Final[msgspec.msgpack.Decoder[Request]] = msgspec.msgpack.Decoder(Request)
_ANSWERS: Final[msgspec.msgpack.Decoder[Answer]] = msgspec.msgpack.Decoder(Answer)


def send(link: socket.socket, message: Request | Answer, *, descriptor: int | None = None) -> None:
    """Sends one message; `OSError` if the other side has gone or takes nothing."""
    body = msgspec.msgpack.encode(message)
    rights = [] if descriptor is None else [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [descriptor]))]
    if rights:
        link.sendmsg([_LENGTH.pack(len(body))], rights)
    else:  # a process that redacts may send no message with an address or a descriptor
        link.sendall(_LENGTH.pack(len(body)))
    link.sendall(body)


def receive_answer(link: socket.socket) -> Answer:
    """The next message of the redactor; `EOFError` if there is none, `BadInput` if it is none."""
    body, descriptor = _receive(link, MAX_ANSWER)
    if descriptor is not None:
        os.close(descriptor)
        raise BadInput("the redactor account sent a file that was not asked for")
    return _decoded(_ANSWERS, body)


def receive_request(link: socket.socket) -> tuple[Request, int | None]:
    """The next message of the employee, and the descriptor that came with it; the caller closes that."""
    body, descriptor = _receive(link, MAX_REQUEST)
    try:
        return _decoded(_REQUESTS, body), descriptor
    except BadInput:
        if descriptor is not None:
            os.close(descriptor)
        raise


def peer_uid(link: socket.socket) -> int:
    """The user at the other end, as the kernel knows it; `MissingPart` on a system whose kernel does not say."""
    if sys.platform != "linux":
        raise no_account()
    _, uid, _ = _CREDENTIALS.unpack(link.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size))
    return int(uid)


def no_account() -> MissingPart:
    """What is said on a system that has no redactor accounts."""
    return MissingPart("a redactor account needs Linux; elsewhere run `optin init` without --separate-user")


def _receive(link: socket.socket, limit: int) -> tuple[bytes, int | None]:
    one = socket.CMSG_LEN(array.array("i", [0]).itemsize)
    start, carried, flags, _ = link.recvmsg(_LENGTH.size, one, socket.MSG_CMSG_CLOEXEC)
    descriptor = _descriptor(carried)
    try:
        return _body(link, start, flags, limit), descriptor
    except BaseException:
        if descriptor is not None:
            os.close(descriptor)
        raise


def _body(link: socket.socket, start: bytes, flags: int, limit: int) -> bytes:
    if flags & socket.MSG_CTRUNC:
        raise BadInput("a message carries more than it may")
    (size,) = _LENGTH.unpack(start + _exactly(link, _LENGTH.size - len(start)))
    if size > limit:
        raise BadInput("a message is longer than any may be")
    return _exactly(link, size)


def _descriptor(carried: list[tuple[int, int, bytes]]) -> int | None:
    found = array.array("i")
    for level, kind, data in carried:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            found.frombytes(data[: len(data) - len(data) % found.itemsize])
    for spare in found[1:]:
        os.close(spare)
    return found[0] if found else None


def _exactly(link: socket.socket, size: int) -> bytes:
    """The next bytes, memory taken as they come; `EOFError` where the stream ends before."""
    pieces = []
    while size:
        piece = link.recv(min(size, _PIECE))
        if not piece:
            raise EOFError("the stream ended")
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def _decoded(decoder: msgspec.msgpack.Decoder[M], untrusted: bytes) -> M:
    try:
        return decoder.decode(untrusted)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BadInput("a message is damaged or from another version of Optin") from None
