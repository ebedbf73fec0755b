"""Flat interface icons as inline SVG, drawn with lines on a grid of 24: a name enters, markup leaves."""

from __future__ import annotations

from html import escape
from types import MappingProxyType
from typing import Final

PATHS: Final = MappingProxyType(
    {
        "Menu": "M3 6h18M3 12h18M3 18h18",
        "Search": "M16 16l5 5M10 17a7 7 0 1 1 0-14 7 7 0 0 1 0 14z",
        "Settings": (
            "M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M5 19l2-2M17 7l2-2"
        ),
        "Close": "M5 5l14 14M19 5L5 19",
        "Add": "M12 4v16M4 12h16",
        "Delete": "M4 7h16M9 7V4h6v3M6 7l1 14h10l1-14M10 11v6M14 11v6",
        "Edit": "M4 20l1-5L16 4l4 4L9 19zM14 6l4 4",
        "Download": "M12 3v12M7 10l5 5 5-5M4 20h16",
        "Upload": "M12 16V4M7 9l5-5 5 5M4 20h16",
        "Print": "M7 8V3h10v5M7 17H4V9h16v8h-3M7 14h10v7H7z",
        "Refresh": "M20 11a8 8 0 1 0-2 6M20 4v7h-7",
        "Back": "M19 12H5M11 6l-6 6 6 6",
        "Forward": "M5 12h14M13 6l6 6-6 6",
        "Home": "M3 12l9-8 9 8M6 10v10h12V10",
        "Bell": "M6 17V11a6 6 0 0 1 12 0v6l2 1H4zM10 21h4",
        "Mail": "M3 5h18v14H3zM3 6l9 7 9-7",
        "Attach": "M20 11l-9 9a5 5 0 0 1-7-7l9-9a3 3 0 0 1 5 5l-9 9a1 1 0 0 1-2-2l8-8",
        "Send": "M3 11l18-8-8 18-2-8z",
        "Calendar": "M4 5h16v16H4zM4 10h16M8 2v5M16 2v5",
        "Clock": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l4 2",
        "User": "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-8 16-8 16 0",
        "Group": "M9 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2 20c0-7 14-7 14 0M17 11a3 3 0 1 0-1-6M18 14c3 0 4 3 4 6",
        "Filter": "M3 4h18l-7 9v7l-4-2v-5z",
        "Sort": "M7 4v16M4 17l3 3 3-3M14 6h7M14 12h5M14 18h3",
        "Star": "M12 3l3 6 6 1-4 5 1 6-6-3-6 3 1-6-4-5 6-1z",
        "Flag": "M5 22V4h13l-3 5 3 5H5",
        "Folder": "M3 6h7l2 2h9v11H3z",
        "File": "M6 2h9l4 4v16H6zM15 2v5h4",
        "Copy": "M8 8h12v13H8zM5 16H4V3h12v2",
        "Link": "M10 14a4 4 0 0 0 6 0l4-4a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-4 4a4 4 0 0 0 6 6l1-1",
        "Lock": "M5 11h14v10H5zM8 11V7a4 4 0 0 1 8 0v4",
        "Eye": "M2 12c5-9 15-9 20 0-5 9-15 9-20 0zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
        "Share": "M8 12l8-5M8 12l8 5M6 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM18 8a3 3 0 1 0 0-6M18 22a3 3 0 1 0 0-6",
        "Chart": "M4 20V4M4 20h17M8 17v-6M12 17V7M16 17v-4",
        "Table": "M3 4h18v16H3zM3 10h18M3 15h18M10 4v16",
        "Bold": "M7 4h6a4 4 0 0 1 0 8H7zM7 12h7a4 4 0 0 1 0 8H7z",
        "Italic": "M10 4h8M6 20h8M14 4l-4 16",
        "Underline": "M6 4v7a6 6 0 0 0 12 0V4M5 21h14",
        "List": "M8 6h13M8 12h13M8 18h13M3 6h1M3 12h1M3 18h1",
        "Align": "M3 5h18M3 10h12M3 15h18M3 20h12",
        "Undo": "M9 14l-5-5 5-5M4 9h10a6 6 0 0 1 0 12h-3",
        "Redo": "M15 14l5-5-5-5M20 9H10a6 6 0 0 0 0 12h3",
        "Save": "M4 4h13l3 3v13H4zM8 4v5h7V4M7 20v-7h10v7",
        "Help": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9 9a3 3 0 1 1 4 3c-1 0-1 1-1 2M12 17v1",
        "More": "M5 11v2M12 11v2M19 11v2",
        "Expand": "M6 9l6 6 6-6",
        "Next": "M9 5l7 7-7 7",
        "Microphone": "M12 15a3 3 0 0 0 3-3V6a3 3 0 0 0-6 0v6a3 3 0 0 0 3 3zM5 11a7 7 0 0 0 14 0M12 18v4",
        "Camera": "M2 7h13v11H2zM15 11l7-4v11l-7-4",
        "Phone": "M5 3h4l2 5-3 2a12 12 0 0 0 6 6l2-3 5 2v4c-9 3-19-7-16-16z",
        "Play": "M7 4l13 8-13 8z",
        "Terminal": "M3 4h18v16H3zM7 9l3 3-3 3M12 16h5",
        "Branch": (
            "M6 8v8M6 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM6 22a3 3 0 1 0 0-6"
            "M18 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM18 8c0 6-12 3-12 8"
        ),
        "Bug": "M8 9h8v6a4 4 0 0 1-8 0zM9 9a3 3 0 0 1 6 0M3 12h5M16 12h5M4 6l4 3M20 6l-4 3M4 20l4-4M20 20l-4-4",
        "Cloud": "M6 18a4 4 0 0 1 0-8 6 6 0 0 1 11-1 4 4 0 0 1 1 9z",
        "Key": "M8 19a5 5 0 1 1 4-8l9-9M17 6l3 3",
        "Pin": "M9 3h6l-1 7 4 4H6l4-4zM12 14v7",
        "Archive": "M3 4h18v5H3zM5 9v11h14V9M10 13h4",
        "Reply": "M10 8V4l-7 7 7 7v-4c6 0 9 2 11 6 0-8-4-12-11-12z",
        "Cart": "M2 3h3l3 12h11l3-8H6M9 21h1M18 21h1",
        "Zoom in": "M16 16l5 5M10 17a7 7 0 1 1 0-14 7 7 0 0 1 0 14zM10 7v6M7 10h6",
        "Zoom out": "M16 16l5 5M10 17a7 7 0 1 1 0-14 7 7 0 0 1 0 14zM7 10h6",
        "Comment": "M3 4h18v13H11l-5 4v-4H3z",
    }
)
"""What each icon is called, and its strokes."""


def icon(name: str, size: int = 18) -> str:
    """The icon as SVG of so many pixels, in the colour of the writing around it."""
    return (
        f'<svg class=ico width={size} height={size} viewBox="0 0 24 24" fill=none stroke=currentColor stroke-width=1.8 '
        f'aria-hidden=true><path d="{PATHS[name]}"/></svg>'
    )


def icon_button(name: str, size: int = 18, label: str = "") -> str:
    """A button that shows only the icon."""
    return f'<button class=ib aria-label="{escape(label or name)}">{icon(name, size)}</button>'


def toolbar(names: str, size: int = 18) -> str:
    """Buttons of the icons named, parted by `|`; an empty name is a divider."""
    return "".join(icon_button(name, size) if name else "<i class=sep></i>" for name in names.split("|"))
