"""Contenders that find nothing, or everything, get the figures that they must; the others are asked in one form."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from benchmarks.peers.text.evaluate import joined
from benchmarks.peers.text.find import replaced
from benchmarks.text.contenders import DidNotFind, begin, everything, nothing
from benchmarks.text.figures import sections
from benchmarks.text.judge import Planted
from benchmarks.text.measure import Answers, Work, by_sessions, by_stretches
from benchmarks.text.secrets import BENIGN, secret_lines
from benchmarks.text.session import open_tools
from benchmarks.text.streams import WINDOW, Entry, Stream, streams
from benchmarks.text.synth import Sentence, masked_beside, masked_whole, scores, sentences
from benchmarks.text.table import as_json, written
from benchmarks.text.titles import titles
from benchmarks.text.worker import Found, peak, timed, work
from capture.events import WindowFocused
from redaction.detectors import light_detectors
from tests.redaction.recording import click
from vault.errors import BadInput

ROOT = Path(__file__).parents[2]
WORK = Work(streams=tuple(streams(4)), titles=titles(), secrets=secret_lines()[::9], harmless=BENIGN)
SENTENCE = Sentence(0, "My name is Ann Roe.", ((11, 18, "PERSON"),))


class FakeFinder:
    """Finds the first word of each text."""

    def spans(self, texts: Sequence[str]) -> list[list[Found]]:
        return [[(0, len(text.split()[0]), "PERSON", 1.0)] for text in texts]


@pytest.fixture(scope="module")
def table() -> dict[str, Any]:
    answers = {
        "none": by_stretches(WORK, nothing, times={}),
        "all": by_stretches(WORK, everything, times={}),
        "strict": Answers(),
    }
    return {name: row for rows in as_json(sections(WORK, answers, {})).values() for name, row in rows.items()}


def shares(row: dict[str, Any]) -> tuple[float, float]:
    return row["none"]["share"], row["all"]["share"]


@pytest.mark.parametrize("figure", ["values left whole, %", "values left in part, %", "  left in part: split, %"])
def test_what_finds_nothing_leaves_all_and_what_finds_all_leaves_nothing(table: dict[str, Any], figure: str) -> None:
    assert shares(table[figure]) == (1.0, 0.0)


def test_what_finds_nothing_keeps_all_benign_words(table: dict[str, Any]) -> None:
    assert shares(table["benign words kept, titles, %"]) == (1.0, 0.0)
    assert shares(table["benign words kept, addresses, %"]) == (1.0, 0.0)


def test_what_finds_everything_finds_every_secret_and_keeps_no_harmless_word(table: dict[str, Any]) -> None:
    assert shares(table["secrets found, %"]) == (0.0, 1.0)
    assert shares(table["words of harmless lines kept, %"]) == (1.0, 0.0)


def test_a_contender_without_an_answer_has_no_figure(table: dict[str, Any]) -> None:
    assert "strict" not in table["secrets found, %"]


def test_the_strict_profile_is_judged_by_what_leaves_of_whole_sessions() -> None:
    found = by_sessions(Work(streams=WORK.streams[:1], titles=titles()[:3]), open_tools(light_detectors()))
    assert len(found.typed) == len(WORK.streams[0].entries)
    assert not any(one.left.whole for one in found.typed)
    assert [one.title for one in found.titles] == list(titles()[:3])


def test_what_stays_of_a_session_is_found_in_its_documents() -> None:
    window = WindowFocused(3 * 10**9, "editor", "Print Preview", "", WINDOW)
    entry = Entry(Planted("Print Preview", "person"), "plain", ("Print Preview",), "title", 0, 9000)
    kept = Stream((window, *click(4, 50, 70)), (entry,))
    (found,) = by_sessions(Work(streams=(kept,)), open_tools(light_detectors())).typed
    assert found.left.whole
    assert found.named is None


def test_speed_is_told_as_a_multiple_of_the_standard() -> None:
    times = timed(FakeFinder(), ["one text"] * 20, ["a title", "another"]) | {"load seconds": 1.0}
    answers = {"presidio": Answers(times=times), "optin": Answers(times=times)}
    (section,) = sections(Work(singles=("one text",)), answers, {})
    ratios = [row.values["optin"] for row in section.rows if "x presidio" in row.name]
    assert ratios == [1.0, 1.0, 1.0]


def test_a_contender_is_timed_alone_and_with_many_titles() -> None:
    told = timed(FakeFinder(), ["one text"] * 20, ["a title", "another"])
    assert (len(told["ms"]), told["titles"]) == (18, 2)
    assert told["titles seconds"] > 0
    assert 1 < peak() < 100_000


def test_a_worker_answers_each_line_with_one() -> None:
    out = io.StringIO()
    work(FakeFinder, ['{"texts": ["Ann Roe"]}\n'], out)
    ready, answer = map(json.loads, out.getvalue().splitlines())
    assert ready["load seconds"] > 0
    assert answer == {"spans": [[[0, 3, "PERSON", 1.0]]]}


def test_a_contender_that_fails_ends_the_benchmark() -> None:
    with pytest.raises(DidNotFind, match="nobody ended with code 1: no model"):
        begin("nobody", (sys.executable, "-c", "import sys; sys.exit('no model')"))


def test_what_a_scrubber_replaced_is_found_by_what_it_left() -> None:
    found = list(replaced("Call Ann Roe on 3 May.", "Call <PERSON> on <DATE_TIME>."))
    assert [(start, end, name) for start, end, name, _ in found] == [(5, 12, "PERSON"), (16, 21, "DATE_TIME")]


def test_a_scrubbed_text_that_fits_nowhere_counts_as_masked_whole() -> None:
    assert [(start, end) for start, end, *_ in replaced("Call Ann", "Ring <PERSON>")] == [(0, 8)]


def test_stretches_that_meet_are_scored_as_one() -> None:
    assert joined([(8, 9, "X"), (0, 3, "A"), (3, 5, "B"), (1, 2, "C")]) == [(0, 5), (8, 9)]


def test_a_gold_stretch_counts_as_masked_only_when_all_of_it_is() -> None:
    assert masked_whole((SENTENCE,), [[(11, 14), (15, 19)]]).count == 1
    assert masked_whole((SENTENCE,), [[(11, 17)]]).count == 0
    assert masked_whole((SENTENCE,), [[(0, 19)]], types=("PERSON",)).of == 1
    assert masked_whole((SENTENCE,), [[(0, 19)]], types=("TITLE",)).of == 0


def test_what_is_masked_beside_gold_is_counted_in_letters() -> None:
    share = masked_beside((SENTENCE,), [[(8, 18)]])
    assert (share.count, share.of) == (2, 8)


def test_figures_of_both_halves_come_from_their_counts() -> None:
    half = {"0.7": {"matched": 8, "predicted": 10, "gold": 16}}
    found = scores({"even": half, "odd": half}, "all", "0.7")
    assert found is not None
    assert (found.precision, found.recall) == (0.8, 0.5)
    assert found.f2 == pytest.approx(5 * 0.8 * 0.5 / (4 * 0.8 + 0.5))
    assert scores({}, "held out", "0.7") is None


def test_sentences_are_read_with_their_gold_stretches(tmp_path: Path) -> None:
    span = {"start_position": 11, "end_position": 18, "entity_type": "PERSON", "entity_value": "Ann Roe"}
    path = tmp_path / "sentences.json"
    path.write_text(json.dumps([{"full_text": SENTENCE.text, "spans": [span]}]), "utf-8")
    assert sentences(path) == (SENTENCE,)


@pytest.mark.parametrize("content", ["", "[{}]", "{", "3"])
def test_another_file_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "other.json"
    path.write_text(content, "utf-8")
    with pytest.raises(BadInput, match="--data"):
        sentences(path)


def test_numbers_and_shares_are_written_for_people() -> None:
    assert [written(value) for value in (None, 0.8451, 1234.6)] == ["-", "0.845", "1,235"]


def test_the_command_prints_tables_and_writes_what_it_measured(tmp_path: Path) -> None:
    told = tmp_path / "told.json"
    done = subprocess.run(
        (sys.executable, "-m", "benchmarks.text", "--only", "none", "--only", "all", "--quick", "4",
         "--json", str(told)),
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "--data" in done.stderr
    assert "values left whole" in done.stdout
    assert (
        json.loads(told.read_text("utf-8"))["sections"]["Secrets on screens"]["secrets found, %"]["all"]["share"] == 1
    )
