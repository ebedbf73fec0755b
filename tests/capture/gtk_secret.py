"""A small GTK 3 programme for the tests: a text field and a password field that is filled and has a colour of its own.

Title, place, colour and the field that has the focus first come as arguments. The signal USR1 shows the password, as a
"show" button does. It runs under the system's Python, which has the GTK bindings.
"""

import signal
import sys

import gi  # type: ignore[import-not-found]  # it is the system Python's

gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, GLib, Gtk  # type: ignore[import-not-found]  # noqa: E402

_STYLE = "entry.secret {{ background-image: none; background-color: #{colour}; }}"


def _field(name: str, *, hidden: bool) -> object:
    field = Gtk.Entry()
    field.get_accessible().set_name(name)
    field.set_visibility(not hidden)
    return field


def _show(field: object) -> bool:
    field.set_visibility(True)  # type: ignore[attr-defined]
    return True


def main(title: str, left: int, top: int, colour: str, first: str) -> None:
    """Shows the fields until it is ended."""
    style = Gtk.CssProvider()
    style.load_from_data(_STYLE.format(colour=colour).encode())
    Gtk.StyleContext.add_provider_for_screen(Gdk.Screen.get_default(), style, Gtk.STYLE_PROVIDER_PRIORITY_APPLICATION)
    name, word = _field("Name", hidden=False), _field("Word", hidden=True)
    word.set_text("hunter2")  # type: ignore[attr-defined]
    word.get_style_context().add_class("secret")  # type: ignore[attr-defined]
    window = Gtk.Window(title=title)
    window.set_default_size(500, 300)
    window.move(left, top)
    box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=12)
    for widget in (name, word, Gtk.Button(label="Go")):
        box.add(widget)
    window.add(box)
    (name if first == "Name" else word).grab_focus()  # type: ignore[attr-defined]
    GLib.unix_signal_add(GLib.PRIORITY_HIGH, signal.SIGUSR1, _show, word)
    window.connect("destroy", Gtk.main_quit)
    window.show_all()
    Gtk.main()


main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], sys.argv[5])
