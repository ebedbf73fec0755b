"""Decides whether a phrase can also be somebody's data: lists of names and words enter, a verdict and its reason leave.

1. What cannot be a value by its grammar stays; what names a person, place, time, state, condition, answer or feeling
   goes. `values.txt` holds the words that no public list holds; the classes of WordNet say what a noun names.
2. A phrase that speaks ("we have", "see you", "please call") is a message, however many programmes show it.
3. A word that is also a name stays only when `NAME_BOUND` programmes use it alone as a phrase (`STRONG_BOUND` when
   the name is a common one): on a screen it is then far more often a button than a person.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from tools.lexicon.lists import WORD, Nouns, Values, lemma

NAME_BOUND = 6
"""Programmes that must use a word alone, as a phrase, when the large name lists hold it."""
STRONG_BOUND = 16
"""The same for words that the lists of common names hold; of these, `values.txt` names those that always go."""
KINDS = {
    5: ("animal", 8),
    8: ("body", 8),
    12: ("feeling", 8),
    13: ("food", 8),
    18: ("person", 4),
    20: ("plant", 8),
    26: ("state", 3),
    27: ("substance", 4),
}
"""Lexicographer files of WordNet (lexnames(5WN)) whose nouns name what a person is, has, eats or feels, and the
programmes that must use such a noun alone, when that is its first sense."""
ADJECTIVE_BOUND = 12
PARTICIPLE_BOUND = 4
UNKNOWN_BOUND = 5
"""The same for adjectives, participles, and words that WordNet does not know (abbreviations, product names)."""

MEDICAL_FORM = re.compile(
    r"(itis|osis|emia|aemia|pathy|cillin|mycin|azole|statin|prazole|sartan|olol|dipine|zepam|oxetine|caine|ectomy|"
    r"plasty|scopy|algia|phobia|plegia|uria|oma|omas|tomy|(angi|mamm|cardi|encephal|son|myel)ogram|mab)$|"
    r"^(cardi|onco|hepat|nephr|gyn[ae]|psychi|psycho|pediatr|paediatr|obstetr|dermat|neuro|"
    r"orthop|urolog|hemat|haemat|immuno)"
)


def reason(phrase: str, values: Values, *, uses: int, alone: Mapping[str, int]) -> str:
    """Why a phrase may be somebody's data; empty when it cannot.

    `uses` counts the programmes that share the phrase, `alone` those that use each word as a phrase of its own.
    """
    words = WORD.findall(phrase)
    if not words or phrase in values.phrases:
        return "phrase"
    found = _telling(words, values) or _speech(phrase, words, values, uses) or _whole(words, values)
    if found:
        return found
    if len(words) == 1:
        return _single(words[0], values, uses)
    return _several(words, values, alone)


def _telling(words: list[str], values: Values) -> str:
    """Words that tell something wherever they stand."""
    for word in words:
        if word in values.stays:
            continue
        if word in values.anywhere or word in values.nations:
            return "telling"
        if word in values.medical or (MEDICAL_FORM.search(word) and word not in values.grammar["plain forms"]):
            return "medical"
    return ""


def _speech(phrase: str, words: list[str], values: Values, uses: int) -> str:
    """Messages: sentences with a speaker or a finite verb, questions to somebody, and what people open them with."""
    if len(words) > 1 and (values.grammar["speaker"] & set(words)) and uses < NAME_BOUND:
        return "speech"
    if len(words) > 1 and (values.grammar["spoken"] & set(words)):
        return "speech"
    if (
        len(words) > 1
        and words[0] in values.grammar["openers"]
        and not (words[0] in values.grammar["label openers"] and uses >= 3)
    ):
        return "speech"
    if "," in phrase and len(words) > 3:
        return "speech"
    return ""


def _whole(words: list[str], values: Values) -> str:
    """Whole phrases that the lists of places and conditions hold."""
    plain = " ".join(words)
    if len(words) > 1 and (plain in values.places or plain in values.medical):
        return "listed"
    return ""


def _single(word: str, values: Values, uses: int) -> str:
    if word in values.stays:
        return ""
    base = lemma(word, values.nouns)
    if word in values.alone or (base in values.alone and base + "s" == word and base not in values.stays):
        return "value word"
    if word in values.common_names and uses < STRONG_BOUND:
        return "name"
    if word in values.rare_names and uses < NAME_BOUND:
        return "rare name"
    if word in values.places and uses < STRONG_BOUND:
        return "place"
    return _kind(word, base, values.nouns, uses)


def _kind(word: str, base: str, nouns: Nouns, uses: int) -> str:
    """What the grammar of a single word says: states, qualities and things that people are, have or feel."""
    kind = nouns.kinds.get(base)
    if word.endswith("ed") and kind is None and uses < PARTICIPLE_BOUND:
        return "participle"
    if kind in KINDS and uses < KINDS[kind][1]:
        return KINDS[kind][0]
    if kind is None and base in nouns.adjectives and base not in nouns.verbs and uses < ADJECTIVE_BOUND:
        return "adjective"
    if kind is None and base not in nouns.verbs and base not in nouns.adjectives and uses < UNKNOWN_BOUND:
        return "unknown word"
    return ""


def _several(words: list[str], values: Values, alone: Mapping[str, int]) -> str:
    """A phrase of value words only, one that ends in a state, a role or a name, or that holds a name."""
    if all(_can_be_value(word, values, alone) for word in words):
        return "value words"
    if words[0] in values.grammar["numbers"] or (len(words) < 4 and words[0] in values.grammar["state openers"]):
        return "state or count"
    last, rest = words[-1], set(words[:-1])
    if last in values.heads and last not in values.stays:
        return "role"
    if last.endswith("ed") and last in values.alone and not rest & values.grammar["date heads"]:
        return "state"
    return "holds a name" if any(_is_only_name(word, values, alone) for word in words) else ""


def _is_only_name(word: str, values: Values, alone: Mapping[str, int]) -> bool:
    """Whether a word is a name and nothing else: no word of the dictionary, and no programme uses it alone."""
    known = word in values.stays or word in values.grammar["links"] or lemma(word, values.nouns) in values.nouns.known
    return word in values.common_names and not known and not alone.get(word)


def _can_be_value(word: str, values: Values, alone: Mapping[str, int]) -> bool:
    if word in values.stays or word in values.grammar["links"]:
        return False
    named = word in values.common_names or word in values.places
    return word in values.alone or (named and alone.get(word, 0) < STRONG_BOUND)
