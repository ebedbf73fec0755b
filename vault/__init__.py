"""Keys, envelopes, signatures, the ledger and careful files. The lowest layer; it knows nothing of recordings."""
