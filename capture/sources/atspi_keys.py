"""A key binding as toolkits write it goes in, the chord as events name its keys comes out. Pure.

GTK writes `mnemonic;path;<Primary><Shift>s`, Qt and LibreOffice `Ctrl+Shift+S`. What is not a chord, such as a menu's
underlined letter, is None.
"""

from __future__ import annotations

import re
from typing import Final

from capture.events import NAMED_KEYS

_ORDER: Final = ("ctrl", "alt", "shift", "meta")
_MODIFIERS: Final = {
    **dict.fromkeys(("primary", "control", "ctrl", "ctl", "strg"), "ctrl"),
    **dict.fromkeys(("alt", "mod1"), "alt"),
    **dict.fromkeys(("shift", "shft"), "shift"),
    **dict.fromkeys(("meta", "super", "mod4", "win"), "meta"),
}
_KEY_NAMES: Final = (
    ("return", "enter"),
    ("kp_enter", "enter"),
    ("escape", "esc"),
    ("prior", "pageup"),
    ("page_up", "pageup"),
    ("pgup", "pageup"),
    ("next", "pagedown"),
    ("page_down", "pagedown"),
    ("pgdown", "pagedown"),
    ("del", "delete"),
    ("ins", "insert"),
    ("iso_left_tab", "tab"),
    ("plus", "+"),
    ("kp_add", "+"),
    ("minus", "-"),
    ("kp_subtract", "-"),
    ("equal", "="),
    ("comma", ","),
    ("period", "."),
    ("slash", "/"),
    ("question", "?"),
    ("backslash", "\\"),
    ("semicolon", ";"),
    ("apostrophe", "'"),
    ("grave", "`"),
    ("bracketleft", "["),
    ("bracketright", "]"),
    ("asterisk", "*"),
    ("numbersign", "#"),
)
"""How toolkits call a key (X11 keysym names without regard to case, Qt's names), and how events do."""
_KEYS: Final = dict(_KEY_NAMES)
_GTK: Final = re.compile(r"((?:<\w+>)*)([^<>]+)")
_LONGEST: Final = 60


def chord(untrusted: str) -> tuple[str, ...] | None:
    """The keys in the order ctrl, alt, shift, meta, key; None if the text is no chord that would be a shortcut."""
    text = untrusted.rpartition(";")[2].strip()
    if not text or len(text) > _LONGEST:
        return None
    found = _GTK.fullmatch(text)
    if found is not None and found[1]:
        modifiers, key = re.findall(r"\w+", found[1]), found[2]
    else:
        *modifiers, key = text[:-1].split("+") if text.endswith("++") else text.split("+")
        key = key or "+"
    return _named(modifiers, key)


def _named(modifiers: list[str], key: str) -> tuple[str, ...] | None:
    held = {_MODIFIERS.get(modifier.strip().casefold()) for modifier in modifiers}
    folded = key.strip().casefold()
    name = _KEYS.get(folded, folded)
    if None in held or not name or (len(name) > 1 and name not in NAMED_KEYS):
        return None
    if not held & {"ctrl", "alt", "meta"} and name not in NAMED_KEYS:
        return None
    return (*(modifier for modifier in _ORDER if modifier in held), name)
