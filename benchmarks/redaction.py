"""How much redaction leaves readable and how much it keeps: Optin beside the field, on the same screens in one run.

Made-up screens with their truth are rendered if they are not there. Each contender masks them on one core, one after
another; then every output is scored by pixels and read again by an engine that did not redact. Figures are those of the
held-out half of page kinds, which nobody tuned on; what is measured, and how, stands in docs/redaction.md. It prints a
table, then what leaked (all values are made up), or writes JSON, and leaves nothing behind.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from benchmarks.redaction_contenders import NOTHING, OURS, THEIRS, Timed, is_there, redact
from benchmarks.redaction_facts import environment
from benchmarks.redaction_hour import SCREENS, hour
from benchmarks.redaction_hour import as_text as hour_as_text
from benchmarks.redaction_scoring import JUDGE, score_all
from benchmarks.redaction_screens import draw, draw_session
from benchmarks.redaction_table import Run, as_json, as_text, kinds, leaks, lost, rows
from benchmarks.screens.truth import Half, Truth, load
from redaction.readers import READERS
from vault.errors import BadInput, MissingPart

MOST_LOST: Final = 60
"""Lost words that are printed."""

Pairs = Sequence[tuple[Path, Truth]]


def main() -> None:
    """Runs all and prints it."""
    options = _options()
    if options.hour:
        _hour(options)
        return
    names = _contenders(options)
    with tempfile.TemporaryDirectory(dir=options.folder, prefix="optin-bench-") as place:
        pairs = _screens(options, Path(place))
        session = () if options.skip_session else draw_session(Path(place) / "session")
        runs = {name: _run(name, pairs, session, Path(place), options) for name in names}
    truths = {picture.name: truth for picture, truth in pairs}
    facts = environment(names) | {"half": options.half, "screens": len(pairs), "read again by": options.judge}
    print("\n".join(f"{name}: {value}" for name, value in facts.items()), end="\n\n")
    print(as_text(rows(runs), names))
    for name in names:
        _print_words(name, runs[name], truths, options)
    if options.json:
        options.json.write_text(json.dumps(_full(facts, runs, truths), indent=1, ensure_ascii=False), "utf-8")


def _hour(options: argparse.Namespace) -> None:
    facts = environment(())
    with tempfile.TemporaryDirectory(dir=options.folder, prefix="optin-bench-") as place:
        told = hour((options.screens or Path(place)) / "hour", Path(place), count=options.quick or SCREENS)
    print("\n".join(f"{name}: {value}" for name, value in facts.items()), hour_as_text(told), sep="\n\n")
    if options.json:
        options.json.write_text(json.dumps({"environment": facts, "hour": told}, indent=1), "utf-8")


def _run(name: str, pairs: Pairs, session: tuple[Path, ...], place: Path, options: argparse.Namespace) -> Run:
    screens, judge = pairs[0][0].parent, None if options.skip_reading else options.judge
    if name == NOTHING:
        return Run(score_all(pairs, screens, judge=judge, jobs=options.scorers), (), ())
    out = options.keep / name if options.keep else place / name
    pictures = [picture.name for picture, _ in pairs]
    _note(f"{name} masks {len(pictures)} screens")
    times = redact(name, screens, out, names=pictures, jobs=options.jobs)
    frames = _session(name, session, place)
    _note(f"{name} is scored")
    return Run(score_all(pairs, out, judge=judge, jobs=options.scorers), times, frames)


def _session(name: str, session: tuple[Path, ...], place: Path) -> tuple[Timed, ...]:
    if not session:
        return ()
    out = place / f"{name}-session"
    return redact(name, session[0].parent, out, names=[frame.name for frame in session], keeping=True)


def _screens(options: argparse.Namespace, place: Path) -> Pairs:
    """The screens to measure, drawn if there are none in the folder."""
    folder = options.screens or place / "screens"
    half = None if options.half == "both" else Half(options.half)
    if not load(folder, half):
        _note(f"drawing the screens of the half {options.half}")
        draw(folder, options.half)
    pairs = [pair for pair in load(folder, half) if options.only_kind in (None, pair[1].kind)]
    if not pairs:
        raise BadInput("there is no such page kind in this half")
    every = max(len(pairs) // options.quick, 1) if options.quick else 1
    return pairs[::every][: options.quick or None]


def _contenders(options: argparse.Namespace) -> tuple[str, ...]:
    names = tuple(options.only or (OURS if options.ours else (*OURS, *THEIRS, NOTHING)))
    missing = [name for name in names if not is_there(name)]
    if missing:
        raise MissingPart(f"the environment of the peers is not there: {', '.join(missing)}; see docs/benchmarks.md")
    return names


def _print_words(name: str, run: Run, truths: Mapping[str, Truth], options: argparse.Namespace) -> None:
    if name in OURS:
        print(f"\nleft by {name}:", *leaks(run, truths), sep="\n  ")
    if options.lost and name in OURS:
        counted = (f"{text} ({count})" for text, count in lost(run, truths)[:MOST_LOST])
        print(f"\nchrome that {name} lost most often: " + ", ".join(counted))


def _full(facts: Mapping[str, object], runs: Mapping[str, Run], truths: Mapping[str, Truth]) -> dict[str, Any]:
    """Everything that was measured."""
    each = {
        name: kinds(run)
        | {"times": [asdict(one) for one in run.times], "session": [asdict(one) for one in run.session]}
        | ({"left": list(leaks(run, truths))} if name in OURS else {})
        for name, run in runs.items()
    }
    return {"environment": dict(facts), "table": as_json(rows(runs)), "contenders": each}


def _note(text: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {text}\n")
    sys.stderr.flush()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.redaction", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--half", choices=(*map(str, Half), "both"), default=str(Half.HELD_OUT))
    parser.add_argument("--screens", type=Path, help="a folder of screens that `benchmarks.screens` made")
    parser.add_argument("--only-kind", help="screens of one page kind")
    parser.add_argument("--quick", type=int, default=0, metavar="N", help="only so many screens, spread over all")
    parser.add_argument("--ours", action="store_true", help="Optin alone")
    parser.add_argument("--only", action="append", choices=(*OURS, *THEIRS, NOTHING), help="leave the others out")
    parser.add_argument("--skip-reading", action="store_true", help="score by pixels alone, which is much quicker")
    parser.add_argument("--judge", choices=READERS, default=JUDGE, help="the engine that reads the outputs again")
    parser.add_argument("--skip-session", action="store_true", help="leave out the session with few changes")
    parser.add_argument("--jobs", type=int, default=1, help="processes of one contender; more than one blurs the times")
    parser.add_argument("--scorers", type=int, default=2, help="processes that score")
    parser.add_argument("--hour", action="store_true", help="only how long 300 distinct screens take, on all cores")
    parser.add_argument("--lost", action="store_true", help="words of the interface that Optin masked")
    parser.add_argument("--keep", type=Path, help="a folder in which the masked screens stay")
    parser.add_argument("--folder", help="where to work; default: the system's temporary folder")
    parser.add_argument("--json", type=Path, help="a file for everything that was measured")
    found = parser.parse_args()
    if found.lost and found.half != str(Half.TUNING):
        parser.error("--lost is for the tuning half: nobody looks at what the held-out half loses")
    return found


if __name__ == "__main__":
    main()
