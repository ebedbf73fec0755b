"""What people and organisations sign: policy, grant, status and lease. Frozen values; nothing here does IO.

A `Policy` says who may review and export, for what, how long, and which screens never become images; a `Grant` is one
employee's yes; a `ConsentStatus` says that the yes still stands; a `Lease` lets recorders run for a while. Times are
milliseconds of Unix time. `solo` marks what one person made for trying out.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from vault.canonical import Document


class Source(Enum):
    """What may be captured, ticked one by one."""

    POINTER = "pointer"
    KEYS = "keys"
    SCREEN = "screen"
    WIDGETS = "widgets"


class Standing(Enum):
    """Whether a grant stands."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"


class Officer(Document, frozen=True):
    """A privacy officer: signs approvals and opens submissions."""

    person: str
    sealing_key: str
    signing_key: str


class Exporter(Document, frozen=True):
    """An export job: opens submissions and signs manifests."""

    name: str
    sealing_key: str
    signing_key: str


DROP_LEVEL: Final = 3
"""The usual `drop_level`: a screen with a document labelled DSS-3 or higher never becomes an image."""


MAX_RESIDUAL: Final = 0
"""The usual `max_residual`: nothing that redaction itself still finds at its end is borne."""
MAX_UNREAD_PERCENT: Final = 100
"""The usual `max_unread_percent`: what no engine read is masked in any case, so that a screen that is one photo may
pass; an organisation that wants to see only screens that were read sets less."""


class Label(Document, frozen=True):
    """An organisation's own classification label: the words that stand on a document, and their level from 1 up.

    DSS-1 to DSS-4 are known without being named; a label of level 3 is handled as DSS-3 is.
    """

    level: int
    words: str


class AllowList(Document, frozen=True):
    """What may stay in redacted sessions beside the interface's own words: phrases, programmes and sites by name.

    A site stands for its subdomains too, which are told by its name.
    """

    phrases: tuple[str, ...]
    programmes: tuple[str, ...]
    sites: tuple[str, ...]


class Policy(Document, frozen=True):
    """The organisation's rules, signed by its policy key. `dpia` is the reference of the impact assessment.

    A screen on which a label of `drop_level` or higher is read never becomes an image; `labels` are the organisation's
    own ones. A submission is neither approved nor exported if redaction found something left over in more than
    `max_residual` places, or if on one of its images more than `max_unread_percent` of what was masked was not read.
    """

    allowlist: AllowList
    approvals: int
    created_ms: int
    dpia: str
    drop_level: int
    exporters: tuple[Exporter, ...]
    labels: tuple[Label, ...]
    lease_key: str
    lease_ms: int
    max_residual: int
    max_unread_percent: int
    officers: tuple[Officer, ...]
    organisation: str
    purposes: tuple[str, ...]
    recipients: tuple[str, ...]
    retention_days: int
    sequence: int
    solo: bool
    status_ms: int
    version: int


class Grant(Document, frozen=True):
    """One employee's yes, signed by the employee's key that it names; raw data is sealed to `consent_key`."""

    consent_key: str
    employee_key: str
    expires_ms: int
    given_ms: int
    grant_id: str
    notice_digest: str
    person: str
    policy_digest: str
    purposes: tuple[str, ...]
    recipients: tuple[str, ...]
    solo: bool
    sources: tuple[Source, ...]
    version: int


class ConsentStatus(Document, frozen=True):
    """Whether a grant stands at a moment; signed by the employee's key, with a sequence that never falls."""

    at_ms: int
    grant_digest: str
    sequence: int
    standing: Standing
    version: int


class Lease(Document, frozen=True):
    """Recorders may run between two moments; signed by the key that the policy names."""

    expires_ms: int
    not_before_ms: int
    policy_digest: str
    sequence: int
    solo: bool
    version: int
