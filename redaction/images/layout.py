"""Finds where values stand on a screen, by its ink alone: fields, and what follows a colon. Nothing is read here.

Planes and boxes enter, boxes leave. A phrase in such a place is masked although the lexicon knows it: "Single" may be
a button's name and somebody's filing status.

1. A field is a low bordered box with one line of writing that is not centred in it, or lies in parts far from each
   other, as the text and the arrow of a select do. It is masked as a box, so that the length of its text does not show.
2. A button is a low bordered box with its writing in the middle. It is no value's place.
3. A colon is two like dots, one over the other, at a run's end. It is found whether it was read or not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from redaction.images.ink import Ink
from redaction.spans import Box, box_of

Plane = npt.NDArray[np.uint8]

LOWEST: Final = 16
"""Least height of a field or button in pixels."""
HIGHEST: Final = 110
"""Largest height of a field or button in pixels: 44 px at twice the scale, and some."""
CARD: Final = 64
"""Edge in pixels from which a bordered box may hold a list or table of its own."""
OFF_CENTRE: Final = 0.8
"""Heights of the writing by which its two margins in a button may differ."""
PARTS: Final = 1.3
"""Gap, in heights, between parts of writing that do not belong to one button's icon and name."""
BLANK: Final = 3
"""Blank rows that lie within one line, as over a dash or under a dot."""
RIM: Final = 3
"""Pixels of a border and its contrast."""
DARK: Final = 140
"""Grey level up to which a pixel of a strip is a dot's."""
LABEL_REACH: Final = 480
"""Pixels right of a colon within which the next run is its value."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The insides of fields, the insides of buttons, cards, all runs, and the runs that end in a colon."""

    fields: tuple[Box, ...] = ()
    buttons: tuple[Box, ...] = ()
    cards: tuple[Box, ...] = ()
    runs: tuple[Box, ...] = ()
    colons: tuple[Box, ...] = ()


def layout_of(ink: Ink, runs: tuple[Box, ...], colons: tuple[Box, ...]) -> Layout:
    """Where values and buttons are."""
    fields: list[Box] = []
    buttons: list[Box] = []
    for frame in ink.frames:
        inside = frame.grown(-RIM, -RIM)
        if LOWEST <= frame.height <= HIGHEST and inside.width > 0 and inside.height > 0:
            content = ink.writing[inside.y : inside.bottom, inside.x : inside.right]
            if is_one_line(content):
                (buttons if is_centred(content) else fields).append(inside)
    cards = tuple(frame for frame in ink.frames if frame.height > CARD and frame.width > CARD)
    return Layout(tuple(fields), tuple(buttons), cards, runs, colons)


def is_one_line(content: Plane) -> bool:
    """Whether there is writing in a box, and no blank rows part it: a card has lines below each other."""
    rows = np.flatnonzero(content.any(axis=1))
    return bool(rows.size) and int(np.diff(rows).max(initial=1)) <= BLANK


def is_centred(content: Plane) -> bool:
    """Whether the writing in a box is one group in its middle."""
    columns, rows = np.flatnonzero(content.any(axis=0)), np.flatnonzero(content.any(axis=1))
    height = int(rows[-1] - rows[0]) + 1
    gap = int(np.diff(columns).max(initial=0))
    across = abs(int(columns[0]) - (content.shape[1] - 1 - int(columns[-1])))
    down = abs(int(rows[0]) - (content.shape[0] - 1 - int(rows[-1])))
    return max(across, down) <= max(OFF_CENTRE * height, 2) and gap <= PARTS * height


def ends_in_colon(plane: Plane) -> bool:
    """Whether the last column of ink on a strip (dark on white) holds two like dots, one over the other."""
    dark = np.asarray(plane < DARK)
    rows = np.flatnonzero(dark.any(axis=1))
    columns = np.flatnonzero(dark.any(axis=0))
    if columns.size < 2 or rows.size < LOWEST // 3:
        return False
    height = int(rows[-1] - rows[0]) + 1
    breaks = np.flatnonzero(np.diff(columns) > 1)
    first = int(columns[breaks[-1] + 1]) if breaks.size else int(columns[0])
    last = dark[:, first : int(columns[-1]) + 1]
    inked = np.flatnonzero(last.any(axis=1))
    parts = np.split(inked, np.flatnonzero(np.diff(inked) > 1) + 1)
    if breaks.size == 0 or len(parts) != 2 or last.shape[1] > max(2, height / 3):
        return False
    upper, lower = parts
    low = max(len(upper), len(lower)) <= max(2, height / 3)
    return low and abs(len(upper) - len(lower)) <= 1 and last.shape[1] <= 2 * max(len(upper), len(lower))


def button_of(box: Box, layout: Layout) -> Box | None:
    """The inside of the smallest button that holds a box, None if none does."""
    holding = (button for button in layout.buttons if button.union(box) == button)
    return min(holding, key=lambda button: button.area, default=None)


def card_of(box: Box, cards: tuple[Box, ...]) -> int:
    """The number of the smallest card that holds a box, -1 if none does."""
    holding = [index for index, card in enumerate(cards) if card.union(box) == card]
    return min(holding, key=lambda index: cards[index].area, default=-1)


def in_values_place(box: Box, layout: Layout) -> bool:
    """Whether a run stands in a field, or follows a run that ends in a colon; what a button holds does not."""
    if button_of(box, layout) is not None:
        return False
    row = box_of(box.x - LABEL_REACH, box.y + box.height // 3, box.x, box.bottom - box.height // 3)
    in_field = any(field.meets(box) for field in layout.fields)
    return in_field or any(colon.meets(row) and colon.right <= box.x + RIM for colon in layout.colons)


def without_buttons(layout: Layout) -> tuple[Box, ...]:
    """Boxes that cover the fields, except for buttons that lie in them."""
    pieces = layout.fields
    for button in layout.buttons:
        pieces = tuple(part for piece in pieces for part in piece.without(button))
    return pieces
