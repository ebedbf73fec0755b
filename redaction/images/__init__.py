"""Pixels: what is read, what is recognised as interface, and what is masked."""
