"""`optin scrub`: one's own files in, masked files of the same names out; a damaged one does not stop the others."""

from __future__ import annotations

import json
from pathlib import Path

from optin.say import progress, say, say_table
from redaction.detectors import default_detectors
from redaction.lexicon import load_lexicon
from redaction.readers import open_reader
from redaction.scrub import ScrubInput, ScrubReport, ScrubResult, ScrubTools, discover, scrub_file
from vault.errors import BadInput
from vault.files import create_file


def scrub(paths: tuple[Path, ...], out: Path, *, report: Path | None) -> None:
    """Scrubs every file; `BadInput` at the end if some could not be, and the message names them."""
    inputs = discover(paths)
    tools = ScrubTools(open_reader(), load_lexicon(), default_detectors())
    results, refused = [], []
    with progress("Scrubbing") as step:
        for number, source in enumerate(inputs):
            step(number, len(inputs))
            try:
                results.append((source, _one(source, out, tools)))
            except BadInput as error:
                refused.append((source, str(error)))
        step(len(inputs), len(inputs))
    reader = f"{tools.reader.name} {tools.reader.version}"
    done = ScrubReport(reader, tools.lexicon.digest, tuple(results), tuple(refused))
    if report is not None:
        create_file(report, json.dumps(done.as_json(), indent=2).encode())
    _say(done, out)
    if refused:
        raise BadInput("not scrubbed:\n" + "\n".join(f"  {reason}" for _, reason in refused))


def _one(source: ScrubInput, out: Path, tools: ScrubTools) -> ScrubResult:
    target = out / source.name
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return scrub_file(source.path, target, stage=tools)


def _say(done: ScrubReport, out: Path) -> None:
    rows = [
        (source.name.as_posix(), str(sum(result.masks.values())), str(result.kept)) for source, result in done.results
    ]
    if rows:
        say_table("", ("file", "masks", "phrases kept"), rows)
    say(f"{len(rows)} files scrubbed into {out}")
