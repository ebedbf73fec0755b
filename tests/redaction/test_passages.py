"""Of a text only what is found goes; values over line breaks, at the edges of windows and said again go too."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from redaction.balanced.passages import WINDOW, Passages, PassageTools
from redaction.detectors import DetectorError, Role, light_detectors
from redaction.examine import Examiner
from redaction.spans import Category, TextSpan

LIGHT = light_detectors()
TOKEN = "ghp_8jCNwaRs8EYSnVl8T5SGLCVzjM2xgavoELnh"


@dataclass(frozen=True, slots=True)
class Named:
    """A detector that knows one name."""

    name: str = "named"
    role: Role = Role.DENY

    def find(self, text: str) -> tuple[TextSpan, ...]:
        return tuple(TextSpan(*one.span(), Category.PERSON) for one in re.finditer("Margaret Thornhill", text))


@dataclass(frozen=True, slots=True)
class Broken:
    """A detector that cannot work."""

    name: str = "broken"
    role: Role = Role.DENY

    def find(self, text: str) -> tuple[TextSpan, ...]:  # noqa: ARG002 (the port has it)
        raise DetectorError("the detector broke")


@dataclass(frozen=True, slots=True)
class Endless:
    """A detector that finds something in whatever is left."""

    name: str = "endless"
    role: Role = Role.DENY

    def find(self, text: str) -> tuple[TextSpan, ...]:  # noqa: ARG002 (the port has it)
        return (TextSpan(0, 1, Category.PERSON),)


def passages(*texts: str) -> Passages:
    tools = PassageTools(Examiner((*LIGHT, Named())), Examiner(LIGHT))
    return Passages(texts, tools=tools)


def masked(text: str) -> str:
    return passages(text).mask(text).text


def test_a_text_in_which_nothing_is_found_is_unchanged() -> None:
    text = "Restart the worker\r\n\twhen the queue is empty.\n\n"
    assert masked(text) == text


def test_what_is_found_becomes_its_placeholder_and_the_rest_stays() -> None:
    assert masked("Call Margaret Thornhill now") == "Call <PERSON_1> now"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("card 4111 1111\n1111 1111 is new", ("4111", "1111")),
        ("mail marga\nret@example.com today", ("marga", "ret@example")),
        (f"token {TOKEN[:20]}\n{TOKEN[20:]} here", (TOKEN[:12], TOKEN[-12:])),
        ("SSN 219-09-\r\n9999 is hers", ("219-09", "9999")),
    ],
)
def test_a_value_over_a_line_break_goes_and_the_break_stays(text: str, parts: tuple[str, ...]) -> None:
    result = masked(text)
    assert not any(part in result for part in parts)
    assert result.count("\n") == 1


def test_a_word_that_begins_the_next_line_is_no_part_of_a_value() -> None:
    assert masked(f"The token is {TOKEN}.\nRestart now") == "The token is <SECRET>\nRestart now"


def test_a_value_that_was_found_once_is_found_where_it_stands_alone() -> None:
    text = "By Margaret Thornhill\nAsk Thornhill first"
    assert masked(text) == "By <PERSON_1>\nAsk <PERSON_1> first"


def test_what_one_text_of_a_file_shows_is_hunted_in_its_others() -> None:
    both = passages("Margaret Thornhill", "Ask Thornhill")
    assert both.mask("Ask Thornhill").text == "Ask <PERSON_1>"


@pytest.mark.parametrize("before", [WINDOW - 30, WINDOW - 9, WINDOW, 3 * WINDOW - 5])
def test_a_value_at_the_edge_of_a_window_goes(before: int) -> None:
    filler = ("the queue is empty " * (before // 19 + 1))[:before]
    assert "219-09-9999" not in masked(f"{filler} 219-09-9999 {filler}")


def test_a_line_without_any_space_is_examined_to_its_end() -> None:
    assert "margaret@example.com" not in masked("x" * (2 * WINDOW) + ",margaret@example.com")


@pytest.mark.parametrize("label", ["salary", "date of birth", "diagnosis"])
def test_a_short_value_with_a_sensitive_label_goes_as_a_whole(label: str) -> None:
    assert passages().mask("quite harmless", label=label).text.startswith("<")


@pytest.mark.parametrize("label", ["", "count", "message"])
def test_with_other_labels_detectors_decide(label: str) -> None:
    assert passages().mask("quite harmless", label=label).text == "quite harmless"


def test_what_goes_is_counted_and_so_are_words_that_stay() -> None:
    result = passages().mask(f"Call Margaret Thornhill, token {TOKEN}")
    assert dict(result.counts) == {Category.PERSON: 1, Category.SECRET: 1}
    assert result.kept == 1


def test_a_placeholder_is_not_masked_again() -> None:
    once = masked("Call Margaret Thornhill")
    assert masked(once) == once


def test_a_text_that_cannot_be_masked_for_good_is_an_error() -> None:
    tools = PassageTools(Examiner((Named(),)), Examiner((Endless(),)))
    with pytest.raises(DetectorError, match="strict"):
        Passages((), tools=tools).mask("a text")


def test_the_error_of_a_detector_passes() -> None:
    broken = Examiner((Broken(),))
    with pytest.raises(DetectorError):
        Passages(("a text",), tools=PassageTools(broken, broken))
