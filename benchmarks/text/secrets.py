"""Eleven kinds of secrets as screens show them, and as an engine misreads them. Pure: chance comes from a seed.

Each secret stands in a line as a terminal, an editor or a settings page has it. It is found when the judge finds no
part of its body left; the body is what follows the issuer's prefix. Values are drawn here, so that the project holds
none. Benign lines of the same places say how often something harmless is taken for a secret.
"""

from __future__ import annotations

import base64
import json
import random
import string
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from benchmarks.text.judge import Planted

SEED: Final = 11
EACH: Final = 6
"""Secrets of each kind."""
AS_IS: Final = "as it is"
_ALNUM: Final = string.ascii_letters + string.digits
_UPPER: Final = string.ascii_uppercase + "234567"
_URLSAFE: Final = _ALNUM + "-_"
_NO_DASHES: Final = str.maketrans("_-", "  ")


@dataclass(frozen=True, slots=True)
class SecretLine:
    """A line with one secret; `body` is the part of it, as the line has it, that nobody may read."""

    kind: str
    variant: str
    text: str
    body: str

    @property
    def planted(self) -> Planted:
        """The body as a planted value."""
        return Planted(self.body, "secret")


@dataclass(frozen=True, slots=True)
class _Kind:
    """How a kind is drawn (its prefix and its body), and the lines that it stands in."""

    name: str
    draw: Callable[[random.Random], tuple[str, str]]
    lines: tuple[str, ...]


def _random(letters: str, length: int, prefix: str, chance: random.Random) -> tuple[str, str]:
    return prefix, "".join(chance.choices(letters, k=length))


def _from(letters: str, length: int, prefix: str) -> Callable[[random.Random], tuple[str, str]]:
    """Draws so many of these letters behind the prefix."""
    return partial(_random, letters, length, prefix)


def _jwt(chance: random.Random) -> tuple[str, str]:
    claims = json.dumps({"sub": str(chance.randrange(10**9)), "name": "".join(chance.choices(_ALNUM, k=9))})
    middle = base64.urlsafe_b64encode(claims.encode()).decode().rstrip("=")
    return "eyJhbGciOiJIUzI1NiJ9.", f"{middle}.{''.join(chance.choices(_URLSAFE, k=43))}"


def _password(chance: random.Random) -> tuple[str, str]:
    words = chance.sample(("Correct", "Battery", "Harbour", "Walnut", "Tangerine", "Copper"), 2)
    return "", "".join(words) + f"{chance.randrange(10, 99)}!"


KINDS: Final = (
    _Kind("AWS key id", _from(_UPPER, 16, "AKIA"), ("aws_access_key_id = {}", "Access key {} created", "{}  Active")),
    _Kind("AWS secret", _from(_ALNUM + "+/", 40, ""), ("aws_secret_access_key = {}", "Secret access key: {}")),
    _Kind("GitHub token", _from(_ALNUM, 36, "ghp_"), ("git clone https://{}@code.example/a.git", "Token {}", "{}")),
    _Kind("Slack token", _from(string.digits + string.ascii_letters, 36, "xoxb-"), ("SLACK={}", "Bot token  {}  Copy")),
    _Kind("Stripe key", _from(_ALNUM, 24, "sk_" + "live_"), ("Secret key {}", "stripe.api_key = '{}'")),
    _Kind("Google key", _from(_URLSAFE, 35, "AIza"), ("API key  {}", "&key={}&callback=init")),
    _Kind("JWT", _jwt, ("Authorization: Bearer {}", "{}")),
    _Kind("private key", _from(_ALNUM + "+/", 64, ""), ("-----BEGIN RSA PRIVATE KEY-----\n{}\n", "key: | {}")),
    _Kind("connection string", _password, ("postgres://admin:{}@db.example:5432/a", "Server=db;User=sa;Password={};")),
    _Kind("password", _password, ("Password: {}", "export DB_PASSWORD={}", "login admin / {}")),
    _Kind("model key", _from(_ALNUM, 48, "sk-"), ("OPENAI_API_KEY={}", "Your new key {} will not be shown again")),
)  # fmt: skip
BENIGN: Final = (
    "commit 3f9d2c81a04be57716c0d9e8f2ab43c5d6e7f809",
    "Merge pull request #1182 from feature/column-resize",
    "550e8400-e29b-41d4-a716-446655440000",
    "Successfully installed numpy-2.4.6 pandas-2.3.3",
    "drwxr-xr-x 2 root root 4096 Nov 24 03:36 benchmarks",
    "public class AbstractSingletonProxyFactoryBean extends Object",
    "https://docs.example.com/en/latest/reference/configuration.html",
    "GET /static/js/main.8f3b2c1d.chunk.js 200 in 14 ms",
    "org.springframework.boot.autoconfigure.web.servlet",
    "The quick brown fox jumps over the lazy dog",
    "for (int index = 0; index < elements.length; index++) {",
    "Password must have at least twelve characters",
    "Forgot password?",
    "Token expired, sign in again",
    "API keys",
    "sha256:9b74c9897bac770ffc029102a200c5de0fd1a1a1f9d3f6e4d0f7a2e2c1b0a998",
    "Microsoft.Extensions.DependencyInjection.Abstractions 9.0.4",
    "Thu 24 Nov 09:14:32 kernel: usb 1-1.2: new high-speed device",
    "Build #20261124.3 succeeded in 6 min 12 s",
    "rgba(255, 128, 64, 0.75)",
)
"""Lines of the same places without a secret."""


def secret_lines() -> tuple[SecretLine, ...]:
    """Every secret of every kind in each of its variants."""
    chance = random.Random(SEED)
    return tuple(line for kind in KINDS for number in range(EACH) for line in _lines(kind, number, chance))


def _lines(kind: _Kind, number: int, chance: random.Random) -> list[SecretLine]:
    prefix, body = kind.draw(chance)
    around = kind.lines[number % len(kind.lines)]
    shown = {name: change(prefix, body, chance) for name, change in VARIANTS.items()}
    return [
        SecretLine(kind.name, name, around.format(before + after), after)
        for name, (before, after) in shown.items()
        if name == AS_IS or (before, after) != shown[AS_IS]
    ]


def _as_is(prefix: str, body: str, _chance: random.Random) -> tuple[str, str]:
    return prefix, body


def _misread(prefix: str, body: str, chance: random.Random) -> tuple[str, str]:
    """A third of the letters that engines mistake for others are mistaken, those of the prefix too."""
    mistaken = {"O": "0", "0": "O", "l": "1", "I": "l", "1": "I", "S": "5", "5": "S", "B": "8", "Z": "2"}
    read = [mistaken.get(one, one) if chance.random() < 1 / 3 else one for one in prefix + body]
    return "".join(read[: len(prefix)]), "".join(read[len(prefix) :])


def _dropped(prefix: str, body: str, _chance: random.Random) -> tuple[str, str]:
    """Underscores and dashes were not read."""
    return prefix.translate(_NO_DASHES), body.translate(_NO_DASHES)


def _spaced(prefix: str, body: str, _chance: random.Random) -> tuple[str, str]:
    """A space was read in the middle."""
    return prefix, f"{body[: len(body) // 2]} {body[len(body) // 2 :]}"


def _wrapped(prefix: str, body: str, _chance: random.Random) -> tuple[str, str]:
    """The window was narrow."""
    return prefix, f"{body[: len(body) // 2]}\n{body[len(body) // 2 :]}"


def _cut(prefix: str, body: str, _chance: random.Random) -> tuple[str, str]:
    """The end lies outside the window."""
    return prefix, body[: max(len(body) * 2 // 3, 8)]


VARIANTS: Final[dict[str, Callable[[str, str, random.Random], tuple[str, str]]]] = {
    AS_IS: _as_is,
    "letters misread": _misread,
    "dashes not read": _dropped,
    "space inside": _spaced,
    "over two lines": _wrapped,
    "end cut off": _cut,
}
"""How a secret may look once it was read."""
