"""Every detector examines every text; one that fails, hangs or is silent about a text stops everything."""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from redaction.detectors.base import DetectorError, Role
from redaction.examine import Examiner
from redaction.spans import Category, TextSpan

CANARY = "Qxwvz"


@dataclass(frozen=True, slots=True)
class FakeDetector:
    """Finds a word, and remembers which texts it was given."""

    word: str
    name: str = "fake"
    role: Role = Role.DENY
    seen: list[str] = field(default_factory=list)

    def find(self, text: str) -> tuple[TextSpan, ...]:
        """Each place of the word."""
        self.seen.append(text)
        return tuple(TextSpan(*match.span(), Category.PERSON) for match in re.finditer(re.escape(self.word), text))


@dataclass(frozen=True, slots=True)
class FakeFailing:
    """Does something else than examine."""

    act: Callable[[str], object]
    name: str = "failing"
    role: Role = Role.DENY

    def find(self, text: str) -> tuple[TextSpan, ...]:
        """Nothing, after whatever it does."""
        self.act(text)
        return ()


@dataclass(frozen=True, slots=True)
class FakeBatched(FakeDetector):
    """Examines texts together."""

    lost: int = 0

    def find_many(self, texts: tuple[str, ...]) -> tuple[tuple[TextSpan, ...], ...]:
        """What is found in each text, but for the last ones that it loses."""
        return tuple(self.find(text) for text in texts[: len(texts) - self.lost])


def found(text: str, *words: str) -> list[str]:
    """The stretches of a text that detectors of these words find."""
    (findings,) = Examiner(tuple(FakeDetector(word) for word in words)).examine((text,))
    return [text[one.span.start : one.span.end] for one in findings]


def test_what_one_detector_finds_takes_nothing_from_another() -> None:
    assert found("Ann and Ann Lee", "Ann", "Ann Lee") == ["Ann", "Ann", "Ann Lee"]


@pytest.mark.parametrize(
    ("text", "stretch"),
    [
        ("to \uff11\uff12\uff13\uff14 now", "\uff11\uff12\uff13\uff14"),
        ("to 1\u200b2\u200b34 now", "1\u200b2\u200b34"),
        ("\U0001f600 1234", "1234"),
    ],
)
def test_detectors_read_the_folded_text_and_places_count_in_the_text_itself(text: str, stretch: str) -> None:
    assert found(text, "1234") == [stretch]


def test_each_text_is_examined_once() -> None:
    detector = FakeDetector("Ann")
    examiner = Examiner((detector,))
    examiner.examine(("Ann", "Lee", "Ann"))
    assert examiner.examine(("Ann",))[0]
    assert detector.seen == ["Ann", "Lee"]
    assert (examiner.examined, examiner.found) == (2, {"fake": 1})


def test_texts_that_are_examined_together_keep_their_order() -> None:
    texts = tuple(f"{'x' * number} Ann" for number in range(300))
    findings = Examiner((FakeBatched("Ann"),)).examine(texts)
    assert [one.span.start for (one,) in findings] == [number + 1 for number in range(300)]


def quote(text: str) -> None:
    raise ValueError(text)


def work_for_ever(text: str) -> None:
    while text:
        pass


def backtrack(text: str) -> None:
    re.search(r"(x+x+)+y", "x" * 64 + text)


@pytest.mark.parametrize(
    ("act", "word"),
    [
        pytest.param(quote, "failed", id="raises"),
        pytest.param(work_for_ever, "end", id="loops"),
        pytest.param(backtrack, "end", id="backtracks"),
    ],
)
def test_a_detector_that_raises_or_hangs_stops_everything_without_a_text(
    act: Callable[[str], object], word: str
) -> None:
    examiner = Examiner((FakeDetector("Ann"), FakeFailing(act)), seconds=0.2)
    with pytest.raises(DetectorError, match=word) as caught:
        examiner.examine((CANARY,))
    assert CANARY not in f"{caught.value!r}{caught.value.__cause__}{caught.getrepr(chain=False)}"
    assert "the detector failing" in str(caught.value)


def test_a_detector_that_is_silent_about_a_text_stops_everything() -> None:
    with pytest.raises(DetectorError, match="every text"):
        Examiner((FakeBatched("Ann", lost=1),)).examine(("Ann", "Lee"))


def test_after_a_failure_the_text_still_counts_as_not_examined() -> None:
    examiner = Examiner((FakeFailing(quote),))
    for _ in range(2):
        with pytest.raises(DetectorError):
            examiner.examine((CANARY,))


def test_code_that_never_gives_way_is_ended_with_its_process() -> None:
    """As a library may: it waits without ever looking at signals. What is written then names no value."""
    stuck = """
        import ctypes, sys
        from redaction.detectors.timed import time_limit
        with time_limit(0.05):
            ctypes.PyDLL(None).sleep(60)
    """
    ended = subprocess.run(
        (sys.executable, "-c", textwrap.dedent(stuck)), check=False, capture_output=True, text=True, timeout=30
    )
    assert ended.returncode == 1
    assert "Timeout" in ended.stderr
