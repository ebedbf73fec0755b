"""Nothing leaves that the last look does not look at: every text of every field, and only kinds that it can walk."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import msgspec
import pytest

from redaction.detectors.base import DetectorError, Role
from redaction.hunting.entities import Entities
from redaction.redacted import Residual
from redaction.reports.residual import residuals
from redaction.reports.walking import misformed, text_fields
from redaction.spans import Category, TextSpan
from tests.redaction.reports import episode, report, step
from vault.canonical import Document

CANARY: Final = "Okonkwo 219-09-9999"
INSTALLED: Final = frozenset(
    {
        "report.detectors[].detector",
        "report.parts[].name",
        "report.parts[].version",
        "report.reader",
        "report.tool",
        "report.verifier",
    }
)
"""Fields that hold names and versions of this installation; nothing captured goes there."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a detector found."""

    span: TextSpan
    role: Role


@dataclass(frozen=True, slots=True)
class Marks:
    """Finds one word in texts, as a detector and as an examiner would."""

    word: str = "Okonkwo"
    role: Role = Role.DENY
    name: str = "marks"

    def find(self, text: str) -> tuple[TextSpan, ...]:
        start = text.find(self.word)
        return () if start < 0 else (TextSpan(start, start + len(self.word), Category.PERSON),)

    def examine(self, texts: tuple[str, ...]) -> tuple[tuple[Mark, ...], ...]:
        return tuple(tuple(Mark(span, self.role) for span in self.find(text)) for text in texts)


class Blob(Document, frozen=True):
    """A document with a field of a kind that no document has yet."""

    data: bytes


OKONKWO: Final = Marks()
NOTHING: Final = Marks(word="what stands nowhere")
EPISODE: Final = episode(instruction="Save", steps=(step(action=msgspec.structs.replace(step().action, keys=("s",))),))


def left(*documents: Document, marks: Marks = OKONKWO, hunt: Marks = NOTHING) -> list[tuple[str, int]]:
    """Where something is left over, and how often."""
    return [(one.field, one.number) for one in residuals(documents, examine=marks.examine, hunt=hunt)]


def titled(title: str, **changes: object) -> Document:
    """A session whose only window has this title."""
    return episode(steps=(step(window_title=title, **changes),))


def planted(document: Document) -> list[tuple[str, Document]]:
    """The document with the canary in each of its texts in turn; a place where only a word of a list fits is left."""
    made: dict[str, Document] = {}
    for number, (path, _) in enumerate(_texts(_plain(document), type(document).__name__.lower())):
        plain = _plain(document)
        texts = list(_texts(plain, type(document).__name__.lower()))
        _, (holder, key) = texts[number]
        holder[key] = CANARY
        try:
            made.setdefault(path, msgspec.convert(plain, type(document)))
        except msgspec.ValidationError:
            continue
    return list(made.items())


def _plain(document: Document) -> Any:  # noqa: ANN401
    return json.loads(msgspec.json.encode(document))


def _texts(plain: Any, path: str) -> Iterator[tuple[str, tuple[Any, Any]]]:  # noqa: ANN401
    """Each text of a document in plain form, with what holds it; found without the code that is tried here."""
    for key, value in list(plain.items() if isinstance(plain, dict) else enumerate(plain)):
        below = f"{path}.{key}" if isinstance(plain, dict) else f"{path}[]"
        if isinstance(value, str):
            yield below, (plain, key)
        elif isinstance(value, dict | list):
            yield from _texts(value, below)


@pytest.mark.parametrize(("path", "document"), planted(EPISODE))
def test_whatever_field_of_an_episode_holds_it_it_is_found(path: str, document: Document) -> None:
    assert left(document) == [(path, 1)]


@pytest.mark.parametrize(("path", "document"), planted(report(residuals=(Residual("person", "report.tool", 1),))))
def test_a_report_has_no_field_for_what_was_captured(path: str, document: Document) -> None:
    assert left(document) == ([] if path in INSTALLED else [(path, 1)])


def test_no_field_of_a_report_is_free_text() -> None:
    assert [field.path for field in text_fields(report()) if field.form is None] == []


def test_a_session_with_nothing_left_over_has_no_findings() -> None:
    assert left(EPISODE, report()) == []


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("<PERSON_1> - Settings", 0),
        ("<OKONKWO_1> - Settings", 0),
        ("Okonkwo - <PERSON_1>", 1),
        ("<PERSON_1> - Okonkwo - <SECRET> - Okonkwo", 2),
        ("app-1 - site-12", 0),
        ("", 0),
    ],
)
def test_what_stands_between_placeholders_is_examined(title: str, number: int) -> None:
    assert sum(found for _, found in left(titled(title))) == number


@pytest.mark.parametrize("word", ["PERSON", "_1", "TEXT", "app", "12", " - "])
def test_placeholders_and_marks_are_not_taken_for_what_they_hide(word: str) -> None:
    assert left(titled("<PERSON_1> - <TEXT>", site="site-12"), marks=Marks(word=word)) == []


def test_a_finding_that_only_labels_is_nothing_left_over() -> None:
    assert left(titled("Okonkwo"), marks=Marks(role=Role.LABEL)) == []


def test_what_the_session_itself_gave_away_is_hunted() -> None:
    assert left(titled("Okonkwo"), marks=NOTHING, hunt=OKONKWO) == [("episode.steps[].window_title", 1)]


def test_the_hunt_gets_texts_as_detectors_get_them() -> None:
    assert left(titled("Oko\u200bnk\uff57o"), marks=NOTHING, hunt=OKONKWO) == [("episode.steps[].window_title", 1)]


def test_a_name_that_the_policy_allows_may_stand_alone() -> None:
    session = titled("Okonkwo", app="Okonkwo")
    found = residuals((session,), examine=OKONKWO.examine, hunt=NOTHING, allowed=frozenset({"Okonkwo CRM"}))
    assert {one.field for one in found} == {"episode.steps[].app", "episode.steps[].window_title"}
    assert residuals((session,), examine=OKONKWO.examine, hunt=OKONKWO, allowed=frozenset({"Okonkwo"})) == ()


def test_findings_are_counted_by_field_and_gravest_category() -> None:
    session = episode(instruction="Okonkwo", steps=(step(window_title="Okonkwo"), step(window_title="Okonkwo")))
    assert left(session) == [("episode.instruction", 1), ("episode.steps[].window_title", 2)]


def test_a_finding_says_where_and_never_what() -> None:
    found = residuals((titled("Okonkwo"),), examine=OKONKWO.examine, hunt=OKONKWO)
    assert "Okonkwo" not in repr(found)
    assert misformed([field for one in found for field in text_fields(one)]) == ()


def test_a_detector_that_fails_leaves_no_findings_behind() -> None:
    with pytest.raises(DetectorError):
        residuals((EPISODE,), examine=_failing, hunt=NOTHING)


def _failing(_texts: tuple[str, ...]) -> tuple[tuple[Mark, ...], ...]:
    raise DetectorError("the detector marks failed; nothing was redacted")


def test_a_kind_of_value_that_nobody_can_walk_is_an_error() -> None:
    with pytest.raises(TypeError, match=r"blob\.data holds a bytes"):
        left(Blob(b"Okonkwo"))


@pytest.mark.parametrize("category", list(Category))
def test_whatever_placeholder_a_value_gets_is_known_as_one(category: Category) -> None:
    found = dict(left(titled(Entities().tag("Okonkwo", category)), marks=Marks(word="")))
    assert "episode.steps[].window_title" not in found
