"""A coverage-guided fuzzer finds named refusals only, in bounded memory and time, in every reader of outside bytes.

`make test` gives each reader a few seconds, `make torture` ten minutes to all of them.
"""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from tests.fuzz.targets import TARGETS, Target

AT_ONCE: Final = 2
WHOLE: Final = 600 if os.environ.get("OPTIN_TORTURE") else 18
"""Seconds for all targets together."""
ROOT: Final = Path(__file__).parents[2]


@pytest.mark.timeout(2 * WHOLE + 120)
def test_no_reader_fails_on_what_a_fuzzer_makes(tmp_path: Path) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = tuple(pool.map(partial(fuzzed, folder=tmp_path), TARGETS))
    if any(found):
        pytest.fail("\n\n".join(filter(None, found)), pytrace=False)


def fuzzed(target: Target, *, folder: Path) -> str:
    """What the fuzzer found in a target; empty if nothing."""
    own = folder / target.name
    (own / "corpus").mkdir(parents=True)
    for number, seed in enumerate(target.seeds()):
        (own / "corpus" / str(number)).write_bytes(seed)
    seconds = max(1, WHOLE * AT_ONCE // len(TARGETS))
    command = (sys.executable, "-m", "tests.fuzz.fuzzing", target.name, str(seconds), str(own))
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, errors="replace", check=False)
    told = [line for line in (done.stdout + done.stderr).splitlines() if not line.startswith(("INFO:", "WARNING:"))]
    return "\n".join((f"{target.name}:", *told[-40:])) if done.returncode else ""
