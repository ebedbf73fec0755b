"""Shows one GTK window that JSON on the standard input describes, and writes where its words and widgets stand.

It runs under the system's Python, which has the GTK bindings, and stays until it is ended. The file that it writes has
`words`, `targets` and `widgets` as the truth has them, in pixels of the screen.
"""

import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gi  # type: ignore[import-not-found]  # it is the system Python's

gi.require_version("Gtk", "3.0")
gi.require_version("Atk", "1.0")
from gi.repository import Atk, Gdk, GLib, Gtk, Pango  # type: ignore[import-not-found]  # noqa: E402

Thing = Any
"""Something of GTK: its bindings have no types."""
Edges = list[int]
Words = Iterator[tuple[str, tuple[float, float, float, float]]]

TARGETS = {
    "push button": "button",
    "toggle button": "button",
    "menu item": "menuitem",
    "menu": "menuitem",
    "check box": "checkbox",
    "radio button": "radio",
    "text": "textbox",
    "password text": "textbox",
    "combo box": "combobox",
    "page tab": "tab",
}


def build(told: list[Any]) -> Thing:
    """The widget that a list such as ["entry", "person", "Grace Page"] describes."""
    kind, category, text, *inner = told
    widget = MAKERS[kind](text, inner)
    widget.told = category
    return widget


def make_label(text: str, _inner: list[Any]) -> Thing:
    label = Gtk.Label(label=text, xalign=0)
    label.set_line_wrap(len(text) > 60)
    return label


def make_entry(text: str, _inner: list[Any]) -> Thing:
    return Gtk.Entry(text=text, hexpand=True)


def make_password(text: str, _inner: list[Any]) -> Thing:
    return Gtk.Entry(text=text, visibility=False, hexpand=True)


def make_text(text: str, _inner: list[Any]) -> Thing:
    view = Gtk.TextView(wrap_mode=Gtk.WrapMode.WORD, hexpand=True, left_margin=6, top_margin=6, height_request=80)
    view.get_buffer().set_text(text)
    return view


def make_combo(text: str, _inner: list[Any]) -> Thing:
    combo = Gtk.ComboBoxText()
    combo.append_text(text)
    combo.set_active(0)
    return combo


def make_tool(text: str, _inner: list[Any]) -> Thing:
    button = Gtk.Button.new_from_icon_name(text, Gtk.IconSize.LARGE_TOOLBAR)
    button.set_tooltip_text(text)
    return button


def make_menus(text: str, inner: list[Any]) -> Thing:
    bar = Gtk.MenuBar()
    for title, items in inner:
        head, menu = Gtk.MenuItem(label=title), Gtk.Menu()
        for item in items:
            menu.append(Gtk.MenuItem(label=item))
        menu.show_all()
        head.set_submenu(menu)
        bar.append(head)
        if title == text:
            GLib.timeout_add(250, menu.popup_at_widget, head, Gdk.Gravity.SOUTH_WEST, Gdk.Gravity.NORTH_WEST, None)
    return bar


def make_across(_text: str, inner: list[Any]) -> Thing:
    return filled(Gtk.Box(orientation=Gtk.Orientation.HORIZONTAL, spacing=8, border_width=4), inner)


def make_down(_text: str, inner: list[Any]) -> Thing:
    return filled(Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=8, border_width=4), inner)


def filled(box: Thing, inner: list[Any]) -> Thing:
    """The box with the widgets in it."""
    for one in inner:
        box.add(build(one))
    return box


def make_grid(text: str, inner: list[Any]) -> Thing:
    grid, columns = Gtk.Grid(column_spacing=14, row_spacing=5, border_width=8), int(text)
    for index, one in enumerate(inner):
        grid.attach(build(one), index % columns, index // columns, 1, 1)
    return grid


def make_frame(text: str, inner: list[Any]) -> Thing:
    frame = Gtk.Frame(label=text)
    frame.add(build(inner[0]))
    return frame


def make_book(text: str, inner: list[Any]) -> Thing:
    book = Gtk.Notebook()
    for index, title in enumerate(text.split("|")):
        label = Gtk.Label(label=title)
        label.told = "chrome"
        book.append_page(build(inner[0]) if index == 0 else Gtk.Box(), label)
    return book


def make_button(text: str, _inner: list[Any]) -> Thing:
    return Gtk.Button(label=text)


def make_check(text: str, _inner: list[Any]) -> Thing:
    return Gtk.CheckButton(label=text, active=True)


def make_rule(_text: str, _inner: list[Any]) -> Thing:
    return Gtk.Separator(hexpand=True)


MAKERS: dict[str, Callable[[str, list[Any]], Thing]] = {
    "across": make_across,
    "book": make_book,
    "button": make_button,
    "check": make_check,
    "combo": make_combo,
    "down": make_down,
    "entry": make_entry,
    "frame": make_frame,
    "grid": make_grid,
    "label": make_label,
    "menus": make_menus,
    "password": make_password,
    "rule": make_rule,
    "text": make_text,
    "tool": make_tool,
}


def origin(widget: Thing) -> tuple[int, int]:
    """Where the widget's allocation begins on the screen, in its own units."""
    top = widget.get_toplevel()
    _, left, up = top.get_window().get_origin()
    x, y = widget.translate_coordinates(top, 0, 0)
    return left + x, up + y


def category(widget: Thing) -> str:
    """What the nearest widget that says so tells of its words."""
    while widget is not None and not hasattr(widget, "told"):
        widget = widget.get_parent()
    return widget.told if widget is not None else "chrome"


def words_of(layout: Thing, text: str) -> Words:
    """Each word of a layout with its box inside it."""
    data, at = text.encode(), 0
    for word in text.split():
        start = data.index(word.encode(), at)
        at = start + len(word.encode())
        first, last = layout.index_to_pos(start), layout.index_to_pos(at - len(word[-1].encode()))
        left, right = first.x / Pango.SCALE, (last.x + last.width) / Pango.SCALE
        yield word, (left, first.y / Pango.SCALE, right - left, first.height / Pango.SCALE)


def shown_words(widget: Thing) -> Words:
    """Each word that this widget itself draws, with its box on the screen."""
    left, up = origin(widget)
    if isinstance(widget, Gtk.Label):
        place = widget.get_allocation()
        x, y = widget.get_layout_offsets()
        inset = (left + x - place.x, up + y - place.y)
        layout = widget.get_layout()
    elif isinstance(widget, Gtk.Entry):
        x, y = widget.get_layout_offsets()
        inset, layout = (left + x, up + y), widget.get_layout()
    else:
        return
    for word, (a, b, width, height) in words_of(layout, layout.get_text()):
        yield word, (inset[0] + a, inset[1] + b, width, height)


def view_words(view: Thing) -> Words:
    """The words of a text view."""
    left, up = origin(view)
    buffer = view.get_buffer()
    text = buffer.get_property("text")
    for match in re.finditer(r"\S+", text):
        first, last = (view.get_iter_location(buffer.get_iter_at_offset(at)) for at in (match.start(), match.end() - 1))
        x, y = view.buffer_to_window_coords(Gtk.TextWindowType.WIDGET, first.x, first.y)
        yield match[0], (left + x, up + y, last.x + last.width - first.x, first.height)


def cell_words(view: Thing) -> Words:
    """The words of what a drop-down list shows."""
    model, path = view.get_model(), view.get_displayed_row()
    layout = view.create_pango_layout(model[path][0])
    left, up = origin(view)
    high = layout.get_pixel_size()[1]
    down = (view.get_allocation().height - high) / 2
    for word, (x, y, width, height) in words_of(layout, layout.get_text()):
        yield word, (left + x, up + down + y, width, height)


def words_in(widget: Thing) -> Words:
    """Each word that this widget itself draws, with its box on the screen."""
    if isinstance(widget, Gtk.TextView):
        return view_words(widget)
    return cell_words(widget) if isinstance(widget, Gtk.CellView) else shown_words(widget)


def uncovered(box: Edges, above: list[Edges]) -> Edges | None:
    """The part of the box that windows above leave free, to their left or right; None when too little is left."""
    left, top, right, bottom = box[0], box[1], box[0] + box[2], box[1] + box[3]
    for x, y, width, height in above:
        if left < x + width and right > x and top < y + height and bottom > y:
            left, right = (left, x) if x - left > right - x - width else (x + width, right)
    return [left, top, right - left, bottom - top] if right - left >= 0.4 * box[2] else None


def everything(widget: Thing) -> Iterator[Thing]:
    """The widget and all that is in it and drawn."""
    if not widget.get_mapped():
        return
    yield widget
    inside: list[Thing] = []
    if isinstance(widget, Gtk.Container):
        widget.forall(inside.append)
    for one in inside:
        yield from everything(one)


def report(window: Thing, path: str) -> bool:
    """Writes what stands where."""
    scale = window.get_scale_factor()
    out: dict[str, list[dict[str, Any]]] = {"words": [], "targets": [], "widgets": []}
    tops = [top for top in Gtk.Window.list_toplevels() if top.get_mapped()]
    above = [
        scaled((*origin(top), top.get_allocation().width, top.get_allocation().height), scale)
        for top in tops
        if top is not window
    ]
    for value, widget in enumerate(one for top in tops for one in everything(top)):
        over = above if widget.get_toplevel() is window else []
        for text, edges in words_in(widget):
            box = uncovered(scaled(edges, scale), over)
            if box:
                out["words"].append({"text": text, "box": box, "category": category(widget), "value": value})
        accessible, place = widget.get_accessible(), widget.get_allocation()
        role, name = Atk.role_get_name(accessible.get_role()), accessible.get_name() or ""
        box = uncovered(scaled((*origin(widget), place.width, place.height), scale), over)
        if box:
            out["widgets"].append({"box": box, "role": role, "name": name, "in_document": False})
        if box and role in TARGETS:
            out["targets"].append({"box": box, "role": TARGETS[role], "name": name})
    draft = Path(path + ".new")
    draft.write_text(json.dumps(out), encoding="utf-8")
    draft.rename(path)
    return False


def scaled(edges: tuple[float, float, float, float], scale: int) -> Edges:
    """The box in pixels of the screen."""
    return [round(edge * scale) for edge in edges]


def main(path: str) -> None:
    """Shows the window until the process is ended."""
    told = json.loads(Path(path + ".in").read_text(encoding="utf-8"))
    settings = Gtk.Settings.get_default()
    settings.set_property("gtk-font-name", told["font"])
    settings.set_property("gtk-application-prefer-dark-theme", told["dark"])
    style = Gtk.CssProvider()
    style.load_from_data(f"label, entry, textview text, cellview {{ color: {told['ink']}; }}".encode())
    Gtk.StyleContext.add_provider_for_screen(Gdk.Screen.get_default(), style, Gtk.STYLE_PROVIDER_PRIORITY_APPLICATION)
    window = Gtk.Window(title=told["title"])
    window.move(20, 20)
    window.set_default_size(*told["size"])
    window.add(build(told["window"]))
    window.connect("destroy", Gtk.main_quit)
    window.show_all()
    GLib.timeout_add(700, report, window, path)
    Gtk.main()


main(sys.argv[1])
