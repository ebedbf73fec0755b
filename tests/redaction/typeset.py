"""Sets small screens for tests of masking: lines in any font, bordered boxes, and what a masker keeps of them.

A reader is told of the words as they were set; what the masker then keeps or masks is its own doing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import ImageFont

from redaction.detectors import Detector
from redaction.images.pixels import About, MaskedFrame, Masker, MaskTools
from redaction.lexicon import Lexicon
from redaction.readers.base import Pixels, Word
from redaction.readers.fake import FakeReader
from redaction.spans import FILL, Box, box_of
from redaction.widgets import Widget
from tests.redaction.drawing import FONT, Canvas

FONTS: Final = Path("/usr/share/fonts/truetype")
FACES: Final[Mapping[str, Path]] = {
    "sans": FONTS / "dejavu/DejaVuSans.ttf",
    "serif": FONTS / "dejavu/DejaVuSerif.ttf",
    "mono": FONTS / "dejavu/DejaVuSansMono.ttf",
    "grotesque": FONTS / "liberation/LiberationSans-Regular.ttf",
    "roman": FONTS / "liberation/LiberationSerif-Regular.ttf",
    "typewriter": FONTS / "liberation/LiberationMono-Regular.ttf",
}
KNOWN: Final = Lexicon(
    frozenset(
        {
            "account", "active", "amount", "cancel", "city", "close", "dashboard", "date", "edit", "file",
            "filing status", "first name", "help", "home", "inbox", "name", "now", "password", "report", "save",
            "save as", "search", "sent", "settings", "single", "status", "type", "view", "will",
        }
    ),
    "0",
)  # fmt: skip


@dataclass
class Sheet(Canvas):
    """A canvas on which the font, the reader's confidence and the borders may be chosen."""

    font: str = FONT
    confidence: float = 0.95

    def line(self, text: str, x: int, y: int, *, told: bool = True) -> Box:
        face = ImageFont.truetype(self.font, self.size)
        words, left = [], float(x)
        for part in text.split(" "):
            self.draw.text((round(left), y), part, font=face, fill=self.pen)
            edges = self.draw.textbbox((round(left), y), part, font=face)
            words.append(Word(part, self.confidence, box_of(*(round(edge) for edge in edges))))
            left += face.getlength(part + " ")
        if told:
            self.words.append(tuple(words))
        return box_of(words[0].box.x, min(word.box.y for word in words), words[-1].box.right,
                      max(word.box.bottom for word in words))  # fmt: skip

    def border(self, box: Box, radius: int = 4) -> Box:
        """Draws the border of a field, button or card; the box comes back."""
        corners = (box.x, box.y, box.right - 1, box.bottom - 1)
        self.draw.rounded_rectangle(corners, radius, outline="#888888")
        return box

    def button(self, text: str, x: int, y: int, *, height: int = 30) -> Box:
        """Draws a button with its name in the middle; the box of its border comes back."""
        face = ImageFont.truetype(self.font, self.size)
        left, top, right, bottom = (round(edge) for edge in face.getbbox(text))
        self.line(text, x + 16, y + (height - bottom - top) // 2)
        return self.border(Box(x, y, right - left + 32, height))

    def rows(
        self, rows: tuple[tuple[str, ...], ...], x: int = 20, y: int = 20, *, across: int = 130
    ) -> list[list[Box]]:
        """Draws the cells of a table without lines; their boxes come back."""
        return [
            [self.line(cell, x + column * across, y + row * 26) for column, cell in enumerate(cells)]
            for row, cells in enumerate(rows)
        ]


def masked(
    sheet: Canvas,
    *,
    widgets: tuple[Widget, ...] = (),
    words: Lexicon | None = None,
    detectors: tuple[Detector, ...] = (),
) -> MaskedFrame:
    """The masked screen, read by a reader that was told of its words."""
    tools = MaskTools(FakeReader(tuple(sheet.words)), KNOWN, detectors, words)
    return Masker(tools).mask(sheet.pixels, about=About(widgets=widgets))


def kept(sheet: Canvas) -> list[str]:
    """The phrases that stay on it, from A to Z."""
    return sorted(masked(sheet).kept)


def covered(frame: MaskedFrame) -> npt.NDArray[np.bool_]:
    """Where the masks lie."""
    plane = np.zeros(frame.pixels.shape[:2], np.bool_)
    for mask in frame.masks:
        plane[mask.box.y : mask.box.bottom, mask.box.x : mask.box.right] = True
    return plane


def hides(frame: MaskedFrame, box: Box) -> bool:
    """Whether every pixel of a box is masked."""
    return bool(covered(frame)[box.y : box.bottom, box.x : box.right].all())


def is_flat(pixels: Pixels, box: Box) -> bool:
    """Whether every pixel of a box has the colour of a mask."""
    return bool((pixels[box.y : box.bottom, box.x : box.right] == FILL).all())


def unsure(sheet: Sheet, confidence: float) -> Sheet:
    """The same screen, of which the reader is as sure as this."""
    sheet.words = [tuple(replace(word, confidence=confidence) for word in line) for line in sheet.words]
    return sheet


def looks() -> tuple[tuple[str, int], ...]:
    """Each font in small and doubled sizes."""
    return tuple(product(FACES, (8, 11, 13, 16, 26, 32)))
