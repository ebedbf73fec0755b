"""A browser on the demo's site and a text editor with a document come out, open and ready for input.

The browser gets a fresh profile without bubbles of its own, the editor a short harmless text. Both are ended with
whatever they started; the profile and the document stay where the caller wanted them.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from optin.demo.accessible import Gone, Widget, Widgets, address_in
from optin.demo.planted import Page
from optin.demo.programs import QUIET_BROWSER, end_marked, end_program, find_programs, start_program, wait_until
from optin.demo.site import DemoSite

EDITOR: Final = "mousepad"
BROWSER: Final = "chromium"
_BROWSER_FLAGS: Final = (
    *QUIET_BROWSER,
    "--force-renderer-accessibility",
    "--disable-quic",
    "--force-device-scale-factor=1",
    "--test-type",  # silences the bar that warns of unusual flags
    "--disable-features=Translate,MediaRouter,OptimizationHints,AutofillServerCommunication",
    "--window-position=0,0",
    "--window-size=1200,770",
)
# No bubble of the browser's own may cover a page.
_PREFERENCES: Final = {
    "credentials_enable_service": False,
    "credentials_enable_autosignin": False,
    "profile": {"password_manager_enabled": False, "password_manager_leak_detection": False},
    "autofill": {"profile_enabled": False, "credit_card_enabled": False},
    "translate": {"enabled": False},
    "search": {"suggest_enabled": False},
}
_DOCUMENT_TEXT: Final = "Agenda\n\nReview open items\nSend invoice\n\n"


@dataclass(frozen=True, slots=True)
class Programs:
    """The open programs; a context manager that ends them."""

    browser: subprocess.Popen[bytes]
    editor: subprocess.Popen[bytes]
    document: Path
    profile: Path

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends both programs and whatever they started."""
        end_program(self.browser)
        end_program(self.editor)
        end_marked(_marker(self.profile))


def open_programs(
    environment: Mapping[str, str], site: DemoSite, *, profile_folder: Path, document_path: Path
) -> Programs:
    """The editor with its document and, before it, the browser at the sign-in page; both ready for input.

    Raises MissingProgram, DidNotStart, or PageSilent when the page does not load; nothing is left running then.
    """
    found = find_programs((BROWSER, EDITOR))
    document_path.write_text(_DOCUMENT_TEXT, encoding="utf-8")
    _write_preferences(profile_folder)
    marked = {**environment, **dict([_marker(profile_folder).split("=", 1)])}
    editor = start_program((found[EDITOR], "--disable-server", str(document_path)), environment=marked)
    try:
        wait_until(lambda: _editor_menu(environment), what="The text editor (mousepad)", process=editor)
        address = site.address(Page.SIGN_IN)
        browser = start_program((found[BROWSER], *_flags(profile_folder), address), environment=marked)
        programs = Programs(browser=browser, editor=editor, document=document_path, profile=profile_folder)
        site.wait_for(lambda: site.view() is not None, what="the browser opens the sign-in page", seconds=40.0)
    except BaseException:
        end_program(editor)
        end_marked(_marker(profile_folder))
        raise
    return programs


def _editor_menu(environment: Mapping[str, str]) -> Widget | None:
    try:
        with Widgets(address_in(environment)) as widgets:
            program = widgets.program(EDITOR)
            return None if program is None else widgets.find(program, role="menu", name="Edit")
    except Gone:  # the program is still building its window
        return None


def _flags(profile: Path) -> tuple[str, ...]:
    # Chromium's own sandbox refuses to run as root, as in a container.
    without_sandbox = ("--no-sandbox",) if os.geteuid() == 0 else ()
    return (*_BROWSER_FLAGS, *without_sandbox, f"--user-data-dir={profile}")


def _write_preferences(profile: Path) -> None:
    place = profile / "Default" / "Preferences"
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    place.write_text(json.dumps(_PREFERENCES), encoding="utf-8")


def _marker(profile: Path) -> str:
    return f"OPTIN_DEMO_PROFILE={profile}"
