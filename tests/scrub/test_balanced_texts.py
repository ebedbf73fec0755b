"""In the balanced profile texts and JSON lines stay but for what is found; keys tell what their values are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from redaction.balanced.passages import PassageTools
from redaction.detectors import DetectorError, light_detectors
from redaction.examine import Examiner
from redaction.scrub import ScrubError, ScrubTools, scrub_file
from redaction.scrubbed import ScrubResult
from redaction.spans import Category
from tests.scrub.simulated import Broken, told_tools

TOKEN = "ghp_8jCNwaRs8EYSnVl8T5SGLCVzjM2xgavoELnh"


def tools() -> ScrubTools:
    strict, light = told_tools(), light_detectors()
    passages = PassageTools(Examiner(light), Examiner(light))
    return ScrubTools(strict.masker, strict.lexicon, light, strict.facts, passages)


def scrubbed(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text, encoding="utf-8", newline="")
    result = scrub_file(folder / name, folder / "out" / name, stage=tools())
    assert isinstance(result, ScrubResult)
    return (folder / "out" / name).read_bytes().decode()


def row(folder: Path, value: object) -> object:
    return json.loads(scrubbed(folder, "a.jsonl", json.dumps(value)))


def test_a_text_stays_but_for_what_is_found(tmp_path: Path) -> None:
    text = f"Restart the worker.\r\n\r\ntoken {TOKEN}\r\n"
    result = scrubbed(tmp_path, "a.txt", text)
    assert result.startswith("Restart the worker.\r\n\r\n")
    assert result.endswith("<SECRET>\r\n")
    assert TOKEN[:12] not in result


def test_what_goes_is_counted(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"token {TOKEN}", encoding="utf-8")
    result = scrub_file(tmp_path / "a.txt", tmp_path / "out" / "a.txt", stage=tools())
    assert isinstance(result, ScrubResult)
    assert dict(result.masks) == {Category.SECRET: 1}


def test_json_lines_keep_what_is_harmless(tmp_path: Path) -> None:
    value = {"count": 3, "done": True, "note": "Restart the worker", "parts": [None, "blue", 1.5]}
    assert row(tmp_path, value) == value


@pytest.mark.parametrize("value", ["quite harmless", 67500, "219-09-9999"])
@pytest.mark.parametrize("key", ["salary", "employeeSalary", "base_salary"])
def test_the_value_of_a_sensitive_key_goes(tmp_path: Path, key: str, value: object) -> None:
    (found,) = json.loads(scrubbed(tmp_path, "a.jsonl", json.dumps({key: value}))).values()
    assert found != value


def test_a_number_that_identifies_somebody_becomes_null(tmp_path: Path) -> None:
    assert row(tmp_path, [4111111111111111, 12]) == [None, 12]


def test_a_key_in_which_something_is_found_goes(tmp_path: Path) -> None:
    assert row(tmp_path, {"ok": 1, "margaret@example.com": 2}) == {"ok": 1, "<KEY_1>": 2}


def test_what_one_row_shows_is_hunted_in_all_rows(tmp_path: Path) -> None:
    rows = scrubbed(tmp_path, "a.jsonl", json.dumps([f"token {TOKEN}"]) + "\n\n" + json.dumps([TOKEN[4:]])).split("\n")
    assert rows[1] == ""
    assert TOKEN[6:] not in rows[2]


@pytest.mark.parametrize("text", ['{"a": ', "[" * 5000, "[" * 80 + "]" * 80])
def test_what_is_no_json_line_is_an_error_and_leaves_nothing(tmp_path: Path, text: str) -> None:
    with pytest.raises(ScrubError, match="line 1"):
        scrubbed(tmp_path, "a.jsonl", text)
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl"])
def test_a_failing_detector_leaves_no_output(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text('"Settings"')
    strict, broken = told_tools(), Examiner((Broken(),))
    stage = ScrubTools(strict.masker, strict.lexicon, (), strict.facts, PassageTools(broken, broken))
    with pytest.raises(DetectorError):
        scrub_file(tmp_path / name, tmp_path / "out" / name, stage=stage)
    assert list((tmp_path / "out").iterdir()) == []
