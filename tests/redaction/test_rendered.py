"""On pages that a browser rendered, sensitive words do not survive a second reading, and the interface does."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from redaction.detectors import light_detectors
from redaction.images.pixels import MaskedFrame
from redaction.lexicon import load_lexicon
from redaction.readers.base import Pixels
from redaction.readers.tesseract import TesseractReader
from tests.redaction.drawing import mask_frame

MENU = ("File", "Edit", "View", "Help")
BUTTONS = ("Reply", "Save", "Cancel", "Print")
HEADINGS = ("Date", "Description", "Amount", "Status")
SENSITIVE = (
    "Margaret Thornhill",
    "m.thornhill@example.org",
    "14 Kingfisher Lane",
    "$1,280.00",
    "4532-1234-5678-9012",
    "123-45-6789",
    "ghp_abcdEFGH1234567890",
    "Overdue",
)
PROSE = "Ask Will about the report before Grace leaves, she moved to Lisbon with Hope"
THEMES = {"light": ("#ffffff", "#222222", "#eeeeee"), "dark": ("#1e1e1e", "#dddddd", "#333333")}


def _page(size: int, theme: str) -> str:
    paper, pen, bar = THEMES[theme]
    menu = "".join(f'<span style="margin-right:2em">{word}</span>' for word in MENU)
    buttons = "".join(
        f'<button style="font:inherit;padding:5px 12px;margin-right:12px;border:1px solid #888;border-radius:4px;'
        f'background:{bar};color:{pen}">{word}</button>'
        for word in BUTTONS
    )
    headings = "".join(f'<th style="padding:5px 14px;border:1px solid #888">{word}</th>' for word in HEADINGS)
    cells = "".join(f'<td style="padding:5px 14px;border:1px solid #888">{word}</td>' for word in SENSITIVE[2:6])
    form = "".join(f"<p>Name: <span style='margin-left:30px'>{word}</span></p>" for word in SENSITIVE)
    return (
        f"<body style=\"margin:0;background:{paper};color:{pen};font:{size}px 'DejaVu Sans'\">"
        f'<div style="background:{bar};padding:6px">{menu}</div><div style="padding:20px">{buttons}{form}'
        f'<table style="border-collapse:collapse;font:inherit"><tr>{headings}</tr><tr>{cells}</tr></table>'
        f"<p>{PROSE}</p></div></body>"
    )


@pytest.fixture(scope="module")
def reader() -> TesseractReader:
    return TesseractReader()


@pytest.fixture(
    scope="module",
    params=[(11, "light"), (13, "light"), (16, "light"), (13, "dark")],
    ids=lambda value: f"{value[0]}px-{value[1]}",
)
def rendered(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Pixels:
    folder: Path = tmp_path_factory.mktemp("page")
    (folder / "page.html").write_text(_page(*request.param), encoding="utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=1000,700"]
    subprocess.run(
        ["chromium", *options, f"--user-data-dir={folder}/profile", f"--screenshot={folder}/page.png",
         f"file://{folder}/page.html"],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    return np.asarray(Image.open(folder / "page.png").convert("RGB"), np.uint8)


@pytest.fixture(scope="module")
def frame(rendered: Pixels, reader: TesseractReader) -> MaskedFrame:
    return mask_frame(rendered, reader=reader, lexicon=load_lexicon(), detectors=light_detectors())


def _read(pixels: Pixels, reader: TesseractReader) -> str:
    return " ".join(word.text for line in reader.read(pixels) for word in line.words).casefold()


def test_sensitive_words_do_not_survive_a_second_reading(frame: MaskedFrame, reader: TesseractReader) -> None:
    again = _read(frame.pixels, reader)
    words = {word for text in (*SENSITIVE, PROSE) for word in re.findall(r"\w{4,}", text.casefold())}
    assert {word for word in words - {"report"} if word in again} == set()


def test_sensitive_words_do_not_survive_enlargement(frame: MaskedFrame, reader: TesseractReader) -> None:
    again = _read(np.ascontiguousarray(frame.pixels.repeat(2, axis=0).repeat(2, axis=1)), reader)
    assert not any(word in again for word in ("thornhill", "kingfisher", "4532", "hp_ab", "lisbon", "grace"))


def test_names_inside_sentences_go_though_they_are_words(frame: MaskedFrame) -> None:
    assert not {"Will", "Grace", "Ask", "report"} & set(frame.kept)


def test_menus_buttons_and_headings_stay(frame: MaskedFrame) -> None:
    kept = set(frame.kept)
    wanted = {*MENU, *BUTTONS, *HEADINGS}
    assert len(wanted & kept) >= len(wanted) - 1


def test_a_blank_part_of_the_screen_stays(frame: MaskedFrame, rendered: Pixels) -> None:
    assert (frame.pixels[-20:, -200:] == rendered[-20:, -200:]).all()
