"""Draws the screens into a folder: `python -m benchmarks.screens OUT [--half tuning|held-out|both] [--only KIND]`."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from benchmarks.screens.browser import Browser
from benchmarks.screens.drawing import SEED, draw
from benchmarks.screens.kinds import KINDS, Kind
from benchmarks.screens.looks import LOOKS, Look
from benchmarks.screens.native import WINDOWS, Window, draw_window
from benchmarks.screens.terminal import SCREENFULS, Screenful, draw_terminal
from benchmarks.screens.truth import Half, Truth, save
from optin.demo.desktop import VirtualDesktop


def main(arguments: list[str]) -> int:
    """The exit code."""
    asked = _parsed(arguments)
    halves = tuple(Half) if asked.half == "both" else (Half(asked.half),)
    looks = tuple(look for look in LOOKS if asked.look in (None, look.name))
    kinds = tuple(
        kind for kind in (*KINDS, *SCREENFULS, *WINDOWS) if kind.half in halves and asked.only in (None, kind.name)
    )
    asked.out.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    pages = tuple(kind for kind in kinds if isinstance(kind, Kind))
    others = tuple(kind for kind in kinds if not isinstance(kind, Kind))
    count = _draw_pages(asked.out, pages, looks, asked.seed) + _draw_others(asked.out, others, looks, asked.seed)
    print(f"{count} screens in {time.monotonic() - began:.0f} s: {asked.out}")
    return 0 if count else 2


def _draw_pages(out: Path, kinds: tuple[Kind, ...], looks: tuple[Look, ...], seed: int) -> int:
    if not kinds:
        return 0
    with Browser() as browser:
        for kind in kinds:
            for look in looks:
                save(out, *draw(browser, kind, look, seed))
    return len(kinds) * len(looks)


def _draw_others(out: Path, kinds: tuple[Screenful | Window, ...], looks: tuple[Look, ...], seed: int) -> int:
    if not kinds:
        return 0
    for look in looks:
        with VirtualDesktop(round(look.width * look.scale), round(look.height * look.scale)) as desktop:
            for kind in kinds:
                save(out, *_drawn(desktop, kind, look, seed))
    return len(kinds) * len(looks)


def _drawn(desktop: VirtualDesktop, kind: Screenful | Window, look: Look, seed: int) -> tuple[Truth, bytes]:
    if isinstance(kind, Screenful):
        return draw_terminal(desktop, kind, look, seed)
    return draw_window(desktop, kind, look, seed)


def _parsed(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.screens", description=__doc__)
    parser.add_argument("out", type=Path, help="the folder for pictures and truths")
    parser.add_argument("--half", choices=(*Half, "both"), default="both")
    parser.add_argument("--only", metavar="KIND", help="one kind only")
    parser.add_argument("--look", choices=[look.name for look in LOOKS], help="one look only")
    parser.add_argument("--seed", type=int, default=SEED)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
