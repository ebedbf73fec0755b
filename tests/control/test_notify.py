"""Desktop notifications over a real session bus."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from optin.demo.desktop import VirtualDesktop
from optin.login import open_login
from optin.notify import notify
from optin.sign import NONE, Sign
from tests.control.notices import Notices


@pytest.fixture(autouse=True)
def _bus(on_screen: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", on_screen["DBUS_SESSION_BUS_ADDRESS"])
    monkeypatch.setenv("DISPLAY", on_screen["DISPLAY"])


def test_a_server_gets_the_words(notices: Notices) -> None:
    assert notify("Recording is paused", "Nothing listens.")
    assert notices.told == [("Recording is paused", "Nothing listens.")]


def test_without_a_server_nobody_was_told() -> None:
    assert not notify("Recording", "")


def test_a_server_that_does_not_answer_has_told_nobody(notices: Notices) -> None:
    notices.dumb = True
    assert not notify("Recording", "")


@pytest.mark.parametrize("address", ["", "unix:path=/nowhere/bus", "tcp:host=localhost,port=1", "nonsense"])
def test_without_a_bus_nobody_was_told(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    assert not notify("Recording", "")


def test_a_bus_that_hangs_holds_nobody_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(os.fspath(tmp_path / "bus"))
        silent.listen()
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/bus")
        assert not notify("Recording", "")


def test_a_sign_is_what_is_there(notices: Notices) -> None:
    sign = Sign(terminal=None, watchers=lambda: 1)
    assert sign.name == "tray"
    assert sign.tell("Recording", "")
    assert sign.name == "notification+tray"


def test_where_there_is_nothing_the_person_was_not_told() -> None:
    sign = Sign(terminal=None, watchers=lambda: 0)
    assert not sign.tell("Recording", "")
    assert sign.name == NONE


def test_a_terminal_is_told_the_same_words() -> None:
    lines: list[str] = []
    sign = Sign(terminal=lines.append, watchers=lambda: 0)
    assert sign.tell("Recording is paused", "Nothing listens.")
    assert lines == ["Recording is paused. Nothing listens."]


def test_a_desktop_that_is_there_is_not_over() -> None:
    login = open_login()
    assert login is not None
    assert not login.is_over()
    login.close()


def test_a_logout_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    with VirtualDesktop() as other:
        monkeypatch.setenv("DISPLAY", other.environment["DISPLAY"])
        login = open_login()
        assert login is not None
    assert login.is_over()
    login.close()


def test_without_a_display_there_is_no_desktop_to_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY")
    assert open_login() is None
