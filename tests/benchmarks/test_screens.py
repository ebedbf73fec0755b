"""The made-up screens of the benchmark tell the truth about themselves: boxes, categories, halves and seeds."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from benchmarks.screens.blocks import Sheet, chrome, mixed, value, whole
from benchmarks.screens.browser import Browser
from benchmarks.screens.drawing import draw, page_of, taken
from benchmarks.screens.kinds import KINDS, kind_of
from benchmarks.screens.looks import LOOKS, Look, by_name
from benchmarks.screens.native import WINDOWS, draw_window
from benchmarks.screens.people import People
from benchmarks.screens.session import FRAMES, steps
from benchmarks.screens.terminal import SCREENFULS, draw_terminal
from benchmarks.screens.truth import CATEGORIES, CHROME, CONTENT, SENSITIVE, Half, Truth, Unlabelled, load, save
from optin.demo.desktop import VirtualDesktop
from redaction.spans import Box

ALL = (*KINDS, *SCREENFULS, *WINDOWS)
LIGHT = by_name("light")
Screen = tuple[Truth, npt.NDArray[np.uint8]]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser() as opened:
        yield opened


@pytest.fixture(scope="module", params=[("password-store", "light"), ("bank-account", "dark")], ids=lambda one: one[0])
def screen(request: pytest.FixtureRequest, browser: Browser) -> Screen:
    name, look = request.param
    return seen(*draw(browser, kind_of(name), by_name(look)))


@pytest.fixture(scope="module", params=["terminal-shell", "gtk-contacts"])
def other(request: pytest.FixtureRequest) -> Screen:
    """A screen of a programme that is not a browser."""
    with VirtualDesktop(LIGHT.width, LIGHT.height) as desktop:
        if request.param == "terminal-shell":
            return seen(*draw_terminal(desktop, SCREENFULS[0], LIGHT, 1))
        return seen(*draw_window(desktop, WINDOWS[0], LIGHT, 1))


def seen(truth: Truth, png: bytes) -> Screen:
    return truth, np.asarray(Image.open(BytesIO(png)).convert("RGB"), np.uint8)


def cut(pixels: npt.NDArray[np.uint8], box: Box) -> npt.NDArray[np.uint8]:
    return pixels[box.y : box.bottom, box.x : box.right]


def contrast(pixels: npt.NDArray[np.uint8]) -> int:
    flat = pixels.reshape(-1, 3).astype(int)
    return int((flat.max(axis=0) - flat.min(axis=0)).max())


def lines(body: str, browser: Browser, look: Look = LIGHT) -> Truth:
    """The truth of a page with this body."""
    sheet = Sheet("Title", CHROME, "example.com", "", body)
    browser.show(whole(sheet, look, random.Random(1)), look)
    return taken(browser, KINDS[0], look)[0]


def told(truth: Truth, category: str) -> list[str]:
    return [word.text for word in truth.words if word.category == category]


def test_every_box_of_a_page_holds_ink(screen: Screen) -> None:
    truth, pixels = screen
    assert [word.text for word in truth.words if contrast(cut(pixels, word.box)) < 40] == []


def test_every_box_of_a_terminal_or_window_holds_ink(other: Screen) -> None:
    truth, pixels = other
    assert [word.text for word in truth.words if contrast(cut(pixels, word.box)) < 40] == []


def test_beside_the_words_of_a_table_there_is_no_ink(screen: Screen) -> None:
    truth, pixels = screen
    words = [word for word in truth.words if word.text.startswith("$") and word.box.height < 30]
    right = [cut(pixels, Box(word.box.right + 2, word.box.y + 2, 3, word.box.height - 4)) for word in words]
    assert all(contrast(strip) < 40 for strip in right)


def test_a_page_has_interface_content_and_what_it_is_there_for(screen: Screen) -> None:
    truth, _ = screen
    assert {CHROME, kind_of(truth.kind).category} <= {word.category for word in truth.words}


def test_boxes_lie_on_the_picture(screen: Screen) -> None:
    truth, pixels = screen
    high, wide = pixels.shape[:2]
    boxes = [word.box for word in truth.words] + [target.box for target in truth.targets]
    assert all(box.clipped(wide, high) == box for box in (*boxes, *(widget.box for widget in truth.widgets)))


def test_targets_have_names_and_roles(screen: Screen) -> None:
    truth, _ = screen
    assert {target.role for target in truth.targets} >= {"button", "textbox"}
    assert {"Search vault", "Search transactions"} & {target.name for target in truth.targets}


def test_the_accessibility_tree_is_told_in_the_words_of_the_desktop(screen: Screen) -> None:
    truth, _ = screen
    assert {"push button", "static", "document web"} <= {widget.role for widget in truth.widgets}


def test_hidden_passwords_are_one_secret_word_of_dots(browser: Browser) -> None:
    truth = lines('<input type=password data-cat=secret value="abcdef">', browser)
    assert told(truth, "secret") == ["••••••"]
    assert "password text" in {widget.role for widget in truth.widgets}


def test_what_an_input_shows_has_a_box_inside_it(browser: Browser) -> None:
    truth = lines('<select data-cat=tax style="width:200px"><option>Single</option></select>', browser)
    (word,), (target,) = truth.words, truth.targets
    assert word.text == "Single"
    assert target.box.union(word.box) == target.box
    assert word.box.width < 60


def test_what_is_covered_or_cut_off_is_not_told(browser: Browser) -> None:
    over = '<i style="position:absolute;left:0;top:0;width:300px;height:60px;background:#888"></i>'
    gone = '<p style="width:0;overflow:hidden">' + value("person", "Lost") + "</p>"
    truth = lines(
        f"<p>{value('person', 'Hidden')}</p>{gone}{over}<p style='margin-top:90px'>{chrome('Save')}</p>", browser
    )
    assert [word.text for word in truth.words] == ["Save"]


def test_half_a_word_is_told_as_the_letters_that_show(browser: Browser) -> None:
    narrow = "font:20px 'Liberation Mono';width:60px;overflow:hidden;white-space:nowrap"
    truth = lines(f'<p style="{narrow}">{value("person", "Thornhill")}</p>', browser)
    assert told(truth, "person") == ["Thorn"]


def test_a_word_on_two_lines_is_told_in_two_parts_of_one_value(browser: Browser) -> None:
    narrow = "font:20px 'Liberation Mono';width:60px;overflow-wrap:anywhere"
    truth = lines(f'<p style="{narrow}">{value("secret", "abcdefgh")}</p>', browser)
    assert told(truth, "secret") == ["abcde", "fgh"]
    assert len({word.value for word in truth.words}) == 1


def test_a_page_that_does_not_label_a_word_is_refused(browser: Browser) -> None:
    with pytest.raises(Unlabelled, match="Loose"):
        lines("<p>Loose</p>", browser)


def test_boxes_grow_with_the_scale(browser: Browser) -> None:
    body = chrome("Save", "button.b")
    once, twice = (lines(body, browser, replace(LIGHT, scale=scale)).targets[0].box for scale in (1, 2))
    assert abs(twice.width - 2 * once.width) <= 2


def test_the_same_seed_draws_the_same_words() -> None:
    kind = kind_of("mail-inbox")
    assert page_of(kind, LIGHT, 3) == page_of(kind, LIGHT, 3) != page_of(kind, LIGHT, 4)


def test_every_kind_has_a_page_in_every_look() -> None:
    assert all("data-cat" in page_of(kind, look) for kind in KINDS for look in LOOKS)


def test_no_kind_is_in_both_halves() -> None:
    halves = [{kind.name for kind in ALL if kind.half is half} for half in Half]
    assert halves[0].isdisjoint(halves[1])
    assert all(len(half) >= 14 for half in halves)
    assert len(set.union(*halves)) == len(ALL)


def test_each_half_has_kinds_of_every_sensitive_category() -> None:
    assert all({kind.category for kind in KINDS if kind.half is half} == set(SENSITIVE) for half in Half)


def test_people_of_one_half_are_not_in_the_other() -> None:
    names = [{one.full for one in People(random.Random(1), half).some(400)} for half in Half]
    assert names[0].isdisjoint(names[1])
    assert all(len(half) > 100 for half in names)


def test_a_text_says_which_part_of_it_is_what() -> None:
    assert mixed(CONTENT, "key: [[secret|abc]].") == (
        '<span data-cat="content" >key: </span><span data-cat="secret" >abc</span><span data-cat="content" >.</span>'
    )


def test_a_truth_is_read_as_it_was_written(screen: Screen, tmp_path: Path) -> None:
    truth, _ = screen
    path = save(tmp_path, truth, b"png")
    assert load(tmp_path, truth.half) == ((path, truth),) == load(tmp_path)
    assert load(tmp_path, Half.HELD_OUT) == ()


def test_a_category_that_nobody_knows_is_refused(screen: Screen, tmp_path: Path) -> None:
    truth, _ = screen
    save(tmp_path, replace(truth, words=(replace(truth.words[0], category="gossip"),)), b"png")
    assert "gossip" not in CATEGORIES
    with pytest.raises(Unlabelled, match="gossip"):
        load(tmp_path)


def test_the_session_has_forty_moments() -> None:
    assert len(tuple(steps())) == FRAMES
