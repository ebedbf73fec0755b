"""Which window may be captured: a programme, title and address go in, a decision with its reason comes out.

Pure but for reading the shipped deny-list. Rules of this file:
1. Allow-list first: what no rule allows is not captured.
2. A denial, shipped or added, wins over any allow rule.
3. A browser shows other people's pages, so a rule for the programme alone never captures it: a title or an address
   must be allowed. A private window is never captured, nor is one of which nobody can tell whether it is private.
4. Patterns are globs without regard to case. A title pattern is held against the title and against its words
   (`* tax *` finds the word, not `syntax`); a url pattern against host, host:port, host/path and host:port/path.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatchcase
from functools import lru_cache
from importlib.resources import files
from typing import Final
from urllib.parse import urlsplit

from vault.errors import MissingPart

DENIED_FILE: Final = "denied.toml"
MAX_TEXT: Final = 2048
"""Titles and addresses are cut here before they are matched; a glob's cost grows with the text."""

_BROWSERS: Final = (
    "*chrom*",
    "*firefox*",
    "*librewolf*",
    "*waterfox*",
    "*brave*",
    "*microsoft-edge*",
    "*opera*",
    "*vivaldi*",
    "*epiphany*",
    "*falkon*",
    "*konqueror*",
    "*qutebrowser*",
    "*midori*",
    "*tor browser*",
    "*navigator*",
    "*seamonkey*",
    "*palemoon*",
    "min",
)
_PRIVATE_TITLES: Final = ("*private browsing*", "*incognito*", "*inprivate*")
_WORD: Final = re.compile(r"[\w']+")


class RulesDamaged(MissingPart):
    """The shipped deny-list cannot be read, so nothing may be captured."""


class RuleKind(Enum):
    """What a rule looks at."""

    APP = "app"
    TITLE = "title"
    URL = "url"


class Browsing(Enum):
    """Whether a browser window is private."""

    NORMAL = "normal"
    PRIVATE = "private"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Rule:
    """One pattern."""

    kind: RuleKind
    pattern: str


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a window is captured, why in words for a person, and the rule that decided, if one did."""

    captured: bool
    why: str
    rule: Rule | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """What may be captured and what may not."""

    allowed: tuple[Rule, ...]
    denied: tuple[Rule, ...]

    def decide(self, app: str, title: str, *, url: str | None = None, browsing: Browsing = Browsing.NORMAL) -> Decision:
        """The decision for one window; `url` is None where there is none or it is not known."""
        denied = _first(self.denied, app, title=title, url=url)
        if denied is not None:
            return Decision(captured=False, why="It is on the deny-list.", rule=denied)
        if is_browser(app):
            return self._decide_browser(title, url=url, browsing=browsing)
        return _allow(_first(self.allowed, app, title=title, url=url))

    def _decide_browser(self, title: str, *, url: str | None, browsing: Browsing) -> Decision:
        if browsing is Browsing.PRIVATE or any(_fits(pattern, title) for pattern in _PRIVATE_TITLES):
            return Decision(captured=False, why="Private windows are never captured.")
        if browsing is Browsing.UNKNOWN:
            return Decision(captured=False, why="The browser does not say whether this window is private.")
        pages = tuple(rule for rule in self.allowed if rule.kind is not RuleKind.APP)
        return _allow(_first(pages, "", title=title, url=url))


@lru_cache(maxsize=256)
def is_browser(app: str) -> bool:
    """Whether a programme name is that of a web browser."""
    return any(_fits(pattern, app) for pattern in _BROWSERS)


def shipped_denials() -> tuple[Rule, ...]:
    """The deny-list that comes with the program; `RulesDamaged` if it is missing or not as expected."""
    try:
        table = tomllib.loads(files("capture").joinpath(DENIED_FILE).read_text(encoding="utf-8"))
        words = tuple(Rule(RuleKind.TITLE, f"* {word} *") for word in _strings(table, "title_words"))
        apps = tuple(Rule(RuleKind.APP, pattern) for pattern in _strings(table, "apps"))
        hosts = tuple(
            Rule(RuleKind.URL, pattern) for host in _strings(table, "hosts") for pattern in (host, f"{host}/*")
        )
    except (OSError, ValueError) as error:
        raise RulesDamaged("The shipped deny-list cannot be read. Install the program anew.") from error
    return apps + words + hosts


def _strings(table: dict[str, object], key: str) -> tuple[str, ...]:
    values = table.get(key)
    if not isinstance(values, list) or not values or not all(isinstance(value, str) and value for value in values):
        raise ValueError(f"{key} is not a list of patterns")
    return tuple(values)


def _allow(rule: Rule | None) -> Decision:
    if rule is None:
        return Decision(captured=False, why="No rule allows it.")
    return Decision(captured=True, why=f"The {rule.kind.value} is on the allow-list.", rule=rule)


def _first(rules: tuple[Rule, ...], app: str, *, title: str, url: str | None) -> Rule | None:
    texts = {
        RuleKind.APP: (app.casefold(),),
        RuleKind.TITLE: _title_forms(title),
        RuleKind.URL: _url_forms(url),
    }
    return next((rule for rule in rules if any(_fits(rule.pattern, text) for text in texts[rule.kind])), None)


def _title_forms(title: str) -> tuple[str, ...]:
    folded = title.casefold()[:MAX_TEXT]
    return folded, f" {' '.join(_WORD.findall(folded))} "


def _url_forms(url: str | None) -> tuple[str, ...]:
    """The parts of a web address that a pattern may name; none for anything that is not one."""
    if url is None:
        return ()
    try:
        parts = urlsplit(url[:MAX_TEXT])
        host, port = parts.hostname, parts.port
    except ValueError:
        return ()
    if parts.scheme not in {"http", "https"} or not host:
        return ()
    hosts = (host, f"{host}:{port}") if port else (host,)
    return hosts + tuple(f"{name}{parts.path or '/'}".casefold() for name in hosts)


def _fits(pattern: str, text: str) -> bool:
    return fnmatchcase(text.casefold(), pattern.casefold())
