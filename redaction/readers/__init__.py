"""Engines that read text from pixels: a name enters, an open reader leaves, or a refusal with the reason.

Nothing is chosen silently and nothing is downloaded. `base` is the port, `fake` the reader for tests.
"""

from __future__ import annotations

from typing import Final

from redaction.readers.base import Line, Reader, ReaderMissing, Word

__all__ = ["READERS", "Line", "Reader", "ReaderMissing", "Word", "open_reader"]

READERS: Final = ("tesseract",)
"""Names that `open_reader` knows, the default first."""


def open_reader(name: str = READERS[0]) -> Reader:
    """The reader of this name, ready to read; `ReaderMissing` when it is unknown or not installed."""
    if name not in READERS:
        raise ReaderMissing(f"there is no reader of that name: choose one of {', '.join(READERS)}")
    try:
        from redaction.readers.tesseract import TesseractReader
    except ImportError:
        raise ReaderMissing("the parts that read screens are not installed: install optin[redaction]") from None
    return TesseractReader()
