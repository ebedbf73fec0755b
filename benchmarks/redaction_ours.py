"""Optin's own redaction as a contender: a process of its own, which masks screens as `optin redact` does, and times it.

    python -m benchmarks.redaction_ours VARIANT SCREENS OUT --core N [--keeping]  <  names of pictures, one a line

Each picture of the folder SCREENS enters; a masked picture of the same name lies in OUT afterwards, unless the frame
was dropped as classified. One line of JSON a picture is printed. With `--keeping` what was read is remembered from
picture to picture, as in a session; without, each picture is as if it were the first.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from benchmarks.screens.truth import parse
from consent.documents import DROP_LEVEL
from redaction.balanced.profile import BalancedMasker, BalancedTools, open_balanced
from redaction.classified import Classified
from redaction.detectors import light_detectors
from redaction.images.pixels import About, MaskedFrame, Masker, MaskTools
from redaction.lexicon import load_lexicon, load_words
from redaction.readers import Reader, open_reader
from redaction.widgets import Widget

if TYPE_CHECKING:
    from redaction.images.verify import Verifier

Pixels = npt.NDArray[np.uint8]


class Variant(StrEnum):
    """What the strict profile has: pixels alone; the accessibility tree too; a second engine that looks again; both.

    The balanced profile is for comparison: detectors decide in it, both engines read, and nothing of it is exported.
    """

    PLAIN = "optin"
    TREE = "optin-tree"
    VERIFIED = "optin-verified"
    FULL = "optin-full"
    BALANCED = "optin-balanced"

    @property
    def has_tree(self) -> bool:
        """Whether it is told of the widgets on the screen."""
        return self in {Variant.TREE, Variant.FULL}

    @property
    def verifies(self) -> bool:
        """Whether a second engine looks at what would stay."""
        return self in {Variant.VERIFIED, Variant.FULL}


@dataclass(frozen=True, slots=True)
class Done:
    """A screen after redaction, None where it was dropped, and what that took by the clock and in processor time."""

    pixels: Pixels | None
    seconds: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Tools:
    """What is opened once for all screens; `second` is the engine that looks again."""

    masking: MaskTools | BalancedTools
    second: Reader | None


def main() -> None:
    """Masks all pictures that are named, the first one twice: engines settle in the first."""
    options = _options()
    if options.core is not None:
        os.sched_setaffinity(0, {options.core})
        cv2.setNumThreads(1)
    variant = Variant(options.variant)
    tools = open_tools(variant)
    names = [name for name in sys.stdin.read().split("\n") if name]
    _redact(new_masker(tools), options.screens / names[0], variant)
    masker = new_masker(tools)
    for name in names:
        done = _redact(masker if options.keeping else new_masker(tools), options.screens / name, variant)
        if done.pixels is not None:
            Image.fromarray(done.pixels).save(options.out / name, compress_level=1)
        told = {"name": name, "seconds": done.seconds, "cpu": done.cpu, "dropped": done.pixels is None}
        print(json.dumps(told), flush=True)


def new_masker(tools: Tools) -> Masker | BalancedMasker:
    """A masker that remembers nothing, nor does its second engine."""
    if isinstance(tools.masking, BalancedTools):
        return BalancedMasker(tools.masking)
    return Masker(replace(tools.masking, verifier=_verifier(tools.second)))


def open_tools(variant: Variant) -> Tools:
    """What the variant works with."""
    if variant is Variant.BALANCED:
        return Tools(open_balanced(open_reader("rapidocr"), open_reader("tesseract")), None)
    second = open_reader("rapidocr") if variant.verifies else None
    detectors = (*light_detectors(), Classified())
    return Tools(MaskTools(open_reader(), load_lexicon(), detectors, words=load_words()), second)


def _verifier(second: Reader | None) -> Verifier | None:
    if second is None:
        return None
    from redaction.images.verify import Verifier

    return Verifier(second)


def _redact(masker: Masker | BalancedMasker, picture: Path, variant: Variant) -> Done:
    rgb = np.asarray(Image.open(picture).convert("RGB"), np.uint8)
    widgets = _widgets(picture) if variant.has_tree else ()
    wall, cpu = time.perf_counter(), time.process_time()
    frame = (
        masker.settled(rgb) if isinstance(masker, BalancedMasker) else masker.mask(rgb, about=About(widgets=widgets))
    )
    return Done(_given_out(frame), time.perf_counter() - wall, time.process_time() - cpu)


def _given_out(frame: MaskedFrame) -> Pixels | None:
    """What leaves: nothing of a screen with a document that is classified too high."""
    return None if frame.level is not None and frame.level >= DROP_LEVEL else frame.pixels


def _widgets(picture: Path) -> tuple[Widget, ...]:
    truth = parse(json.loads(picture.with_suffix(".json").read_text("utf-8")))
    return tuple(Widget(one.box, one.role, one.name, one.in_document) for one in truth.widgets)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.redaction_ours")
    parser.add_argument("variant", choices=[str(one) for one in Variant])
    parser.add_argument("screens", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--core", type=int, help="the one core that it may use")
    parser.add_argument("--keeping", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
