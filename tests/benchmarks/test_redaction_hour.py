"""The screens of an hour's recording are distinct, and spread over all that there are."""

from __future__ import annotations

from pathlib import Path

from benchmarks.redaction_hour import as_text
from benchmarks.redaction_screens import distinct


def test_screens_that_are_there_are_taken_evenly(tmp_path: Path) -> None:
    for number in range(9):
        (tmp_path / f"{number}.png").touch()
    assert [path.stem for path in distinct(tmp_path, 3)] == ["0", "3", "6"]


def test_no_screen_is_taken_twice(tmp_path: Path) -> None:
    for number in range(10):
        (tmp_path / f"{number}.png").touch()
    assert len(set(distinct(tmp_path, 7))) == 7


def test_each_variant_has_a_line() -> None:
    told = {"optin-tree": {"minutes": 2.5, "screens": 300.0}, "optin-full": {"minutes": 5.0, "screens": 300.0}}
    assert as_text(told).splitlines() == [
        "optin-tree: 2.50 minutes, 300.00 screens",
        "optin-full: 5.00 minutes, 300.00 screens",
    ]
