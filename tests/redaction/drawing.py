"""Draws small screens for tests: words at places, in a font, in colours; and tells where the words are."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from redaction.detectors import Detector
from redaction.images.pixels import MaskedFrame, Masker, MaskTools
from redaction.lexicon import Lexicon
from redaction.readers.base import Pixels, Reader, Word
from redaction.spans import Box, box_of

FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"


@dataclass
class Canvas:
    width: int = 640
    height: int = 200
    paper: str = "#ffffff"
    pen: str = "#111111"
    size: int = 13
    words: list[tuple[Word, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.image = Image.new("RGB", (self.width, self.height), self.paper)
        self.draw = ImageDraw.Draw(self.image)

    def line(self, text: str, x: int, y: int, *, told: bool = True) -> Box:
        """Draws a line; when `told`, its words are among those that a fake reader is told of."""
        font = ImageFont.truetype(FONT, self.size)
        words, left = [], float(x)
        for part in text.split(" "):
            self.draw.text((round(left), y), part, font=font, fill=self.pen)
            edges = self.draw.textbbox((round(left), y), part, font=font)
            words.append(Word(part, 0.95, box_of(*(round(edge) for edge in edges))))
            left += font.getlength(part + " ")
        if told:
            self.words.append(tuple(words))
        box = words[0].box
        for word in words[1:]:
            box = box.union(word.box)
        return box

    @property
    def pixels(self) -> Pixels:
        return np.asarray(self.image, np.uint8).copy()


def shows(pixels: Pixels, box: Box) -> bool:
    """Whether anything but one flat colour is left within the letters of a box."""
    place = pixels[box.y + 1 : box.bottom - 1, box.x + 1 : box.right - 1]
    return bool((place != place[0, 0]).any())


def mask_frame(rgb: Pixels, *, reader: Reader, lexicon: Lexicon, detectors: tuple[Detector, ...]) -> MaskedFrame:
    """One masked screen, without a second engine."""
    return Masker(MaskTools(reader, lexicon, detectors)).mask(rgb)
