"""What of a window hides what lies below it, where windows have round corners."""

from __future__ import annotations

from capture.events import Area


def without_corners(area: Area, radius: int) -> tuple[Area, ...]:
    """The area but for a square of this size at each corner; nothing of a window that is too small for that."""
    inner_width, inner_height = area.width - 2 * radius, area.height - 2 * radius
    if inner_width <= 0 or inner_height <= 0:
        return ()
    return (
        Area(area.x + radius, area.y, inner_width, area.height),
        Area(area.x, area.y + radius, area.width, inner_height),
    )
