"""Terminals, drawn by a real xterm: lines with their categories and a look enter, the truth and a PNG leave.

Where a word stands follows from its row and column and from the size of a cell, which the window's size tells.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.screens import held_shell, tuning_shell
from benchmarks.screens.blocks import runs
from benchmarks.screens.desktop import Place, grab, place_of, settled
from benchmarks.screens.looks import Look
from benchmarks.screens.people import People
from benchmarks.screens.truth import Half, Target, TrueWidget, TrueWord, Truth
from optin.demo.desktop import VirtualDesktop
from optin.demo.programs import end_program, wait_until
from redaction.spans import Box

_BORDER: Final = 4
_MARGIN: Final = 46
"""Pixels that are left free around the window, for its frame."""
# Shows the file without a cursor, says which window it is in, and stays.
_SHOW: Final = (
    'printf "\\033[?25l\\033[2J\\033[H"; cat "$1"; echo "$WINDOWID" > "$2.new"; mv "$2.new" "$2"; exec sleep 600'
)


@dataclass(frozen=True, slots=True)
class Screenful:
    """A kind of terminal screen; `lines` has categories as `blocks.runs` reads them."""

    name: str
    half: Half
    category: str
    lines: Callable[[People, random.Random], tuple[str, ...]]


SCREENFULS: Final = (
    Screenful("terminal-shell", Half.TUNING, "secret", tuning_shell.shell),
    Screenful("terminal-database", Half.HELD_OUT, "medical", held_shell.database),
)


def draw_terminal(desktop: VirtualDesktop, kind: Screenful, look: Look, seed: int) -> tuple[Truth, bytes]:
    """The truth of a terminal on the desktop, which must be as large as the look's picture, and its PNG."""
    chance = random.Random(f"{seed}/{kind.name}/{look.name}")
    size = round(look.size * look.scale)
    screen = Box(0, 0, round(look.width * look.scale), round(look.height * look.scale))
    # A letter of these fonts is 0.6 of its height wide, and a line 1.2 of it high.
    columns, rows = (
        int((screen.width - 2 * _MARGIN) / (0.62 * size)),
        int((screen.height - 2 * _MARGIN) / (1.25 * size)),
    )
    lines = tuple(runs("content", line) for line in kind.lines(People(chance, kind.half), chance))[-rows + 1 :]
    folder = Path(desktop.environment["HOME"])
    text, told = folder / "screen.txt", folder / "window"
    told.unlink(missing_ok=True)
    text.write_text("\n".join("".join(part for _, part in line)[: columns - 1] for line in lines), "utf-8")
    process = desktop.start(*_command(look, size, f"{columns}x{rows}"), str(text), str(told))
    try:
        number = wait_until(lambda: told.read_text() if told.exists() else None, what="The terminal", process=process)
        place = place_of(desktop, int(number))
        png = settled(lambda: grab(desktop, screen))
    finally:
        end_program(process)
    cell = ((place.width - 2 * _BORDER) / columns, (place.height - 2 * _BORDER) / rows)
    words = tuple(_words(lines, place, cell, columns - 1))
    box = Box(place.x, place.y, place.width, place.height)
    widgets = (TrueWidget(box, "terminal", "Terminal", in_document=False),)
    return Truth(
        kind.name, look.name, kind.half, look.scale, words, (Target(box, "textbox", "Terminal"),), widgets
    ), png


def _command(look: Look, size: int, cells: str) -> tuple[str, ...]:
    font = "Liberation Mono" if "Liberation" in look.font else "DejaVu Sans Mono"
    drawn = ("-fa", f"{font}:pixelsize={size}", "-bg", look.colours[0], "-fg", look.colours[2], "-b", str(_BORDER))
    placed = ("-T", "Terminal", "-geometry", f"{cells}+{_MARGIN // 2}+{_MARGIN // 2}")
    return ("xterm", "-u8", "+sb", *drawn, *placed, "-e", "sh", "-c", _SHOW, "sh")


def _words(
    lines: tuple[tuple[tuple[str, str], ...], ...], place: Place, cell: tuple[float, float], columns: int
) -> Iterator[TrueWord]:
    value = 0
    for row, line in enumerate(lines):
        column = 0
        for category, text in line:
            value += 1
            for match in re.finditer(r"\S+", text):
                left, right = column + match.start(), min(column + match.end(), columns)
                if left < right and any(sign.isalnum() for sign in match[0]):
                    x, y = place.x + _BORDER + left * cell[0], place.y + _BORDER + row * cell[1]
                    box = Box(round(x), round(y), round((right - left) * cell[0]), round(cell[1]))
                    yield TrueWord(match[0][: right - left], box, category, value)
            column += len(text)
