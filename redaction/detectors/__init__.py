"""Detectors, one file each: a text enters, spans leave. `default_detectors` is the explicit list that strict uses."""

from __future__ import annotations

from redaction.detectors.base import Detector, DetectorError, Role
from redaction.detectors.identifiers import Identifiers
from redaction.detectors.secrets import Secrets
from redaction.detectors.vocabulary import Vocabulary

__all__ = ["Detector", "DetectorError", "Role", "default_detectors"]


def default_detectors() -> tuple[Detector, ...]:
    """The detectors of the strict profile; they need no model."""
    return (Identifiers(), Secrets(), Vocabulary())
