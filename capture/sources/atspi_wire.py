"""One connection to the accessibility bus: questions go out, several at a time, and answers or silence come back.

It waits for no answer longer than the deadline it is given. What is not an answer of the expected shape is `Silent`;
`Gone` is what a programme says that has no such widget. Signals that come meanwhile are stamped at once and kept, so
that a slow question does not make news look younger. Used by one thread.
"""

from __future__ import annotations

import struct
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Generic, TypeAlias, TypeVar

from jeepney import DBusAddress, HeaderFields, Message, MessageFlag, MessageType, new_method_call
from jeepney.bus import get_bus
from jeepney.io.blocking import DBusConnection, prep_socket

SETUP_SECONDS: Final = 2.0
"""How long the bus itself may take to answer while the connection is set up."""
DEAF_SECONDS: Final = 1.0
"""How long a programme that did not answer is left alone by whoever can wait."""

_FAIR_SECONDS: Final = 0.008
"""A programme that had less time than this is not said to be deaf."""
_POSTED_SECONDS: Final = 10.0
_MOST_POSTED: Final = 64
_SERIAL: Final = slice(8, 12)
"""Where a message's serial number stands (D-Bus specification, message format)."""

Body: TypeAlias = tuple[Any, ...]
_T = TypeVar("_T")
_A = TypeVar("_A")
_B = TypeVar("_B")
_C = TypeVar("_C")
_D = TypeVar("_D")


class Silent(LookupError):
    """The bus or a programme did not answer in time, or not as it should."""


class Gone(Silent):
    """The programme says that it has no such widget, or that the widget cannot be asked this."""


@dataclass(frozen=True, slots=True)
class Ref:
    """Where a widget can be asked."""

    bus_name: str
    path: str


@dataclass(frozen=True, slots=True)
class Question(Generic[_T]):
    """One method call, and how its answer is read; `body` fits `signature` and is made of tuples, numbers, texts."""

    ref: Ref
    interface: str
    method: str
    read: Callable[[Body], _T]
    signature: str | None = None
    body: Body = ()


@dataclass(frozen=True, slots=True)
class _Posted:
    until: float
    take: Callable[[Body | Silent], None]


@dataclass(frozen=True, slots=True)
class _Reader(Generic[_T]):
    """Reads an answer for whoever posted the question."""

    question: Question[_T]
    take: Callable[[_T | Silent], None]

    def read(self, body: Body | Silent) -> None:
        """Hands on what the answer says."""
        answer = _answer_or_silence(self.question, body)
        self.take(answer)


class Connection(DBusConnection):  # type: ignore[misc]  # jeepney tells no types
    """A connection that waits for no answer longer than it may, not even when it is opened."""

    def __init__(self, address: str) -> None:
        socket = prep_socket(get_bus(address), timeout=SETUP_SECONDS)
        socket.settimeout(SETUP_SECONDS)
        try:
            super().__init__(socket)
        except BaseException:
            socket.close()
            raise

    def send_and_get_reply(self, message: Message, *, timeout: float | None = None) -> Message:
        """The answer; `TimeoutError` when there is none in time."""
        return super().send_and_get_reply(message, timeout=SETUP_SECONDS if timeout is None else timeout)


class Wire:
    """The connection. `OSError` from any method means that the bus has gone for good."""

    def __init__(self, address: str) -> None:
        self._connection = Connection(address)
        self._signals: deque[tuple[int, Message]] = deque()
        self._wanted: dict[int, Body | Silent | None] = {}
        self._posted: dict[int, _Posted] = {}
        self._arrived: deque[tuple[_Posted, Body | Silent]] = deque()
        self._deaf: dict[str, float] = {}
        self.asked = 0

    @property
    def socket(self) -> int:
        """The file descriptor that becomes readable when something has come."""
        return int(self._connection.sock.fileno())

    def ask(self, question: Question[_T], deadline: float) -> _T:
        """The answer; `Silent` when there is none in time, or it has another shape."""
        (answer,) = self._ask((question,), deadline)
        return _answered(question, answer)

    def ask_two(self, one: Question[_A], two: Question[_B], *, deadline: float) -> tuple[_A, _B]:
        """Both answers, asked for at once."""
        first, second = self._ask((one, two), deadline)
        return _answered(one, first), _answered(two, second)

    def ask_three(
        self, one: Question[_A], two: Question[_B], three: Question[_C], *, deadline: float
    ) -> tuple[_A, _B, _C]:
        """All three answers, asked for at once."""
        first, second, third = self._ask((one, two, three), deadline)
        return _answered(one, first), _answered(two, second), _answered(three, third)

    def ask_four(
        self, one: Question[_A], two: Question[_B], three: Question[_C], *, four: Question[_D], deadline: float
    ) -> tuple[_A, _B, _C, _D]:
        """All four answers, asked for at once."""
        first, second, third, fourth = self._ask((one, two, three, four), deadline)
        return _answered(one, first), _answered(two, second), _answered(three, third), _answered(four, fourth)

    def ask_each(self, questions: Sequence[Question[_T]], deadline: float) -> tuple[_T | Silent, ...]:
        """For each question, in order, its answer or why there is none; asked for at once."""
        told: list[_T | Silent] = []
        for question, body in zip(questions, self._ask(questions, deadline), strict=True):
            answer = _answer_or_silence(question, body)
            told.append(answer)
        return tuple(told)

    def post(self, question: Question[_T], take: Callable[[_T | Silent], None]) -> None:
        """Asks without waiting; what comes of it is handed over by `hand_out`, within ten seconds."""
        posted = _Posted(time.monotonic() + _POSTED_SECONDS, _Reader(question, take).read)
        if len(self._posted) >= _MOST_POSTED:
            self._arrived.append((posted, Silent("too much is asked at once")))
        else:
            self._posted[self._send((question,))[0]] = posted

    def has_come(self) -> bool:
        """Whether something has come that was not taken yet; it may not be the socket any more that holds it."""
        self._receive_all()
        return bool(self._signals or self._arrived)

    def hand_out(self) -> None:
        """Reads what has come, without waiting, and hands posted questions their answers."""
        self._receive_all()
        now = time.monotonic()
        for serial in [serial for serial, posted in self._posted.items() if posted.until < now]:
            self._arrived.append((self._posted.pop(serial), Silent("no answer in time")))
        while self._arrived:
            posted, answer = self._arrived.popleft()
            posted.take(answer)

    def signals(self) -> tuple[tuple[int, Message], ...]:
        """The signals since the last call and when each was seen."""
        self._receive_all()
        taken = tuple(self._signals)
        self._signals.clear()
        return taken

    def is_deaf(self, bus_name: str) -> bool:
        """Whether a programme has lately left a question without any answer."""
        return self._deaf.get(bus_name, 0) > time.monotonic()

    def set_up(self, ref: Ref, call: tuple[str, str], *, signature: str, body: Body) -> None:
        """Makes a call whose answer says nothing; `Silent` when it fails."""
        address = DBusAddress(ref.path, bus_name=ref.bus_name, interface=call[0])
        try:
            answer = self._connection.send_and_get_reply(new_method_call(address, call[1], signature, body))
        except TimeoutError:
            raise Silent("no answer in time") from None
        if answer.header.message_type is not MessageType.method_return:
            raise Silent("the bus refuses")

    def close(self) -> None:
        """Ends the connection."""
        self._connection.close()

    def _ask(self, questions: Sequence[Question[Any]], deadline: float) -> list[Body | Silent]:
        began = time.monotonic()
        if began >= deadline:
            return [Silent("there is no time left")] * len(questions)
        self._wanted = dict.fromkeys(self._send(questions))
        while None in self._wanted.values() and self._receive(max(deadline - time.monotonic(), 0)):
            pass
        answers, self._wanted = self._wanted, {}
        self._note_deaf(questions, list(answers.values()), began=began)
        return [Silent("no answer in time") if answer is None else answer for answer in answers.values()]

    def _note_deaf(
        self, asked: Sequence[Question[Any]], answers: Sequence[Body | Silent | None], *, began: float
    ) -> None:
        now = time.monotonic()
        for question, answer in zip(asked, answers, strict=True):
            if answer is not None:
                self._deaf.pop(question.ref.bus_name, None)
            elif now - began >= _FAIR_SECONDS:
                self._deaf[question.ref.bus_name] = now + DEAF_SECONDS

    def _send(self, questions: Sequence[Question[Any]]) -> list[int]:
        """Sends all at once; the serial numbers by which their answers are known."""
        serials = [int(next(self._connection.outgoing_serial)) for _ in questions]
        self._connection.sock.sendall(b"".join(map(_numbered, questions, serials)))
        self.asked += len(serials)
        return serials

    def _receive_all(self) -> None:
        while self._receive(0):
            pass

    def _receive(self, seconds: float) -> bool:
        """Takes one message where it belongs; false when none has come in time."""
        try:
            message = self._connection.receive(timeout=seconds)
        except TimeoutError:
            return False
        if message.header.message_type is MessageType.signal:
            self._signals.append((time.monotonic_ns(), message))
            return True
        serial = message.header.fields.get(HeaderFields.reply_serial, -1)
        if serial in self._wanted:
            self._wanted[serial] = _body(message)
        elif serial in self._posted:
            self._arrived.append((self._posted.pop(serial), _body(message)))
        return True


def _body(message: Message) -> Body | Silent:
    if message.header.message_type is not MessageType.method_return:
        return Gone("the widget has gone")
    return tuple(message.body) or Gone("the widget does not say")


def _answered(question: Question[_T], answer: Body | Silent) -> _T:
    if isinstance(answer, Silent):
        raise answer
    try:
        return question.read(answer)
    except (TypeError, ValueError, LookupError, AttributeError):
        raise Gone("the answer has another shape") from None


def _answer_or_silence(question: Question[_T], answer: Body | Silent) -> _T | Silent:
    try:
        return _answered(question, answer)
    except Silent as silence:
        return silence


def _numbered(question: Question[Any], serial: int) -> bytes:
    known = _serialised(question.ref, question.interface, question.method, question.signature, question.body)
    return known[: _SERIAL.start] + struct.pack("<I", serial) + known[_SERIAL.stop :]


@lru_cache(maxsize=1024)
def _serialised(ref: Ref, interface: str, method: str, signature: str | None, body: Body) -> bytes:
    """The call's bytes with a serial number to be replaced: the same widgets are asked the same things again."""
    address = DBusAddress(ref.path, bus_name=ref.bus_name, interface=interface)
    message = new_method_call(address, method, signature, _thawed(body))
    message.header.flags |= MessageFlag.no_auto_start
    return bytes(message.serialise(serial=1))


def _thawed(value: object) -> object:
    """An argument as the serialiser wants it: what was frozen for hashing becomes a list or a table again."""
    match value:
        case frozenset():
            return dict(value)
        case ("list", *items):
            return list(items)
        case tuple():
            return tuple(_thawed(item) for item in value)
        case _:
            return value
