"""Tax numbers and amounts are found however a screen breaks them, and forms are told by title, number or boxes."""

from __future__ import annotations

import pytest

from redaction.detectors.tax import Tax, forms_in
from redaction.spans import Category
from tests.redaction.finds import found, is_fast, uncovered

DETECTOR = Tax()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("see 123-45-6789 there", "123-45-6789"),
        ("ITIN 912-70-1234", "912-70-1234"),
        ("ATIN 900-93-1234", "900-93-1234"),
        ("SSN 123456789", "123456789"),
        ("Social Security number: 123 45 6789", "123 45 6789"),
        ("my ssn is 123.45.6789", "123.45.6789"),
        ("***-**-6789", "6789"),
        ("XXX-XX-6789", "6789"),
        ("12-3456789", "12-3456789"),
        ("EIN 123456789", "123456789"),
        ("Employer identification number 12 3456789", "12 3456789"),
        ("P01234567", "P01234567"),
        ("EFIN: 123456", "123456"),
        ("IP PIN 482913", "482913"),
        ("Filing status: Single", "Single"),
        ("Married filing jointly", "Married filing jointly"),
        ("Head of household", "Head of household"),
        ("AGI 54,321", "54,321"),
        ("Refund $1,200", "$1,200"),
        ("Federal income tax withheld 8123.45", "8123.45"),
        ("W-2 wages 52000", "52000"),
        ("1099-INT interest 312.07", "312.07"),
        ("Taxable income: (1,250)", "(1,250"),
        ("Steuer-ID: 12 345 678 901", "12 345 678 901"),
        ("Steuernummer 21/815/08150", "21/815/08150"),
        ("UTR 1234567890", "1234567890"),
        ("USt-IdNr. DE123456789", "DE123456789"),
    ],
)
def test_what_a_tax_return_holds_is_found(text: str, value: str) -> None:
    assert (value, Category.TAX) in found(DETECTOR, text)


@pytest.mark.parametrize(
    "text",
    [
        "Save changes before closing",
        "Page 3 of 12",
        "2026-01-15 10:30",
        "(555) 014-7733",
        "Refund policy of 2024",
        "Tax year 2025",
        "Form 1040",
        "Form 1099-INT",
        "File > Export W-2",
        "Status: 3 of 4",
        "Version 12.3.4567",
        "1920x1080 at 60 Hz",
        "127.0.0.1:8080",
        "10-12 people",
        "P0 bugs and P1",
        "Relationship status",
        "commit 9f86d08",
        "Taxes folder, 3.25 GB, 1,234 files",
        "Chapter 11, part 22, 3333 words",
    ],
)
def test_what_interfaces_write_is_no_tax_value(text: str) -> None:
    assert found(DETECTOR, text) == set()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("l23-45-6789", "l23-45-6789"),
        ("I23-4S-678g SSN", "I23-4S-678g"),
        ("123 - 45 - 6789", "123 - 45 - 6789"),
        ("123-45-\n6789", "123-45-\n6789"),
        ("123 | 45 | 6789", "123 | 45 | 6789"),
        ("123\t45\t6789", "123\t45\t6789"),
        ("123\u201145\u20136789", "123\u201145\u20136789"),
        ("123\u00ad-45-6789", "45-6789"),
        ("55N l234S6789", "l234S6789"),
        ("Soc1al Security nurnber\n123456789", "123456789"),
        ("SSN123456789", "123456789"),
        ("123456789 (SSN)", "123456789"),
        ("E1N: 12 345 6789", "12 345 6789"),
        ("PO1234567", "PO1234567"),
        ("Wages   Withheld\n52,000.00   8,123.45", "8,123.45"),
        ("Adjusted gross incorne 54,321", "54,321"),
        ("\uff11\uff12\uff13-45-6789", "45-6789"),
    ],
)
def test_what_readers_and_screens_break_is_found_all_the_same(text: str, value: str) -> None:
    assert uncovered(DETECTOR, text, value) == ""


@pytest.mark.parametrize(
    ("lines", "forms"),
    [
        (("Form W-2 Wage and Tax Statement",), ("W-2",)),
        (("Form W 2",), ("W-2",)),
        (("Wage and Tax 5tatement 2025",), ("W-2",)),
        (("1 Wages, tips, other compensation", "2 Federa1 income tax withheld"), ("W-2",)),
        (("Form W-4", "Employee's Withholding Certificate"), ("W-4",)),
        (("Request for Taxpayer", "Identification Number and Certification"), ("W-9",)),
        (("Form 1O40", "U.S. Individual Income Tax Return"), ("1040",)),
        (("Fonn 1040-SR", "Filing Status", "Adjusted gross income"), ("1040",)),
        (("Form 1095-A", "Health Insurance Marketplace Statement"), ("1095",)),
        (("Form l098", "Mortgage lnterest received"), ("1098",)),
        (("1099-NEC", "Payer's TIN"), ("1099",)),
        (("Schedule K-1", "Partner's share of income"), ("K-1",)),
        (("Schedule K1 (Form 1065)",), ("K-1",)),
    ],
)
def test_forms_are_told_by_title_number_or_boxes(lines: tuple[str, ...], forms: tuple[str, ...]) -> None:
    assert forms_in(lines) == forms


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("Invoice 1040",),
        ("tax documents", "1040.pdf", "W-2.pdf"),
        ("$1,098.00", "1095 items"),
        ("Filing status",),
        ("K-1 visa guide",),
        ("port 1099", "build 1098"),
        ("Total income", "Total payments", "Interest income"),
    ],
)
def test_a_number_or_a_box_alone_is_no_form(lines: tuple[str, ...]) -> None:
    assert forms_in(lines) == ()


@pytest.mark.parametrize("piece", ["1-", "ssn 1 ", "1 ", "W-2 ", "Filing status\n", "lI"])
def test_hostile_text_costs_time_in_proportion_to_its_length(piece: str) -> None:
    text = piece * (25_000 // len(piece))
    assert is_fast(DETECTOR, text)
    assert len(forms_in((text,))) <= 1
