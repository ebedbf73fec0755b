"""Cuts a text into windows that overlap, for detectors whose models or patterns take only so much at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a text, and the code point at which it starts there."""

    start: int
    text: str


def windows(text: str, size: int, overlap: int) -> Iterator[Window]:
    """Windows of at most `size` code points that cover the text, each sharing `overlap` with the one before."""
    for start in range(0, max(len(text) - overlap, 1), size - overlap):
        yield Window(start, text[start : start + size])


def readable(text: str) -> str:
    """The text with a mark in place of each lone surrogate, which models refuse; every offset stays."""
    return text.encode("utf-8", "replace").decode()
