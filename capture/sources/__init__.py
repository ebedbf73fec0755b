"""Where raw events come from: keyboard and pointer, the screen, the windows, and the widgets; each port with a fake."""

from capture.sources.desktop import open_sources

__all__ = ["open_sources"]
