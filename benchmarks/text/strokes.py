"""How a value is typed: manners of typing with edits, as keys that are pressed and the texts that end up in the fields.

Each manner is made so that what ends up is known without an editor: its keys are chosen to give that text. Pure;
chance comes from a seed.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

CTRL: Final = "ctrl"
SHIFT: Final = "shift"
Stroke = tuple[str, ...]
"""Keys that are held and the key that is pressed: ("ctrl", "a"), ("x",)."""
CLICK: Final[Stroke] = ("click",)
"""A click into the field that has the focus already."""


@dataclass(frozen=True, slots=True)
class Typing:
    """Keys in order, and what stands in each field in the end: nothing where it was deleted."""

    strokes: tuple[Stroke, ...]
    finals: tuple[str, ...]


def plain(value: str, _chance: random.Random) -> Typing:
    """Typed without an error."""
    return Typing(_typed(value), (value,))


def corrected(value: str, chance: random.Random) -> Typing:
    """Every fifth character is wrong first and taken back."""
    strokes: list[Stroke] = []
    for at, character in enumerate(value):
        if at % 5 == 2:
            strokes += [(chance.choice("qwertz"),), ("backspace",)]
        strokes += _typed(character)
    return Typing(tuple(strokes), (value,))


def inserted(value: str, _chance: random.Random) -> Typing:
    """The second half is typed first; then the cursor goes to the beginning, and the first half is put before it."""
    half = len(value) // 2
    return Typing((*_typed(value[half:]), ("home",), *_typed(value[:half])), (value,))


def stepped(value: str, _chance: random.Random) -> Typing:
    """A stretch in the middle is left out, and filled in after going back with the cursor keys."""
    third = len(value) // 3
    first, middle, last = value[:third], value[third : 2 * third], value[2 * third :]
    back = (("left",),) * len(last)
    return Typing((*_typed(first + last), *back, *_typed(middle), ("end",)), (value,))


def reworded(value: str, _chance: random.Random) -> Typing:
    """A wrong word stands before it and is deleted as a word."""
    return Typing((*_typed("wrqtz"), (CTRL, "backspace"), *_typed(value)), (value,))


def replaced(value: str, _chance: random.Random) -> Typing:
    """Something harmless is selected whole and typed over."""
    return Typing((*_typed("hello"), (CTRL, "a"), *_typed(value)), (value,))


def overtyped(value: str, _chance: random.Random) -> Typing:
    """It is selected and typed over with something harmless."""
    return Typing((*_typed(value), (SHIFT, "home"), *_typed("hello")), ("hello",))


def deleted(value: str, _chance: random.Random) -> Typing:
    """It is typed and taken back, character by character."""
    return Typing((*_typed(value), *((("backspace",),) * len(value))), ("",))


def undone(value: str, _chance: random.Random) -> Typing:
    """It is typed, cut, and the cut is undone."""
    return Typing((*_typed(value), (CTRL, "a"), (CTRL, "x"), (CTRL, "z")), (value,))


def pasted(value: str, _chance: random.Random) -> Typing:
    """It comes from the clipboard, which is never recorded, behind a word that is typed."""
    return Typing((*_typed("Ref "), (CTRL, "v")), (f"Ref {value}",))


def returned(value: str, _chance: random.Random) -> Typing:
    """Half of it is typed, then the field is clicked again, and the rest follows."""
    half = len(value) // 2
    return Typing((*_typed(value[:half]), CLICK, *_typed(value[half:])), (value,))


def split(value: str, _chance: random.Random) -> Typing:
    """It goes into four fields, one after the other."""
    width = -(-len(value) // 4)
    parts = [value[at : at + width] for at in range(0, len(value), width)]
    strokes: list[Stroke] = []
    for part in parts:
        strokes += [*_typed(part), ("tab",)]
    return Typing(tuple(strokes), tuple(parts))


MANNERS: Final[Mapping[str, Callable[[str, random.Random], Typing]]] = MappingProxyType(
    {
        one.__name__: one
        for one in (
            *(plain, corrected, inserted, stepped, reworded, replaced),
            *(overtyped, deleted, undone, pasted, returned, split),
        )
    }
)
"""All manners by name."""


def _typed(text: str) -> tuple[Stroke, ...]:
    return tuple((SHIFT, one) if one.isupper() else (one,) for one in text)
