"""Draws web pages with a browser: a kind, a look and a seed enter, the truth and a PNG leave.

The same seed gives the same words. A page with a word that nobody labelled is refused.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from types import MappingProxyType
from typing import Final

from benchmarks.screens.blocks import FRAME_HEIGHTS, whole
from benchmarks.screens.browser import Browser
from benchmarks.screens.kinds import Kind
from benchmarks.screens.looks import Look
from benchmarks.screens.people import People
from benchmarks.screens.truth import Target, TrueWidget, TrueWord, Truth, Unlabelled
from redaction.spans import Box, box_of

_ROOT: Final = "RootWebArea"
_PASSWORD: Final = "password text"  # the name of a role, not a password  # noqa: S105
SEED: Final = 5
"""The seed of the published figures."""
_ROLES: Final = MappingProxyType(
    {
        "button": "push button", "link": "link", "heading": "heading", "paragraph": "paragraph",
        "StaticText": "static", "textbox": "entry", "searchbox": "entry", "combobox": "combo box",
        "MenuListPopup": "menu", "option": "menu item", "menuitem": "menu item", "menubar": "menu bar", "menu": "menu",
        "tab": "page tab", "tablist": "page tab list", "checkbox": "check box", "radio": "radio button",
        "switch": "toggle button", "table": "table", "row": "table row", "cell": "table cell", "gridcell": "table cell",
        "columnheader": "column header", "rowheader": "row header", "image": "image", "img": "image",
        "Canvas": "canvas", "canvas": "canvas", "navigation": "landmark", "list": "list", "listitem": "list item",
        "LabelText": "label", "DescriptionListTerm": "description term", "term": "description term",
        "DescriptionListDetail": "description value", "definition": "description value", "form": "form",
        "article": "article", "generic": "section", "region": "landmark", "RootWebArea": "document web",
        "main": "landmark", "separator": "separator",
    }
)  # fmt: skip
"""What AT-SPI calls the roles of the browser's own tree."""


def page_of(kind: Kind, look: Look, seed: int = SEED) -> str:
    """The HTML of one screen."""
    chance = random.Random(f"{seed}/{kind.name}/{look.name}")
    sheet = kind.page(People(chance, kind.half), chance, look)
    # The accent goes with the kind, as a programme keeps its colour.
    return whole(sheet, look, random.Random(f"{seed}/{kind.name}"))


def draw(browser: Browser, kind: Kind, look: Look, seed: int = SEED) -> tuple[Truth, bytes]:
    """The truth of one screen and its PNG; `Unlabelled` when the page does not say what a word is."""
    browser.show(page_of(kind, look, seed), look)
    return taken(browser, kind, look)


def taken(browser: Browser, kind: Kind, look: Look) -> tuple[Truth, bytes]:
    """The truth and the PNG of the page as it is now; `Unlabelled` as for `draw`."""
    measured = browser.measure()
    if measured["unlabelled"]:
        raise Unlabelled(f"{kind.name}: not labelled: {', '.join(measured['unlabelled'][:8])}")
    words = tuple(
        TrueWord(one["text"], scaled(one["box"], look.scale), one["category"], one["value"])
        for one in measured["words"]
    )
    targets = tuple(Target(scaled(one["box"], look.scale), one["role"], one["name"]) for one in measured["targets"])
    truth = Truth(kind.name, look.name, kind.half, look.scale, words, targets, _widgets(browser, look, targets))
    return truth, browser.shot()


def scaled(edges: Sequence[float], scale: float) -> Box:
    """The box of pixels that holds these edges, given in CSS pixels."""
    left, top, right, bottom = (round(edge * scale, 3) for edge in edges)
    return box_of(math.floor(left), math.floor(top), math.ceil(right), math.ceil(bottom))


def _widgets(browser: Browser, look: Look, targets: tuple[Target, ...]) -> tuple[TrueWidget, ...]:
    width, height = round(look.width * look.scale), round(look.height * look.scale)
    frame = FRAME_HEIGHTS[look.frame] * look.scale
    hidden = {target.box for target in targets if target.role == "password"}
    made = []
    for role, name, quad in browser.tree():
        edges = (min(quad[::2]), min(quad[1::2]), max(quad[::2]), max(quad[1::2]))
        box = scaled(edges, look.scale).clipped(width, height)
        called = _PASSWORD if box in hidden else _ROLES.get(role, "section")
        if box.area:
            made.append(TrueWidget(box, called, name, in_document=role == _ROOT or box.y >= frame))
    return tuple(made)
