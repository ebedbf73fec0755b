"""Finds which texts on a screen go with one that is about somebody. Cells with findings enter, categories leave. Pure.

A cell is a run of words that stands alone: a label, a value, a cell of a table, a line of a text. What a detector finds
in one cell tells of others that may hold no sign by themselves:

1. A value beside or below its label goes with the label's category, and so does a column below its heading.
2. A row of a table goes when one of its cells is about somebody; the column of names and headings of a form stays.
3. A column goes when most of it does.
4. Lines that stand tightly together, and what fills a small card, are about the same person.

Cells with a known interface phrase stay where only nearness speaks against them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from redaction.spans import Box, Category, gravest

REACH: Final = 480
"""Pixels right of a label within which its value may stand."""
LEVEL: Final = 0.3
"""By how much of the lower one's height the middles of two cells of one row may differ."""
EDGE: Final = 0.5
"""By how much of its height a cell's edge or middle may miss that of the cell above, to stand in one column."""
ROWS_APART: Final = 6.0
"""Largest gap between two cells of one column, in heights."""
BELOW: Final = 2.5
"""Largest gap between a label and the value below it, in heights."""
TIGHT: Final = 0.8
"""Largest gap between lines that stand together, in heights."""
LABEL_WORDS: Final = 5
"""Words of the longest label."""
LINE: Final = 6
"""Words of the longest cell of a table."""
LONGEST: Final = 4
"""Words of the longest cell that goes as a whole with one of its words, though it is no prose."""
COLUMN: Final = 3
"""Cells of the shortest column, and columns of the smallest table with headings."""
SHARED: Final = 0.6
"""Share of the shorter of two columns that stands in rows with the other for the two to be one table."""
NAMES: Final = 0.6
"""Least share of known phrases in a column of names."""
MOST: Final = 0.6
"""Share of a column from which all of it goes."""
CARD: Final = 6
"""Most cells of a small card."""
PROMPTS: Final = frozenset(
    {"search", "find", "filter", "enter", "type", "select", "choose", "add", "optional", "write"}
)
"""First words of what stands in empty fields."""
_COUNT: Final = re.compile(r"\d{1,3}(?: [a-z]{3,}){1,3}")
PLACE_ONLY: Final = frozenset({Category.SECRET, Category.CLASSIFIED})
"""Categories that say nothing of what stands beside them."""
NAMED: Final = frozenset({Category.UNKNOWN, Category.CHAT})
"""Categories of unfamiliar words and of sentences about persons: what stands around them is about the same person."""

Edges = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Cell:
    """A run of words: where it stands, what it says, and what detectors found in it and take it for a label of.

    What stands in a field has the field's box. `is_known` says that all of it is an interface phrase, `is_plain` that
    no word of it could be a name, `is_single` that it is one value, of which no part stays when another goes. `card` is
    the number of the bordered box it lies in, -1 for none.
    """

    box: Box
    text: str
    card: int = -1
    is_known: bool = False
    is_plain: bool = False
    in_field: bool = False
    is_single: bool = True
    labels: frozenset[Category] = frozenset()
    found: frozenset[Category] = frozenset()

    @property
    def kind(self) -> int:
        """Which cells it may form a column with: 1 for what stands in fields, 2 for long lines, 0 for all others."""
        return 1 if self.in_field else 2 if len(self.text.split()) > LINE else 0

    @property
    def is_label(self) -> bool:
        """Whether it names what stands beside it."""
        return bool(self.labels) and not self.in_field and len(self.text.split()) <= LABEL_WORDS

    @property
    def is_prompt(self) -> bool:
        """Whether it says what an empty field is for."""
        words = self.text.lower().split() or [""]
        names = len(words) > 1 and bool(self.labels) and not any(map(str.isdigit, self.text))
        return self.in_field and self.is_plain and (words[0] in PROMPTS or names)

    @property
    def is_count(self) -> bool:
        """Whether it counts something, as "38 direct reports" or "3 days ago" do."""
        return _COUNT.fullmatch(self.text) is not None

    @property
    def is_spared(self) -> bool:
        """Whether nearness alone does not speak against it."""
        return self.is_known or self.is_label

    @property
    def is_about(self) -> bool:
        """Whether it is about somebody, and so is what goes with it."""
        return bool(self.found - PLACE_ONLY)

    @property
    def is_named(self) -> bool:
        """Whether it may name a person, whom then all is about that stands around it."""
        return bool(self.found & NAMED) or (Category.PERSON in self.found and "@" in self.text)


def taken(cells: tuple[Cell, ...]) -> tuple[Category | None, ...]:
    """For each cell the category with which all of it goes, None for one of which only the found words go."""
    grid = _Grid.of(cells)
    gone = {
        number: gravest(tuple(cell.found))
        for number, cell in enumerate(cells)
        if cell.found and cell.is_single and len(cell.text.split()) <= LONGEST
    }
    for rule in (_labelled, _headed, _in_rows, _in_columns, _together, _in_cards):
        for number, category in tuple(rule(grid.with_gone(gone))):
            gone.setdefault(number, category)
    return tuple(gone.get(number) for number in range(len(cells)))


@dataclass(frozen=True, slots=True)
class _Grid:
    """The cells, their edges, which stand right of, above and in one row with which, their columns, and what goes."""

    cells: tuple[Cell, ...]
    edges: Edges
    right: tuple[int, ...]
    below: tuple[int, ...]
    column: tuple[int, ...]
    columns: tuple[tuple[int, ...], ...]
    gone: dict[int, Category]

    @classmethod
    def of(cls, cells: tuple[Cell, ...]) -> _Grid:
        edges = np.array([(c.box.x, c.box.y, c.box.right, c.box.bottom, c.card) for c in cells], np.int64)
        edges = edges.reshape(-1, 5)
        right = tuple(_right_of(edges, number) for number in range(len(cells)))
        below = tuple(_below(edges, number) for number in range(len(cells)))
        kinds = np.array([cell.kind for cell in cells], np.int64)
        column, columns = _columns(edges, tuple(_below(edges, number, kinds) for number in range(len(cells))))
        return cls(cells, edges, right, below, column, columns, {})

    def with_gone(self, gone: dict[int, Category]) -> _Grid:
        """The same cells, of which these go by now."""
        return replace(self, gone=gone)

    def is_about(self, number: int) -> bool:
        """Whether a cell is about somebody, by itself or by what was concluded."""
        return self.cells[number].is_about or self.gone.get(number, Category.SECRET) not in PLACE_ONLY

    def in_row(self, number: int) -> tuple[int, ...]:
        """The other cells of the same row, in the same card."""
        level = _is_level(self.edges, number) & (self.edges[:, 4] == self.edges[number, 4])
        return tuple(other for other in np.flatnonzero(level).tolist() if other != number)

    def gap_below(self, upper: int, lower: int) -> float:
        """The gap between two cells, in heights of the higher one."""
        height = max(self.cells[upper].box.height, self.cells[lower].box.height)
        return (self.cells[lower].box.y - self.cells[upper].box.bottom) / height

    def is_of_names(self, column: tuple[int, ...]) -> bool:
        """Whether a column holds the names of a form's or menu's items: known phrases that do not come again."""
        cells = [self.cells[number] for number in column]
        if _is_numbering([cell.text for cell in cells]):
            return True
        known = sum(cell.is_known or cell.is_label for cell in cells)
        return known >= NAMES * len(cells) and len({cell.text for cell in cells}) >= 0.9 * len(cells)

    def is_of_headings(self, row: tuple[int, ...]) -> bool:
        """Whether a row of some cells holds the headings of a table."""
        cells = [self.cells[number] for number in row]
        return len(row) >= COLUMN and sum(cell.is_known or cell.is_label for cell in cells) >= NAMES * len(cells)

    def heading(self, number: int, others: frozenset[int]) -> int:
        """How many cells of a column stand above its values: up to the row of headings, or the first cell."""
        column = self.columns[number]
        for place, cell in enumerate(column):
            row = (other for other in self.in_row(cell) if self.column[other] in others)
            if self.is_of_headings((cell, *row)):
                return place + 1
        return 1

    def tables(self) -> dict[int, frozenset[int]]:
        """For each column of some length the columns that make one table with it, itself among them."""
        kinds = (self.cells[column[0]].kind for column in self.columns)
        long = {n for n, kind in enumerate(kinds) if kind == 0 and len(self.columns[n]) >= COLUMN}
        shared: Counter[tuple[int, int]] = Counter(
            (self.column[cell], self.column[other])
            for number in long
            for cell in self.columns[number]
            for other in self.in_row(cell)
            if self.column[other] in long
        )
        joined = {number: {number} for number in long}
        for (one, other), rows in shared.items():
            if rows >= max(SHARED * min(len(self.columns[one]), len(self.columns[other])), COLUMN - 1):
                joined[one].add(other)
        return {one: frozenset(others) for one, others in joined.items()}


def _is_numbering(texts: list[str]) -> bool:
    """Whether most of these count upwards by one, as the rows of a sheet do."""
    pairs = [(one, other) for one, other in pairwise(texts) if one.isdecimal() and other.isdecimal()]
    return bool(pairs) and sum(int(other) - int(one) == 1 for one, other in pairs) >= NAMES * (len(texts) - 1)


def _right_of(edges: Edges, number: int) -> int:
    """The nearest cell right of this one on its row and in its card, -1 if there is none in reach."""
    ahead = _is_level(edges, number) & (edges[:, 4] == edges[number, 4])
    gaps = edges[:, 0] - edges[number, 2]
    ahead &= (gaps >= -2) & (gaps <= REACH)
    ahead[number] = False
    found = np.flatnonzero(ahead)
    return int(found[gaps[found].argmin()]) if found.size else -1


def _is_level(edges: Edges, number: int) -> npt.NDArray[np.bool_]:
    """Which cells stand on one level with this one."""
    middles, heights = edges[:, 1] + edges[:, 3], edges[:, 3] - edges[:, 1]
    lower = np.minimum(heights, heights[number])
    return np.asarray(np.abs(middles - middles[number]) <= 2 * (LEVEL * lower + 1), np.bool_)


def _below(edges: Edges, number: int, kinds: Numbers | None = None) -> int:
    """The nearest cell below this one with which it shares an edge or the middle, -1 if there is none.

    With `kinds`, only one of the same kind counts.
    """
    left, top, right, bottom, card = edges[number].tolist()
    height = bottom - top
    offsets = (edges[:, 0] - left, edges[:, 2] - right, (edges[:, 0] + edges[:, 2] - left - right) / 2)
    aligned = np.min(np.abs(np.stack(offsets)), axis=0) <= EDGE * height
    gaps = edges[:, 1] - bottom
    near = aligned & (gaps >= -2) & (gaps <= ROWS_APART * height) & (edges[:, 4] == card)
    near[number] = False
    if kinds is not None:
        near &= kinds == kinds[number]
    found = np.flatnonzero(near)
    return int(found[gaps[found].argmin()]) if found.size else -1


def _columns(edges: Edges, below: tuple[int, ...]) -> tuple[tuple[int, ...], tuple[tuple[int, ...], ...]]:
    """The number of each cell's column, and the cells of each column from top to bottom."""
    column = [-1] * len(below)
    columns: list[list[int]] = []
    for first in np.argsort(edges[:, 1], kind="stable").tolist():
        number = first
        chain: list[int] = []
        while number >= 0 and column[number] < 0:
            column[number] = len(columns)
            chain.append(number)
            number = below[number]
        if chain:
            columns.append(chain)
    return tuple(column), tuple(tuple(chain) for chain in columns)


def _labelled(grid: _Grid) -> Iterator[tuple[int, Category]]:
    """Values right of their labels, or below them when nothing stands right of them."""
    tables = grid.tables()
    for number, cell in enumerate(grid.cells):
        if not cell.is_label or len(tables.get(grid.column[number], ())) >= COLUMN:
            continue
        category, beside, under = gravest(tuple(cell.labels)), grid.right[number], grid.below[number]
        if beside >= 0 and not (grid.cells[beside].is_label or grid.cells[beside].is_prompt):
            value = grid.cells[beside]
            paired = grid.column[beside] in tables.get(grid.column[number], frozenset())
            if not value.is_plain or value.in_field or cell.text.endswith(":") or paired:
                yield beside, category
                continue
        if under >= 0 and grid.gap_below(number, under) <= BELOW:
            value = grid.cells[under]
            is_short = len(value.text.split()) <= LONGEST
            if (value.in_field and not value.is_prompt) or (is_short and not (value.is_plain or value.is_label)):
                yield under, category


def _headed(grid: _Grid) -> Iterator[tuple[int, Category]]:
    """Columns of a table whose heading is a label."""
    for number, others in grid.tables().items():
        place = grid.heading(number, others)
        head, body = grid.columns[number][place - 1], grid.columns[number][place:]
        if len(others) >= COLUMN and grid.cells[head].is_label and not grid.is_of_names(body):
            yield from ((cell, gravest(tuple(grid.cells[head].labels))) for cell in body)


def _in_rows(grid: _Grid) -> Iterator[tuple[int, Category]]:
    """Cells of tables in whose row another one is about somebody."""
    for number, others in grid.tables().items():
        if len(others) < 2 or grid.is_of_names(grid.columns[number]):
            continue
        for cell in grid.columns[number][grid.heading(number, others) :]:
            row = [other for other in grid.in_row(cell) if grid.column[other] in others]
            beside = [other for other in row if grid.is_about(other)]
            if beside:
                found = (grid.gone.get(other) or gravest(tuple(grid.cells[other].found)) for other in beside)
                yield cell, gravest(tuple(found))


def _in_columns(grid: _Grid) -> Iterator[tuple[int, Category]]:
    """Cells of columns of which most goes already; the first one may be their heading."""
    tables = grid.tables()
    for number, column in enumerate(grid.columns):
        others = tables.get(number, frozenset())
        body = column[grid.heading(number, others) :]
        going = [grid.gone[cell] for cell in body if cell in grid.gone]
        if number in tables and len(going) >= max(MOST * len(body), 2):
            taken_too = (one for one in body if len(others) > 1 or not grid.cells[one].is_spared)
            yield from ((one, gravest(tuple(going))) for one in taken_too)


def _together(grid: _Grid) -> Iterator[tuple[int, Category]]:
    """Lines right above or below one that is about somebody."""
    tables = grid.tables()
    for upper, lower in enumerate(grid.below):
        if lower < 0 or grid.gap_below(upper, lower) > TIGHT or len(tables.get(grid.column[upper], ())) > 1:
            continue
        for one, other in ((upper, lower), (lower, upper)):
            has_value = grid.cells[other].is_label and grid.right[other] >= 0
            if grid.cells[one].is_named and grid.cells[one].kind == grid.cells[other].kind == 0 and not has_value:
                yield other, gravest(tuple(grid.cells[one].found))


def _in_cards(grid: _Grid) -> Iterator[tuple[int, Category]]:
    """What is not known in a small card with a cell about somebody."""
    members: dict[int, list[int]] = {}
    for number, cell in enumerate(grid.cells):
        if cell.card >= 0:
            members.setdefault(cell.card, []).append(number)
    for card in members.values():
        about = [number for number in card if grid.cells[number].is_named]
        if about and len(card) <= CARD:
            found = gravest(tuple(category for number in about for category in grid.cells[number].found))
            yield from ((number, found) for number in card if not grid.cells[number].is_known)
