"""Where Optin keeps its state, and the documents that lie there: `$OPTIN_HOME`, one private folder.

    config.json   keys/   policy.json   consent/   leases/   queue/   redacted/   reports/   submitted/   desk/
    ledger/       witnesses/ (what officers and exporters saw of the ledger)   seen/ (what was seen here of others')
    inbox/ (the embedded default; any fsspec URL in its place)

This module opens and names; it decides nothing. Documents are verified when they are read.
"""

from __future__ import annotations

import getpass
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from consent.documents import ConsentStatus, Grant, Lease, Policy
from vault.canonical import Document, canonical, parse
from vault.errors import BadInput, MissingPart, OptinError, Refused
from vault.files import lock_file, private_folder, read_file, replace_file
from vault.keyfiles import HolderKind
from vault.keys import SigningKey, VerifyKey, from_text
from vault.ledger import Ledger, LedgerEvent
from vault.process import hide_memory
from vault.shelf import Shelf
from vault.signed import Signed, verify, verify_self
from vault.store import KeyStore

if TYPE_CHECKING:
    from optin.inbox import Inbox

_LIMIT: Final = 8 << 20
PASSPHRASE_FD: Final = "OPTIN_PASSPHRASE_FD"  # a variable's name  # noqa: S105
"""Names an open file descriptor whose first line is the passphrase, for scripts; a second line would be a new one."""


class RedactorAccount(Document, frozen=True):
    """Another user's server that holds the consent key: the key it signs with (base64), its socket's path, its user."""

    key: str
    socket: str
    uid: int


class Config(Document, frozen=True):
    """What this installation is: solo or not, where its inbox lies (a URL, or a folder of this home), whose it is.

    `device_key` is the first device key (base64): the ledger says which ones came after it. `redactor` is the account
    that holds the consent key, None where this home does.
    """

    device_key: str
    inbox: str
    policy_key: str
    solo: bool
    version: int
    redactor: RedactorAccount | None = None


class AllowRule(Document, frozen=True):
    """One thing that may be captured: `kind` is app, title or url."""

    kind: str
    pattern: str


class AllowFile(Document, frozen=True):
    """All that the employee allowed."""

    rules: tuple[AllowRule, ...]
    version: int


class SubmittedFile(Document, frozen=True):
    """Under which digest a session was submitted."""

    bundle_digest: str
    session: str
    version: int


class Home:
    """The state folder of one installation."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.passphrases = PassphraseSource()
        self.ledger = Ledger(root / "ledger", wall_ms)
        self.keys = KeyStore(root / "keys", self.passphrases, refused=self._note_wrong_passphrase)
        self.queue = root / "queue"

    def make(self, *, holder: HolderKind = HolderKind.PASSPHRASE) -> None:
        """Makes the folder and its key store; `configure` ends setting up, and only then the home counts as made.

        `Refused` if Optin is set up here already, if an earlier attempt was cut off, or if `holder` takes no keys.
        """
        if self.is_made:
            raise Refused("Optin is set up here already; `optin status` shows its state")
        private_folder(self.root)
        left = self.root / "keys"
        if left.exists():
            raise Refused(f"an earlier `optin init` was cut off before anything was made of it; remove {left} first")
        self.keys.create(holder)

    def quiet_signing(self, name: str) -> SigningKey | None:
        """The signing key, if it can be had without asking a person; None otherwise."""
        if self.keys.holder is HolderKind.PASSPHRASE and not self.passphrases.is_at_hand:
            return None
        try:
            return self.keys.signing(name)
        except OptinError:
            return None

    def folder(self, name: str) -> Path:
        """A private folder below the root, made if need be."""
        private_folder(self.root)
        return private_folder(self.root / name)

    @property
    def is_made(self) -> bool:
        """Whether `optin init` was run."""
        return (self.root / "config.json").exists()

    def config(self) -> Config:
        """The configuration; `MissingPart` before `optin init`."""
        if not self.is_made:
            raise MissingPart("Optin is not set up here; run `optin init` (or `optin init --solo` to try it out)")
        private_folder(self.root)
        return parse(read_file(self.root / "config.json", _LIMIT), Config)

    def configure(self, config: Config) -> None:
        """Writes the configuration anew."""
        replace_file(self.root / "config.json", canonical(config))

    def first_device(self) -> VerifyKey:
        """The device key that was pinned at set-up."""
        return VerifyKey(from_text(self.config().device_key))

    def devices(self) -> tuple[VerifyKey, ...]:
        """All device keys in order: the pinned first one, then those that the ledger's KEY entries name."""
        return self.ledger.device_keys(self.first_device())

    def enter_if_possible(self, event: LedgerEvent, subject: str, key: SigningKey) -> bool:
        """Whether the entry was made; for what narrows access and is done already. Says so on stderr if it was not."""
        try:
            self.ledger.enter(event, subject, key)
        except (OptinError, OSError) as error:
            _say_not_entered(event, error)
            return False
        return True

    def note_if_possible(self, event: LedgerEvent, subject: str) -> bool:
        """Whether a note was left in the ledger; the same, for what narrows access while no key is at hand."""
        try:
            self.ledger.note(event, subject)
        except (OptinError, OSError) as error:
            _say_not_entered(event, error)
            return False
        return True

    def _note_wrong_passphrase(self) -> None:
        self.note_if_possible(LedgerEvent.REFUSED, "passphrase")

    def inbox(self) -> Inbox:
        """The inbox that the configuration names: an fsspec URL, or a folder of this home."""
        from optin.inbox import Inbox

        named = self.config().inbox
        return Inbox(Shelf(named if "://" in named else (self.root / named).as_uri()))

    def policy(self) -> Signed[Policy]:
        """The organisation's policy, signed by the key that was pinned; `Refused` if there is none."""
        pinned = self.config().policy_key
        path = self.root / "policy.json"
        if not pinned or not path.exists():
            raise Refused("there is no policy here; `optin init --solo` makes one for trying out")
        return verify(read_file(path, _LIMIT), Policy, VerifyKey(from_text(pinned)))

    def grant(self) -> Signed[Grant]:
        """The consent that stands on this machine; `Refused` if there is none."""
        path = self.root / "consent" / "grant.json"
        if not path.exists():
            raise Refused(
                "you have not given consent; `optin consent show` says what it is, `optin consent grant` gives it"
            )
        if (self.root / "consent" / "erasing.json").exists():
            raise Refused("consent is being withdrawn, and that was cut off; run `optin withdraw` to finish it")
        signed = verify_self(read_file(path, _LIMIT), Grant)
        if signed.signer.text != signed.document.employee_key:
            raise BadInput("the grant is not signed by the key that it names; it was exchanged")
        return signed

    def withdrawal(self) -> Signed[ConsentStatus]:
        """The withdrawal that was signed with the grant, so that leaving needs neither passphrase nor network."""
        data = read_file(self.root / "consent" / "withdrawal.json", _LIMIT)
        return verify(data, ConsentStatus, self.keys.verify_key("employee"))

    def lease(self, digest: str) -> Signed[Lease]:
        """The lease with this digest."""
        lease = verify_self(read_file(self.root / "leases" / f"{digest}.json", _LIMIT), Lease)
        if lease.digest != digest:
            raise BadInput("a lease file was exchanged; sessions recorded under it cannot be used")
        return lease

    @property
    def stop_file(self) -> Path:
        """A running recorder stops when this file appears."""
        return self.root / "STOP"

    def is_recording(self) -> bool:
        """Whether a recorder holds the queue's lock."""
        path = self.queue / "LOCK"
        if not path.exists():
            return False
        handle = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        try:
            lock_file(handle)
        except OSError:
            return True
        finally:
            os.close(handle)
        return False

    def allowed(self) -> tuple[AllowRule, ...]:
        """What the employee allowed; nothing at first."""
        path = self.root / "allow.json"
        return parse(read_file(path, _LIMIT), AllowFile).rules if path.exists() else ()

    def allow(self, rule: AllowRule) -> None:
        """Adds a rule."""
        rules = tuple(dict.fromkeys((*self.allowed(), rule)))
        replace_file(self.root / "allow.json", canonical(AllowFile(rules=rules, version=1)))

    def submitted(self) -> tuple[SubmittedFile, ...]:
        """What was submitted from here, sorted by session."""
        paths = (self.root / "submitted").glob("[!.]*.json")
        found = (parse(read_file(path, _LIMIT), SubmittedFile) for path in paths)
        return tuple(sorted(found, key=lambda entry: (entry.session, entry.bundle_digest)))

    def sealed_redacted(self, session: str) -> Path:
        """The file of a redacted session."""
        return self.folder("redacted") / f"{checked_session(session)}.sealed"


def _say_not_entered(event: LedgerEvent, error: OptinError | OSError) -> None:
    reason = error.strerror if isinstance(error, OSError) else error
    sys.stderr.write(f"optin: this could not be entered in the ledger ({event.value}): {reason}\n")


def open_home() -> Home:
    """The home that `$OPTIN_HOME` names, else the platform's user data folder."""
    named = os.environ.get("OPTIN_HOME")
    if named:
        return Home(Path(named).expanduser().absolute())
    import platformdirs

    return Home(Path(platformdirs.user_data_dir("optin", appauthor=False)))


def wall_ms() -> int:
    """Milliseconds of Unix time."""
    return time.time_ns() // 1_000_000


def checked_session(untrusted: str) -> str:
    """A session's id, if it can be one."""
    if not (untrusted.isascii() and untrusted.isalnum() and len(untrusted) <= 32):
        raise BadInput("a session's id holds letters and digits only; `optin sessions` lists them")
    return untrusted


class PassphraseSource:
    """Gives the passphrase: from the descriptor that `OPTIN_PASSPHRASE_FD` names, read once, or from the terminal."""

    def __init__(self) -> None:
        self._descriptor: int | None = None
        self._read: str | None = None
        self._second: str | None = None

    def __call__(self, prompt: str) -> str:
        """The passphrase; `MissingPart` where there is neither a descriptor nor a terminal."""
        hide_memory()
        named = os.environ.pop(PASSPHRASE_FD, None)
        if named is not None:
            self._descriptor = _descriptor(named)
            self._read = _line(self._descriptor)
        if self._read is not None:
            return self._read
        if not sys.stdin.isatty():
            raise MissingPart(f"a passphrase is needed and there is no terminal; name a descriptor in {PASSPHRASE_FD}")
        return getpass.getpass(f"{prompt}: ")

    @property
    def is_at_hand(self) -> bool:
        """Whether it can be given without asking a person."""
        return self._read is not None or PASSPHRASE_FD in os.environ

    def renewed(self, prompt: str) -> str:
        """The passphrase that is to follow the one that was given before: the descriptor's second line."""
        if self._descriptor is None:
            return self(prompt)
        self._second = self._second or _line(self._descriptor)
        if not self._second:
            raise MissingPart(f"the new passphrase is missing; it is the second line of what {PASSPHRASE_FD} names")
        return self._second


def _descriptor(named: str) -> int:
    try:
        descriptor = int(named)
        os.set_inheritable(descriptor, False)  # a program that takes this one's place must not read on  # noqa: FBT003
    except (ValueError, OSError, OverflowError):
        raise MissingPart(f"{PASSPHRASE_FD} must name a descriptor that is open for reading") from None
    return descriptor


def _line(descriptor: int) -> str:
    """The next line, byte by byte: what follows it is left for who may ask for it."""
    line = bytearray()
    try:
        while (byte := os.read(descriptor, 1)) not in {b"", b"\n"}:
            line += byte
        return line.decode()
    except (ValueError, OSError):
        raise MissingPart(f"{PASSPHRASE_FD} must name a descriptor that is open for reading") from None
