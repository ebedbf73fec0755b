"""How well each engine reads one line of an interface: `python -m benchmarks.readers [--lines N] [--engine NAME]`.

Lines are drawn in small fonts and several looks, cut as redaction cuts them, and given to each engine as strips. It
prints, for each engine and size of font, the share of interface phrases that were read as such and with confidence; the
share of names, numbers and misspelt phrases that were taken for a phrase; the processor's time for a strip; and for
each pair of engines what the second says of the phrases that the first one read. Everything drawn is made up here.
"""

from __future__ import annotations

import argparse
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from redaction.images.ink import ink_of
from redaction.images.phrases import SURE
from redaction.images.strips import strip_of
from redaction.images.verify import Verifier
from redaction.lexicon import Lexicon, fold, load_lexicon
from redaction.readers import READERS, Strip, open_reader
from redaction.readers.base import Pixels, Reader, Word
from redaction.spans import box_of

SIZES: Final = (8, 9, 10, 11, 12, 14, 16)
FONTS: Final = ("DejaVuSans.ttf", "LiberationSans-Regular.ttf")
LOOKS: Final = (("#ffffff", "#1f1f1f"), ("#1e1e1e", "#dddddd"), ("#ffffff", "#9a9a9a"))
"""Paper and pen: light, dark, low contrast."""
FEWEST: Final = 3
"""Letters of the shortest phrase that is drawn."""
OTHERS: Final = (
    *("Anna Berg", "Tom Page", "Mark Price", "Lena Forms", "Nora Search", "Ivan Openko", "Grace Close", "Pete Rinter"),
    *("4532 1188", "1,284.50", "20.11.2026", "SSN 219-09", "RX 4417", "A1c 7.2", "K8-Q2Z7", "+1 555 0134"),
    *("Edif", "Hclp", "Ciose", "Priot", "Searcb", "Seftings", "Cancol", "Toots", "Save3", "Fileo", "Coqy", "Vlew"),
)
"""Names, numbers, and what is nearly a phrase; those that the lexicon has are left out."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A line that was drawn, the size of its font, whether it is an interface phrase, and its strip."""

    text: str
    size: int
    is_phrase: bool
    strip: Strip


@dataclass(frozen=True, slots=True)
class Reading:
    """What an engine made of a drawn line: its text, and the confidence of its least sure word (0 for nothing)."""

    drawn: Drawn
    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Result:
    """What one engine made of all lines, and the processor's milliseconds for a strip."""

    engine: str
    readings: tuple[Reading, ...]
    milliseconds: float


def drawn_lines(lexicon: Lexicon, lines: int, *, seed: int = 1) -> Iterator[Drawn]:
    """So many phrases, and as many other texts, for each size and look; the same for the same seed."""
    rng = random.Random(seed)
    phrases = [phrase for phrase in sorted(lexicon.phrases) if len(phrase) >= FEWEST and phrase.isascii()]
    others = [text for text in OTHERS if not lexicon.has(text)]
    for size in SIZES:
        for look in LOOKS:
            for number in range(lines):
                font = FONTS[number % len(FONTS)]
                yield _drawn(rng.choice(phrases).capitalize(), size, font=font, look=look, is_phrase=True)
                yield _drawn(rng.choice(others), size, font=font, look=look, is_phrase=False)


def _drawn(text: str, size: int, *, font: str, look: tuple[str, str], is_phrase: bool) -> Drawn:
    letters = ImageFont.truetype(font, size)
    screen = Image.new("RGB", (int(letters.getlength(text)) + 64, 4 * size), look[0])
    pen = ImageDraw.Draw(screen)
    pen.text((32, size), text, font=letters, fill=look[1])
    left, top, right, bottom = (round(edge) for edge in pen.textbbox((32, size), text, font=letters))
    rgb: Pixels = np.asarray(screen, np.uint8).copy()
    box = box_of(left, top, right, bottom)
    return Drawn(text, size, is_phrase, Strip(strip_of(rgb, ink_of(rgb).writing, box), box))


def read_all(reader: Reader, lines: tuple[Drawn, ...]) -> Result:
    """What this engine reads, after one strip that is not counted in the time."""
    reader.read_strips((lines[0].strip,))
    began = _processor_seconds()
    words = reader.read_strips(tuple(line.strip for line in lines))
    took = _processor_seconds() - began
    readings = tuple(_reading(line, found) for line, found in zip(lines, words, strict=True))
    return Result(reader.name, readings, 1000 * took / len(lines))


def _processor_seconds() -> float:
    """What this process and the programs that it started have used."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def _reading(line: Drawn, words: tuple[Word, ...]) -> Reading:
    return Reading(line, " ".join(word.text for word in words), min((word.confidence for word in words), default=0.0))


def right_share(result: Result, size: int | None = None) -> float:
    """The share of drawn phrases (of one size, or all) that were read as they are, and with confidence."""
    phrases = [one for one in result.readings if one.drawn.is_phrase and size in {None, one.drawn.size}]
    return sum(_is_right(one) for one in phrases) / max(len(phrases), 1)


def false_share(result: Result, lexicon: Lexicon) -> float:
    """The share of other texts that were taken for a phrase, with confidence."""
    others = [one for one in result.readings if not one.drawn.is_phrase]
    return sum(one.confidence >= SURE and lexicon.has(one.text) for one in others) / max(len(others), 1)


def second_look(result: Result, verifier: Verifier, lexicon: Lexicon) -> tuple[int, int, int, int]:
    """Right phrases, those of them that the second engine contradicts; false ones, and those that it contradicts."""
    kept = [one for one in result.readings if one.confidence >= SURE and lexicon.has(one.text)]
    doubts = verifier.contradicted(tuple((one.text, one.drawn.strip.plane) for one in kept))
    right = [doubt for one, doubt in zip(kept, doubts, strict=True) if _is_right(one)]
    false = [doubt for one, doubt in zip(kept, doubts, strict=True) if not _is_right(one)]
    return len(right), sum(right), len(false), sum(false)


def _is_right(one: Reading) -> bool:
    return one.confidence >= SURE and fold(one.text) == fold(one.drawn.text)


def _say(results: tuple[Result, ...], lexicon: Lexicon) -> None:
    print(f"{'phrases read, %':<16}" + "".join(f"{size:>5} px" for size in SIZES) + "     all   false   ms a strip")
    for result in results:
        shares = "".join(f"{100 * right_share(result, size):8.1f}" for size in SIZES)
        rest = f"{100 * right_share(result):8.1f}{100 * false_share(result, lexicon):8.1f}{result.milliseconds:13.1f}"
        print(f"{result.engine:<16}{shares}{rest}")


def _say_second(results: tuple[Result, ...], readers: tuple[Reader, ...], lexicon: Lexicon) -> None:
    for result in results:
        for reader in readers:
            if reader.name != result.engine:
                right, lost, false, caught = second_look(result, Verifier(reader), lexicon)
                print(
                    f"{result.engine}, checked by {reader.name}: {lost} of {right} right phrases contradicted, "
                    f"{caught} of {false} false ones"
                )


def main() -> None:
    parser = argparse.ArgumentParser(description="How well each engine reads one line of an interface.")
    parser.add_argument("--lines", type=int, default=10, help="phrases, and other texts, for each size and look")
    parser.add_argument("--engine", action="append", choices=READERS, help="one or more; without it all")
    options = parser.parse_args()
    lexicon = load_lexicon()
    lines = tuple(drawn_lines(lexicon, options.lines))
    readers = tuple(open_reader(name) for name in options.engine or READERS)
    results = tuple(read_all(reader, lines) for reader in readers)
    _say(results, lexicon)
    _say_second(results, tuple(reader for reader in readers if reader.name != "pytesseract"), lexicon)


if __name__ == "__main__":
    main()
