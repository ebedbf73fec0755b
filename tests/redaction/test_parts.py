"""The report names what redaction works with: versions of packages, and digests of what decides."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

import redaction
from redaction.models import MODELS
from redaction.reports import parts
from redaction.reports.parts import installed_parts
from redaction.reports.walking import misformed, text_fields
from vault.errors import MissingPart

DATA = Path(redaction.__file__).parent / "data"


def test_every_list_and_model_inside_the_package_is_named_with_its_digest() -> None:
    named = {part.name: part.sha256 for part in installed_parts()}
    files = [path for path in DATA.rglob("*") if path.is_file() and path.name not in {"LICENSE", "NOTICE"}]
    assert files
    for path in files:
        assert named[f"redaction/data/{path.relative_to(DATA)}"] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_every_model_of_a_reader_is_named_with_the_digest_it_is_checked_against() -> None:
    assert {model.sha256 for model in MODELS} <= {part.sha256 for part in installed_parts()}


def test_a_package_has_a_version_and_no_digest() -> None:
    (tesserocr,) = (part for part in installed_parts() if part.name == "tesserocr")
    assert tesserocr.version
    assert tesserocr.sha256 == ""


def test_all_of_it_keeps_to_the_forms_of_a_report() -> None:
    assert [misformed(text_fields(part)) for part in installed_parts()] == [()] * len(installed_parts())


def test_a_package_that_is_missing_is_named() -> None:
    with pytest.raises(MissingPart, match=r"no-such-package is not installed: install optin\[redaction\]"):
        parts._version("no-such-package")
