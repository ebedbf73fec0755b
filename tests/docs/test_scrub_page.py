"""What the page on scrubbing says of options, limits, kinds and the report is so."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest
import typer

from optin.cli import ReaderName, ScrubProfile, app
from redaction.images.pictures import FORMATS, LONGEST, MOST
from redaction.redacted import Isolation
from redaction.scrubbed import ScrubReport
from tests.scrub.simulated import FACTS

PAGE: Final = (Path(__file__).parents[2] / "docs" / "scrub.md").read_text(encoding="utf-8")


def first_cells(heading: str) -> set[str]:
    """What stands in backquotes in the first column of the table whose heading begins so."""
    table = PAGE.split(f"| {heading} |")[1].split("\n\n")[0]
    return {name for row in table.split("\n") for name in re.findall(r"`([^`]+)`", row.split(" | ")[0])}


def test_every_option_is_on_the_page() -> None:
    group = typer.main.get_command(app)
    parameters = getattr(group, "commands")["scrub"].params  # noqa: B009 (the type of groups is not exported)
    options = {name for one in parameters for name in (*one.opts, *one.secondary_opts) if name.startswith("--")}
    assert first_cells("option") == options - {"--help"}


@pytest.mark.parametrize("name", [*(name.value for name in ReaderName), *(name.value for name in ScrubProfile)])
def test_every_choice_is_on_the_page(name: str) -> None:
    assert f"`{name}`" in PAGE


def test_the_limits_are_those_of_the_code() -> None:
    assert f"{LONGEST:,} pixels a side and {MOST // 1_000_000} megapixels" in PAGE


@pytest.mark.parametrize("kind", sorted(set(FORMATS.values())))
def test_every_kind_of_picture_is_on_the_page(kind: str) -> None:
    assert kind in PAGE.upper()


def test_every_field_of_the_report_is_on_the_page() -> None:
    assert first_cells("field") == set(ScrubReport(FACTS, "none", ()).as_json())


@pytest.mark.parametrize("kind", Isolation)
def test_every_kind_of_isolation_is_on_the_page(kind: Isolation) -> None:
    assert f"`{kind.value}`" in PAGE
