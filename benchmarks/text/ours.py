"""Optin's detectors as a contender: `python -m benchmarks.text.ours`, then the loop of `benchmarks.text.worker`.

What is found is the union of what denies in the full list of detectors, as the examiner gives it: folded, remembered
and limited in time, as everywhere else in Optin.
"""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.text.worker import Found, serve


class Optin:
    """The full list of detectors under the examiner."""

    def __init__(self) -> None:
        from redaction.detectors import Role, full_detectors
        from redaction.examine import Examiner

        self._deny = Role.DENY
        self._examiner = Examiner(full_detectors())

    def spans(self, texts: Sequence[str]) -> list[list[Found]]:
        """What denies in each text, with its category."""
        return [
            [(one.span.start, one.span.end, str(one.span.category), 1.0) for one in found if one.role is self._deny]
            for found in self._examiner.examine(tuple(texts))
        ]


if __name__ == "__main__":
    serve(Optin)
