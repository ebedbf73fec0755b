"""A word leaks by the ink of it that shows, however the output came about."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from benchmarks.redaction_score import ScreenScore, edges_of, ink_of, score
from benchmarks.screens.truth import Half, Target, TrueWord, Truth
from redaction.spans import Box, box_of

Pixels = npt.NDArray[np.uint8]

WORD = Box(40, 30, 90, 22)
PAPER, INK = 250, 40


def screen(ink: int = INK, *, paper: int = PAPER) -> Pixels:
    """A word in its box on plain paper."""
    rgb = np.full((90, 200, 3), paper, np.uint8)
    cv2.putText(rgb, "Thornhill", (WORD.x, WORD.bottom - 7), cv2.FONT_HERSHEY_SIMPLEX, 0.55, (ink, ink, ink))
    return rgb


def truth(*words: TrueWord, targets: tuple[Target, ...] = ()) -> Truth:
    return Truth("page", "light", Half.TUNING, 1.0, words, targets, ())


def scored(raw: Pixels, out: Pixels | None, *, category: str = "person", box: Box = WORD) -> ScreenScore:
    return score(raw, out, truth(TrueWord("Thornhill", box, category, 1)))


def masked(rgb: Pixels, box: Box, fill: int = 128) -> Pixels:
    out = rgb.copy()
    out[box.y : box.bottom, box.x : box.right] = fill
    return out


def test_a_word_that_was_left_alone_leaks_and_is_whole() -> None:
    (word,) = scored(screen(), screen()).words
    assert (word.shown, word.leaks, word.is_kept) == (1.0, True, True)


@pytest.mark.parametrize("fill", [0, 128, INK, PAPER], ids=["black", "grey", "the ink's colour", "the page's colour"])
def test_a_masked_word_does_not_leak_whatever_the_colour_of_the_mask(fill: int) -> None:
    (word,) = scored(screen(), masked(screen(), WORD, fill)).words
    assert word.shown < 0.05
    assert not word.leaks


def test_a_word_of_the_grey_of_the_mask_does_not_leak_under_it() -> None:
    raw = screen(120)
    (word,) = scored(raw, masked(raw, WORD, 128)).words
    assert not word.leaks


def test_half_a_mask_lets_a_word_leak() -> None:
    (word,) = scored(screen(), masked(screen(), Box(WORD.x, WORD.y, WORD.width // 2, WORD.height))).words
    assert 0.3 < word.shown < 0.7
    assert word.leaks
    assert not word.is_kept


def test_a_mask_with_padding_around_it_hides_no_less() -> None:
    (word,) = scored(screen(), masked(screen(), WORD.grown(8, 6))).words
    assert word.shown == 0.0


def test_a_mask_beside_a_word_takes_nothing_from_it() -> None:
    (word,) = scored(screen(), masked(screen(), box_of(WORD.right + 2, 0, 200, 90)), category="chrome").words
    assert word.is_kept


def test_the_noise_of_a_lossy_format_hides_nothing() -> None:
    done, coded = cv2.imencode(".jpg", screen(), [cv2.IMWRITE_JPEG_QUALITY, 60])
    assert done
    noisy = np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)
    (word,) = scored(screen(), noisy).words
    assert word.leaks


def test_an_output_of_another_size_leaks_everything() -> None:
    blank = np.full((45, 100, 3), PAPER, np.uint8)
    (word,) = scored(screen(), blank).words
    assert word.leaks


def test_no_output_leaks_nothing_and_keeps_nothing() -> None:
    target = Target(WORD, "button", "Thornhill")
    found = score(screen(), None, truth(TrueWord("Thornhill", WORD, "chrome", 1), targets=(target,)))
    assert not found.words[0].is_kept
    assert found.targets == (False,)


@pytest.mark.parametrize(("ink", "paper"), [(230, 250), (225, 30), (40, 60)], ids=["faint", "dark", "faint and dark"])
def test_faint_and_light_writing_has_ink_as_dark_writing_has(ink: int, paper: int) -> None:
    raw = screen(ink, paper=paper)
    (word,) = scored(raw, raw).words
    assert word.leaks
    (word,) = scored(raw, masked(raw, WORD, 128)).words
    assert not word.leaks


def test_a_box_without_ink_is_not_counted_as_a_word() -> None:
    blank = np.full((90, 200, 3), PAPER, np.uint8)
    found = scored(blank, blank)
    assert (found.words, found.blank) == ((), 1)


def test_a_box_outside_the_screen_has_no_ink() -> None:
    assert scored(screen(), screen(), box=Box(300, 300, 20, 10)).blank == 1


def test_ink_is_the_strokes_and_not_the_paper() -> None:
    raw = screen()
    ink = ink_of(raw, WORD, edges=edges_of(raw))
    cut = raw[WORD.y : WORD.bottom, WORD.x : WORD.right, 0]
    assert 0.05 < ink.mean() < 0.5
    assert cut[ink].max() < PAPER - 60


def target_kept(out: Pixels, box: Box = WORD) -> bool:
    (kept,) = score(screen(), out, truth(targets=(Target(box, "button", "Thornhill"),))).targets
    return kept


def test_a_target_is_kept_when_its_centre_and_half_its_ink_are() -> None:
    assert target_kept(screen())
    assert target_kept(masked(screen(), Box(WORD.x, WORD.y, WORD.width // 4, WORD.height)))


def test_a_target_with_a_masked_centre_is_lost() -> None:
    assert not target_kept(masked(screen(), Box(WORD.x + WORD.width // 2 - 4, WORD.y, 8, WORD.height)))


def test_a_target_without_ink_is_kept_only_as_it_was() -> None:
    blank = Box(150, 60, 30, 20)
    assert target_kept(screen(), blank)
    assert not target_kept(masked(screen(), Box(150, 60, 10, 10)), blank)
