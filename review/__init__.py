"""The privacy officer's side: what waits, what was seen, and the signature of approval. Never touches raw data."""
