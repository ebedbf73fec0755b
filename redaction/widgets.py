"""What the accessibility tree said of one widget on a screen: raw, so it never leaves redaction."""

from __future__ import annotations

from dataclasses import dataclass

from redaction.spans import Box


@dataclass(frozen=True, slots=True)
class Widget:
    """A widget's place in pixels of the screen, its role and name, and whether it lies in a document's content."""

    box: Box
    role: str
    name: str
    in_document: bool

    def __repr__(self) -> str:
        return f"Widget({self.role})"
