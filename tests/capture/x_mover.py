"""A window that moves over, under and beside a place on the screen as fast as the display lets it, until it is ended.

Its two places (x, y), size and colour come as arguments. No window manager slows it down.
"""

from __future__ import annotations

import sys
from typing import Any

from Xlib import X
from Xlib.display import Display


def main(places: tuple[tuple[int, int], tuple[int, int]], size: tuple[int, int], colour: int) -> None:
    """Moves until it is ended."""
    display = Display()
    root: Any = display.screen().root
    window = root.create_window(
        *places[0],
        *size,
        0,
        X.CopyFromParent,
        X.InputOutput,
        X.CopyFromParent,
        background_pixel=colour,
        override_redirect=True,
    )
    window.set_wm_class("mover", "Mover")
    window.map()
    while True:
        for place, mode in ((0, X.Above), (1, X.Above), (0, X.Below), (0, X.Above), (0, X.Below), (1, X.Below)):
            window.configure(x=places[place][0], y=places[place][1], stack_mode=mode)
            display.sync()


numbers = [int(each, 0) for each in sys.argv[1:]]
main(((numbers[0], numbers[1]), (numbers[2], numbers[3])), (numbers[4], numbers[5]), numbers[6])
