"""Screens for the redaction benchmark: a half of the page kinds or a number enters, a folder of screens leaves."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

from benchmarks.screens.drawing import SEED

_ROOT: Final = Path(__file__).parents[1]


class NotDrawn(RuntimeError):
    """The screens could not be drawn; the message says what ended with what code."""


def draw(folder: Path, half: str, *, seed: int = SEED) -> None:
    """Draws all screens of a half (or of both) into the folder."""
    _run("benchmarks.screens", str(folder), "--half", half, "--seed", str(seed))


def draw_session(folder: Path) -> tuple[Path, ...]:
    """The pictures of the scripted session, drawn into the folder, in their order."""
    _run("benchmarks.screens.session", str(folder))
    return tuple(sorted(folder.glob("*.png")))


def distinct(folder: Path, count: int) -> tuple[Path, ...]:
    """So many distinct screens in one folder: both halves, drawn with one seed after another until there are enough.

    They are spread evenly over kinds, looks and seeds.
    """
    folder.mkdir(parents=True, exist_ok=True)
    seed = SEED
    while len(found := sorted(folder.glob("*.png"))) < count:
        drawn = folder / f"seed-{seed}"
        draw(drawn, "both", seed=seed)
        for path in drawn.iterdir():
            path.rename(folder / f"{path.stem}--{seed}{path.suffix}")
        seed += 1
    return tuple(found[index * len(found) // count] for index in range(count))


def _run(module: str, *arguments: str) -> None:
    done = subprocess.run((sys.executable, "-m", module, *arguments), cwd=_ROOT, check=False, stdout=subprocess.DEVNULL)
    if done.returncode != 0:
        raise NotDrawn(f"{module} ended with code {done.returncode}")
