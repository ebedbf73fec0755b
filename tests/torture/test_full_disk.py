"""A real disk that is full or read-only: what was acknowledged is there, and the stop could still be entered."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.torture.conftest import Amount

ROOT = Path(__file__).parents[2]
IN_A_SMALL_DISK = 'mount -t tmpfs -o size=4m,mode=700 small "$1" && exec "$2" -m tests.torture.small_disk "$1" "$3"'
"""The disk is seen by this command and what it starts, and is gone with it."""


@pytest.fixture(scope="module")
def levels(amount: Amount) -> int:
    return amount.of(60, 600)


@pytest.fixture(scope="module")
def ran(levels: int, tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    folder = str(tmp_path_factory.mktemp("small"))
    script = ("sh", "-c", IN_A_SMALL_DISK, "sh", folder, sys.executable, str(levels))
    return subprocess.run(("unshare", "--mount", *script), cwd=ROOT, capture_output=True, text=True, check=False)


def test_nothing_acknowledged_is_lost_at_any_level_of_room(ran: subprocess.CompletedProcess[str]) -> None:
    assert ran.returncode == 0, ran.stderr


def test_the_levels_reach_from_no_room_at_all_to_enough(ran: subprocess.CompletedProcess[str], levels: int) -> None:
    counts = json.loads(ran.stdout)
    assert sum(counts.values()) == levels
    assert min(counts.values()) > levels // 20
