"""Ends work on a text that does not end by itself: a detector that hangs must stop the redaction, with a message.

What is limited is the processor time of the process, so neither a slow machine nor one that slept is taken for a hang.
When it is over, the main thread gets `TimeUp` wherever Python or a pattern is at work. Code of a library that does not
give way to signals is ended with the whole process, once `PATIENCE` times the limit has passed on the clock; what is
written then names files and lines, never a value.
"""

from __future__ import annotations

import contextlib
import faulthandler
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Final, NoReturn

PATIENCE: Final = 20
"""How much longer than the limit on processor time the clock may show before the process is ended."""


class TimeUp(Exception):
    """The work took more processor time than it may."""


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raises `TimeUp` in the main thread once the process has worked for that long inside; calls cannot be nested."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        with _ends_process(seconds * PATIENCE):
            yield
        return
    before = signal.signal(signal.SIGPROF, _stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        with _ends_process(seconds * PATIENCE):
            yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    raise TimeUp


@contextlib.contextmanager
def _ends_process(seconds: float) -> Iterator[None]:
    """Ends the process from a thread of the interpreter's own, which needs nobody to give way."""
    faulthandler.dump_traceback_later(seconds, exit=True, file=sys.__stderr__ or sys.stderr)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()
