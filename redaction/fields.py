"""One field at a time: what a step, a gap and an image become when they are redacted. Pure but for the tools it calls.

Raw steps, gaps and masked frames enter, the documents of `redaction.redacted` leave. `Work` is one redaction under way:
it numbers names, and counts what was masked. The rules are those at the head of `redaction.engine`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import msgspec

from capture.events import NAMED_KEYS, Area, Frame, Gap, RawEvent
from redaction.intake import RawSession
from redaction.lexicon import Lexicon
from redaction.readers.base import Reader
from redaction.redacted import Action, ActionKind, Image, Isolation, Masked, Missed, Place, Rectangle, Step, Target
from redaction.roles import known_role
from redaction.spans import gravest
from redaction.steps import RawStep
from vault.canonical import digest

if TYPE_CHECKING:
    from redaction.detectors.base import Detector

ROUND_MS: Final = 100
"""Times are rounded to this many milliseconds: exact intervals between keys identify people."""
GAP_SOURCES: Final = frozenset({"elements", "keyboard", "pointer", "recorder", "screen", "windows"})
GAP_NS: Final = 10_000_000_000
"""Gaps of one reason and source that are less than ten seconds apart are told as one."""
MARGIN: Final = 1
"""Pixels around a click that must be free of masks for its place to stay."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What reads and decides; all of it must be there."""

    reader: Reader
    lexicon: Lexicon
    detectors: tuple[Detector, ...]
    isolation: Isolation


@dataclass(slots=True)
class Numbers:
    """Numbers for names within one session: the first name seen is 1."""

    word: str
    seen: dict[str, int] = field(default_factory=dict)

    def number(self, raw_name: str) -> str:
        """The placeholder of a name; empty for none."""
        return f"{self.word}-{self.seen.setdefault(raw_name, len(self.seen) + 1)}" if raw_name else ""


@dataclass(slots=True)
class Work:
    """One redaction under way: what turns raw fields into redacted ones, and counts."""

    raw: RawSession
    tools: Tools
    apps: Numbers = field(default_factory=lambda: Numbers("app"))
    sites: Numbers = field(default_factory=lambda: Numbers("site"))
    texts: Counter[str] = field(default_factory=Counter)
    masks: Counter[str] = field(default_factory=Counter)
    kept: int = 0
    words: int = 0
    confidence: float = 0.0

    def time(self, at_ns: int) -> int:
        """Milliseconds since the session began, rounded."""
        return round((at_ns - self.raw.started.at_ns) / 1_000_000 / ROUND_MS) * ROUND_MS

    def label(self, raw_text: str) -> str:
        """A title or name, with all that is no interface phrase replaced by placeholders."""
        from redaction.text import mask_text  # the engine stays light until it is used

        masked = mask_text(raw_text, lexicon=self.tools.lexicon, detectors=self.tools.detectors)
        self.texts.update({str(category): number for category, number in masked.counts.items()})
        return masked.text

    def typed(self, raw_text: str) -> str:
        """The placeholder of a typed text: its category if a detector knows it, its length never."""
        from redaction.text import find_all, placeholder

        found = tuple(span.category for _, span in find_all(raw_text, self.tools.detectors))
        self.texts.update({str(gravest(found)): 1})
        return placeholder(gravest(found))


@dataclass(frozen=True, slots=True)
class MaskedImage:
    """One masked frame: what it was, its lossless WebP bytes, and its masks."""

    frame: Frame
    webp: bytes
    masked: tuple[Masked, ...]


def step_of(work: Work, index: int, step: RawStep, *, image: tuple[int, MaskedImage] | None) -> Step:
    """The step that leaves; `image` is the number and form of the image before it, None where there is none."""
    hidden = image is None or _is_masked(step.x, step.y, image[1].masked)
    raw_title = step.window.title if step.window else ""
    raw_url = step.window.url if step.window else ""
    return Step(
        action=_action(work, step, hidden=hidden, masked=() if image is None else image[1].masked),
        app=work.apps.number(step.window.app if step.window else ""),
        at_ms=work.time(step.at_ns),
        frame_age_ms=None if image is None else max(work.time(step.at_ns) - work.time(image[1].frame.at_ns), 0),
        image=None if image is None else image[0],
        index=index,
        site=work.sites.number(_raw_host(raw_url)),
        target=_target(work, step, hidden=hidden),
        window_title=work.label(raw_title) if raw_title else "",
    )


def _raw_host(raw_url: str) -> str:
    try:
        return urlsplit(raw_url).hostname or ""
    except ValueError:
        return ""


_PLACED: Final = frozenset(
    {
        ActionKind.CLICK,
        ActionKind.DOUBLE_CLICK,
        ActionKind.RIGHT_CLICK,
        ActionKind.MIDDLE_CLICK,
        ActionKind.DRAG,
        ActionKind.SCROLL,
    }
)


def _action(work: Work, step: RawStep, *, hidden: bool, masked: tuple[Masked, ...]) -> Action:
    kind, keys, text = step.kind, step.keys, ""
    if kind is ActionKind.TYPE or not _are_named(kind, keys):
        kind, keys, text = ActionKind.TYPE, (), work.typed(step.raw_text)
    end = None if hidden or step.end is None or _is_masked(*step.end, masked) else Place(x=step.end[0], y=step.end[1])
    return Action(
        end=end,
        keys=keys,
        kind=kind,
        place=Place(x=step.x, y=step.y) if kind in _PLACED and not hidden else None,
        scroll_x=step.scroll_x,
        scroll_y=step.scroll_y,
        text=text,
    )


def _are_named(kind: ActionKind, keys: tuple[str, ...]) -> bool:
    """Whether the keys may be named: a named key, or a chord that ends in one or in one ASCII character."""
    if not keys or keys[-1] in NAMED_KEYS:
        return True
    return kind is ActionKind.HOTKEY and len(keys[-1]) == 1 and keys[-1].isascii() and keys[-1].isprintable()


def _target(work: Work, step: RawStep, *, hidden: bool) -> Target | None:
    """The widget, where the accessibility tree gave one and the click was not in a masked area.

    A key's target keeps role and name only: the field that has the focus is no place that was pointed at.
    """
    if step.element is None or (step.kind in _PLACED and hidden):
        return None
    raw_name = step.element.name
    area = _rectangle(step.element.area) if step.kind in _PLACED else None
    return Target(name=work.label(raw_name) if raw_name else "", place=area, role=known_role(step.element.role))


def _rectangle(area: Area) -> Rectangle:
    return Rectangle(height=area.height, width=area.width, x=area.x, y=area.y)


def _is_masked(x: int, y: int, masked: tuple[Masked, ...]) -> bool:
    return any(
        mask.place.x - MARGIN <= x < mask.place.x + mask.place.width + MARGIN
        and mask.place.y - MARGIN <= y < mask.place.y + mask.place.height + MARGIN
        for mask in masked
    )


def image_of(work: Work, image: MaskedImage) -> Image:
    """What the episode says of an image."""
    return Image(
        at_ms=work.time(image.frame.at_ns),
        digest=digest(image.webp),
        height=image.frame.height,
        masks=image.masked,
        width=image.frame.width,
    )


def merged_gaps(raw_events: tuple[RawEvent, ...]) -> tuple[Gap, ...]:
    """The gaps, where those of one reason and source that lie close together are one: their edges show a rhythm."""
    merged: list[Gap] = []
    for gap in (event for event in raw_events if isinstance(event, Gap)):
        alike = (at for at, old in enumerate(merged) if (old.reason, old.source) == (gap.reason, gap.source))
        last = max(alike, default=None)
        if last is None or gap.at_ns - merged[last].until_ns > GAP_NS:
            merged.append(gap)
        else:
            until_ns, count = max(merged[last].until_ns, gap.until_ns), merged[last].count + gap.count
            merged[last] = msgspec.structs.replace(merged[last], until_ns=until_ns, count=count)
    return tuple(merged)


def missed_of(work: Work, gap: Gap) -> Missed:
    """A gap without raw words; of keys it never says how many they were, which is the length of a password."""
    return Missed(
        count=min(gap.count, 1) if gap.source == "keyboard" else gap.count,
        from_ms=work.time(gap.at_ns),
        reason=gap.reason.value,
        source=gap.source if gap.source in GAP_SOURCES else "other",
        until_ms=work.time(gap.until_ns),
    )
