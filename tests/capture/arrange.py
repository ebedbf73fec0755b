"""Puts the windows of programmes where a test wants them: titles go in, requests go out to the window manager."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Final, Self

from Xlib import X
from Xlib.display import Display
from Xlib.protocol.event import ClientMessage

from capture.events import Area
from tests.capture.desk import wait_until

_PAGER: Final = 2
"""The window manager obeys a pager, whatever had the focus last (EWMH, source indication)."""


class Arranger:
    """A context manager on one connection to the display; a title names the window that begins with it."""

    def __init__(self, name: str) -> None:
        self._display = Display(name)
        self._root: Any = self._display.screen().root

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._display.close()

    def place(self, title: str, area: Area) -> None:
        """Moves and sizes a window."""
        self._client(title).configure(x=area.x, y=area.y, width=area.width, height=area.height)
        self._display.sync()

    def lower(self, title: str) -> None:
        """Puts a window below all others."""
        self._client(title).configure(stack_mode=X.Below)
        self._display.sync()

    def activate(self, title: str) -> None:
        """Raises a window and gives it the focus."""
        message = ClientMessage(
            window=self._client(title),
            client_type=self._display.intern_atom("_NET_ACTIVE_WINDOW"),
            data=(32, (_PAGER, X.CurrentTime, 0, 0, 0)),
        )
        self._root.send_event(message, event_mask=X.SubstructureRedirectMask | X.SubstructureNotifyMask)
        self._display.sync()

    def _client(self, title: str) -> Any:  # noqa: ANN401
        found: list[Any] = []
        wait_until(lambda: self._look_for(title, found))
        return found[0]

    def _look_for(self, title: str, found: list[Any]) -> bool:
        """Adds the managed windows of this title; a new one may not have become one yet."""
        clients = self._root.get_full_property(self._display.intern_atom("_NET_CLIENT_LIST"), X.AnyPropertyType)
        for number in clients.value if clients is not None else ():
            window = self._display.create_resource_object("window", int(number))
            name = window.get_full_text_property(self._display.intern_atom("_NET_WM_NAME")) or window.get_wm_name()
            if str(name or "").startswith(title):
                found.append(window)
        return bool(found)
