"""Reads text with PP-OCRv6, whose two models the package rapidocr ships: pixels in, words out.

Only the model files are taken from that package; none of its code runs, since that logs, downloads and shrinks large
pictures. The models are checked by digest, run on one thread unless told otherwise, and write no file and no log.
A screen is looked at in full size, in bands, on its own pixels (not on those that another engine was given); a strip is
read alone, so that the same strip always gives the same words.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Protocol

import cv2
import numpy as np
import numpy.typing as npt

from redaction.images.ink import boxes_of
from redaction.models import DETECTION, RECOGNITION, checked_model
from redaction.readers.base import Line, Pixels, Plane, ReaderMissing, Strip, Word, line_of
from redaction.readers.letters import Letter, words_of
from redaction.readers.plane import contrasted
from redaction.spans import Box

HEIGHT: Final = 48
"""Rows that the recogniser takes (`rec_img_shape` in the package's config.yaml)."""
NARROWEST: Final = 64
"""Least columns that the recogniser is given. The package's own 320 reads short strips no better, in twice the time."""
STRIDE: Final = 32
"""What the detector's height and width must be a multiple of."""
BAND: Final = 736
"""Rows of a screen that are looked at together, which bounds memory."""
OVERLAP: Final = 96
"""Rows that neighbouring bands share: a line lies whole in one of them."""
SEEN: Final = 0.3
"""Share from which the detector's answer for a pixel counts as text (`thresh` in config.yaml)."""
LINE_SEEN: Final = 0.5
"""Mean share within a line's box from which it is a line (`box_thresh` in config.yaml)."""
UNCLIP: Final = 1.6
"""The detector marks the core of a line; the line is larger by this times area over perimeter (`unclip_ratio`)."""
LEAST: Final = 3
"""Least edge in pixels of a core."""

INPUT: Final = "x"
"""The name that both models give their input."""

Floats = npt.NDArray[np.float32]


class _Meta(Protocol):
    """What a model file says of itself."""

    custom_metadata_map: dict[str, str]


class _Session(Protocol):
    """What is used of onnxruntime's InferenceSession."""

    def run(self, outputs: None, inputs: dict[str, Floats]) -> list[Floats]: ...

    def get_modelmeta(self) -> _Meta: ...


class RapidReader:
    """Reads with two models that are opened once; `threads` is how many each may use."""

    def __init__(self, *, threads: int = 1) -> None:
        folder = _folder()
        self._recogniser = _session(checked_model(RECOGNITION, folder), threads)
        self._detector = _session(checked_model(DETECTION, folder), threads)
        alphabet = self._recogniser.get_modelmeta().custom_metadata_map["character"].splitlines()
        self._alphabet: tuple[str, ...] = ("", *alphabet, " ")

    @property
    def name(self) -> str:
        """The engine's name."""
        return "rapidocr"

    @property
    def version(self) -> str:
        """The package's version, its models, and the version of what runs them."""
        return f"{RECOGNITION.version} PP-OCRv6 small, onnxruntime {metadata.version('onnxruntime')}"

    def read(self, rgb: Pixels) -> tuple[Line, ...]:
        """The lines on these pixels, from top to bottom, boxes in their coordinates."""
        boxes = sorted(self._places(rgb), key=lambda box: (box.y, box.x))
        lines = (self._read_line(rgb, box) for box in boxes)
        return tuple(line_of(words) for words in lines if words)

    def read_strips(self, strips: tuple[Strip, ...]) -> tuple[tuple[Word, ...], ...]:
        """The words of each strip, from left to right, boxes on its plane; none for a blank one."""
        return tuple(self._read_strip(strip.plane) for strip in strips)

    def _read_strip(self, plane: Plane) -> tuple[Word, ...]:
        if not (plane < 255).any():
            return ()
        width = max(16, -(-plane.shape[1] * HEIGHT // plane.shape[0]))
        enlarged = cv2.resize(plane, (width, HEIGHT), interpolation=cv2.INTER_LINEAR)
        page = np.zeros((1, 3, HEIGHT, max(width, NARROWEST)), np.float32)
        page[..., :width] = _levels(np.asarray(enlarged, np.uint8))
        shares: Floats = self._recogniser.run(None, {INPUT: page})[0][0]
        columns = page.shape[3] / shares.shape[0] * plane.shape[1] / width
        return words_of(tuple(_letters(shares, columns, self._alphabet)), plane)

    def _read_line(self, rgb: Pixels, box: Box) -> tuple[Word, ...]:
        words = self._read_strip(contrasted(rgb[box.y : box.bottom, box.x : box.right]))
        return tuple(Word(word.text, word.confidence, _shifted(word.box, box)) for word in words)

    def _places(self, rgb: Pixels) -> Iterator[Box]:
        """The boxes of lines of text, each from the band in whose own rows its middle lies."""
        height, width = rgb.shape[:2]
        for top in range(0, height, BAND - OVERLAP):
            start, end = top + (OVERLAP // 2 if top else 0), top + BAND - OVERLAP // 2
            last = top + BAND >= height
            for box in self._places_in(np.ascontiguousarray(rgb[top : top + BAND])):
                moved = box.moved(0, top)
                middle = moved.y + moved.height / 2
                if start <= middle and (last or middle < end):
                    yield moved.clipped(width, height)
            if last:
                return

    def _places_in(self, rgb: Pixels) -> Iterator[Box]:
        height, width = rgb.shape[:2]
        page = np.zeros((1, 3, -(-height // STRIDE) * STRIDE, -(-width // STRIDE) * STRIDE), np.float32)
        page[0, :, :height, :width] = _levels(rgb[:, :, ::-1]).transpose(2, 0, 1)
        shares: Floats = self._detector.run(None, {INPUT: page})[0][0, 0]
        cores = np.asarray(cv2.dilate((shares > SEEN).astype(np.uint8), np.ones((2, 2), np.uint8)), np.uint8)
        for _, core, _area in boxes_of(cores):
            share = float(shares[core.y : core.bottom, core.x : core.right].mean())
            if min(core.width, core.height) >= LEAST and share >= LINE_SEEN:
                more = round(core.area * UNCLIP / (2 * (core.width + core.height)))
                yield core.grown(more, more).clipped(width, height)


def _letters(shares: Floats, columns: float, alphabet: tuple[str, ...]) -> Iterator[Letter]:
    """The letters in the recogniser's answer: one for each stretch of steps with the same answer that is not blank."""
    best = shares.argmax(axis=1)
    starts = np.flatnonzero(np.concatenate(([True], best[1:] != best[:-1])))
    ends = np.concatenate((starts[1:], [best.size]))
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        if best[start]:
            sure = float(shares[start:end, best[start]].max())
            yield Letter(alphabet[int(best[start])], round(sure, 4), (start + end) / 2 * columns)


def _levels(pixels: npt.NDArray[np.uint8]) -> Floats:
    """Levels of 0 to 255 as the models take them, -1 to 1."""
    return np.asarray(pixels.astype(np.float32) / 127.5 - 1, np.float32)


def _shifted(box: Box, origin: Box) -> Box:
    return Box(box.x + origin.x, box.y + origin.y, box.width, box.height)


def _session(model: bytes, threads: int) -> _Session:
    # Read when the library is imported: releases from 1.29 on send usage data and keep a device id in the home.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1

    # Nothing below "fatal" is written: a log of what a model was given has no place here. Memory goes back after use.
    options.log_severity_level, options.enable_cpu_mem_arena = 4, False
    session: _Session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    return session


def _folder() -> Path:
    """The folder of the models in the package, which is found but not imported."""
    if find_spec("onnxruntime") is None or (found := find_spec("rapidocr")) is None or found.origin is None:
        raise ReaderMissing("the rapidocr reader is not installed: install optin[redaction]")
    return Path(found.origin).parent / "models"
