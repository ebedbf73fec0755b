"""Puts the segments of one session together: scanned segments in any order enter, the session in its order leaves.

Pure. A segment that is missing, doubled, cut in the middle of the session or put in another's place is an error; what
is cut off the end cannot be told from a crash.
"""

from __future__ import annotations

from collections.abc import Iterable

from capture.segment import Broken, Intact, Scanned, Torn
from vault.errors import BadInput


def chained(parts: Iterable[Intact | Torn]) -> tuple[Intact | Torn, ...]:
    """The segments of a session by their number; `BadInput` if one does not follow from the one before it."""
    ordered = tuple(sorted(parts, key=lambda part: part.head.index))
    previous_segment, previous_head = "", ""
    for index, part in enumerate(ordered):
        if part.head.index != index or part.head.previous_segment != previous_segment:
            raise BadInput("a segment of the session is missing")
        if part.head.previous_head != previous_head:
            raise BadInput("a segment does not follow from the one before it")
        previous_segment = part.head.segment
        previous_head = (part.frames[-1].digest if part.frames else part.prelude_digest).hex()
    return ordered


def sound(segment: str, scanned: Scanned) -> Intact | Torn:
    """The segment, if it can be used; `BadInput` says why not."""
    if isinstance(scanned, Broken):
        raise BadInput(f"segment {segment} is damaged: {scanned.reason}. Nothing of its session is used")
    return scanned
