"""By what a person is told of a recording: its terminal, the icon in the tray, notifications. Words go out, no content.

What `name` says is what is there now, not what was hoped for: an icon counts while it is connected, the notification
server while it took the last word.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from optin.notify import SECONDS, notify

NONE: Final = "none"


class Sign:
    """The signs of one recorder. `terminal` says a line in the recorder's own terminal, None where it has none."""

    def __init__(self, *, terminal: Callable[[str], None] | None, watchers: Callable[[], int]) -> None:
        self._terminal, self._watchers = terminal, watchers
        self._notified = False

    @property
    def name(self) -> str:
        """What shows that it records: terminal, notification, tray, joined by a plus; `none` where nothing does."""
        found = {
            "terminal": self._terminal is not None,
            "notification": self._notified,
            "tray": self._watchers() > 0,
        }
        return "+".join(name for name, is_there in found.items() if is_there) or NONE

    def notify(self, summary: str, body: str, *, seconds: float = SECONDS) -> None:
        """A notification, if there is a server for it."""
        self._notified = notify(summary, body, seconds=seconds)

    def tell(self, summary: str, body: str) -> bool:
        """Whether the person was told by anything at all."""
        self.notify(summary, body)
        if self._terminal is not None:
            self._terminal(f"{summary}. {body}")
        return self.name != NONE
