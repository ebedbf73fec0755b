"""What leaves redaction: a redacted session and its report, as values that review and export may hold.

Nothing of capture is imported here, so whoever imports this module cannot reach raw data. A `RedactedSession` and a
`Reported` are made only by `redaction.engine`; whoever makes one otherwise gets `NotMinted`.

Rules of this file:
1. Every field of an `Episode` has been through redaction; there is no field for anything raw.
2. Times are milliseconds since the session began, rounded to 100 ms: typing rhythm identifies people.
3. An image is here only if it was examined; a frame that could not be read stops the redaction instead.
4. A field is free text only if its type is `str`; all others hold nothing captured (`redaction.reports.forms`).
"""

from __future__ import annotations

from dataclasses import InitVar, dataclass
from enum import Enum
from typing import Final

from redaction.reports.forms import (
    CategoryName,
    Digest,
    FieldPath,
    GapReasonName,
    KeyName,
    KnownDigest,
    PartName,
    PlatformName,
    ProfileName,
    RoleName,
    SessionId,
    SourceName,
    Tag,
    UnexaminedName,
)
from vault.canonical import Document
from vault.minted import Mint

STRICT: Final = "strict"
"""The profile that redaction works under, and the only one that the gate admits."""
TOOL: Final = "optin 0.1.0"
"""What reports and manifests say made them."""


class ActionKind(Enum):
    """The common vocabulary of computer-use actions."""

    CLICK = "click"
    DOUBLE_CLICK = "double_click"
    RIGHT_CLICK = "right_click"
    MIDDLE_CLICK = "middle_click"
    DRAG = "drag"
    SCROLL = "scroll"
    TYPE = "type"
    KEY = "key"
    HOTKEY = "hotkey"
    DONE = "done"


class EffectKind(Enum):
    """What an action did to a widget."""

    POPUP_OPENED = "popup_opened"
    POPUP_CLOSED = "popup_closed"
    EXPANDED = "expanded"
    COLLAPSED = "collapsed"
    SELECTED = "selected"
    CHECKED = "checked"
    UNCHECKED = "unchecked"


class Isolation(Enum):
    """How the process that saw raw data was kept from the network: by a namespace of its own, or a filter on calls."""

    NETNS = "netns"
    SECCOMP = "seccomp"
    NONE = "none"


class Place(Document, frozen=True):
    """A point in pixels of the image."""

    x: int
    y: int


class Rectangle(Document, frozen=True):
    """A rectangle in pixels of the image; `x` and `y` are its upper left corner."""

    height: int
    width: int
    x: int
    y: int


class Masked(Document, frozen=True):
    """A masked rectangle of an image and why; `entity` is the placeholder that texts have for the same, where known."""

    category: CategoryName
    place: Rectangle
    entity: Tag = ""


class Target(Document, frozen=True):
    """The widget that an action went to; `name` is a known interface phrase or a placeholder."""

    name: str
    place: Rectangle | None
    role: RoleName


class Action(Document, frozen=True):
    """One action. `place` is None where the click lay in a masked area; `text` is a placeholder; `keys` is a chord."""

    end: Place | None
    keys: tuple[KeyName, ...]
    kind: ActionKind
    place: Place | None
    scroll_x: int
    scroll_y: int
    text: str


class Effect(Document, frozen=True):
    """What a widget did upon an action; `name` is a known interface phrase or a placeholder."""

    kind: EffectKind
    name: str
    role: RoleName


class Step(Document, frozen=True):
    """What was seen before an action, the action, and what it did.

    `image` and `after_image` count the episode's images: the screen before the action, and once it stood still after
    it; None where there is none. `frame_stale_ms` says for how long the screen had differed from `image`, 0 if it did
    not, None if nobody knows. `command` and `menu` are what a shortcut stands for: known phrases or placeholders.
    """

    action: Action
    after_image: int | None
    app: str
    at_ms: int
    command: str
    effects: tuple[Effect, ...]
    frame_age_ms: int | None
    frame_stale_ms: int | None
    image: int | None
    index: int
    menu: tuple[str, ...]
    site: str
    target: Target | None
    window_title: str


class Image(Document, frozen=True):
    """One redacted screen: its digest, size and masks."""

    at_ms: int
    digest: Digest
    height: int
    masks: tuple[Masked, ...]
    width: int


class Missed(Document, frozen=True):
    """A stretch that was not captured, and why; `classified` is one whose screens were captured and then dropped."""

    count: int
    from_ms: int
    reason: GapReasonName
    source: SourceName
    until_ms: int


class Episode(Document, frozen=True):
    """A redacted session without its pixels; `scale_percent` is that of each monitor when it began, rounded to 25."""

    duration_ms: int
    ended: bool
    gaps: tuple[Missed, ...]
    images: tuple[Image, ...]
    instruction: str
    platform: PlatformName
    profile: ProfileName
    scale_percent: tuple[int, ...]
    session: SessionId
    steps: tuple[Step, ...]
    version: int


class Channel(Enum):
    """Where a text came from."""

    TITLE = "title"
    URL = "url"
    NAME = "name"
    TYPED = "typed"
    INSTRUCTION = "instruction"


class Count(Document, frozen=True):
    """How many of a category."""

    category: CategoryName
    number: int


class TextCount(Document, frozen=True):
    """How often something of a category was masked in the texts of one channel."""

    category: CategoryName
    channel: Channel
    number: int


class EntityCount(Document, frozen=True):
    """How many different sensitive strings of a category were found, and how often all of them together."""

    category: CategoryName
    distinct: int
    found: int


class FrameReport(Document, frozen=True):
    """What masking one image came to; `image` is its number in the episode.

    `unread_percent` is the share, by area, of what was masked there that no engine had read.
    """

    at_ms: int
    confidence_percent: int
    image: int
    kept_phrases: int
    masks: tuple[Count, ...]
    second_findings: int
    unread_percent: int
    words_read: int


class DetectorCount(Document, frozen=True):
    """How many different texts a detector examined, and how much it found in them."""

    detector: PartName
    findings: int
    texts: int


class NotExamined(Document, frozen=True):
    """How often something was not examined, and why; the words are those of `Missed` and three more.

    `not_needed` are screens that no action needs and that do not leave, `unread` images with masked places that no
    engine read, `no_widget` actions of which nothing tells the widget.
    """

    number: int
    reason: UnexaminedName
    source: SourceName


class Part(Document, frozen=True):
    """A package or model that redaction worked with; `sha256` is that of the model's file, empty for a package."""

    name: PartName
    sha256: KnownDigest
    version: PartName


class Residual(Document, frozen=True):
    """How many places of a field still held something of a category after redaction; never what it was."""

    category: CategoryName
    field: FieldPath
    number: int


class Report(Document, frozen=True):
    """What redaction did: counts, versions and digests; never a text, a crop or a hash of either.

    `frames_dropped` counts the screens that an action needed and that were classified too highly to become images.
    `second_findings` counts what was masked because the second engine, `verifier`, read it otherwise; without one it is
    empty. `confidence` counts the words read by tenths of the reader's confidence. `residuals` is what a last look at
    every field that leaves still found; anything there blocks approval, unless the policy bears it.
    """

    captured_from_ms: int
    captured_until_ms: int
    confidence: tuple[int, ...]
    detectors: tuple[DetectorCount, ...]
    entities: tuple[EntityCount, ...]
    episode_digest: Digest
    frames: tuple[FrameReport, ...]
    frames_dropped: int
    frames_recorded: int
    grant_digest: Digest
    images: int
    isolation: Isolation
    kept_phrases: int
    lease_digest: Digest
    lexicon_digest: Digest
    masks: tuple[Count, ...]
    mean_confidence_percent: int
    not_examined: tuple[NotExamined, ...]
    parts: tuple[Part, ...]
    policy_digest: Digest
    profile: ProfileName
    reader: PartName
    residuals: tuple[Residual, ...]
    second_findings: int
    session: SessionId
    texts: tuple[TextCount, ...]
    tool: PartName
    verifier: PartName
    version: int
    words_read: int


_MINT: Final = Mint("redaction.engine.redact or redaction.engine.open_redacted")
_UNCLAIMED: Final = [_MINT]


def claim() -> Mint:
    """The right to make the two types below, handed out once; `redaction.engine` takes it when it is imported."""
    if not _UNCLAIMED:
        raise RuntimeError("the right to make redacted sessions was taken already, by redaction.engine")
    return _UNCLAIMED.pop()


@dataclass(frozen=True, slots=True)
class RedactedSession:
    """An episode and its images (lossless WebP, in the order of `episode.images`)."""

    episode: Episode
    images: tuple[bytes, ...]
    mint: InitVar[Mint]

    def __post_init__(self, mint: Mint) -> None:
        _MINT.require(mint)


@dataclass(frozen=True, slots=True)
class Reported:
    """The report of a redacted session."""

    report: Report
    mint: InitVar[Mint]

    def __post_init__(self, mint: Mint) -> None:
        _MINT.require(mint)
