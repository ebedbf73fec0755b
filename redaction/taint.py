"""One finding, everywhere: what a detector finds in one channel of a session is hunted in all others.

Raw texts of all channels enter: what was typed, titles, addresses, names, and lines on the screens. A detector leaves,
`Tainted`, that finds in any text of the session what was found in it, and what was found elsewhere.

Rules of this file:
1. Every stretch that a denying detector finds is hunted. Only stretches that consist of interface words alone are not,
   or are the name of a programme in use, where a model took them for a name, or where they were shown and not typed:
   else a menu would be masked by a guess.
2. All texts are taken before anything is masked, so that the order of a session decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from redaction.detectors.base import Batched, Role
from redaction.examine import Examiner
from redaction.hunting.hunt import Entity, Hunt
from redaction.lexicon import Lexicon, fold
from redaction.spans import TextSpan
from redaction.text import within_fields

NAME: Final = "session"


@dataclass(slots=True)
class Taint:
    """What was found in one session so far; `programmes` are the folded names of those that were used."""

    examiner: Examiner
    lexicon: Lexicon
    programmes: frozenset[str] = frozenset()
    entities: dict[Entity, None] = field(default_factory=dict)

    def take_typed(self, raw_texts: Iterable[str]) -> None:
        """Examines what somebody typed."""
        self._take(raw_texts, is_shown=False)

    def take_shown(self, raw_texts: Iterable[str]) -> None:
        """Examines what stood on a screen or was the name of something on it."""
        self._take(raw_texts, is_shown=True)

    def detector(self) -> Tainted:
        """What finds all of it; take everything before."""
        return Tainted(self, Hunt(self.entities))

    def found(self, text: str, *, is_shown: bool) -> tuple[TextSpan, ...]:
        """The stretches of a text that count as sensitive; none reaches over a mark between fields."""
        (findings,) = self.examiner.examine((text,))
        parts = ((one, span) for one in findings if one.role is Role.DENY for span in within_fields(text, one.span))
        return tuple(
            span
            for one, span in parts
            if not (is_shown or one.detector in self._guessing) or self._is_strange(text[span.start : span.end])
        )

    def _take(self, raw_texts: Iterable[str], *, is_shown: bool) -> None:
        texts = tuple(dict.fromkeys(text for text in raw_texts if text.strip()))
        self.examiner.examine(texts)
        for text in texts:
            for span in self.found(text, is_shown=is_shown):
                self.entities[Entity(text[span.start : span.end].strip(), span.category)] = None

    def _is_strange(self, value: str) -> bool:
        """Whether it does not consist of interface words and names of programmes alone."""
        return not all(self.lexicon.has(word) or fold(word) in self.programmes for word in value.split())

    @property
    def _guessing(self) -> frozenset[str]:
        """The detectors with a model."""
        return frozenset(one.name for one in self.examiner.detectors if isinstance(one, Batched))


@dataclass(frozen=True, slots=True)
class Tainted:
    """Finds what a session's detectors find in a text, and what they found in others."""

    taint: Taint
    hunt: Hunt
    name: str = NAME
    role: Role = Role.DENY

    def find(self, text: str) -> tuple[TextSpan, ...]:
        """The stretches of this text that are sensitive in this session."""
        return (*self.taint.found(text, is_shown=True), *self.hunt.find(text))
