"""The report's page says in words what the report says, and asks for nothing."""

from __future__ import annotations

import re

import msgspec
import pytest

from redaction.page import report_page
from redaction.redacted import Isolation
from tests.world import world


def shown(**changes: object) -> dict[str, str]:
    """The rows of the page of a report with these fields, by their names."""
    report = msgspec.structs.replace(world().bundle.report, **changes)
    rows = re.findall(
        r"<tr><th>(.*?)</th><td><code>(.*?)</code></td></tr>", report_page(report, world().bundle.episode)
    )
    return dict(rows)


@pytest.mark.parametrize(
    ("isolation", "said"),
    [
        (Isolation.NETNS, "none (a namespace of its own)"),
        (Isolation.SECCOMP, "none (sockets refused by the kernel)"),
        (Isolation.NONE, "reachable: not exportable"),
    ],
)
def test_it_says_how_the_network_was_kept_away(isolation: Isolation, said: str) -> None:
    assert shown(isolation=isolation)["Network during redaction"] == said


def test_it_says_how_many_screens_were_dropped() -> None:
    assert shown(frames_dropped=7)["Frames dropped: classified too highly"] == "7"


@pytest.mark.parametrize(("verifier", "said"), [("rapidocr 3.10.0", "rapidocr 3.10.0"), ("", "none")])
def test_it_names_the_second_engine(verifier: str, said: str) -> None:
    page = shown(verifier=verifier, second_findings=4)
    assert (page["Second engine"], page["Masked since a second engine read it otherwise"]) == (said, "4")
