"""Finds secrets: tokens by their issuers' prefixes, keys, connection strings, passwords and codes beside their labels,
and random-looking words.

A text enters, spans leave, in code points of this very text. Lengths are lower bounds only, since a screen cuts and a
reader drops characters. What is only a hash, a version or an identifier counts beside a label of secrets, nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from redaction.detectors.base import Role
from redaction.detectors.issuers import PREFIXED
from redaction.detectors.passwords import labelled_in, typed_in
from redaction.detectors.randomness import has_random_run, is_random
from redaction.detectors.rules import D, Family, Labels, Rules, compiled, rule, settled
from redaction.spans import Category, TextSpan

_SECRET: Final = Category.SECRET
_KEY_TYPES: Final = r"(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-[\w-]{4,20}|sk-(?:ssh|ecdsa)[\w@.-]{4,40})"
_FAMILIES: Final = (
    Family(
        "code",
        "verification code|verify code|your code|code is|security code|login code|log in code|sign in code|"
        "signin code|access code|one time|one time code|one time password|one time passcode|otp|totp|2fa|"
        "2fa code|mfa|mfa code|two factor|two step|2 step|authenticator|authenticator code|authentication "
        "code|auth code|confirmation code|passcode|pass code|sms code|text code|use code|enter code|enter "
        "the code|is your|bestätigungscode|sicherheitscode|einmalpasswort|einmalcode|tan|mtan|"
        "freischaltcode|ihr code|anmeldecode|code de vérification|code de sécurité|code de confirmation|"
        "votre code|código de verificación|código de seguridad|tu código|su código|codice di verifica|"
        "codice di sicurezza|il tuo codice|código de verificação|seu código|verificatiecode|je code|kod "
        "weryfikacyjny|verifieringskod|код подтверждения|ваш код",
        right=70,
        left=40,
    ),
    Family(
        "pin",
        "pin code|pin number|pin no|pin nr|your pin|geheimzahl|pin is|new pin|old pin|enter pin|atm pin|sim "
        "pin|puk|puk code|code pin|código pin|codice pin|door code|alarm code|gate code|lock code|unlock "
        "code|device code|lockbox code",
        right=24,
    ),
    Family(
        "recovery",
        "recovery code|recovery codes|backup code|backup codes|rescue code|rescue codes|emergency code|"
        "emergency codes|scratch codes|recovery key|recovery keys|bitlocker recovery key|notfallcodes|"
        "wiederherstellungscode|wiederherstellungscodes|codes de secours|códigos de recuperación|codici di "
        "backup|herstelcodes|one time codes",
        right=120,
        below=16,
    ),
    Family(
        "seed",
        "seed phrase|seed words|recovery phrase|recovery words|secret recovery phrase|mnemonic|mnemonic "
        "phrase|wallet phrase|backup phrase|secret phrase|bip39|bip 39|wiederherstellungsphrase|phrase de "
        "récupération|frase semilla",
        right=260,
        below=14,
    ),
    Family(
        "licence",
        "license key|licence key|product key|activation key|activation code|serial key|cd key|registration "
        "key|registration code|product code|lizenzschlüssel|produktschlüssel|clé de licence|clave de "
        "producto|gift card|gift code|voucher code|redeem code",
        right=80,
    ),
    Family(
        "hash",
        "token|tokens|secret|secrets|key|keys|password|passwort|credential|credentials|apikey|api|bearer|"
        "auth|authorization|cookie|session|sessionid|salt|nonce|signature|hmac|private|seed|csrf|xsrf|jwt|"
        "sid|access key|access token|refresh token|client secret",
        right=100,
    ),
)
_LABELS: Final = Labels(_FAMILIES)
_CODE_GROUP: Final = r"[A-Za-z\d]{3,10}"
_RULES: Final = Rules(
    (
        rule(
            rf"(?<![\w.,:/$€£-])(?:[A-Z]{{1,2}}-)?{D}{{3}}[ -]?{D}{{3,5}}(?![\w%:/-]|[.,]\d)|"
            rf"(?<![\w.,:/$€£-])\d{{4}}(?![\w%:/-]|[.,]\d)",
            _SECRET,
            digits=4,
            near="code",
        ),
        rule(rf"(?<![\w.,:/$€£-]){D}{{3,12}}(?![\w%:/-]|[.,]\d)", _SECRET, digits=3, near="pin"),
        rule(
            r"(?<!\w)(?:PIN|P1N|PlN|NIP|PUK)(?:[^\S\n]?(?::|=|#|is|ist|code|"
            r"-)){0,2}[^\S\n]{0,3}(?P<value>[\dOolIZSB]{4,8})(?![\w.,/-])",
            _SECRET,
            digits=3,
        ),
        rule(
            rf"(?<![\w-]){_CODE_GROUP}(?:[ -]{_CODE_GROUP}){{1,9}}(?![\w-])|(?<!\w)[\da-zA-Z]{{8,64}}(?!\w)",
            _SECRET,
            digits=1,
            near="recovery",
        ),
        rule(
            r"(?<![^\W\d_])(?:(?:\d{1,2}[.):]?[^\S\n]{0,3})?[a-z]{3,8}(?:[\s,|]{1,4}|$)){6,24}(?<=[a-z])|"
            r"(?<![^\W\d_])(?:(?:\d{1,2}[.):]?[^\S\n]{0,3})?[a-z]{3,8}[\s,|]{1,4}){5,23}[a-z]{3,8}(?![a-z])",
            _SECRET,
            near="seed",
        ),
        rule(
            r"(?<!\w)1[.):]?\s{0,3}[a-z]{3,8}[\s,|]{1,4}2[.):]?\s{0,3}[a-z]{3,8}(?:[\s,|"
            r"]{1,4}\d{1,2}[.):]?\s{0,3}[a-z]{3,8}){4,22}(?![a-z])",
            _SECRET,
            digits=6,
        ),
        rule(
            r"(?<![\w-])[A-Z\d]{4,6}(?:-[A-Z\d]{4,6}){2,7}(?![\w-])|(?<!\w)[A-Z\d]{10,32}(?!\w)",
            _SECRET,
            digits=1,
            near="licence",
        ),
        rule(
            r"(?<![\w-])(?=[A-Z\d-]{0,28}\d)(?=[\d-]{0,28}[A-Z])[A-Z\d]{5}(?:-[A-Z\d]{5}){4}(?![\w-])|"
            r"(?<![\w-])\d{6}(?:-\d{6}){7}(?![\w-])",
            _SECRET,
            digits=1,
        ),
        rule(
            r"(?<!\w)(?:[\da-f]{24,128}|[\dA-F]{24,128}|(?i:[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}))(?!\w)",
            _SECRET,
            digits=4,
            near="hash",
        ),
        # Blocks and addresses that carry a key.
        rule(
            r"[-\u2010-\u2015_~=]{1,8}[^\S\n]?BEGIN[^\S\n][A-Z\d "
            r"]{3,50}[-\u2010-\u2015_~=]{0,8}[\s\S]{0,16000}?(?:-?[^\S\n]?END[^\S\n][A-Z\d ]{3,50}-{0,8}|\Z|"
            r"(?=\n\s*\n))",
            _SECRET,
            marks="BEGIN",
        ),
        rule(
            r"(?<!\w)" + _KEY_TYPES + r"[^\S\n]{1,3}(?P<value>AAAA[\w+/=]{8,4000}(?:\n[\w+/=]{20,400}){0,20})",
            _SECRET,
            marks="AAAA",
        ),
        rule(r"PuTTY-User-Key-File-\d[\s\S]{0,8000}", _SECRET, marks="PuTTY"),
        rule(
            r"(?i)(?<![a-z\d])[a-z][a-z\d+.-]{1,20}[^\S\n]?:[^\S\n]?//(?P<value>[^\s/:@?#]{0,80}:[^\s/@]{1,200}@"
            r"[^\s]{0,300})",
            _SECRET,
            marks="@",
        ),
        rule(r"(?i)(?<![a-z\d])https?://(?P<value>[\da-f]{20,64})@", _SECRET, marks="@"),
        rule(
            r"(?i)(?<=[?&#;])(?:access_?token|id_?token|refresh_?token|token|code|state|api_?key|key|sig|"
            r"signature|x-amz-[a-z-]{3,30}|auth|session(?:_?id)?|sid|passw(?:or)?d|pwd|secret|client_secret|"
            r"ticket|otp|hash|nonce|assertion|samlresponse|jwt|credential|invite)=(?P<value>[^&\s#;\"']{1,4000})",
            _SECRET,
            marks="=",
        ),
        rule(
            r"(?i)hooks[^\S\n]?\.[^\S\n]?slack[^\S\n]?\.[^\S\n]?com/(?P<value>(?:services|workflows|"
            r"triggers)/\S{1,200})|discord(?:app)?\.com/api/(?P<last>webhooks/\S{1,200})",
            _SECRET,
            marks="/",
        ),
        rule(r"(?i)otpauth(?:-migration)?://\S{1,500}|WIFI:[^\n]{1,200};;", _SECRET, marks=":"),
        rule(r"(?<![\w:])\d{8,10}:[\w-]{30,50}(?!\w)", _SECRET, digits=8, marks=":"),
        rule(r"(?<![\w.])[MNO][\w-]{23,27}\.[\w-]{5,8}\.[\w-]{25,40}(?!\w)", _SECRET, marks="."),
        rule(
            r"(?<![A-Za-z\d])[eE][yY][^\S\n]?[Jj][\w-]{8,2000}(?:[^\S\n]?\.[^\S\n]?[\w-]{1,4000}){0,2}",
            _SECRET,
            marks="y Y",
        ),
        # Headers and commands.
        rule(
            r"(?<![A-Za-z])(?:(?i:basic|digest|negotiate|apikey|token|"
            r"sso-key)[^\S\n]{1,2}(?P<value>(?=[\w./+~-]{0,200}[\d=])[\w./+~-]{8,4000}={0,2})|"
            r"(?i:bearer)[^\S\n]{1,2}(?P<last>(?=[\w./+~-]{0,60}(?:[\d=]|"
            r"[a-z][A-Z]))[\w./+~-]{8,4000}={0,2}))(?<!\.)",
            _SECRET,
            marks="earer EARER asic ASIC igest egotiate pikey PIKEY oken OKEN sso",
        ),
        rule(
            r"(?i)(?<![a-z])(?:set-)?cookie2?[^\S\n]?:[^\S\n]?(?P<value>[^\s=;]{1,80}=[^\n]{1,4000})",
            _SECRET,
            marks="=",
        ),
        rule(
            r"(?i)(?<![a-z])(?:proxy-)?authorization[\"']?[^\S\n]?[:=][^\S\n]?[\"']?(?P<value>[^\n\"']{4,4000})",
            _SECRET,
            marks="uthorization UTHORIZATION",
        ),
        rule(r"(?<!\w)(?:-u|--user|--proxy-user)[ =]{1,2}(?P<value>[^\s:]{1,64}:[^\s]{1,200})", _SECRET, marks="-u"),
        rule(
            r"(?<!\w)(?:mysql|mysqldump|mariadb|"
            r"mysqladmin)[^\S\n][^\n]{0,200}?[^\S\n]-p(?P<value>[^\s-][^\s]{2,100})",
            _SECRET,
            marks="-p",
        ),
        rule(
            r"(?<!\w)(?:sshpass[^\S\n]-p|--?(?:password|passwd|pass|pwd|secret|token|api-key|apikey|access-key|"
            r"private-key|auth))[ =]{1,2}(?P<value>[^\s-][^\s]{2,200})",
            _SECRET,
            marks="-p -t -a -s",
        ),
    ),
    _LABELS,
)
_LEAST_BODY: Final = 8
_ENDS: Final = frozenset("-_.: =~\u2010\u2011\u2012\u2013\u2014\u2015")
"""Marks with which a prefix ends that nothing else begins with."""
_MIXED: Final = re.compile(r"(?=[A-Za-z]{0,64}\d)(?=\d{0,64}[A-Za-z])[A-Za-z\d]{12}")
_PLAIN_RUN: Final = re.compile(r"[A-Z]?[a-z]+\d{0,4}|[A-Z]{1,6}|\d{1,5}")
_CHECKSUM: Final = re.compile(r"(?i)(?:sha\d{1,3}|md5|h1)[-:=]")
_NAMED: Final = re.compile(r"[A-Za-z][\w.-]{0,60}=(?!=|$)")
_LONG: Final = re.compile(r"\S{10}")
_WORD: Final = re.compile(r"(?<![A-Za-z0-9+/_=.-])[A-Za-z0-9+/_=.-]{16,512}")
_PICTURE: Final = re.compile(
    r"(?i)(?:data:(?:image|font|audio|video)/[\w.+-]{2,30};base64,|(?:sha(?:256|384|512)|h1|md5)[-:])$"
)
"""What stands before a picture or a checksum in base 64."""
_BEFORE: Final = 48
_PICTURE_REACH: Final = 4000


@dataclass(frozen=True, slots=True)
class Secrets:
    """Finds keys, tokens, passwords and codes."""

    name: str = "secrets"
    role: Role = Role.DENY

    def find(self, text: str) -> tuple[TextSpan, ...]:
        """The secret stretches of this text."""
        return settled((*_RULES.find(text), *_issued(text), *labelled_in(text), *_random(text), *typed_in(text)))


def _issued(text: str) -> Iterator[TextSpan]:
    """Tokens with an issuer's prefix."""
    if _LONG.search(text) is None:
        return
    for match in compiled(PREFIXED).finditer(text):
        body = "".join(match["body"].split())
        if len(body) >= _LEAST_BODY and _is_issued(match["sure"] or "", body):
            yield TextSpan(*match.span(), _SECRET)


def _is_issued(prefix: str, body: str) -> bool:
    """Whether a token follows: more than words and short numbers; letters with digits if the prefix lost its mark."""
    if has_random_run(body) or (prefix and _MIXED.search(body)):
        return True
    return (
        bool(prefix)
        and prefix[-1] in _ENDS
        and any(_PLAIN_RUN.fullmatch(run) is None for run in re.findall(r"[A-Za-z0-9]+", body))
    )


def _random(text: str) -> Iterator[TextSpan]:
    """Long words that look random, but for pictures and checksums; of a word with `NAME=` before it what follows."""
    for match in _WORD.finditer(text):
        start, word = match.start(), match.group().rstrip(".")
        named = _NAMED.match(word)
        if named is not None:
            start, word = start + named.end(), word[named.end() :]
        if is_random(word) and not _CHECKSUM.match(word) and not _is_picture(text, start):
            yield TextSpan(start, start + len(word), _SECRET)


def _is_picture(text: str, start: int) -> bool:
    """Whether a word is, or goes on, a picture or a checksum in base 64."""
    if _PICTURE.search(text, max(start - _BEFORE, 0), start):
        return True
    opened = text.rfind("data:image/", max(start - _PICTURE_REACH, 0), start)
    return opened >= 0 and re.search(r"[\s\"')]", text[opened:start]) is None
