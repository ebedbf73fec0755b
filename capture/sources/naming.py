"""What pynput heard becomes events: stamped arguments go in, events of `capture.events` come out.

A key's name is its name in lower case. With Ctrl, Alt or Super held, a key enters nothing. Only which of these are
held is remembered.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from capture.events import Button, Key, PointerButton, PointerMoved, PointerScrolled

MOVE: Final = "move"
"""The kind of what is heard of a pointer on its way."""
Raw: TypeAlias = tuple[int, str, tuple[Any, ...]]
"""When, what kind, and what pynput handed over."""

_SUFFIXES: Final = ("_l", "_r")
_NAMES: Final = {"alt_gr": "altgr", "return": "enter", "page_up": "pageup", "page_down": "pagedown"}
_MODIFIERS: Final = frozenset({"ctrl", "alt", "cmd"})
_BUTTONS: Final = frozenset(known.value for known in Button)


class Naming:
    """Turns what was heard into events; remembers only which modifiers are held."""

    def __init__(self) -> None:
        self._held: set[str] = set()

    def event(self, raw: Raw) -> PointerMoved | PointerButton | PointerScrolled | Key | None:
        """The event, or None for a button that has no name here."""
        at_ns, kind, arguments = raw
        match kind:
            case "move":
                return PointerMoved(at_ns, *arguments)
            case "scroll":
                return PointerScrolled(at_ns, *arguments)
            case "click":
                return _click(at_ns, *arguments)
            case _:
                return self._key(at_ns, arguments[0], pressed=kind == "press")

    def _key(self, at_ns: int, key: Any, *, pressed: bool) -> Key:  # noqa: ANN401
        name, character = name_key(key)
        if name in _MODIFIERS:
            (self._held.add if pressed else self._held.discard)(name)
        return Key(at_ns, name, "" if self._held else character, pressed)


def name_key(key: Any) -> tuple[str, str]:  # noqa: ANN401
    """A key's name, and the text that it enters by itself; control characters become the letter they are made of."""
    special = getattr(key, "name", None)
    if special is not None:
        name = special.removesuffix(_SUFFIXES[0]).removesuffix(_SUFFIXES[1])
        return _NAMES.get(name, name), " " if name == "space" else ""
    character = getattr(key, "char", None)
    if not character:
        code = getattr(key, "vk", None)
        return ("unknown" if code is None else f"key-{code}"), ""
    if len(character) == 1 and ord(character) < 32:
        return chr(ord(character) + 96), ""
    return character.lower(), character


def _click(at_ns: int, x: int, y: int, button: Any, pressed: bool) -> PointerButton | None:  # noqa: ANN401, FBT001
    if button.name not in _BUTTONS:
        return None
    return PointerButton(at_ns, x, y, Button(button.name), pressed)
