"""The open vocabulary of what a recorder may say, and its one byte form.

An event enters as a frozen value made by a source and leaves as the bytes that are sealed. Nothing here does IO.

Rules of this file:
1. Times are nanoseconds of the monotonic clock; `SessionStarted` ties that clock to the wall and to boot time.
2. What was not captured is said by a `Gap`; an event is never left out silently.
3. Bytes that do not parse are an `EventError`; an unknown kind or field is an error, never skipped.
4. The form of a record is: u32 length of the JSON head, the JSON head, then the blob (only frames have one).
"""

from __future__ import annotations

import struct
from enum import Enum
from typing import Final, TypeAlias

import msgspec

MAX_HEAD: Final = 1 << 20
"""Upper limit of a JSON head in bytes; checked before it is parsed."""


MODIFIER_KEYS: Final = frozenset({"ctrl", "alt", "altgr", "shift", "cmd"})
"""Names of keys that change what others do; left and right have one name."""
NAMED_KEYS: Final = frozenset(
    {
        *("enter", "tab", "esc", "space", "backspace", "delete", "insert", "home", "end", "pageup", "pagedown"),
        *("up", "down", "left", "right", "menu"),
        *(f"f{number}" for number in range(1, 25)),
    }
)
"""Names of keys that enter no character of a text; they are those of pyautogui, except `menu`."""


class EventError(ValueError):
    """A record does not hold a known event."""


class Button(Enum):
    """A pointer button."""

    LEFT = "left"
    MIDDLE = "middle"
    RIGHT = "right"


class GapReason(Enum):
    """Why something was not captured."""

    NOT_ALLOWED = "not_allowed"
    PASSWORD_FIELD = "password_field"  # a reason, not a password  # noqa: S105
    UNKNOWN_FOCUS = "unknown_focus"
    UNKNOWN_OWNER = "unknown_owner"
    SCREEN_CHANGED = "screen_changed"
    SOURCE_FAILED = "source_failed"
    OVERFLOW = "overflow"
    PAUSED = "paused"
    BUDGET = "budget"


class Purpose(Enum):
    """Why a widget was looked up."""

    CLICK = "click"
    FOCUS = "focus"


class Effect(Enum):
    """What an action did to a widget, as the programme itself told."""

    POPUP_OPENED = "popup_opened"
    POPUP_CLOSED = "popup_closed"
    EXPANDED = "expanded"
    COLLAPSED = "collapsed"
    SELECTED = "selected"
    CHECKED = "checked"
    UNCHECKED = "unchecked"


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A value inside an event."""


class Event(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag=True, tag_field="kind"):
    """What every event is: frozen, and strict about its fields when it is parsed."""


class Area(Part, frozen=True):
    """A rectangle in pixels of the virtual screen; `x` and `y` are its upper left corner."""

    x: int
    y: int
    width: int
    height: int


class Monitor(Part, frozen=True):
    """One monitor's place in pixels of the virtual screen; what it shows is `scale` times as large as at 96 dpi."""

    x: int
    y: int
    width: int
    height: int
    scale: float


class Ancestor(Part, frozen=True):
    """One widget above the one that was looked up."""

    role: str
    name: str


class SessionStarted(Event, frozen=True):
    """The first event of a session: task, clocks and the screen's shape."""

    at_ns: int
    wall_ms: int
    boot_ns: int
    task: str
    platform: str
    monitors: tuple[Monitor, ...]


class SessionEnded(Event, frozen=True):
    """The last event of a session that was stopped, with the recorder's honest counters."""

    at_ns: int
    reason: str
    produced: int
    committed: int
    coalesced: int
    refused: int


class DisplayChanged(Event, frozen=True):
    """From here on the monitors are these; the first event of a new segment, and the next frame is a whole one."""

    at_ns: int
    monitors: tuple[Monitor, ...]


class Suspended(Event, frozen=True):
    """The machine slept for `asleep_ns` before this moment; the monotonic clock stood still meanwhile."""

    at_ns: int
    asleep_ns: int
    wall_ms: int
    boot_ns: int


class PointerMoved(Event, frozen=True):
    """The pointer passed a place; between two it went straight and evenly, within the bound of `capture.path`."""

    at_ns: int
    x: int
    y: int


class PointerButton(Event, frozen=True):
    """A button went down or up."""

    at_ns: int
    x: int
    y: int
    button: Button
    pressed: bool


class PointerScrolled(Event, frozen=True):
    """The wheel turned; steps are positive to the right and upwards."""

    at_ns: int
    x: int
    y: int
    dx: int
    dy: int


class Key(Event, frozen=True):
    """A key went down or up.

    `name` is one of `NAMED_KEYS` or `MODIFIER_KEYS`, else the key's character or another name in lower case;
    `character` is the text that it enters, empty where it enters none.
    """

    at_ns: int
    name: str
    character: str
    pressed: bool


class WindowFocused(Event, frozen=True):
    """Another allowed window has the input focus, or its title or URL changed; `url` is empty where there is none."""

    at_ns: int
    app: str
    title: str
    url: str
    area: Area


class ElementSeen(Event, frozen=True):
    """The widget under a click, or the one with the focus, as the accessibility tree describes it."""

    at_ns: int
    purpose: Purpose
    role: str
    name: str
    states: tuple[str, ...]
    area: Area
    ancestry: tuple[Ancestor, ...]


class Shortcut(Event, frozen=True):
    """The key pressed at `at_ns` was a chord; `keys` in the order ctrl, alt, shift, meta, key.

    `command` is the widget's name that the programme binds to this chord, `menu` where it is found from the top; both
    are empty where the programme does not tell.
    """

    at_ns: int
    keys: tuple[str, ...]
    command: str
    menu: tuple[str, ...]


class UiEffect(Event, frozen=True):
    """What a widget did; `action_ns` is the moment of the action before it, 0 if there was none soon before."""

    at_ns: int
    action_ns: int
    effect: Effect
    role: str
    name: str


class FrameBound(Event, frozen=True):
    """The frame stamped `frame_ns` shows the screen before the action at `at_ns`.

    `stale_ns` says for how long the screen had been changing since, without a frame of it (0: the frame is exact).
    """

    at_ns: int
    frame_ns: int
    stale_ns: int


class ScreenSettled(Event, frozen=True):
    """After the action at `action_ns` the screen looks like the frame stamped `frame_ns`.

    `settled` is false where it still changed when the next action came or the time for it was over.
    """

    at_ns: int
    action_ns: int
    frame_ns: int
    settled: bool


class Tile(Part, frozen=True):
    """Place of one tile, counted in tiles from the frame's upper left corner."""

    column: int
    row: int


class Frame(Event, frozen=True):
    """The screen at a moment: the tiles that changed since the frame before, packed.

    `packed` is zstandard over the tiles' RGB rows in the order of `tiles`; tiles at the right and lower edge are
    cropped.
    A frame with `whole` set holds every tile and needs no frame before it.
    """

    at_ns: int
    width: int
    height: int
    whole: bool
    tiles: tuple[Tile, ...]
    packed: bytes


class Gap(Event, frozen=True):
    """Something was not captured between two moments; `count` is how many events or frames."""

    at_ns: int
    until_ns: int
    reason: GapReason
    source: str
    count: int


RawEvent: TypeAlias = (
    SessionStarted
    | SessionEnded
    | DisplayChanged
    | Suspended
    | PointerMoved
    | PointerButton
    | PointerScrolled
    | Key
    | WindowFocused
    | ElementSeen
    | Shortcut
    | UiEffect
    | Frame
    | FrameBound
    | ScreenSettled
    | Gap
)

_ENCODER: Final = msgspec.json.Encoder()
_DECODER: Final = msgspec.json.Decoder(RawEvent)


def encode_event(event: RawEvent) -> bytes:
    """One record: the event's JSON head and, for a frame, its packed tiles; `EventError` if the head is too large."""
    blob = b""
    if isinstance(event, Frame):
        blob, event = event.packed, msgspec.structs.replace(event, packed=b"")
    try:
        head = _ENCODER.encode(event)
    except UnicodeEncodeError:
        raise EventError("an event holds characters that no text may hold") from None
    if len(head) > MAX_HEAD:
        raise EventError("an event's description is larger than a record may be")
    return struct.pack(">I", len(head)) + head + blob


def decode_event(untrusted: bytes) -> RawEvent:
    """The event in one record; `EventError` if it is anything else."""
    if len(untrusted) < 4:
        raise EventError("a record ends before its head")
    (size,) = struct.unpack_from(">I", untrusted)
    if size > MAX_HEAD or 4 + size > len(untrusted):
        raise EventError("a record's head is longer than the record")
    try:
        event: RawEvent = _DECODER.decode(untrusted[4 : 4 + size])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise EventError("a record does not hold a known event") from None
    blob = untrusted[4 + size :]
    if isinstance(event, Frame):
        return msgspec.structs.replace(event, packed=blob)
    if blob:
        raise EventError("bytes follow an event that has none")
    return event
