"""`optin tray`: an icon that shows whether recording is on, with a menu to pause, resume and stop.

A process of its own without any key. It knows of the recorder what the control socket says, and does what the commands
pause, resume and stop do; if it ends, a recorder that has no other sign pauses.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from capture.command import Command
from optin.checkup import require_extra
from optin.controls import pause_end, stop_recorder, told
from optin.home import Home, open_home
from optin.last import FOLDER
from optin.notify import notify
from optin.tray_menu import choose
from optin.tray_watch import OFF, Look, Shown, Watch
from vault.errors import MissingPart, OptinError

if TYPE_CHECKING:
    from PIL.Image import Image

SIZE: Final = 64
_RED, _YELLOW, _GREY, _BLUE, _BACK = (220, 30, 30), (240, 180, 0), (130, 130, 130), (60, 90, 220), (245, 245, 245)


@dataclass(frozen=True, slots=True)
class Choice:
    """A line of the menu and what it does."""

    line: str
    act: Callable[[], object]


def choices(home: Home) -> tuple[Choice, ...]:
    """The menu."""
    return (
        Choice("Pause for 30 minutes", partial(_pause, home, "30m")),
        Choice("Pause until I resume", partial(_pause, home, "until-resume")),
        Choice("Resume", partial(told, home, Command.RESUME)),
        Choice("Stop", partial(stop_recorder, home)),
    )


@dataclass(slots=True)
class Tray:
    """The icon and what it says. Where it is in no tray any more it watches no more: then it is no sign."""

    home: Home
    now: Shown = OFF
    icon: Any = None

    def run(self) -> None:
        """Shows the icon until the process or the tray is ended; `MissingPart` when there is no tray."""
        from pystray import Icon, Menu, MenuItem

        if Icon.HAS_MENU:
            items = [MenuItem(choice.line, partial(_clicked, choice)) for choice in choices(self.home)]
            self.icon = Icon("optin", draw(OFF.look), OFF.words, Menu(*items))
            self.icon.run(self._begin)
        else:
            from optin.tray_x11 import X11Icon

            opens = MenuItem("Optin", self._open_menu, default=True)
            self.icon = X11Icon("optin", draw(OFF.look), OFF.words, Menu(opens))
            self.icon.run_here(self._follow)
        raise MissingPart("there is no tray on this desktop, or it has gone; `optin status` tells what the icon would")

    def _begin(self, icon: Any) -> None:  # noqa: ANN401  # pystray has no types
        icon.visible = True
        self._follow()

    def _follow(self) -> None:
        """Watches the recorder in a thread that ends with the process."""
        watch = Watch(self.home.folder(FOLDER), self._show)
        threading.Thread(target=watch.follow, daemon=True).start()

    def _show(self, found: Shown) -> None:
        self.now = found
        if self.icon.HAS_MENU:
            self.icon.icon, self.icon.title = draw(found.look), found.words
        else:
            self.icon.post(draw(found.look), found.words)

    def _open_menu(self, *_icon_and_item: object) -> None:
        """Opens the menu in a thread, so that the icon goes on showing what is true."""
        threading.Thread(target=self._choose, daemon=True).start()

    def _choose(self) -> None:
        found = choices(self.home)
        number = choose(self.now.words, [choice.line for choice in found])
        if number is not None:
            _clicked(found[number])


def show() -> None:
    """Shows the icon until the process or the tray is ended; `MissingPart` without the extra, a display or a tray."""
    require_extra("tray")
    if sys.platform == "linux" and not os.environ.get("DISPLAY"):
        raise MissingPart("there is no X display here (DISPLAY is not set); start it from within the desktop")
    logging.getLogger("pystray").setLevel(logging.CRITICAL)  # what it logs are traces; what matters is said here
    Tray(open_home()).run()


def draw(look: Look) -> Image:
    """The icon: a disc, two bars, a ring or a question mark, so that it can be told without colours."""
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("RGB", (SIZE, SIZE), _BACK)
    pen = ImageDraw.Draw(picture)
    match look:
        case Look.RECORDING:
            pen.ellipse((6, 6, SIZE - 7, SIZE - 7), fill=_RED)
        case Look.PAUSED:
            pen.rectangle((12, 8, 26, SIZE - 9), fill=_YELLOW)
            pen.rectangle((SIZE - 27, 8, SIZE - 13, SIZE - 9), fill=_YELLOW)
        case Look.OFF:
            pen.ellipse((8, 8, SIZE - 9, SIZE - 9), outline=_GREY, width=8)
        case Look.UNKNOWN:
            pen.text((SIZE // 2, SIZE // 2), "?", font=ImageFont.load_default(SIZE - 4), fill=_BLUE, anchor="mm")
    return picture


def _clicked(choice: Choice, *_icon_and_item: object) -> None:
    try:
        choice.act()
    except OptinError as error:
        notify("Optin", str(error))


def _pause(home: Home, length: str) -> None:
    told(home, Command.PAUSE, until_ms=pause_end(length, datetime.now()))  # noqa: DTZ005  # the person's own clock
