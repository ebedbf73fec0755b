"""Builds `redaction/data/lexicon.txt` from the message catalogues of Debian packages (a developer's tool).

    python tools/build_lexicon.py WORK_FOLDER

Package names enter, a sorted list of short phrases leaves. Packages are fetched with `apt-get download` into the work
folder, unpacked there, and never installed or run. The same packages give the same file. Rules:

1. A phrase has 1 to 4 words and at most 32 characters, and no digit, placeholder, mark-up or address.
2. At least two programmes share it (two source packages, not two parts of one).
3. It cannot also be a value: no name of a person, place, language, month or weekday, no rating, filing status,
   condition, drug, unit, greeting or answer. `VALUES` and the name lists of `VALUE_PACKAGES` decide.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import struct
import subprocess
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from redaction.lexicon import MAX_LENGTH, MAX_WORDS, checksum_line, fold

OUTPUT = Path(__file__).resolve().parent.parent / "redaction" / "data" / "lexicon.txt"
CATALOGUES = tuple(
    """
    atril-common bleachbit caja-common claws-mail-i18n dino-im-common dolphin eog epiphany-browser-data evince-common
    evolution-common file-roller filezilla-common firefox-esr gajim geary gedit-common gimp-data gnome-calendar
    gnome-contacts gnome-control-center-data gnome-shell-common gnucash-common gnumeric-common gnumed-client
    grisbi-common gthumb-data gtimelog hamster-time-tracker hexchat-common homebank-data inkscape kalendar kate5-data
    kmail kmymoney-common konsole kontact korganizer ledgersmb libgtk-3-common libgtk-4-common libkf5configwidgets-data
    libkf5xmlgui-data libreoffice-l10n-de mousepad nautilus-data php-horde-kronolith php-horde-turba phpmyadmin
    pidgin-data planner-data pluma-common python3-django-hyperkitty redmine request-tracker5 rhythmbox-data
    roundcube-core shotwell-common simple-scan skrooge-common sogo sylpheed-i18n thunar-data thunderbird tryton-client
    tryton-modules-account tryton-modules-account-invoice tryton-modules-company tryton-modules-marketing
    tryton-modules-party tryton-modules-product tryton-modules-project tryton-modules-purchase tryton-modules-sale
    tryton-modules-stock tryton-modules-timesheet vlc-l10n wordpress-l10n zabbix-frontend-php zim
    """.split()  # noqa: SIM905 (a hundred names read better as a block)
)
VALUE_PACKAGES = ("iso-codes", "python3-fake-factory", "tzdata")
FAMILIES = {
    package: family
    for family, packages in {
        "kde-frameworks": "libkf5configwidgets-data libkf5xmlgui-data",
        "kde-pim": "kmail kontact korganizer kaddressbook kalendar",
        "mozilla": "firefox-esr thunderbird",
        "gtk": "libgtk-3-common libgtk-4-common",
        "gedit": "gedit-common pluma-common",
        "evince": "evince-common atril-common",
        "nautilus": "nautilus-data caja-common",
        "sylpheed": "sylpheed-i18n claws-mail-i18n",
        "horde": "php-horde-kronolith php-horde-turba",
    }.items()
    for package in packages.split()
}
"""Packages of one origin (parts, forks, one engine): what only they share is no common phrase."""
LANGUAGES = ("de", "fr", "de_DE", "fr_FR", "es", "en_GB")

NAMES_THAT_STAY = frozenset(
    """
    account address alarm alert align archive art article back band bar bars bell bill block blue body bold book books
    border bottom box brown browser brush bug build button buy cap card case cell chain chart church circle city class
    close cloud code color colour column comment contact copy count country cover crop cross cut cyan dark data date day
    days default delete dependency design desk dial display dock document down draft drop edit else empty end event
    events exit expire explore factor fast feed few field file fill filter find flag flash focus font form forward frame
    free french game gold graph gray great green grey group guide hand header height help hide history home hook host
    hour hours image import inbox index info insert invoice item items join key keys label language layer left level
    light line link list load local location lock log long low mail main map mask match media menu message mode money
    month more mouse move name names network new news next night none normal note notes number object office open orange
    order other outline owner page pages palette panel parent part paste path pen phone picture pin pink place plain
    plan play pool port position post power preview price print profile project purple query queue quit quota range
    rank rate rating read record red refresh release remove rename reply report request reset resize role room root
    rotate row rule rules run sale sales save scale scan screen script search section select send server service session
    set settings shadow shape share sheet shell short show side sign signature silver simple site size sizes skip sleep
    small sort sound source space special speed spell split square stack standard star start state status step stock
    stop store street string style subject suite summary support switch system tab table tag target task team template
    test text theme time title tool tools top total track tree trim turn type types undo unit up update upload user
    value values version video view violet visible watch web week weeks weight white width window wizard word words work
    workspace world wrap write year years yellow zone zoom
    """.split()  # noqa: SIM905
)
"""Words of interfaces that some name list also holds; each was looked at: the interface sense is far more common."""

VALUES = frozenset(
    """
    accepted active actress admin administrator adoptive adult advanced accountant allergies allergy anaemia anemia
    angina anna anxiety approved arthritis asthma aunt away awesome bachelor bad below average bankruptcy beginner best
    bipolar birthday boy brother busy bye calibration cancer cash catholic celibate charity cheers child children
    christian chronic civil company confidential confirmed controlled cool cousin credit critical customer daughter
    dead dear debit deceased declined delinquent denied dependent depressed depression diabetes diagnosed dialysis
    director disabled discharged dismissed disputed divorced dividend doctor domestic donation eligible employee
    employed engaged enemy epilepsy excellent exceeds expired fair fail failed failing father female fiancé fired friend
    friends gay gender girl good goodbye grandfather grandmother great green guardian guest guilty happy hello hepatitis
    hey hi high hired hiv husband hypertension inactive infection influenza inpatient insufficient intern intolerant
    islam jewish joint junior kidney laid late leave lesbian liver loan lover male man manager maternity married master
    meets mild moderate mother mr mrs ms miss muslim negative nephew neutral new patient no nobody none normal nurse
    obese offline ok okay online outpatient outstanding overdue overweight owner paid pain parent partner paternity pass
    passed past patient pending pension perfect permanent poor positive pregnant premium private probation procedure
    promoted public refund rejected relative restricted resigned retired salaried salary satisfactory scheduled secret
    self-employed senior separated severe sick single sister smoker smoking son sorry spouse standard stroke student
    suicide superb surgery surgical suspended terminated terminal terrible thanks thank top trainee tuberculosis
    unapproved unclassified uncle unemployed unfit unhappy unmarried unpaid unsatisfactory unsettled unspecified
    vaccinated vegan vegetarian vip voluntary waiting wages weak widow widowed wife woman worker yes ok! hello!
    january february march april may june july august september october november december jan feb mar apr jun jul aug
    sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur fri sat sun
    annually biannually biweekly bi-monthly executive cashier designer artist artists developer producer publisher
    humorists food pet pets kids gift gifts clothing vacation holidays ethnic politics celtic baltic nordic satisfied
    oops forever wisdom fire ice
    today tomorrow yesterday tonight noon midnight am pm bc ad spring summer autumn fall winter christmas easter
    north south east west northern southern eastern western europe european africa african asia asian america american
    antarctica arctic atlantic pacific oceania australia indian london paris tokyo berlin
    true false maybe never always often sometimes rarely agree disagree strongly likely unlikely
    high low medium urgent normal-priority very-high very-low internal classified sensitive top-secret unrestricted
    """.split()  # noqa: SIM905
) - frozenset({"new", "standard", "top", "great", "green", "none", "normal", "owner", "parent", "company", "customer"})
"""Single words that are values: answers, ratings, states of people, conditions, kinship, calendar words."""

ALWAYS_VALUES = frozenset({"low", "high", "good", "bad", "fair"})
"""Ratings, although name lists and interfaces hold some of them."""

VALUE_PHRASES = frozenset(
    """
    above average|bank account|below average|credit card|date of birth unknown|does not meet|exceeds expectations|
    first quarter|follow up|full time|good morning|good night|happy birthday|head of household|
    head of the household|high priority|i agree|i am away|in a meeting|in progress|level one|married filing jointly|
    married filing separately|medical leave|meets expectations|needs improvement|no problem|not approved|not available|
    not eligible|on hold|on leave|on vacation|out of office|out to lunch|part time|performance improvement plan|
    qualifying widow|qualifying surviving spouse|see you|self employed|sick leave|thank you|thank you!|top secret|
    very bad|very good|very high|very low|very poor|you are welcome
    """.replace("\n", "")
    .replace("    ", "")
    .split("|")
)
VALUE_WORD = re.compile(
    r"(itis|osis|emia|aemia|pathy|oma|cillin|mycin|azole|statin|prazole|sartan|olol|dipine|zepam|oxetine|caine|ectomy|"
    r"plasty|scopy|trophy|algia|phobia|plegia)$|^(cardi|onco|hepat|nephr|gyn[ae]|psych|pediatr|paediatr|obstetr|dermat)"
)
MEDICAL_WORD = frozenset(
    """
    drug drugs health medicine medical abortion acetaminophen addiction adhd aids alcoholic alzheimer amoxicillin
    antibiotic antidepressant aspirin autism
    autistic biopsy blind cannabis chemotherapy chlamydia cholesterol cocaine colonoscopy contraception covid dementia
    diabetic diagnosis disability disease disorder eczema fertility fever flu fracture gonorrhea headache heart heroin
    herpes hormone hospital ibuprofen illness immunodeficiency inhaler injury insulin ivf lithium lupus malaria
    marijuana measles menopause mental metformin methadone migraine miscarriage morphine naloxone nausea obesity opioid
    overdose oxycodone panic paracetamol parkinson penicillin pill pneumonia prednisone prescription prozac psychosis
    ptsd rehab schizophrenia sclerosis seizure sepsis sertraline sexual steroid syndrome syphilis therapist therapy
    tumor tumour ulcer vaccine viagra viral virus xanax zoloft
    """.split()  # noqa: SIM905
)
"""A phrase that holds one of these words tells about health, wherever it stands."""

BRANDS = frozenset(
    """
    amex american-express bitcoin erlang gadu-gadu jcb mastercard retweet sap seamonkey swaziland tweet visa whatsapp
    dollar franc krona krone lira peso pound pounds ruble rouble rupee euro euros zloty yuan
    activesync adobe amazon android apple bing chrome chromium discord dropbox duckduckgo ebay epiphany evolution
    facebook fakespot firefox flickr gajim geary gimp github gmail gnome gnucash google horde icloud icq inkscape
    instagram ios kde kmail kmymoney kontact kwallet libreoffice linkedin linux mac macos microsoft mozilla msn nautilus
    nextcloud openoffice opera outlook paypal photobucket picasa pidgin pocket redmine roundcube safari skype slack sogo
    spotify telegram thunderbird tryton tumblr twitter wikipedia windows-live word-press wordpress xmpp yahoo youtube
    zabbix zim zoom.us
    """.split()  # noqa: SIM905
)
"""A phrase that names a programme or a company says where somebody is."""
MOODS_AND_NUMBERS = frozenset(
    """
    afraid amazed amused angry annoyed anxious aroused ashamed bored brave calm cautious cold confident confused
    contented cranky crazy creative curious dejected disappointed disgusted dismayed embarrassed envious excited
    flirtatious frustrated grieving grumpy hopeful hot humbled humiliated hungry hurt impressed indignant intoxicated
    invincible jealous lonely lost lucky mean moody nervous nostalgic offended outraged playful platitudes proud
    relaxed relieved remorseful restless sad sarcastic serious shocked shy sleepy spontaneous stressed strong surprised
    thankful thirsty tired undefined weak worried zero one two three four five six seven eight nine ten eleven twelve
    thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety
    hundred thousand million billion half quarter dozen first second third fourth fifth sixth seventh eighth ninth tenth
    """.split()  # noqa: SIM905
)
TELLING = MEDICAL_WORD | BRANDS
NAME_FILES = ("languageNames.ftl", "regionNames.ftl", "currencyNames.ftl")
"""Files of a Mozilla archive that name languages and places: values, not phrases."""
SHORTCUT = re.compile(r"ctrl|^kp|^alt[-+]|shift\+")

PLACEHOLDER = re.compile(r"[%{}<>$\\@#|*=/~^\[\]\"\d]|https?:|www\.")
LETTERS = re.compile(r"[A-Za-z]")
ALLOWED = re.compile(r"^[A-Za-z][A-Za-z '\u2019&,()+\-.:…!?]*$")
QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')


def main() -> int:
    """Builds the lexicon; prints its size."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("work", type=Path, help="folder for packages and their contents")
    work: Path = parser.parse_args().work
    versions = {name: fetch(name, work) for name in (*CATALOGUES, *VALUE_PACKAGES)}
    sharers: dict[str, set[str]] = defaultdict(set)
    for name in CATALOGUES:
        for phrase in phrases_of(work / "x" / name):
            sharers[phrase].add(programme(name))
    private = value_words(work)
    shared = sorted(phrase for phrase, users in sharers.items() if len(users) >= 2)
    kept = [phrase for phrase in shared if not is_value(phrase, private)]
    OUTPUT.write_text(render(kept, versions), encoding="utf-8")
    print(f"{len(kept)} phrases of {len(shared)} shared ones, from {len(CATALOGUES)} packages")
    return 0


def fetch(name: str, work: Path) -> str:
    """The version of a package, after it was downloaded and unpacked below the work folder."""
    debs = work / "debs"
    debs.mkdir(parents=True, exist_ok=True)
    if not list(debs.glob(f"{name}_*.deb")):
        subprocess.run(["apt-get", "download", "-q", name], cwd=debs, check=True, stdout=subprocess.DEVNULL)
    deb = min(debs.glob(f"{name}_*.deb"))
    if not (work / "x" / name).is_dir():
        subprocess.run(["dpkg-deb", "-x", str(deb), str(work / "x" / name)], check=True)
    return deb.name.split("_")[1].replace("%3a", ":")


def programme(package: str) -> str:
    """The programme that a package belongs to; parts of one programme share nothing with each other."""
    if package in FAMILIES:
        return FAMILIES[package]
    return package.rsplit("-modules-", 1)[0].removesuffix("-client") if package.startswith("tryton") else package


def phrases_of(folder: Path) -> Iterator[str]:
    """The folded phrases in all catalogues below a folder."""
    for text in texts_of(folder):
        phrase = fold(text)
        if well_formed(text.strip()) and 2 < len(phrase) <= MAX_LENGTH and len(phrase.split()) <= MAX_WORDS:
            yield phrase


def well_formed(text: str) -> bool:
    """Whether a text is a plain short phrase: letters, spaces and a little punctuation."""
    plain = text.replace("_", "")
    return bool(ALLOWED.match(plain)) and not PLACEHOLDER.search(plain) and bool(LETTERS.search(plain))


def texts_of(folder: Path) -> Iterator[str]:
    """The English texts in the catalogues below a folder, whatever their format."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.is_symlink():
            continue
        if path.suffix == ".mo" and any(part in LANGUAGES for part in path.parts):
            yield from mo_texts(path.read_bytes())
        elif path.suffix == ".po" and path.stem in LANGUAGES:
            yield from po_texts(path.read_text("utf-8", "replace"))
        elif path.name == "omni.ja":
            yield from archive_texts(path)
        elif path.name == "en.yml" or path.match("*English.lproj/*.strings") or path.match("*/en_US/labels.inc"):
            yield from assigned_texts(path.read_text("utf-8", "replace"))


def mo_texts(data: bytes) -> Iterator[str]:
    """The message ids of a compiled gettext catalogue (format: the gettext manual, "The Format of GNU MO Files")."""
    order = "<" if data[:4] == b"\xde\x12\x04\x95" else ">"
    count, table = struct.unpack(order + "II", data[8:16])
    for index in range(count):
        length, offset = struct.unpack_from(order + "II", data, table + 8 * index)
        message = data[offset : offset + length].decode("utf-8", "replace").split("\x04")[-1]
        yield message.split("\0")[0]


def po_texts(text: str) -> Iterator[str]:
    """The message ids of a gettext source catalogue that stand on one line."""
    for line in text.splitlines():
        if line.startswith(("msgid ", "msgid_plural ")) and (found := QUOTED.search(line)):
            yield found.group(1)


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


def assigned_texts(text: str) -> Iterator[str]:
    """What stands after `=` or `:` on each line, without quotes."""
    for line in text.splitlines():
        if not line.lstrip().startswith(("#", "//")) and (found := re.search(r"\s*[=:]\s*(.+)$", line)):
            yield found.group(1).strip().strip(";,").strip("'\"")


@dataclass(frozen=True, slots=True)
class Private:
    """Folded names of people, of anything else that is a value, and of nations and their languages."""

    names: frozenset[str]
    values: frozenset[str]
    nations: frozenset[str]


def value_words(work: Path) -> Private:
    """The names in the packages that hold lists of them."""
    faker = work / "x" / "python3-fake-factory"
    names = {fold(word) for path in sorted(faker.rglob("providers/person/*/__init__.py")) for word in literals(path)}
    values = {fold(word) for path in sorted(faker.rglob("providers/job/*__init__.py")) for word in literals(path)}
    nations: set[str] = set()
    for path in sorted((work / "x" / "iso-codes").rglob("iso_*.json")):
        records = next(iter(json.loads(path.read_text("utf-8")).values()))
        values |= {fold(part) for record in records for part in re.split("[;,(]", record.get("name", ""))}
        # Two-letter codes are given to countries and to the most spoken languages.
        nations |= {fold(record["name"]) for record in records if "alpha_2" in record}
    for path in sorted((work / "x" / "tzdata").rglob("zoneinfo/*/*")):
        values.add(fold(path.name.replace("_", " ")))
    for path in sorted((work / "x").rglob("omni.ja")):
        values |= {fold(name) for name in archive_names(path)}
    return Private(frozenset(names), frozenset(values), frozenset(nations - NAMES_THAT_STAY))


def literals(path: Path) -> Iterator[str]:
    """The string constants of a Python file, which is parsed and not run."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "{" not in node.value:
            yield node.value


def is_value(phrase: str, private: Private) -> bool:
    """Whether a phrase may also be somebody's data."""
    words = re.findall(r"[a-z'\u2019-]+", phrase)
    listed = phrase in private.values and phrase not in NAMES_THAT_STAY
    if phrase in VALUE_PHRASES or listed or SHORTCUT.search(phrase):
        return True
    if any(word in TELLING or word in private.nations or VALUE_WORD.search(word) for word in words):
        return True
    return all(_may_be_value(word, private) for word in words)


def _may_be_value(word: str, private: Private) -> bool:
    if word in NAMES_THAT_STAY:
        return word in ALWAYS_VALUES
    return word in private.names or word in private.values or word in VALUES or word in MOODS_AND_NUMBERS


def render(phrases: list[str], versions: dict[str, str]) -> str:
    """The text of the lexicon file."""
    sources = [f"# source {name} {version}" for name, version in sorted(versions.items())]
    return "\n".join(["# optin-lexicon 1", checksum_line(phrases), *sources, *phrases]) + "\n"


if __name__ == "__main__":
    raise SystemExit(main())
