"""Arranges what was read on a screen: lines enter, cells, rows, columns and blocks of lines leave. Pure geometry.

A cell is a run of words without a wide gap. A column is a part of the screen's width with blank lanes beside it; parts
whose lines stand in the same rows are one table, and so one column.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final

from redaction.hunting.folding import fold_text
from redaction.readers.base import Line, Word
from redaction.spans import Box, around

GAP: Final = 1.6
"""Gap in line heights from which neighbours on a line are two cells."""
LANE: Final = 1.0
"""Width of a blank lane between columns, in line heights."""
BARS: Final = (0.08, 0.96)
"""Parts of the screen's height above and below which bars lie that no lane parts."""
ALIGNED: Final = 0.6
"""Share of the rows of the shorter of two neighbours from which they are one table."""
HALF: Final = 0.5
"""The same for the rows of the longer one that lie between the first and the last of the shorter."""
FEWEST: Final = 3
"""Rows of a table; columns of fewer go together when they stand in the same rows and near each other."""
LABEL_REACH: Final = 320
"""Pixels between a label and its value, at most."""
TOGETHER: Final = 1.5
"""Largest gap, in line heights, between lines that stand together."""
_STEP: Final = 8


@dataclass(frozen=True, slots=True)
class Cell:
    """Words that stand together on one line, and their text, folded (`redaction.hunting.folding`)."""

    text: str
    box: Box
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """Cells below each other, from top to bottom, and the edges of their part of the screen."""

    cells: tuple[Cell, ...]
    left: int
    right: int


def cells_of(lines: tuple[Line, ...]) -> tuple[Cell, ...]:
    """The cells of all lines, from top to bottom and left to right."""
    cells = (_cell(words) for line in lines for words in _parted(line))
    return tuple(sorted(cells, key=_place))


def _parted(line: Line) -> Iterator[tuple[Word, ...]]:
    words = tuple(word for word in line.words if word.text.strip())
    start = 0
    for index in range(1, len(words) + 1):
        before = words[index - 1].box
        if index == len(words) or words[index].box.x - before.right > GAP * line.box.height:
            yield words[start:index]
            start = index


def _cell(words: tuple[Word, ...]) -> Cell:
    text = fold_text(" ".join(word.text for word in words)).text
    return Cell(text, around([word.box for word in words]), words)


def rows_of(cells: tuple[Cell, ...]) -> tuple[tuple[Cell, ...], ...]:
    """The cells by rows: those whose middle lies within the first of a row stand in it, from left to right."""
    rows: list[list[Cell]] = []
    for cell in sorted(cells, key=_middle):
        box = rows[-1][0].box if rows else None
        if box is not None and box.y <= _middle(cell) < box.bottom:
            rows[-1].append(cell)
        else:
            rows.append([cell])
    return tuple(tuple(sorted(row, key=lambda cell: cell.box.x)) for row in rows)


def _middle(cell: Cell) -> float:
    return cell.box.y + cell.box.height / 2


def columns_of(cells: tuple[Cell, ...], width: int, height: int) -> tuple[Column, ...]:
    """The columns of a screen of this size, from left to right; each cell stands in one."""
    if not cells:
        return ()
    top, bottom = (round(part * height) for part in BARS)
    lanes = _lanes(tuple(cell for cell in cells if top <= cell.box.y < bottom) or cells, width)
    edges = [0, *((start + end) // 2 for start, end in lanes), width]
    columns = []
    for left, right in pairwise(edges):
        inside = tuple(cell for cell in cells if left <= min(_centre(cell), width - 1) < right)
        if inside:
            columns.append(Column(inside, left, right))
    return _with_tables(columns)


def united(columns: Sequence[Column]) -> Column:
    """Neighbours as one column."""
    cells = tuple(sorted((cell for column in columns for cell in column.cells), key=_place))
    return Column(cells, columns[0].left, columns[-1].right)


def _with_tables(columns: list[Column]) -> tuple[Column, ...]:
    """The columns, each row of them that makes one table united: from the first to the last that go with each other."""
    found: list[Column] = []
    at = 0
    while at < len(columns):
        last = max(end for end in range(at, len(columns)) if end == at or _is_one_table(columns[at], columns[end]))
        found.append(united(columns[at : last + 1]))
        at = last + 1
    return tuple(found)


def _place(cell: Cell) -> tuple[int, int]:
    return cell.box.y, cell.box.x


def _centre(cell: Cell) -> float:
    return max(0.0, cell.box.x + cell.box.width / 2)


def _lanes(cells: tuple[Cell, ...], width: int) -> list[tuple[int, int]]:
    """The blank lanes that have cells on both sides, as pairs of edges."""
    bins = width // _STEP + 2
    changes = [0] * (bins + 1)
    for cell in cells:
        changes[min(max(cell.box.x // _STEP, 0), bins)] += 1
        changes[min(max(-(-cell.box.right // _STEP), 0), bins)] -= 1
    least = max(2 * _STEP, LANE * median(cell.box.height for cell in cells))
    lanes, start, covered = [], 0, 0
    for index, change in enumerate(changes):
        covered += change
        if covered:
            if start and (index - start) * _STEP >= least:
                lanes.append((start * _STEP, index * _STEP))
            start = 0
        elif not start and index:
            start = index
    first = min(cell.box.x for cell in cells)
    return [(start, end) for start, end in lanes if start > first]


def _is_one_table(left: Column, right: Column) -> bool:
    """Whether the rows of the shorter of two columns mostly stand in rows of the other."""
    rows, others = ([_middle(row[0]) for row in rows_of(column.cells)] for column in (left, right))
    shorter, longer = sorted((rows, others), key=len)
    slack = 0.3 * median(cell.box.height for cell in (*left.cells, *right.cells))
    shared = sum(any(abs(row - other) <= slack for other in longer) for row in shorter)
    # A dense column has a line beside nearly every line of another one, so the lines of both must mostly have partners.
    beside = sum(shorter[0] - slack <= row <= shorter[-1] + slack for row in longer)
    if len(shorter) < FEWEST:
        # A few values stand beside as many labels, near enough to belong to them.
        return shared == len(shorter) and _gap(left, right) <= LABEL_REACH
    return shared >= ALIGNED * len(shorter) and shared >= HALF * beside


def _gap(left: Column, right: Column) -> int:
    return min(cell.box.x for cell in right.cells) - max(cell.box.right for cell in left.cells)


def blocks_of(cells: tuple[Cell, ...]) -> tuple[tuple[Cell, ...], ...]:
    """The cells of a column in blocks of lines that stand together, from top to bottom."""
    blocks: list[list[Cell]] = []
    bottom = 0
    for cell in sorted(cells, key=_place):
        if blocks and cell.box.y - bottom <= TOGETHER * cell.box.height:
            blocks[-1].append(cell)
        else:
            blocks.append([cell])
        bottom = max(bottom, cell.box.bottom)
    return tuple(map(tuple, blocks))
