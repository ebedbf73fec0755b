"""What keys do in a text field: the names of the keys held and pressed go in, a `Stroke` or nothing comes out. Pure.

The bindings are those that GTK, Qt, browsers and Windows share; macOS has its own. A chord that is not here is a
command of the programme and no edit.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeAlias


class Edit(Enum):
    """What a press does in a field."""

    TYPE = "type"
    MAYBE = "maybe"
    MOVE = "move"
    SELECT = "select"
    ERASE = "erase"
    SELECT_ALL = "select all"
    COPY = "copy"
    CUT = "cut"
    PASTE = "paste"
    UNDO = "undo"
    REDO = "redo"
    LOSE = "lose"
    """From here on nobody knows where the cursor is, or whether the field was begun anew."""
    RENEW = "renew"
    """The same, but most likely the field was begun anew."""


class Way(Enum):
    """Where a press moves the cursor to, or up to where it erases."""

    LEFT = "left"
    RIGHT = "right"
    WORD_LEFT = "word left"
    WORD_RIGHT = "word right"
    LINE_START = "line start"
    LINE_END = "line end"
    START = "start"
    END = "end"


@dataclass(frozen=True, slots=True, repr=False)
class Stroke:
    """One press in a field; `way` of what moves or erases, `text` of what enters one."""

    edit: Edit
    way: Way = Way.END
    text: str = ""


_SILENT_NAMES: Final = frozenset({"multi_key", "pause", "print_screen"})
_SILENT_PARTS: Final = ("_lock", "dead_", "media_")
"""Parts of the names of keys that enter nothing by themselves; a dead key's accent shows in the next character."""
_LINE_WAYS: Final = {"left": Way.LEFT, "right": Way.RIGHT, "home": Way.LINE_START, "end": Way.LINE_END}
_WORD_WAYS: Final = {"left": Way.WORD_LEFT, "right": Way.WORD_RIGHT}
_FAR_WAYS: Final = {**_WORD_WAYS, "home": Way.START, "end": Way.END}
_MAC_FAR_WAYS: Final = {"left": Way.LINE_START, "right": Way.LINE_END, "up": Way.START, "down": Way.END}
_VERTICAL: Final = frozenset({"up", "down", "pageup", "pagedown"})
_COMMANDS: Final = {
    "a": Edit.SELECT_ALL,
    "c": Edit.COPY,
    "x": Edit.CUT,
    "v": Edit.PASTE,
    "z": Edit.UNDO,
    "y": Edit.REDO,
}

_Chords: TypeAlias = dict[frozenset[str], Stroke]


def _ways(held: str, ways: dict[str, Way]) -> _Chords:
    """The chords that move the cursor with this key held, and with Shift those that select."""
    keys = {held} - {""}
    moving = {frozenset({*keys, key}): Stroke(Edit.MOVE, way) for key, way in ways.items()}
    return moving | {frozenset({*keys, key, "shift"}): Stroke(Edit.SELECT, way) for key, way in ways.items()}


def _commands(held: str) -> _Chords:
    """The chords of the edit menu with this key held; Shift makes of undoing its opposite, and pastes plain text."""
    chords = {frozenset({held, key}): Stroke(edit) for key, edit in _COMMANDS.items()}
    return chords | {frozenset({held, "shift", "z"}): Stroke(Edit.REDO), frozenset({held, "shift", "v"}): _PASTE}


def _erasing(*keys: str, way: Way) -> _Chords:
    return {frozenset(keys): Stroke(Edit.ERASE, way)}


_PASTE: Final = Stroke(Edit.PASTE)
_EVERYWHERE: Final = (
    _ways("", _LINE_WAYS)
    | _erasing("backspace", way=Way.LEFT)
    | _erasing("shift", "backspace", way=Way.LEFT)
    | _erasing("delete", way=Way.RIGHT)
)
_COMMON: Final = (
    _EVERYWHERE
    | _ways("ctrl", _FAR_WAYS)
    | _commands("ctrl")
    | _erasing("ctrl", "backspace", way=Way.WORD_LEFT)
    | _erasing("ctrl", "delete", way=Way.WORD_RIGHT)
    | _erasing("ctrl", "shift", "backspace", way=Way.LINE_START)
    | _erasing("ctrl", "shift", "delete", way=Way.LINE_END)
    | {
        frozenset({"ctrl", "insert"}): Stroke(Edit.COPY),
        frozenset({"shift", "insert"}): _PASTE,
        frozenset({"shift", "delete"}): Stroke(Edit.CUT),
    }
)
_MAC: Final = (
    _EVERYWHERE
    | _ways("meta", _MAC_FAR_WAYS)
    | _ways("alt", _WORD_WAYS)
    | _commands("meta")
    | _erasing("meta", "backspace", way=Way.LINE_START)
    | _erasing("alt", "backspace", way=Way.WORD_LEFT)
    | _erasing("alt", "delete", way=Way.WORD_RIGHT)
)


def stroke_of(keys: tuple[str, ...], *, platform: str, has_lines: bool) -> Stroke | None:
    """What a named key or chord does in a field, None if it is no edit; `platform` as a session's start names it.

    In a field that `has_lines` the keys that move up and down lose the cursor: nobody sees where lines are broken.
    """
    if has_lines and keys[-1] in _VERTICAL and set(keys[:-1]) <= {"ctrl", "shift"}:
        return Stroke(Edit.LOSE)
    return (_MAC if platform == "macos" else _COMMON).get(frozenset(keys))


def entering(name: str, character: str) -> Stroke:
    """What a key does that enters a character, or has no name that may stay."""
    if character and character.isprintable():
        return Stroke(Edit.TYPE, text=character)
    is_silent = name in _SILENT_NAMES or any(part in name for part in _SILENT_PARTS)
    return Stroke(Edit.TYPE if is_silent else Edit.MAYBE)
