"""The last word of a recorder, kept for `optin status`: when it ended and why. No content, no session, no task."""

from __future__ import annotations

from typing import Final

from optin.home import Home, wall_ms
from vault.canonical import Document, canonical, parse
from vault.errors import OptinError
from vault.files import read_file, replace_file

FOLDER: Final = "control"
_NAME: Final = "last.json"
_LIMIT: Final = 1 << 12


class LastWord(Document, frozen=True):
    """Why a recording ended: one word, and a sentence where it ended by a failure."""

    at_ms: int
    message: str
    reason: str


def leave_word(home: Home, reason: str, message: str) -> None:
    """Writes it down if the disk takes it; what ends has ended in any case."""
    try:
        word = LastWord(at_ms=wall_ms(), message=message, reason=reason)
        replace_file(home.folder(FOLDER) / _NAME, canonical(word))
    except (OSError, OptinError):
        return


def last_word(home: Home) -> LastWord | None:
    """How the last recording ended, None if none has left a word."""
    path = home.root / FOLDER / _NAME
    try:
        return parse(read_file(path, _LIMIT), LastWord)
    except (OSError, OptinError):
        return None
