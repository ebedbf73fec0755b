"""The network Rampart finds people, places and numbers wherever they stand in a text, or says that it cannot."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

import redaction
from redaction.detectors import DetectorError
from redaction.detectors.base import Batched
from redaction.detectors.rampart import Floats, Integers, OnnxNetwork, Rampart, Tokens
from redaction.detectors.timed import TimeUp
from redaction.models import RAMPART_NETWORK, RAMPART_TOKENIZER, Model
from redaction.spans import Category, TextSpan
from tools.build_rampart import ACCURACY, PRODUCT, build, quickened

DATA = Path(redaction.__file__).parent / "data" / "rampart"
LONG = "The weekly report is ready and the numbers are fine. " * 40


@pytest.fixture(scope="session")
def rampart() -> Rampart:
    return Rampart()


def covered(spans: tuple[TextSpan, ...], text: str, part: str) -> bool:
    """Whether each character of a part is in a span."""
    start = text.index(part)
    places = {place for span in spans for place in range(span.start, span.end)}
    return places.issuperset(range(start, start + len(part)))


@pytest.mark.parametrize(
    ("text", "part", "category"),
    [
        ("Please call Maria Gonzalez tomorrow", "Maria Gonzalez", Category.PERSON),
        ("maria gonzalez is out of office", "maria gonzalez", Category.PERSON),
        ("MARIA GONZALEZ - Inbox", "MARIA GONZALEZ", Category.PERSON),
        ("Ship to 742 Evergreen Terrace, Springfield, IL 62704", "742 Evergreen Terrace, Springfield", Category.PERSON),
        ("mail me at anna.berg@example.org", "anna.berg@example.org", Category.PERSON),
        ("phone +1 (541) 754-3010", "+1 (541) 754-3010", Category.PERSON),
        ("passport C01234567", "C01234567", Category.PERSON),
        ("driver's license D1234567 expires", "D1234567", Category.PERSON),
        ("Tax ID: 12-3456789", "12-3456789", Category.TAX),
        ("Routing 021000021", "021000021", Category.FINANCIAL),
        ("Name\tMaria Gonzalez\tPhone\t541-714-1388", "541-714-1388", Category.PERSON),
        ("6750 Koskikatu 25\nSpringfield", "6750 Koskikatu 25\nSpringfield", Category.PERSON),
    ],
)  # fmt: skip
def test_it_finds(rampart: Rampart, text: str, part: str, category: Category) -> None:
    spans = rampart.find(text)
    assert covered(spans, text, part)
    assert category in {span.category for span in spans}


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "Save changes",
        "Open recent file",
        "3 of 12 selected",
        "Insert table",
        "Go to line",
        "Zoom in",
        "…",
        "\n",
    ],
)
def test_it_finds_nothing_in_words_of_interfaces(rampart: Rampart, text: str) -> None:
    assert rampart.find(text) == ()


def test_the_pieces_of_a_name_are_one_stretch(rampart: Rampart) -> None:
    text = "Written by Jean-Luc O'Brien today"
    assert [text[span.start : span.end] for span in rampart.find(text)] == ["Jean-Luc O'Brien"]


def test_what_follows_a_name_is_no_name(rampart: Rampart) -> None:
    text = "Mr. Leiva flew to Bremen"
    assert [text[span.start : span.end] for span in rampart.find(text)] == ["Leiva", "Bremen"]


@pytest.mark.parametrize("name", ["John smith", "Jane cook", "Ann white", "Maria li"])
def test_a_surname_without_a_capital_is_one_all_the_same(rampart: Rampart, name: str) -> None:
    text = f"Meeting with {name}"
    assert covered(rampart.find(text), text, name)


@pytest.mark.parametrize("before", ["🙂🙂 ", "Zu\u0308rich? ", "中文 ", "\ud800 ", "\u200f"])
def test_offsets_count_code_points(rampart: Rampart, before: str) -> None:
    text = f"{before}My name is Anna Kovalenko."
    assert covered(rampart.find(text), text, "Anna Kovalenko")


@pytest.mark.parametrize("place", [0, 410, 470, 479, 1500])
def test_a_name_is_found_wherever_it_stands_in_a_long_text(rampart: Rampart, place: int) -> None:
    cut = LONG.index(" ", place)
    text = f"{LONG[:cut]} Anna Kovalenko {LONG[cut:]}"
    assert covered(rampart.find(text), text, "Anna Kovalenko")


def test_a_text_that_falls_into_very_many_tokens_is_examined_to_its_end(rampart: Rampart) -> None:
    text = "힣" * 700 + " and my name is Anna Kovalenko"
    assert covered(rampart.find(text), text, "Anna Kovalenko")


def test_texts_together_give_what_each_gives_alone(rampart: Rampart) -> None:
    texts = (
        "Anna Kovalenko",
        "",
        LONG[:600],
        "Mr. Leiva flew to Bremen",
        "Save",
        "call 541-714-1388 now",
        "Anna Kovalenko",
    )
    assert rampart.find_many(texts) == tuple(rampart.find(text) for text in texts)


def test_no_texts_give_no_answers(rampart: Rampart) -> None:
    assert rampart.find_many(()) == ()


def test_it_is_asked_for_many_texts_at_once(rampart: Rampart) -> None:
    assert isinstance(rampart, Batched)
    assert rampart.name == "rampart"


@pytest.mark.parametrize("model", [RAMPART_NETWORK, RAMPART_TOKENIZER], ids=lambda model: model.file)
@pytest.mark.parametrize("damaged", [True, False], ids=["damaged", "missing"])
def test_without_its_very_files_it_does_not_begin(tmp_path: Path, model: Model, *, damaged: bool) -> None:
    for other in (RAMPART_NETWORK, RAMPART_TOKENIZER):
        shutil.copy(DATA / other.file, tmp_path)
    (tmp_path / model.file).unlink()
    if damaged:
        (tmp_path / model.file).write_bytes((DATA / model.file).read_bytes()[:-1])
    with pytest.raises(
        DetectorError, match=r"rampart cannot start.*install optin\[redaction\]|install that again"
    ) as refused:
        OnnxNetwork(tmp_path)
    assert str(tmp_path) not in str(refused.value)


class Breaking:
    """A network that fails with the text in its error."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def tokens(self, text: str) -> Tokens:
        return Tokens((2, len(text), 3), ((0, 0), (0, len(text)), (0, 0)))

    def shares(self, ids: Integers, here: Integers) -> Floats:
        assert ids.shape == here.shape
        raise self._error


def test_a_failing_network_is_an_error_without_the_text() -> None:
    with pytest.raises(DetectorError, match="rampart failed") as failed:
        Rampart(Breaking(ValueError("Anna Kovalenko"))).find("Anna Kovalenko")
    assert "Anna" not in str(failed.value)
    assert failed.value.__cause__ is None
    assert failed.value.__suppress_context__


def test_an_answer_of_another_form_is_an_error() -> None:
    class Short(Breaking):
        def shares(self, ids: Integers, here: Integers) -> Floats:
            return np.zeros((len(ids) + 1, here.shape[1], 35), np.float32)

    with pytest.raises(DetectorError, match="rampart failed"):
        Rampart(Short(ValueError())).find("Anna")


def test_who_limits_its_time_is_told_that_it_is_over() -> None:
    with pytest.raises(TimeUp):
        Rampart(Breaking(TimeUp())).find("Anna Kovalenko")


def test_the_attribution_that_its_licence_wants_lies_beside_it() -> None:
    notice = (DATA / "NOTICE").read_text()
    assert all(
        word in notice for word in ("National Design Studio", "Copyright 2026", "CC BY 4.0", "is changed in one way")
    )
    assert "Attribution 4.0 International" in (DATA / "LICENSE").read_text()


def test_each_product_of_matrices_in_it_was_changed() -> None:
    network = (DATA / RAMPART_NETWORK.file).read_bytes()
    assert network.count(ACCURACY) == network.count(PRODUCT) == 37


def test_only_products_of_matrices_are_changed() -> None:
    product, other = b"\n\x01a" + PRODUCT, b'\n\x01b"\x03Add'
    nodes = b"".join(b"\n" + bytes([len(node)]) + node for node in (product, other))
    changed = product + b"*" + bytes([len(ACCURACY)]) + ACCURACY
    expected = b"".join(b"\n" + bytes([len(node)]) + node for node in (changed, other))
    model = b"\x08\x07:" + bytes([len(nodes)]) + nodes + b"B\x02\x10\x0e"
    assert quickened(model) == b"\x08\x07:" + bytes([len(expected)]) + expected + b"B\x02\x10\x0e"


def test_another_wheel_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "other.whl").write_bytes(b"PK")
    with pytest.raises(ValueError, match="not the wheel that was tried"):
        build(tmp_path / "other.whl", tmp_path / "out")
    assert not (tmp_path / "out").exists()
