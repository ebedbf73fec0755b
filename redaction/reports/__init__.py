"""The report that an officer signs: counts, bounds and what was not examined."""
