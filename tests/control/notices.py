"""A desktop notification server on a real session bus, which keeps what it is told."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Self

from jeepney import DBusAddress, HeaderFields, MessageType, message_bus, new_method_return
from jeepney.io.blocking import open_dbus_connection
from jeepney.wrappers import unwrap_msg

from optin.notify import NAME

ADDRESS = DBusAddress("/org/freedesktop/Notifications", bus_name=NAME, interface=NAME)


class Notices:
    """A context manager; `dumb` makes it take messages and answer none."""

    def __init__(self, bus: str) -> None:
        self._bus = open_dbus_connection(bus)
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self.dumb = False
        self.told: list[tuple[str, str]] = []

    @property
    def summaries(self) -> tuple[str, ...]:
        """The first line of each notification."""
        return tuple(summary for summary, _ in self.told)

    def __enter__(self) -> Self:
        unwrap_msg(self._bus.send_and_get_reply(message_bus.RequestName(NAME), timeout=5))
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ends.set()
        self._thread.join()
        self._bus.close()

    def _serve(self) -> None:
        while not self._ends.is_set():
            try:
                message = self._bus.receive(timeout=0.05)
            except TimeoutError:
                continue
            is_call = message.header.message_type is MessageType.method_call
            if is_call and message.header.fields.get(HeaderFields.member) == "Notify":
                self.told.append((message.body[3], message.body[4]))
                if not self.dumb:
                    self._bus.send(new_method_return(message, "u", (len(self.told),)))
