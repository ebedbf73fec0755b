"""Turns what was recorded into what may be seen: reads screens, masks pixels and text, and reports what it did."""
