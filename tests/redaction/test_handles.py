"""Names of accounts and of what belongs to them are found; what every machine has is not."""

from __future__ import annotations

import pytest

from redaction.detectors.handles import Handles
from redaction.spans import Category
from tests.redaction.finds import found, is_fast, uncovered

DETECTOR = Handles()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ask @margaret about it", "@margaret"),
        ("@ann@mastodon.social", "@ann@mastodon.social"),
        ("/home/jsmith/notes.txt", "jsmith"),
        ("/Users/annlee/Library", "annlee"),
        (r"C:\Users\jsmith\Desktop", "jsmith"),
        (r"C:\Users\Ann Lee\Desktop", "Ann Lee"),
        ("file:///C:/Users/jsmith/x.docx", "jsmith"),
        ("~jsmith/public_html", "jsmith"),
        (r"\\fileserver\hr\reviews", r"fileserver\hr\reviews"),
        (r"CORP\jsmith", "jsmith"),
        ("ann@Anns-MacBook:~$ ls", "ann@Anns-MacBook"),
        ("git@github.com:acme/payroll.git", "acme/payroll.git"),
        ("https://github.com/acme/payroll/pull/3", "acme/payroll/pull/3"),
        ("git clone acme/payroll", "acme/payroll"),
        ("fixes acme/payroll#123", "acme/payroll"),
        ("#team-payroll", "team-payroll"),
        ("posted in #general", "general"),
        ("jsmith/fix-login", "jsmith"),
        ("feature/ann.lee/tax-page", "ann.lee"),
        ("PAY-1234", "PAY-1234"),
        ("<@U024BE7LH>", "<@U024BE7LH>"),
        ("User ID 80351110224678912", "80351110224678912"),
        ("Wumpus#1234", "Wumpus#1234"),
        ("User name: jsmith", "jsmith"),
        ("Signed in as jsmith", "jsmith"),
        ("Benutzername: mueller", "mueller"),
        ("Assignee: j.smith", "j.smith"),
        ("user a104882", "a104882"),
        ("Anns-MacBook-Pro.local", "Anns-MacBook-Pro.local"),
        ("DESKTOP-4F7G8H2", "DESKTOP-4F7G8H2"),
        ("Ann's iPhone", "Ann's iPhone"),
        ("linkedin.com/in/ann-lee-123", "ann-lee-123"),
        ("https://x.com/annlee", "annlee"),
    ],
)
def test_names_of_accounts_and_their_work_are_found(text: str, value: str) -> None:
    assert (value, Category.PERSON) in found(DETECTOR, text)


@pytest.mark.parametrize(
    "text",
    [
        "Save changes",
        "#include <stdio.h>",
        "#ff8800",
        "#1",
        "Issue #123",
        "@media screen",
        "@dataclass",
        "@types/node",
        "/usr/local/bin",
        "/home/",
        "origin/main",
        "feature/login",
        "text/html",
        "src/components/App.tsx",
        "and/or",
        "UTF-8",
        "SHA-256",
        "COVID-19",
        "RFC-2616",
        r"C:\Windows\System32",
        r"HKEY_LOCAL_MACHINE\SOFTWARE",
        r"foo\nbar",
        "User settings",
        "User name or password incorrect",
        "Login failed",
        "Owner: none",
        "https://github.com/features",
        "~5 minutes",
        "my-laptop",
        "C# and F#",
        "Page 3 of 12",
        "user@example.com",
        "12:30",
    ],
)
def test_what_every_machine_has_is_no_handle(text: str) -> None:
    assert found(DETECTOR, text) == set()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Usernarne: jsmith", "jsmith"),
        ("Username\njsmith", "jsmith"),
        ("User name | jsmith", "jsmith"),
        ("5igned in as jsmith", "jsmith"),
        ("Log1n: j.smith", "j.smith"),
        ("/home/j\u0301smith/x", "j\u0301smith"),
        (
            "@\u043c\u0430\u0440\u0433\u0430\u0440\u0438\u0442\u0430",
            "\u043c\u0430\u0440\u0433\u0430\u0440\u0438\u0442\u0430",
        ),
        ("Assignee   Status\nj.smith    Open", "j.smith"),
    ],
)
def test_what_readers_and_screens_break_is_found_all_the_same(text: str, value: str) -> None:
    assert uncovered(DETECTOR, text, value) == ""


@pytest.mark.parametrize("piece", ["@", "a@", "/home", "\\a", "x/", "#a-", "<", "github.com/", "user a "])
def test_hostile_text_costs_time_in_proportion_to_its_length(piece: str) -> None:
    assert is_fast(DETECTOR, piece * (25_000 // len(piece)))
