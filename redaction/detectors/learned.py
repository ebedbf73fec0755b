"""What detectors that run a trained model have in common: texts go in together, and failures come out without them.

The models' libraries raise errors that have no base and in whose words texts may stand; only their kind is passed on.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, Final

from redaction.detectors.base import DetectorError, Role
from redaction.detectors.timed import TimeUp
from redaction.detectors.windows import readable
from redaction.spans import TextSpan


class Learned(ABC):
    """A detector with a model, whose findings are masked."""

    name: ClassVar[str]
    role: Final = Role.DENY

    def find(self, text: str) -> tuple[TextSpan, ...]:
        """The stretches of this text that identify somebody, from left to right."""
        return self.find_many((text,))[0]

    def find_many(self, texts: tuple[str, ...]) -> tuple[tuple[TextSpan, ...], ...]:
        """What `find` answers for each of these texts, in their order; `DetectorError` when the model fails."""
        try:
            return self._found(tuple(readable(text) for text in texts))
        except TimeUp:
            raise
        except Exception as error:  # noqa: BLE001
            reason = type(error).__name__
            raise DetectorError(f"the detector {self.name} failed ({reason}): install optin[redaction] again") from None

    @abstractmethod
    def _found(self, texts: tuple[str, ...]) -> tuple[tuple[TextSpan, ...], ...]:
        """What the model and the patterns beside it find in each text."""
