"""How much redaction of texts leaves and keeps, and what it takes: `python -m benchmarks.text`."""
