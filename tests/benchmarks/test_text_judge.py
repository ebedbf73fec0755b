"""What is left of a planted value is found however it is written, and what is masked is not."""

from __future__ import annotations

import pytest

from benchmarks.text.judge import BLOT, Left, Planted, kept_of, left_of, masked, output, row_of, share_of

NAME = Planted("Margaret Thornhill", "person")
TOKEN = Planted("Zq7mK2xWv9Lp4RtB8nYc", "secret")


def left(planted: Planted, *texts: str, benign: tuple[str, ...] = ()) -> Left:
    return left_of(planted, output(*texts), benign=benign)


@pytest.mark.parametrize(
    "text",
    [
        "Mail from Margaret Thornhill",
        "mail from MARGARET  THORNHILL",
        "margaret.thornhill@example.org",
        '{"title":"Margaret Thornhill"}',
        "\uff2dargaret Thornhi\uff4cl",
        "Margaret\nThornhill",
    ],
)
def test_a_value_is_left_whole_however_it_is_spaced_and_spelt(text: str) -> None:
    assert left(NAME, text).whole


def test_a_value_that_was_left_whole_is_left_in_part_too() -> None:
    assert left(NAME, "Margaret Thornhill").part


@pytest.mark.parametrize("text", ["Ms Thornhill", "thornhill-notes", "Margaret's week"])
def test_a_name_is_left_in_part_when_one_word_of_it_stands(text: str) -> None:
    assert (left(NAME, text).whole, left(NAME, text).part) == (False, True)


def test_a_token_is_left_in_part_when_eight_characters_in_a_row_stand() -> None:
    assert left(TOKEN, "key Zq7m K2xW rest").part
    assert not left(TOKEN, "key Zq7m K2x rest").part


def test_a_token_is_not_put_together_across_a_mask() -> None:
    assert not left(TOKEN, f"Zq7mK2{BLOT}xWv9Lp").part
    assert not left(TOKEN, "Zq7mK2<SECRET>xWv9Lp").part


def test_nothing_is_left_in_an_empty_output() -> None:
    assert not left(NAME, "").part


def test_a_value_in_any_of_several_texts_is_left() -> None:
    assert left(NAME, "Save", "Margaret Thornhill").whole


def test_a_word_that_also_stands_beside_the_value_is_no_part_of_it() -> None:
    planted = Planted("Board strategy", "classified")
    assert left(planted, "Slide Show - Board").part
    assert not left(planted, "Slide Show - Board", benign=("Board - Slide Show",)).part


def test_the_name_of_a_placeholder_is_no_part_of_a_value() -> None:
    assert not left(Planted("medical leave", "hr"), "<MEDICAL> <PERSON_12>").part


def test_short_words_are_no_part_of_a_value() -> None:
    assert not left(Planted("Ana Roe is ill", "medical"), "it is ill to roe").part


def test_overlapping_stretches_are_masked_once() -> None:
    assert masked("call Bob Smith now", [(9, 14), (5, 12), (6, 8)]) == f"call {BLOT} now"


def test_a_text_without_stretches_stays() -> None:
    assert masked("call Bob", []) == "call Bob"


def test_all_of_a_text_can_be_masked() -> None:
    assert row_of(masked("call Bob", [(0, 8)])) == ""


def test_benign_words_are_counted_as_often_as_they_stood() -> None:
    assert kept_of("Save or Save As", f"Save {BLOT}") == (1, 2)


def test_words_of_placeholders_are_not_taken_for_benign_ones() -> None:
    assert kept_of("person - Contact", "<PERSON> - Contact") == (1, 2)


def test_numbers_are_no_benign_words() -> None:
    assert kept_of("Page 1234", "Page") == (1, 1)


def test_a_share_of_nothing_left_has_an_upper_end() -> None:
    share = share_of(0, 100)
    assert (share.value, round(share.low, 9)) == (0.0, 0.0)
    assert 0.03 < share.high < 0.04
