"""The private desktop comes up whole, shares nothing with the person's own, and leaves nothing behind."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from optin.demo.accessible import Gone, address_in
from optin.demo.desktop import VirtualDesktop
from optin.demo.hand import Hand, Untypable
from optin.demo.programs import DidNotStart, MissingProgram, find_programs, marked_processes


class Unlucky(VirtualDesktop):
    """A desktop whose last step fails."""

    def _start_buses(self, dbus: str, launcher: str) -> None:
        super()._start_buses(dbus, launcher)
        self.marker = f"XDG_RUNTIME_DIR={self.environment['XDG_RUNTIME_DIR']}"
        raise DidNotStart("The last step failed.")


def test_nothing_runs_after_the_end(tmp_path: Path) -> None:
    with VirtualDesktop(parent=tmp_path) as desktop:
        marker = f"XDG_RUNTIME_DIR={desktop.environment['XDG_RUNTIME_DIR']}"
        assert marked_processes(marker)
    assert marked_processes(marker) == ()


def test_no_file_is_left_after_the_end(tmp_path: Path) -> None:
    with VirtualDesktop(parent=tmp_path):
        assert list(tmp_path.iterdir())
    assert list(tmp_path.iterdir()) == []


def test_a_start_that_fails_leaves_nothing(tmp_path: Path) -> None:
    desktop = Unlucky(parent=tmp_path)
    with pytest.raises(DidNotStart), desktop:
        pass
    assert marked_processes(desktop.marker) == ()
    assert list(tmp_path.iterdir()) == []


def test_a_screen_that_cannot_be_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(DidNotStart, match="Xvfb"), VirtualDesktop(0, 0, parent=tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_missing_programs_are_named_with_their_packages(tmp_path: Path) -> None:
    with pytest.raises(MissingProgram, match="apt-get install at-spi2-core xvfb"):
        find_programs(("Xvfb", "at-spi-bus-launcher"), path=str(tmp_path))


def test_private_folders_are_closed_to_others(desk_environment: dict[str, str]) -> None:
    mode = Path(desk_environment["XDG_RUNTIME_DIR"]).stat().st_mode
    assert stat.S_IMODE(mode) == 0o700


def test_settings_of_the_person_are_out_of_reach(desk_environment: dict[str, str]) -> None:
    own = Path(desk_environment["XDG_RUNTIME_DIR"]).parent
    places = [desk_environment[name] for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")]
    assert all(Path(place).is_relative_to(own) for place in places)


def test_a_desktop_without_an_accessibility_bus_is_a_clear_error() -> None:
    with pytest.raises(Gone, match="apt-get install at-spi2-core"):
        address_in({})


def test_a_character_without_a_key_is_an_error(desk_environment: dict[str, str]) -> None:
    with Hand(desk_environment["DISPLAY"]) as hand, pytest.raises(Untypable):
        hand.type("\N{SNOWMAN}")


def test_the_pointer_goes_where_it_is_sent(desk_environment: dict[str, str]) -> None:
    with Hand(desk_environment["DISPLAY"]) as hand:
        hand.move((321, 654))
        assert hand.position() == (321, 654)
