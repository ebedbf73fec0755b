"""A pointer's path with fewer moves: moves in order of time enter, some of the same leave, none is altered.

The promise is an error bound. For every move that was left out: a pointer that goes evenly, in a straight line, from
the kept move before it to the kept move after it, is at that moment at most `tolerance` pixels away from where the
pointer was. So speed and rests are kept within the bound as well as the shape. The first and the last move stay.

The algorithm is TD-TR: Douglas-Peucker with the synchronous Euclidean distance (N. Meratnia and R. A. de By,
"Spatiotemporal Compression Techniques for Moving Point Objects", EDBT 2004). It does no IO and keeps no state.
"""

from __future__ import annotations

from itertools import groupby
from math import hypot
from typing import Final

from capture.events import PointerMoved

TOLERANCE: Final = 2.0
"""Pixels. Controls are at least 16 pixels wide, and a hand's own tremor moves a resting mouse by one or two."""
CELL_NS: Final = 1_000_000_000
"""A path is thinned within each full second of the clock by itself.

Work on n moves grows with n squared at worst; a mouse of 1000 Hz puts 1000 moves into a cell. It is a place on the
clock, not a number of moves, so that thinning a thinned path changes nothing.
"""


def thin(moves: tuple[PointerMoved, ...], tolerance: float = TOLERANCE) -> tuple[PointerMoved, ...]:
    """The moves of one unbroken path that must stay; thinning the result again gives the result."""
    cells = [tuple(cell) for _, cell in groupby(moves, key=_cell)]
    # A cell ends with the first move of the next, so that no stretch lies between two of them.
    ends = [following[:1] for following in cells[1:]]
    kept = [_thin_cell(cell + end, tolerance)[:-1] for cell, end in zip(cells, ends, strict=False)]
    last = _thin_cell(cells[-1], tolerance) if cells else ()
    return (*(move for cell in kept for move in cell), *last)


def off_path(move: PointerMoved, before: PointerMoved, *, after: PointerMoved) -> float:
    """Pixels between a move and where an even pointer between two others would be at its moment."""
    span = after.at_ns - before.at_ns
    share = (move.at_ns - before.at_ns) / span if span else 0.0
    x = before.x + (after.x - before.x) * share
    y = before.y + (after.y - before.y) * share
    return hypot(move.x - x, move.y - y)


def _cell(move: PointerMoved) -> int:
    return move.at_ns // CELL_NS


def _thin_cell(moves: tuple[PointerMoved, ...], tolerance: float) -> tuple[PointerMoved, ...]:
    """Douglas-Peucker with a list of open stretches in place of recursion."""
    kept = {0, len(moves) - 1}
    stretches = [(0, len(moves) - 1)]
    while stretches:
        first, last = stretches.pop()
        farthest = _farthest(moves, first, last=last)
        if farthest is not None and off_path(moves[farthest], moves[first], after=moves[last]) > tolerance:
            kept.add(farthest)
            stretches += [(first, farthest), (farthest, last)]
    return tuple(moves[index] for index in sorted(kept))


def _farthest(moves: tuple[PointerMoved, ...], first: int, *, last: int) -> int | None:
    """The move between two others that lies farthest off; of several the one nearest to the middle of the time.

    A choice by time and not by number is the same again when moves between have gone; one in the middle keeps the
    stretches of a zigzag from becoming as many as its moves.
    """
    before, after = moves[first], moves[last]
    middle = before.at_ns + after.at_ns
    found, found_rank = None, (-1.0, 0)
    for index in range(first + 1, last):
        move = moves[index]
        rank = (off_path(move, before, after=after), -abs(2 * move.at_ns - middle))
        if rank > found_rank:
            found, found_rank = index, rank
    return found
