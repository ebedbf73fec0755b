"""Finds which boxes of two groups share a pixel: boxes enter, pairs of their numbers leave. Nothing is kept.

Boxes are compared all at once but only with those near their rows, so that large screens take little longer per box.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from redaction.spans import Box

Edges = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.intp]

AT_ONCE: Final = 256
"""Boxes of the first group, from the top down, that are compared at once."""


def edges_of(boxes: Sequence[Box]) -> Edges:
    """A row for each box: its left, top, right and bottom edge."""
    return np.array([(box.x, box.y, box.right, box.bottom) for box in boxes], np.int64).reshape(-1, 4)


def meeting(first: Sequence[Box], second: Sequence[Box]) -> tuple[Numbers, Numbers]:
    """The numbers of each two boxes that meet, as `Box.meets` says, by the first group's number, then the second's."""
    queries, others = edges_of(first), edges_of(second)
    order = np.argsort(queries[:, 1], kind="stable")
    found = [np.zeros((2, 0), np.intp)]
    for start in range(0, len(order) if len(others) else 0, AT_ONCE):
        numbers = order[start : start + AT_ONCE]
        found.append(_meeting(queries, others, numbers))
    ones, twos = np.concatenate(found, axis=1)
    by_number = np.lexsort((twos, ones))
    return ones[by_number], twos[by_number]


def _meeting(queries: Edges, others: Edges, numbers: Numbers) -> Numbers:
    """The pairs of these queries."""
    part = queries[numbers]
    near = np.flatnonzero((others[:, 1] < part[:, 3].max()) & (others[:, 3] > part[:, 1].min()))
    left, top, right, bottom = (edge[:, None] for edge in part.T)
    x, y, end, foot = others[near].T
    ones, twos = np.nonzero((left < end) & (x < right) & (top < foot) & (y < bottom))
    return np.stack((numbers[ones], near[twos]))
