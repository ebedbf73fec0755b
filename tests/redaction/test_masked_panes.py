"""A pane that is private goes from the picture as a whole, with the interface phrases in it."""

from __future__ import annotations

import pytest

from redaction.images.pixels import About, Focus, MaskedFrame, Masker, MaskTools
from redaction.lexicon import load_lexicon
from redaction.readers.fake import FakeReader
from redaction.spans import Box, Category
from tests.redaction.drawing import Canvas, shows

LEXICON = load_lexicon()


def record(*lines: str) -> Canvas:
    """A window with a menu at the top and a column of lines and a button below it."""
    canvas = Canvas(800, 600)
    canvas.line("Settings", 10, 10)
    for number, text in enumerate(lines):
        canvas.line(text, 60, 300 + 24 * number)
    canvas.line("Save", 500, 500)
    return canvas


NOTHING = About()
SCREEN = Box(0, 0, 800, 600)


def focused(app: str, *, title: str = "", url: str = "", area: Box = SCREEN) -> About:
    """What is known of a screen on which this window has the focus."""
    return About(focus=Focus(area, app, title, url))


def masked(canvas: Canvas, about: About = NOTHING) -> MaskedFrame:
    return Masker(MaskTools(FakeReader(tuple(canvas.words)), LEXICON, ())).mask(canvas.pixels, about=about)


def test_an_interface_phrase_stays_beside_what_is_not_private() -> None:
    assert set(masked(record("Quarterly numbers of the shop", "as they were told")).kept) == {"Settings", "Save"}


def test_two_medical_terms_that_stand_together_take_their_pane() -> None:
    canvas = record("Metformin 500 mg twice daily", "Type 2 diabetes mellitus")
    frame = masked(canvas)
    assert Category.MEDICAL in {mask.category for mask in frame.masks}
    assert "Settings" in frame.kept
    assert not any(shows(frame.pixels, word.box) for words in canvas.words[1:3] for word in words)


@pytest.mark.parametrize(
    ("about", "category"),
    [
        pytest.param(focused("slack", title="team - Slack"), Category.CHAT, id="programme"),
        pytest.param(focused("chromium", url="https://chatgpt.com/c/1"), Category.AI_PROMPT, id="site"),
        pytest.param(focused("chromium", url="https://mail.google.com/mail/u/0"), Category.CHAT, id="mail"),
    ],
)
def test_a_private_programme_or_site_loses_all_but_its_menus(about: About, category: Category) -> None:
    frame = masked(record("See you at the river then"), about)
    assert "Save" not in frame.kept
    assert category in {mask.category for mask in frame.masks}


def test_the_same_screen_is_masked_anew_when_another_window_has_the_focus() -> None:
    canvas = record("See you at the river then")
    masker = Masker(MaskTools(FakeReader(tuple(canvas.words)), LEXICON, ()))
    assert "Save" in masker.mask(canvas.pixels, about=focused("gedit")).kept
    assert "Save" not in masker.mask(canvas.pixels, about=focused("slack")).kept


def test_beside_a_private_window_other_windows_keep_their_phrases() -> None:
    left = Box(0, 250, 400, 350)
    assert "Save" in masked(record("See you at the river then"), focused("slack", area=left)).kept


def test_a_private_pane_around_the_window_in_use_does_not_take_that() -> None:
    """A small window lies on one that shows a patient's record."""
    small = focused("gedit", area=Box(450, 450, 200, 99))
    frame = masked(record("Metformin 500 mg twice daily", "Type 2 diabetes"), small)
    assert "Save" in frame.kept
    assert Category.MEDICAL in {mask.category for mask in frame.masks}
