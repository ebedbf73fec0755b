"""The page of events is that of the code: kinds, fields, types, values, and examples that decode."""

from __future__ import annotations

import inspect
import json
import re
import struct
from enum import Enum
from typing import Any, Final, get_args, get_type_hints

import msgspec
import pytest

from capture import bind, events, sleep
from capture.account import DERIVED
from capture.events import MODIFIER_KEYS, NAMED_KEYS, EventError, GapReason, Part, RawEvent, decode_event
from capture.frames import TILE
from capture.hold import PATIENCE_NS
from capture.path import CELL_NS, TOLERANCE
from capture.sources.atspi_bus import NAME_LIMIT
from tests.docs.test_docs import blocks, page, rows, section

PAGE: Final = page("docs/events.md")
TEXT: Final = " ".join(PAGE.split())
KINDS: Final[tuple[Any, ...]] = get_args(RawEvent)
PARTS: Final[tuple[Any, ...]] = tuple(
    part for _, part in inspect.getmembers(events, inspect.isclass) if issubclass(part, Part) and part is not Part
)
ENUMS: Final = tuple(
    one for _, one in inspect.getmembers(events, inspect.isclass) if issubclass(one, Enum) and one is not Enum
)
WORDS: Final = {int: "integer", str: "text", bool: "boolean", float: "number", bytes: "text"}
EXAMPLES: Final = blocks(PAGE, "json")


def name_of(kind: type) -> str:
    return kind.__name__


def word_of(kind: Any) -> str:  # noqa: ANN401  # a type may be of any form
    """How the page calls a type."""
    if kind in WORDS:
        return WORDS[kind]
    if get_args(kind):
        return f"list of {word_of(get_args(kind)[0])}"
    return f"`{kind.__name__}`"


def decoded(example: str) -> RawEvent:
    """An example as a record, read as the queue's reader does."""
    head = example.strip().encode()
    return decode_event(struct.pack(">I", len(head)) + head)


def test_every_kind_of_event_has_its_section_and_in_the_order_of_the_code() -> None:
    kinds = PAGE.split("\n## Kinds\n")[1].split("\n## ")[0]
    assert re.findall(r"^### (\w+)$", kinds, flags=re.MULTILINE) == [kind.__name__ for kind in KINDS]


def test_every_part_of_an_event_has_its_section() -> None:
    parts = PAGE.split("\n## Parts of events\n")[1]
    assert sorted(re.findall(r"^### (\w+)$", parts, flags=re.MULTILINE)) == [part.__name__ for part in PARTS]


@pytest.mark.parametrize("kind", [*KINDS, *PARTS], ids=name_of)
def test_every_field_is_told_with_its_type(kind: Any) -> None:  # noqa: ANN401
    hints = get_type_hints(kind)
    fields = [(f"`{field.name}`", word_of(hints[field.name])) for field in msgspec.structs.fields(kind)]
    told = [row for row in rows(section(PAGE, kind.__name__)) if len(row) == 3]
    assert [row[:2] for row in told] == fields
    assert all(meaning for _, _, meaning in told)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda text: json.loads(text)["kind"])
def test_every_example_decodes(example: str) -> None:
    assert type(decoded(example)).__name__ == json.loads(example)["kind"]


def test_every_kind_has_an_example() -> None:
    assert [type(decoded(example)) for example in EXAMPLES] == list(KINDS)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda text: json.loads(text)["kind"])
def test_a_field_that_is_missing_or_unknown_is_an_error(example: str) -> None:
    fields = json.loads(example)
    for name in fields:
        with pytest.raises(EventError):
            decoded(json.dumps({key: value for key, value in fields.items() if key != name}))
    with pytest.raises(EventError):
        decoded(json.dumps(fields | {"unknown": 1}))


@pytest.mark.parametrize("one", ENUMS, ids=name_of)
def test_every_value_of_an_enumeration_is_told(one: type[Enum]) -> None:
    assert [value for value in one if f"`{value.value}`" not in PAGE] == []


def test_the_reasons_of_gaps_are_those_of_the_code() -> None:
    told = [row[0].strip("`") for row in rows(section(PAGE, "Gap")) if len(row) == 2]
    assert told == [reason.value for reason in GapReason]


def test_the_names_of_keys_are_those_of_the_code() -> None:
    told = set(re.findall(r"`(\w+)`", section(PAGE, "Key").split("Names of keys that change")[1]))
    plain = {name for name in NAMED_KEYS if not re.fullmatch(r"f\d+", name)}
    assert told == plain | MODIFIER_KEYS | {"f1", "f24"}
    assert {f"f{number}" for number in range(1, 25)} == NAMED_KEYS - plain


def test_what_is_not_counted_is_what_the_code_does_not_count() -> None:
    told = section(PAGE, "SessionEnded").split("describes other events (")[1].split(")")[0]
    assert set(re.findall(r"`(\w+)`", told)) == {kind.__name__ for kind in DERIVED}


def test_the_numbers_on_the_page_are_those_of_the_code() -> None:
    assert f"at most {TOLERANCE} pixels away" in TEXT
    assert f"At most {CELL_NS / 1e9} seconds lie between" in TEXT
    assert f"held back for up to {PATIENCE_NS / 1e9} seconds" in TEXT
    assert f"slept for more than {sleep.SLEPT_NS / 1e9} seconds" in TEXT
    assert f"at most {NAME_LIMIT} characters" in TEXT
    assert f"A tile is {TILE} pixels wide and high" in TEXT
    assert f"followed within {bind.RECENT_NS / 1e9} seconds" in TEXT
    assert f"stood still for {bind.SETTLED_NS / 1e9} seconds" in TEXT
    assert f"still changes after {bind.LIMIT_NS / 1e9} seconds" in TEXT
    assert bind.RUN_NS == 10**9
    assert "turns of the wheel within a second" in TEXT
