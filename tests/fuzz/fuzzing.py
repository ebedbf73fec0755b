"""Fuzzes one target: `python -m tests.fuzz.fuzzing TARGET SECONDS FOLDER`; it begins from the inputs in FOLDER/corpus.

It ends with 0 when nothing was found. Otherwise the input lies in FOLDER and what came out stands in the output.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import atheris  # type: ignore[import-untyped]

WATCHED = [
    *("vault", "consent.documents", "capture.batch", "capture.events", "capture.frames", "capture.opening"),
    *("capture.segment", "redaction.engine", "redaction.redacted", "redaction.submission", "optin.messages"),
]
"""Modules whose branches lead the fuzzer."""


def main() -> None:
    """Does not return: the fuzzer ends the process."""
    name, seconds, folder = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    with atheris.instrument_imports(include=WATCHED):
        from tests.fuzz.bounds import read_bounded
        from tests.fuzz.targets import target
    (folder / "corpus").mkdir(exist_ok=True)
    options = (f"-max_total_time={seconds}", "-max_len=20000", "-timeout=30", "-rss_limit_mb=0", "-verbosity=0")
    places = (f"-artifact_prefix={folder}/found-", str(folder / "corpus"))
    atheris.Setup([sys.argv[0], *options, *places], partial(read_bounded, target(name)))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
