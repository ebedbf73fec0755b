"""Decides which phrases stand among values: in a table's body, in a column of unknown text, or alone in a small card.

The runs of a screen and the ink that no phrase explains enter; whether a phrase is one of the values leaves. Pure.

1. Rows and columns are runs that are in line with each other; they end at the border of a card.
2. Only ink counts, not what was read: a run is unknown when most of its writing is unexplained.
3. The first row and the first column of a table, where headings and names stand, are not its body.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from redaction.images.ink import ink_in
from redaction.images.layout import Layout, card_of
from redaction.spans import Box

if TYPE_CHECKING:
    from redaction.images.phrases import KeptPhrase

Plane = npt.NDArray[np.uint8]
Places = npt.NDArray[np.intp]

TEXT: Final = 1.3
"""Least width of a run, in its heights, that is text and no icon."""
ROWS: Final = 5
"""Largest gap, in heights of a capital, between two rows of a list or table."""
ROWS_APART: Final = 8
"""Largest distance, in heights of a capital, between the rows of one table."""
CARD_LINES: Final = 3
"""Other lines of the largest card of which one known line does not count as a heading."""
CELLS: Final = 3
"""Cells above and below that tell what a column holds."""
FILLED: Final = 0.7
"""Share of unknown cells above and below from which a column holds values, whatever stands beside it."""
ROW: Final = 60
"""Width to either side, in heights of a capital, within which runs on one level are one row."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """The runs of text on a screen, and which of them no phrase explains; rows of left, top, right and bottom edges.

    `cards` says for each run in which of the layout's cards it stands: rows and columns end at a card's border.
    """

    runs: npt.NDArray[np.int32]
    is_unknown: npt.NDArray[np.bool_]
    cards: npt.NDArray[np.int32]
    layout: Layout

    @classmethod
    def among(cls, layout: Layout, writing: Plane, rest: Plane) -> Unknown:
        """The runs that are long enough for text, and whether most of their writing is unexplained."""
        text = [run for run in layout.runs if run.width >= TEXT * run.height]
        shares = [(ink_in(rest, run), ink_in(writing, run)) for run in text]
        edges = np.array([(run.x, run.y, run.right, run.bottom) for run in text], np.int32).reshape(-1, 4)
        is_unknown = np.array([2 * left > inked for left, inked in shares], np.bool_)
        return cls(edges, is_unknown, np.array([card_of(run, layout.cards) for run in text], np.int32), layout)

    def surround(self, phrase: KeptPhrase) -> bool:
        """Whether a phrase is a cell among values, or a line of a card that looks like a button."""
        if phrase.is_control:
            return False
        if phrase.button is not None:
            button = phrase.button
            inside = self._within(button.x, button.y, button.right, button.bottom)
            if (self.is_unknown & inside).any():
                return True
        return self._in_card_of(phrase).hold(phrase)

    def _in_card_of(self, phrase: KeptPhrase) -> Unknown:
        """The runs in the card in which the phrase stands."""
        same = self.cards == card_of(phrase.box, self.layout.cards)
        return Unknown(self.runs[same], self.is_unknown[same], self.cards[same], self.layout)

    def hold(self, phrase: KeptPhrase) -> bool:
        """Whether these runs make a value of the phrase among them."""
        if self._is_small_card(phrase):
            return True
        return self._is_in_body(phrase) or self._is_among_values(phrase)

    def _is_small_card(self, phrase: KeptPhrase) -> bool:
        """Whether the phrase is the only known line of a card with few lines, as the name of an appointment is."""
        if not self.cards.size or self.cards[0] < 0:
            return False
        apart = (self.runs[:, 1] >= phrase.whole.bottom) | (self.runs[:, 3] <= phrase.whole.y)
        others = self.is_unknown[apart | (self.runs[:, 2] <= phrase.whole.x) | (self.runs[:, 0] >= phrase.whole.right)]
        return 0 < others.size <= CARD_LINES and bool(others.all())

    def _is_in_body(self, phrase: KeptPhrase) -> bool:
        """Whether it is a cell below and right of others: a row above it has runs that are aligned with it and with a
        run on its left. The first row and the first column, where headings and labels stand, are not.
        """
        box, height = phrase.whole, phrase.height
        level = (self.runs[:, 1] < box.bottom) & (self.runs[:, 3] > box.y)
        lefts = self.runs[level & (self.runs[:, 2] <= box.x) & (self.runs[:, 2] > box.x - ROW * height)]
        higher = (self.runs[:, 3] <= box.y + height // 4) & (self.runs[:, 3] > box.y - ROWS_APART * height)
        for other in self.runs[higher & (self._off(box) <= max(2, height // 4))]:
            row = self.runs[(self.runs[:, 1] < other[3]) & (self.runs[:, 3] > other[1]) & (self.runs[:, 2] <= other[0])]
            if any((_offsets(row, left) <= max(2, height // 4)).any() for left in lefts):
                return True
        return False

    def _off(self, box: Box) -> npt.NDArray[np.int32]:
        return _offsets(self.runs, np.array([box.x, box.y, box.right, box.bottom], np.int32))

    def _is_among_values(self, phrase: KeptPhrase) -> bool:
        """Whether nearly all of its column's next runs are unknown, or most of them and some of its row.

        The first of a column may be its heading, if its row is one: then most of that row must be unknown.
        """
        box, height = phrase.whole, phrase.height
        aligned = self._off(box) <= max(2, height // 4)
        above = self._next(aligned, box.y - self.runs[:, 3], height)
        column = np.concatenate((above, self._next(aligned, self.runs[:, 1] - box.bottom, height)))
        unknown = int(self.is_unknown[column].sum())
        if 2 * unknown <= column.size:
            return False
        if above.size and column.size > CELLS and unknown >= FILLED * column.size:
            return True
        level = (self.runs[:, 1] < box.bottom) & (self.runs[:, 3] > box.y)
        beside = (self.runs[:, 2] > box.x - ROW * height) & (self.runs[:, 0] < box.right + ROW * height)
        row = self.is_unknown[level & beside]
        return 2 * int(row.sum()) > row.size if not above.size else bool(row.any())

    def _next(self, aligned: npt.NDArray[np.bool_], distance: npt.NDArray[np.int32], height: int) -> Places:
        """The nearest of the aligned runs at these distances."""
        places = np.flatnonzero(aligned & (distance > -height // 2) & (distance <= ROWS * height))
        return places[np.argsort(distance[places], kind="stable")][:CELLS]

    def _within(self, left: int, top: int, right: int, bottom: int) -> npt.NDArray[np.bool_]:
        across = (self.runs[:, 0] < right) & (self.runs[:, 2] > left)
        return np.asarray(across & (self.runs[:, 1] < bottom) & (self.runs[:, 3] > top), np.bool_)


def _offsets(runs: npt.NDArray[np.int32], other: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """By how many pixels each run is out of line with another one: at their left ends, right ends or middles."""
    left, right = np.abs(runs[:, 0] - other[0]), np.abs(runs[:, 2] - other[2])
    middle = np.abs(runs[:, 0] + runs[:, 2] - other[0] - other[2]) // 2
    return np.asarray(np.minimum(np.minimum(left, right), middle), np.int32)
