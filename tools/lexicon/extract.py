"""Reads English interface texts out of message catalogues: a folder of unpacked files enters, texts leave.

Catalogue files are parsed as data: gettext (.mo, .po, .pot), JSON, Java properties, Fluent, YAML, PHP and JavaScript
tables, Mozilla and Calibre archives. Nothing is imported, evaluated or run. What a file names as a language, a place or
a currency is not a phrase, and is read by `archive_names` only.
"""

from __future__ import annotations

import io
import json
import re
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

from redaction.lexicon import MAX_LENGTH, MAX_WORDS, fold

LANGUAGES = frozenset({"de", "fr", "de_DE", "fr_FR", "es", "en", "en_GB", "en_US"})
"""Catalogues of these languages are read for their English message ids (any one of them has them all)."""
ENGLISH_NAME = re.compile(
    r"(^|[._-])en([-_](us|gb|en))?([.-][0-9a-z]{8,32})?(\.chunk|\.umd|\.min|\.inc)?"
    r"\.(json|js|mjs|cjs|ts|properties|ftl|yml|yaml|php|lang|inc|json\.mjs)$",
    re.IGNORECASE,
)
ENGLISH_FOLDER = re.compile(r"^en([-_](us|gb|en))?$|^english|language-english", re.IGNORECASE)
SOURCE_NAME = re.compile(
    r"^(messagebundle|messages|i18n)\.properties$|^defaulttranslation\.mjs$|nls\.messages\.json$|^package\.nls\.json$|^english\.mjs$",
    re.IGNORECASE,
)
"""Files that hold the English of a programme under a name that no language is part of."""
NO_INTERFACE = re.compile(
    r"node_modules|moment|datepicker|flatpickr|date-fns|cldr|emoji|countr|timezone|currenc|dictionar|spell|hyphen|wordlist",
    re.IGNORECASE,
)
"""Files of parts that name days, places and the like, or that come with a programme and are none of its own."""
LARGEST = 12_000_000
"""Bytes of the largest file that is looked at: a larger one is a bundle of code."""
ARCHIVES = ("omni.ja", "locales.zip")
NAME_FILES = ("languageNames.ftl", "regionNames.ftl", "currencyNames.ftl")
"""Files of a Mozilla archive that name languages and places: values, not phrases."""

NO_PHRASE = re.compile(r"[%{}<>$\\@#|*=/~^\[\]\"\d!;]|https?:|www\.|\w\.\w|\w:\w|[a-z][A-Z]|_.*_|--|\.\.\.?[^.]*\w")
ALLOWED = re.compile(r"^[_&]?[A-Z][A-Za-z '\u2019&,()+\-.:…?_]*$")
QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
SCRIPT_TEXT = re.compile(r""":\s*(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\\n]|\\.)*)`)""")
ASSIGNED = re.compile(r"\s*[=:]\s*(.+)$")
SHORTCUT = re.compile(r"ctrl|^kp|^alt[-+]|shift\+", re.IGNORECASE)


def phrases_of(folder: Path) -> Iterator[str]:
    """The folded short phrases in all catalogues below a folder, with repetitions."""
    for text in texts_of(folder):
        phrase = phrase_of(text.strip())
        if phrase:
            yield phrase


def phrase_of(text: str) -> str:
    """The folded phrase that a text is, or nothing: a label begins with a capital and has no mark-up or digits."""
    plain = text.replace("\u2026", "...")
    while plain.endswith((".", ":", " ")):
        plain = plain[:-1]
    if not ALLOWED.match(plain) or NO_PHRASE.search(plain) or SHORTCUT.search(plain) or text.count(". "):
        return ""
    phrase = fold(plain)
    fits = 2 < len(phrase) <= MAX_LENGTH and len(phrase.split()) <= MAX_WORDS
    return phrase if fits and phrase.count("(") == phrase.count(")") else ""


def texts_of(folder: Path) -> Iterator[str]:
    """The English texts in the catalogues below a folder, whatever their format."""
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file() or (path.name not in ARCHIVES and path.stat().st_size > LARGEST):
            continue
        if not NO_INTERFACE.search(str(path.relative_to(folder))):
            yield from file_texts(path)


def file_texts(path: Path) -> Iterator[str]:
    """The English texts of one file; none when it is no catalogue of ours."""
    spoken = path.stem in LANGUAGES or any(part in LANGUAGES for part in path.parts)
    if path.suffix == ".mo" and spoken:
        yield from mo_texts(path.read_bytes())
    elif path.suffix == ".pot" or (path.suffix == ".po" and spoken):
        yield from po_texts(path.read_text("utf-8", "replace"))
    elif path.name == "omni.ja":
        yield from archive_texts(path)
    elif path.name == "locales.zip":
        yield from zipped_catalogue(path)
    elif path.suffix == ".json" and "LC_MESSAGES" in path.parts and spoken:
        yield from json_keys(path.read_text("utf-8", "replace"))
    elif is_english(path):
        yield from english_texts(path)


def is_english(path: Path) -> bool:
    """Whether a file's name or folder says that it holds the English texts of a programme."""
    if ENGLISH_NAME.search(path.name) or SOURCE_NAME.search(path.name) or path.match("*English.lproj/*.strings"):
        return True
    known = path.suffix in {".json", ".js", ".mjs", ".ts", ".properties", ".ftl", ".yml", ".php", ".inc"}
    return known and any(ENGLISH_FOLDER.search(part) for part in path.parts[-5:-1])


def english_texts(path: Path) -> Iterator[str]:
    """The texts of a file that is known to be English, by its kind."""
    text = path.read_text("utf-8", "replace")
    if path.suffix == ".json":
        yield from json_texts(text)
    elif path.suffix in {".js", ".mjs", ".cjs", ".ts"}:
        yield from script_texts(text)
        if path.name.endswith(".json.mjs"):
            yield from assigned_texts(text)
    else:
        yield from assigned_texts(text)


def mo_texts(data: bytes) -> Iterator[str]:
    """The message ids of a compiled gettext catalogue (format: the gettext manual, "The Format of GNU MO Files")."""
    if data[:4] not in {b"\xde\x12\x04\x95", b"\x95\x04\x12\xde"}:
        return
    order = "<" if data[:4] == b"\xde\x12\x04\x95" else ">"
    count, table = struct.unpack(order + "II", data[8:16])
    for index in range(count):
        length, offset = struct.unpack_from(order + "II", data, table + 8 * index)
        message = data[offset : offset + length].decode("utf-8", "replace").split("\x04")[-1]
        yield message.split("\0")[0]


def po_texts(text: str) -> Iterator[str]:
    """The message ids of a gettext source catalogue that stand on one line, and the defaults that Zope notes."""
    for line in text.splitlines():
        if line.startswith(("msgid ", "msgid_plural ", "#. Default: ")) and (found := QUOTED.search(line)):
            yield found.group(1)


def json_texts(text: str) -> Iterator[str]:
    """All texts in a JSON document, at any depth; none when it cannot be read."""
    try:
        pending = [json.loads(text)]
    except (ValueError, RecursionError):
        return
    while pending:
        value = pending.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            pending.extend(value.values())
        elif isinstance(value, list):
            pending.extend(value)


def json_keys(text: str) -> Iterator[str]:
    """The message ids of a gettext catalogue that was turned into JSON."""
    try:
        catalogue = json.loads(text)
    except ValueError:
        return
    if isinstance(catalogue, dict):
        yield from (key.split("\x04")[-1] for key in catalogue)


def script_texts(text: str) -> Iterator[str]:
    """The quoted texts that stand after a colon in a table of a script."""
    for found in SCRIPT_TEXT.finditer(text):
        yield (found.group(1) or found.group(2) or found.group(3) or "").replace("\\'", "'")


def assigned_texts(text: str) -> Iterator[str]:
    """What stands after `=` or `:` on each line, without quotes."""
    for line in text.splitlines():
        if not line.lstrip().startswith(("#", "//")) and (found := ASSIGNED.search(line)):
            yield found.group(1).lstrip("> ").strip().strip(";,").strip("'\"")


def archive_texts(path: Path) -> Iterator[str]:
    """The messages in the Fluent and properties files of a Mozilla archive."""
    with zipfile.ZipFile(path) as archive:
        for name in sorted(archive.namelist()):
            if name.endswith((".ftl", ".properties")) and not name.endswith(NAME_FILES):
                yield from assigned_texts(archive.read(name).decode("utf-8", "replace"))


def archive_names(path: Path) -> Iterator[str]:
    """The languages and places that a Mozilla archive names."""
    with zipfile.ZipFile(path) as archive:
        for name in sorted(archive.namelist()):
            if name.endswith(NAME_FILES):
                yield from assigned_texts(archive.read(name).decode("utf-8", "replace"))


def zipped_catalogue(path: Path) -> Iterator[str]:
    """The message ids of the German catalogue in an archive of compiled catalogues."""
    with zipfile.ZipFile(path) as archive:
        for name in sorted(archive.namelist()):
            if name.startswith("de/") and name.endswith("messages.mo"):
                yield from mo_texts(io.BytesIO(archive.read(name)).getvalue())
