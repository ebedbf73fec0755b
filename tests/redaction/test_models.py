"""A model file is used only when it is the very one that was tried."""

from __future__ import annotations

import hashlib
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

import pytest

from redaction.models import DETECTION, ENGLISH, MODELS, RECOGNITION, Model, checked_model
from redaction.readers import ReaderMissing
from redaction.readers.tesseract import english


def installed(model: Model) -> Path:
    """The folder of a model in this installation."""
    if model is ENGLISH:
        return english()
    found = find_spec("rapidocr")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "models"


@pytest.fixture(params=MODELS, ids=lambda model: model.file)
def model(request: pytest.FixtureRequest) -> Model:
    chosen: Model = request.param
    return chosen


def test_the_installed_model_is_the_one_that_was_tried(model: Model) -> None:
    assert hashlib.sha256(checked_model(model, installed(model))).hexdigest() == model.sha256


def test_the_installed_package_is_the_one_that_the_digest_belongs_to(model: Model) -> None:
    assert metadata.version(model.package) == model.version


def test_a_damaged_model_is_refused_with_what_to_install(model: Model, tmp_path: Path) -> None:
    damaged = bytearray((installed(model) / model.file).read_bytes())
    damaged[len(damaged) // 2] ^= 1
    (tmp_path / model.file).write_bytes(damaged)
    with pytest.raises(ReaderMissing, match=f"install that again|{model.package}"):
        checked_model(model, tmp_path)


def test_a_missing_model_is_refused_with_what_to_install(model: Model, tmp_path: Path) -> None:
    with pytest.raises(ReaderMissing, match=f"install {model.package} {model.version}"):
        checked_model(model, tmp_path)


def test_an_empty_model_is_refused(model: Model, tmp_path: Path) -> None:
    (tmp_path / model.file).touch()
    with pytest.raises(ReaderMissing):
        checked_model(model, tmp_path)


def test_a_refusal_names_no_folder(tmp_path: Path) -> None:
    with pytest.raises(ReaderMissing) as refused:
        checked_model(DETECTION, tmp_path)
    assert str(tmp_path) not in str(refused.value)


def test_one_model_is_not_taken_for_another(tmp_path: Path) -> None:
    (tmp_path / DETECTION.file).write_bytes(checked_model(RECOGNITION, installed(RECOGNITION)))
    with pytest.raises(ReaderMissing):
        checked_model(DETECTION, tmp_path)
