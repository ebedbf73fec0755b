"""The widget roles that may be named: the standard words of AT-SPI (`atspi-constants.h`, role names) and nothing else.

A page can write any text into a role description, so a role that is not in this list becomes `unknown`.
"""

from __future__ import annotations

from typing import Final

ROLES: Final = frozenset(
    """
    alert|application|article|block quote|button|calendar|canvas|caption|cell|chart|check box|check menu item|
    color chooser|column header|combo box|comment|content deletion|content insertion|date editor|definition|
    description list|description term|description value|desktop frame|dialog|directory pane|document email|
    document frame|document presentation|document spreadsheet|document text|document web|drawing area|editbar|
    embedded|entry|file chooser|filler|focus traversable|footer|footnote|form|frame|glass pane|grouping|header|heading|
    html container|icon|image|image map|info bar|input method window|internal frame|label|landmark|layered pane|
    level bar|link|list|list box|list item|log|mark|marquee|math|menu|menu bar|menu button|menu item|notification|
    option pane|page|page tab|page tab list|panel|paragraph|password text|popup menu|progress bar|push button|
    push button menu|radio button|radio menu item|rating|root pane|row header|ruler|scroll bar|scroll pane|section|
    separator|slider|spin button|split pane|static|status bar|subscript|suggestion|superscript|switch|table|table cell|
    table column header|table row|table row header|tearoff menu item|terminal|text|timer|title bar|toggle button|
    tool bar|tool tip|tree|tree item|tree table|viewport|window
    """.replace("\n", "")
    .replace("    ", "")
    .split("|")
)


def known_role(role: str) -> str:
    """The role, if it is a standard word; otherwise `unknown`."""
    return role if role in ROLES else "unknown"
