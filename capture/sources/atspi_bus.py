"""Questions to the accessibility bus: a reference to a widget goes in, its role, name, place or kin come out.

Every question has a deadline; no answer, or an error for an answer, is `Silent`. It reads, and changes nothing. The
numbers are those of at-spi2-core (atspi-constants.h).
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from typing import Any, Final

from jeepney import DBusAddress, HeaderFields, MatchRule, Message, MessageType, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from jeepney.wrappers import DBusErrorResponse, unwrap_msg

from capture.events import Area

ACTIVE: Final = 1
FOCUSED: Final = 12
SHOWING: Final = 25
ROLE_DOCUMENT_FRAME: Final = 82
ROLE_DOCUMENT_WEB: Final = 95
STATES: Final = (
    *("invalid", "active", "armed", "busy", "checked", "collapsed", "defunct", "editable", "enabled", "expandable"),
    *("expanded", "focusable", "focused", "has tooltip", "horizontal", "iconified", "modal", "multi line"),
    *("multiselectable", "opaque", "pressed", "resizable", "selectable", "selected", "sensitive", "showing"),
    *("single line", "stale", "transient", "vertical", "visible", "manages descendants", "indeterminate", "required"),
    *("truncated", "animated", "invalid entry", "supports autocompletion", "selectable text", "is default", "visited"),
    *("checkable", "has popup", "read only"),
)
NAME_LIMIT: Final = 500

_ACCESSIBLE: Final = "org.a11y.atspi.Accessible"
_COMPONENT: Final = "org.a11y.atspi.Component"
_COLLECTION: Final = "org.a11y.atspi.Collection"
_DOCUMENT: Final = "org.a11y.atspi.Document"
_REGISTRY: Final = "org.a11y.atspi.Registry"
_PROPERTIES: Final = "org.freedesktop.DBus.Properties"
_BUS: Final = "org.freedesktop.DBus"
_SCREEN: Final = 0
_MATCH_ALL: Final = 1
_MATCH_ANY: Final = 2
_IN_ORDER: Final = 1
_ROLE_WORDS: Final = 4
_EVENTS: Final = ("object:state-changed:focused", "window:activate")
_MATCHES: Final = (
    "type='signal',interface='org.a11y.atspi.Event.Object',member='StateChanged',arg0='focused'",
    "type='signal',interface='org.a11y.atspi.Event.Window',member='Activate'",
)
_SETUP_SECONDS: Final = 2.0


class Silent(LookupError):
    """The bus or a programme did not answer in time, or the widget is not there any more."""


@dataclass(frozen=True, slots=True)
class Ref:
    """Where a widget can be asked."""

    bus_name: str
    path: str


@dataclass(frozen=True, slots=True)
class Signal:
    """A widget gained or lost the focus, or a window became the active one."""

    at_ns: int
    source: Ref
    activates: bool
    gained: bool


ROOT: Final = Ref(_REGISTRY, "/org/a11y/atspi/accessible/root")


class _Stamped:
    """What the connection appends is stamped at once, so that a slow question does not make news look younger."""

    def __init__(self) -> None:
        self._messages: deque[tuple[int, Message]] = deque()

    def append(self, message: Message) -> None:
        """Takes a message."""
        self._messages.append((time.monotonic_ns(), message))

    def take(self) -> tuple[tuple[int, Message], ...]:
        """All messages since the last call."""
        taken = tuple(self._messages)
        self._messages.clear()
        return taken


class Bus:
    """One connection to the accessibility bus; used by one thread."""

    def __init__(self, address: str) -> None:
        self._connection: DBusConnection = open_dbus_connection(address)
        self._heard = _Stamped()
        self._filter = self._connection.filter(MatchRule(type="signal"), queue=self._heard)
        self._pids: dict[str, int] = {}

    @property
    def socket(self) -> int:
        """The file descriptor that becomes readable when something has come."""
        return int(self._connection.sock.fileno())

    def listen(self) -> None:
        """Asks programmes to tell of changes of the focus; `Silent` if the bus does not take it."""
        deadline = time.monotonic() + _SETUP_SECONDS
        for event in _EVENTS:
            registry = Ref(_REGISTRY, "/org/a11y/atspi/registry")
            self._ask(registry, (_REGISTRY, "RegisterEvent"), "sas", (event, []), deadline=deadline)
        for rule in _MATCHES:
            self._ask(Ref(_BUS, "/org/freedesktop/DBus"), (_BUS, "AddMatch"), "s", (rule,), deadline=deadline)

    def signals(self) -> tuple[Signal, ...]:
        """The news since the last call, without waiting; `OSError` when the bus has gone."""
        try:
            while True:
                self._connection.recv_messages(timeout=0)
        except TimeoutError:
            pass
        parsed = (_signal(at_ns, message) for at_ns, message in self._heard.take())
        return tuple(signal for signal in parsed if signal is not None)

    def role(self, ref: Ref, deadline: float) -> str:
        """The role's name, such as `menu item`."""
        return str(self._ask(ref, (_ACCESSIBLE, "GetRoleName"), deadline=deadline)[0])

    def name(self, ref: Ref, deadline: float) -> str:
        """The accessible name."""
        return self.name_and_parent(ref, deadline)[0]

    def name_and_parent(self, ref: Ref, deadline: float) -> tuple[str, Ref | None]:
        """The accessible name, and the widget around this one, in one question."""
        known = self._ask(ref, (_PROPERTIES, "GetAll"), "s", (_ACCESSIBLE,), deadline=deadline)[0]
        try:
            return str(known["Name"][1])[:NAME_LIMIT], _ref(known["Parent"][1])
        except (KeyError, IndexError):
            raise Silent("the widget has no name and no parent") from None

    def states(self, ref: Ref, deadline: float) -> frozenset[int]:
        """The numbers of the states that are set."""
        low, high = self._ask(ref, (_ACCESSIBLE, "GetState"), deadline=deadline)[0]
        bits = low | high << 32
        return frozenset(number for number in range(64) if bits >> number & 1)

    def area(self, ref: Ref, deadline: float) -> Area:
        """The widget's place on the screen."""
        return Area(*self._ask(ref, (_COMPONENT, "GetExtents"), "u", (_SCREEN,), deadline=deadline)[0])

    def parent(self, ref: Ref, deadline: float) -> Ref | None:
        """The widget around this one."""
        return self.name_and_parent(ref, deadline)[1]

    def children(self, ref: Ref, deadline: float) -> tuple[Ref, ...]:
        """The widgets directly inside."""
        found = (_ref(child) for child in self._ask(ref, (_ACCESSIBLE, "GetChildren"), deadline=deadline)[0])
        return tuple(child for child in found if child is not None)

    def child_at(self, ref: Ref, point: tuple[int, int], *, deadline: float) -> Ref | None:
        """A widget inside this one at a point of the screen, not always the innermost."""
        body = self._ask(ref, (_COMPONENT, "GetAccessibleAtPoint"), "iiu", (*point, _SCREEN), deadline=deadline)
        return _ref(body[0])

    def focused_inside(self, ref: Ref, deadline: float) -> Ref | None:
        """The widget inside this one that has the focus."""
        found = self._matches(ref, states=(FOCUSED,), roles=(), deadline=deadline)
        return next(iter(found), None)

    def first_document(self, ref: Ref, deadline: float) -> Ref | None:
        """The first web document inside this window that is shown."""
        roles = (ROLE_DOCUMENT_FRAME, ROLE_DOCUMENT_WEB)
        return next(iter(self._matches(ref, states=(SHOWING,), roles=roles, deadline=deadline)), None)

    def document_url(self, ref: Ref, deadline: float) -> str:
        """The address of a web document, empty if it has none."""
        attributes = self._ask(ref, (_DOCUMENT, "GetAttributes"), deadline=deadline)[0]
        return str(attributes.get("URI") or attributes.get("DocURL") or "")

    def pid(self, bus_name: str, deadline: float) -> int:
        """The process that speaks under a name on the bus."""
        if bus_name not in self._pids:
            daemon = Ref(_BUS, "/org/freedesktop/DBus")
            call = (_BUS, "GetConnectionUnixProcessID")
            self._pids[bus_name] = int(self._ask(daemon, call, "s", (bus_name,), deadline=deadline)[0])
        return self._pids[bus_name]

    def programmes(self, pid: int, deadline: float) -> tuple[Ref, ...]:
        """The roots of the programmes with this process id; there may be none."""
        roots = self.children(ROOT, deadline)
        return tuple(root for root in roots if pid and self.pid(root.bus_name, deadline) == pid)

    def close(self) -> None:
        """Ends the connection."""
        self._filter.close()
        self._connection.close()

    def _matches(
        self, ref: Ref, *, states: tuple[int, ...], roles: tuple[int, ...], deadline: float
    ) -> tuple[Ref, ...]:
        """The first widget in the order of the tree that has all of these states and any of these roles."""
        state_words, role_words = _words(states, 2), _words(roles, _ROLE_WORDS) if roles else []
        how = _MATCH_ANY if roles else _MATCH_ALL
        rule: tuple[object, ...] = (state_words, _MATCH_ALL, {}, _MATCH_ALL, role_words, how, [], _MATCH_ALL, False)
        body = (rule, _IN_ORDER, 1, True)
        call = (_COLLECTION, "GetMatches")
        found = self._ask(ref, call, "(aiia{ss}iaiiasib)uib", body, deadline=deadline)[0]
        return tuple(one for one in (_ref(untrusted) for untrusted in found) if one is not None)

    def _ask(
        self,
        ref: Ref,
        call: tuple[str, str],
        signature: str | None = None,
        body: tuple[object, ...] = (),
        *,
        deadline: float,
    ) -> tuple[Any, ...]:
        left = deadline - time.monotonic()
        if left <= 0:
            raise Silent("there is no time left")
        address = DBusAddress(ref.path, bus_name=ref.bus_name, interface=call[0])
        try:
            answer = self._connection.send_and_get_reply(
                new_method_call(address, call[1], signature, body), timeout=left
            )
        except TimeoutError:
            raise Silent("no answer in time") from None
        if answer.header.message_type is not MessageType.method_return or not _answers(answer, call[1]):
            raise Silent("the widget has gone")
        return tuple(answer.body)


def find_bus(session_address: str) -> str:
    """The address of the accessibility bus that a session bus knows; `Silent` when there is none."""
    address = DBusAddress("/org/a11y/bus", bus_name="org.a11y.Bus", interface="org.a11y.Bus")
    try:
        with open_dbus_connection(session_address) as connection:
            answer = connection.send_and_get_reply(new_method_call(address, "GetAddress"), timeout=_SETUP_SECONDS)
            return str(unwrap_msg(answer)[0])
    except (OSError, TimeoutError, ValueError, KeyError, DBusErrorResponse):
        raise Silent("the session has no accessibility bus") from None


def _answers(answer: Message, method: str) -> bool:
    """Whether an answer has a body, as every question but those of `listen` must."""
    return bool(answer.body) or method in {"RegisterEvent", "AddMatch"}


def _signal(at_ns: int, message: Message) -> Signal | None:
    fields = message.header.fields
    source = Ref(str(fields.get(HeaderFields.sender)), str(fields.get(HeaderFields.path)))
    member = fields.get(HeaderFields.member)
    if member == "Activate":
        return Signal(at_ns, source, activates=True, gained=True)
    if member == "StateChanged" and message.body and message.body[0] == "focused":
        return Signal(at_ns, source, activates=False, gained=bool(message.body[1]))
    return None


def _ref(untrusted: object) -> Ref | None:
    match untrusted:
        case (str(bus_name), str(path)) if bus_name and not path.endswith("/null"):
            return Ref(bus_name, path)
        case _:
            return None


def _words(numbers: tuple[int, ...], length: int) -> list[int]:
    """A set of small numbers as signed 32-bit words, lowest first."""
    bits = sum(1 << number for number in numbers)
    words = [bits >> 32 * index & 0xFFFFFFFF for index in range(length)]
    return [word - (1 << 32) if word >> 31 else word for word in words]
