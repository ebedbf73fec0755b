"""Windows of desktop programmes, drawn by GTK: a kind and a look enter, the truth and a PNG leave.

The programme itself tells where its words stand (`gtk_program`); here it is started and asked.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.screens import held_windows, tuning_windows
from benchmarks.screens.desktop import grab, settled
from benchmarks.screens.looks import Look
from benchmarks.screens.nodes import Node
from benchmarks.screens.people import People
from benchmarks.screens.truth import Half, Truth, parse
from optin.demo.desktop import VirtualDesktop
from optin.demo.programs import end_program, wait_until
from redaction.spans import Box

_PROGRAM: Final = Path(__file__).with_name("gtk_program.py")


@dataclass(frozen=True, slots=True)
class Window:
    """A kind of GTK window."""

    name: str
    half: Half
    category: str
    title: str
    build: Callable[[People, random.Random], Node]


WINDOWS: Final = (
    Window("gtk-contacts", Half.TUNING, "person", "Contacts", tuning_windows.contacts),
    Window("gtk-backup", Half.TUNING, "secret", "Backup Preferences", tuning_windows.backup),
    Window("gtk-clinic", Half.HELD_OUT, "medical", "Patient record", held_windows.clinic),
    Window("gtk-personnel", Half.HELD_OUT, "hr", "Employee", held_windows.personnel),
)


def draw_window(desktop: VirtualDesktop, kind: Window, look: Look, seed: int) -> tuple[Truth, bytes]:
    """The truth of a window on the desktop, which must be as large as the look's picture, and its PNG."""
    chance = random.Random(f"{seed}/{kind.name}/{look.name}")
    width, height = round(look.width * look.scale), round(look.height * look.scale)
    double = 2 if look.scale == 2 else 1  # GTK 3 itself scales by whole numbers only; the font does the rest
    shown = {
        "title": kind.title,
        "font": f"{look.font} {round(look.size * look.scale / double * 0.75)}",  # points at 96 dots an inch
        "dark": look.dark,
        "ink": look.colours[2],
        "size": [round(0.8 * width / double), round(0.75 * height / double)],
        "window": kind.build(People(chance, kind.half), chance),
    }
    told = Path(desktop.environment["HOME"]) / f"{kind.name}-{look.name}"
    told.unlink(missing_ok=True)
    told.with_name(told.name + ".in").write_text(json.dumps(shown), "utf-8")
    process = desktop.start("env", f"GDK_SCALE={double}", "/usr/bin/python3", str(_PROGRAM), str(told))
    try:
        text = wait_until(
            lambda: told.read_text("utf-8") if told.exists() else None, what="The window", process=process
        )
        png = settled(lambda: grab(desktop, Box(0, 0, width, height)))
    finally:
        end_program(process)
    named = {"kind": kind.name, "look": look.name, "half": kind.half, "scale": look.scale}
    return parse({**named, **_on_screen(json.loads(text), Box(0, 0, width, height))}), png


def _on_screen(told: dict[str, list[dict[str, Any]]], screen: Box) -> dict[str, list[dict[str, Any]]]:
    return {name: [one for one in listed if _is_inside(one["box"], screen)] for name, listed in told.items()}


def _is_inside(edges: list[int], screen: Box) -> bool:
    box = Box(*edges)
    return box.area > 0 and box.clipped(screen.width, screen.height) == box
