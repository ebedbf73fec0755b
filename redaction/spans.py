"""Names for what was found and where: categories, boxes on a screen, masks, and stretches of a text.

Values enter, values leave. Nothing here holds a text or a pixel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

FILL: Final = 128
"""Grey level of a mask in each channel."""


class Category(StrEnum):
    """Why something was masked; `UNKNOWN` means that it was not read, or not recognised as safe."""

    PERSON = "person"
    MEDICAL = "medical"
    TAX = "tax"
    FINANCIAL = "financial"
    CHAT = "chat"
    HR = "hr"
    AI_PROMPT = "ai_prompt"
    CLASSIFIED = "classified"
    SECRET = "secret"  # noqa: S105
    UNKNOWN = "unknown"


SEVERITY: tuple[Category, ...] = (
    Category.SECRET,
    Category.CLASSIFIED,
    Category.TAX,
    Category.MEDICAL,
    Category.FINANCIAL,
    Category.HR,
    Category.AI_PROMPT,
    Category.CHAT,
    Category.PERSON,
    Category.UNKNOWN,
)
"""Which category names a mask when several fit: the first of these."""


def gravest(categories: tuple[Category, ...]) -> Category:
    """The first category of `SEVERITY` among these; `UNKNOWN` when there is none."""
    return min(categories, key=SEVERITY.index, default=Category.UNKNOWN)


@dataclass(frozen=True, slots=True, order=True)
class Box:
    """A rectangle of pixels: left edge, top edge, width and height."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """First column to the right of the box."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """First row below the box."""
        return self.y + self.height

    @property
    def area(self) -> int:
        """Pixels in the box."""
        return self.width * self.height

    def meets(self, other: Box) -> bool:
        """Whether the two share a pixel."""
        across = self.x < other.right and other.x < self.right
        return across and self.y < other.bottom and other.y < self.bottom

    def union(self, other: Box) -> Box:
        """The smallest box that holds both."""
        return box_of(
            min(self.x, other.x), min(self.y, other.y), max(self.right, other.right), max(self.bottom, other.bottom)
        )

    def grown(self, across: int, down: int) -> Box:
        """The box with so many pixels more on each side."""
        return Box(self.x - across, self.y - down, self.width + 2 * across, self.height + 2 * down)

    def moved(self, across: int, down: int) -> Box:
        """The box so many pixels further to the right and down."""
        return Box(self.x + across, self.y + down, self.width, self.height)

    def clipped(self, width: int, height: int) -> Box:
        """The part that lies on a screen of this size; its width or height is 0 when none does."""
        left, top = min(max(self.x, 0), width), min(max(self.y, 0), height)
        return box_of(left, top, max(left, min(self.right, width)), max(top, min(self.bottom, height)))

    def clipped_to(self, other: Box) -> Box:
        """The part that lies in the other; its width or height is 0 when none does."""
        left, top = min(max(self.x, other.x), other.right), min(max(self.y, other.y), other.bottom)
        return box_of(left, top, max(left, min(self.right, other.right)), max(top, min(self.bottom, other.bottom)))

    def without(self, other: Box) -> tuple[Box, ...]:
        """Up to four boxes that cover this one except where the other lies."""
        if not self.meets(other):
            return (self,)
        top, bottom = max(self.y, other.y), min(self.bottom, other.bottom)
        pieces = (
            box_of(self.x, self.y, self.right, top),
            box_of(self.x, bottom, self.right, self.bottom),
            box_of(self.x, top, max(self.x, other.x), bottom),
            box_of(min(self.right, other.right), top, self.right, bottom),
        )
        return tuple(piece for piece in pieces if piece.width > 0 and piece.height > 0)


def box_of(left: int, top: int, right: int, bottom: int) -> Box:
    """The box between two edges each way, the right and bottom ones excluded."""
    return Box(left, top, right - left, bottom - top)


def around(boxes: Sequence[Box]) -> Box:
    """The smallest box that holds all of these; there must be at least one."""
    left, top = min(box.x for box in boxes), min(box.y for box in boxes)
    return box_of(left, top, max(box.right for box in boxes), max(box.bottom for box in boxes))


@dataclass(frozen=True, slots=True, order=True)
class Mask:
    """A box that was filled, and why."""

    box: Box
    category: Category


@dataclass(frozen=True, slots=True, order=True)
class TextSpan:
    """Characters `start` to `end` (excluded) of a text, counted in code points, and why they go."""

    start: int
    end: int
    category: Category
