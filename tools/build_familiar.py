"""Builds `redaction/data/familiar.gz` from two word lists (for developers).

    python tools/build_familiar.py SMALL LARGE

SMALL and LARGE are `american-english-small` and `american-english` of Debian's packages wamerican-small and wamerican
(SCOWL by Kevin Atkinson; free to use, copy, modify and distribute with its notice). What leaves are the words of the
small list in lower case that the large one does not also have as a name: so neither "Margaret" nor "grace" is among
them. The same lists give the same file; the digest that it prints belongs into `redaction/detectors/unfamiliar.py`.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
from pathlib import Path

OUTPUT = Path(__file__).resolve().parent.parent / "redaction" / "data" / "familiar.gz"
HEAD = """\
# optin-familiar 1
# English words that are no names, out of SCOWL (Spell Checker Oriented Word Lists),
# Copyright 2000-2011 by Kevin Atkinson. Permission to use, copy, modify, distribute and sell these word lists, the
# associated scripts, the output created from the scripts, and its documentation for any purpose is hereby granted
# without fee, provided that the above copyright notice appears in all copies and that both that copyright notice and
# this permission notice appear in supporting documentation. Kevin Atkinson makes no representations about the
# suitability of this array for any purpose. It is provided "as is" without express or implied warranty.
"""
SHORTEST = 3
"""Letters of the shortest word that is listed; shorter ones are taken for no name anyway."""


def main() -> None:
    """Writes the file and prints its digest."""
    parser = argparse.ArgumentParser(prog="build_familiar")
    parser.add_argument("small", type=Path)
    parser.add_argument("large", type=Path)
    options = parser.parse_args()
    listed = options.small.read_text("utf-8").split("\n")
    names = {word.lower() for word in options.large.read_text("utf-8").split("\n") if word[:1].isupper()}
    packed = packed_words({word for word in listed if is_word(word)} - names)
    OUTPUT.write_bytes(packed)
    print(hashlib.sha256(packed).hexdigest())


def is_word(word: str) -> bool:
    """Whether an entry is a plain word in lower case."""
    return word.isalpha() and word.islower() and len(word) >= SHORTEST


def packed_words(words: set[str]) -> bytes:
    """The file of these words."""
    return gzip.compress((HEAD + "\n".join(sorted(words)) + "\n").encode(), mtime=0)


if __name__ == "__main__":
    main()
