"""What the system bus knows of power: whether the person wants it saved, and whether the machine is going to sleep.

Questions to power-profiles-daemon have a hard time-out, and start no service that is not there; suspend is heard from
logind. A bus that is missing, silent or broken is left alone for a while, and everything then is unknown. It reads, and
changes nothing.
"""

from __future__ import annotations

import time
from collections import deque
from typing import Final

from jeepney import DBusAddress, HeaderFields, MatchRule, Message, MessageFlag, MessageType, Properties
from jeepney.bus import get_bus
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, prep_socket

ANSWER_SECONDS: Final = 0.05
"""How long an answer may take; it usually comes within a millisecond. The recorder waits meanwhile."""
QUIET_SECONDS: Final = 300.0
"""How long a bus that did not answer is left alone."""

_PROFILES: Final = (
    DBusAddress(
        "/org/freedesktop/UPower/PowerProfiles",
        bus_name="org.freedesktop.UPower.PowerProfiles",
        interface="org.freedesktop.UPower.PowerProfiles",
    ),
    # Its name before version 0.20.
    DBusAddress("/net/hadess/PowerProfiles", bus_name="net.hadess.PowerProfiles", interface="net.hadess.PowerProfiles"),
)
_SAVER: Final = "power-saver"
_SLEEP: Final = MatchRule(
    type="signal",
    interface="org.freedesktop.login1.Manager",
    member="PrepareForSleep",
    path="/org/freedesktop/login1",
    sender="org.freedesktop.login1",
)


class _Connection(DBusConnection):  # type: ignore[misc]  # jeepney tells no types
    """A connection that waits for no answer longer than it may, not even when it is opened."""

    def __init__(self, address: str, seconds: float) -> None:
        self._seconds = seconds
        socket = prep_socket(get_bus(address), timeout=seconds)
        socket.settimeout(seconds)
        try:
            super().__init__(socket)
        except BaseException:
            socket.close()
            raise

    def send_and_get_reply(self, message: Message, *, timeout: float | None = None) -> Message:
        """The answer; `OSError` when there is none in time."""
        return super().send_and_get_reply(message, timeout=self._seconds if timeout is None else timeout)


class PowerBus:
    """One connection, opened when it is first needed; used by one thread. `address` is a D-Bus address or `SYSTEM`."""

    def __init__(self, address: str = "SYSTEM", *, answer_seconds: float = ANSWER_SECONDS) -> None:
        self._address, self._answer_seconds = address, answer_seconds
        self._connection: _Connection | None = None
        self._heard: deque[Message] = deque()
        self._quiet_until = 0.0
        self._going_to_sleep = False

    def saver_wanted(self) -> bool:
        """Whether the person has switched the system to saving power; false where nobody knows."""
        return any(self._profile(address) == _SAVER for address in _PROFILES)

    def going_to_sleep(self) -> bool:
        """Whether the system has said that it suspends, and not yet that it has woken. Never waits for an answer."""
        connection = self._opened()
        if connection is None:
            return False
        try:
            while True:
                connection.recv_messages(timeout=0)
        except TimeoutError:
            pass
        except OSError:
            self._give_up()
        while self._heard:
            self._going_to_sleep = _says_sleep(self._heard.popleft())
        return self._going_to_sleep

    def close(self) -> None:
        """Ends the connection."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _profile(self, address: DBusAddress) -> str:
        question = Properties(address).get("ActiveProfile")
        question.header.flags |= MessageFlag.no_auto_start
        match self._asked(question):
            case (("s", str(profile)),):
                return profile
            case _:
                return ""

    def _asked(self, question: Message) -> tuple[object, ...]:
        """The body of the answer, empty where there is none."""
        connection = self._opened()
        if connection is None:
            return ()
        try:
            answer = connection.send_and_get_reply(question)
        except OSError:  # a time-out is one too
            self._give_up()
            return ()
        return tuple(answer.body) if answer.header.message_type is MessageType.method_return else ()

    def _opened(self) -> _Connection | None:
        if self._connection is None and time.monotonic() >= self._quiet_until:
            try:
                self._connection = _Connection(self._address, self._answer_seconds)
                self._connection.filter(_SLEEP_HEARD, queue=self._heard)
                self._connection.send_and_get_reply(message_bus.AddMatch(_SLEEP))
            except (
                OSError,
                ValueError,
                KeyError,
                RuntimeError,
            ):  # no bus, an address of another kind, or it refused us
                self._give_up()
        return self._connection

    def _give_up(self) -> None:
        self.close()
        self._heard.clear()
        self._going_to_sleep = False
        self._quiet_until = time.monotonic() + QUIET_SECONDS


_SLEEP_HEARD: Final = MatchRule(
    type="signal", interface="org.freedesktop.login1.Manager", member="PrepareForSleep", path="/org/freedesktop/login1"
)
"""The same without the sender: the bus has checked it, and writes a number in the place of the name."""


def _says_sleep(message: Message) -> bool:
    return message.header.fields.get(HeaderFields.signature) == "b" and bool(message.body[0])
