"""Detectors, one file each: a text enters, spans leave. The two lists here are the explicit ones that redaction uses.

`light_detectors` decide on what is read on screens, line by line; they are patterns and tables. `full_detectors` are
these and all that hold models and vocabularies: they examine what was typed, told and read for what is hunted.
"""

from __future__ import annotations

from redaction.detectors.base import Detector, DetectorError, Role
from redaction.detectors.handles import Handles
from redaction.detectors.identifiers import Identifiers
from redaction.detectors.medical import Medical
from redaction.detectors.secrets import Secrets
from redaction.detectors.tax import Tax
from redaction.detectors.vocabulary import Vocabulary

__all__ = ["Detector", "DetectorError", "Role", "full_detectors", "light_detectors"]


def light_detectors() -> tuple[Detector, ...]:
    """The detectors that need no model; `DetectorError` if the medical words are missing or are not the right ones."""
    return (Identifiers(), Secrets(), Tax(), Medical(), Handles(), Vocabulary())


def full_detectors() -> tuple[Detector, ...]:
    """All detectors; `DetectorError` if a model or a vocabulary is missing, or is not the one that was tried."""
    from redaction.detectors.presidio import Presidio
    from redaction.detectors.rampart import Rampart
    from redaction.detectors.secret_plugins import SecretPlugins

    return (*light_detectors(), SecretPlugins(), Presidio(), Rampart())
