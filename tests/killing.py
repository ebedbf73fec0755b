"""Runs work in a child process that a fault kills at a chosen call for files."""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.faults import Fault, Interposer

_FAILED: Final = 70


def killed(folder: Path, fault: Fault, work: Callable[[], object]) -> bool:
    """Whether the fault killed the child; False if the work was done before that call came."""
    child = os.fork()
    if child == 0:
        code = _FAILED
        try:
            with Interposer(folder, fault):
                work()
            code = 0
        except BaseException:  # the child must not go on with the tests, whatever happens  # noqa: BLE001
            traceback.print_exc()
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0
    return False
