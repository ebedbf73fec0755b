"""Masks one line of text: a label, a title, a widget's name, a typed line. Text enters, masked text and counts leave.

1. A line stays only if all of it is an interface phrase, or a field of it is one (fields stand between clear marks).
2. A field that is not known goes as a whole: a known word inside running text is not a phrase, it may be a name.
3. What stands in its place are the placeholders of what was found in it, each once, and one of its own for the rest.
   Neighbouring fields that go are told together, which hides their number and length.
4. A denying detector's find takes its field even if the lexicon knows it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from redaction.detectors.base import Detector, Role
from redaction.examine import in_original
from redaction.hunting.folding import fold_text
from redaction.lexicon import Lexicon, visible
from redaction.spans import Category, TextSpan, gravest

_MARK: Final = re.compile(r"(\s+[-|>/•·»→\u2013\u2014]+\s+|:\s+|[|•»→\t]+)")
"""What parts fields: a mark between spaces, a colon before a space, a bar, a bullet or an arrow."""
Tag = Callable[[str, Category], str]
"""Gives the placeholder of a value."""


@dataclass(frozen=True, slots=True)
class MaskedText:
    """A text of which only interface phrases and placeholders are left, and how many of each category were put in."""

    text: str
    counts: Mapping[Category, int]
    kept: int


@dataclass(frozen=True, slots=True)
class _Piece:
    """A field or a mark of a line; it goes where there are `tags` of what was in it."""

    text: str
    is_mark: bool
    tags: tuple[tuple[Category, str], ...] = ()


def placeholder(category: Category) -> str:
    """What stands in a text for something masked."""
    return "<TEXT>" if category is Category.UNKNOWN else f"<{category.upper()}>"


def plain_tag(_value: str, category: Category) -> str:
    """The placeholder that tells the category only."""
    return placeholder(category)


def mask_text(text: str, *, lexicon: Lexicon, detectors: tuple[Detector, ...], tag: Tag = plain_tag) -> MaskedText:
    """The masked text of one line; a detector's failure is raised and no text is returned."""
    line = as_line(text)
    findings = find_all(line, detectors)
    pieces = _joined([_judged(*field, lexicon=lexicon, findings=findings, tag=tag) for field in _fields(line)])
    counts: dict[Category, int] = {}
    for piece in pieces:
        for category, _ in piece.tags:
            counts[category] = counts.get(category, 0) + 1
    kept = sum(not piece.tags and not piece.is_mark for piece in pieces)
    return MaskedText("".join(_shown(piece) for piece in pieces), MappingProxyType(counts), kept)


def as_line(text: str) -> str:
    """The text as a person sees it, on one line: the form in which a label or a title is looked at."""
    return visible(text.replace("\t", " | "))


def tags_in(text: str, findings: Iterable[tuple[Role, TextSpan]], tag: Tag) -> tuple[tuple[Category, str], ...]:
    """What a text that goes leaves: each placeholder once, in the order of their values, with its category.

    Words that only name a category, such as SSN, are told by the values beside them.
    """
    findings = tuple(findings)
    denied = _apart(span for role, span in findings if role is Role.DENY)
    if not denied:
        category = gravest(tuple(span.category for _, span in findings))
        return ((category, placeholder(category)),)
    named = {place for role, span in findings if role is Role.LABEL for place in range(span.start, span.end)}
    tags: list[tuple[Category, str]] = []
    end = 0
    for span in (*denied, TextSpan(len(text), len(text), Category.UNKNOWN)):
        if any(text[place].isalnum() and place not in named for place in range(end, span.start)):
            tags.append((Category.UNKNOWN, placeholder(Category.UNKNOWN)))
        if span.start < span.end:
            tags.append((span.category, tag(text[span.start : span.end], span.category)))
        end = span.end
    return tuple(dict.fromkeys(tags))


def find_all(text: str, detectors: tuple[Detector, ...]) -> tuple[tuple[Role, TextSpan], ...]:
    """What each detector found in a text, with its role; their failures are raised.

    They read the text in its folded form; what they found is given in code points of the text itself.
    """
    folded = fold_text(text)
    return tuple(
        (detector.role, in_original(folded, span)) for detector in detectors for span in detector.find(folded.text)
    )


def within_fields(line: str, span: TextSpan) -> Iterator[TextSpan]:
    """The parts of a span that lie in the fields of a line: no value reaches over a mark between two."""
    for start, field in _fields(line):
        first, last = max(start, span.start), min(start + len(field), span.end)
        if first < last and not _MARK.fullmatch(field):
            yield TextSpan(first, last, span.category)


def _apart(spans: Iterable[TextSpan]) -> tuple[TextSpan, ...]:
    """The spans in order; those that overlap are one, of the gravest of their categories."""
    apart: list[TextSpan] = []
    for span in sorted(spans, key=lambda one: (one.start, one.end)):
        if apart and span.start < apart[-1].end:
            last = apart[-1]
            apart[-1] = TextSpan(last.start, max(last.end, span.end), gravest((last.category, span.category)))
        else:
            apart.append(span)
    return tuple(apart)


def _fields(line: str) -> list[tuple[int, str]]:
    """The fields and marks of a line with the places where they start."""
    fields, start = [], 0
    for piece in _MARK.split(line):
        if piece:
            fields.append((start, piece))
        start += len(piece)
    return fields


def _judged(
    start: int,
    piece: str,
    *,
    lexicon: Lexicon,
    findings: tuple[tuple[Role, TextSpan], ...],
    tag: Tag,
) -> _Piece:
    """A field of a line, with the tags of what goes."""
    if _MARK.fullmatch(piece):
        return _Piece(piece, is_mark=True)
    end = start + len(piece)
    inside = [
        (role, TextSpan(max(span.start - start, 0), min(span.end, end) - start, span.category))
        for role, span in findings
        if span.start < end and start < span.end
    ]
    is_denied = any(role is Role.DENY for role, _ in inside)
    if lexicon.has(piece) and not is_denied:
        return _Piece(piece, is_mark=False)
    labels = [(role, span) for role, span in findings if role is Role.LABEL]
    return _Piece(piece, is_mark=False, tags=tags_in(piece, inside if is_denied else labels, tag))


def _joined(pieces: list[_Piece]) -> list[_Piece]:
    """The pieces, where neighbouring fields that go have become one with the tags of all, marks between them gone."""
    kept: list[_Piece] = []
    for piece in pieces:
        before = next((number for number in reversed(range(len(kept))) if not kept[number].is_mark), None)
        if piece.tags and before is not None and kept[before].tags:
            tags = tuple(dict.fromkeys((*kept[before].tags, *piece.tags)))
            kept[before:] = [_Piece("", is_mark=False, tags=tags)]
        else:
            kept.append(piece)
    return kept


def _shown(piece: _Piece) -> str:
    return " ".join(tag for _, tag in piece.tags) if piece.tags else piece.text
