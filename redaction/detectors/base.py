"""The port to a detector: a text enters, the stretches that it recognises leave.

A detector that cannot work raises. It never answers "nothing found" for a text that it did not examine.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import Protocol, runtime_checkable

from redaction.spans import Category, TextSpan
from vault.errors import MissingPart


class Role(Enum):
    """What a detector's finding does."""

    DENY = "deny"
    """The stretch is masked even if it is an interface phrase."""
    LABEL = "label"
    """The stretch stays what it is, and names the category of whatever is masked beside it."""


class DetectorError(MissingPart):
    """A detector could not examine a text; nothing may be concluded from it."""


class Detector(Protocol):
    """Recognises one family of sensitive text."""

    @property
    def name(self) -> str:
        """The detector's name, for reports."""

    @property
    def role(self) -> Role:
        """What its findings do."""

    def find(self, text: str) -> tuple[TextSpan, ...]:
        """The stretches found, in code points of this very text; any failure is raised."""


@runtime_checkable
class Batched(Detector, Protocol):
    """A detector that examines many texts faster together than one by one, as those with a model do."""

    def find_many(self, texts: tuple[str, ...]) -> tuple[tuple[TextSpan, ...], ...]:
        """What `find` gives for each text, in their order; any failure is raised."""


def matches(pattern: re.Pattern[str], text: str, category: Category) -> tuple[TextSpan, ...]:
    """A span for each match: of its group `value` when the pattern has one, else of all of it."""
    group: int | str = "value" if "value" in pattern.groupindex else 0
    return tuple(TextSpan(*match.span(group), category) for match in pattern.finditer(text))
