"""The employee's side of a redactor account: asks it for consent keys, redaction, and the end of both.

An account is named once, at `optin init --separate-user`: its user, its socket and the public key that it signs with.
From then on only a server of that user is spoken to (SO_PEERCRED), and only what that key signed is taken from it.
Sealed segments leave as descriptors, redacted sessions come back; the consent key's private half is never here.

Without an account, the functions here do the same with the keys of the home. Destroying works while the account does
not answer: what the home holds goes at once, and a second call does the rest.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from optin.home import Home, RedactorAccount
from optin.messages import (
    MAX_PARTS,
    Answer,
    Ask,
    Destroy,
    Destroyed,
    Failed,
    Made,
    Make,
    Part,
    Progress,
    Redact,
    Request,
    Sealed,
    State,
    no_account,
    peer_uid,
    receive_answer,
    send,
)
from vault.errors import BadInput, MissingPart, OptinError, Refused
from vault.keys import SealingKey, VerifyKey, from_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from consent.documents import Grant, Lease
    from vault.signed import Signed

ANSWER_SECONDS: Final = 15.0
"""How long the account may take for a short answer."""
STEP_SECONDS: Final = 900.0
"""How long it may take for one step of a redaction; its own limit is shorter."""
_ERRORS: Final[dict[str, type[OptinError]]] = {kind.__name__: kind for kind in (Refused, BadInput, MissingPart)}


def find_account(name: str, place: Path) -> RedactorAccount:
    """The account of the user with this name or number, as it answers at `place`; `MissingPart` if it does not."""
    uid = user_id(name)
    if uid == os.geteuid():
        raise Refused("the redactor must be another user than you; see docs/separate-user.md")
    state = _asked(RedactorAccount(key="", socket=os.fspath(place.absolute()), uid=uid), Ask())
    if not isinstance(state, State):
        raise _unexpected()
    return RedactorAccount(key=VerifyKey(state.signer).text, socket=os.fspath(place.absolute()), uid=uid)


def user_id(name: str) -> int:
    """The number of a user who is named by name or number; `MissingPart` if there is no such user."""
    if name.isascii() and name.isdigit():
        return int(name)
    if sys.platform != "linux":
        raise no_account()
    import pwd  # there is no such module on Windows

    try:
        return pwd.getpwnam(name).pw_uid
    except KeyError:
        raise MissingPart(
            "this system has no user of that name; see docs/separate-user.md for how to make one"
        ) from None


def usual_socket(name: str) -> Path:
    """Where the socket of this user's redactor is, unless something else is said."""
    return Path("/run") / name / "redactor.socket"


def new_consent_key(home: Home) -> SealingKey:
    """The public half of a fresh consent key; its private half is with the account, or in this home without one."""
    account = home.config().redactor
    if account is None:
        return home.keys.add_opening("consent").public
    made = _asked(account, Make())
    if not isinstance(made, Made):
        raise _unexpected()
    if made.signer != signer_of(account).raw:
        raise Refused("the redactor account was made anew since this home was set up; set up another home with it")
    home.keys.add_opening("redacted")
    return SealingKey(made.public)


def destroy(home: Home) -> None:
    """Destroys what opens recordings and redacted sessions, here and with the account.

    `MissingPart` if the account does not answer: what is here is gone then, and a second call does the rest.
    """
    account = home.config().redactor
    if account is None:
        return home.keys.destroy("consent")
    with ExitStack() as rest:
        rest.callback(_destroy_there, account)
        return home.keys.destroy("redacted")


def _destroy_there(account: RedactorAccount) -> None:
    if not isinstance(_asked(account, Destroy()), Destroyed):
        raise _unexpected()


def redact_there(
    home: Home,
    session: str,
    *,
    grant: Signed[Grant],
    lease: Signed[Lease],
    progress: Callable[[int, int], None],
) -> bytes:
    """The session, redacted by the account and sealed to this home's key `redacted`; raises what the account raises."""
    from capture.queue import QueueFolder, QueueReader

    account = home.config().redactor
    if account is None:
        raise Refused("this home has no redactor account")
    reader = QueueReader(QueueFolder(home.queue), home.devices())
    segments = tuple(part.head.segment for part in reader.session(session))
    if len(segments) > MAX_PARTS:
        raise BadInput("the session has more segments than a redactor account takes")
    asked = Redact(
        devices=tuple(key.raw for key in home.devices()),
        grant=grant.data,
        lease=lease.data,
        parts=len(segments),
        policy=home.policy().data,
        session=session,
        to=home.keys.sealing_key("redacted").raw,
    )
    with _connected(account) as link:
        with suppress(ConnectionError):  # what it refuses, it says before it has heard all
            send(link, asked)
            for segment in segments:
                _hand_over(link, QueueFolder(home.queue).segment_path(segment), reader.key_file(segment))
        link.settimeout(STEP_SECONDS)
        while isinstance(answer := _answer(link), Progress):
            progress(answer.done, answer.whole)
    if not isinstance(answer, Sealed):
        raise _unexpected()
    return answer.data


def _hand_over(link: socket.socket, segment: Path, key_file: bytes) -> None:
    """Sends one segment; the account gets its open file, and no right to the folder that it lies in."""
    file = os.open(segment, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        send(link, Part(key_file=key_file), descriptor=file)
    finally:
        os.close(file)


def _asked(account: RedactorAccount, request: Request) -> Answer:
    with _connected(account) as link:
        with suppress(ConnectionError):  # what it refuses, it says before it has heard anything
            send(link, request)
        return _answer(link)


def _answer(link: socket.socket) -> Answer:
    answer = receive_answer(link)
    if isinstance(answer, Failed):
        raise _ERRORS.get(answer.kind, MissingPart)(answer.message)
    return answer


@contextmanager
def _connected(account: RedactorAccount) -> Iterator[socket.socket]:
    """A connection to the account; `Refused` if a server of another user listens there.

    `MissingPart` if none does, or if it goes away before its answer.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as link:
        link.settimeout(ANSWER_SECONDS)
        _connect(link, account)
        try:
            yield link
        except (EOFError, ConnectionError, TimeoutError):
            raise MissingPart(
                "the redactor account gave no answer; its administrator finds why in its journal"
            ) from None


def _connect(link: socket.socket, account: RedactorAccount) -> None:
    try:
        link.connect(account.socket)
    except OSError:
        raise MissingPart("the redactor account does not answer; ask the administrator to start it") from None
    if peer_uid(link) != account.uid:
        raise Refused("another user than your redactor listens at its socket; tell the administrator")


def _unexpected() -> BadInput:
    return BadInput("the redactor account answered something else than what was asked; is it of the same version?")


def signer_of(account: RedactorAccount) -> VerifyKey:
    """The public key that the account signs redacted sessions with."""
    return VerifyKey(from_text(account.key))
