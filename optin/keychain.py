"""`optin keys`: what keys there are, their public halves, and new ones in the place of old ones.

Listing and showing public halves unlock nothing. Rotating the device's key is entered in the ledger before it happens,
and the recordings of the old key stay readable, because readers ask the ledger for the chain of device keys. What was
cut off by a power cut is finished by the same command. No private half is ever printed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from optin.home import Home, open_home
from optin.say import say, say_json, say_table
from vault.canonical import Document, canonical
from vault.errors import MissingPart, Refused
from vault.files import take_lock
from vault.keyfiles import HolderKind, KeyFacts
from vault.ledger import LedgerEvent

DEVICE: Final = "device"
EMPLOYEE: Final = "employee"
PASSPHRASE: Final = "passphrase"  # the word in the command  # noqa: S105
_ABILITIES: Final = {
    "consent": "opens your recordings and redacted sessions",
    DEVICE: "signs recordings, redactions and the ledger",
    EMPLOYEE: "signs your consent, its withdrawal and what you submit",
    "exporter": "signs data sets",
    "exporter-opening": "opens submissions for the export",
    "lease": "signs leases, without which nothing is recorded",
    "officer": "signs decisions on submissions",
    "officer-opening": "opens submissions for review",
    "policy": "signs the policy",
}
_PLACES: Final = {
    HolderKind.PASSPHRASE: "in files under your passphrase",
    HolderKind.SECRET_SERVICE: "in the desktop's keyring",
    HolderKind.KWALLET: "in KWallet",
    HolderKind.KEYCHAIN: "in the Keychain",
    HolderKind.CREDENTIAL_MANAGER: "in the Credential Manager",
}


class PublicKey(Document, frozen=True):
    """A public half, as others may have it. `public` is base64."""

    fingerprint: str
    kind: str
    name: str
    public: str


class PublicKeys(Document, frozen=True):
    """Public halves by name."""

    keys: tuple[PublicKey, ...]
    version: int


def list_keys(*, as_json: bool) -> None:
    """`optin keys list`."""
    found = _keys(open_home())
    if as_json:
        return say_json([_facts(key) for key in found])
    places = " and ".join(dict.fromkeys(_PLACES[key.holder] for key in found))
    say(f"Private halves are {places}.")
    return say_table(
        "", ("key", "fingerprint", "what it can do"), [(k.name, k.fingerprint, _ability(k)) for k in found]
    )


def export_public(name: str) -> None:
    """`optin keys export-public`."""
    found = _keys(open_home())
    wanted = tuple(key for key in found if name in {"", key.name})
    if not wanted:
        raise MissingPart(f"there is no key '{name}' here; `optin keys list` shows those that are there")
    keys = tuple(
        PublicKey(fingerprint=key.fingerprint, kind=key.kind, name=key.name, public=key.public) for key in wanted
    )
    say(canonical(PublicKeys(keys=keys, version=1)).decode())


def rotate(name: str) -> None:
    """`optin keys rotate`."""
    home = open_home()
    home.config()
    if name == DEVICE:
        rotate_device(home)
        say("The device has a new key, and the ledger says so. What the old one signed stays readable.")
    elif name == EMPLOYEE:
        rotate_employee(home)
        say("You have a new key; the next consent is signed with it.")
    elif name == PASSPHRASE:
        home.keys.rewrap(home.passphrases.renewed)
        say("Your keys are under the new passphrase. Copies of the folder that you made before keep the old one.")
    else:
        refuse_rotation(home, name)


def rotate_device(home: Home) -> None:
    """Hands over from the device's key to a new one; `Refused` while a recording runs."""
    with _no_recording(home):
        new = home.keys.prepare_signing(DEVICE)
        if home.devices()[-1].raw != new.public.raw:
            home.ledger.enter(LedgerEvent.KEY, DEVICE, home.keys.signing(DEVICE), next_key=new.public)
        home.keys.commit(DEVICE)


def rotate_employee(home: Home) -> None:
    """Exchanges the employee's key; `Refused` while consent stands, which names the old one."""
    if "consent" in home.keys.names() or (home.root / "consent" / "grant.json").exists():
        raise Refused(
            "your consent is signed with this key; take it back with `optin withdraw`, then give it again later"
        )
    home.keys.prepare_signing(EMPLOYEE)
    home.keys.commit(EMPLOYEE)


def refuse_rotation(home: Home, name: str) -> None:
    """Raises what keeps this key from being exchanged, and what to do instead."""
    if name not in home.keys.names():
        raise MissingPart(f"there is no key '{name}' here; `optin keys list` shows those that are there")
    if name == "consent":
        raise Refused(
            "each consent has a key of its own: `optin withdraw` destroys it, the next consent makes a new one"
        )
    raise Refused(
        f"the policy names the key '{name}', so a new one needs a new policy; set up again with `optin init` "
        "in another OPTIN_HOME"
    )


def _keys(home: Home) -> tuple[KeyFacts, ...]:
    home.config()
    return home.keys.describe()


def _facts(key: KeyFacts) -> dict[str, str]:
    return {
        "can": _ability(key),
        "fingerprint": key.fingerprint,
        "holder": key.holder.value,
        "kind": key.kind,
        "name": key.name,
    }


def _ability(key: KeyFacts) -> str:
    return _ABILITIES.get(key.name, "signs" if key.kind == "signing" else "opens what is sealed to it")


@contextmanager
def _no_recording(home: Home) -> Iterator[None]:
    """Holds the queue's lock, so that no recorder begins with the old key meanwhile."""
    home.folder("queue")
    try:
        handle = take_lock(home.queue / "LOCK")
    except BlockingIOError:
        raise Refused("a recording is running; stop it first, then rotate the device's key") from None
    try:
        yield
    finally:
        os.close(handle)
