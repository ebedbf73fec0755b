"""`optin scrub`: one's own files in, masked files of the same names out; a damaged one does not stop the others."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from optin.say import progress, say, say_table
from optin.workers import scrub_apart, scrub_here, usable_cores
from redaction.redacted import Isolation
from redaction.scrub import ScrubTools, discover
from redaction.scrubbed import Dropped, NotExamined, ScrubFacts, ScrubReport, ScrubResult
from vault.errors import BadInput
from vault.files import create_file

if TYPE_CHECKING:
    # What reads pictures starts threads when it is imported, and a process must be isolated before that.
    from redaction.images.verify import Verifier
    from redaction.lexicon import Lexicon
    from redaction.readers.base import Reader

BALANCED: Final = "balanced"
"""The profile in which detectors decide; nothing of it can be exported."""
FIRST: Final = {"strict": "tesseract", BALANCED: "rapidocr"}
"""The engine that reads if nobody chooses one: strict needs few words soon, balanced as many as can be read."""
SECOND: Final = {"tesseract": "rapidocr", "rapidocr": "tesseract", "pytesseract": "rapidocr"}
"""The engine that looks at what the first one left; the two have neither code nor models in common."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person chose: the profile, the engine that reads, whether another one verifies, what level is dropped."""

    profile: str
    reader: str
    verify: bool
    drop_level: int


def scrub(paths: tuple[Path, ...], out: Path, *, report: Path | None, choice: Choice, jobs: int | None) -> None:
    """Scrubs every file, by default with a process for each core; `BadInput` at the end names those that failed."""
    inputs = discover(paths)
    opener = partial(open_tools, choice)
    if len(inputs) < 2:
        done = scrub_here(inputs, out, opener=opener)
    else:
        with progress("Scrubbing") as step:
            done = scrub_apart(inputs, out, opener=opener, jobs=jobs or usable_cores(), step=step)
    if report is not None:
        create_file(report, json.dumps(done.as_json(), indent=2).encode())
    _say(done, out)
    refused = [outcome.reason for _, outcome in done.outcomes if isinstance(outcome, NotExamined)]
    if refused:
        raise BadInput("not scrubbed:\n" + "\n".join(f"  {reason}" for reason in refused))


def open_tools(choice: Choice) -> ScrubTools:
    """The engines, the lexicon and the detectors, ready to use; `MissingPart` names what is not installed."""
    import cv2

    cv2.setNumThreads(1)
    return _balanced(choice) if choice.profile == BALANCED else _strict(choice)


def _strict(choice: Choice) -> ScrubTools:
    from redaction.classified import Classified
    from redaction.detectors import light_detectors
    from redaction.images.pixels import Masker, MaskTools
    from redaction.lexicon import load_lexicon
    from redaction.readers import open_reader

    reader = open_reader(choice.reader)
    second = open_reader(SECOND[choice.reader]) if choice.verify else None
    detectors = (*light_detectors(), Classified())
    tools = MaskTools(reader, load_lexicon(), detectors, verifier=_verifier(second))
    facts = _facts(choice, reader, second, lexicon=tools.lexicon)
    return ScrubTools(Masker(tools), tools.lexicon, tools.detectors, facts)


def _balanced(choice: Choice) -> ScrubTools:
    from redaction.balanced.passages import PassageTools
    from redaction.balanced.profile import BalancedMasker, open_balanced
    from redaction.readers import open_reader

    reader = open_reader(choice.reader)
    second = open_reader(SECOND[choice.reader])
    tools = open_balanced(reader, second)
    deciders = tools.deciders
    facts = _facts(choice, reader, second, lexicon=deciders.lexicon)
    passages = PassageTools(tools.texts, deciders.light)
    return ScrubTools(BalancedMasker(tools), deciders.lexicon, deciders.light.detectors, facts, passages)


def _facts(choice: Choice, reader: Reader, second: Reader | None, *, lexicon: Lexicon) -> ScrubFacts:
    return ScrubFacts(
        profile=choice.profile,
        reader=f"{reader.name} {reader.version}",
        verifier="" if second is None else f"{second.name} {second.version}",
        lexicon=lexicon.digest,
        models=(*_models(reader), *_models(second), *_guessing(choice)),
        drop_level=choice.drop_level,
    )


def _verifier(second: Reader | None) -> Verifier | None:
    if second is None:
        return None
    from redaction.images.verify import Verifier

    return Verifier(second)


def _models(engine: Reader | None) -> tuple[tuple[str, str], ...]:
    """The files that an engine reads with, whose digests it has checked, by name and digest."""
    from redaction.models import DETECTION, ENGLISH, RECOGNITION

    models = {"tesseract": (ENGLISH,), "pytesseract": (ENGLISH,), "rapidocr": (DETECTION, RECOGNITION)}
    return tuple((model.file, model.sha256) for model in models.get(engine.name if engine else "", ()))


def _guessing(choice: Choice) -> tuple[tuple[str, str], ...]:
    """The files that the detectors of the balanced profile guess with, by package, name and digest."""
    from redaction.models import RAMPART_NETWORK, RAMPART_TOKENIZER, SPACY_FILES

    files = (RAMPART_NETWORK, RAMPART_TOKENIZER, *SPACY_FILES) if choice.profile == BALANCED else ()
    return tuple((f"{model.package}/{model.file}", model.sha256) for model in files)


def _say(done: ScrubReport, out: Path) -> None:
    results = [(source.name.as_posix(), outcome) for source, outcome in done.outcomes]
    rows = [
        (name, str(sum(number for _, number in result.masks)), str(result.kept))
        for name, result in results
        if isinstance(result, ScrubResult)
    ]
    if rows:
        say_table("", ("file", "masks", "phrases kept"), rows)
    for name, result in results:
        if isinstance(result, Dropped):
            say(f"{name} shows a classification of level {result.level}: nothing of it was written")
    if done.isolation == Isolation.NONE.value:
        say("The network could not be taken from the processes that read the files; `optin doctor` says more.")
    say(f"{len(rows)} files scrubbed into {out}")
    if done.facts.profile == BALANCED:
        say("Detectors decided what stays: look before you show it. Nothing of it can be exported.")
