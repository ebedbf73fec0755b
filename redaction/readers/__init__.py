"""Engines that read text from pixels: a name enters, an open reader leaves, or a refusal with the reason.

Nothing is chosen silently and nothing is downloaded. `base` is the port, `fake` the reader for tests.
"""

from __future__ import annotations

from typing import Final

from redaction.readers.base import Line, Reader, ReaderMissing, Strip, Word

__all__ = ["READERS", "Line", "Reader", "ReaderMissing", "Strip", "Word", "open_reader"]

READERS: Final = ("tesseract", "rapidocr", "pytesseract")
"""Names that `open_reader` knows, the default first."""


def open_reader(name: str = READERS[0]) -> Reader:
    """The reader of this name, ready to read; `ReaderMissing` when it is unknown or not installed."""
    if name not in READERS:
        raise ReaderMissing(f"there is no reader of that name: choose one of {', '.join(READERS)}")
    try:
        return _opened(name)
    except ImportError:
        raise ReaderMissing("the parts that read screens are not installed: install optin[redaction]") from None


def _opened(name: str) -> Reader:
    if name == "rapidocr":
        from redaction.readers.rapid import RapidReader

        return RapidReader()
    if name == "pytesseract":
        from redaction.readers.program import ProgramReader

        return ProgramReader()
    from redaction.readers.tesseract import TesseractReader

    return TesseractReader()
