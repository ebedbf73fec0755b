"""Runs the plugins of detect-secrets on a text in memory: a text enters, spans leave, in its code points.

The plugins' own patterns are used, with their places in the text: their answers are values without a place, some of
them checked first, and a check that a reader's mistake fails must not take a find away. Nothing is verified over a
network, no file is read, no setting of the package touched. Addresses of networks are left to `identifiers`.
"""

from __future__ import annotations

import functools
import importlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Final, Protocol

from redaction.detectors.base import DetectorError, Role
from redaction.detectors.randomness import is_known_shape
from redaction.detectors.rules import words
from redaction.spans import Category, TextSpan

_MODULES: Final = words(
    "artifactory aws azure_storage_key basic_auth cloudant discord github_token gitlab_token "
    "ibm_cloud_iam ibm_cos_hmac jwt mailchimp npm openai private_key pypi_token sendgrid slack "
    "softlayer square_oauth stripe telegram_token twilio"
)
_WINDOW: Final = 512
"""Characters that a pattern sees at once: some of the package's take time by the square of their text."""
_LEAST: Final = 8
"""Characters of the shortest line that may hold a secret of theirs."""
_OVERLAP: Final = 256
"""Characters that two neighbouring windows share: the longest secret that is sure to be seen whole."""


class _Entropy(Protocol):
    """One of the package's plugins for quoted strings that look random."""

    regex: re.Pattern[str]
    entropy_limit: float

    def calculate_shannon_entropy(self, data: str) -> float:
        """Bits a character."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """A pattern, the group that is the secret (0 for all groups, or all of it), and the test of its randomness."""

    pattern: re.Pattern[str]
    group: int = 0
    is_random: Callable[[str], bool] | None = None


@dataclass(frozen=True, slots=True)
class SecretPlugins:
    """Finds what the patterns of detect-secrets find."""

    name: str = "secret-plugins"
    role: Role = Role.DENY
    package: str = "detect_secrets"

    def find(self, text: str) -> tuple[TextSpan, ...]:
        """The secret stretches of this text; `DetectorError` when the package is missing or is not the known one."""
        shapes = _shapes(self.package)
        found = {span for start, piece in _pieces(text) for shape in shapes for span in _found(shape, start, piece)}
        return tuple(sorted(found))


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """The text's lines, long ones in windows, each with the place where it starts."""
    start = 0
    for line in text.splitlines(keepends=True):
        places = range(0, max(len(line) - _OVERLAP, 1), _WINDOW - _OVERLAP) if len(line) > _LEAST else ()
        for place in places:
            yield start + place, line[place : place + _WINDOW]
        start += len(line)


def _found(shape: _Shape, start: int, piece: str) -> Iterator[TextSpan]:
    for match in shape.pattern.finditer(piece):
        groups = (shape.group,) if shape.group else range(1, shape.pattern.groups + 1) if shape.pattern.groups else (0,)
        spans = [match.span(group) for group in groups if match.span(group)[0] < match.span(group)[1]]
        for first, last in spans or [match.span()]:
            if first < last and (shape.is_random is None or shape.is_random(piece[first:last])):
                yield TextSpan(start + first, start + last, Category.SECRET)


@functools.cache
def _shapes(package: str) -> tuple[_Shape, ...]:
    """All patterns of the package's plugins; loaded once."""
    try:
        modules = [importlib.import_module(f"{package}.plugins.{name}") for name in _MODULES]
        keyword = importlib.import_module(f"{package}.plugins.keyword")
        entropy = importlib.import_module(f"{package}.plugins.high_entropy_strings")
        issued = [_Shape(pattern) for module in modules for pattern in _denied(module)]
        named = [_Shape(pattern, group) for pattern, group in keyword.QUOTES_REQUIRED_DENYLIST_REGEX_TO_GROUP.items()]
        quoted = [_quoted(entropy.Base64HighEntropyString()), _quoted(entropy.HexHighEntropyString())]
    except (ImportError, AttributeError):
        raise DetectorError(
            "the detector of secrets cannot use the package detect-secrets: install optin with its `redaction` "
            "extra again"
        ) from None
    return (*issued, *named, *quoted)


def _denied(module: ModuleType) -> Iterator[re.Pattern[str]]:
    """The patterns of the one plugin in a module of the package."""
    for plugin in vars(module).values():
        if isinstance(plugin, type) and plugin.__module__ == module.__name__ and hasattr(plugin, "denylist"):
            yield from plugin.denylist


def _quoted(plugin: _Entropy) -> _Shape:
    """The shape of a quoted string that is more random than the plugin's own limit, and no mere hash."""
    return _Shape(plugin.regex, 2, functools.partial(_is_surprising, plugin=plugin))


def _is_surprising(word: str, *, plugin: _Entropy) -> bool:
    return plugin.calculate_shannon_entropy(word) > plugin.entropy_limit and not is_known_shape(word)
