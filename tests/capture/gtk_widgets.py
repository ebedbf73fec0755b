"""A GTK 3 programme with one widget of each kind whose effects a recorder should tell: menus, lists, boxes, tabs, rows.

Title and place come as arguments. It runs under the system's Python, which has the GTK bindings.
"""

import sys
from typing import Any

import gi  # type: ignore[import-not-found]  # it is the system Python's

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, Gtk  # type: ignore[import-not-found]  # noqa: E402

ROW = 36


def _item(label: str, group: object, *, key: int = 0, shift: bool = False) -> object:
    item = Gtk.MenuItem(label=label)
    if key:
        control = Gdk.ModifierType.CONTROL_MASK
        modifiers = control | Gdk.ModifierType.SHIFT_MASK if shift else control
        item.add_accelerator("activate", group, key, modifiers, Gtk.AccelFlags.VISIBLE)
    return item


def _head(label: str, items: tuple[object, ...]) -> object:
    head, menu = Gtk.MenuItem(label=label), Gtk.Menu()
    for item in items:
        menu.append(item)
    head.set_submenu(menu)
    return head


def _menu_bar(group: object) -> object:
    bar = Gtk.MenuBar()
    save = _item("Save", group, key=Gdk.KEY_s)
    save_as = _item("Save As", group, key=Gdk.KEY_s, shift=True)
    bar.append(_head("File", (_item("New", group, key=Gdk.KEY_n), save, save_as, _item("Quit", group))))
    preferences = _head("Preferences", (_item("General", group), _item("Advanced", group)))
    bar.append(_head("Edit", (_item("Copy", group), preferences)))
    return bar


def _combo() -> object:
    combo = Gtk.ComboBoxText()
    for label in ("Travel", "Meals", "Hotel"):
        combo.append_text(label)
    combo.set_active(0)
    return combo


def _popover() -> object:
    button, popover = Gtk.MenuButton(label="More"), Gtk.Popover()
    inside = Gtk.Box(orientation=Gtk.Orientation.VERTICAL)
    for label in ("Share", "Print"):
        inside.add(Gtk.ModelButton(text=label))
    inside.show_all()
    popover.add(inside)
    button.set_popover(popover)
    return button


def _radios() -> object:
    box = Gtk.Box()
    first = Gtk.RadioButton.new_with_label(None, "Paper")
    box.add(first)
    box.add(Gtk.RadioButton.new_with_label_from_widget(first, "Screen"))
    return box


def _tabs() -> object:
    tabs = Gtk.Notebook()
    for label in ("Summary", "Details"):
        tabs.append_page(Gtk.Label(label=f"Text of {label}"), Gtk.Label(label=label))
    return tabs


def _tree() -> object:
    store = Gtk.TreeStore(str)
    year = store.append(None, ["2026"])
    for label in ("April", "May"):
        store.append(year, [label])
    store.append(None, ["2025"])
    tree = Gtk.TreeView(model=store)
    tree.append_column(Gtk.TreeViewColumn("Claims", Gtk.CellRendererText(), text=0))
    return tree


def _password() -> object:
    field = Gtk.Entry()
    field.get_accessible().set_name("Word")
    field.set_visibility(False)
    return field


def _add(box: Any, widget: Any, rows: int) -> None:  # noqa: ANN401 - the bindings have no types
    widget.set_size_request(300, rows * ROW)
    box.add(widget)


def main(title: str, left: int, top: int) -> None:
    """Shows the widgets until it is ended; each is `ROW` pixels high, the tabs twice and the tree four times that."""
    window, group = Gtk.Window(title=title), Gtk.AccelGroup()
    window.add_accel_group(group)
    window.set_default_size(500, 480)
    window.move(left, top)
    box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL)
    widgets = (_menu_bar(group), _combo(), _popover(), Gtk.CheckButton(label="Urgent"), _radios(), _password())
    for widget, rows in (*((widget, 1) for widget in widgets), (_tabs(), 2), (_tree(), 4)):
        _add(box, widget, rows)
    window.add(box)
    window.connect("destroy", Gtk.main_quit)
    window.show_all()
    Gtk.main()


main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
