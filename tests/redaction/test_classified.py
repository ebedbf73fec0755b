"""Classification labels are found however they are written or misread, and ordinary words are not taken for them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.documents import Label
from redaction.classified import DSS_LEVELS, Classified, Marking, level_of, markings
from redaction.spans import Category, TextSpan

OWN = (
    Label(level=1, words="Class 1"),
    Label(level=2, words="Class 2"),
    Label(level=2, words="Company Confidential"),
    Label(level=3, words="Restricted"),
    Label(level=2, words="Schutzklasse 2"),
    Label(level=3, words="Schutzklasse 3"),
    Label(level=4, words="Geheim"),
    Label(level=4, words="機密"),
)
HIGHEST = DSS_LEVELS
LOOKALIKES = {"D": "D0Od", "S": "S5$s"}
"""How a reader may give each letter of a label."""
HARD, SOFT = "-_:=/\u2013\u2014", ". "
"""Marks that stand in labels only, and such as stand everywhere."""


def level(text: str, labels: tuple[Label, ...] = ()) -> int | None:
    return level_of((text,), labels)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("DSS-3", 3),
        ("DSS 3 - Restricted", 3),
        ("Classification: DSS3", 3),
        ("Data class DSS level 2", 2),
        ("DSS (1)", 1),
        ("dss_2.pdf", 2),
        ("DSS\u20134", 4),
        ("D S S - 4", 4),
        ("D.S.S. 1", 1),
        ("DSS III", 3),
        ("DSS-IV", 4),
        ("DSSIII", 3),
        ("DSS ②", 2),
        ("DSS\u200b-\u20601", 1),
        ("\uff24\uff33\uff33\uff0d\uff13", 3),
        ("Ð\u0405\u0405-2", 2),
    ],
)
def test_a_label_is_found_in_all_its_forms(text: str, expected: int) -> None:
    assert level(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("D5S-3", 3),
        ("0SS-2", 2),
        ("O5S:4", 4),
        ("D$S_2", 2),
        ("055-3", 3),
        ("clss-2", 2),
        ("I)SS-4", 4),
        ("D55 3", 3),
        ("D8S-3", 3),
        ("DSS-l", 1),
        ("DSS-|||", 3),
        ("DSS-Z", 2),
        ("DSS-lV", 4),
        ("|DSS-3|", 3),
        ("IDSS-3", 3),
        ("ClassificationDSS-3", 3),
        ("DSS-3Restricted", 3),
    ],
)
def test_a_label_is_found_though_it_was_misread(text: str, expected: int) -> None:
    assert level(text) == expected


@given(number=st.sampled_from("1234"), data=st.data())
def test_no_mix_of_lookalikes_hides_a_label(number: str, data: st.DataObject) -> None:
    """With two letters of three misread it takes a mark that stands in labels: what is left may be any number."""
    misread = data.draw(st.sets(st.integers(0, 2), max_size=2))
    letters = [data.draw(st.sampled_from(LOOKALIKES[one])) if at in misread else one for at, one in enumerate("DSS")]
    mark = data.draw(st.sampled_from(HARD if len(misread) == 2 else HARD + SOFT))
    assert level(f"Plan {''.join(letters)}{mark}{number} draft") == int(number)


@given(
    before=st.sampled_from(["", " ", "\n", "(", "/", "- ", "Class: "]), after=st.sampled_from(["", " ", ")", "\n", "."])
)
def test_what_stands_around_a_label_does_not_hide_it(before: str, after: str) -> None:
    assert level(f"{before}DSS-2{after}") == 2


@pytest.mark.parametrize(
    "text",
    ["DSS-?", "DSS-", "DSS", "DSS ?", "DSS-8", "DSS-12", "DSS-X", "DSS - Restricted", "DSS | Restricted", "DSS 7",
     "DSS!", "DSS |", "OSS-", "DSS I think so", "D5S-B", "DSS9"],
)  # fmt: skip
def test_a_label_whose_level_is_not_read_counts_as_the_highest(text: str) -> None:
    assert level(text) == HIGHEST


def test_the_highest_is_that_of_an_own_label_if_there_is_one_above() -> None:
    assert level("DSS-?", (Label(level=6, words="Cosmic"),)) == 6


@pytest.mark.parametrize(
    "text",
    ["DSSSL", "class-3", "ADSS-1", "dress", "address 3", "OSS", "we use OSS.", "OSS - a guide", "CSS3", "RSS 3",
     "555-3", "055 1234", "phone 055-3712", "1055-3", "0 55 3", "kids 5 5 3", "took 05s 3 files", "D55.1", "MDSS",
     "S5-3", "DS-3", "PCI DSS compliance", "PCI DSS v4.0", "PCI-DSS 3.2.1", "a92d55-3f", "Monday, 5 S 3 E", ""],
)  # fmt: skip
def test_ordinary_writing_is_no_label(text: str) -> None:
    assert level(text) is None


@given(st.text(alphabet=st.sampled_from("abcefghijklmnpqrtuvwxyz 123467.,:-"), max_size=60))
def test_text_without_the_letters_of_a_label_has_no_level(text: str) -> None:
    assert level(text) is None


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("DSS", "3"), 3),
        (("Classification: DSS-", "2"), 2),
        (("D", "S", "S", "1"), 1),
        (("DSS", "3 of 40 results"), HIGHEST),
    ],
)
def test_a_label_may_be_broken_over_lines(lines: tuple[str, ...], expected: int) -> None:
    """Where the next line goes on, its number may be anything, so the level was not read."""
    assert level_of(lines, ()) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("DSS 1-3", 3), ("DSS-1 and 2", 2), ("DSS-2/4", 4), ("DSS-1 DSS-3 DSS-2", 3)]
)
def test_of_several_levels_the_highest_counts(text: str, expected: int) -> None:
    assert level(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Company Confidential", 2),
        ("C0mpany  Confldentia1", 2),
        ("cornpany conf1dentiel", 2),
        ("COMPANY-CONFIDENTIAL", 2),
        ("CompanyConfidential", 2),
        ("Restrcted", 3),
        ("Restr1cted!", 3),
        ("|Restricted|", 3),
        ("Geheim", 4),
        ("Class 1", 1),
        ("この機密文書", 4),
    ],
)
def test_an_own_label_is_found_though_one_letter_in_eight_is_wrong(text: str, expected: int) -> None:
    assert level(text, OWN) == expected


def test_an_own_label_may_be_broken_over_lines() -> None:
    assert level_of(("Rest-", "ricted"), OWN) == 3


@pytest.mark.parametrize(
    "text",
    ["Unrestricted", "restrictedly", "Gehein", "geheimnis", "Confidential Company", "first class seat", "Classes 1"],
)
def test_other_words_are_no_own_label(text: str) -> None:
    assert level(text, OWN) is None


@pytest.mark.parametrize(("text", "expected"), [("Schutzklasse 2", 2), ("Schutzklasse 3", 3), ("Schutzk1asse2", 2)])
def test_of_labels_that_are_nearly_alike_the_nearest_counts(text: str, expected: int) -> None:
    assert level(text, OWN) == expected


@pytest.mark.parametrize(("text", "expected"), [("Schutzklasse 8", 3), ("Class ?", 4), ("Class-", 4), ("Class 7", 4)])
def test_an_own_label_whose_number_is_not_read_counts_as_the_highest_that_it_may_be(text: str, expected: int) -> None:
    assert level(text, OWN) == expected


@given(st.sampled_from(OWN), st.data())
def test_one_wrong_letter_does_not_hide_a_long_own_label(label: Label, data: st.DataObject) -> None:
    words = label.words if sum(map(str.isalpha, label.words)) > 9 else "Company Confidential"
    at = data.draw(st.sampled_from([place for place, char in enumerate(words) if char.isalpha()]))
    assert level(f"x {words[:at]}{data.draw(st.sampled_from('eao#'))}{words[at + 1 :]} x", OWN) is not None


@given(st.lists(st.text(max_size=12), max_size=5), st.lists(st.text(max_size=12), max_size=5))
def test_more_text_never_lowers_a_level(before: list[str], after: list[str]) -> None:
    found = level_of((*before, "see DSS-3 here", *after), OWN)
    assert found is not None
    assert found >= 3


@given(st.text(max_size=80))
def test_places_lie_in_the_text(text: str) -> None:
    assert all(0 <= one.start < one.end <= len(text) for one in markings(f"{text}", OWN))


def test_places_count_the_characters_of_the_text_itself() -> None:
    assert markings("\u200bé DSS\u200b-3!", ()) == (Marking(3, 9, 3),)


def test_what_is_found_is_masked_as_classified() -> None:
    assert Classified(OWN).find("Plan: Geheim") == (TextSpan(6, 12, Category.CLASSIFIED),)


def test_a_label_without_letters_is_nowhere() -> None:
    assert level("- -- text", (Label(level=2, words="--"),)) is None


def test_a_screen_of_text_is_looked_at_once() -> None:
    """A long text of near misses: each start is tried, none of them twice."""
    assert level_of(["0SS OSS D55 company confident class"] * 300, OWN) is None
