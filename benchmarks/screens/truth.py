"""What stands where on a screen: read from and written to the JSON beside each picture.

Boxes are in pixels of the picture and tight to the line of the word. A word with the text "" is a picture that tells
something by itself: a photo, a face, a QR code, a chart, the state of a form control. No pixels are drawn or read here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from redaction.spans import Box

CHROME: Final = "chrome"
"""Words of the interface: menus, buttons, headings, labels."""
CONTENT: Final = "content"
"""Other words that tell nothing of anybody."""
SENSITIVE: Final = ("person", "medical", "tax", "financial", "chat", "hr", "ai_prompt", "classified", "secret")
"""Categories whose words must not be left readable."""
CATEGORIES: Final = (*SENSITIVE, CHROME, CONTENT)


class Half(StrEnum):
    """Which half of the page kinds: the one to work with, or the one to measure with."""

    TUNING = "tuning"
    HELD_OUT = "held-out"


@dataclass(frozen=True, slots=True)
class TrueWord:
    """A visible word; words of one string (a full name, a number, a message) share `value`."""

    text: str
    box: Box
    category: str
    value: int


@dataclass(frozen=True, slots=True)
class Target:
    """Something to click or type in, by its visible part."""

    box: Box
    role: str
    name: str


@dataclass(frozen=True, slots=True)
class TrueWidget:
    """A widget as the accessibility tree describes it."""

    box: Box
    role: str
    name: str
    in_document: bool


@dataclass(frozen=True, slots=True)
class Truth:
    """All that is known of one screen."""

    kind: str
    look: str
    half: Half
    scale: float
    words: tuple[TrueWord, ...]
    targets: tuple[Target, ...]
    widgets: tuple[TrueWidget, ...]


class Unlabelled(ValueError):
    """A page shows words of which it does not say what they are."""


def load(folder: Path, half: Half | None = None) -> tuple[tuple[Path, Truth], ...]:
    """The pictures of a folder with their truths, sorted by name; only those of one half when it is given."""
    read = ((path.with_suffix(".png"), parse(json.loads(path.read_text("utf-8")))) for path in folder.glob("*.json"))
    return tuple(sorted((pair for pair in read if half in (None, pair[1].half)), key=lambda pair: pair[0]))


def save(folder: Path, truth: Truth, png: bytes) -> Path:
    """Where the picture was written; its truth lies beside it."""
    path = folder / f"{truth.kind}--{truth.look}.png"
    path.write_bytes(png)
    path.with_suffix(".json").write_text(json.dumps(plain(truth), ensure_ascii=False), "utf-8")
    return path


def parse(data: Mapping[str, Any]) -> Truth:
    """The truth that JSON tells; `Unlabelled` for a word of an unknown category."""
    words = tuple(TrueWord(one["text"], Box(*one["box"]), one["category"], one["value"]) for one in data["words"])
    for word in words:
        if word.category not in CATEGORIES:
            raise Unlabelled(f"{data['kind']}: the word {word.text!r} has the category {word.category!r}")
    targets = tuple(Target(Box(*one["box"]), one["role"], one["name"]) for one in data["targets"])
    widgets = tuple(
        TrueWidget(Box(*one["box"]), one["role"], one["name"], one["in_document"]) for one in data["widgets"]
    )
    return Truth(data["kind"], data["look"], Half(data["half"]), float(data["scale"]), words, targets, widgets)


def plain(truth: Truth) -> dict[str, Any]:
    """The truth as JSON has it."""
    listed = asdict(truth)
    for group in ("words", "targets", "widgets"):
        for one in listed[group]:
            one["box"] = list(one["box"].values())
    return listed
