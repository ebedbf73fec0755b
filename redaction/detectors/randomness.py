"""Tells words that look random from words, versions, hashes and names: a word enters, a yes or no leaves. Pure.

1. Random is what changes often between small letters, capitals and digits and repeats few characters.
2. Made of words is what falls into words and numbers at its marks and capitals, however long.
3. Hexadecimal numbers of the lengths that hashes and identifiers have look random and say nothing by themselves.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import pairwise
from typing import Final

SURPRISE: Final = 3.3
"""Bits a character (Shannon) from which a long word is taken for random; English words stay below 3.2."""
CHANGES: Final = 0.2
"""Share of neighbours of different kinds from which a word is taken for random; long names in code have fewer."""
VOWELS: Final = 0.25
"""Share of vowels among letters below which a word cannot be spoken; English words have 0.38, random ones 0.19."""
_RUN: Final = re.compile(r"[A-Za-z0-9]+")
_PIECE: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_UUID: Final = re.compile(r"(?i)[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}")
_HEX: Final = re.compile(r"(?:0[xX])?(?:[\da-f]+|[\dA-F]+)")
_VERSION: Final = re.compile(
    r"[vV]?\d+(?:\.\d+){1,4}(?:[-+._~]?[A-Za-z]{1,10}[\da-f]{0,24}(?:[.~+-][A-Za-z\d]{1,12}){0,4})?"
)
_FILE: Final = re.compile(r".*\.(?:[a-z]{1,5}|[a-z]{1,3}\d|7z|mp[34]|h26[45])")
_DIGESTS: Final = frozenset({24, 32, 40, 56, 64, 96, 128})
"""Digits of object identifiers, MD5, SHA-1 and SHA-2."""
_SHORT_HASH: Final = 16
_KINDS: Final = (str.islower, str.isupper, str.isdigit)


def surprise(word: str) -> float:
    """Shannon's entropy of the word's characters, in bits a character."""
    shares = [count / len(word) for count in Counter(word).values()]
    return -sum(share * math.log2(share) for share in shares)


def changes(word: str) -> int:
    """How many neighbours differ in kind (small letters, capitals, digits); a capital before a small one does not."""
    kinds = [next((place for place, kind in enumerate(_KINDS) if kind(char)), 3) for char in word]
    return sum(a != b and (a, b) != (1, 0) for a, b in pairwise(kinds))


def is_known_shape(word: str) -> bool:
    """Whether it is a UUID, a hash, a version or a file's name."""
    if _UUID.fullmatch(word) or _VERSION.fullmatch(word):
        return True
    if _HEX.fullmatch(word):
        return _is_digest(word)
    return _FILE.fullmatch(word) is not None and not _has_random_run(word.rpartition(".")[0], least=16)


def is_words(word: str) -> bool:
    """Whether it falls into words and short numbers, at its marks and capitals."""
    for run in _RUN.findall(word):
        pieces = _PIECE.findall(run)
        singles = sum(len(piece) == 1 for piece in pieces)
        if 8 * singles > len(run) > 1 or any(len(piece) > 5 and piece.isdigit() for piece in pieces):
            return False
        if len(pieces) > 1 + len(run) / 3 or (run.isupper() and len(run) > 11):
            return False
    return True


def has_random_run(word: str) -> bool:
    """Whether ten or more letters and digits in a row look random."""
    return _has_random_run(word, least=10)


def _has_random_run(word: str, *, least: int) -> bool:
    return any(
        len(run) >= least and _is_mixed(run) and not (_is_digest(run) or _is_spoken_words(run))
        for run in _RUN.findall(word)
    )


def _is_digest(run: str) -> bool:
    return _HEX.fullmatch(run) is not None and (len(run) in _DIGESTS or len(run) <= _SHORT_HASH)


def _is_spoken_words(run: str) -> bool:
    return is_words(run) and _can_be_spoken(run)


def _can_be_spoken(run: str) -> bool:
    return sum(char in "aeiouAEIOU" for char in run) >= VOWELS * sum(char.isalpha() for char in run)


def _is_mixed(run: str) -> bool:
    """Whether it is surprising, and changes often or can hardly be spoken."""
    digits = sum(char.isdigit() for char in run)
    if digits == len(run) or surprise(run) < min(SURPRISE, math.log2(len(run)) - 0.6) or _is_row(run):
        return False
    busy, can_be_spoken = changes(run), _can_be_spoken(run)
    if can_be_spoken and busy < CHANGES * (len(run) - 1):
        return False
    if digits >= 2 or (digits and len(run) >= 16):
        return True
    return busy > 0 and len(run) >= 20 and (busy >= 0.4 * len(run) or not can_be_spoken)


def _is_row(run: str) -> bool:
    """Whether most characters are the next ones of the alphabet, or of the digits."""
    return 2 * sum(ord(b) - ord(a) == 1 for a, b in pairwise(run)) > len(run)


def is_random(word: str) -> bool:
    """Whether a long word looks like a key: random as a whole or in sixteen characters of it, and of no known shape."""
    if is_known_shape(word):
        return False
    if _HEX.fullmatch(word):
        return len(word) >= 32
    return _has_random_run(word, least=16) or (len(word) >= 24 and _is_scattered(word))


def _is_scattered(word: str) -> bool:
    """Whether letters and digits without their marks look random, and the pieces between the marks are no words."""
    plain = "".join(_RUN.findall(word))
    pieces = [run for run in _RUN.findall(word) if not is_words(run)]
    return len(plain) >= 20 and sum(map(len, pieces)) >= 0.5 * len(plain) and _is_mixed(plain)
