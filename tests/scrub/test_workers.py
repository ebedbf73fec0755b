"""Workers scrub files side by side; what one of them suffers is its own file's matter, and none outlives a run."""

from __future__ import annotations

import multiprocessing
import os
from functools import partial
from pathlib import Path, PurePath

import pytest

from optin.scrubber import Opener
from optin.workers import scrub_apart, usable_cores
from redaction.redacted import Isolation
from redaction.scrub import discover
from redaction.scrubbed import NotExamined, Outcome, ScrubInput, ScrubReport, ScrubResult
from tests.scrub.simulated import (
    DEADLY,
    FACTS,
    SECRET,
    broken_tools,
    buggy_tools,
    hungry_tools,
    killed_tools,
    no_tools,
    stillborn_tools,
    told_tools,
)
from vault.errors import MissingPart


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Five texts, of which the second is deadly to the tools that die of it."""
    return filled(tmp_path / "in")


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[ScrubReport, Path]:
    """A run without trouble, and its output folder."""
    folder = filled(tmp_path_factory.mktemp("run") / "in")
    return run(folder, told_tools), folder.parent / "out"


def filled(folder: Path) -> Path:
    (folder / "deeper" / "still").mkdir(parents=True)
    for name in ("a.txt", "c.txt", "d.txt", "deeper/still/e.txt"):
        (folder / name).write_text(f"Settings\n{SECRET}\n")
    (folder / "b.txt").write_text(f"Settings {DEADLY} {SECRET}\n")
    return folder


def run(source: Path, opener: Opener, *, jobs: int = 2) -> ScrubReport:
    return scrub_apart(discover([source]), source.parent / "out", opener=opener, jobs=jobs, step=lambda *_: None)


def outcomes(report: ScrubReport) -> dict[str, Outcome]:
    return {found.name.as_posix(): outcome for found, outcome in report.outcomes}


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


ALL = ["a.txt", "b.txt", "c.txt", "d.txt", "deeper/still/e.txt"]
ALL_BUT_THE_DEADLY = [name for name in ALL if name != "b.txt"]


def test_all_files_are_scrubbed_and_reported_in_the_order_of_their_names(finished: tuple[ScrubReport, Path]) -> None:
    report, out = finished
    assert [found.name.as_posix() for found, _ in report.outcomes] == ALL
    assert all(isinstance(outcome, ScrubResult) for _, outcome in report.outcomes)
    assert files(out) == ALL


def test_the_report_says_with_what_the_workers_worked_and_that_they_had_no_network(
    finished: tuple[ScrubReport, Path],
) -> None:
    report, _ = finished
    assert report.facts == FACTS
    assert report.isolation in {Isolation.NETNS.value, Isolation.SECCOMP.value}


def test_each_folder_and_file_that_is_made_is_for_its_owner_only(finished: tuple[ScrubReport, Path]) -> None:
    _, out = finished
    assert {path.stat().st_mode & 0o777 for path in (out, *out.rglob("*"))} == {0o700, 0o600}


def test_no_worker_outlives_a_run(finished: tuple[ScrubReport, Path]) -> None:
    assert finished
    assert multiprocessing.active_children() == []


def test_how_far_a_run_is_can_be_seen(source: Path) -> None:
    steps: list[tuple[int, int]] = []
    run_it = partial(scrub_apart, discover([source]), source.parent / "out", opener=told_tools, jobs=2)
    run_it(step=lambda done, whole: steps.append((done, whole)))
    assert steps == [(number, 5) for number in range(1, 6)]


@pytest.mark.parametrize(
    ("opener", "jobs", "reason"), [(killed_tools, 2, "killed"), (hungry_tools, 1, "too large for the memory")]
)
def test_a_file_that_is_too_much_for_its_worker_is_not_examined_and_the_others_are(
    source: Path, opener: Opener, jobs: int, reason: str
) -> None:
    found = outcomes(run(source, opener, jobs=jobs))
    deadly = found.pop("b.txt")
    assert isinstance(deadly, NotExamined)
    assert reason in deadly.reason
    assert "b.txt" in deadly.reason
    assert all(isinstance(outcome, ScrubResult) for outcome in found.values())
    assert files(source.parent / "out") == ALL_BUT_THE_DEADLY


def test_a_bug_ends_its_worker_and_is_said_without_what_was_examined(
    source: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    found = outcomes(run(source, buggy_tools, jobs=1))
    said = capfd.readouterr().err
    assert found["b.txt"] == NotExamined("b.txt was not examined: its process ended by a bug")
    assert "this is a bug (ValueError)" in said
    assert SECRET not in said
    assert files(source.parent / "out") == ALL_BUT_THE_DEADLY


def test_an_earlier_output_stays_and_its_file_is_not_examined(source: Path) -> None:
    out = source.parent / "out"
    out.mkdir()
    (out / "c.txt").write_text("earlier")
    found = outcomes(run(source, told_tools))
    assert found["c.txt"] == NotExamined("c.txt is there already: choose an empty folder")
    assert (out / "c.txt").read_text() == "earlier"


@pytest.mark.parametrize(
    ("opener", "reason"),
    [(no_tools, "not installed"), (broken_tools, "the detector broke"), (stillborn_tools, "could not start")],
)
def test_a_run_whose_tools_cannot_work_is_an_error_and_leaves_nothing(
    source: Path, opener: Opener, reason: str
) -> None:
    with pytest.raises(MissingPart, match=reason):
        run(source, opener)
    assert files(source.parent) == [f"in/{name}" for name in ALL]


def test_a_run_that_is_interrupted_ends_its_workers_and_leaves_whole_outputs_only(source: Path) -> None:
    inputs = tuple(ScrubInput(source / "a.txt", PurePath(f"{number}.txt")) for number in range(40))
    out = source.parent / "out"
    with pytest.raises(KeyboardInterrupt):
        scrub_apart(inputs, out, opener=told_tools, jobs=2, step=interrupt)
    assert multiprocessing.active_children() == []
    assert len(files(out)) < len(inputs)
    assert {(out / name).read_text() for name in files(out)} == {"Settings\n<TEXT>\n"}


def interrupt(done: int, _whole: int) -> None:
    """What Ctrl+C does at some moment of a run."""
    if done == 3:
        raise KeyboardInterrupt


def test_there_are_as_many_workers_as_cores_that_may_be_used() -> None:
    allowed = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(allowed)})
        assert usable_cores() == 1
    finally:
        os.sched_setaffinity(0, allowed)
