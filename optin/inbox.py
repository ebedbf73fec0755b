"""The inbox between the roles: which object lies under which name on the shelf, in one place.

    grants/<digest>.json   status/<digest>.json   submissions/<digest>.sealed   decisions/<digest>/<officer>.json
    checkpoints/<grant>.json   witnesses/<grant>/<key>.json

What is read is verified where a key is known. A grant or status only says who signed it; the gate decides about that.
"""

from __future__ import annotations

from pathlib import PurePosixPath

from consent.documents import ConsentStatus, Grant, Policy
from review.approval import Decision, verify_decision
from vault.canonical import D, Document
from vault.errors import Refused
from vault.keys import VerifyKey
from vault.ledger import Checkpoint
from vault.shelf import Shelf
from vault.signed import Signed, verify, verify_self

_SUBMISSIONS = "submissions"
_SEALED = ".sealed"


class Witness(Document, frozen=True):
    """What an officer or exporter signs: this is how long the ledger was when they saw it."""

    at_ms: int
    checkpoint: Checkpoint
    version: int


class Inbox:
    """The objects that employee, officers and exporters leave for each other."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def lay_grant(self, grant: Signed[Grant]) -> None:
        """Lays a grant, once."""
        self._shelf.create(f"grants/{grant.digest}.json", grant.data)

    def grant(self, digest: str) -> Signed[Grant] | None:
        """The grant with this digest; None where there is none."""
        return self._found(f"grants/{digest}.json", Grant)

    def lay_status(self, status: Signed[ConsentStatus]) -> None:
        """Lays the newest word on a grant in the place of the one before."""
        self._shelf.replace(f"status/{status.document.grant_digest}.json", status.data)

    def status(self, grant_digest: str) -> Signed[ConsentStatus] | None:
        """The newest word on a grant; None where there is none."""
        return self._found(f"status/{grant_digest}.json", ConsentStatus)

    def lay_submission(self, digest: str, sealed: bytes) -> None:
        """Lays a sealed submission, once."""
        self._shelf.create(f"{_SUBMISSIONS}/{digest}{_SEALED}", sealed)

    def submissions(self) -> tuple[str, ...]:
        """The digests under which submissions lie, sorted."""
        names = self._shelf.names(_SUBMISSIONS)
        return tuple(name.removeprefix(f"{_SUBMISSIONS}/").removesuffix(_SEALED) for name in names)

    def submission(self, digest: str) -> bytes:
        """A sealed submission; `MissingPart` if it is not there."""
        return self._shelf.read(f"{_SUBMISSIONS}/{digest}{_SEALED}")

    def take_back(self, digest: str) -> None:
        """Removes a submission; one that is gone already is no error."""
        self._shelf.remove(f"{_SUBMISSIONS}/{digest}{_SEALED}")

    def require_undecided(self, bundle_digest: str, officer: VerifyKey) -> None:
        """Nothing, or `Refused` if this officer has decided on this submission already."""
        if self._shelf.has(_decision_name(bundle_digest, officer)):
            raise Refused("you have decided on this submission already; a decision is not changed afterwards")

    def decide(self, decision: Signed[Decision]) -> None:
        """Lays a decision; `Refused` if this officer has decided on this submission already."""
        digest = decision.document.bundle_digest
        self.require_undecided(digest, decision.signer)
        self._shelf.create(_decision_name(digest, decision.signer), decision.data)

    def decisions(self, bundle_digest: str, policy: Signed[Policy]) -> tuple[Signed[Decision], ...]:
        """What lies beside a submission; `BadInput` if one was not signed by an officer of the policy.

        Each names the bundle that it is about, which `verdict_of` and the gate compare.
        """
        names = self._shelf.names(f"decisions/{bundle_digest}")
        return tuple(verify_decision(self._shelf.read(name), policy) for name in names)

    def lay_checkpoint(self, grant_digest: str, checkpoint: Signed[Checkpoint]) -> None:
        """Lays the newest checkpoint of a device's ledger in the place of the one before."""
        self._shelf.replace(f"checkpoints/{grant_digest}.json", checkpoint.data)

    def checkpoint(self, grant: Signed[Grant]) -> Signed[Checkpoint] | None:
        """The newest checkpoint under a grant, None where there is none; `BadInput` if another key signed it."""
        name = f"checkpoints/{grant.digest}.json"
        return verify(self._shelf.read(name), Checkpoint, grant.signer) if self._shelf.has(name) else None

    def checkpoints(self) -> tuple[str, ...]:
        """The digests of the grants under which checkpoints lie, sorted."""
        return tuple(PurePosixPath(name).stem for name in self._shelf.names("checkpoints"))

    def lay_witness(self, grant_digest: str, witness: Signed[Witness]) -> None:
        """Lays what a witness saw last in the place of what it saw before."""
        self._shelf.replace(f"witnesses/{grant_digest}/{witness.signer.raw.hex()[:16]}.json", witness.data)

    def witnesses(self, grant_digest: str) -> tuple[bytes, ...]:
        """What lies there as witnesses of the ledger under a grant, not verified."""
        return tuple(self._shelf.read(name) for name in self._shelf.names(f"witnesses/{grant_digest}"))

    def _found(self, name: str, kind: type[D]) -> Signed[D] | None:
        return verify_self(self._shelf.read(name), kind) if self._shelf.has(name) else None


def _decision_name(bundle_digest: str, officer: VerifyKey) -> str:
    return f"decisions/{bundle_digest}/{officer.raw.hex()[:16]}.json"
