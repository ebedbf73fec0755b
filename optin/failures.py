"""The one place where errors become words and exit codes; it fails closed.

Exit codes: 0 done, 1 a bug, 2 usage, 3 refused, 4 bad or damaged input, 5 missing part, 130 interrupted. A bug's trace
names files and lines, never the values of variables and never the error's own text, which could hold captured content.
"""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Callable
from typing import Final

import typer

from vault.errors import BadInput, MissingPart, OptinError, Refused

EXIT_CODES: Final[tuple[tuple[type[OptinError], int], ...]] = ((Refused, 3), (BadInput, 4), (MissingPart, 5))
BUG: Final = 1
MISSING: Final = 5
INTERRUPTED: Final = 130


def run(work: Callable[[], object]) -> None:
    """Runs a command; on an error says it and ends the process with its exit code.

    What a thread or a destructor raises goes through the same words: Python's own would print the error's text.
    """
    threading.excepthook = _bug_elsewhere
    sys.unraisablehook = _bug_elsewhere
    try:
        work()
    except OptinError as error:
        sys.stderr.write(f"optin: {error}\n")
        sys.exit(exit_code(error))
    except typer.Exit:
        raise  # a command that has said why it ends
    except (KeyboardInterrupt, typer.Abort):
        sys.stderr.write("optin: stopped\n")
        sys.exit(INTERRUPTED)
    except ModuleNotFoundError as error:
        sys.stderr.write(missing_text(error))
        sys.exit(MISSING)
    except OSError as error:
        sys.stderr.write(f"optin: the system refused: {error.strerror or 'no reason given'}\n")
        sys.exit(4)
    except Exception as error:  # the one broad handler: it says closed and lets nothing through  # noqa: BLE001
        sys.stderr.write(bug_text(error))
        sys.exit(BUG)


def _bug_elsewhere(bug: threading.ExceptHookArgs | sys.UnraisableHookArgs) -> None:
    if bug.exc_value is not None:
        sys.stderr.write(bug_text(bug.exc_value))


def exit_code(error: OptinError) -> int:
    """The exit code of an error that speaks to a person; what has no kind of its own is missing something."""
    return next((code for kind, code in EXIT_CODES if isinstance(error, kind)), MISSING)


def missing_text(error: ModuleNotFoundError) -> str:
    """Which part is not installed, and how to install it."""
    return (
        f"optin: {error.name} is not installed here; install optin[all], `optin doctor` lists what each extra is for\n"
    )


def bug_text(error: BaseException) -> str:
    """Where a bug struck, without any value."""
    lines = [
        f"  {frame.filename}:{frame.lineno} in {frame.name}\n" for frame in traceback.extract_tb(error.__traceback__)
    ]
    return f"optin: this is a bug ({type(error).__name__}). Please report these lines:\n" + "".join(lines)
