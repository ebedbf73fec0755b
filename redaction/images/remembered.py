"""Remembers what was found out of pixels, by their digest; what was not asked for the longest goes first.

Neither pixels nor texts are kept, only a digest of them and the answer.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from typing import Final, Generic, TypeVar

import numpy as np
import numpy.typing as npt

V = TypeVar("V")

MOST: Final = 50_000
"""Answers that are remembered; a screen asks some hundred."""


def key_of(pixels: npt.NDArray[np.uint8], text: str = "") -> bytes:
    """A name for these pixels and this text, which says nothing of either."""
    seen = hashlib.blake2b(repr(pixels.shape).encode(), digest_size=16, person=b"optin pixels")
    seen.update(np.ascontiguousarray(pixels).tobytes())
    seen.update(text.encode())
    return seen.digest()


class Remembered(Generic[V]):
    """Answers by their keys."""

    def __init__(self) -> None:
        self._known: OrderedDict[bytes, V] = OrderedDict()

    def __contains__(self, key: bytes) -> bool:
        return key in self._known

    def get(self, key: bytes) -> V:
        """The answer, which counts as asked for; `KeyError` if there is none."""
        self._known.move_to_end(key)
        return self._known[key]

    def put(self, key: bytes, answer: V) -> None:
        """Keeps an answer; beyond the bound another one goes."""
        self._known[key] = answer
        if len(self._known) > MOST:
            self._known.popitem(last=False)
