"""Questions to the accessibility bus: a reference to a widget goes in, its role, name, place or kin come out.

It reads, and changes nothing. A `Question` is made by a function of this file and asked over the wire. The numbers are
those of at-spi2-core (atspi-constants.h).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from jeepney import DBusAddress, HeaderFields, Message, new_method_call
from jeepney.wrappers import DBusErrorResponse, unwrap_msg

from capture.events import Area
from capture.sources.atspi_wire import SETUP_SECONDS, Body, Connection, Question, Ref, Silent, Wire

ACTIVE: Final = 1
FOCUSED: Final = 12
SHOWING: Final = 25
ROLE_MENU_BAR: Final = 34
ROLE_PASSWORD_TEXT: Final = 40
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
_REGISTRY: Final = "org.a11y.atspi.Registry"
_PROPERTIES: Final = "org.freedesktop.DBus.Properties"
_BUS: Final = "org.freedesktop.DBus"
_SCREEN: Final = 0
_MATCH_ALL: Final = 1
_MATCH_ANY: Final = 2
_IN_ORDER: Final = 1
_ROLE_WORDS: Final = 4
_STATE_WORDS: Final = 2
_NO_ATTRIBUTES: Final[frozenset[tuple[str, str]]] = frozenset()
_EVENT_OBJECT: Final = "org.a11y.atspi.Event.Object"
_EVENT_WINDOW: Final = "org.a11y.atspi.Event.Window"

ROOT: Final = Ref(_REGISTRY, "/org/a11y/atspi/accessible/root")
_DAEMON: Final = Ref(_BUS, "/org/freedesktop/DBus")


class News(Enum):
    """What a widget may tell of itself. Each kind costs a message whenever it happens, so there are few."""

    ACTIVATED = "activated"
    FOCUSED = "focused"
    SELECTED = "selected"
    CHECKED = "checked"
    EXPANDED = "expanded"


@dataclass(frozen=True, slots=True)
class Signal:
    """A widget's state has changed: it is so (`gained`), or not any more."""

    at_ns: int
    source: Ref
    news: News
    gained: bool


@dataclass(frozen=True, slots=True)
class Kin:
    """A widget's name, and the widget around it."""

    name: str
    parent: Ref | None


class Bus(Wire):
    """The connection, listening."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self._pids: dict[str, int] = {}
        self._toolkits: dict[str, str] = {}

    def listen(self) -> None:
        """Asks programmes to tell of their changes; `Silent` if the bus does not take it."""
        registry = Ref(_REGISTRY, "/org/a11y/atspi/registry")
        for news in News:
            event = "window:activate" if news is News.ACTIVATED else f"object:state-changed:{news.value}"
            self.set_up(registry, (_REGISTRY, "RegisterEvent"), signature="sas", body=(event, []))
            self.set_up(_DAEMON, (_BUS, "AddMatch"), signature="s", body=(_rule(news),))

    def news(self) -> tuple[Signal, ...]:
        """What widgets have told since the last call, without waiting."""
        parsed = (_signal(at_ns, message) for at_ns, message in self.signals())
        return tuple(signal for signal in parsed if signal is not None)

    def pid(self, bus_name: str, deadline: float) -> int:
        """The process that speaks under a name on the bus."""
        if bus_name not in self._pids:
            method = "GetConnectionUnixProcessID"
            self._pids[bus_name] = self.ask(Question(_DAEMON, _BUS, method, _number, "s", (bus_name,)), deadline)
        return self._pids[bus_name]

    def toolkit(self, bus_name: str, deadline: float) -> str:
        """What a programme is built with, in small letters, such as gtk or chromium; empty if it does not say."""
        if bus_name not in self._toolkits:
            root = Ref(bus_name, ROOT.path)
            body = ("org.a11y.atspi.Application", "ToolkitName")
            (answer,) = self.ask_each((Question(root, _PROPERTIES, "Get", _variant_text, "ss", body),), deadline)
            self._toolkits[bus_name] = "" if isinstance(answer, Silent) else answer.casefold()
        return self._toolkits[bus_name]

    def programmes(self, pid: int, deadline: float) -> tuple[Ref, ...]:
        """The roots of the programmes with this process id; there may be none."""
        roots = self.ask(children_of(ROOT), deadline)
        return tuple(root for root in roots if pid and self.pid(root.bus_name, deadline) == pid)


def role_of(ref: Ref) -> Question[str]:
    """The role's name, such as `menu item`."""
    return Question(ref, _ACCESSIBLE, "GetRoleName", _text)


def kin_of(ref: Ref) -> Question[Kin]:
    """The accessible name, and the widget around this one."""
    return Question(ref, _PROPERTIES, "GetAll", _kin, "s", (_ACCESSIBLE,))


def states_of(ref: Ref) -> Question[frozenset[int]]:
    """The numbers of the states that are set."""
    return Question(ref, _ACCESSIBLE, "GetState", _states)


def area_of(ref: Ref) -> Question[Area]:
    """The widget's place on the screen."""
    return Question(ref, _COMPONENT, "GetExtents", _area, "u", (_SCREEN,))


def children_of(ref: Ref) -> Question[tuple[Ref, ...]]:
    """The widgets directly inside."""
    return Question(ref, _ACCESSIBLE, "GetChildren", _refs)


def child_at(ref: Ref, point: tuple[int, int]) -> Question[Ref | None]:
    """A widget inside this one at a point of the screen, not always the innermost."""
    return Question(ref, _COMPONENT, "GetAccessibleAtPoint", _first_ref, "iiu", (*point, _SCREEN))


def selected_child(ref: Ref) -> Question[Ref | None]:
    """The first of the widgets inside that is selected."""
    return Question(ref, "org.a11y.atspi.Selection", "GetSelectedChild", _first_ref, "i", (0,))


def key_bindings(ref: Ref) -> Question[tuple[str, ...]]:
    """The key bindings of what can be done with a widget, in whatever form its toolkit has."""
    return Question(ref, "org.a11y.atspi.Action", "GetActions", _bindings)


def document_url(ref: Ref) -> Question[str]:
    """The address of a web document, empty if it has none."""
    return Question(ref, "org.a11y.atspi.Document", "GetAttributes", _url)


def focused_inside(ref: Ref) -> Question[tuple[Ref, ...]]:
    """The widget inside this one that has the focus, if there is one."""
    return _matches(ref, states=(FOCUSED,), roles=(), limit=1)


def documents_inside(ref: Ref) -> Question[tuple[Ref, ...]]:
    """The first web document inside this window that is shown, if there is one."""
    return _matches(ref, states=(SHOWING,), roles=(ROLE_DOCUMENT_FRAME, ROLE_DOCUMENT_WEB), limit=1)


def all_inside(ref: Ref, role: int, *, limit: int) -> Question[tuple[Ref, ...]]:
    """The widgets inside this one that have a role, shown or not; the programme searches all its tree for them."""
    return _matches(ref, states=(), roles=(role,), limit=limit)


def find_bus(session_address: str) -> str:
    """The address of the accessibility bus that a session bus knows; `Silent` when there is none."""
    address = DBusAddress("/org/a11y/bus", bus_name="org.a11y.Bus", interface="org.a11y.Bus")
    try:
        with Connection(session_address) as connection:
            answer = connection.send_and_get_reply(new_method_call(address, "GetAddress"), timeout=SETUP_SECONDS)
            return str(unwrap_msg(answer)[0])
    except (OSError, ValueError, KeyError, DBusErrorResponse):  # a TimeoutError is an OSError
        raise Silent("the session has no accessibility bus") from None


def _matches(ref: Ref, *, states: tuple[int, ...], roles: tuple[int, ...], limit: int) -> Question[tuple[Ref, ...]]:
    """The first widgets in the order of the tree that have all of these states and any of these roles."""
    role_words: tuple[object, ...] = ("list", *_words(roles, _ROLE_WORDS)) if roles else ("list",)
    state_words = ("list", *_words(states, _STATE_WORDS))
    how = _MATCH_ANY if roles else _MATCH_ALL
    attributes = (_NO_ATTRIBUTES, _MATCH_ALL)
    rule = (state_words, _MATCH_ALL, *attributes, role_words, how, ("list",), _MATCH_ALL, False)
    body = (rule, _IN_ORDER, limit, True)
    return Question(ref, "org.a11y.atspi.Collection", "GetMatches", _refs, "(aiia{ss}iaiiasib)uib", body)


def _words(numbers: tuple[int, ...], length: int) -> tuple[int, ...]:
    """A set of small numbers as signed 32-bit words, lowest first."""
    bits = sum(1 << number for number in numbers)
    words = [bits >> 32 * index & 0xFFFFFFFF for index in range(length)]
    return tuple(word - (1 << 32) if word >> 31 else word for word in words)


def _rule(news: News) -> str:
    if news is News.ACTIVATED:
        return f"type='signal',interface='{_EVENT_WINDOW}',member='Activate'"
    return f"type='signal',interface='{_EVENT_OBJECT}',member='StateChanged',arg0='{news.value}'"


def _signal(at_ns: int, message: Message) -> Signal | None:
    fields = message.header.fields
    source = Ref(str(fields.get(HeaderFields.sender)), str(fields.get(HeaderFields.path)))
    if fields.get(HeaderFields.member) == "Activate":
        return Signal(at_ns, source, News.ACTIVATED, gained=True)
    match message.body:
        case (str(state), int(gained), *_) if state in {"focused", "selected", "checked", "expanded"}:
            return Signal(at_ns, source, News(state), gained=bool(gained))
        case _:
            return None


def _text(body: Body) -> str:
    return str(body[0])[:NAME_LIMIT]


def _number(body: Body) -> int:
    return int(body[0])


def _variant_text(body: Body) -> str:
    return str(body[0][1])[:NAME_LIMIT]


def _kin(body: Body) -> Kin:
    return Kin(str(body[0]["Name"][1])[:NAME_LIMIT], _ref(body[0]["Parent"][1]))


def _states(body: Body) -> frozenset[int]:
    bits = int(body[0][0]) | int(body[0][1]) << 32
    return frozenset(number for number in range(64) if bits >> number & 1)


def _area(body: Body) -> Area:
    x, y, width, height = body[0]
    return Area(int(x), int(y), int(width), int(height))


def _refs(body: Body) -> tuple[Ref, ...]:
    found = (_ref(untrusted) for untrusted in body[0])
    return tuple(ref for ref in found if ref is not None)


def _first_ref(body: Body) -> Ref | None:
    return _ref(body[0])


def _bindings(body: Body) -> tuple[str, ...]:
    return tuple(str(action[2])[:NAME_LIMIT] for action in body[0])


def _url(body: Body) -> str:
    return str(body[0].get("URI") or body[0].get("DocURL") or "")


def _ref(untrusted: object) -> Ref | None:
    match untrusted:
        case (str(bus_name), str(path)) if bus_name and not path.endswith("/null"):
            return Ref(bus_name, path)
        case _:
            return None
