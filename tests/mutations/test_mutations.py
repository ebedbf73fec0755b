"""The tests notice when a safeguard is taken away: each change of `changes.py` fails one of its tests.

With OPTIN_TORTURE=1 those of `privacy.py` too, which need a real screen for each.

Every change is made in a copy of the packages, two at a time; the copy without any change passes the same tests.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Final

import pytest

from tests.mutations.changes import CHANGES, Change
from tests.mutations.privacy import PRIVACY

AT_ONCE: Final = 2
ROOT: Final = Path(__file__).parents[2]
PACKAGES: Final = ("optin", "export", "review", "redaction", "capture", "consent", "vault", "tests", "docs")
FILES: Final = ("pyproject.toml", "README.md", "CONTRIBUTING.md", "Makefile")
EVERY: Final = CHANGES + PRIVACY if os.environ.get("OPTIN_TORTURE") == "1" else CHANGES
UNCHANGED: Final = Change("unchanged", "", ())
QUIET: Final = ("-q", "-x", "-p", "no:randomly", "-p", "no:cacheprovider", "--no-header")
Runs = dict[str, Future[subprocess.CompletedProcess[str]]]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    """The runs of all changes by name, begun in turn."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        every = tuple(dict.fromkeys(one.tests for one in EVERY))
        begun = {one.name: pool.submit(run, one, tmp_path_factory.mktemp("copy"), (one.tests,)) for one in EVERY}
        begun[UNCHANGED.name] = pool.submit(run, UNCHANGED, tmp_path_factory.mktemp("copy"), every)
        yield begun
        pool.shutdown(cancel_futures=True)


def run(one: Change, folder: Path, tests: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    """What pytest says of these tests in a copy with this change."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, symlinks=True)
    for name in FILES:
        shutil.copy(ROOT / name, folder)
    for edit in one.edits:
        path = folder / edit.file
        path.write_text(replaced(path.read_text(), edit.old, edit.new))
    command = (sys.executable, "-m", "pytest", *QUIET, *tests)
    environment = {name: value for name, value in os.environ.items() if name != "OPTIN_TORTURE"}
    environment["PYTHONPATH"] = str(folder)
    try:
        return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    finally:
        shutil.rmtree(folder)


def replaced(text: str, old: str, new: str) -> str:
    """The text with its one place changed; an error if there is none, or more than one."""
    if text.count(old) != 1:
        raise ValueError(f"this stands {text.count(old)} times in the file, not once: {old}")
    return text.replace(old, new)


@pytest.mark.timeout(600)
def test_the_unchanged_copy_passes(runs: Runs) -> None:
    done = runs[UNCHANGED.name].result()
    assert done.returncode == pytest.ExitCode.OK, done.stdout[-4000:]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("one", EVERY, ids=lambda one: one.name)
def test_a_safeguard_that_is_taken_away_is_missed(one: Change, runs: Runs) -> None:
    done = runs[one.name].result()
    # A test that cannot be collected fails as well, but shows nothing.
    assert "FAILED " in done.stdout, done.stdout[-4000:]
    assert "ERROR " not in done.stdout, done.stdout[-4000:]
