"""The field's finders of PII and secrets as contenders, run in the peers' environment.

    python -m benchmarks.peers.text.find presidio|openadapt|detect-secrets

presidio        AnalyzerEngine().analyze, batches by its own BatchAnalyzerEngine, with spaCy's small English model
openadapt       PresidioScrubbingProvider().scrub_text, as its documents show it; the stretches are what it replaced
detect-secrets  scan_line with its default plugins, line by line; the stretches are where a secret's value stands. What
                lies below a plugin's limit of entropy does not count, as in its own command for a single string
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any

from benchmarks.peers.text.model import MODEL, offline
from benchmarks.text.worker import Finder, Found, serve

_PLACEHOLDER = re.compile(r"<[A-Z][A-Z_]*>")


class Presidio:
    """The analyser as it comes."""

    def __init__(self) -> None:
        models = {"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": MODEL}]}
        provider = import_module("presidio_analyzer.nlp_engine").NlpEngineProvider(nlp_configuration=models)
        presidio = import_module("presidio_analyzer")
        self._engine: Any = presidio.AnalyzerEngine(nlp_engine=provider.create_engine())
        self._batches: Any = presidio.BatchAnalyzerEngine(analyzer_engine=self._engine)

    def spans(self, texts: Sequence[str]) -> list[list[Found]]:
        """What it recognises, whatever its score."""
        if len(texts) == 1:
            results = [self._engine.analyze(text=texts[0], language="en")]
        else:
            results = self._batches.analyze_iterator(texts=list(texts), language="en")
        return [[(one.start, one.end, one.entity_type, one.score) for one in found] for found in results]


class OpenAdapt:
    """The scrubber of recordings; it gives a text back, so what it replaced is found by what it left."""

    def __init__(self) -> None:
        self._provider: Any = import_module("openadapt_privacy").PresidioScrubbingProvider()

    def spans(self, texts: Sequence[str]) -> list[list[Found]]:
        """What it replaced."""
        return [list(replaced(text, self._provider.scrub_text(text))) for text in texts]


class DetectSecrets:
    """The scanner of source code."""

    def __init__(self) -> None:
        self._scan: Any = import_module("detect_secrets.core.scan").scan_line
        self._settings: Any = import_module("detect_secrets.settings").default_settings
        self._plugins: Any = import_module("detect_secrets.settings").get_plugins

    def spans(self, texts: Sequence[str]) -> list[list[Found]]:
        """Where the values of the secrets stand."""
        with self._settings():
            entropic = {one.secret_type: one for one in self._plugins() if hasattr(one, "entropy_limit")}
            return [list(self._in_lines(text, entropic)) for text in texts]

    def _in_lines(self, text: str, entropic: Mapping[str, Any]) -> Iterator[Found]:
        start = 0
        for line in text.splitlines(keepends=True):
            for secret in self._scan(line.rstrip("\r\n")):
                value, plugin = secret.secret_value, entropic.get(secret.type)
                is_meant = plugin is None or plugin.calculate_shannon_entropy(value) > plugin.entropy_limit
                at = line.find(value) if is_meant else -1
                if at >= 0:
                    yield start + at, start + at + len(value), str(secret.type), 1.0
            start += len(line)


def replaced(text: str, scrubbed: str) -> Iterator[Found]:
    """The stretches of a text in whose place the scrubbed one has placeholders; all of it if that cannot be told."""
    left = _PLACEHOLDER.split(scrubbed)
    names = [name.strip("<>") for name in _PLACEHOLDER.findall(scrubbed)]
    match = re.fullmatch("(.+?)".join(map(re.escape, left)), text, re.DOTALL)
    if match is None:
        yield 0, len(text), "UNKNOWN", 1.0
        return
    for number, name in enumerate(names, start=1):
        yield match.start(number), match.end(number), name, 1.0


FINDERS: dict[str, type[Finder]] = {"presidio": Presidio, "openadapt": OpenAdapt, "detect-secrets": DetectSecrets}

if __name__ == "__main__":
    with offline():
        serve(FINDERS[sys.argv[1]])
