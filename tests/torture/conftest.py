"""How much torture tests do: a little in `make test`, a lot with OPTIN_TORTURE=1, each from a seed that is said."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

_SHARED_MEMORY: Final = Path("/dev/shm")  # a memory-backed folder, not a shared name  # noqa: S108


@dataclass(frozen=True, slots=True)
class Amount:
    """`of(few, many)` is how often a test does what it does; `processes` how many cores it may use."""

    is_large: bool
    processes: int

    def of(self, few: int, many: int) -> int:
        """The small number, or the large one of `make torture`."""
        return many if self.is_large else few


@pytest.fixture(scope="session")
def amount() -> Amount:
    is_large = os.environ.get("OPTIN_TORTURE") == "1"
    return Amount(is_large, os.cpu_count() or 1 if is_large else 1)


@pytest.fixture
def seed() -> int:
    """OPTIN_SEED, or a fresh number; a test that fails prints it, and the same number brings the same failure again."""
    number = int(os.environ.get("OPTIN_SEED") or int.from_bytes(os.urandom(4)))
    print(f"OPTIN_SEED={number}")  # pytest shows it where a test fails  # noqa: T201
    return number


@pytest.fixture
def memory() -> Iterator[Path]:
    """A folder in memory, for what does not test the disk itself; a kill loses nothing of the page cache either way."""
    base = _SHARED_MEMORY if _SHARED_MEMORY.is_dir() else None
    folder = Path(tempfile.mkdtemp(prefix="optin-torture-", dir=base))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
