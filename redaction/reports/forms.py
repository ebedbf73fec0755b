"""What a text in a document can say, known by the type of its field: a digest, a word of a list, a placeholder.

A field of plain `str` is free text and is examined for what redaction left over (`residual`). One whose type
is here can hold nothing captured as long as it keeps to its form; whoever examines a document checks that it does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Final, TypeAlias

from redaction.roles import ROLES
from redaction.spans import Category


@dataclass(frozen=True, slots=True)
class Form:
    """Marks a text field all of whose values match this pattern."""

    pattern: re.Pattern[str]

    def holds(self, text: str) -> bool:
        """Whether a text keeps to the form."""
        return self.pattern.fullmatch(text) is not None


def form(pattern: str) -> Form:
    """The form of all texts that match as a whole."""
    return Form(re.compile(pattern))


def one_of(words: Iterable[str]) -> Form:
    """The form of a text that is one of these words."""
    return form("|".join(map(re.escape, sorted(words))))


_TAGS: Final = "|".join(("TEXT", *sorted(category.upper() for category in Category)))
PLACEHOLDER: Final = rf"<(?:{_TAGS})(?:_[0-9]{{1,6}})?>"
"""What stands in a text for something masked; numbers tell the persons and things of one session apart."""
_NAMED_KEYS: Final = (
    *("enter", "tab", "esc", "space", "backspace", "delete", "insert", "home", "end", "pageup", "pagedown"),
    *("up", "down", "left", "right", "menu", "ctrl", "alt", "altgr", "shift", "cmd", "meta"),
    *(f"f{number}" for number in range(1, 25)),
)
_GAPS: Final = (
    *("not_allowed", "password_field", "unknown_focus", "unknown_owner", "screen_changed", "source_failed"),
    *("overflow", "paused", "budget", "classified"),
)
_UNEXAMINED: Final = (*_GAPS, "not_needed", "unread", "no_widget")
_SOURCES: Final = ("elements", "keyboard", "pointer", "recorder", "screen", "windows", "other")

Digest: TypeAlias = Annotated[str, form("[0-9a-f]{64}")]
"""SHA-256 in hex."""
KnownDigest: TypeAlias = Annotated[str, form("(?:[0-9a-f]{64})?")]
"""SHA-256 in hex, or nothing where there is no file to take it of."""
SessionId: TypeAlias = Annotated[str, form("[0-9A-Za-z]{1,32}")]
"""A session's id, made at random."""
CategoryName: TypeAlias = Annotated[str, one_of(Category)]
"""A category of `redaction.spans`."""
Tag: TypeAlias = Annotated[str, form(f"(?:{PLACEHOLDER})?")]
"""A placeholder, or nothing."""
KeyName: TypeAlias = Annotated[str, form("[!-~]|" + "|".join(_NAMED_KEYS))]
"""A key of a chord: one ASCII character, or a key's name."""
RoleName: TypeAlias = Annotated[str, one_of({*ROLES, "unknown"})]
"""What kind of widget something is, in the standard words of AT-SPI."""
GapReasonName: TypeAlias = Annotated[str, one_of(_GAPS)]
"""Why a stretch was not captured, or left out."""
UnexaminedName: TypeAlias = Annotated[str, one_of(_UNEXAMINED)]
"""Why something was not examined."""
SourceName: TypeAlias = Annotated[str, one_of(_SOURCES)]
"""What did not capture, or what was not examined."""
PlatformName: TypeAlias = Annotated[str, one_of(("linux-x11", "macos", "windows", "other"))]
"""The system that was recorded on."""
ProfileName: TypeAlias = Annotated[str, one_of(("strict", "balanced"))]
"""What decides on what may stay."""
PartName: TypeAlias = Annotated[str, form(r"(?:[A-Za-z0-9][A-Za-z0-9 ._+,()/-]{0,119})?")]
"""A program, package, model or version of this installation: nothing that was captured can change it."""
FieldPath: TypeAlias = Annotated[str, form(r"[a-z_]+(?:\[\])?(?:\.[a-z_]+(?:\[\])?)*")]
"""Where in a document a field stands."""
