"""Masks one line of text: a label, a title, a widget's name, a typed line. Text enters, masked text and counts leave.

1. A line stays only if all of it is an interface phrase, or a field of it is one (fields stand between clear marks).
2. A field that is not known goes as a whole: a known word inside running text is not a phrase, it may be a name.
3. Neighbouring unknown fields become one placeholder, which hides their number and length.
4. A denying detector's find takes its field even if the lexicon knows it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from redaction.detectors.base import Detector, Role
from redaction.lexicon import Lexicon, visible
from redaction.spans import Category, TextSpan, gravest

_MARK: Final = re.compile(r"(\s+[-|>/•·»→\u2013\u2014]+\s+|:\s+|[|•»→\t]+)")
"""What parts fields: a mark between spaces, a colon before a space, a bar, a bullet or an arrow."""


@dataclass(frozen=True, slots=True)
class MaskedText:
    """A text of which only interface phrases and placeholders are left, and how many of each category were put in."""

    text: str
    counts: Mapping[Category, int]
    kept: int


@dataclass(frozen=True, slots=True)
class _Piece:
    """A field or a mark of a line; `category` is None when it stays."""

    text: str
    is_mark: bool
    category: Category | None = None


def mask_text(text: str, *, lexicon: Lexicon, detectors: tuple[Detector, ...]) -> MaskedText:
    """The masked text of one line; a detector's failure is raised and no text is returned."""
    line = visible(text.replace("\t", " | "))
    findings = find_all(line, detectors)
    pieces = _collapsed([_judged(start, piece, lexicon, findings) for start, piece in _fields(line)])
    counts: dict[Category, int] = {}
    for piece in pieces:
        if piece.category is not None:
            counts[piece.category] = counts.get(piece.category, 0) + 1
    kept = sum(piece.category is None and not piece.is_mark for piece in pieces)
    return MaskedText("".join(piece.text for piece in pieces), MappingProxyType(counts), kept)


def placeholder(category: Category) -> str:
    """What stands in a text for something masked."""
    return "<TEXT>" if category is Category.UNKNOWN else f"<{category.upper()}>"


def find_all(text: str, detectors: tuple[Detector, ...]) -> tuple[tuple[Role, TextSpan], ...]:
    """What each detector found in a text, with its role; their failures are raised."""
    return tuple((detector.role, span) for detector in detectors for span in detector.find(text))


def _fields(line: str) -> list[tuple[int, str]]:
    """The fields and marks of a line with the places where they start."""
    fields, start = [], 0
    for piece in _MARK.split(line):
        if piece:
            fields.append((start, piece))
        start += len(piece)
    return fields


def _judged(start: int, piece: str, lexicon: Lexicon, findings: tuple[tuple[Role, TextSpan], ...]) -> _Piece:
    if _MARK.fullmatch(piece):
        return _Piece(piece, is_mark=True)
    meeting = [(role, span) for role, span in findings if span.start < start + len(piece) and start < span.end]
    denied = tuple(span.category for role, span in meeting if role is Role.DENY)
    if lexicon.has(piece) and not denied:
        return _Piece(piece, is_mark=False)
    labels = tuple(span.category for role, span in findings if role is Role.LABEL)
    category = gravest(denied or labels)
    return _Piece(placeholder(category), is_mark=False, category=category)


def _collapsed(pieces: list[_Piece]) -> list[_Piece]:
    """The pieces, where neighbouring masked fields have become the first of them, marks between them gone."""
    kept: list[_Piece] = []
    for index, piece in enumerate(pieces):
        before = next((other for other in reversed(pieces[:index]) if not other.is_mark), None)
        if piece.category is not None and before is not None and before.category is not None:
            while kept and kept[-1].is_mark:
                kept.pop()
            continue
        kept.append(piece)
    return kept
