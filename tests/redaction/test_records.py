"""What goes with a finding: the value of a label, the row of a person, most of a column; headings and counts stay."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from redaction.balanced.records import Cell, taken
from redaction.spans import Box, Category

PERSON, MEDICAL, UNKNOWN = (frozenset({one}) for one in (Category.PERSON, Category.MEDICAL, Category.UNKNOWN))


def cell(text: str, x: int, y: int, **more: Any) -> Cell:  # noqa: ANN401 (any field of a cell)
    return Cell(Box(x, y, 8 * len(text), 14), text, **more)


def table(*rows: str) -> list[Cell]:
    """Cells of a table, parted by bars; the first row holds headings that are known phrases."""
    return [
        cell(text.strip(), 40 + 200 * column, 40 + 30 * row, is_known=row == 0, is_plain=True)
        for row, line in enumerate(rows)
        for column, text in enumerate(line.split("|"))
    ]


def gone(cells: list[Cell]) -> set[str]:
    return {one.text for one, category in zip(cells, taken(tuple(cells)), strict=True) if category is not None}


def found(cells: list[Cell], text: str, categories: frozenset[Category] = PERSON) -> list[Cell]:
    return [replace(one, found=categories) if one.text == text else one for one in cells]


ROWS = ("Name | Team | State", "Ann | red | open", "Bob | blue | shut", "Cid | green | half")


def test_nothing_goes_where_nothing_is_found() -> None:
    assert gone(table(*ROWS)) == set()


def test_a_short_cell_goes_with_what_was_found_in_it() -> None:
    assert gone([cell("Will Power", 40, 40, found=PERSON)]) == {"Will Power"}


def test_a_cell_of_several_values_does_not_go_as_a_whole() -> None:
    assert gone([cell("1 drakos staff", 40, 40, found=PERSON, is_single=False)]) == set()


def test_the_row_of_a_person_goes_and_other_rows_stay() -> None:
    assert gone(found(table(*ROWS), "Bob")) == {"Bob", "blue", "shut"}


def test_a_secret_takes_nothing_of_its_row() -> None:
    assert gone(found(table(*ROWS), "Bob", frozenset({Category.SECRET}))) == {"Bob"}


def test_a_column_goes_when_most_of_it_does() -> None:
    secret = frozenset({Category.SECRET})
    one = found(table(*ROWS), "red", secret)
    assert gone(one) == {"red"}
    assert gone(found(one, "green", secret)) == {"red", "blue", "green"}


def test_the_column_below_the_heading_of_a_sensitive_label_goes() -> None:
    cells = [replace(one, labels=MEDICAL) if one.text == "Team" else one for one in table(*ROWS)]
    assert {"red", "blue", "green"} <= gone(cells)
    assert "Team" not in gone(cells)


def test_numbers_of_rows_stay() -> None:
    rows = ("No | Name | State", "1 | Ann | open", "2 | Bob | shut", "3 | Cid | half", "4 | Dan | half")
    assert not {"1", "2", "3", "4"} & gone(found(table(*rows), "Bob"))


@pytest.mark.parametrize("end", ["", ":"])
def test_the_value_right_of_a_label_goes(end: str) -> None:
    cells = [cell(f"Diagnosis{end}", 40, 40, labels=MEDICAL), cell("Xylo", 160, 40)]
    assert gone(cells) == {"Xylo"}


def test_a_known_phrase_right_of_a_colon_goes() -> None:
    cells = [cell("Diagnosis:", 40, 40, labels=MEDICAL), cell("Normal", 160, 40, is_known=True, is_plain=True)]
    assert gone(cells) == {"Normal"}


def test_a_menu_beside_a_label_stays() -> None:
    cells = [cell("Account", 40, 40, labels=PERSON), cell("Help", 160, 40, is_known=True, is_plain=True)]
    assert gone(cells) == set()


def test_what_stands_in_the_field_below_a_label_goes() -> None:
    cells = [cell("Full name", 40, 40, labels=PERSON), cell("Xylo", 40, 60, in_field=True)]
    assert gone(cells) == {"Xylo"}


def test_what_an_empty_field_asks_for_stays() -> None:
    asks = cell("Search people", 40, 60, in_field=True, is_plain=True)
    assert gone([cell("Full name", 40, 40, labels=PERSON), asks]) == set()


def test_lines_close_to_a_name_go_and_those_further_away_stay() -> None:
    cells = [
        cell("Xylo Thornhill", 40, 40, found=UNKNOWN),
        cell("Salary talk", 40, 58),
        cell("Quick start", 40, 120),
    ]
    assert gone(cells) == {"Xylo Thornhill", "Salary talk"}


def test_what_fills_the_small_card_of_a_person_goes_but_for_phrases() -> None:
    cells = [
        cell("Xylo Thornhill", 40, 40, found=UNKNOWN, card=1),
        cell("Wants to sell", 40, 90, card=1),
        cell("Delete", 300, 90, is_known=True, card=1),
        cell("Elsewhere", 40, 160),
    ]
    assert gone(cells) == {"Xylo Thornhill", "Wants to sell"}


def test_a_screen_without_writing_has_nothing_to_go() -> None:
    assert taken(()) == ()
