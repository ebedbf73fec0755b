"""The redactor account: a server under a user of its own that holds the consent key and redacts for one employee.

Sealed segments come in as descriptors that the employee's process opened; redacted sessions go out, sealed to the
employee's key and signed by the redactor's own. Neither the consent key nor anything raw ever leaves this account.

Rules of this file:
1. Only the user that the server was told of is served; the kernel says who asks (SO_PEERCRED), not a message.
2. The serving process reads no message and holds no raw data. Each request is the matter of a forked child, which takes
   the network from itself before it reads, and ends with its answer.
3. To destroy the consent key needs neither passphrase nor room on the disk, and ends every other child.
4. A child that makes no progress is ended by an alarm: no request holds memory or a place for ever.
5. Errors that leave name neither files nor folders of this account. Nothing of a request is logged.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import sys
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Final, NoReturn

from consent.documents import Grant, Lease, Policy
from optin.account import user_id
from optin.checkup import require_extra
from optin.failures import run
from optin.handed import Handed, HandedQueue, handed_file
from optin.home import checked_session, open_home
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
    Sealed,
    State,
    peer_uid,
    receive_request,
    send,
)
from optin.say import say
from optin.separate import (
    CONSENT,
    SIGNER,
    Account,
    listening,
    only_one,
    open_account,
    raise_descriptor_limit,
    require_own_code,
    require_separate,
    unit_text,
)
from optin.stages import redact_raw
from redaction.isolation import isolated
from redaction.redacted import Isolation
from vault.errors import BadInput, MissingPart, OptinError, Refused
from vault.files import private_folder
from vault.keys import OpeningKey, SealingKey, VerifyKey
from vault.process import hide_memory
from vault.signed import Signed, verify_self

MAX_CHILDREN: Final = 8
"""Requests that are worked on at a time; further ones wait."""
MESSAGE_SECONDS: Final = 30
STEP_SECONDS: Final = 600
"""How long a child may wait for a message, and work without finishing a frame."""
ENDS_OTHERS: Final = 10
"""The exit code of a child that has destroyed the consent key."""


def start(name: str, *, place: Path | None, unit: str) -> None:
    """`optin redactor`: prints the unit of a user, or serves the employee who is named by name or number."""
    employee = user_id(name)
    if unit:
        return say(unit_text(unit, employee))
    if place is None:
        raise MissingPart("say where the socket is to be, for example --socket /run/optin-redactor/redactor.socket")
    return serve(open_home().root, place.absolute(), employee=employee)


def serve(root: Path, place: Path, *, employee: int) -> None:
    """Serves the employee over the socket at `place` until SIGTERM or SIGINT; `root` is the account's own folder."""
    os.umask(0o077)
    hide_memory()
    require_extra("redaction")
    require_separate(employee)
    require_own_code(employee)
    raise_descriptor_limit()
    private_folder(root)
    with only_one(root):
        account = open_account(root, employee)
        with listening(place) as listener:
            sys.stdout.write(f"serving user {employee}\n")
            sys.stdout.flush()
            _Server(account, listener).run()


class _Server:
    """The serving process: it looks who asks, forks, and sees its children end."""

    def __init__(self, account: Account, listener: socket.socket) -> None:
        self._account = account
        self._listener = listener
        self._children: set[int] = set()
        self._is_over = False

    def run(self) -> None:
        """Returns after SIGTERM or SIGINT, when all children have ended."""
        awake, waker = socket.socketpair()
        with awake, waker:
            for end in (awake, waker, self._listener):
                end.settimeout(0)
            signal.set_wakeup_fd(waker.fileno())
            signal.signal(signal.SIGCHLD, self._heard)
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, self._end)
            while not self._is_over:
                waited = [awake] if len(self._children) >= MAX_CHILDREN else [awake, self._listener]
                ready, _, _ = select.select(waited, [], [])
                if awake in ready:
                    awake.recv(1 << 12)
                    self._reap()
                if self._listener in ready:
                    self._accept()
        self._end_children()

    def _heard(self, _number: int, _frame: FrameType | None) -> None:
        """A child has ended; the wake-up descriptor has said so already."""

    def _end(self, _number: int, _frame: FrameType | None) -> None:
        self._is_over = True

    def _accept(self) -> None:
        try:
            link, _ = self._listener.accept()
        except (BlockingIOError, ConnectionError):
            return
        with link:
            if peer_uid(link) != self._account.employee:
                _turn_away(link)
                return
            child = os.fork()
            if child == 0:
                self._listener.close()
                _live(self._account, link)
            self._children.add(child)

    def _reap(self) -> None:
        for child in tuple(self._children):
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                self._children.discard(child)
                if os.waitstatus_to_exitcode(status) == ENDS_OTHERS:
                    self._end_children()

    def _end_children(self) -> None:
        for child in self._children:
            os.kill(child, signal.SIGKILL)
        for child in self._children:
            os.waitpid(child, 0)
        self._children.clear()


def _turn_away(link: socket.socket) -> None:
    """Says no to a stranger, without waiting for them to listen."""
    link.settimeout(0)
    with contextlib.suppress(OSError):
        send(link, Failed(kind=Refused.__name__, message="this redactor serves another user"))


def _live(account: Account, link: socket.socket) -> NoReturn:
    """The whole life of a child; whatever happens in it, it never returns into the server."""
    code: object = 1
    try:
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        signal.alarm(MESSAGE_SECONDS)
        link.settimeout(None)
        with isolated() as isolation:
            run(lambda: sys.exit(_answer(account, link, isolation)))
    except SystemExit as end:
        code = end.code
    finally:
        os._exit(code if isinstance(code, int) else 1)


def _answer(account: Account, link: socket.socket, isolation: Isolation) -> int:
    """The exit code, after one request was answered; an employee who has gone is no error."""
    try:
        answer = _answered(account, link, isolation)
    except OptinError as error:
        answer = Failed(kind=type(error).__name__, message=_sayable(account, error))
    except (EOFError, ConnectionError):
        return 0
    with contextlib.suppress(ConnectionError):
        send(link, answer)
    return ENDS_OTHERS if isinstance(answer, Destroyed) else 0


def _sayable(account: Account, error: OptinError) -> str:
    """The error's text, unless it names a place of this account."""
    if os.fspath(account.root) not in str(error):
        return str(error)
    sys.stderr.write(f"optin: {error}\n")
    return "the redactor account's own folder is not in order; its administrator finds why in its journal"


def _answered(account: Account, link: socket.socket, isolation: Isolation) -> Answer:
    request, descriptor = receive_request(link)
    if descriptor is not None:
        os.close(descriptor)
        raise BadInput("a file came with a request that takes none")
    if isinstance(request, Ask):
        return State(holds_consent=CONSENT in account.keys.names(), signer=account.keys.verify_key(SIGNER).raw)
    if isinstance(request, Destroy):
        account.keys.destroy(CONSENT)
        return Destroyed()
    if isinstance(request, Make):
        account.keys.destroy(CONSENT)
        return Made(public=account.keys.add_opening(CONSENT).public.raw, signer=account.keys.verify_key(SIGNER).raw)
    if isinstance(request, Redact):
        return Sealed(data=_redacted(account, link, request, isolation))
    raise BadInput("a segment came without the request that it belongs to")


def _redacted(account: Account, link: socket.socket, request: Redact, isolation: Isolation) -> bytes:
    """The sealed result; `Refused` if consent ended meanwhile, so nothing leaves after a withdrawal."""
    from redaction.engine import seal_redacted
    from redaction.intake import open_session

    grant, lease = verify_self(request.grant, Grant), verify_self(request.lease, Lease)
    policy = verify_self(request.policy, Policy)
    key = _consent_key(account, grant)
    devices = tuple(VerifyKey(raw) for raw in request.devices)
    with contextlib.closing(HandedQueue(_parts(link, request.parts), devices)) as queue:
        signal.alarm(STEP_SECONDS)
        raw = open_session(queue, checked_session(request.session), key=key, grant=grant, lease=lease)
    redacted, reported = redact_raw(raw, policy, isolation, progress=partial(_say_step, link))
    sealed = seal_redacted(redacted, reported, SealingKey(request.to), device=account.keys.signing(SIGNER))
    if CONSENT not in account.keys.names():
        raise Refused("consent was withdrawn meanwhile; nothing of the session is used")
    return sealed


def _say_step(link: socket.socket, done: int, whole: int) -> None:
    signal.alarm(STEP_SECONDS)
    send(link, Progress(done=done, whole=whole))


def _consent_key(account: Account, grant: Signed[Grant]) -> OpeningKey:
    if grant.signer.text != grant.document.employee_key:
        raise BadInput("the grant is not signed by the key that it names; it was exchanged")
    if CONSENT not in account.keys.names():
        raise MissingPart("the redactor account holds no consent key; give consent again with `optin consent grant`")
    key = account.keys.opening(CONSENT)
    if key.public.text != grant.document.consent_key:
        raise Refused("the redactor account holds the key of another consent than the one at hand")
    return key


def _parts(link: socket.socket, number: int) -> tuple[Handed, ...]:
    if not 0 < number <= MAX_PARTS:
        raise BadInput("a session has more segments than any may have, or none")
    return tuple(_part(link) for _ in range(number))


def _part(link: socket.socket) -> Handed:
    signal.alarm(MESSAGE_SECONDS)
    request, descriptor = receive_request(link)
    if descriptor is None or not isinstance(request, Part):
        raise BadInput("a segment is expected, and something else came")
    return Handed(handed_file(descriptor), request.key_file)
