"""Small pieces of GTK windows: a kind, a category and a text enter, a list that `gtk_program` builds leaves."""

from __future__ import annotations

from typing import Any

Node = list[Any]
"""A widget: its kind, the category of its words, its text, and the widgets in it."""


def across(*inner: Node) -> Node:
    """Widgets side by side."""
    return ["across", "chrome", "", *inner]


def down(*inner: Node) -> Node:
    """Widgets below each other."""
    return ["down", "chrome", "", *inner]


def grid(columns: int, *inner: Node) -> Node:
    """Widgets in rows of so many."""
    return ["grid", "chrome", str(columns), *inner]


def frame(title: str, inner: Node) -> Node:
    """A widget with a line and a title around it."""
    return ["frame", "chrome", title, inner]


def book(titles: str, inner: Node) -> Node:
    """Tabs, of which the first shows the widget."""
    return ["book", "chrome", titles, inner]


def menus(opened: str, *listed: str) -> Node:
    """A bar of menus, each as "Title: Item|Item"; the one named is open."""
    parted = (one.split(": ") for one in listed)
    return ["menus", "chrome", opened, *([title, items.split("|")] for title, items in parted)]


def several(kind: str, texts: str) -> tuple[Node, ...]:
    """Widgets of the interface of one kind, by their texts with `|` between them."""
    return tuple([kind, "chrome", text] for text in texts.split("|"))


def label(category: str, text: str) -> Node:
    """A text."""
    return ["label", category, text]


def form(*rows: tuple[str, str, str]) -> Node:
    """Labels beside entries: label, category, value."""
    cells = (cell for name, category, text in rows for cell in (label("chrome", name), ["entry", category, text]))
    return grid(2, *cells)
