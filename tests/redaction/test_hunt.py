"""What was found in one text is found in another, however it is written there, and other words are left alone."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redaction.detectors.base import Detector, Role
from redaction.hunting.folding import fold_text
from redaction.hunting.hunt import Entity, Hunt
from redaction.spans import Category, TextSpan

PERSON, TAX, MONEY, SECRET = Category.PERSON, Category.TAX, Category.FINANCIAL, Category.SECRET


def found(value: str, category: Category, text: str) -> list[str]:
    """The stretches of a text, folded, in which this entity is found."""
    folded = fold_text(text).text
    return [folded[span.start : span.end] for span in Hunt((Entity(value, category),)).find(folded)]


NAME = "Margaret Thornhill"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Inbox - Margaret Thornhill - Mail", "Margaret Thornhill"),
        ("MARGARET THORNHILL", "MARGARET THORNHILL"),
        ("Thornhill, Margaret (you)", "Thornhill, Margaret"),
        ("rnargaret Th0rnhi11", "rnargaret Th0rnhi11"),
        ("Margarat Thornhil", "Margarat Thornhil"),
        ("MargaretThornhill", "MargaretThornhill"),
        ("Marg aret Thorn hill", "Marg aret Thorn hill"),
        ("Margaret\nThornhill", "Margaret\nThornhill"),
        ("Margaret | Thornhill | 1971", "Margaret | Thornhill"),
        ("M\u0430rg\u0430ret Thornhill", "Margaret Thornhill"),
        ("Marga\u200bret Thornhill", "Margaret Thornhill"),
        ("\uff2d\uff41\uff52\uff47aret Thornhill", "Margaret Thornhill"),
        ("margaret_thornhill.docx", "margaret_thornhill"),
        ("/home/margaret/notes", "margaret"),
        ("ask Margaret's team", "Margaret"),
        ("mthornhill@example.org", "mthornhill"),
        ("C:\\Users\\ThornhillM", "ThornhillM"),
        ("M. Thornhill", "M. Thornhill"),
        ("Hi margaret,", "margaret"),
    ],
)
def test_a_person_is_found_in_every_writing(text: str, expected: str) -> None:
    assert found(NAME, PERSON, text) == [expected]


@pytest.mark.parametrize("text", ["Marginal", "Thorn", "hill", "Margarine Thorn", "Market", "M. T.", ""])
def test_another_word_is_not_a_person(text: str) -> None:
    assert found(NAME, PERSON, text) == []


@pytest.mark.parametrize(
    "text", ["ann@x.org", "Ann's", "ann_smith", "AnnSmith", "ann42", "|Ann|", "(Ann)", "Ann, hi", "ANN"]
)
def test_a_short_part_of_a_name_is_found_as_a_word(text: str) -> None:
    assert found("Ann Lee", PERSON, text) != []


@pytest.mark.parametrize("text", ["Annual", "Annie", "Banner", "Hann", "an n", "sleeve", "A-N-X"])
def test_a_short_part_of_a_name_is_not_found_inside_words(text: str) -> None:
    assert found("Ann Lee", PERSON, text) == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Ali Bell", "All"),
        ("Ian Fry", "LAN"),
        ("Theresa Fry", "There's a bug"),
        ("Isa Fry", "This is a test"),
        ("Bil Fry", "8111"),
    ],
)
def test_common_words_and_numbers_are_no_readings_of_a_name(value: str, text: str) -> None:
    assert found(value, PERSON, text) == []


@pytest.mark.parametrize("text", ["Will Smith", "Dear Will Smythe", "Will", "will@x.org", "Ask @will", "Price, Will"])
def test_a_name_that_is_a_common_word_is_found_where_it_stands_as_a_name(text: str) -> None:
    assert any(part.lower().startswith("will") for part in found("Will Smith", PERSON, text))


@pytest.mark.parametrize("text", ["you will see", "Will it work", "at will", "will", "Not Saved, will retry"])
def test_a_name_that_is_a_common_word_is_not_found_elsewhere(text: str) -> None:
    assert found("Will Smith", PERSON, text) == []


@pytest.mark.parametrize(
    ("value", "text", "expected"),
    [
        ("José García", "JOSE GARCIA", ["JOSE GARCIA"]),
        ("Jürgen Müller", "Herr Muller", ["Muller"]),
        ("שלום כהן", "כהן", ["כהן"]),
        ("שלום כהן", "ןהכ םולש", ["ןהכ םולש"]),
        ("Анна Петрова", "ПЕТРОВА", ["ПЕТРОВА"]),
        ("山田太郎", "山田太郎さん", ["山田太郎"]),
        ("李明", "我是李明。", ["李明"]),
        ("Ludwig van Beethoven", "a van, Beethoven", ["Beethoven"]),
        ("Dr. Anna Kovacs, PhD", "Dr. PhD", []),
    ],
)
def test_names_of_all_alphabets_are_found(value: str, text: str, expected: list[str]) -> None:
    assert found(value, PERSON, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("to margaret.thornhill@example.org", ["margaret.thornhill@example.org"]),
        ("margaret.thornhill@examp1e.0rg", ["margaret.thornhill@examp1e.0rg"]),
        ("Margaret Thornhill", ["Margaret Thornhill"]),
        ("thornhill", ["thornhill"]),
        ("example.org", []),
    ],
)
def test_whom_a_mail_address_names_is_found(text: str, expected: list[str]) -> None:
    assert found("margaret.thornhill@example.org", PERSON, text) == expected


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("14 Elm Street, Springfield, IL 62704", "14 Elm Street"),
        ("14 Elm Street, Springfield, IL 62704", "to Springfield"),
        ("14 Elm Street\nSpringfield 62704", "Springfield 62704"),
        ("Anne-Marie Smith-Jones", "Mrs Jones"),
        ("Smith, John, Ph.D.", "John Smith"),
        ("margaret+news@example.org", "Margaret"),
        ("j_thornhill99", "Thornhill"),
        ("Mr. Thornhill", "Thornhill"),
        ("Margaret T.", "Margaret"),
    ],
)
def test_a_value_of_several_parts_is_found_by_one(value: str, text: str) -> None:
    assert found(value, PERSON, text) != []


@pytest.mark.parametrize(
    "value", ["4 March 1971", "March 4th, 1971", "04/03/1971", "1971-03-04", "4.3.1971", "04-Mar-1971", "3/4/71"]
)
@pytest.mark.parametrize(
    "text", ["4 March 1971", "Mar 4, 1971", "04.03.1971", "03/04/1971", "1971-03-04", "O4 rnar 197l", "04/03/71"]
)
def test_a_date_is_found_in_every_writing(value: str, text: str) -> None:
    assert found(value, PERSON, f"born {text} in") == [fold_text(text).text]


@pytest.mark.parametrize("text", ["5 April 1971", "03/14/1971", "1971", "March", "4 March"])
def test_another_date_is_not_found(text: str) -> None:
    assert found("4 March 1971", PERSON, f"on {text} at") == []


def test_a_mailbox_that_names_nobody_is_found_whole_only() -> None:
    assert found("info@example.org", PERSON, "Info") == []
    assert found("info@example.org", PERSON, "info@example.org") == ["info@example.org"]


CASES = {
    Category.TAX: (
        "123-45-6789",
        ("123456789", "123 45 6789", "l23-4S-67B9",
         "SSN123-45-6789", "123-45\n-6789", "123 | 45 | 6789", "\uff11\uff12\uff13-45-6789",
         "***-**-6789", "XXX-XX-6789", "ending in 6789", "123-45-6780"),
        ("6789", "1234 0000", "Form 1040", "l2E-AS-G7B9x", "45"),
    ),
    Category.FINANCIAL: (
        "4532 1234 5678 9012",
        ("4532123456789012", "4532-1234-5678-9012", "4S32 l234 5678 9OI2",
         "4532\n1234\n5678\n9012", "4532|1234|5678|9012",
         "٤٥٣٢ 1234 5678 9012", "Visa •••• 9012", "x9012", "9012 (last 4)", "4532 1234", "45321234 5678 9012"),
        ("9012", "in 9012 days", "4532", "1234", "box 9012"),
    ),
    Category.MEDICAL: (
        "lupus erythematosus",
        ("Lupus Erythematosus", "lupus erythema tosus", "1upus erythematosus", "lupus\nerythematosus",
         "lupus | erythematosus",
         "lupus erithematosus", "lup\u00adus erythematosus"),
        ("lupus", "erythema", "Status", "lupus in remission"),
    ),
    Category.SECRET: (
        "ghp_abcdEFGH1234567890xyz",
        ("GHP_ABCDEFGH1234567890XYZ", "ghp_abcdEFGHl23456789Oxyz", "ghp_abcd EFGH1234567890xyz",
         "ghp_abcdEFGH12\n34567890xyz",
         "token=ghp_abcdEFGH1234567890xyz;", "ghp_abcdEFGH1234...", "ghp abcdEFGH1234567890xyz"),
        ("ghp_other", "abcd", "1234567890", "ghp"),
    ),
    Category.HR: (
        "exceeds expectations in leadership",
        ("Exceeds Expectations in Leadership", "exceeds expectations\nin leadership",
         "exceeds expectati0ns in leadership"),
        ("expectations", "leadership", "exceeds"),
    ),
    Category.CHAT: (
        "I think that we should cancel the merger with Globex tomorrow",
        ("should cancel the merger", "we should\ncancel the merger", "cancel the rnerger with G1obex",
         "I think that we should cancel",
         "I THINK THAT WE SHOULD CANCEL"),
        ("cancel", "the merger", "think about it tomorrow"),
    ),
    Category.AI_PROMPT: (
        "rewrite this resignation letter politely for Globex",
        ("Rewrite this resignation letter politely for Globex", "resignation letter politely for",
         "resignati0n letter politely for"),
        ("letter", "rewrite", "Globex"),
    ),
    Category.CLASSIFIED: (
        "Project Bluebird launch plan",
        ("project bluebird launch plan", "Project B1uebird launch plan", "Project\nBluebird launch plan"),
        ("Project", "launch plan", "Bluebird"),
    ),
    Category.UNKNOWN: (
        "qwertzuiop asdf",
        ("Qwertzuiop Asdf", "qwertzu1op asdf", "qwertzuiop\nasdf", "qwertzuiopasdf"),
        ("qwertz", "asdf"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("category", "text"), [(category, text) for category, (_, texts, _) in CASES.items() for text in texts]
)
def test_a_value_of_each_category_is_found(category: Category, text: str) -> None:
    assert found(CASES[category][0], category, f"see {text} there") != []


@pytest.mark.parametrize(
    ("category", "text"), [(category, text) for category, (_, _, texts) in CASES.items() for text in texts]
)
def test_what_only_resembles_a_value_is_not_found(category: Category, text: str) -> None:
    assert found(CASES[category][0], category, f"see {text} there") == []


def test_every_category_has_cases() -> None:
    assert {*CASES, PERSON} == set(Category)


@pytest.mark.parametrize(
    ("value", "text", "expected"),
    [
        ("1971", "in 1971", ["1971"]),
        ("1971", "I97l", []),
        ("123", "CVV 123", ["123"]),
        ("123", "1234", []),
        ("42", "42", ["42"]),
        ("42", "line 42", []),
        ("4321", "PIN 43 21", ["43 21"]),
        ("4321", "43 -- 21", []),
        ("$1,280.00", "Total $1,280.00", ["$1,280.00"]),
        ("$1,280.00", "paid 1280", ["1280"]),
        ("+1 (555) 014-7733", "call 555-014-7733", ["555-014-7733"]),
        ("+44 20 7946 0958", "020 7946 0958", ["020 7946 0958"]),
        ("1234567 " * 9 + "7654321", "no. 7654321", ["7654321"]),
    ],
)
def test_numbers_are_found_by_their_digits(value: str, text: str, expected: list[str]) -> None:
    assert found(value, MONEY, text) == expected


@pytest.mark.parametrize(
    ("value", "category", "text", "is_found"),
    [
        ("Wu", PERSON, "ask Wu", True),
        ("Wu", PERSON, "ask WU", False),
        ("Wu", PERSON, "Wuhan", False),
        ("ok", Category.CHAT, "ok", True),
        ("ok", Category.CHAT, "it is ok", False),
        ("#!?", SECRET, "key #!? end", True),
        ("#!?", SECRET, "key #! end", False),
        ("pain", Category.MEDICAL, "Pain", True),
        ("report", Category.MEDICAL, "Send report", False),
        ("hunter2!", SECRET, "was Hunter2!", True),
        ("summer", SECRET, "it is Summer", True),
        (" ", SECRET, "a b", False),
    ],
)
def test_short_and_common_values_are_found_exactly_only(
    value: str, category: Category, text: str, *, is_found: bool
) -> None:
    assert (found(value, category, text) != []) is is_found


def test_the_marks_around_a_value_are_part_of_the_find() -> None:
    assert found("hunter2!", SECRET, "password: HUNTER2! (old)") == ["HUNTER2!"]


def test_a_find_says_its_category_and_its_code_points() -> None:
    hunt = Hunt((Entity("lupus nephritis", Category.MEDICAL), Entity(NAME, PERSON)))
    assert hunt.find("\U0001f600 Lupus Nephritis: Margaret") == (
        TextSpan(2, 17, Category.MEDICAL),
        TextSpan(19, 27, PERSON),
    )


def test_a_value_of_two_categories_is_found_as_both() -> None:
    hunt = Hunt((Entity("Globexia", PERSON), Entity("Globexia", Category.CLASSIFIED)))
    assert {span.category for span in hunt.find("at Globexia")} == {PERSON, Category.CLASSIFIED}


def test_a_hunt_is_a_denying_detector() -> None:
    detector: Detector = Hunt(())
    assert (detector.name, detector.role, detector.find("Margaret")) == ("hunt", Role.DENY, ())


@given(st.text(max_size=30), st.sampled_from(Category), st.text(max_size=60))
@settings(max_examples=80)
def test_any_value_is_hunted_in_any_text_without_harm(value: str, category: Category, text: str) -> None:
    folded = fold_text(text).text
    spans = Hunt((Entity(value, category),)).find(folded)
    assert all(0 <= span.start < span.end <= len(folded) for span in spans)


@given(st.text(min_size=1, max_size=30), st.sampled_from(Category))
@settings(max_examples=80)
def test_a_text_that_is_the_value_is_always_found(value: str, category: Category) -> None:
    folded = fold_text(value).text
    spans = Hunt((Entity(value, category),)).find(folded)
    assert spans or not folded.strip(" \t\n,;:()[]{}<>\"'")


@pytest.mark.parametrize(
    "text", ["*" * 9000, "x" * 9000, "$" * 9000, "Will " * 1800, "a@" * 4500, "1" * 9000, "last 4 " * 1200]
)
def test_a_long_text_of_one_pattern_takes_no_long_time(text: str) -> None:
    hunt = Hunt(
        (Entity("Will Smith", PERSON), Entity("4532 1234 5678 9012", MONEY), Entity("aaaaaaaaaaaaaaaa", SECRET))
    )
    began = time.process_time()
    hunt.find(text)
    assert time.process_time() - began < 2


FIRST = ("Ada", "Bruno", "Chioma", "Dmitri", "Esther", "Farid", "Greta", "Hanna", "Ivana", "Joao", "Kenji", "Leila",
         "Marta", "Nadia", "Oskar", "Priya", "Quentin", "Rosalind", "Sofia", "Tariq")  # fmt: skip
LAST = ("Abernathy", "Bergstrom", "Castellano", "Dlamini", "Eriksson", "Fernandez", "Grunwald", "Hashimoto", "Ivanova",
        "Jankowski", "Kowalczyk", "Lindqvist", "Mbeki", "Nakamura", "Okonkwo", "Petrosyan", "Rasmussen", "Szabo",
        "Takahashi", "Villanueva", "Wozniak", "Yilmaz", "Zimmermann", "Oyelaran", "Thornhill")  # fmt: skip
CROWD = tuple(Entity(f"{first} {last}", PERSON) for first in FIRST for last in LAST)


def test_a_thousand_titles_are_searched_for_five_hundred_people_in_a_second() -> None:
    hunt = Hunt(CROWD)
    titles = [f"Quarterly planning sheet {number:03d} - shared with Leila Szabo" for number in range(300)]
    began = time.process_time()
    finds = [hunt.find(title) for title in titles]
    assert time.process_time() - began < 0.3
    assert len(CROWD) == 500
    assert all(finds)
