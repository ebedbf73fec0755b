"""What the rules allow."""

from __future__ import annotations

import pytest

from capture.allow import Browsing, Rule, RuleKind, Rules, is_browser, shipped_denials

EXPENSES = Rule(RuleKind.URL, "expenses.localhost*")
EDITOR = Rule(RuleKind.APP, "mousepad")


def rules(*allowed: Rule) -> Rules:
    return Rules(allowed, shipped_denials())


def test_what_no_rule_allows_is_not_captured() -> None:
    assert not rules().decide("Mousepad", "notes").captured


def test_an_allowed_programme_is_captured_whatever_the_case_of_its_name() -> None:
    decision = rules(EDITOR).decide("Mousepad", "notes")
    assert decision.captured
    assert decision.rule == EDITOR


def test_a_rule_for_a_browser_as_a_programme_captures_nothing() -> None:
    assert not rules(Rule(RuleKind.APP, "*")).decide("Chromium", "Claim", url="http://expenses.localhost/").captured


def test_a_browser_is_captured_at_an_allowed_address() -> None:
    assert rules(EXPENSES).decide("Chromium", "Claim", url="http://expenses.localhost:8080/claim").captured


def test_a_browser_whose_address_is_not_known_is_not_captured_by_a_url_rule() -> None:
    assert not rules(EXPENSES).decide("Chromium", "Claim", url=None).captured


def test_a_browser_is_captured_by_its_title_alone() -> None:
    assert rules(Rule(RuleKind.TITLE, "claim *")).decide("Chromium", "Claim 7 - Expenses").captured


@pytest.mark.parametrize("browsing", [Browsing.PRIVATE, Browsing.UNKNOWN])
def test_a_window_that_is_or_may_be_private_is_never_captured(browsing: Browsing) -> None:
    url = "http://expenses.localhost/"
    assert not rules(EXPENSES).decide("Chromium", "Claim", url=url, browsing=browsing).captured


def test_a_title_that_says_private_browsing_is_never_captured() -> None:
    title = "Claim - Mozilla Firefox Private Browsing"
    assert not rules(EXPENSES).decide("firefox", title, url="http://expenses.localhost/").captured


@pytest.mark.parametrize(
    ("app", "title", "url"),
    [
        ("Slack", "general", None),
        ("org.keepassxc.KeePassXC", "x.kdbx", None),
        ("Mousepad", "W-2 form", None),
        ("Mousepad", "My Tax Return", None),
        ("Chromium", "Direct messages - Team", "http://expenses.localhost/"),
        ("Chromium", "Home", "https://mail.google.com/mail/u/0"),
        ("Chromium", "Home", "http://portal.health.localhost:8000/x"),
        ("Chromium", "Home", "http://payroll.localhost:8000/x"),
        ("Chromium", "Home", "http://chat.localhost/"),
        ("Chromium", "Home", "http://reviews.hr.localhost/"),
    ],
)
def test_the_shipped_deny_list_wins_over_rules_that_allow_everything(app: str, title: str, url: str | None) -> None:
    everything = tuple(Rule(kind, "*") for kind in RuleKind)
    decision = rules(*everything).decide(app, title, url=url)
    assert not decision.captured
    assert decision.rule is not None


@pytest.mark.parametrize("title", ["Syntax notes", "Chateau", "Community event", "Banksia"])
def test_a_denied_word_inside_another_word_denies_nothing(title: str) -> None:
    assert rules(EDITOR).decide("Mousepad", title).captured


@pytest.mark.parametrize(
    ("pattern", "url"),
    [
        ("crm.example.com", "https://crm.example.com/cases/1"),
        ("crm.example.com/cases/*", "https://crm.example.com/cases/1?x=y"),
        ("crm.example.com:8443", "https://crm.example.com:8443/"),
        ("crm.example.com:8443/a*", "https://CRM.example.com:8443/A"),
    ],
)
def test_a_url_pattern_names_host_port_and_path(pattern: str, url: str) -> None:
    assert rules(Rule(RuleKind.URL, pattern)).decide("Chromium", "Cases", url=url).captured


@pytest.mark.parametrize(
    "url",
    [
        "file:///crm.example.com",
        "https://evil.test/crm.example.com",
        "http://crm.example.com@evil.test/",
        "x",
        "http://[",
    ],
)
def test_a_url_pattern_is_not_fooled_by_other_parts_of_an_address(url: str) -> None:
    assert not rules(Rule(RuleKind.URL, "crm.example.com")).decide("Chromium", "Cases", url=url).captured


def test_a_very_long_title_is_decided_all_the_same() -> None:
    assert not rules(Rule(RuleKind.TITLE, "*a*a*a*b")).decide("Mousepad", "a" * 100_000).captured


@pytest.mark.parametrize("app", ["Chromium", "Google-chrome", "firefox", "Microsoft-edge", "Brave-browser"])
def test_the_usual_browsers_are_known(app: str) -> None:
    assert is_browser(app)


@pytest.mark.parametrize("app", ["Mousepad", "libreoffice-calc", ""])
def test_other_programmes_are_no_browsers(app: str) -> None:
    assert not is_browser(app)
