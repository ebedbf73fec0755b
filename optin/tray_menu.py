"""A small menu on an X11 screen: lines of text come in, the number of the chosen one goes out.

The tray's own X11 icon has none. It is drawn as one picture, closes at a click elsewhere, and reads nothing but the
pointer while it is open.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from PIL.Image import Image

ROW: Final = 28
"""Height of a line in pixels."""
_MARGIN: Final = 12
_FONT_SIZE: Final = 14
_PAPER, _INK, _CHOSEN, _EDGE = (250, 250, 250), (30, 30, 30), (210, 225, 245), (120, 120, 120)


def draw_menu(heading: str, lines: Sequence[str], *, chosen: int | None) -> Image:
    """The menu as a picture: a heading, then the lines; the chosen one is marked."""
    from PIL import Image, ImageDraw, ImageFont

    font = ImageFont.load_default(_FONT_SIZE)
    width = max(int(font.getlength(line)) for line in (heading, *lines)) + 2 * _MARGIN
    picture = Image.new("RGB", (width, ROW * (1 + len(lines))), _PAPER)
    draw = ImageDraw.Draw(picture)
    draw.text((_MARGIN, 5), heading, font=font, fill=_EDGE)
    draw.line((0, ROW - 1, width, ROW - 1), fill=_EDGE)
    for number, line in enumerate(lines):
        top = (1 + number) * ROW
        if number == chosen:
            draw.rectangle((0, top, width, top + ROW - 1), fill=_CHOSEN)
        draw.text((_MARGIN, top + 5), line, font=font, fill=_INK)
    draw.rectangle((0, 0, width - 1, picture.height - 1), outline=_EDGE)
    return picture


def choose(heading: str, lines: Sequence[str]) -> int | None:
    """The number of the line that a person clicks, None if they click elsewhere or log out; waits until they do."""
    from Xlib.display import Display
    from Xlib.error import ConnectionClosedError

    display = Display()
    try:
        number = _Menu(display, heading, lines).run()
        display.close()
    except ConnectionClosedError:
        return None
    return number


class _Menu:
    """One open menu."""

    def __init__(self, display: Any, heading: str, lines: Sequence[str]) -> None:  # noqa: ANN401
        from Xlib import X

        self._display, self._heading, self._lines = display, heading, lines
        picture = draw_menu(heading, lines, chosen=None)
        self._width, self._height = picture.size
        screen = display.screen()
        pointer = screen.root.query_pointer()
        left = max(min(pointer.root_x, screen.width_in_pixels - self._width), 0)
        top = max(min(pointer.root_y, screen.height_in_pixels - self._height), 0)
        self._mask = X.ButtonPressMask | X.ButtonReleaseMask | X.PointerMotionMask
        self._window = screen.root.create_window(
            left,
            top,
            self._width,
            self._height,
            0,
            screen.root_depth,
            override_redirect=True,
            event_mask=self._mask | X.ExposureMask,
        )
        self._window.set_wm_name("Optin")
        self._paper = self._window.create_gc()

    def run(self) -> int | None:
        """The line that is chosen."""
        from Xlib import X

        self._window.map()
        self._window.grab_pointer(
            True,  # noqa: FBT003  # the protocol's form
            self._mask,
            X.GrabModeAsync,
            X.GrabModeAsync,
            X.NONE,
            X.NONE,
            X.CurrentTime,
        )
        while True:
            event = self._display.next_event()
            if event.type == X.ButtonPress:
                return self._line_at(event.event_x, event.event_y)
            if event.type in {X.Expose, X.MotionNotify}:
                over = self._line_at(event.event_x, event.event_y) if event.type == X.MotionNotify else None
                self._draw(over)

    def _line_at(self, x: int, y: int) -> int | None:
        return y // ROW - 1 if 0 <= x < self._width and ROW <= y < self._height else None

    def _draw(self, chosen: int | None) -> None:
        self._window.put_pil_image(self._paper, 0, 0, draw_menu(self._heading, self._lines, chosen=chosen))
        self._display.flush()
