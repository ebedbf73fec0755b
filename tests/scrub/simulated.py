"""Tools for tests of scrubbing: a reader that was told what stands on a screen, and tools that fail in one way each.

Workers import this module to open them, so nothing heavy is imported before a function asks for it.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from redaction.detectors import Detector, DetectorError, Role, light_detectors
from redaction.lexicon import load_lexicon
from redaction.scrub import ScrubTools
from redaction.scrubbed import ScrubFacts
from redaction.spans import TextSpan
from vault.errors import MissingPart

if TYPE_CHECKING:
    from redaction.readers.base import Word

SECRET: Final = "hunter2-canary"
DEADLY: Final = "dies"
"""The tools that die do so at a text with this word."""
FACTS: Final = ScrubFacts("strict", "fake 1", "", "0" * 64, (("fake.model", "1" * 64),), 3)


def told_tools(*lines: tuple[Word, ...], detectors: tuple[Detector, ...] | None = None) -> ScrubTools:
    """Tools whose reader knows these lines of words."""
    from redaction.images.pixels import Masker, MaskTools
    from redaction.readers.fake import FakeReader

    known = light_detectors() if detectors is None else detectors
    tools = MaskTools(FakeReader(lines), load_lexicon(), known)
    return ScrubTools(Masker(tools), tools.lexicon, tools.detectors, FACTS)


def killed_tools() -> ScrubTools:
    """Tools of a process that the system kills at a deadly text, as it does for want of memory."""
    return told_tools(detectors=(Deadly(_is_killed),))


def buggy_tools() -> ScrubTools:
    """Tools with a bug whose text is the one that was examined."""
    return told_tools(detectors=(Deadly(_has_a_bug),))


def hungry_tools() -> ScrubTools:
    """Tools that want more memory than there is."""
    return told_tools(detectors=(Deadly(_wants_memory),))


def broken_tools() -> ScrubTools:
    """Tools of which a detector cannot work."""
    return told_tools(detectors=(Broken(),))


def no_tools() -> ScrubTools:
    """Tools that are not installed."""
    raise MissingPart("the reader is not installed: install optin[redaction]")


def stillborn_tools() -> ScrubTools:
    """Tools of a process that ends before it is ready."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


@dataclass(frozen=True, slots=True)
class Deadly:
    """A detector in which this happens at a deadly text."""

    happens: Callable[[str], None]
    name: str = "deadly"
    role: Role = Role.DENY

    def find(self, text: str) -> tuple[TextSpan, ...]:
        if DEADLY in text:
            self.happens(text)
        return ()


def _is_killed(_text: str) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _has_a_bug(text: str) -> None:
    raise ValueError(text)


def _wants_memory(_text: str) -> None:
    raise MemoryError


@dataclass(frozen=True, slots=True)
class Broken:
    """A detector that cannot work."""

    name: str = "broken"
    role: Role = Role.DENY

    def find(self, text: str) -> tuple[TextSpan, ...]:  # noqa: ARG002 (the port has it)
        raise DetectorError("the detector broke")
