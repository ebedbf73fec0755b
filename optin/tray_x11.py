"""pystray's X11 icon, with all its talk to the X server in one thread: looks come in from another, pictures go out.

pystray 0.19.5 lets other threads speak over the icon's connection while its own thread waits there, and now and then
the two wait for each other for ever. An icon that cannot change any more would go on saying what is not true.
"""

from __future__ import annotations

import queue
import select
import socket
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from pystray._xorg import Icon
from Xlib import X
from Xlib.error import ConnectionClosedError

if TYPE_CHECKING:
    from PIL.Image import Image


class X11Icon(Icon):  # type: ignore[misc]  # pystray has no types
    """An icon that ends by itself as soon as it is in no tray."""

    def __init__(self, *arguments: Any) -> None:  # noqa: ANN401
        super().__init__(*arguments)
        self._news: queue.SimpleQueue[tuple[Image, str]] = queue.SimpleQueue()
        self._reading, self._writing = socket.socketpair()

    def run_here(self, follow: Callable[[], None]) -> None:
        """Shows the icon, then calls `follow`; returns when the tray or the display has gone, or there is none."""
        self._after_dock = follow
        self.run(_nothing)

    def post(self, picture: Image, words: str) -> None:
        """Has the icon look like this; may be called by any thread."""
        self._news.put((picture, words))
        self._writing.send(b".")

    def _events(self) -> Iterator[Any]:
        """What happens to the icon's window; all that speaks to the server is done between two of these."""
        # pystray handles clicks, but does not ask the server for them.
        self._window.change_attributes(event_mask=X.ExposureMask | X.StructureNotifyMask | X.ButtonPressMask)
        self._dock_window()  # once: `visible` would ask for a place twice
        self._visible = self._icon_valid = True
        if self._systray_manager is None:
            return
        self._after_dock()
        try:
            while self._systray_manager is not None:
                while self._display.pending_events():
                    yield self._display.next_event()
                select.select((self._display.fileno(), self._reading), (), ())
                self._take_news()
        except ConnectionClosedError:
            return

    def _take_news(self) -> None:
        if select.select((self._reading,), (), (), 0)[0]:
            self._reading.recv(1 << 12)
        while not self._news.empty():
            self._paint(*self._news.get())
        self._display.flush()

    def _paint(self, picture: Image, words: str) -> None:
        """Draws, and does not ask for a place again, as pystray would: a tray may drop an icon that asks twice."""
        self._icon, self._icon_data = picture, None
        self._draw()
        self._window.set_wm_name(words)


def _nothing(_icon: object) -> None:
    """pystray's own set-up would speak to the server from another thread."""
