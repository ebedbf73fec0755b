"""The report as one HTML file: no image, no script, nothing fetched; counts, versions and digests only.

A `Report`, the numbers of its `Episode` and the policy's bounds enter; a text of the session never does. What stands
against approval is said first, by the same function that approval and the gate ask. The same report gives the same
page: there is no time of making on it and no name. Whoever made the report is not trusted, so all of it is escaped.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from html import escape
from types import MappingProxyType
from typing import Final

from consent.documents import Policy
from redaction.redacted import Channel, Count, Episode, FrameReport, Isolation, Report
from redaction.reports.bounds import left_over, over_bounds
from redaction.reports.markup import facts, folded, section, table
from redaction.reports.page_style import STYLE
from redaction.reports.plots import Plot, Row, svg
from vault.canonical import canonical, digest

_NETWORK: Final = MappingProxyType(
    {
        Isolation.NETNS: "none (a namespace of its own)",
        Isolation.SECCOMP: "none (sockets refused by the kernel)",
        Isolation.NONE: "reachable: not exportable",
    }
)
_CATEGORIES: Final = MappingProxyType({"ai_prompt": "AI\u00a0prompt", "hr": "HR"})
"""Categories that are not called by their own word."""
_CHANNELS: Final = MappingProxyType(
    {
        Channel.TITLE: "window titles",
        Channel.URL: "addresses",
        Channel.NAME: "names of widgets and commands",
        Channel.TYPED: "typed text",
        Channel.INSTRUCTION: "the task's description",
    }
)
_WHY: Final = MappingProxyType(
    {
        ("screen", "classified"): "screens classified too highly: dropped, no image was made",
        ("screen", "not_needed"): "screens that no action needs: not examined, and they do not leave",
        ("screen", "unread"): "images with places that no engine read: those places are masked",
        ("elements", "no_widget"): "actions of which no accessibility tree told the widget",
    }
)
_REASONS: Final = MappingProxyType(
    {
        "not_allowed": "not on the employee's allow-list",
        "password_field": "a password field had the focus",
        "unknown_focus": "nobody knew what had the focus",
        "unknown_owner": "nobody knew whose window it was",
        "screen_changed": "windows changed while pixels were taken",
        "source_failed": "a part of the recorder failed",
        "overflow": "more came than could be kept",
        "paused": "the employee paused",
        "budget": "the limit on power or data was reached",
    }
)
_SOURCES: Final = MappingProxyType(
    {"elements": "widgets", "keyboard": "keys", "recorder": "everything", "windows": "window titles"}
)
FOLDED: Final = 16
"""A table of images with more rows than this is folded at first."""


def report_page(report: Report, episode: Episode, policy: Policy) -> str:
    """The page as text; it opens offline and asks for nothing."""
    seal = b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    rules = f"default-src 'none'; style-src 'sha256-{seal}'; base-uri 'none'; form-action 'none'"
    sections = (
        _verdict(report, episode, policy),
        _figures(report, episode),
        _by_category(report),
        _masks(report),
        _reading(report, policy),
        _not_examined(report),
        _images(report),
        _making(report, policy),
        _digests(report),
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{rules}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">'
        f"<title>Redaction report {escape(report.session)}</title><style>{STYLE}</style></head>\n"
        f'<body><header><h1>Redaction report</h1><p class="lead">Session <code>{escape(report.session)}</code>'
        f"</p></header>\n<main>{chr(10).join(sections)}</main></body></html>\n"
    )


def _verdict(report: Report, episode: Episode, policy: Policy) -> str:
    """What stands against approval, or that nothing does."""
    against = over_bounds(episode, report, policy)
    if report.isolation is Isolation.NONE:
        against = (*against, "it was redacted in a process that could reach the network, which no export takes")
    if against:
        items = "".join(f"<li>{escape(reason[:1].upper() + reason[1:])}.</li>" for reason in against)
        return (
            f'<section class="verdict bad" aria-label="Verdict"><p><strong>This report blocks approval.</strong></p>'
            f"<ul>{items}</ul></section>"
        )
    found = left_over(report)
    last = "found nothing left over" if not found else f"found {found} places, which the policy bears"
    return (
        '<section class="verdict good" aria-label="Verdict"><p><strong>Nothing in this report stands against approval.'
        f"</strong></p><p>The last look at every field that leaves {last}. A report only counts: what an image shows, "
        "only your eyes can tell. Look at each image before you sign.</p></section>"
    )


def _figures(report: Report, episode: Episode) -> str:
    """The few numbers that tell most."""
    figures = (
        (str(len(episode.steps)), "actions"),
        (str(report.images), "images"),
        (str(_sum(report.masks)), "masks on images"),
        (str(sum(text.number for text in report.texts)), "masks in texts"),
        (str(sum(entity.distinct for entity in report.entities)), "different values found"),
        (str(left_over(report)), "places left over"),
    )
    cards = "".join(f"<div><dt>{name}</dt><dd>{escape(number)}</dd></div>" for number, name in figures)
    rows = (
        ("Length", _clock(episode.duration_ms)),
        ("Recording ended normally", "yes" if episode.ended else "no: it was cut off"),
        ("Frames recorded", str(report.frames_recorded)),
        ("Frames redacted and kept", str(report.images)),
        ("Frames dropped: classified too highly", str(report.frames_dropped)),
        ("Interface phrases kept", str(report.kept_phrases)),
        ("Words read", str(report.words_read)),
        ("Mean confidence of the reader", f"{report.mean_confidence_percent} %"),
        ("Masked since a second engine read it otherwise", str(report.second_findings)),
    )
    return section("What was made", f'<dl class="figures">{cards}</dl>{facts("What was made", rows)}')


def _masks(report: Report) -> str:
    """Masks over time, a line of bars for each category."""
    if not report.masks:
        return section("Masks over time", "<p>Nothing was masked on the images.</p>")
    plot = Plot(
        name="masks",
        title="Masks on each image, by category",
        about="One line of bars for each category, one bar for each image in order of time; a bar of full height is "
        "the largest number of its line. The table of images has the numbers.",
        rows=tuple(_mask_row(report, count) for count in _by_number(report.masks)),
        ticks=tuple(_clock(frame.at_ms) for frame in report.frames),
        height=24,
    )
    return section(
        "Masks over time",
        f"<figure>{svg(plot)}<figcaption>Each bar is one image, in order of time (minutes and seconds). Behind each "
        "line stand all its masks and the most on one image.</figcaption></figure>",
    )


def _mask_row(report: Report, count: Count) -> Row:
    values = tuple(_number(frame.masks, count.category) for frame in report.frames)
    most = max((*values, 0))
    return Row(_word(count.category), values, f"{count.number}, most {most}", most)


def _by_category(report: Report) -> str:
    """What was masked, on images and in the texts of each channel, and how many different values were found."""
    channels = tuple(channel for channel in Channel if any(text.channel is channel for text in report.texts))
    numbers = {(text.category, text.channel): text.number for text in report.texts}
    values = {entity.category: (entity.distinct, entity.found) for entity in report.entities}
    categories = sorted({*(count.category for count in report.masks), *(one for one, _ in numbers), *values})
    if not categories:
        return section("By category", "<p>Nothing was masked, and nothing sensitive was found.</p>")
    rows = tuple(
        (
            _word(category),
            str(_number(report.masks, category)),
            *(str(numbers.get((category, channel), 0)) for channel in channels),
            *map(str, values.get(category, (0, 0))),
        )
        for category in categories
    )
    heads = ("Category", "on images", *(_CHANNELS[channel] for channel in channels), "different values", "found in all")
    about = (
        "<p><em>Unknown</em> is what was not read, or not recognised as safe. A value is one name, number or secret of "
        "the session; it has the same placeholder wherever it was found, and nothing links it to another session.</p>"
    )
    return section("By category", table("What was masked, by category and place", heads, rows) + about)


def _reading(report: Report, policy: Policy) -> str:
    """How sure the reader was, and what no engine read."""
    if not report.frames:
        return section("How well it was read", "<p>There are no images, so nothing was read.</p>")
    bins = len(report.confidence)
    ranges = tuple(f"{100 * at // bins}\u2013{100 * (at + 1) // bins}" for at in range(bins))
    listed = table(
        "Words by the reader's confidence",
        ("Confidence, %", "words"),
        tuple((name, str(number)) for name, number in zip(ranges, report.confidence, strict=True)),
    )
    sure = Plot(
        name="confidence",
        title="Words by the reader's confidence",
        about="Bars from 0 to 100 percent of confidence. The table below has the numbers.",
        rows=(Row("words", report.confidence, "", max((*report.confidence, 1))),),
        ticks=ranges,
        height=90,
        is_labelled=True,
    )
    unread = Plot(
        name="unread",
        title="Share of what was masked that no engine read, in percent, by image",
        about="One bar for each image in order of time, from 0 to 100 percent. The table of images has the numbers.",
        rows=(Row("unread", tuple(frame.unread_percent for frame in report.frames), _highest(report.frames), 100),),
        ticks=tuple(_clock(frame.at_ms) for frame in report.frames),
        height=70,
        limit=policy.max_unread_percent,
    )
    second = (
        f"A second engine, {escape(report.verifier)}, looked at all that was to stay; in {report.second_findings} "
        "places it read otherwise, and they were masked."
        if report.verifier
        else "No second engine looked at what was to stay."
    )
    return section(
        "How well it was read",
        f"<figure>{svg(sure)}<figcaption>Words read, by the confidence of {escape(report.reader)} in percent. What it "
        f"read poorly is masked. {second}</figcaption></figure>{folded('The words in numbers', listed, is_open=False)}"
        f"<figure>{svg(unread)}<figcaption>Share of the masked writing that no engine read, by image. It is masked all "
        f"the same. The line is the policy's bound: {policy.max_unread_percent} %.</figcaption></figure>",
    )


def _highest(frames: tuple[FrameReport, ...]) -> str:
    return f"most {max((*(frame.unread_percent for frame in frames), 0))} %"


def _not_examined(report: Report) -> str:
    """What nobody looked at and why, and what the last look found."""
    rows = tuple((_why(one.source, one.reason), str(one.number)) for one in report.not_examined)
    body = (
        table("What was not examined, and why", ("What, and why", "number"), rows)
        if rows
        else "<p>Nothing: all was.</p>"
    )
    left = tuple((one.field, _word(one.category), str(one.number)) for one in report.residuals)
    rest = (
        table("What the last look found", ("Field", "Category", "number"), left, wide=True)
        if left
        else "<p>Every field of the session and of this report was looked at once more, by the detectors and by a hunt "
        "for all that was found in the session: nothing is left over.</p>"
    )
    return section("What was not examined", body) + section("What is left over", rest)


def _why(source: str, reason: str) -> str:
    """What was not examined and why, in words."""
    what = f"{_SOURCES.get(source, source)} not captured: {_REASONS.get(reason, reason)}"
    return _WHY.get((source, reason), what)


def _images(report: Report) -> str:
    """The numbers of each image."""
    if not report.frames:
        return section("The images in numbers", "<p>There are no images.</p>")
    categories = tuple(count.category for count in _by_number(report.masks))
    told = ("Image", "at", "masks", "phrases kept", "words read", "confidence, %", "second engine", "unread, %")
    rows = tuple(
        (
            str(frame.image),
            _clock(frame.at_ms),
            str(_sum(frame.masks)),
            str(frame.kept_phrases),
            str(frame.words_read),
            str(frame.confidence_percent),
            str(frame.second_findings),
            str(frame.unread_percent),
            *(str(_number(frame.masks, category)) for category in categories),
        )
        for frame in report.frames
    )
    heads = (*told, *map(_word, categories))
    numbers = table("Masks, phrases kept and words read by image, then masks by category", heads, rows)
    return section("The images in numbers", folded(f"{len(rows)} images", numbers, is_open=len(rows) <= FOLDED))


def _making(report: Report, policy: Policy) -> str:
    """With what, and under which bounds, it was made."""
    rows = (
        ("Profile", report.profile),
        ("Network during redaction", _NETWORK[report.isolation]),
        ("Tool", report.tool),
        ("Reader", report.reader),
        ("Second engine", report.verifier or "none"),
        ("Places left over that the policy bears", str(policy.max_residual)),
        ("Unread share of an image that the policy bears", f"{policy.max_unread_percent} %"),
    )
    found = tuple((one.detector, str(one.texts), str(one.findings)) for one in report.detectors)
    detectors = table("Detectors", ("Detector", "different texts examined", "findings"), found)
    return section("How it was made", facts("How it was made", rows) + detectors)


def _digests(report: Report) -> str:
    """All digests in full, folded."""
    rows = (
        ("This report", digest(canonical(report))),
        ("Session without its pixels", report.episode_digest),
        ("Consent", report.grant_digest),
        ("Lease", report.lease_digest),
        ("Policy", report.policy_digest),
        ("Lexicon", report.lexicon_digest),
    )
    parts = tuple((part.name, part.version, part.sha256 or "package") for part in report.parts)
    listed = table("Packages, models and lists", ("Part", "version", "SHA-256"), parts, wide=True)
    return section(
        "Digests and versions",
        folded("Digests (SHA-256)", facts("Digests", rows), is_open=False)
        + folded(f"{len(parts)} packages, models and lists", listed, is_open=False),
    )


def _word(category: str) -> str:
    return _CATEGORIES.get(category, category)


def _by_number(counts: tuple[Count, ...]) -> tuple[Count, ...]:
    """The counts, largest first, and by name where they are equal."""
    return tuple(sorted(counts, key=_descending))


def _descending(count: Count) -> tuple[int, str]:
    return -count.number, count.category


def _number(counts: tuple[Count, ...], category: str) -> int:
    return sum(count.number for count in counts if count.category == category)


def _sum(counts: tuple[Count, ...]) -> int:
    return sum(count.number for count in counts)


def _clock(at_ms: int) -> str:
    """Minutes, seconds and tenths."""
    minutes, rest = divmod(at_ms, 60_000)
    return f"{minutes}:{rest / 1000:04.1f}"
