"""Words of health are found in whatever way they are written or misread, and ordinary words are left alone."""

from __future__ import annotations

import gzip
import hashlib
import io
import pickle
from importlib import resources
from itertools import pairwise

import pytest

from redaction.detectors.base import DetectorError, Role
from redaction.detectors.medical import DIGEST, FILE, SECTIONS, Medical, key_of, load_terms, parse_terms, plain_of
from redaction.hunting.folding import ocr_key
from redaction.spans import Category
from tools.build_medical import Ordinary, PlainPickle, condition_grade, drug_grade, render
from tools.lexicon.lists import Nouns
from tools.lexicon.sources import Source


def found(text: str) -> list[str]:
    return [text[span.start : span.end] for span in Medical().find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("started on Metformin today", ["Metformin"]),
        ("amlodipine besylate", ["amlodipine besylate"]),
        ("Type 2 diabetes mellitus", ["Type 2 diabetes mellitus"]),
        ("breast cancer, stage II", ["breast cancer"]),
        ("Alzheimer's disease", ["Alzheimer's disease"]),
        ("Crohn\u2019s", ["Crohn\u2019s"]),
        ("kidney stones", ["kidney stones"]),
        ("HbA1c 7.2%", ["HbA1c"]),
        ("colonoscopy on Monday", ["colonoscopy"]),
        ("seen by the oncologist", ["oncologist"]),
        ("HIV positive", ["HIV positive"]),
        ("covid19", ["covid19"]),
        ("Ozempic", ["Ozempic"]),
        ("a broken leg", ["broken leg"]),
        ("panic disorder", ["panic disorder"]),
        ("peanut allergy", ["peanut allergy"]),
    ],
)
def test_conditions_drugs_tests_and_procedures_are_found(text: str, expected: list[str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Bluthochdruck",
        "Migr\u00e4ne",
        "diab\u00e8te",
        "c\u00e1ncer de mama",
        "presi\u00f3n arterial",
    ],
)
def test_terms_of_other_languages_are_found(text: str) -> None:
    assert found(text) == [text]


@pytest.mark.parametrize("text", ["imaginatinib", "xolezumab", "tonsilloectomy", "novacillin", "zetiprazole"])
def test_a_name_that_no_list_holds_is_known_by_its_stem(text: str) -> None:
    assert found(text) == [text]


@pytest.mark.parametrize(
    "text",
    ["metf0rmin", "Iisinopril", "L|sinopril", "met formin", "METFORMIN", "hypertens1on", "insornnia", "Type2diabetes"],
)
def test_misread_and_wrongly_spaced_terms_are_found(text: str) -> None:
    (part,) = found(f"{text} daily dose")[:1] or [""]
    assert part == text


def test_a_term_may_be_broken_over_a_line() -> None:
    assert found("history of multiple\nsclerosis") == ["multiple\nsclerosis"]


def test_a_term_does_not_reach_over_the_cells_of_a_table() -> None:
    assert found("multiple | sclerotic") == []


def test_the_bar_of_a_table_parts_words() -> None:
    assert found("Name|Metformin|Active") == ["Metformin"]


@pytest.mark.parametrize(
    "text",
    [
        "20 mg",
        "500mcg",
        "5 mg/kg",
        "130 mg/dL",
        "4.5 mIU/L",
        "140/90 mmHg",
        "b.i.d.",
        "twice daily",
        "2x daily",
        "at bedtime",
    ],
)
def test_doses_and_amounts_are_found(text: str) -> None:
    assert found(f"x {text}") == [text]


@pytest.mark.parametrize(
    "text", ["10 units sold", "120 capsules", "2 tablets", "10 g", "5 ml", "3 tabs open", "60 fps"]
)
def test_counts_alone_are_no_doses(text: str) -> None:
    assert found(text) == []


def test_a_count_beside_a_drug_is_a_dose() -> None:
    assert found("omeprazole, 30 capsules") == ["omeprazole", "30 capsules"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("E11.9", ["E11.9"]),
        ("Dx: E11.9", ["E11.9"]),
        ("El1.9 Type 2 diabetes", ["El1.9", "Type 2 diabetes"]),
        ("ICD E119", ["E119"]),
        ("F32.1 | M54.5", ["F32.1", "M54.5"]),
        ("J45,909 asthma", ["J45,909", "asthma"]),
        ("see version A10.2 of it", []),
        ("cell E11 and E12", []),
        ("model U99.9X", []),
    ],
)
def test_diagnosis_codes_count_with_something_medical(text: str, expected: list[str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Stroke width", "Fill and stroke", "Insert", "git patch", "Mouse settings", "Gold plan", "water and ice",
        "iron ore, gold, silver", "Depression era", "cold start", "Alt+F4", "Bun runtime alt", "CT", "AST parser",
        "virus scan", "SQL injection", "kernel panic", "heap overflow, memory leak", "crash dump symptoms",
        "the rapist",
        "I don't think so", "Natalie, Camila and Yasmin", "procedure call", "tablet view", "Save changes",
        "dose not found", "close the dialog", "Delete column", "Run all tests", "drain the queue", "failure rate",
        "operation aborted", "Cell B12", "def find(self, text: str) -> tuple[int, ...]:", "", "  ", "|!$",
    ],
)  # fmt: skip
def test_ordinary_and_interface_words_do_not_count_alone(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("history of stroke", ["stroke"]),
        ("depression and anxiety", ["depression", "anxiety"]),
        ("MRI of the brain", ["MRI", "brain"]),
        ("iron and ferritin", ["iron", "ferritin"]),
        ("ALT, AST", ["ALT", "AST"]),
        ("Alt and Tab, ALT 45 U/L", ["ALT", "45 U/L"]),
    ],
)
def test_ordinary_words_count_beside_medical_ones(text: str, expected: list[str]) -> None:
    assert found(text) == expected


def test_spans_are_in_order_and_do_not_overlap() -> None:
    spans = Medical().find("Metformin 500 mg b.i.d. for type 2 diabetes, E11.9, with hypertension")
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert {span.category for span in spans} == {Category.MEDICAL}
    assert len(spans) == 6


def test_it_is_a_denying_detector() -> None:
    assert (Medical().name, Medical().role) == ("medical", Role.DENY)


def test_the_list_is_the_one_of_this_version_and_small() -> None:
    packed = (resources.files("redaction") / "data" / FILE).read_bytes()
    assert hashlib.sha256(packed).hexdigest() == DIGEST
    assert len(packed) < 1_500_000


def test_the_list_names_its_sources_and_their_licences() -> None:
    head = gzip.decompress((resources.files("redaction") / "data" / FILE).read_bytes()).decode().split("\n# sure\n")[0]
    assert head.count("# source ") == head.count("(MIT)") == 3


def test_each_grade_holds_something_and_none_of_another() -> None:
    terms = load_terms()
    grades = (terms.sure, terms.exact, terms.likely, terms.faint, terms.codes)
    assert all(grades)
    assert not terms.exact & terms.likely
    assert not (terms.exact | terms.likely) & terms.faint


def test_a_changed_list_is_an_error_that_says_what_to_do() -> None:
    packed = (resources.files("redaction") / "data" / FILE).read_bytes()
    with pytest.raises(DetectorError, match="install optin again"):
        parse_terms(packed + b"\x00", digest=DIGEST)


@pytest.mark.parametrize("word", ["metformin", "close", "burn", "vvarning", "o0il15s8b2zg6q", "Clarithromycin".lower()])
def test_keys_fold_what_the_hunt_folds(word: str) -> None:
    assert key_of(plain_of(word)) == ocr_key(plain_of(word))


def test_a_pickle_that_names_code_is_refused() -> None:
    with pytest.raises(pickle.UnpicklingError, match="only plain containers"):
        PlainPickle(io.BytesIO(pickle.dumps(print))).load()


def test_a_pickle_of_plain_containers_is_read() -> None:
    assert PlainPickle(io.BytesIO(pickle.dumps({"a": ["b", 1]}))).load() == {"a": ["b", 1]}


def test_the_same_terms_give_the_same_file() -> None:
    source = Source("values", "values", "some", "pypi", "some", "MIT", "1.0")
    grades = {"type 2 diabetes": "sure", "cold": "likely", "left out": ""}
    packed = render(grades, iter(["E11"]), [source])
    assert packed == render(dict(reversed(grades.items())), iter(["E11"]), [source])
    terms = parse_terms(packed, digest=hashlib.sha256(packed).hexdigest())
    assert [set(grade) for grade in (terms.sure, terms.likely, terms.codes)] == [
        {key_of("type2diabetes")},
        {"cold"},
        {"E11"},
    ]
    assert SECTIONS[0] == "sure"


def ordinary() -> Ordinary:
    known = frozenset({"iron", "patch", "ham", "ring", "close", "lupus", "foot", "cold", "dose"})
    ill = frozenset({"lupus", "cold"})
    nouns = Nouns(dict.fromkeys(known, 0), frozenset(), frozenset({"cold"}), ill, frozenset(), frozenset(), known)
    return Ordinary(nouns, frozenset({"patch"}), frozenset(), frozenset({"camila"}), frozenset({key_of("close")}))


@pytest.mark.parametrize(
    ("term", "grade"),
    [
        ("metformin", "sure"),
        ("hamring", "exact"),
        ("patch", ""),
        ("camila", "faint"),
        ("iron", "faint"),
        ("abcd", "faint"),
        ("iron patch", "faint"),
        ("iron sulfate", "sure"),
    ],
)
def test_drugs_are_graded_by_what_else_their_words_mean(term: str, grade: str) -> None:
    assert drug_grade(term, ordinary(), is_medicine=False) == grade


@pytest.mark.parametrize(
    ("term", "grade"),
    [
        ("lupus", "sure"),
        ("cold", "likely"),
        ("patch", ""),
        ("foot disease", "sure"),
        ("iron foot", "likely"),
        ("dose", "faint"),
    ],
)
def test_conditions_are_graded_by_what_else_their_words_mean(term: str, grade: str) -> None:
    assert condition_grade(term, ordinary()) == grade
