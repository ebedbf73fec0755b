"""`optin audit verify`: whether this machine's ledger holds, by itself and against what witnesses saw; in words.

It needs no passphrase. A ledger that does not hold is `BadInput`, which names the line or the witnessed number.
"""

from __future__ import annotations

from dataclasses import dataclass

from optin.home import Home
from optin.say import say, say_table, when
from optin.witness import Known, Reach, known_witnesses
from vault.ledger import LedgerEvent, Verified


@dataclass(frozen=True, slots=True)
class Audit:
    """A ledger that holds, and who witnessed it."""

    ledger: Verified
    known: Known

    @property
    def recovered(self) -> int:
        """How many torn lines were set aside."""
        return sum(entry.event is LedgerEvent.RECOVERED for entry in self.ledger.entries)

    def facts(self) -> dict[str, object]:
        """What a script gets."""
        return {
            "entries": len(self.ledger.entries),
            "inbox": self.known.reach.value,
            "intact": True,
            "keys": len(self.ledger.keys),
            "passed_over": self.known.passed_over,
            "recovered": self.recovered,
            "waiting": len(self.ledger.waiting),
            "witnessed": self.ledger.witnessed,
            "witnesses": [{"by": seen.by, "entries": seen.checkpoint.entries} for seen in self.known.seen],
        }


def audit(home: Home) -> Audit:
    """The verified ledger; `BadInput` if it was edited, cut below what a witness saw, or is not this device's."""
    known = known_witnesses(home)
    return Audit(home.ledger.verify(home.first_device(), tuple(seen.checkpoint for seen in known.seen)), known)


def say_audit(found: Audit) -> None:
    """The same for a person."""
    entries, keys = len(found.ledger.entries), len(found.ledger.keys)
    signed = "all signed by one device key" if keys == 1 else f"signed by {keys} device keys, each in its time"
    say(f"The ledger is intact: {entries} entries, none changed, removed or moved, {signed}.")
    if found.ledger.witnessed:
        say(f"Witnessed: the first {found.ledger.witnessed}. Whoever holds the device's key could still cut the rest.")
        rows = [(seen.by, str(seen.checkpoint.entries), when(seen.at_ms)) for seen in found.known.seen]
        say_table("", ("witness", "entries seen", "when"), rows)
    else:
        say("Nobody has witnessed it yet: whoever holds the device's key could cut its end unseen.")
    if found.ledger.waiting:
        say(
            f"Notes that wait to be signed by the next entry: {len(found.ledger.waiting)}. Until then they can be lost."
        )
    if found.recovered:
        say(f"Torn last lines that were set aside: {found.recovered}. They lie in the folder `ledger` as torn.N.")
    if found.known.passed_over:
        say(f"Passed over, for no officer or exporter of the policy signed them: {found.known.passed_over}.")
    if found.known.reach is Reach.NOT_REACHED:
        say("The inbox could not be reached: only witnesses that `optin sync` kept here were asked. Try again later.")
    if found.known.reach is Reach.NOT_ASKED:
        say("The inbox was not asked, for no consent stands here: only witnesses that `optin sync` kept here were.")
