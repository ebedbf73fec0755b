"""Finds the names by which programmes know people and their work: handles, accounts, repositories, channels, branches.

A text enters, spans leave, in code points of this very text. Only the part that names somebody or something of theirs
is found: of `/home/NAME/notes` the name, of an address of a repository its owner and title. What every machine has
(`root`, `origin/main`, `@media`, `#include`) is no find.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from redaction.detectors.base import Role
from redaction.detectors.rules import Family, Labels, Rules, rule, settled, words
from redaction.spans import Category, TextSpan

_PERSON: Final = Category.PERSON
_NAME: Final = r"[\w][\w.-]{0,62}"
_FAMILIES: Final = (
    Family(
        "account",
        "username|user name|userid|user id|login|login name|login id|logon|logon name|handle|screen name|"
        "benutzername|anmeldename|nom d utilisateur|identifiant|nombre de usuario|nome utente|"
        "gebruikersnaam|nome de usuário|användarnamn|brugernavn|käyttäjätunnus|nazwa użytkownika|имя "
        "пользователя|samaccountname|upn|netid|sso id|alias|gamertag|account name|kontoname|whoami",
        right=40,
        below=1,
    ),
    Family(
        "session",
        "signed in as|logged in as|sign in as|log in as|running as|run as|angemeldet als|connecté en tant "
        "que|sesión iniciada como|acting as",
        below=1,
    ),
    Family(
        "login",
        "user|users|benutzer|utilisateur|usuario|utente|gebruiker|usuário|assignee|assigned to|author|"
        "reporter|owner|committer|reviewer|reviewers|requested by|created by|modified by|approved by|"
        "submitted by|assigned by|ldap|skype|telegram|instagram|twitter|github|discord|slack|wechat|"
        "snapchat|tiktok|linkedin|mastodon|last changed by|requester|watchers|participants|members",
        right=40,
        below=1,
    ),
    Family(
        "channel",
        "channel|channels|kanal|canal|room|slack|discord|irc|join|joined|post in|posted in|post to|message|ask in|in",
        right=60,
        left=40,
    ),
    Family(
        "host",
        "hostname|host|computer name|device name|machine|machine name|workstation|pc name|server|"
        "hostnamectl|rechnername|gerätename",
        right=40,
        below=1,
    ),
    Family(
        "member",
        "member id|user id|team id|channel id|workspace id|guild id|slack id|discord id|user|member",
        right=50,
        below=1,
    ),
)
_LABELS: Final = Labels(_FAMILIES)
_HOSTS: Final = (
    r"(?:github|gitlab|bitbucket|codeberg|gitea|sr\.ht|dev\.azure|visualstudio|huggingface|hub\.docker|"
    r"npmjs|pypi|gist\.github|git)"
)
_SOCIAL: Final = (
    r"(?:twitter|x|instagram|facebook|fb|linkedin|tiktok|youtube|reddit|medium|mastodon\.social|t\.me|"
    r"telegram|pinterest|snapchat|twitch|threads|keybase|stackoverflow|calendly|paypal|venmo|cash|bsky)"
)
_PLAIN_LOGIN: Final = (
    r"(?<![\w./\\@-])(?:[a-z]\.[a-z]{2,20}\d{0,3}|[a-z]{1,3}\d{4,8}|"
    r"[a-z]{3,15}\.[a-z]{4,15}(?<!html)(?<!java)(?<!json)(?<!yaml)(?<!toml)(?<!docx)(?<!xlsx)(?<!pptx)(?"
    r"<!conf)(?<!lock)(?<!swift))(?![\w./\\@-]|\()"
)
"""A login that needs no mark to be told: an initial and a name, letters and a number, two names."""
_RULES: Final = Rules(
    (
        rule(
            r"(?<![\w@/.:+-])@(?!(?:media|import|keyframes|font-face|charset|supports|page|property|layer|"
            r"container|param|returns?|throws|see|since|deprecated|author|version|override|staticmethod|"
            r"classmethod|dataclass|app|router|click|example|todo|Override|Test|Autowired|Bean|Component|Entity|"
            r"Nullable|NotNull|SuppressWarnings|interface|here|channel|everyone|types?|typescript|latest|next|"
            r"beta|babel|angular|vue|react|"
            r"storybook)(?![\w]))[A-Za-z0-9_\u00c0-\u024f\u0370-\u04ff\u3040-\u9fff][\w.-]{0,38}[\w](?:@[\w-]{1,"
            r"60}(?:\.[\w-]{1,60}){1,4})?(?![\w(])",
            _PERSON,
            marks="@",
        ),
        # Names of accounts in paths; of a path with a blank in the name, as in `C:\Users\Ann Lee`, all up to a mark.
        rule(
            r"(?i)(?<![\w.])/(?:home|Users|export/home|usr/home|var/home|u|data/home)/(?!(?:shared|public|"
            r"default|guest|runner|linuxbrew|user|username|node|vscode|ubuntu|ec2-user|lost\+found)(?:/|\s|$|"
            r"[\"':]))(?P<value>[^/\s\"'`:;<>|,()]{1,64})",
            _PERSON,
            marks="home/ Users/ HOME/ USERS/ users/ Home/ /u/",
        ),
        rule(
            r"(?i)(?<![A-Za-z])(?:[A-Z]|%\w{1,20}%|file:///?[A-Z])?:?[\\/]{1,2}(?:Users|Documents and Settings|"
            r"Benutzer|Utilisateurs|Usuarios)[\\/]{1,2}(?!(?:Public|Default|All Users|Administrator|"
            r"<)[\\/\s])(?P<value>[^\\/\n\"':;<>|*?]{1,64})(?=[\\/\n\"':;<>|*?]|$)",
            _PERSON,
            marks="\\ sers/",
        ),
        rule(r"(?<![\w.~/])~(?P<value>[A-Za-z][\w.-]{1,40})(?=/|\s*\Z)", _PERSON, marks="~"),
        rule(r"\\\\(?P<value>[\w.$-]{2,63}(?:\\[^\\\n\"<>|:]{1,80}){1,4})", _PERSON, marks="\\\\"),
        rule(
            r"(?<![\w\\/.:])(?!(?:NT|BUILTIN|HKEY_\w+|HKLM|HKCU|AUTHORITY|NT "
            r"AUTHORITY)\\)(?:[A-Z][A-Z\d-]{1,24}\\(?!SYSTEM|Software|Users|Windows|"
            r"Program)(?P<value>[A-Za-z][\w.$-]{1,40})|"
            r"[A-Za-z][\w-]{1,24}\\(?![nrtbdswfvx])(?P<last>[a-z][\w.$-]{1,40}))(?![\\\w])",
            _PERSON,
            marks="\\",
        ),
        rule(
            r"(?<![\w@.-])(?P<value>(?!(?:git|root|www-data|"
            r"nobody)@)[a-z_][\w.-]{0,40}@[A-Za-z][\w.-]{0,60})(?=[:~$#\s]|$)(?=:|[^\S\n]?[~$#%])",
            _PERSON,
            marks="@",
        ),
        # Repositories, remotes, merge requests.
        rule(
            rf"(?i)(?<![\w]){_HOSTS}[\w.-]{{0,60}}[^\S\n]?[:/]{{1,2}}(?:~|v3/|scm/|users/|orgs/|"
            rf"groups/)?(?!(?:features|pricing|about|login|signup|explore|topics|marketplace|settings|"
            rf"notifications|pulls|issues|search|docs|blog|help|security|enterprise|project|packages?)(?:[/?#\s]|"
            rf"$))(?P<value>[\w.-]{{1,60}}(?:/[\w.-]{{1,100}}){{0,3}})",
            _PERSON,
            marks="git bit Git odeberg uggingface dev.azure npmjs pypi docker sr.ht",
        ),
        rule(
            rf"(?i)(?<![\w.])(?:www\.|m\.|mobile\.)?{_SOCIAL}(?:\.com|\.me|\.tv|\.net|\.app|\.io)?/(?:in/|u/|"
            rf"user/|users/|c/|@|profile\.php\?id=|add/|paypalme/)?(?!(?:home|search|login|help|about|watch|"
            rf"settings|explore|messages|notifications|feed|r|i|hashtag|intent|share|sharer)(?:[/?#\s]|"
            rf"$))(?P<value>[\w.%@$-]{{2,60}})(?!\.(?:com|org))",
            _PERSON,
            marks=".com/ .me/ .tv/ .net/ .app/ .io/ .me",
        ),
        rule(
            r"(?<![\w./@-])(?P<value>[A-Za-z][\w-]{0,38}/[A-Za-z][\w.-]{1,80})(?:#\d{1,7}|@[\da-f]{7,40}|"
            r"![\d]{1,7})(?!\w)",
            _PERSON,
            marks="# @ !",
        ),
        rule(
            r"(?i)(?<![\w])(?:git[^\S\n]clone|gh[^\S\n](?:repo|pr|issue)[^\S\n]\w{2,12}|docker[^\S\n](?:pull|"
            r"push|run|tag)|repo(?:sitory)?[^\S\n]?:|fork(?:ed)?[^\S\n](?:of|"
            r"from):?)[^\S\n]{0,3}(?:-[^\S\n]{0,2}\S{1,30}[^\S\n]){0,3}(?P<value>[a-z\d][\w.-]{0,60}/[\w.-]{1,80"
            r"}(?:/[\w.-]{1,80}){0,2})",
            _PERSON,
            marks="/",
        ),
        # Channels, branches, tickets.
        rule(
            r"(?<![\w&/#.(])#(?P<value>(?=[\w-]{0,60}[a-z])(?!(?:[\da-fA-F]{3}|[\da-fA-F]{4}|[\da-fA-F]{6}|"
            r"[\da-fA-F]{8})(?![\w-]))[a-z\d_][a-z\d_]{0,30}-[a-z\d_-]{1,60})(?![\w-])",
            _PERSON,
            marks="#",
        ),
        rule(
            r"(?<![\w&/#.])#(?P<value>(?!(?:include|define|ifdef|ifndef|endif|pragma|region|error|undef|elif|"
            r"else|if|import|line|warning)(?!\w))(?!(?:[\da-fA-F]{3}|"
            r"[\da-fA-F]{6})(?![\w-]))[a-z][\w-]{1,60})(?!\w)",
            _PERSON,
            marks="#",
            near="channel",
        ),
        rule(
            r"(?<![\w/.])(?!(?:feature|features|bugfix|hotfix|release|releases|fix|chore|docs|test|tests|refs|"
            r"heads|origin|upstream|remotes|src|lib|bin|usr|etc|var|opt|tmp|dev|proc|sys|application|text|image|"
            r"audio|video|multipart|font|and|or|n|w|c|he|his|dependabot|renovate|build|dist|node_modules|main|"
            r"master)/)(?P<value>[a-z][a-z\d]{1,20}(?:[._-][a-z\d]{1,20}){0,2})/(?:feature|feat|fix|bug|bugfix|"
            r"hotfix|chore|docs|wip|test|refactor|release|[A-Z]{2,10}-\d{1,6})(?:[/_-][\w./-]{1,100}|(?![\w.]))",
            _PERSON,
            marks="/",
        ),
        rule(
            r"(?i)(?<![\w/.])(?:users?|people|personal|dev|private|feature|feat|bugfix|hotfix|"
            r"fix)/(?P<value>[a-z][a-z\d]{1,20}[._-][a-z][a-z\d]{1,20}|(?<=users/)[a-z][\w.-]{1,40}|"
            r"(?<=user/)[a-z][\w.-]{1,40})/[\w.-]{2,100}",
            _PERSON,
            marks="/",
        ),
        rule(
            r"(?<![\w-])(?!(?:UTF|ISO|SHA|MD|RFC|CVE|CWE|GPT|AES|RSA|HTTP|TLS|SSL|USB|RTX|GTX|PEP|ECMA|ES|IEEE|"
            r"ANSI|ASCII|EN|DIN|KB|COVID|SARS|MP|MPEG|BLK|RC|CP|DSS|PCI|AMD|ARM|X|F|W|K|B|T|H|A|M|G|S|V|IPV|LPT|"
            r"COM|ICD|WCAG|TOP|STEP|PART|PAGE|LEVEL|TYPE|UCS|EUC|KOI|BIG|WINDOWS|LATIN|CORE|HDMI|DDR|PCIE|NVME|"
            r"SATA|QR|TB|GB|MB|AWS|EC|RJ|CAT|FY|Q)-)[A-Z][A-Z\d]{1,9}-\d{2,7}(?![\w-]|\.\d)",
            _PERSON,
            digits=2,
            marks="-",
        ),
        # Numbers that services give to members, channels and teams.
        rule(r"(?<!\w)[UWTCGDB]0[A-Z\d]{7,10}(?!\w)|<@!?&?[UW]?[\dA-Z]{8,20}>", _PERSON, digits=2),
        rule(_PLAIN_LOGIN, _PERSON, near="login"),
        rule(_PLAIN_LOGIN, _PERSON, near="account"),
        rule(r"(?<![\w.])\d{17,20}(?!\w)", _PERSON, digits=17, near="member"),
        rule(r"(?<!\w)[A-Za-z]\w{1,31}#\d{4}(?!\w)", _PERSON, digits=4, marks="#"),
    ),
    _LABELS,
)
_LOGIN: Final = re.compile(
    r"(?=[\s:=#|])[^\S\n]{0,2}(?::|=|#|\||\t|\n|[^\S\n](?:is|ist|est|es|"
    r"è)(?=[^\S\n]))?[^\S\n]{0,4}@?[\"'`]?(?P<value>[A-Za-z\u00c0-\u024f][\w.\\-]{1,62})[\"'`]?(?![\w(])"
)
_SHAPE: Final = re.compile(
    r"[a-z]{1,20}[._-][a-z]{2,20}\d{0,4}|[a-z]{1,3}\d{3,8}|[a-z]{3,20}\d{1,4}|[a-z]\w*\\[\w.-]+|"
    r"[A-Za-z]+_[A-Za-z\d_]+|[A-Z]\d{5,8}"
)
"""How logins are made: two parts, letters with a number behind, a domain before."""
_ASSIGNED: Final = re.compile(r"[^\S\n]{0,2}[:=\n|\t]")
_NAMING: Final = frozenset({"account", "session", "login"})
_NO_LOGIN: Final = frozenset(
    words(
        "never always user users and or is are the a an to in of for with required invalid name id or "
        "settings guide manual manager management interface experience group groups accounts account type "
        "types role roles list page profile preferences agent password passwords data story stories input "
        "email mail e-mail field failed failure successful success history page button form screen attempts "
        "attempt here again now please must cannot can not found unknown admin root default guest system "
        "none null true false new all any other current your my this that options dashboard actions"
    )
)
_HOST: Final = re.compile(
    r"(?<![\w.-])(?P<value>[A-Za-z][a-z]{1,20}(?:['\u2019]?s)?-(?:(?:Mac|MBP|MacBook|iMac|iPhone|iPad|PC|"
    r"Laptop|LAPTOP|Desktop|DESKTOP|ThinkPad|XPS|Surface|pc|laptop|desktop|mbp|mac|macbook|thinkpad|"
    r"workstation)(?:[-_]?(?:Pro|Air|mini|\d{1,4})){0,3})(?:\.local|\.lan|\.home)?)(?![\w-])|"
    r"(?P<last>[A-Z][a-z]{1,20}['\u2019]s[^\S\n](?:Mac(?:Book)?|iMac|iPhone|iPad|PC|Laptop|Desktop|"
    r"Galaxy|Pixel|Watch|AirPods|Surface|ThinkPad)(?:[^\S\n](?:Pro|Air|mini|Max|\d{1,4})){0,3})|"
    r"(?P<third>(?:DESKTOP|LAPTOP|WIN|PC)-[A-Z\d]{6,12})(?![\w-])"
)


@dataclass(frozen=True, slots=True)
class Handles:
    """Finds names of accounts, and of what belongs to them."""

    name: str = "handles"
    role: Role = Role.DENY

    def find(self, text: str) -> tuple[TextSpan, ...]:
        """The stretches of this text that name somebody's account or work."""
        return settled((*_RULES.find(text), *_hosts(text), *_logins(text)))


def _hosts(text: str) -> Iterator[TextSpan]:
    """Names of machines that say whose they are, or are one machine's alone."""
    for match in _HOST.finditer(text):
        if match["value"] is None or match["value"].partition("-")[0].lower() not in _MACHINES:
            yield TextSpan(*match.span(), _PERSON)


_MACHINES: Final = frozenset(
    words(
        "my your the new old test prod dev staging build web app db api linux windows ubuntu cloud virtual "
        "remote local gaming home work office lenovo dell hp asus acer"
    )
)


def _logins(text: str) -> Iterator[TextSpan]:
    """A word beside or below a label for an account: any after `User name:`, one made like a login after others."""
    for label in _LABELS.found(text, _NAMING):
        match = _LOGIN.match(text, label.end)
        if match is None or match["value"].lower().rstrip(".") in _NO_LOGIN:
            continue
        is_firm = label.family == "session" or (
            label.family == "account" and _ASSIGNED.match(text, label.end) is not None
        )
        if is_firm or _SHAPE.fullmatch(match["value"].rstrip(".")):
            start, end = match.span("value")
            yield TextSpan(start, end - (text[end - 1] == "."), _PERSON)
