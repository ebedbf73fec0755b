"""Knows the shapes of common interface icons: a coverage plane enters, the score of the nearest known shape leaves.

The file `data/icons.bin` (built by `tools/build_icons.py`) holds drawings of icons that free icon sets share, each with
the likeness that a drawing must exceed to count as that icon. No letter, digit, sign, initials or form control of the
fonts that the file was built with reaches it. A missing or damaged file is an error: without it no icon can be
recognised as safe. Nothing is read or drawn here.
"""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from vault.errors import MissingPart

Coverage = npt.NDArray[np.float32]
"""How much of each pixel a shape covers, 0 to 1, shape (height, width)."""
Coverages = npt.NDArray[np.float32]
"""Drawings, shape (count, SIDE, SIDE)."""
Levels = npt.NDArray[np.uint8]
"""Coverages in steps of 1 / LEVELS."""
Looks = npt.NDArray[np.float32]
"""Coarse drawings as rows of zero mean and unit length, shape (count, SIDE * SIDE / 4)."""

SIDE: Final = 32
"""Edge in cells of the drawing to which every shape is brought."""
ROOM: Final = 2
"""Cells left free around a drawing, so that its blur is not cut."""
BLUR: Final = 1.0
"""Standard deviation in cells of the blur that every drawing has in the end, however small its pixels were."""
PIXEL_BLUR: Final = 0.45
"""Standard deviation in pixels of the blur that pixels and their interpolation bring with them."""
MARGIN: Final = 4
"""Pixels of plain paper added around a shape before it is blurred."""
EDGE: Final = 0.15
"""Least coverage of a column or row that belongs to the shape."""
ALLOWED: Final = 3.0
"""Coverage by which a cell may miss the known shape, for a shape of one pixel; it falls as shapes get larger."""
LEVELS: Final = 31
"""Levels of coverage in the file."""
LIMIT_STEPS: Final = 10_000
"""Steps of likeness between 0 and 1 in the file."""
_HEADER: Final = b"# optin-icons 1"
_MOST: Final = 20_000
_AROUND: Final = np.ones((3, 3), np.uint8)


class ShapesMissing(MissingPart):
    """The known icon shapes cannot be used; the message says what to do."""


def drawing_of(coverage: Coverage) -> Coverage:
    """The shape in a square of `SIDE` cells: its edges found to a part of a pixel, centred, aspect kept, blurred alike.

    The shape must cover at least one pixel by more than `EDGE`.
    """
    # A shape that touches the edge of its place would else be blurred into its own mirror image.
    coverage = np.asarray(cv2.copyMakeBorder(coverage, MARGIN, MARGIN, MARGIN, MARGIN, cv2.BORDER_CONSTANT), np.float32)
    left, right = _ends(coverage.max(axis=0))
    top, bottom = _ends(coverage.max(axis=1))
    scale = (SIDE - 2 * ROOM) / max(right - left, bottom - top)
    if scale < 1:
        coverage = np.asarray(cv2.GaussianBlur(coverage, (0, 0), 0.5 / scale), np.float32)
    across = SIDE / 2 - scale * (left + right) / 2 + (scale - 1) / 2
    down = SIDE / 2 - scale * (top + bottom) / 2 + (scale - 1) / 2
    place = np.array([[scale, 0, across], [0, scale, down]], np.float32)
    drawing = cv2.warpAffine(coverage, place, (SIDE, SIDE), flags=cv2.INTER_LINEAR)
    had = PIXEL_BLUR * max(scale, 1.0)
    return np.asarray(cv2.GaussianBlur(drawing, (0, 0), max(BLUR**2 - had**2, 0.01) ** 0.5), np.float32)


def looks_of(drawings: Coverages) -> Looks:
    """The drawings as rows of zero mean and unit length, so that the product of two rows is their likeness."""
    count, half = len(drawings), SIDE // 2
    coarse = drawings.reshape(count, half, 2, half, 2).mean(axis=(2, 4)).reshape(count, half * half)
    flat = coarse - coarse.mean(axis=1, keepdims=True)
    return np.asarray(flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-6), np.float32)


def _ends(profile: Coverage) -> tuple[float, float]:
    """Where a row of coverages begins and ends, to a part of a pixel."""
    held = np.flatnonzero(profile > EDGE)
    first, last = int(held[0]), int(held[-1])
    peak = float(profile.max())
    return first + 1 - float(profile[first]) / peak, last + float(profile[last]) / peak


@dataclass(frozen=True, slots=True)
class Shapes:
    """The known shapes: their drawings (count, SIDE, SIDE), their looks, the likeness that each asks for, a digest."""

    drawings: Levels
    looks: Looks
    limits: Looks
    digest: str

    def nearest(self, drawn: tuple[tuple[Coverage, int], ...]) -> tuple[int | None, ...]:
        """For each drawing (and the longer side in pixels that it had) the number of the shape that it is, or None."""
        if not drawn:
            return ()
        likeness = looks_of(np.stack([drawing for drawing, _ in drawn])) @ self.looks.T
        surplus = np.asarray(likeness - self.limits, np.float32)
        numbers = np.asarray(surplus.argmax(axis=1), np.int64)
        return tuple(
            int(number) if row[number] > 0 and fits(drawing, _unpacked(self.drawings[number]), side) else None
            for (drawing, side), number, row in zip(drawn, numbers, surplus, strict=True)
        )


def fits(drawing: Coverage, known: Coverage, side: int) -> bool:
    """Whether the drawing of a shape `side` pixels large has ink nowhere that a known one has none, and the reverse.

    What a number on a calendar or a letter on a file adds is small beside the whole, but plain in its place.
    """
    gain = float((drawing * known).sum() / (known * known).sum())
    even = drawing / max(gain, 1e-6)
    over, under = even - cv2.dilate(known, _AROUND), cv2.erode(known, _AROUND) - even
    return float(max(over.max(), under.max())) <= ALLOWED / side


@cache
def load_shapes() -> Shapes:
    """The shapes that came with this installation; `ShapesMissing` when they are absent or damaged."""
    try:
        untrusted_bytes = (resources.files("redaction") / "data" / "icons.bin").read_bytes()
    except OSError:
        raise ShapesMissing("the list of icon shapes is missing: install optin again") from None
    return parse_shapes(untrusted_bytes)


def parse_shapes(untrusted_bytes: bytes) -> Shapes:
    """The shapes in these bytes; `ShapesMissing` unless the header and its checksum fit them."""
    header, _, packed = untrusted_bytes.partition(b"\n\n")
    lines = header.split(b"\n")
    if lines[0] != _HEADER or checksum_line(packed) not in lines:
        raise ShapesMissing("the list of icon shapes is damaged: install optin again")
    body = np.frombuffer(zlib.decompressobj().decompress(packed, _MOST * (SIDE * SIDE + 2)), np.uint8)
    count = body.size // (SIDE * SIDE + 2)
    limits = np.asarray(body[: 2 * count].view("<u2") / LIMIT_STEPS, np.float32)
    # Each row holds its differences from the row above, which are small and pack well.
    drawings = np.cumsum(body[2 * count :].reshape(count, SIDE, SIDE), axis=1, dtype=np.uint8)
    looks = looks_of(_unpacked(drawings))
    return Shapes(drawings, looks, limits, hashlib.sha256(untrusted_bytes).hexdigest())


def _unpacked(levels: Levels) -> Coverages:
    return np.asarray(levels / LEVELS, np.float32)


def packed_shapes(drawings: Coverages, limits: Looks) -> bytes:
    """The bytes of a file of these shapes and limits, as `parse_shapes` reads them."""
    levels = np.rint(np.clip(drawings, 0, 1) * LEVELS).astype(np.uint8)
    steps = np.diff(levels, axis=1, prepend=np.zeros((len(levels), 1, SIDE), np.uint8))
    body = np.ceil(limits * LIMIT_STEPS).astype("<u2").tobytes() + steps.astype(np.uint8).tobytes()
    packed = zlib.compress(body, 9)
    return b"\n".join((_HEADER, checksum_line(packed), b"", packed))


def checksum_line(packed: bytes) -> bytes:
    """The header line that guards the shapes against damage (not against a forger: `optin doctor` checks RECORD)."""
    return b"# sha256 " + hashlib.sha256(packed).hexdigest().encode()
