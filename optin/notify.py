"""Desktop notifications: a fixed sentence goes to the desktop's notification server, whether it came out.

One short connection to the session bus for each, with a hard time-out; no content, title or task is ever in one.
"""

from __future__ import annotations

import os
import time
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from jeepney import Message

NAME: Final = "org.freedesktop.Notifications"
PATH: Final = "/org/freedesktop/Notifications"
SECONDS: Final = 0.2
STARTING_SECONDS: Final = 2.0
"""How long the bus may take to start a server that is not there yet."""
_SERVER_DECIDES: Final = -1  # expire_timeout of the Desktop Notifications Specification


def notify(summary: str, body: str, *, seconds: float = SECONDS) -> bool:
    """Whether a notification server took it within the time."""
    if "DBUS_SESSION_BUS_ADDRESS" not in os.environ or find_spec("jeepney") is None:
        return False
    from jeepney import DBusAddress, MessageType, new_method_call
    from jeepney.auth import AuthenticationError

    server = DBusAddress(PATH, bus_name=NAME, interface=NAME)
    fields: tuple[object, ...] = ("Optin", 0, "media-record", summary, body, [], {}, _SERVER_DECIDES)
    try:
        answer = _answer(new_method_call(server, "Notify", "susssasa{sv}i", fields), seconds=seconds)
    except (OSError, AuthenticationError, RuntimeError, ValueError):  # the latter two: an address that is none
        return False
    return bool(answer.header.message_type is MessageType.method_return)


def _answer(message: Message, *, seconds: float) -> Message:
    """What the bus answers; `TimeoutError` after so many seconds.

    Done by hand, since jeepney's own connection greets the bus without a time-out, and a bus may hang.
    """
    from jeepney import HeaderFields, Parser, message_bus
    from jeepney.bus import get_bus
    from jeepney.io.blocking import prep_socket

    end = time.monotonic() + seconds
    parser = Parser()
    with prep_socket(get_bus("SESSION"), timeout=seconds) as bus:
        bus.sendall(message_bus.Hello().serialise(serial=1) + message.serialise(serial=2))
        while True:
            while (answer := parser.get_next_message()) is not None:
                if answer.header.fields.get(HeaderFields.reply_serial) == 2:
                    return answer
            bus.settimeout(max(end - time.monotonic(), 0.001))
            data = bus.recv(1 << 12)
            if not data or time.monotonic() > end:
                raise TimeoutError
            parser.add_data(data)
