"""The benchmark masks screens in a process of its own, scores them, and tells what it measured."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from benchmarks.redaction_contenders import DidNotRedact, redact
from benchmarks.redaction_scoring import Work, score_one
from benchmarks.screens.truth import Half, TrueWord, Truth, load, save
from redaction.spans import Box

FONT = "DejaVuSans.ttf"
WORDS = (("Settings", "chrome", 30), ("Margaret", "person", 90), ("Thornhill", "person", 150))


def _draw(folder: Path, look: str, paper: int, ink: int) -> None:
    picture = Image.new("RGB", (320, 200), (paper, paper, paper))
    pen, font = ImageDraw.Draw(picture), ImageFont.truetype(FONT, 15)
    words = []
    for text, category, top in WORDS:
        pen.text((40, top), text, font=font, fill=(ink, ink, ink))
        left, upper, right, lower = pen.textbbox((40, top), text, font=font)
        words.append(TrueWord(text, Box(int(left), int(upper), int(right - left), int(lower - upper)), category, 1))
    path = folder / "drawn.png"
    picture.save(path)
    save(folder, Truth("page", look, Half.TUNING, 1.0, tuple(words), (), ()), path.read_bytes())
    path.unlink()


@pytest.fixture(scope="module")
def screens(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("screens")
    _draw(folder, "light", 255, 30)
    _draw(folder, "dark", 30, 225)
    return folder


def test_two_screens_are_masked_scored_and_told(screens: Path, tmp_path: Path) -> None:
    told = tmp_path / "told.json"
    done = subprocess.run(
        (sys.executable, "-m", "benchmarks.redaction", "--half", "tuning", "--screens", str(screens),
         "--only", "optin", "--only", "none", "--skip-reading", "--skip-session", "--scorers", "1", "--lost",
         "--json", str(told)),
        cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    facts = json.loads(told.read_text(encoding="utf-8"))
    leaked = facts["table"]["words that leak, %"]
    assert (leaked["optin"]["count"], leaked["none"]["count"], leaked["none"]["of"]) == (0, 4, 4)
    chrome = facts["table"]["chrome kept, %"]
    assert chrome["optin"] == chrome["none"]
    assert facts["environment"]["screens"] == 2
    assert len(facts["contenders"]["optin"]["times"]) == 2
    assert "words that leak" in done.stdout
    assert facts["environment"]["lexicon"] in done.stdout


def test_a_contender_that_fails_ends_the_benchmark(screens: Path, tmp_path: Path) -> None:
    with pytest.raises(DidNotRedact, match="optin ended with code 1"):
        redact("optin", screens, tmp_path, names=["missing.png"])


def test_a_screen_without_an_output_was_dropped(screens: Path, tmp_path: Path) -> None:
    picture, truth = load(screens)[0]
    found = score_one(Work(picture, truth, tmp_path / "none.png", None))
    assert found.dropped
    assert not any(word.leaks or word.is_kept for word in found.score.words)


def test_words_lost_on_the_held_out_half_are_not_told() -> None:
    done = subprocess.run(
        (sys.executable, "-m", "benchmarks.redaction", "--lost"),
        cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 2
    assert "tuning" in done.stderr
