"""Where a data set may go: an address enters, a local folder leaves, or a refusal that says why.

A data set is readable by whoever can read its files. So it goes only into a local folder that nobody else may enter
(`vault.files.private_folder` checks that), never over a network and never into a bucket.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from vault.errors import Refused

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:(//|:)")
"""A URL, or one of fsspec's chained ones; a single letter before a colon is a Windows drive."""


def local_folder(to: str | Path) -> Path:
    """The local folder that a path or a `file://` URL names; `Refused` for any other place."""
    if isinstance(to, Path):
        return to
    if not _SCHEME.match(to):
        return Path(to)
    parts = urlsplit(to)
    if parts.scheme == "file" and parts.netloc in {"", "localhost"} and parts.path and not (parts.query or "::" in to):
        return Path(unquote(parts.path))
    raise Refused(
        "a data set is written readable, so it may go only into a local folder of mode 0700; "
        "publishing it encrypted is not there yet. Give a path, not a URL"
    )
