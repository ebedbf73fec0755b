"""The page kinds and the one table that splits them: a name leads to its half, its gravest category and its page.

The split was made before anybody tuned on any of them. Words of the two halves (names, messages, drugs) differ too.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from benchmarks.screens import (
    held_assistant,
    held_code,
    held_files,
    held_health,
    held_keys,
    held_money,
    held_talk,
    held_tax,
    held_work,
    tuning_files,
    tuning_health,
    tuning_keys,
    tuning_money,
    tuning_talk,
    tuning_tax,
    tuning_work,
)
from benchmarks.screens.blocks import Sheet
from benchmarks.screens.looks import Look
from benchmarks.screens.people import People
from benchmarks.screens.truth import Half


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of web page; `category` is the one it is there for."""

    name: str
    half: Half
    category: str
    page: Callable[[People, random.Random, Look], Sheet]


KINDS: Final = (
    Kind("mail-inbox", Half.TUNING, "chat", tuning_talk.inbox),
    Kind("call-captions", Half.TUNING, "chat", tuning_talk.captions),
    Kind("assistant", Half.TUNING, "ai_prompt", tuning_talk.assistant),
    Kind("calendar", Half.TUNING, "medical", tuning_talk.calendar),
    Kind("patient-chart", Half.TUNING, "medical", tuning_health.chart),
    Kind("lab-results", Half.TUNING, "medical", tuning_health.labs),
    Kind("benefits", Half.TUNING, "medical", tuning_health.benefits),
    Kind("form-w2", Half.TUNING, "tax", tuning_tax.w2),
    Kind("pay-statement", Half.TUNING, "tax", tuning_tax.pay),
    Kind("bank-account", Half.TUNING, "financial", tuning_money.bank),
    Kind("spreadsheet", Half.TUNING, "hr", tuning_money.spreadsheet),
    Kind("shop-checkout", Half.TUNING, "financial", tuning_money.order),
    Kind("performance-review", Half.TUNING, "hr", tuning_work.review),
    Kind("employee-directory", Half.TUNING, "person", tuning_work.directory),
    Kind("crm-contact", Half.TUNING, "person", tuning_work.customer),
    Kind("org-chart", Half.TUNING, "hr", tuning_work.organisation),
    Kind("classified-document", Half.TUNING, "classified", tuning_files.document),
    Kind("password-store", Half.TUNING, "secret", tuning_keys.passwords),
    Kind("cloud-keys", Half.TUNING, "secret", tuning_keys.cloud),
    Kind("settings", Half.TUNING, "person", tuning_keys.settings),
    Kind("mail-message", Half.HELD_OUT, "chat", held_talk.message),
    Kind("work-messenger", Half.HELD_OUT, "chat", held_talk.messenger),
    Kind("code-editor", Half.HELD_OUT, "ai_prompt", held_code.editor),
    Kind("assistant-panel", Half.HELD_OUT, "ai_prompt", held_assistant.panel),
    Kind("support-ticket", Half.HELD_OUT, "chat", held_talk.ticket),
    Kind("pharmacy", Half.HELD_OUT, "medical", held_health.pharmacy),
    Kind("insurance-claims", Half.HELD_OUT, "medical", held_health.claims),
    Kind("appointment-booking", Half.HELD_OUT, "medical", held_health.booking),
    Kind("form-1040", Half.HELD_OUT, "tax", held_tax.tax_return),
    Kind("tax-slips", Half.HELD_OUT, "tax", held_tax.tax_slips),
    Kind("card-statement", Half.HELD_OUT, "financial", held_money.card_statement),
    Kind("expense-report", Half.HELD_OUT, "financial", held_money.expenses),
    Kind("travel-booking", Half.HELD_OUT, "person", held_money.journey),
    Kind("compensation", Half.HELD_OUT, "hr", held_work.compensation),
    Kind("recruiting", Half.HELD_OUT, "hr", held_work.recruiting),
    Kind("admin-users", Half.HELD_OUT, "person", held_work.users),
    Kind("far-form", Half.HELD_OUT, "person", held_work.far_form),
    Kind("sign-in", Half.HELD_OUT, "secret", held_keys.login),
    Kind("code-forge", Half.HELD_OUT, "secret", held_code.forge),
    Kind("classified-viewer", Half.HELD_OUT, "classified", held_files.viewer),
    Kind("file-manager", Half.HELD_OUT, "person", held_files.folder),
    Kind("wiki-handover", Half.HELD_OUT, "secret", held_keys.wiki),
)


def kind_of(name: str) -> Kind:
    """The kind of this name; KeyError for another."""
    return {kind.name: kind for kind in KINDS}[name]
