"""The report's page says in words and plots what the report says, first of all whether it blocks approval."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any, Final

import msgspec
import pytest

from redaction.redacted import Channel, Isolation, Part, Report
from redaction.reports.page import FOLDED, report_page
from redaction.reports.page_style import STYLE
from tests.redaction.reports import LEFT, POLICY, episode, image, report
from vault.canonical import canonical, digest

CLEAR: Final = "Nothing in this report stands against approval."
BLOCKED: Final = "This report blocks approval."
FETCHING: Final = frozenset({"script", "img", "iframe", "object", "embed", "link", "base", "form", "audio", "video"})
VOID: Final = frozenset({"meta"})


class Outline(HTMLParser):
    """What a page is made of; an element that is not closed in its order is an error."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[tuple[str, str]] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((self._open[-1] if self._open else "", data))

    def named(self, tag: str) -> list[dict[str, str]]:
        """The attributes of all elements of a kind."""
        return [attributes for name, attributes in self.elements if name == tag]


def page(of: Report | None = None, **bounds: Any) -> str:  # noqa: ANN401
    """The page of a report under a policy with these bounds."""
    return report_page(report() if of is None else of, episode(), msgspec.structs.replace(POLICY, **bounds))


def rows(text: str) -> dict[str, list[str]]:
    """The rows of all tables by their heads."""
    found = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', text)
    return {head: re.findall(r"<td[^>]*>(.*?)</td>", cells) for head, cells in found}


def fact(name: str, **changes: Any) -> str:  # noqa: ANN401
    """What a page says under this name of a report with these changes."""
    (value,) = rows(page(report(**changes)))[name]
    return value


def test_it_says_first_that_nothing_stands_against_approval() -> None:
    assert CLEAR in page()
    assert page().index(CLEAR) < page().index("<h2>")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (page(report(residuals=(LEFT,))), "Redaction left something over in 2 places"),
        (page(max_unread_percent=5), "On 2 images more than 5 % of what was masked could not be read"),
        (page(report(images=7)), "The report counts other images or masks"),
        (page(report(isolation=Isolation.NONE)), "It was redacted in a process that could reach the network"),
    ],
)
def test_it_says_first_what_blocks_approval(text: str, reason: str) -> None:
    assert CLEAR not in text
    assert text.index(BLOCKED) < text.index(reason) < text.index("<h2>")


def test_what_the_policy_bears_is_said_though_it_does_not_block() -> None:
    text = page(report(residuals=(LEFT,)), max_residual=2)
    assert (CLEAR in text, "found 2 places, which the policy bears" in text) == (True, True)
    assert rows(text)["episode.steps[].window_title"] == ["person", "2"]


@pytest.mark.parametrize(
    ("isolation", "said"),
    [
        (Isolation.NETNS, "none (a namespace of its own)"),
        (Isolation.SECCOMP, "none (sockets refused by the kernel)"),
        (Isolation.NONE, "reachable: not exportable"),
    ],
)
def test_it_says_how_the_network_was_kept_away(isolation: Isolation, said: str) -> None:
    assert fact("Network during redaction", isolation=isolation) == said


@pytest.mark.parametrize(("verifier", "said"), [("rapidocr 3.10.0", "rapidocr 3.10.0"), ("", "none")])
def test_it_names_the_second_engine(verifier: str, said: str) -> None:
    assert fact("Second engine", verifier=verifier) == said


def test_it_says_what_the_second_engine_took_and_how_many_screens_were_dropped() -> None:
    assert fact("Masked since a second engine read it otherwise", second_findings=4) == "4"
    assert fact("Frames dropped: classified too highly", frames_dropped=7) == "7"


def test_it_counts_by_category_and_place() -> None:
    found = rows(page())
    assert found["person"] == ["3", "2", "2", "5"]
    assert found["secret"] == ["1", "0", "0", "0"]


def test_it_counts_by_image() -> None:
    assert rows(page())["2"] == ["0:03.0", "2", "3", "5", "90", "1", "20", "1", "1", "0"]


def test_it_says_in_words_what_was_not_examined_and_why() -> None:
    found = rows(page())
    assert found["everything not captured: the employee paused"] == ["1"]
    assert found["screens classified too highly: dropped, no image was made"] == ["1"]
    assert found["screens that no action needs: not examined, and they do not leave"] == ["5"]


def test_it_names_every_detector_with_what_it_examined_and_found() -> None:
    assert rows(page())["identifiers"] == ["31", "4"]


@pytest.mark.parametrize("field", ["episode", "grant", "lease", "lexicon", "policy"])
def test_digests_stand_in_full_and_folded(field: str) -> None:
    text = page()
    assert text.index("<details>") < text.index(getattr(report(), f"{field}_digest"))


def test_it_names_the_digest_that_an_approval_is_signed_over() -> None:
    assert fact("This report") == digest(canonical(report()))


def test_packages_and_models_stand_with_versions_and_digests() -> None:
    assert rows(page())["det.onnx"] == ["6", "5" * 64]
    assert rows(page())["rapidocr"] == ["3.10.0", "package"]


def test_the_same_report_gives_the_same_page() -> None:
    assert page() == page()


def test_it_asks_for_nothing_and_runs_nothing() -> None:
    outline = Outline(page())
    assert {tag for tag, _ in outline.elements} & FETCHING == set()
    names = {name for _, attributes in outline.elements for name in attributes}
    assert not {name for name in names if name.startswith("on") or name in {"href", "src", "srcset", "style"}}
    assert "url(" not in STYLE
    assert "@import" not in STYLE


def test_its_policy_lets_nothing_through_but_its_own_style() -> None:
    outline = Outline(page())
    (rules,) = (one["content"] for one in outline.named("meta") if "http-equiv" in one)
    (style,) = (text for tag, text in outline.texts if tag == "style")
    seal = b64encode(sha256(style.encode()).digest()).decode()
    assert rules == f"default-src 'none'; style-src 'sha256-{seal}'; base-uri 'none'; form-action 'none'"


def contrast(one: str, other: str) -> float:
    """How far two colours are apart in lightness (WCAG 2.2, contrast ratio)."""
    dark, light = sorted((_lightness(one), _lightness(other)))
    return (light + 0.05) / (dark + 0.05)


def _lightness(colour: str) -> float:
    digits = colour.removeprefix("#")
    pairs = [digit * 2 for digit in digits] if len(digits) == 3 else [digits[at : at + 2] for at in (0, 2, 4)]
    shares = [int(pair, 16) / 255 for pair in pairs]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


PALETTES: Final = [dict(re.findall(r"--([a-z-]+):(#[0-9a-f]+)", part)) for part in STYLE.split(":root")[1:]]


@pytest.mark.parametrize("colours", PALETTES, ids=["light", "dark", "print"])
def test_text_and_bars_stand_out(colours: dict[str, str]) -> None:
    plain = [("ink", "paper"), ("soft", "paper"), ("ink", "good-paper"), ("ink", "bad-paper")]
    texts = [*plain, ("good", "good-paper"), ("bad", "bad-paper")]
    assert min(contrast(colours[one], colours[other]) for one, other in texts) >= 4.5
    assert min(contrast(colours[one], colours["paper"]) for one in ("bar", "limit", "good", "bad")) >= 3


def test_each_plot_has_a_title_and_a_description() -> None:
    outline = Outline(page())
    ids = {attributes["id"] for _, attributes in outline.elements if "id" in attributes}
    plots = outline.named("svg")
    assert len(plots) == 3
    assert all(plot["role"] == "img" and set(plot["aria-labelledby"].split()) <= ids for plot in plots)


def test_every_table_has_a_caption_and_heads() -> None:
    outline = Outline(page())
    assert len(outline.named("caption")) == len(outline.named("table"))
    assert all(one.get("scope") in {"row", "col"} for one in outline.named("th"))


def test_a_long_table_of_images_is_folded_at_first_and_a_short_one_is_not() -> None:
    session = episode(images=tuple(image(number) for number in range(FOLDED + 1)))
    assert "<details><summary>17 images" in report_page(report(session), session, POLICY)
    assert "<details open><summary>3 images" in page()


def test_an_empty_session_has_a_page() -> None:
    session = episode(images=(), steps=())
    made = report(session, texts=(), entities=(), not_examined=(), confidence=(), parts=(), detectors=())
    text = report_page(made, session, POLICY)
    assert CLEAR in text
    assert Outline(text).named("svg") == []


HOSTILE: Final = '<script>alert("1")</script>\x1b'


def test_a_report_of_a_hostile_device_is_only_text() -> None:
    made = report(
        tool=HOSTILE,
        reader=HOSTILE,
        verifier=HOSTILE,
        session=HOSTILE,
        grant_digest=HOSTILE,
        parts=(Part(HOSTILE, HOSTILE, HOSTILE),),
        residuals=(msgspec.structs.replace(LEFT, field=HOSTILE, category=HOSTILE),),
        masks=(msgspec.structs.replace(report().masks[0], category=HOSTILE),),
        not_examined=(msgspec.structs.replace(report().not_examined[0], reason=HOSTILE),),
        detectors=(msgspec.structs.replace(report().detectors[0], detector=HOSTILE),),
        entities=(msgspec.structs.replace(report().entities[0], category=HOSTILE),),
    )
    text = page(made)
    assert BLOCKED in text
    assert Outline(text).named("script") == []


@pytest.mark.parametrize("number", [-5, 10**15])
def test_numbers_that_cannot_be_stay_inside_the_plots(number: int) -> None:
    frames = tuple(
        msgspec.structs.replace(
            one, unread_percent=number, masks=(msgspec.structs.replace(report().masks[0], number=number),)
        )
        for one in report().frames
    )
    text = page(report(frames=frames, confidence=(number,) * 3))
    heights = [float(bar["height"]) for bar in Outline(text).named("rect")]
    assert all(0 <= height <= 100 for height in heights)


def test_every_channel_has_words() -> None:
    texts = tuple(msgspec.structs.replace(report().texts[0], channel=channel) for channel in Channel)
    assert rows(page(report(texts=texts)))["person"] == ["3", *["2"] * len(Channel), "2", "5"]
