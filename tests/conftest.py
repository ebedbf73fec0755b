"""Property tests have no time limit an example: how long one takes on a busy machine says nothing of the code.

Modules are compiled before the first test and never during one: Python keeps the cut file that it compiled under a
limit of file sizes, and every later command would fail at it. What a shell that started this in the background ignores,
Ctrl+C, is not ignored here: programmes pass that on to those that they start.
"""

from __future__ import annotations

import compileall
import os
import signal
from pathlib import Path

from hypothesis import HealthCheck, settings

settings.register_profile("untimed", deadline=None, suppress_health_check=(HealthCheck.too_slow,))
settings.load_profile("untimed")

ROOT = Path(__file__).parent.parent


def pytest_configure() -> None:
    for module in sorted(ROOT.glob("*/__init__.py")):
        compileall.compile_dir(module.parent, quiet=2)
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    signal.signal(signal.SIGINT, signal.default_int_handler)
