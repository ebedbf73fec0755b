"""Draws small shapes on a plain screen, as a programme does: known icons, letters, initials in discs, form controls."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from redaction.images.icons import icons_of
from redaction.images.ink import writing_of
from redaction.images.phrases import KeptPhrase
from redaction.images.shapes import LEVELS, ROOM, Coverage, load_shapes
from redaction.readers.base import Pixels
from redaction.spans import Box
from tests.redaction.drawing import FONT

FINE = 8
"""Pixels drawn for each pixel of the screen, so that edges are as smooth as a programme draws them."""


def icon(number: int, size: int = 24) -> Coverage:
    """The known shape of a number, drawn sharply at a size in pixels."""
    levels = load_shapes().drawings[number][ROOM:-ROOM, ROOM:-ROOM].astype(np.float32) / LEVELS
    large = cv2.resize(levels, (size * FINE, size * FINE), interpolation=cv2.INTER_CUBIC)
    return small((large > 0.5).astype(np.float32))


def small(large: Coverage) -> Coverage:
    height, width = (edge // FINE for edge in large.shape)
    return np.asarray(cv2.resize(large, (width, height), interpolation=cv2.INTER_AREA), np.float32)


def letters(text: str, size: int = 20, font: str = FONT) -> Coverage:
    face = ImageFont.truetype(font, size)
    left, top, right, bottom = (int(edge) for edge in face.getbbox(text))
    picture = Image.new("L", (max(right - left, 1), max(bottom - top, 1)), 0)
    ImageDraw.Draw(picture).text((-left, -top), text, font=face, fill=255)
    return np.asarray(picture, np.float32) / np.float32(255)


def control(size: int, radius: float, *, filled: bool, inside: str = "", line: int = 2) -> Coverage:
    """A square, rounded by a share of its size (0.5 is a disc), filled or hollow, with a text in it."""
    edge = size * FINE
    picture = Image.new("L", (edge, edge), 0)
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((0, 0, edge - 1, edge - 1), edge * radius, 255 if filled else 0, 255, line * FINE)
    face = ImageFont.truetype(FONT, edge * 0.6 if len(inside) < 2 else edge * 0.42)
    draw.text((edge / 2, edge / 2), inside, font=face, fill=0 if filled else 255, anchor="mm")
    return small(np.asarray(picture, np.float32) / np.float32(255))


def star(size: int, share: float) -> Coverage:
    """A star, filled from the left by a share, as in a rating."""
    edge = size * FINE
    angles = np.arange(10) * np.pi / 5 - np.pi / 2
    lengths = np.where(np.arange(10) % 2 == 0, 0.49, 0.2) * edge
    corners = list(zip(edge / 2 + lengths * np.cos(angles), edge / 2 + lengths * np.sin(angles), strict=True))
    hollow, full = Image.new("L", (edge, edge), 0), Image.new("L", (edge, edge), 0)
    ImageDraw.Draw(hollow).polygon(corners, 0, 255, 2 * FINE)
    ImageDraw.Draw(full).polygon(corners, 255)
    filling = np.where(np.arange(edge) < edge * share, np.asarray(full), 0)
    return small(np.asarray(np.maximum(np.asarray(hollow), filling) / 255, np.float32))


@dataclass
class Desk:
    """A plain screen on which shapes and phrases that stay are put."""

    width: int = 400
    height: int = 120
    paper: tuple[int, int, int] = (255, 255, 255)
    pen: tuple[int, int, int] = (60, 64, 67)
    phrases: list[KeptPhrase] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.pixels: Pixels = np.full((self.height, self.width, 3), self.paper, np.uint8)

    def put(self, shape: Coverage, x: int, y: int, pen: tuple[int, int, int] | None = None) -> Box:
        """Paints a shape over what is there; its box comes back."""
        height, width = shape.shape
        place = self.pixels[y : y + height, x : x + width]
        colour = np.array(pen or self.pen, np.float32)
        place[:] = np.rint(place + (colour - place) * shape[:, :, None]).astype(np.uint8)
        return Box(x, y, width, height)

    def row(self, shapes: list[Coverage], x: int = 20, y: int = 40, pitch: int = 48) -> list[Box]:
        return [self.put(shape, x + index * pitch, y) for index, shape in enumerate(shapes)]

    def phrase(self, x: int, y: int, text: str = "Settings") -> Box:
        """A phrase that stays, 10 px high."""
        box = Box(x, y, 7 * len(text), 10)
        self.phrases.append(KeptPhrase(box, text, box, 10))
        return box

    def rest(self) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
        return writing_of(self.pixels)

    def icons(self, *fields: Box) -> tuple[Box, ...]:
        return icons_of(self.pixels, self.rest(), tuple(self.phrases), fields=fields)

    def stays(self, box: Box, *fields: Box) -> bool:
        """Whether the shape in this box is among the icons that stay."""
        return any(box.meets(icon) for icon in self.icons(*fields))
