"""Planted secrets come out of a seed: made-up values of every category, each with the page on which it stands.

The same seed gives the same table. No two values are equal, none holds another, and each has at least eight letters
and digits, so that one found in an export cannot be there by chance. None belongs to anybody: SSNs and EINs use
ranges that are never issued, telephones the exchange 555-01, mail the reserved domain, cards an issuer's test prefix.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from optin.demo.made_up import Maker
from redaction.spans import Category


class Channel(StrEnum):
    """How a value gets onto the desktop."""

    SCREEN = "screen"
    TYPED = "typed"
    PASSWORD = "password"  # noqa: S105


class Page(StrEnum):
    """The places where values stand: a page's file name, or the text document of the desktop program."""

    SIGN_IN = "signin"
    REPORT = "report"
    ACCOUNT = "account"
    CASE = "case"
    INTEGRATIONS = "integrations"
    MEMO = "memo"
    DOCUMENT = "document"
    PORTAL = "portal"
    PAYROLL = "payroll"
    CHAT = "chat"
    REVIEWS = "reviews"


DENIED_PAGES: Final = frozenset({Page.PORTAL, Page.PAYROLL, Page.CHAT, Page.REVIEWS})


@dataclass(frozen=True, slots=True)
class Planted:
    """One made-up value; `allowed` tells whether its page may be captured at all."""

    id: str
    value: str
    category: Category
    page: Page
    channel: Channel

    @property
    def allowed(self) -> bool:
        """Whether the page is one that the recorder may capture, so that redaction has to find the value."""
        return self.page not in DENIED_PAGES


_Make = Callable[[Maker], str]

_TABLE: Final = MappingProxyType(
    {
        Page.REPORT: (
            ("report-traveller", Category.PERSON, Maker.name),
            ("report-attendee", Category.PERSON, Maker.name),
            ("report-phone", Category.PERSON, Maker.phone),
            ("report-email", Category.PERSON, Maker.email),
            ("report-address", Category.PERSON, Maker.address),
            ("report-card", Category.FINANCIAL, Maker.card),
            ("report-account", Category.FINANCIAL, Maker.account),
        ),
        Page.ACCOUNT: (
            ("account-name", Category.PERSON, Maker.name),
            ("account-email", Category.PERSON, Maker.email),
            ("account-phone", Category.PERSON, Maker.phone),
            ("account-birth", Category.PERSON, Maker.birth_date),
            ("account-ssn", Category.TAX, Maker.ssn),
            ("account-ein", Category.TAX, Maker.ein),
            ("account-balance", Category.FINANCIAL, Maker.amount),
        ),
        Page.CASE: (
            ("case-record", Category.MEDICAL, Maker.record_number),
            ("case-drug", Category.MEDICAL, Maker.drug),
            ("case-diagnosis", Category.MEDICAL, Maker.diagnosis),
            ("case-rating", Category.HR, Maker.rating),
            ("case-salary", Category.HR, Maker.amount),
            ("case-chat", Category.CHAT, Maker.chat),
            ("case-prompt", Category.AI_PROMPT, Maker.prompt),
        ),
        Page.INTEGRATIONS: (
            ("integration-api", Category.SECRET, Maker.api_key),
            ("integration-token", Category.SECRET, Maker.access_token),
            ("integration-cloud", Category.SECRET, Maker.cloud_key),
            ("integration-database", Category.SECRET, Maker.connection),
        ),
        Page.MEMO: (("memo-plan", Category.CLASSIFIED, Maker.classified),),
        Page.PORTAL: (
            ("portal-patient", Category.PERSON, Maker.name),
            ("portal-birth", Category.PERSON, Maker.birth_date),
            ("portal-record", Category.MEDICAL, Maker.record_number),
            ("portal-member", Category.MEDICAL, Maker.member_number),
            ("portal-drug", Category.MEDICAL, Maker.drug),
            ("portal-diagnosis", Category.MEDICAL, Maker.diagnosis),
            ("portal-procedure", Category.MEDICAL, Maker.procedure),
        ),
        Page.PAYROLL: (
            ("payroll-employee", Category.PERSON, Maker.name),
            ("payroll-address", Category.PERSON, Maker.address),
            ("payroll-ssn", Category.TAX, Maker.ssn),
            ("payroll-ein", Category.TAX, Maker.ein),
            ("payroll-wages", Category.TAX, Maker.amount),
            ("payroll-account", Category.FINANCIAL, Maker.account),
        ),
        Page.CHAT: (
            ("chat-friend", Category.PERSON, Maker.name),
            ("chat-first", Category.CHAT, Maker.chat),
            ("chat-second", Category.CHAT, Maker.chat),
            ("chat-phone", Category.PERSON, Maker.phone),
            ("chat-token", Category.SECRET, Maker.access_token),
            ("chat-prompt", Category.AI_PROMPT, Maker.prompt),
        ),
        Page.REVIEWS: (
            ("review-employee", Category.PERSON, Maker.name),
            ("review-email", Category.PERSON, Maker.email),
            ("review-rating", Category.HR, Maker.rating),
            ("review-salary", Category.HR, Maker.amount),
            ("review-prompt", Category.AI_PROMPT, Maker.prompt),
        ),
    }
)
_TYPED: Final = MappingProxyType(
    {
        Page.SIGN_IN: (("signin-user", Category.PERSON, Maker.email),),
        Page.REPORT: (("report-guest", Category.PERSON, Maker.name),),
        Page.DOCUMENT: (("document-ssn", Category.TAX, Maker.ssn), ("document-key", Category.SECRET, Maker.api_key)),
    }
)
_PASSWORDS: Final = MappingProxyType({Page.SIGN_IN: (("signin-password", Category.SECRET, Maker.password),)})


def plant(seed: int) -> tuple[Planted, ...]:
    """The table of planted values for a seed: about thirty on allowed pages and two dozen on denied ones."""
    maker = Maker(seed)
    return tuple(
        Planted(id=name, value=make(maker), category=category, page=page, channel=channel)
        for channel, table in ((Channel.SCREEN, _TABLE), (Channel.TYPED, _TYPED), (Channel.PASSWORD, _PASSWORDS))
        for page, rows in table.items()
        for name, category, make in rows
    )


def by_id(planted: tuple[Planted, ...], wanted: str) -> Planted:
    """The planted value with this id; KeyError when there is none."""
    for secret in planted:
        if secret.id == wanted:
            return secret
    raise KeyError(wanted)
