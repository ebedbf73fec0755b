"""One desk for all tests of the demo's world: a private desktop, the site, the open programs and the person's hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import mss
import numpy as np
import pytest

from optin.demo.applications import Programs, open_programs
from optin.demo.desktop import VirtualDesktop
from optin.demo.finder import Finder
from optin.demo.hand import Hand
from optin.demo.person import Person
from optin.demo.planted import Planted, plant
from optin.demo.site import DemoSite

if TYPE_CHECKING:
    from numpy.typing import NDArray

SEED = 20


@dataclass(frozen=True, slots=True)
class Desk:
    desktop: VirtualDesktop
    site: DemoSite
    programs: Programs
    person: Person

    def screen(self) -> NDArray[np.uint8]:
        with mss.MSS(display=self.desktop.environment["DISPLAY"]) as camera:
            shot = camera.grab(camera.monitors[0])
            return np.frombuffer(shot.rgb, dtype=np.uint8).reshape(shot.height, shot.width, 3)


@pytest.fixture(scope="session")
def planted() -> tuple[Planted, ...]:
    return plant(SEED)


@pytest.fixture(scope="session")
def finder(planted: tuple[Planted, ...]) -> Iterator[Finder]:
    with Finder(planted) as finder:
        yield finder


@pytest.fixture(scope="session")
def desk(planted: tuple[Planted, ...], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    with VirtualDesktop() as desktop, DemoSite(planted) as site:
        places = {"profile_folder": folder / "profile", "document_path": folder / "notes.txt"}
        with (
            open_programs(desktop.environment, site, **places) as programs,
            Hand(desktop.environment["DISPLAY"]) as hand,
        ):
            yield Desk(desktop, site, programs, Person(hand, site, planted=planted, pace=0.4))


@pytest.fixture
def desk_environment(desk: Desk) -> dict[str, str]:
    return dict(desk.desktop.environment)
