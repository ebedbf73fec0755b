"""The words that a field's form allows are those that the recorder and redaction use, and no others."""

from __future__ import annotations

import msgspec
import pytest

from capture.events import MODIFIER_KEYS, NAMED_KEYS, GapReason
from redaction.engine import PLATFORMS
from redaction.fields import GAP_SOURCES
from redaction.redacted import Missed
from redaction.reports.forms import KeyName
from redaction.reports.walking import form_of, misformed, text_fields
from redaction.steps import CHORD_ORDER
from tests.redaction.reports import episode


def test_a_key_is_one_that_may_be_named_and_nothing_else() -> None:
    form = form_of(KeyName)
    assert form is not None
    named = {*NAMED_KEYS, *MODIFIER_KEYS, *CHORD_ORDER, "s", "~"}
    assert {key for key in (*named, "", "okonkwo", "ss", "\u00e9", "Enter") if form.holds(key)} == named


def test_whatever_a_gap_may_say_is_of_its_form() -> None:
    reasons = (*(reason.value for reason in GapReason), "classified")
    gaps = [
        Missed(count=1, from_ms=0, reason=reason, source=source, until_ms=1)
        for reason in reasons
        for source in (*GAP_SOURCES, "other")
    ]
    assert [misformed(text_fields(gap)) for gap in gaps] == [()] * len(gaps)


@pytest.mark.parametrize("platform", sorted({*PLATFORMS, "other"}))
def test_every_platform_is_one_of_the_form(platform: str) -> None:
    assert misformed(text_fields(msgspec.structs.replace(episode(), platform=platform))) == ()
