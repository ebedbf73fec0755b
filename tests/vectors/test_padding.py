"""The page says what padding costs, and the benchmark finds just that."""

from __future__ import annotations

import re
from pathlib import Path

from benchmarks.padding import hours

PAGE = Path(__file__).parents[2] / "docs" / "format.md"


def test_the_page_says_what_an_hour_costs_with_and_without_padding() -> None:
    _, _, section = PAGE.read_text().partition("### What padding costs\n")
    said = re.findall(r"\| ([^|]+) \| (\d+) \| ([\d.]+) \| ([\d.]+) \|", section.partition("\n### ")[0])
    found = [(one.name, one.commits, one.padded_bytes, one.bare_bytes) for one in hours()]
    assert said == [(name, str(commits), megabytes(padded), megabytes(bare)) for name, commits, padded, bare in found]


def megabytes(size: int) -> str:
    return f"{size / 1e6:.1f}"
