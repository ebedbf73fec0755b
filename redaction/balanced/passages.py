"""Masks what detectors find in texts of one's own, and keeps the rest: texts enter, masked texts and counts leave.

1. All texts of a file are examined before any is masked, in windows that overlap; what was found in one of them is
   hunted in all others (`redaction.hunting`). A value that is broken over a line break is found in its joined lines.
2. What was found becomes a placeholder, the same for the same value of a person; line breaks stay.
3. What is left is examined again; what is found then is masked too, and if that comes to no end, it is an error.
4. A detector's failure is raised, and no text leaves. Detectors guess: this is no redaction for an export.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from redaction.detectors.base import DetectorError, Role
from redaction.examine import Examiner, Findings
from redaction.hunting.entities import Entities
from redaction.hunting.hunt import Entity, Hunt
from redaction.spans import Category, TextSpan, gravest
from redaction.text import MaskedText

WINDOW: Final = 1_500
"""Characters that are examined together."""
OVERLAP: Final = 300
"""Characters that neighbouring windows share; few values are longer, and those are keys, known by their beginning."""
BROKEN: Final = 100
"""Characters on each side of a line break that are examined without it."""
ROUNDS: Final = 4
"""How often what is left is examined before that is an error."""
LABELLED: Final = 6
"""Words of the longest value that goes as a whole since its label is sensitive."""
BODIES: Final = frozenset({Category.CHAT, Category.AI_PROMPT, Category.CLASSIFIED})
"""Categories whose labels name long texts, in which detectors decide."""
_A_WORD: Final = re.compile(r"[^\W\d_]?[a-z]*[.,;:]?")
_TAG: Final = re.compile(r"<[A-Z_]+>|<[A-Z]+_\d+>")


@dataclass(frozen=True, slots=True)
class PassageTools:
    """What texts are examined with: all detectors, and those that need no model."""

    full: Examiner
    light: Examiner


class Passages:
    """The texts of one file."""

    def __init__(self, raw_texts: Iterable[str], *, tools: PassageTools) -> None:
        self._full, self._light = tools.full, tools.light
        self._entities = Entities()
        found = (Entity(value, span.category) for text in raw_texts for value, span in self._values(text))
        self._hunt = Examiner((Hunt(found),))

    def mask(self, raw_text: str, *, label: str = "") -> MaskedText:
        """The text with placeholders for what was found; `label` names it, as the key of a JSON object does."""
        counts: Counter[Category] = Counter()
        whole = self.category_of(raw_text, label=label)
        spans = (TextSpan(0, len(raw_text), whole),) if whole is not None else self._found(raw_text)
        text = self._replaced(raw_text, spans, counts)
        for _ in range(ROUNDS):
            left = self._left(text)
            if not left:
                return MaskedText(text, MappingProxyType(counts), _words(text))
            text = self._replaced(text, left, counts)
        raise DetectorError("a text could not be masked for good: use the strict profile for it")

    def category_of(self, raw_text: str, *, label: str) -> Category | None:
        """The category with which a short value goes as a whole, for its label; None when detectors decide on it."""
        if not label or not raw_text.strip() or len(raw_text.split()) > LABELLED:
            return None
        (findings,) = self._light.examine((label,))
        categories = {one.span.category for one in findings if one.role is Role.LABEL} - BODIES
        return gravest(tuple(categories)) if categories else None

    def _values(self, text: str) -> Iterator[tuple[str, TextSpan]]:
        for span in self._seen(text):
            value = text[span.start : span.end].strip()
            if value and span.category is not Category.UNKNOWN:
                yield value, span

    def _found(self, text: str) -> tuple[TextSpan, ...]:
        return (*self._seen(text), *_in_windows(text, self._hunt))

    def _seen(self, text: str) -> tuple[TextSpan, ...]:
        """What detectors see in a text, and over its line breaks."""
        return (*_in_windows(text, self._full), *_over_breaks(text, self._light))

    def _left(self, text: str) -> tuple[TextSpan, ...]:
        """What is found in a masked text between its placeholders, by patterns and by what was hunted."""
        return tuple(
            TextSpan(span.start + start, span.end + start, span.category)
            for start, end in _between(text)
            for examiner in (self._light, self._hunt)
            for span in _in_windows(text[start:end], examiner)
        )

    def _replaced(self, text: str, spans: Iterable[TextSpan], counts: Counter[Category]) -> str:
        """The text with a placeholder for each stretch; those that meet become one."""
        pieces: list[str] = []
        end = 0
        for span in _joined(spans):
            raw_value = text[span.start : span.end]
            counts[span.category] += 1
            tag = self._entities.tag(raw_value, span.category)
            pieces += [text[end : span.start], tag, "\n" * raw_value.count("\n")]
            end = span.end
        return "".join((*pieces, text[end:]))


def _in_windows(text: str, examiner: Examiner) -> tuple[TextSpan, ...]:
    """What denying detectors find in the windows of a text."""
    windows = tuple(_windows(text))
    found = examiner.examine(tuple(text[start:end] for start, end in windows))
    return tuple(span for (start, _), findings in zip(windows, found, strict=True) for span in _denied(findings, start))


def _denied(findings: Findings, start: int) -> Iterator[TextSpan]:
    for one in findings:
        if one.role is Role.DENY:
            yield TextSpan(one.span.start + start, one.span.end + start, one.span.category)


def _windows(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each window; it ends after a line or a word where one ends late enough in it."""
    start = 0
    while start < len(text):
        end = min(start + WINDOW, len(text))
        if end < len(text):
            least = start + OVERLAP
            cut = max(text.rfind("\n", least, end), text.rfind(" ", end - OVERLAP // 2, end))
            end = cut + 1 if cut > least else end
        yield start, end
        if end == len(text):
            return
        start = max(end - OVERLAP, start + 1)


def _over_breaks(text: str, examiner: Examiner) -> tuple[TextSpan, ...]:
    """What shows only when two lines are read as one, without the break and the blanks around it.

    A plain word after the break begins the next line: it is no part of a number or key that ends the line before.
    """
    breaks = [(match.start(), match.end()) for match in re.finditer(r"[ \t]*\r?\n[ \t]*", text)]
    joints = [(text[max(start - BROKEN, 0) : start].rpartition("\n")[2], start, end) for start, end in breaks]
    joined = tuple(before + text[end : end + BROKEN].partition("\n")[0] for before, _, end in joints)
    return tuple(
        TextSpan(start - len(before) + span.start, end + span.end - len(before), span.category)
        for (before, start, end), line, findings in zip(joints, joined, examiner.examine(joined), strict=True)
        for span in _denied(findings, 0)
        if span.start < len(before) < span.end and not _A_WORD.fullmatch(line[len(before) : span.end])
    )


def _joined(spans: Iterable[TextSpan]) -> tuple[TextSpan, ...]:
    """The stretches in order, those that overlap as one of the gravest category."""
    joined: list[TextSpan] = []
    for span in sorted(one for one in spans if one.start < one.end):
        if joined and span.start < joined[-1].end:
            last = joined[-1]
            joined[-1] = TextSpan(last.start, max(last.end, span.end), gravest((last.category, span.category)))
        else:
            joined.append(span)
    return tuple(joined)


def _between(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each stretch between placeholders."""
    edges = [0, *(edge for match in _TAG.finditer(text) for edge in match.span()), len(text)]
    yield from ((start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if start < end)


def _words(text: str) -> int:
    return sum(any(map(str.isalnum, word)) for word in _TAG.sub(" ", text).split())
