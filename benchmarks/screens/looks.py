"""How a screen looks: six looks for web pages, as size, scale, font, colours and density. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Frame(StrEnum):
    """What stands around the page."""

    NONE = "none"
    BROWSER = "browser"
    WINDOW = "window"


@dataclass(frozen=True, slots=True)
class Look:
    """Sizes in CSS pixels (times `scale` they are the picture's), a font with its size, the height of a table's row.

    Colours are those of paper, panels, writing, lesser writing and lines.
    """

    name: str
    width: int
    height: int
    scale: float
    font: str
    size: int
    row: int
    colours: tuple[str, str, str, str, str]
    frame: Frame = Frame.NONE

    @property
    def dark(self) -> bool:
        """Whether writing is lighter than paper."""
        return self.colours[0] < self.colours[2]

    def rows(self, taken: int) -> int:
        """How many table rows fit below so many pixels, and one more, which is cut off."""
        return max(3, (self.height - taken) // self.row + 1)


LOOKS: Final = (
    Look("light", 1280, 800, 1, "Liberation Sans", 14, 34, ("#ffffff", "#f4f6f8", "#1f2933", "#66727f", "#d5dbe1")),
    Look(
        "dark", 1536, 864, 1.25, "DejaVu Sans", 12, 32, ("#15191f", "#1e242c", "#dfe5ec", "#98a4b1", "#343d48"),
        Frame.BROWSER,
    ),
    Look(
        "low-contrast", 1440, 900, 1, "Liberation Sans", 13, 30, ("#fbfbfa", "#f3f3f1", "#7d838a", "#a3a8ae", "#e7e7e4")
    ),
    Look(
        "serif", 1280, 800, 1.5, "Liberation Serif", 16, 38, ("#fffdf7", "#f6f1e4", "#2b2418", "#75694f", "#ddd2ba"),
        Frame.WINDOW,
    ),
    Look("mono", 1280, 800, 2, "DejaVu Sans Mono", 12, 30, ("#f7f9f9", "#e9eeee", "#10302f", "#4d6b6a", "#c3d1d0")),
    Look(
        "dense", 1920, 1080, 1, "Liberation Sans", 11, 22, ("#ffffff", "#eef1f4", "#222222", "#5f6770", "#cfd5db"),
        Frame.BROWSER,
    ),
)  # fmt: skip
"""In the order in which they are drawn; `low-contrast` has 3.7:1, its lesser writing 2.3:1."""

ACCENTS: Final = ("#1a5fb4", "#0b6e4f", "#7a3e9d", "#a4262c", "#00687a", "#8f4a00", "#33479e", "#3d5a17")
"""One is drawn for each kind: the colour of buttons, links and marks."""


def by_name(name: str) -> Look:
    """The look of this name; KeyError for another."""
    return {look.name: look for look in LOOKS}[name]
