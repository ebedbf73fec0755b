"""Made-up screens with their truth: people and a look enter, a picture and the place of each word on it leave.

Every person, number, message and key is invented from a seed. Web pages are drawn by a real Chromium, terminals by a
real xterm and desktop programmes by GTK. The page kinds are split once, in `kinds`, into a tuning half, which may be
looked at while the redactor is worked on, and a held-out half, which only the published figures come from.
"""
