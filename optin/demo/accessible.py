"""A program's widgets, as the accessibility bus tells them: a role, a name, a rectangle on the screen.

The scripted person uses it to find the menus of a desktop program, as a person's eyes would. It only reads, each
call has a time-out, and an object that vanished while it was looked at counts as not there.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Self

from jeepney import DBusAddress, MessageType, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection

_SECONDS: Final = 2.0
_ROOT: Final = ("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")
_SCREEN: Final = 0  # AtspiCoordType ATSPI_COORD_TYPE_SCREEN
_WIDEST_SEARCH: Final = 2000


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A place on the screen in pixels."""

    left: int
    top: int
    width: int
    height: int

    @property
    def centre(self) -> tuple[int, int]:
        """The point that a person would click."""
        return self.left + self.width // 2, self.top + self.height // 2


@dataclass(frozen=True, slots=True)
class Widget:
    """The address of one object on the accessibility bus."""

    bus_name: str
    path: str


class Gone(LookupError):
    """The object or the bus did not answer."""


def bus_address(session_address: str) -> str | None:
    """The address of the accessibility bus, or None while it is not there yet."""
    address = DBusAddress("/org/a11y/bus", bus_name="org.a11y.Bus", interface="org.a11y.Bus")
    try:
        with _connected(session_address) as connection:
            answer = connection.send_and_get_reply(new_method_call(address, "GetAddress"), timeout=_SECONDS)
    except (OSError, TimeoutError):
        return None
    return str(answer.body[0]) if answer.header.message_type is MessageType.method_return else None


def address_in(environment: Mapping[str, str]) -> str:
    """The address of the accessibility bus of a desktop; Gone when it has none."""
    session = environment.get("DBUS_SESSION_BUS_ADDRESS", "")
    address = environment.get("AT_SPI_BUS_ADDRESS") or (bus_address(session) if session else None)
    if address is None:
        raise Gone("The desktop has no accessibility bus. On Debian or Ubuntu: apt-get install at-spi2-core")
    return address


class Widgets:
    """A context manager on one connection to the accessibility bus."""

    def __init__(self, address: str) -> None:
        self._connection = open_dbus_connection(address)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def program(self, name: str) -> Widget | None:
        """The root of the named program, or None when it has not registered yet."""
        return next((child for child in self._children(Widget(*_ROOT)) if self._name(child).casefold() == name), None)

    def find(self, start: Widget, *, role: str, name: str) -> Widget | None:
        """The nearest descendant with this role and name, breadth first, or None."""
        waiting = deque([start])
        for _ in range(_WIDEST_SEARCH):
            if not waiting:
                return None
            widget = waiting.popleft()
            if self._role(widget) == role and self._name(widget) == name:
                return widget
            waiting.extend(self._children(widget))
        return None

    def rectangle(self, widget: Widget) -> Rectangle:
        """Where the widget lies on the screen."""
        body = self._call(widget, "org.a11y.atspi.Component", "GetExtents", "u", (_SCREEN,))
        return Rectangle(*body[0])

    def selections(self, widget: Widget) -> int:
        """How many stretches of a text are selected."""
        return int(self._call(widget, "org.a11y.atspi.Text", "GetNSelections")[0])

    def _children(self, widget: Widget) -> tuple[Widget, ...]:
        return tuple(Widget(*child) for child in self._call(widget, "org.a11y.atspi.Accessible", "GetChildren")[0])

    def _role(self, widget: Widget) -> str:
        return str(self._call(widget, "org.a11y.atspi.Accessible", "GetRoleName")[0])

    def _name(self, widget: Widget) -> str:
        arguments = ("org.a11y.atspi.Accessible", "Name")
        name = str(self._call(widget, "org.freedesktop.DBus.Properties", "Get", "ss", arguments)[0][1])
        return name.strip()  # GTK 3 pads the names of menu items with blanks

    def _call(
        self, widget: Widget, interface: str, method: str, signature: str | None = None, body: tuple[object, ...] = ()
    ) -> tuple[Any, ...]:
        address = DBusAddress(widget.path, bus_name=widget.bus_name, interface=interface)
        message = new_method_call(address, method, signature, body)
        try:
            answer = self._connection.send_and_get_reply(message, timeout=_SECONDS)
        except (OSError, TimeoutError) as error:
            raise Gone(f"The accessibility bus did not answer {method}.") from error
        if answer.header.message_type is not MessageType.method_return:
            raise Gone(f"A widget went away before {method} was answered.")
        return tuple(answer.body)


@contextmanager
def _connected(address: str) -> Iterator[DBusConnection]:
    connection = open_dbus_connection(address)
    try:
        yield connection
    finally:
        connection.close()
