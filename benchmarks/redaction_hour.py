"""How long an hour of recording takes to redact: 300 distinct screens enter, minutes leave.

All cores work, one process each, without the second engine and with it; the accessibility tree is given. Each process
remembers what it read, as one redaction of a session does. The time is from the start of the processes to the last
masked picture, with opening the engines; processor time is told beside it, since the clock depends on what else runs.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from benchmarks.redaction_contenders import redact
from benchmarks.redaction_ours import Variant
from benchmarks.redaction_screens import distinct

SCREENS: Final = 300
"""Distinct screens of an hour's recording: one in twelve seconds."""

Figures = Mapping[str, float]


def hour(screens: Path, place: Path, *, count: int = SCREENS) -> Mapping[str, Figures]:
    """The figures of both variants; the screens are drawn into their folder if they are not there."""
    pictures = distinct(screens, count)
    return {str(one): _measured(one, pictures, place / one) for one in (Variant.TREE, Variant.FULL)}


def as_text(told: Mapping[str, Figures]) -> str:
    """A line for each variant."""
    lines = (", ".join(f"{value:,.2f} {unit}" for unit, value in figures.items()) for figures in told.values())
    return "\n".join(f"{name}: {line}" for name, line in zip(told, lines, strict=True))


def _measured(variant: Variant, pictures: tuple[Path, ...], out: Path) -> Figures:
    """Minutes by the clock, and processor minutes spent in masking alone."""
    names = [picture.name for picture in pictures]
    jobs = len(os.sched_getaffinity(0))
    began = time.monotonic()
    times = redact(str(variant), pictures[0].parent, out, names=names, jobs=jobs, keeping=True)
    return {
        "minutes": (time.monotonic() - began) / 60,
        "processor minutes": sum(one.cpu for one in times) / 60,
        "screens": len(names),
        "cores": jobs,
    }
