"""Secrets are found by issuer, label, shape and randomness; hashes, versions and names in code are none."""

from __future__ import annotations

import random
import string

import pytest

from redaction.detectors.base import DetectorError
from redaction.detectors.secret_plugins import SecretPlugins
from redaction.detectors.secrets import Secrets
from redaction.spans import Category
from tests.redaction.finds import found, is_fast, uncovered

DETECTOR = Secrets()
SECRET = Category.SECRET


@pytest.mark.parametrize(
    "token",
    [
        "ghp_abcdEFGH1234567890",
        "github_pat_11AAAbbb0cccDDDeee",
        "glpat-x9Yz8Wv7Ut6Sr5Qp",
        "AKIAIOSFODNN7EXAMPLE",
        "ASIAIOSFODNN7EXAMPLE",
        "xoxb-123456789012-abcdef",
        "xoxp-2340987-AbCdEf12",
        "sk-ant-api03-AbC123dEf456GhI789",
        "sk-proj-Ab12Cd34Ef56Gh78",
        "sk-Ab12Cd34Ef56Gh78Ij90",
        "sk_live_51H8aBcDeFgHiJkL",
        "rk_live_51H8aBcDeFgHiJkL",
        "AIzaSyD-9tSrke72PouQMnMX-a7eZSW0jkFMBWY",
        "ya29.a0AfH6SMBx7k2pQ",
        "SG.aBcDeFgHiJkLmNoP.QrStUvWxYz0123456789",
        "npm_aB3dE5gH7jK9mN1pQ3sT",
        "pypi-AgEIcHlwaS5vcmcCJDU2",
        "dop_v1_0a1b2c3d4e5f60718293",
        "hf_AbCdEfGhIjKlMnOpQr12",
        "AGE-SECRET-KEY-1QQPZR9XY8GF2TVDW",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc",
        "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1",
        "Zx81kQ0pLm27VbN4tRw9",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    ],
)
def test_tokens_are_found_whole_without_a_label(token: str) -> None:
    assert (token, SECRET) in found(DETECTOR, f"use {token} here")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("PASSWORD: hunter2!", "hunter2!"),
        ("password hunter2", "hunter2"),
        ("the password is letmein", "letmein"),
        ("Passwort: geheim", "geheim"),
        ("Mot de passe : soleil", "soleil"),
        ("Contraseña: verano", "verano"),
        ("Senha: praia", "praia"),
        ("Wachtwoord: fiets", "fiets"),
        ("Hasło: kotek", "kotek"),
        ("Lösenord: sommar", "sommar"),
        ("Şifre: bahar", "bahar"),
        ("Heslo: kocka", "kocka"),
        ("пароль: весна", "весна"),
        ("密码\uff1achuntian", "chuntian"),
        ("パスワード: sakura", "sakura"),
        ("Password: correct horse battery staple", "correct horse battery staple"),
        ("api_key = 12345", "12345"),
        ('"apiKey": "abc 123"', '"abc 123"'),
        ("DB_PASSWORD=s3cret", "s3cret"),
        ("X_NAME=Zx81kQ0pLm27VbN4tRw9", "Zx81kQ0pLm27VbN4tRw9"),
        ("client-secret: xYz", "xYz"),
        ("export AWS_SECRET_ACCESS_KEY=abcdef", "abcdef"),
        ("token: 9f8a7b6c5d", "9f8a7b6c5d"),
        ("Your code is 123 456", "123 456"),
        ("G-482913 is your verification code", "G-482913"),
        ("PIN: 4471", "4471"),
        ("Recovery codes\n1a2b3-c4d5e\n6f7g8-h9i0j", "6f7g8-h9i0j"),
        ("Product key: VK7JG-NPHTM-C97JM-9MPGT-3V66T", "VK7JG-NPHTM-C97JM-9MPGT-3V66T"),
        ("secret 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b"),
        ("session 3f2504e0-4f89-11d3-9a0c-0305e82c3301", "3f2504e0-4f89-11d3-9a0c-0305e82c3301"),
        ("postgres://me:hunter2@db.example/x", "me:hunter2@db.example/x"),
        ("mongodb+srv://u:p@cluster0.example.net", "u:p@cluster0.example.net"),
        ("Server=db;Uid=sa;Pwd=s3cret;", "s3cret;"),
        ("Authorization: Bearer abc.def-ghi", "Bearer abc.def-ghi"),
        ("Cookie: sid=abc123; theme=dark", "sid=abc123; theme=dark"),
        ("curl -u ann:pw123 https://x.org", "ann:pw123"),
        ("mysql -u root -pS3cret db", "S3cret"),
        ("login --password hunter2", "hunter2"),
        ("https://x.org/cb?code=4%2F0Ab&x=1", "4%2F0Ab"),
        ("ssh-rsa AAAAB3NzaC1yc2EAAAADAQAB ann@x", "AAAAB3NzaC1yc2EAAAADAQAB"),
        ("otpauth://totp/x?secret=JBSWY3DP", "otpauth://totp/x?secret=JBSWY3DP"),
        ("https://hooks.slack.com/services/T0/B0/xyz", "services/T0/B0/xyz"),
        ("Tr0ub4dor&3", "Tr0ub4dor&3"),
        ("I use P@ssw0rd!23 everywhere", "P@ssw0rd!23"),
        ("hunter2!", "hunter2!"),
    ],
)
def test_secrets_are_found_beside_their_labels_and_by_their_form(text: str, value: str) -> None:
    assert (value, SECRET) in found(DETECTOR, text)


def test_a_key_in_a_block_is_found_to_its_end() -> None:
    block = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nabc=\n-----END RSA PRIVATE KEY-----"
    assert (block, SECRET) in found(DETECTOR, f"key:\n{block}\nrest")


def test_a_block_that_the_screen_cuts_is_found_to_the_end_of_the_text() -> None:
    assert uncovered(DETECTOR, "-----BEGIN PRIVATE KEY-----\nMIIEow\nabcd", "abcd") == ""


@pytest.mark.parametrize("separator", [" ", "\n", ", "])
def test_a_seed_phrase_is_found_beside_its_label(separator: str) -> None:
    words = separator.join(["abandon", "ability", "zebra", "ozone", "wolf", "cabin"] * 2)
    assert uncovered(DETECTOR, f"Recovery phrase: {words}", words) == ""


def test_a_numbered_seed_phrase_is_found_without_a_label() -> None:
    words = " ".join(f"{place}. zebra" for place in range(1, 13))
    assert uncovered(DETECTOR, words, words) == ""


@pytest.mark.parametrize(
    "text",
    [
        "Save changes before closing",
        "Internationalization settings",
        "commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
        "index 3f2a1b9..9c8d7e1 100644",
        "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
        "d41d8cd98f00b204e9800998ecf8427e  setup.exe",
        "sha256-AbCdEf0123456789AbCdEf0123456789AbCdEf01234=",
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAUA",
        "#ff8800",
        "v2.14.3-rc1",
        "Python 3.11.2",
        "Token count: 4096",
        "max_tokens = 4096",
        "Password must contain at least 8 characters",
        "Password: required",
        "Forgot password?",
        "Change password",
        "Your password was changed on 12 May",
        "password = getpass.getpass()",
        "password: $DB_PASSWORD",
        "secret: ${{ secrets.DEPLOY }}",
        "Secret: yes",
        "Press any key to continue",
        "Author: Jane",
        "sk-learn-tutorial",
        "key-value-store",
        "test_login_page_2_works",
        "getElementsByTagNameNS2",
        "screenshot-2024-01-15-at-10.45.32.png",
        "node_modules/react-dom/cjs/react-dom.development.js",
        "x86_64-unknown-linux-gnu",
        "NVIDIA-GeForce-RTX-4090-24GB",
        "com.example.android.apps.maps.MapsActivity",
        "Pin to taskbar 2024",
        "Error code 123456",
        "localhost:3000",
        "Ctrl+Shift+P",
        "UTF-8",
        "Windows11",
        "Report2024",
        "Page 3 of 12",
        "12 files changed, 345 insertions(+)",
        "Seed data loaded",
        "C++17",
        "10:45",
    ],
)
def test_what_interfaces_and_code_hold_is_no_secret(text: str) -> None:
    assert found(DETECTOR, text) == set()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ghp abcdEFGH1234567890", "ghp abcdEFGH1234567890"),
        ("ghpabcdEFGH1234567890", "ghpabcdEFGH1234567890"),
        ("gith0b ghp_abcdEFGH 1234567890ab", "ghp_abcdEFGH 1234567890ab"),
        ("AKlAlOSFODNN7EXAMPLE", "AKlAlOSFODNN7EXAMPLE"),
        ("sk_1ive_51H8aBcDeFgHiJkL", "sk_1ive_51H8aBcDeFgHiJkL"),
        ("sk Iive 51H8aBcDeFgHiJkL", "sk Iive 51H8aBcDeFgHiJkL"),
        ("xoxb - 123456789012 - abcdef12", "123456789012"),
        ("glpat x9Yz8Wv7Ut6Sr5Qp", "glpat x9Yz8Wv7Ut6Sr5Qp"),
        ("eyJhbGciOiJIUzI1NiJ9 . eyJzdWIiOiIxIn0 . abc", "eyJhbGciOiJIUzI1NiJ9 . eyJzdWIiOiIxIn0 . abc"),
        ("AKIAIOSF\nODNN7EXAMPLE1", "AKIAIOSF\nODNN7EXAMPLE1"),
        ("passw0rd = x1y2", "x1y2"),
        ("PassWord\nhunter2!", "hunter2!"),
        ("User      Password\nann       hunter2!", "hunter2!"),
        ("Password | hunter2", "hunter2"),
        ("Password: hunt er2!", "hunt er2!"),
        ("ver1fication c0de: 48l 920", "48l 920"),
        ("P1N: 44Z1", "44"),
        ("AP1 key\n8xk2m4", "8xk2m4"),
        ("Authorization: Bearer\u00a0abcdefgh12", "abcdefgh12"),
    ],
)
def test_what_readers_and_screens_break_is_found_all_the_same(text: str, value: str) -> None:
    assert uncovered(DETECTOR, text, value) == ""


def test_random_words_are_told_from_nothing_but_their_letters() -> None:
    source = random.Random(7)
    words = ["".join(source.choices(string.ascii_letters + string.digits, k=24)) for _ in range(200)]
    assert sum(not DETECTOR.find(word) for word in words) <= 4


@pytest.mark.parametrize(
    "piece",
    ["a", "A1", "key=", "password:", "password: '", "seed abc ", "://a:", "eyJ.", "-----BEGIN ", "1. ab ", "lI"],
)
def test_hostile_text_costs_time_in_proportion_to_its_length(piece: str) -> None:
    assert is_fast(DETECTOR, piece * (25_000 // len(piece)))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("key AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE"),
        ('password = "hunter2"', "hunter2"),
        ("BEGIN RSA PRIVATE KEY", "BEGIN RSA PRIVATE KEY"),
        ("https://me:hunter2@example.org", "hunter2"),
        ('"0c3fZx81kQ0pLm27VbN4tRw9"', "0c3fZx81kQ0pLm27VbN4tRw9"),
    ],
)
def test_the_plugins_find_what_the_package_knows(text: str, value: str) -> None:
    assert (value, SECRET) in found(SecretPlugins(), text)


@pytest.mark.parametrize("text", ["Save changes", "203.0.113.77", '"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b"'])
def test_the_plugins_leave_addresses_and_hashes_alone(text: str) -> None:
    assert SecretPlugins().find(text) == ()


def test_the_plugins_see_a_secret_far_into_a_long_line() -> None:
    assert uncovered(SecretPlugins(), "x " * 3000 + "AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE") == ""


def test_a_missing_package_is_an_error_that_says_what_to_do() -> None:
    with pytest.raises(DetectorError, match="install optin"):
        SecretPlugins(package="no_such_package").find("Save")


def test_the_plugins_take_hostile_lines_in_windows() -> None:
    assert is_fast(SecretPlugins(), "password=`x " * 2000)
