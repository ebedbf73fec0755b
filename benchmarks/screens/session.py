"""A scripted session at one page: 40 pictures with small changes between them leave, each with its truth.

Somebody types into a field, the cursor blinks, a menu opens and is walked through, the list is scrolled and a message
comes up. `python -m benchmarks.screens.session OUT [--half tuning|held-out]` writes them as
session--00.png, session--00.json and so on.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from benchmarks.screens.blocks import all_chrome, whole
from benchmarks.screens.browser import Browser
from benchmarks.screens.drawing import SEED, taken
from benchmarks.screens.kinds import Kind, kind_of
from benchmarks.screens.looks import Look, by_name
from benchmarks.screens.people import People
from benchmarks.screens.truth import Half, Truth, save

FRAMES: Final = 40
KINDS: Final = MappingProxyType({Half.TUNING: "employee-directory", Half.HELD_OUT: "admin-users"})
_SCREEN: Final = replace(by_name("light"), name="session", width=1920, height=1080)
_TYPED: Final = "Kowalczyk"
_MENU: Final = "Copy link|Edit columns|Group by team|Export list|Print"
_READY: Final = """document.body.insertAdjacentHTML('beforeend',
`<div id=caret style="position:absolute;width:1px;height:16px;background:currentColor"></div>
<div class=pop id=menu style="display:none;left:760px;top:120px">MENU</div>
<div class=toast id=told style="display:none"><span data-cat=chrome>List exported</span></div>`);
const field = document.querySelector('.main input:not([type])'), place = field.getBoundingClientRect();
caret.style.left = place.left + 8 + 'px'; caret.style.top = place.top + 6 + 'px'; 1"""
_TYPE: Final = "document.querySelector('.main input:not([type])').dataset.cat = 'person'; \
document.querySelector('.main input:not([type])').value = '{}'; 1"
_BLINK: Final = "caret.style.visibility = '{}'; 1"
_OPEN: Final = "menu.style.display = '{}'; 1"
_WALK: Final = "[...menu.children].forEach((one, at) => one.style.background = at === {} ? '#7af' : ''); 1"
_SCROLL: Final = "document.querySelector('.main').scrollTop += {}; 1"
_TELL: Final = "told.style.display = '{}'; 1"


def film(browser: Browser, half: Half = Half.TUNING, *, seed: int = SEED) -> tuple[tuple[Truth, bytes], ...]:
    """The truth and the PNG of each of the 40 moments; looks are named by their number."""
    kind = kind_of(KINDS[half])
    browser.show(_page(kind, _SCREEN, seed), _SCREEN)
    browser.run(_READY.replace("MENU", all_chrome(_MENU, "span", "role=menuitem")))
    moments = []
    for number, script in enumerate(steps()):
        browser.run(script)
        truth, png = taken(browser, kind, _SCREEN)
        moments.append((replace(truth, kind="session", look=f"{number:02}"), png))
    return tuple(moments)


def steps() -> Iterator[str]:
    """40 scripts: 9 letters, 4 blinks, 7 of a menu, 16 turns of the wheel, 2 of a message, 2 at rest."""
    yield from (_TYPE.format(_TYPED[:count]) for count in range(1, len(_TYPED) + 1))
    yield from (_BLINK.format(state) for state in ("hidden", "visible", "hidden", "visible"))
    yield _OPEN.format("flex")
    yield from (_WALK.format(at) for at in range(5))
    yield _OPEN.format("none")
    yield from (_SCROLL.format(51) for _ in range(16))
    yield from (_TELL.format(state) for state in ("flex", "none"))
    yield from ("1", "1")


def _page(kind: Kind, look: Look, seed: int) -> str:
    """The page with a list that is two screens long."""
    chance = random.Random(f"{seed}/session")
    sheet = kind.page(People(chance, kind.half), chance, replace(look, height=2 * look.height))
    return whole(sheet, look, random.Random(seed))


def main(arguments: list[str]) -> None:
    """Writes the pictures and their truths."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.screens.session", description=__doc__)
    parser.add_argument("out", type=Path, help="the folder for pictures and truths")
    parser.add_argument("--half", type=Half, choices=tuple(Half), default=Half.TUNING)
    asked = parser.parse_args(arguments)
    asked.out.mkdir(parents=True, exist_ok=True)
    with Browser() as browser:
        for truth, png in film(browser, asked.half):
            save(asked.out, truth, png)


if __name__ == "__main__":
    main(sys.argv[1:])
