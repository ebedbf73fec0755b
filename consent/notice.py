"""The notice in plain words; its digest stands in every grant, so what was agreed to can be shown later."""

from __future__ import annotations

from typing import Final

from vault.canonical import digest

NOTICE: Final = """\
WHAT OPTIN RECORDS, AND WHAT IT NEVER DOES

What is captured   Only while you run `optin record`, and only in windows that you allowed with `optin allow`:
                   pointer and clicks, keys, pictures of those windows, and the name of the widget that you use.
What never is      No sound, no camera, no clipboard, no other window, no password field, nothing while it is off.
What happens       The recording is sealed at once; the recorder cannot read it back. On your machine it is redacted:
                   every text that is not a known interface phrase is masked. You submit it, or you do not.
Who sees it        A privacy officer looks at the redacted form. Nobody ever sees the raw form but you.
Purpose            Training software agents to use menus, shortcuts and business screens, and nothing else.
Prohibited         Performance evaluation, discipline and lay-off selection. The same rule holds for executives.
If you say no      Nothing happens. You need give no reason, and no list of refusals is kept.
How to leave       `optin withdraw`. It needs no reason and works offline. Your raw and redacted recordings are erased
                   and their key is destroyed. What was already exported cannot be called back.
Law                Your yes does not by itself make the processing lawful; your employer must have a basis for it.
"""


def notice_digest() -> str:
    """SHA-256 of the notice's text, hexadecimal."""
    return digest(NOTICE.encode())
