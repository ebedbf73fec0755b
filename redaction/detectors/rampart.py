"""Finds names, addresses, and numbers of people and accounts, with the network Rampart of data/rampart.

Texts enter, spans leave, in code points of each text. The network (CC-BY-4.0, see the NOTICE beside it) and its
tokenizer are checked by digest; one thread runs them, nothing is fetched, kept or logged. It reads a text in windows
as long as those that it was made for, which overlap, so that nothing lies on an edge unseen. Any failure is a
`DetectorError`.

The network sees no case, so it takes what follows a name for more of it ("Berg flew", "Bonn by"). A word without a
capital after one with a capital is not believed to be a name if it is a common word that names nobody.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from redaction.detectors.base import DetectorError
from redaction.detectors.learned import Learned
from redaction.detectors.unfamiliar import listed_words
from redaction.detectors.windows import Window, windows
from redaction.models import RAMPART_NETWORK, RAMPART_TOKENIZER, checked_model
from redaction.spans import Category, TextSpan

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Kind:
    """What the network names: our category for it, and the group of kinds that it may be joined with."""

    category: Category
    group: str


KINDS: Final = (
    Kind(Category.PERSON, "name"),  # given name
    Kind(Category.PERSON, "name"),  # surname
    Kind(Category.PERSON, "mail"),
    Kind(Category.PERSON, "phone"),
    Kind(Category.PERSON, "site"),
    Kind(Category.TAX, "tax"),
    Kind(Category.FINANCIAL, "account"),
    Kind(Category.FINANCIAL, "account"),  # routing number
    Kind(Category.PERSON, "document"),  # government id
    Kind(Category.PERSON, "document"),  # passport
    Kind(Category.PERSON, "document"),  # driving licence
    Kind(Category.PERSON, "place"),  # building number
    Kind(Category.PERSON, "place"),  # street
    Kind(Category.PERSON, "place"),  # flat, suite, box
    Kind(Category.PERSON, "place"),  # city
    Kind(Category.PERSON, "place"),  # state
    Kind(Category.PERSON, "place"),  # postcode
)
"""The kinds in the order of the network's answers (`id2label` in its config.json: O, then B- and I- of each)."""
LEAST: Final = 0.1
"""Share from which a token is believed to be of some kind: lower ones find little more, and much that is harmless."""
SMALL: Final = frozenset({"as", "at", "by", "in", "is", "of", "on", "or", "to"})
"""Words too short for the list of common words that are no names either."""
WINDOW: Final = 480
"""Characters that the network is given at once: what its makers measured it with; it does worse on longer texts."""
OVERLAP: Final = 64
"""Characters that neighbouring windows share, as its makers have it."""
LIMIT: Final = 512
"""Tokens that the network can take, its two marks included (`max_position_embeddings`)."""
NARROW: Final = 120
"""Characters that always fit: a character becomes four tokens at most when it is decomposed."""
BATCH: Final = 1024
"""Tokens in one run: more is no faster."""
NAMED: Final = frozenset({"name", "place"})
"""The groups whose members are words."""
_GAPS: Final = {"name": r"[ ]|[-' .]{1,2}", "place": r"[\s.,;#/-]{1,4}"}
_GAP: Final = {group: re.compile(_GAPS.get(group, r"[ .,@/:()+-]{0,2}")) for group in {kind.group for kind in KINDS}}
"""What may stand between two pieces of one thing."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """A window's tokens: their numbers, marks included, and the characters of the window that each stands for."""

    ids: tuple[int, ...]
    places: tuple[tuple[int, int], ...]


class Network(Protocol):
    """What turns texts into tokens, and tokens into shares."""

    def tokens(self, text: str) -> Tokens:
        """The tokens of this text."""

    def shares(self, ids: Integers, here: Integers) -> Floats:
        """How sure it is of each answer: shape (rows, tokens, answers); `here` is 1 where a row has a token."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A window of a text, and its tokens."""

    text: int
    start: int
    tokens: Tokens


@dataclass(frozen=True, slots=True)
class _Find:
    """A word, and the place of its kind in `KINDS`."""

    start: int
    end: int
    number: int

    @property
    def kind(self) -> Kind:
        return KINDS[self.number]


class Rampart(Learned):
    """Finds what identifies people and accounts; the network is opened once, `DetectorError` when it is not there."""

    name = "rampart"

    def __init__(self, network: Network | None = None) -> None:
        self._network = network if network is not None else OnnxNetwork()
        self._familiar = listed_words()

    def _found(self, texts: tuple[str, ...]) -> tuple[tuple[TextSpan, ...], ...]:
        found = self._words(texts)
        return tuple(_spans(self._believed(finds, text), text) for finds, text in zip(found, texts, strict=True))

    def _words(self, texts: tuple[str, ...]) -> tuple[tuple[_Find, ...], ...]:
        """The words of each text that the network names, from left to right, each as what it is likeliest to be."""
        likeliest: tuple[dict[tuple[int, int], tuple[float, int]], ...] = tuple({} for _ in texts)
        for batch in _batches(self._pieces(texts)):
            for piece, shares in zip(batch, self._shares(batch), strict=True):
                known = likeliest[piece.text]
                for place, seen in _named(piece, shares, texts[piece.text]):
                    known[place] = max(seen, known.get(place, seen))
        return tuple(tuple(_Find(*place, kind) for place, (_, kind) in sorted(known.items())) for known in likeliest)

    def _believed(self, finds: tuple[_Find, ...], text: str) -> Iterator[_Find]:
        """The finds without common words that follow a name or place with a capital, or follow such words."""
        end = -1
        for find in finds:
            word = text[find.start : find.end]
            named = find.kind.group in NAMED
            follows = named and 0 <= end <= find.start <= end + 2
            if not (follows and (word in self._familiar or word in SMALL)):
                yield find
                follows = False
            end = find.end if named and (follows or not word.islower()) else -1

    def _pieces(self, texts: tuple[str, ...]) -> Iterator[_Piece]:
        for number, text in enumerate(texts):
            for window in windows(text, WINDOW, OVERLAP):
                yield from self._fitting(number, window)

    def _fitting(self, number: int, window: Window) -> Iterator[_Piece]:
        tokens = self._network.tokens(window.text)
        if len(tokens.ids) <= LIMIT:
            yield _Piece(number, window.start, tokens)
            return
        for narrow in windows(window.text, NARROW, NARROW // 4):
            yield _Piece(number, window.start + narrow.start, self._network.tokens(narrow.text))

    def _shares(self, batch: tuple[_Piece, ...]) -> Floats:
        shape = len(batch), max(len(piece.tokens.ids) for piece in batch)
        ids, here = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        for row, piece in enumerate(batch):
            ids[row, : len(piece.tokens.ids)], here[row, : len(piece.tokens.ids)] = piece.tokens.ids, 1
        return self._network.shares(ids, here)


class OnnxNetwork:
    """The network in data/rampart, run by onnxruntime on one thread; `DetectorError` when it is not the one tried."""

    def __init__(self, folder: Path | None = None) -> None:
        place = folder or Path(__file__).resolve().parent.parent / "data" / "rampart"
        network = checked_model(RAMPART_NETWORK, place, _missing)
        tokenizer = checked_model(RAMPART_TOKENIZER, place, _missing)
        if find_spec("onnxruntime") is None or find_spec("tokenizers") is None:
            raise _missing("its libraries are not installed: install optin[redaction]")
        # Read when the library is imported: releases from 1.29 on send usage data and keep a device id in the home.
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = 1, 1
        # Nothing below "fatal" is written: what a model was given has no place in a log. Memory goes back after use.
        options.log_severity_level, options.enable_cpu_mem_arena = 4, False
        self._session = onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_str(tokenizer.decode("utf-8"))

    def tokens(self, text: str) -> Tokens:
        """The tokens of this text, with the marks that the network wants before and after."""
        encoding = self._tokenizer.encode(text)
        return Tokens(tuple(encoding.ids), tuple(encoding.offsets))

    def shares(self, ids: Integers, here: Integers) -> Floats:
        """The network's answers as shares that sum to 1 for each token."""
        inputs = {"input_ids": ids, "attention_mask": here, "token_type_ids": np.zeros_like(ids)}
        answers: Floats = self._session.run(None, inputs)[0]
        powers = np.exp(answers - answers.max(axis=-1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=-1, keepdims=True), np.float32)


def _missing(why: str) -> DetectorError:
    return DetectorError(f"the detector rampart cannot start: {why}")


def _batches(pieces: Iterable[_Piece]) -> Iterator[tuple[_Piece, ...]]:
    """The pieces, short ones first, in groups that need little filling up."""
    batch: list[_Piece] = []
    for piece in sorted(pieces, key=lambda piece: len(piece.tokens.ids)):
        if batch and (len(batch) + 1) * len(piece.tokens.ids) > BATCH:
            yield tuple(batch)
            batch = []
        batch.append(piece)
    if batch:
        yield tuple(batch)


def _named(piece: _Piece, shares: Floats, text: str) -> Iterator[tuple[tuple[int, int], tuple[float, int]]]:
    """The places of words with a token that is likely enough to be of some kind: its share, and which kind."""
    answers = shares[: len(piece.tokens.ids)]
    kinds = (answers[:, 1::2] + answers[:, 2::2]).argmax(axis=1)
    sensitive = 1 - answers[:, 0]
    for index in np.flatnonzero(sensitive >= LEAST):
        start, end = piece.tokens.places[index]
        if start < end:
            place = _word(text, piece.start + start, piece.start + end)
            yield place, (float(sensitive[index]), int(kinds[index]))


def _word(text: str, start: int, end: int) -> tuple[int, int]:
    """The whole word around a part of it: a name is not half a name."""
    while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    return start, end


def _spans(finds: Iterable[_Find], text: str) -> tuple[TextSpan, ...]:
    """The finds, those of one group joined where next to nothing lies between them."""
    joined: list[_Find] = []
    for find in finds:
        last = joined[-1] if joined else None
        if last is not None and last.kind.group == find.kind.group and _touch(last, find, text):
            joined[-1] = _Find(last.start, max(last.end, find.end), last.number)
        else:
            joined.append(find)
    return tuple(TextSpan(find.start, find.end, find.kind.category) for find in joined)


def _touch(last: _Find, find: _Find, text: str) -> bool:
    return find.start <= last.end or _GAP[find.kind.group].fullmatch(text, last.end, find.start) is not None
