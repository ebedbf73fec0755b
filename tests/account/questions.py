"""What a test has a user do in a process of their own: `python -m tests.account.questions NAME ARGUMENTS`.

Each function prints what a test asks for; the last line of its output is JSON.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import secrets
import select
import socket
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import msgspec

from capture.events import SessionStarted
from capture.queue import QueueFolder, QueueWriter
from capture.session import Clocks, SealingSession, SessionFacts
from optin import account
from optin.home import open_home, wall_ms
from optin.messages import Ask, Destroy, Redact, receive_answer, send
from optin.setup import solo_lease
from vault.files import create_file
from vault.keys import SealingKey, from_text

_PTRACE_SEIZE: Final = 0x4206  # from <sys/ptrace.h>


def record() -> object:
    """Seals the recording of `tests.world` as the recorder would, dated now; gives its session."""
    from tests.world import events, unheard  # with it come the libraries of redaction, which take a while

    home = open_home()
    grant, lease, session = home.grant(), solo_lease(home, home.policy()), secrets.token_hex(16)
    create_file(home.folder("leases") / f"{lease.digest}.json", lease.data)
    sink = SealingSession(
        QueueWriter(QueueFolder(home.queue)),
        SessionFacts(session, grant.digest, lease.digest, grant.document.policy_digest),
        consent=SealingKey(from_text(grant.document.consent_key)),
        device=home.keys.signing("device"),
        clocks=Clocks(wall_ms, lambda: 0, lambda: 0),
        random=secrets.token_bytes,
        heard=unheard,
    )
    for event in events():
        dated = msgspec.structs.replace(event, wall_ms=wall_ms()) if isinstance(event, SessionStarted) else event
        sink.commit((dated,))
    sink.close()
    return session


def readable(*folders: str) -> object:
    """Those of these folders that can be listed or written to, and all files below them that can be opened."""
    found = []
    for folder in folders:
        found += [folder] if os.access(folder, os.R_OK) or os.access(folder, os.W_OK) else []
        for place, _, files in os.walk(folder):
            found += [name for name in files if any(_opens(Path(place) / name, mode) for mode in ("rb", "r+b"))]
    return found


def _opens(path: Path, mode: str) -> bool:
    try:
        with path.open(mode):
            return True
    except PermissionError:
        return False


def openers() -> object:
    """The public halves of all private keys that this user's passphrase unlocks."""
    keys = open_home().keys
    return [keys.opening(facts.name).public.text for facts in keys.describe() if facts.kind == "opening"]


def intrude(pid: str) -> object:
    """What a process gets of another one: its memory, its environment, control over it."""
    libc = ctypes.CDLL(None, use_errno=True)
    got = [name for name in ("mem", "environ", "maps", "fd/0") if _opens(Path("/proc") / pid / name, "rb")]
    if libc.ptrace(_PTRACE_SEIZE, int(pid), 0, 0) == 0 or ctypes.get_errno() != errno.EPERM:
        got.append("ptrace")
    return got


def destroy() -> object:
    """Destroys the keys of both users."""
    account.destroy(open_home())
    return None


def give_again() -> object:
    """Has the account make another consent key."""
    account.new_consent_key(open_home())
    return None


def outlive() -> object:
    """How a request that the account works on ends when its key is destroyed: with no answer."""
    with _link() as waiting, _link() as ending:
        send(waiting, _unfinished())
        send(ending, Destroy())
        ended = type(receive_answer(ending)).__name__
        try:
            return [ended, type(receive_answer(waiting)).__name__]
        except (EOFError, ConnectionError):
            return [ended, "no answer"]


def keep_waiting() -> object:
    """Has the account open its key and wait for a segment, until this process is ended."""
    with _link() as waiting:
        send(waiting, _unfinished())
        time.sleep(60)
    return None


def crowd(number: str) -> object:
    """Whether the account answers while it works on so many requests, and whether it does once one of them is over."""
    with ExitStack() as stack:
        links = [stack.enter_context(_link()) for _ in range(int(number))]
        for link in links:
            send(link, _unfinished())
        last = stack.enter_context(_link())
        send(last, Ask())
        early, _, _ = select.select([last], [], [], 1.5)
        links[0].close()
        return [bool(early), type(receive_answer(last)).__name__]


def flood() -> object:
    """How the account answers more than it takes."""
    with _link() as link:
        link.sendall(b"\xff\xff\xff\xff" + bytes(1 << 10))
        answer = receive_answer(link)
    return msgspec.to_builtins(answer)


def listen(place: str) -> object:
    """An impostor: listens, says so, and prints all that it is told."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(place)
        Path(place).chmod(0o666)
        listener.listen()
        sys.stdout.write("listening\n")
        sys.stdout.flush()
        link, _ = listener.accept()
        with link:
            return len(link.recv(1 << 10))


def _link() -> socket.socket:
    link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    facts = open_home().config().redactor
    assert facts is not None
    link.settimeout(20)
    link.connect(facts.socket)
    return link


def _unfinished() -> Redact:
    """A request that is in order, and whose segment never comes."""
    home = open_home()
    to, grant = home.keys.sealing_key("redacted").raw, home.grant()
    lease = next((home.root / "leases").glob("*.json")).read_bytes()
    return Redact(devices=(), grant=grant.data, lease=lease, parts=1, policy=home.policy().data, session="ab", to=to)


QUESTIONS: Final[dict[str, Callable[..., object]]] = {
    question.__name__: question
    for question in (
        record,
        readable,
        openers,
        intrude,
        destroy,
        give_again,
        outlive,
        keep_waiting,
        crowd,
        flood,
        listen,
    )
}

if __name__ == "__main__":
    name, *words = sys.argv[1:]
    os.umask(0)
    answer = QUESTIONS[name](*words)
    sys.stdout.write(json.dumps(answer) + "\n")
