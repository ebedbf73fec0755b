"""A small redacted session and its report, made up by hand: what page, bounds and the last look are tried on."""

from __future__ import annotations

from typing import Final

import msgspec

from consent.documents import DROP_LEVEL, MAX_RESIDUAL, MAX_UNREAD_PERCENT, AllowList, Policy
from redaction.redacted import (
    STRICT,
    TOOL,
    Action,
    ActionKind,
    Channel,
    DetectorCount,
    Effect,
    EffectKind,
    EntityCount,
    Episode,
    FrameReport,
    Image,
    Isolation,
    Masked,
    Missed,
    NotExamined,
    Part,
    Place,
    Rectangle,
    Report,
    Residual,
    Step,
    Target,
    TextCount,
)
from redaction.reports.bounds import masks_of
from vault.canonical import canonical, digest

POLICY: Final = Policy(
    allowlist=AllowList(phrases=(), programmes=(), sites=()),
    approvals=1,
    created_ms=0,
    dpia="DPIA-7",
    drop_level=DROP_LEVEL,
    exporters=(),
    labels=(),
    lease_key="",
    lease_ms=1,
    max_residual=MAX_RESIDUAL,
    max_unread_percent=MAX_UNREAD_PERCENT,
    officers=(),
    organisation="Example Ltd",
    purposes=(),
    recipients=(),
    retention_days=1,
    sequence=1,
    solo=False,
    status_ms=1,
    version=1,
)
"""A policy with the usual bounds."""
ONE: Final = "1" * 64
LEFT: Final = Residual(category="person", field="episode.steps[].window_title", number=2)
"""Something that redaction found at its end."""


def image(number: int, *categories: str) -> Image:
    """An image with a mask of each of these categories."""
    masks = tuple(
        Masked(category=category, place=Rectangle(height=16, width=64, x=8, y=24 * at))
        for at, category in enumerate(categories)
    )
    return Image(at_ms=1500 * number, digest=ONE, height=400, masks=masks, width=640)


IMAGES: Final = (image(0, "person", "person", "unknown"), image(1), image(2, "person", "secret"))


def step(**changes: object) -> Step:
    """A click on a widget that may be shown."""
    place = Place(x=4, y=5)
    action = Action(end=None, keys=(), kind=ActionKind.CLICK, place=place, scroll_x=0, scroll_y=0, text="")
    made = Step(
        action=action,
        after_image=1,
        app="app-1",
        at_ms=1000,
        command="Save",
        effects=(Effect(kind=EffectKind.POPUP_OPENED, name="Save as", role="dialog"),),
        frame_age_ms=0,
        frame_stale_ms=0,
        image=0,
        index=0,
        menu=("File",),
        site="site-1",
        target=Target(name="Save", place=Rectangle(height=8, width=8, x=0, y=0), role="push button"),
        window_title="<PERSON_1> - Settings",
    )
    return msgspec.structs.replace(made, **changes)


def episode(
    *, images: tuple[Image, ...] = IMAGES, steps: tuple[Step, ...] = (step(),), instruction: str = ""
) -> Episode:
    """A session of 20 seconds."""
    return Episode(
        duration_ms=20_000,
        ended=True,
        gaps=(Missed(count=1, from_ms=0, reason="paused", source="recorder", until_ms=900),),
        images=images,
        instruction=instruction,
        platform="linux-x11",
        profile=STRICT,
        scale_percent=(100,),
        session="7f" * 16,
        steps=steps,
        version=1,
    )


def frame(number: int, shown: Image) -> FrameReport:
    """What is told of an image on which four of five words were read well."""
    return FrameReport(
        at_ms=shown.at_ms,
        confidence_percent=90,
        image=number,
        kept_phrases=3,
        masks=masks_of((shown,)),
        second_findings=1,
        unread_percent=10 * number,
        words_read=5,
    )


def report(of: Episode | None = None, **changes: object) -> Report:
    """The report of a session, with these fields changed."""
    told = episode() if of is None else of
    frames = tuple(frame(number, shown) for number, shown in enumerate(told.images))
    made = Report(
        captured_from_ms=0,
        captured_until_ms=20_000,
        confidence=(0, 0, 1, 0, 0, 0, 0, 1, 3, 10),
        detectors=(DetectorCount(detector="identifiers", findings=4, texts=31),),
        entities=(EntityCount(category="person", distinct=2, found=5),),
        episode_digest=digest(canonical(told)),
        frames=frames,
        frames_dropped=1,
        frames_recorded=9,
        grant_digest="2" * 64,
        images=len(told.images),
        isolation=Isolation.NETNS,
        kept_phrases=9,
        lease_digest="3" * 64,
        lexicon_digest="4" * 64,
        masks=masks_of(told.images),
        mean_confidence_percent=90,
        not_examined=(
            NotExamined(number=1, reason="paused", source="recorder"),
            NotExamined(number=1, reason="classified", source="screen"),
            NotExamined(number=5, reason="not_needed", source="screen"),
        ),
        parts=(Part(name="rapidocr", sha256="", version="3.10.0"), Part(name="det.onnx", sha256="5" * 64, version="6")),
        policy_digest="6" * 64,
        profile=STRICT,
        reader="tesseract 5.5.0",
        residuals=(),
        second_findings=3,
        session=told.session,
        texts=(TextCount(category="person", channel=Channel.TITLE, number=2),),
        tool=TOOL,
        verifier="rapidocr 3.10.0",
        version=1,
        words_read=15,
    )
    return msgspec.structs.replace(made, **changes)
