"""Finds passwords, and keys that stand beside a word for them: in ten languages, in settings, forms, code and prose.

A text enters, spans leave, in code points of this very text. Words of sentences about passwords, and what stands in
code for a value that is elsewhere, are no finds. Readers' confusions in the words for passwords do not matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from redaction.detectors.randomness import has_random_run, is_known_shape, is_words
from redaction.detectors.rules import compiled, words
from redaction.spans import Category, TextSpan

_SECRET: Final = Category.SECRET
_ALIKE: Final = str.maketrans(
    {"0": "o", "1": "l", "i": "l", "|": "l", "!": "l", "5": "s", "$": "s", "8": "b", "@": "a"}
)
_STRONG: Final = words(
    "password passwort passwd passphrase passcode passkey pwd kennwort wachtwoord contraseña contrasena "
    "motdepasse lösenord losenord adgangskode passord salasana пароль κωδικός 密码 密碼 パスワード 비밀번호 암호 "
    "कूटशब्द पासवर्ड apikey accesskey secretkey clientsecret privatekey authtoken accesstoken "
    "refreshtoken sessiontoken bearertoken sessionid connectionstring accountkey sharedkey "
    "encryptionkey signingkey webhooksecret masterkey jwtsecret recoverykey networkkey wifikey "
    "securityanswer maidenname credentials dbpass userpass appsecret appkey secretaccesskey licensekey "
    "deploykey servicekey clientkey sharedsecret"
)
"""Words that name a secret wherever they stand, also within a longer name as in `DB_PASSWORD`."""
_PARTED: Final = words(
    "mot_de_passe parola_d_ordine pass_word pass_phrase api_key access_key secret_key client_secret "
    "private_key auth_token access_token refresh_token session_token bearer_token session_id "
    "connection_string account_key shared_access_key encryption_key signing_key webhook_secret "
    "master_key recovery_key network_key wifi_key security_answer maiden_name license_key deploy_key "
    "service_key shared_secret clave_de_acceso api_secret app_secret db_pass كلمة_المرور كلمة_السر "
    "pass_code"
)
"""The same in words of their own."""
_APART: Final = words("pw mdp psk senha clave heslo hasło haslo parola şifre sifre wpa2")
"""Words that name a secret unless they are a part of a longer word."""
_WEAK: Final = words("secret token auth cookie credential otp signature salt geheim jeton ключ токен pass login")


def _alike(text: str) -> str:
    """The text in small letters, each confusion folded; as long as the text."""
    small = text.lower()
    if len(small) != len(text):
        small = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    return small.translate(_ALIKE)


def _any_of(labels: tuple[str, ...]) -> str:
    """A pattern for these words, the longest first; at `_` they may be parted by a blank or mark."""
    return "|".join(
        re.escape(_alike(label)).replace("_", r"[\s_.'\u2019-]{0,2}") for label in sorted(labels, key=len, reverse=True)
    )


_LABEL: Final = (
    rf"(?P<strong>{_any_of((*_PARTED, *_STRONG))}|(?<![^\W\d_])(?:{_any_of(_APART)})(?![^\W\d_]))"
    rf"|(?P<weak>(?<![a-z])(?:{_any_of(_WEAK)}|key))(?![a-z]{{2}}|s[^\W_])"
)
_HINTS: Final = frozenset(
    {_alike(label).partition("_")[0][:4] for label in (*_STRONG, *_PARTED, *_APART, *_WEAK)} | {"key"}
)
"""Beginnings of these words: a text without any of them has none of the words."""
_VALUE: Final = re.compile(
    r"(?P<suffix>[\w.-]{0,30}(?:\[['\"\w]{0,20}\]?)?['\"`)\]}]{0,3}(?:[^\S\n]?\([^)\n]{0,30}\))?)(?P<sep"
    r">[^\S\n]{0,3}(?::=|=>|->|={1,3}|:|\uff1a|\||\t|\u2192|>|[^\S\n](?:is|was|ist|lautet|est|es|e|é|è|"
    r"(?:changed|set|reset)[^\S\n]to)[^\S\n]:?)|)[^\S\n]{0,4}(?P<value>\"[^\"\n]{1,400}\"?|"
    r"'[^'\n]{1,400}'?|`[^`\n]{1,400}`?|[^\s\"'`]{1,80})?"
)
_REST: Final = re.compile(r"[^\s\"'`]{0,8000}")
_CELLS: Final = frozenset({"|", "", ">"})
"""What parts cells rather than a label from its value."""
_MORE: Final = re.compile(r"(?:[^\S\n][^\s]{0,12}[\d!@#$%^&*?][^\s]{0,12}){1,2}[^\S\n]*(?=\n|$)")
_PHRASE: Final = re.compile(r"(?:[^\S\n][a-z]{2,12}){2,23}[^\S\n]*(?=\n|$)")
_PLAIN: Final = frozenset(
    words(
        "a an and any are as at be been but by can cannot cant changed characters contains could current "
        "default does empty enter expired expires expiry false field fields for forgot forgotten has have "
        "hidden hint how if in incorrect int integer invalid is it login manager managers match max min "
        "mismatch missing must new no none not null of off ok old on only optional or policy policies "
        "protected protection prompt required requirements requires reset saved see settings should size "
        "strength strong str string strings success than that the then this to true type unavailable "
        "undefined unknown unset updated use used user using valid value was weak when which will with "
        "without wrong yes you your count limit limits usage per total remaining management show hide "
        "change copy generate create update delete remove edit view add bool boolean object array number "
        "optional falsch richtig vergessen ändern oublié olvidada olvidaste dimenticata confirm "
        "confirmation repeat again here"
    )
)
_CODE: Final = re.compile(
    r"\$\{?[A-Za-z_]\w{0,60}\}?|<[^>]{1,60}>|\{\{.{0,80}|%[({]?\w{1,40}[)}]?[sd]?%?|"
    r"(?:[A-Za-z_]\w{0,40}\.){0,6}[A-Za-z_]\w{0,60}\(.{0,200}|(?:process\.env|os\.environ|self|this|"
    r"config|settings|args|options|request|req|props|ctx|env)[.\[].{0,120}"
)
"""What stands in code for a value: a variable, a call, a place to fill in."""
_BELOW: Final = 200
_MARKED: Final = re.compile(r"[!@#$%^&*?~](?=.)|(?<=[A-Za-z\d])[!#$%^&*~]$")
_ALONE: Final = re.compile(r"\s*(\S{6,64})\s*")
_COMMON: Final = re.compile(
    r"(?i)(?:passw[o0]rd|p[a@][s$]{2}w[o0]rd|qwert[yz]|letmein|welcome|admin|hunter|iloveyou|dragon|"
    r"monkey|abc|changeme|secret|summer|winter|spring|autumn)\d{1,6}[!@#$.]?"
)
_NO_PASSWORD: Final = re.compile(r"[()\[\]{}<>/\\=,;:\"'|]|\.\w|^[\w.+-]+@[\w.-]+$|^[@#]\w+$|^[#%+$&?-]|%$")
_CANDIDATE: Final = re.compile(r"(?<!\S)\S{8,64}(?!\S)")


def labelled_in(text: str) -> Iterator[TextSpan]:
    """Values beside a word for password, key or token, and below it."""
    alike = _alike(text)
    if not any(hint in alike for hint in _HINTS):
        return
    done = 0
    for label in compiled(_LABEL).finditer(alike):
        found = _VALUE.match(text, label.end()) if label.start() >= done else None
        if found is None:
            continue
        for span in _beside(text, found, is_strong=label["strong"] is not None) if found["value"] else ():
            done = span.end
            yield span
        yield from _below(text, found, is_strong=label["strong"] is not None)


def _beside(text: str, found: re.Match[str], *, is_strong: bool) -> Iterator[TextSpan]:
    start, end = found.span("value")
    value = found["value"].strip("\"'`").rstrip(",;")
    if not _is_value(value):
        return
    is_apart = start > found.end("suffix")
    if is_strong and found["sep"] and (found["sep"].strip() not in _CELLS or _looks_typed(value)):
        yield TextSpan(start, _end_of(text, end), _SECRET)
    elif is_apart and _looks_typed(value) if is_strong else (found["sep"] and _looks_issued(value)):
        yield TextSpan(start, _run_end(text, end), _SECRET)


def _end_of(text: str, end: int) -> int:
    """Where a password ends that is long, that a reader split, or that consists of words."""
    end = _run_end(text, end)
    more = _MORE.match(text, end) or _PHRASE.match(text, end)
    return end if more is None else more.end()


def _run_end(text: str, start: int) -> int:
    """Where the characters end that are no spaces and no quotes."""
    rest = _REST.match(text, start)
    return start if rest is None else rest.end()


def _below(text: str, found: re.Match[str], *, is_strong: bool) -> Iterator[TextSpan]:
    """Values on the line below a label that ends its line or heads a column."""
    line_end = text.find("\n", found.start(), found.start() + _BELOW)
    if line_end < 0:
        return
    stop = text.find("\n", line_end + 1, line_end + 1 + _BELOW)
    line = text[line_end + 1 : stop if stop >= 0 else line_end + 1 + _BELOW]
    cells = tuple(re.finditer(r"\S{1,100}", line))
    is_alone = is_strong and len(cells) == 1 and not text[found.end("suffix") : line_end].strip(" :")
    for cell in cells:
        value = cell.group()
        if _is_value(value) and (is_alone or (_looks_typed(value) if is_strong else _looks_issued(value))):
            yield TextSpan(line_end + 1 + cell.start(), line_end + 1 + cell.end(), _SECRET)


def _is_value(value: str) -> bool:
    """Whether it is no ordinary word of a sentence about passwords, and nothing that stands for a value in code."""
    word = value.strip(".,;:!?()[]{}").lower()
    return bool(word) and word not in _PLAIN and _CODE.fullmatch(value.rstrip(";,")) is None


def _kinds(value: str) -> tuple[bool, bool, bool, bool]:
    """Whether it has small letters, capitals, digits, and marks that are not punctuation at its end."""
    body = value.rstrip(".,;:")
    return (
        any(char.islower() for char in body),
        any(char.isupper() for char in body),
        any(char.isdigit() for char in body),
        any(not char.isalnum() and not char.isspace() for char in body),
    )


def _looks_typed(value: str) -> bool:
    """Whether somebody would type this word as a password: letters with digits or with marks, four or more."""
    small, capital, digit, mark = _kinds(value)
    return len(value) >= 4 and (small or capital) and (digit or (mark and _MARKED.search(value) is not None))


def _looks_issued(value: str) -> bool:
    """Whether it may be a key: eight or more characters, letters and digits, no words with a number behind."""
    small, capital, digit, _ = _kinds(value)
    return len(value) >= 8 and digit and (small or capital) and not is_words(value)


def typed_in(text: str) -> Iterator[TextSpan]:
    """Words that mix capitals, small letters, digits and marks as passwords do; three of these if one stands alone."""
    alone = _ALONE.fullmatch(text)
    if alone is not None and _is_password(alone[1], kinds=3):
        yield TextSpan(*alone.span(1), _SECRET)
        return
    for match in _CANDIDATE.finditer(text):
        if _is_password(match.group().rstrip(".,;:"), kinds=4):
            yield TextSpan(*match.span(), _SECRET)


def _is_password(word: str, *, kinds: int) -> bool:
    if kinds == 3 and _COMMON.fullmatch(word):
        return True
    if _NO_PASSWORD.search(word) or is_known_shape(word) or sum(_kinds(word)) < kinds:
        return False
    if _MARKED.search(word):
        return any(char.isdigit() for char in word)
    return has_random_run(word) or (
        kinds == 3 and "-" not in word and "_" not in word and "." not in word and _is_knotted(word)
    )


def _is_knotted(word: str) -> bool:
    """Whether digits stand between its letters more than once, or small letters, capitals and digits are all there."""
    return len(re.findall(r"[A-Za-z]\d+(?=[A-Za-z])", word)) >= 2 and not is_words(word)
