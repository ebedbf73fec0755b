"""A small GTK 3 programme for the tests: a menu, a text field, a password field, a list and a button.

The title comes as an argument. It runs under the system's Python, which has the GTK bindings.
"""

import sys

import gi  # type: ignore[import-not-found]  # it is the system Python's

gi.require_version("Gtk", "3.0")
from gi.repository import Gtk  # type: ignore[import-not-found]  # noqa: E402


def _menu() -> object:
    bar, head, menu = Gtk.MenuBar(), Gtk.MenuItem(label="File"), Gtk.Menu()
    for label in ("New", "Open", "Quit"):
        menu.append(Gtk.MenuItem(label=label))
    head.set_submenu(menu)
    bar.append(head)
    return bar


def _field(name: str, *, hidden: bool) -> object:
    field = Gtk.Entry()
    field.get_accessible().set_name(name)
    field.set_visibility(not hidden)
    return field


def main(title: str, left: int, top: int) -> None:
    """Shows the form until it is ended."""
    window = Gtk.Window(title=title)
    window.set_default_size(500, 300)
    window.move(left, top)
    box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=12)
    for widget in (_menu(), _field("Name", hidden=False), _field("Word", hidden=True), Gtk.Button(label="Go")):
        box.add(widget)
    window.add(box)
    window.connect("destroy", Gtk.main_quit)
    window.show_all()
    Gtk.main()


main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
