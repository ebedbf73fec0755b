"""Small changes to the product, each of which takes one safeguard away, and the tests that must notice.

A change is text for text, and its text must stand in the file exactly once: when the code moves on, the change moves
with it or this list fails. Where both halves of a rule are changed alike (sealing and opening), only what was made by
somebody else can tell: the vectors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

VECTORS: Final = "tests/vectors/test_vectors.py"
SEAL: Final = "tests/capture/test_seal.py"
INTAKE: Final = "tests/redaction/test_intake.py"
QUEUE_CUT: Final = "tests/torture/test_power_cut_queue.py::test_nothing_acknowledged_is_lost_and_nothing_else_is_read"
FILES_CUT: Final = "tests/torture/test_power_cut_files.py::test_files_are_whole_or_absent_and_stay_as_acknowledged"


@dataclass(frozen=True, slots=True)
class Edit:
    """One replacement in one file."""

    file: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Change:
    """One safeguard less; `tests` are those of which one must fail then, as pytest names them."""

    name: str
    tests: str
    edits: tuple[Edit, ...]


CHANGES: Final = (
    Change(
        "the queue does not sync what it writes",
        QUEUE_CUT,
        (
            Edit(
                "capture/queue.py",
                'os.fdatasync(self._file) if hasattr(os, "fdatasync") else os.fsync(self._file)',
                "return",
            ),
        ),
    ),
    Change(
        "a new segment's name is not synced",
        QUEUE_CUT,
        (Edit("capture/queue.py", ".rename(path)\n            sync_folder(self._folder.segments)", ".rename(path)"),),
    ),
    Change(
        "a replaced file's name is not synced",
        FILES_CUT,
        (
            Edit(
                "vault/files.py",
                "temporary.unlink(missing_ok=True)\n        raise\n    sync_folder(path.parent)\n",
                "temporary.unlink(missing_ok=True)\n        raise\n",
            ),
        ),
    ),
    Change(
        "a new file takes the place of one that is there",
        "tests/vault/test_files.py::test_a_file_that_exists_is_not_written_over",
        (
            Edit("vault/files.py", "if os.path.lexists(path):", "if False:"),
            Edit("vault/files.py", "os.link(temporary, path, follow_symlinks=False)", "os.replace(temporary, path)"),
            Edit("vault/files.py", "    try:\n        temporary.unlink()\n", "    try:\n"),
        ),
    ),
    Change(
        "a frame is sealed without its header",
        "tests/docs/test_format.py",
        (Edit("capture/seal.py", "self._context + header)", "self._context)"),),
    ),
    Change(
        "a frame is sealed and opened without its header",
        VECTORS,
        (
            Edit("capture/seal.py", "self._context + header)", "self._context)"),
            Edit("capture/opening.py", "self._scanned.prelude_digest + frame.header", "self._scanned.prelude_digest"),
        ),
    ),
    Change(
        "a frame is sealed and opened without its prelude",
        VECTORS,
        (
            Edit("capture/seal.py", "self._context + header)", "header)"),
            Edit("capture/opening.py", "self._scanned.prelude_digest + frame.header", "frame.header"),
        ),
    ),
    Change(
        "a frame need not name the one before it",
        VECTORS,
        (
            Edit(
                "capture/segment.py",
                "if frame.batch != len(frames) or frame.header[-DIGEST:] != previous:",
                "if frame.batch != len(frames):",
            ),
        ),
    ),
    Change(
        "a frame may have any number",
        VECTORS,
        (
            Edit(
                "capture/segment.py",
                "if frame.batch != len(frames) or frame.header[-DIGEST:] != previous:",
                "if frame.header[-DIGEST:] != previous:",
            ),
        ),
    ),
    Change(
        "damage before the last frame is taken for a cut",
        VECTORS,
        (Edit("capture/segment.py", "if _occurs(prelude.needle, file, at + 1):", "if False:"),),
    ),
    Change(
        "bytes may follow the end",
        VECTORS,
        (Edit("capture/segment.py", "if after + SIGNATURE != prelude.end:", "if False:"),),
    ),
    Change(
        "the final frame's signature is not checked",
        VECTORS,
        (Edit("capture/segment.py", "if not _is_signed(file, frame, prelude):", "if False:"),),
    ),
    Change(
        "the head's signature is not checked",
        VECTORS,
        (Edit("capture/segment.py", "    device.verify(signature, head_message(signed))\n", ""),),
    ),
    Change(
        "a key opens more than one batch",
        f"{SEAL}::test_no_two_batches_have_the_same_key",
        (Edit("capture/batch.py", "        wipe(self._chain)\n        self._chain = chain\n", ""),),
    ),
    Change(
        "small batches are not padded",
        f"{SEAL}::test_twenty_keys_take_as_much_as_one",
        (Edit("capture/batch.py", "return max(1, -(-size // BUCKET)) * BUCKET", "return size"),),
    ),
    Change(
        "padding may hold anything",
        VECTORS,
        (Edit("capture/batch.py", "if plain.count(0, at) != len(plain) - at:", "if False:"),),
    ),
    Change(
        "the commitment is not checked",
        VECTORS,
        (Edit("capture/opening.py", "if self._ratchet.commitment != head.commitment:", "if False:"),),
    ),
    Change(
        "the key file may be another one",
        VECTORS,
        (Edit("capture/opening.py", "if digest(key_file) != head.key_digest:", "if False:"),),
    ),
    Change(
        "a session may lie outside its lease",
        f"{INTAKE}::test_a_session_outside_its_lease_is_refused",
        (
            Edit(
                "redaction/intake.py",
                "if not lease.not_before_ms <= from_ms <= until_ms <= lease.expires_ms:",
                "if False:",
            ),
        ),
    ),
    Change(
        "a session may lie outside its consent",
        f"{INTAKE}::test_a_session_outside_the_time_of_consent_is_refused",
        (
            Edit(
                "redaction/intake.py", "if not grant.given_ms <= from_ms <= until_ms <= grant.expires_ms:", "if False:"
            ),
        ),
    ),
    Change(
        "ledger entries need not follow from each other",
        VECTORS,
        (Edit("vault/chain.py", "if (entry.number, entry.previous) != (number, previous):", "if False:"),),
    ),
    Change(
        "any device key may sign any entry",
        VECTORS,
        (Edit("vault/chain.py", "        _require_signer(signed, writer, used)\n", ""),),
    ),
    Change(
        "a note may say what needs a signature",
        VECTORS,
        (Edit("vault/chain.py", "if any(note.event not in NOTED for note in notes):", "if False:"),),
    ),
    Change(
        "a ledger may be shorter or other than a witness saw",
        VECTORS,
        (Edit("vault/ledger.py", "            require_checkpoint(checkpoint, first, heads)\n", "            pass\n"),),
    ),
    Change(
        "a signature does not say for which kind it is",
        VECTORS,
        (Edit("vault/signed.py", 'b"optin/1 signed " + kind.encode() + b"\\0" + body', 'b"optin/1 signed " + body'),),
    ),
    Change(
        "a document need not be in its canonical form",
        VECTORS,
        (Edit("vault/canonical.py", "if again != untrusted:", "if False:"),),
    ),
    Change(
        "a key store may ask for less work",
        "tests/vault/test_store.py::test_a_cheaper_work_factor_is_refused",
        (Edit("vault/store.py", "if lock.n != holder.work:", "if False:"),),
    ),
    Change(
        "an officer may approve what the policy does not bear",
        "tests/review/test_approval.py::test_nobody_approves_what_the_policy_does_not_bear",
        (Edit("review/approval.py", "    if against:\n", "    if not bundle:\n"),),
    ),
    Change(
        "the gate admits what the policy does not bear",
        "tests/export/test_gate.py::test_what_the_policy_does_not_bear_stays_though_an_officer_signed_it",
        (
            Edit(
                "export/gate.py",
                "for reason in over_bounds(bundle.episode, bundle.report, policy.document))",
                "for reason in ())",
            ),
        ),
    ),
)
