"""Looks a last time at every text that is about to leave: documents enter, what is still sensitive in them leaves.

1. Every field is walked (`walking`). One whose type has a form (`forms`) counts as a finding if it
   does not keep to it. All other texts go to the detectors and to the hunt for the session's own entities, without
   their placeholders; only names of programmes and sites that the policy allows do not.
2. What leaves is the place of the field and a category, never a text. A detector's failure is raised.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final, Protocol, TypeAlias

from redaction.detectors.base import Detector, Role
from redaction.hunting.folding import fold_text
from redaction.redacted import Residual
from redaction.reports.forms import PLACEHOLDER
from redaction.reports.walking import misformed, text_fields
from redaction.spans import Category, TextSpan, gravest
from vault.canonical import Document

_STANDS_FOR: Final = re.compile(rf"{PLACEHOLDER}|\b(?:app|site)-[0-9]+\b")
"""Placeholders, and the numbers that programmes and sites have instead of names."""


class Marked(Protocol):
    """A stretch of a text that a detector found."""

    @property
    def span(self) -> TextSpan:
        """Where it stands, and its category."""

    @property
    def role(self) -> Role:
        """What the finding does."""


Examine: TypeAlias = Callable[[tuple[str, ...]], Sequence[Sequence[Marked]]]
"""What was found in each text, in their order; raises what a detector raises."""


def residuals(
    documents: Sequence[Document], *, examine: Examine, hunt: Detector, allowed: frozenset[str] = frozenset()
) -> tuple[Residual, ...]:
    """What is left over in any text of these documents, by field and category, sorted; empty when all is well.

    `allowed` are names of programmes and sites that may stand alone in a field, since the policy says so.
    """
    fields = tuple(field for document in documents for field in text_fields(document))
    found = Counter((field.path, Category.UNKNOWN) for field in misformed(fields))
    free = tuple(field for field in fields if field.form is None and field.text not in allowed)
    pieces = tuple((field.path, piece) for field in free for piece in _pieces(field.text))
    examined = examine(tuple(piece for _, piece in pieces))
    for (path, piece), marked in zip(pieces, examined, strict=True):
        denied = tuple(one.span.category for one in marked if one.role is Role.DENY)
        hunted = tuple(span.category for span in hunt.find(fold_text(piece).text))
        if denied or hunted:
            found[path, gravest(denied + hunted)] += 1
    return tuple(
        Residual(category=category, field=path, number=number) for (path, category), number in sorted(found.items())
    )


def _pieces(text: str) -> tuple[str, ...]:
    """What stands between placeholders, where there is a letter or a digit in it."""
    return tuple(piece for piece in _STANDS_FOR.split(text) if any(char.isalnum() for char in piece))
