"""Identifiers are found by shape or beside their label, character by character, however a screen breaks them."""

from __future__ import annotations

import pytest

from redaction.detectors.identifiers import Identifiers
from redaction.spans import Category
from tests.redaction.finds import found, is_fast, uncovered

DETECTOR = Identifiers()
PERSON, FINANCIAL, MEDICAL = Category.PERSON, Category.FINANCIAL, Category.MEDICAL


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("write to ann.lee+x@example.org today", "ann.lee+x@example.org"),
        ("jane@build-host.local", "jane@build-host.local"),
        ("root@localhost", "root@localhost"),
        ("ann.lee (at) example.org", "ann.lee (at) example.org"),
        ("ann dot lee at example dot org", "lee at example dot org"),
        ("Phone: (555) 014-7733 x12", "(555) 014-7733 x12"),
        ("+44 20 7946 0958", "+44 20 7946 0958"),
        ("ring 0049 30 901820 now", "0049 30 901820"),
        ("call 020 7946 0958", "020 7946 0958"),
        ("Tel.: 06 12 34 56 78", "06 12 34 56 78"),
        ("Mobile 5550147733", "5550147733"),
        ("DOB: 4 March 1971", "4 March 1971"),
        ("Date of birth 03/04/1971", "03/04/1971"),
        ("geboren am 04.03.1971", "04.03.1971"),
        ("born in 1971", "1971"),
        ("Age: 47", "47"),
        ("a 47-year-old woman", "47"),
        ("lives at 12 Maple Street, Springfield, IL 62704", "12 Maple Street, Springfield, IL 62704"),
        ("1600 N Highland Ave Apt 4B", "1600 N Highland Ave Apt 4B"),
        ("P.O. Box 1123", "P.O. Box 1123"),
        ("Lindenstraße 12a, 10969 Berlin", "Lindenstraße 12a, 10969 Berlin"),
        ("12 rue de la Paix, 75002 Paris", "12 rue de la Paix, 75002 Paris"),
        ("Calle Mayor 14", "Calle Mayor 14"),
        ("Boston, MA 02108-1234", "Boston, MA 02108-1234"),
        ("at SW1A 1AA", "SW1A 1AA"),
        ("K1A 0B1", "K1A 0B1"),
        ("PLZ: 10969", "10969"),
        ("from 203.0.113.77:8443", "203.0.113.77:8443"),
        ("fe80::1ff:fe23:4567:890a", "fe80::1ff:fe23:4567:890a"),
        ("ether 3c:22:fb:0a:1b:2c", "3c:22:fb:0a:1b:2c"),
        ("Passport No. X12345678", "X12345678"),
        ("Driver's license: S530-4567-8912", "S530-4567-8912"),
        ("License plate 7ABC123", "7ABC123"),
        ("Kennzeichen B-MW 1234", "B-MW 1234"),
        ("1HGCM82633A004352", "1HGCM82633A004352"),
        ("IMEI 490154203237518", "490154203237518"),
        ("Serial number: C02XK1ABJGH5", "C02XK1ABJGH5"),
        ("Employee ID: E104882", "E104882"),
        ("Badge 88213", "88213"),
        ("Booking reference: X7K9QP", "X7K9QP"),
        ("NINO QQ 12 34 56 C", "QQ 12 34 56 C"),
        ("Aadhaar 2345 6789 0123", "2345 6789 0123"),
        ("ABCPE1234F", "ABCPE1234F"),
        ("DNI 12345678Z", "12345678Z"),
        ("1 85 05 78 006 084 36", "1 85 05 78 006 084 36"),
        ("RSSMRA85T10A562S", "RSSMRA85T10A562S"),
        ("CPF 123.456.789-09", "123.456.789-09"),
        ("personnummer 710304-1234", "710304-1234"),
        ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<", "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<"),
        ("https://x.org/users/ann-lee/files", "ann-lee"),
        ("https://x.org/a?email=ann%40x.org&y=2", "ann%40x.org"),
    ],
)
def test_what_identifies_a_person_is_found(text: str, value: str) -> None:
    assert (value, PERSON) in found(DETECTOR, text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("4532-1234-5678-9012", "4532-1234-5678-9012"),
        ("4111 1111 1111 1112", "4111 1111 1111 1112"),
        ("4111111111111111", "4111111111111111"),
        ("3782 822463 10005", "3782 822463 10005"),
        ("Visa ending in 4242", "4242"),
        ("•••• •••• •••• 4242", "4242"),
        ("CVV 123", "123"),
        ("Exp. 09/27", "09/27"),
        ("DE89 3704 0044 0532 0130 00", "DE89 3704 0044 0532 0130 00"),
        ("gb29nwbk60161331926819", "gb29nwbk60161331926819"),
        ("SWIFT: DEUTDEFF500", "DEUTDEFF500"),
        ("Account number 99120034", "99120034"),
        ("Routing no. 021000021", "021000021"),
        ("Sort code 20-00-00, account", "20-00-00"),
        ("Kontonummer: 0532013000", "0532013000"),
        ("0x52908400098527886E0F7030069857D2E4169EE7", "0x52908400098527886E0F7030069857D2E4169EE7"),
        ("see $1,280.00 there", "$1,280.00"),
        ("-$45.20", "-$45.20"),
        ("Checking (...4821)", "4821"),
        ("01/14 GROCERIES SEATTLE WA   -54.12   1,203.88", "-54.12   1,203.88"),
        ("Balance: 3.400,10 €", "3.400,10 €"),
        ("Net pay 2,915.33", "2,915.33"),
        ("salary of £85k", "£85k"),
        ("Überweisung EUR 120", "EUR 120"),
    ],
)
def test_what_tells_of_money_is_found(text: str, value: str) -> None:
    assert (value, FINANCIAL) in found(DETECTOR, text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("MRN 00482-A", "00482-A"),
        ("Medical record number: 771 2034", "771 2034"),
        ("Member ID: XQ1234567", "XQ1234567"),
        ("Group no. 0098122", "0098122"),
        ("Policy number HX-44-120-9", "HX-44-120-9"),
        ("Rx 7712093", "7712093"),
        ("1EG4-TE5-MK73", "1EG4-TE5-MK73"),
        ("NPI 1245319599", "1245319599"),
        ("AB1234563", "AB1234563"),
        ("NHS number 943 476 5919", "943 476 5919"),
        ("Claim 20260115-778", "20260115-778"),
    ],
)
def test_numbers_of_patients_and_the_insured_are_found(text: str, value: str) -> None:
    assert (value, MEDICAL) in found(DETECTOR, text)


@pytest.mark.parametrize(
    "text",
    [
        "Save changes before closing",
        "Page 3 of 12",
        "Version 3.11.2",
        "version 1.2.3.4",
        "v10.0.19045.3803",
        "10:45 PM",
        "2026-01-15 10:30:12",
        "15.01.2026",
        "Last modified 12/25/2026",
        "1,234 items",
        "3.4 GB of 512 GB",
        "localhost:3000",
        "127.0.0.1:8080",
        "Subnet 255.255.255.0",
        "#ff8800",
        "1920x1080",
        "HTTP 404",
        "Line 12, Column 34",
        "Windows 11 23H2",
        "12 files changed, 345 insertions(+), 67 deletions(-)",
        "commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
        "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
        "std::vector<int> x = foo::bar",
        "100% 25 % 3/4",
        "Account settings",
        "Card view",
        "Member of 3 groups",
        "Group by column 2",
        "Policy 2",
        "Phone 2 of 3",
        "Sales 2021 2022 2023 2024",
        "1 Table Row, 2 New Path",
        "16 GB DDR5 6000",
        "Meet @ home",
        "1.5 times, 2.0 and 3.25",
        "RFC 2616, ISO 9001, section 4.2",
        "Unit tests passed",
        "via Settings",
        "$HOME and $1",
        "Ticket costs $5",
        "Due to 3 errors",
        "Account created 2026-01-15 10:30",
        "Policy updated 15.01.2026",
        "Member since 01/15/2024",
        "Member since 2024",
        "Phone updated 15.01.2026 10:30",
        "Account service 10.0.19045",
        "Total 1,234 items, 12.50 MB sent",
        "Serial port 3",
        "x64.zip 142.3 MB of 168.1 MB",
        "git@github.com",
        "Employee of the month 2025-11",
    ],
)
def test_what_interfaces_write_is_no_identifier(text: str) -> None:
    assert found(DETECTOR, text) == set()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("+44 2O 7946 O958", "+44 2O 7946 O958"),
        ("(555) 0l4-7733", "(555) 0l4-7733"),
        ("(555) 014-\n7733", "(555) 014-\n7733"),
        ("ann.lee @ example.org", "ann.lee @ example.org"),
        ("ann.lee@ example . org", "ann.lee@ example . org"),
        ("ann.lee©example.org", "ann.lee©example.org"),
        ("4532 1234\n5678 9012", "4532 1234\n5678 9012"),
        ("4532 | 1234 | 5678 | 9012", "4532 | 1234 | 5678 | 9012"),
        ("4532\t1234\t5678\t9012", "4532\t1234\t5678\t9012"),
        ("4S32-1234-S678-9O12", "4S32-1234-S678-9O12"),
        ("453212345678901O", "453212345678901O"),
        ("DE89 37O4 0O44 0532 0130 0O", "DE89 37O4 0O44 0532 0130 0O"),
        ("l92.168.1.1O", "l92.168.1.1O"),
        ("192. 168. 1. 10", "192. 168. 1. 10"),
        ("D0B: O3/04/197l", "O3/04/197l"),
        ("Mernber lD: XQ1234567", "XQ1234567"),
        ("Acc0unt nurnber 9912OO34", "9912OO34"),
        ("Rout1ng 02100002l", "02100002l"),
        ("MRN00482771", "00482771"),
        ("Phone\n5550147733", "5550147733"),
        ("Account number   Routing\n12345678   021000021", "021000021"),
        ("Member ID\n\nXQ 123 4567", "XQ 123 4567"),
        ("123456789 is my account", "123456789"),
        ("Geburtsdatum\n04.03.1971", "04.03.1971"),
        ("12 MapIe Street", "12 MapIe Street"),
        ("QQ123456C", "QQ123456C"),
        ("+\uff14\uff14 20 7946 0958", "20 7946 0958"),
        ("4532\u20111234\u20115678\u20119012", "4532\u20111234\u20115678\u20119012"),
    ],
)
def test_what_readers_and_screens_break_is_found_all_the_same(text: str, value: str) -> None:
    assert uncovered(DETECTOR, text, value) == ""


def test_spans_are_counted_in_code_points() -> None:
    (span,) = DETECTOR.find("\U0001f600\u2019 a@b.org")
    assert (span.start, span.end) == (3, 10)


def test_a_sum_that_does_not_add_up_takes_nothing_away() -> None:
    assert found(DETECTOR, "card 4532123456789012") == found(DETECTOR, "card 4532123456789012")
    assert found(DETECTOR, "4532123456789012")


def test_a_number_whose_sum_is_a_cards_counts_without_grouping_or_label() -> None:
    assert ("6304273973982", FINANCIAL) in found(DETECTOR, "6304273973982")


def test_a_label_speaks_for_two_lines_below_and_no_further() -> None:
    assert found(DETECTOR, "Account\n\n99120034")
    assert not found(DETECTOR, "Account\n\n\n99120034")


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "1",
        "1 ",
        "1-",
        "a.",
        "@",
        "a@",
        "A1",
        "account 1 ",
        "1 Main ",
        "rue de la ",
        "\n",
        "$1,",
        "balance 1,111 ",
        "lI",
    ],
)
def test_hostile_text_costs_time_in_proportion_to_its_length(piece: str) -> None:
    assert is_fast(DETECTOR, piece * (25_000 // len(piece)))
