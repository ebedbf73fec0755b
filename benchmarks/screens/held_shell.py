"""A held-out kind: a database and a far machine. Lines come out, with categories as `blocks.runs` reads them."""

from __future__ import annotations

import random

from benchmarks.screens.people import People


def database(people: People, chance: random.Random) -> tuple[str, ...]:
    """A table of patients, then a sign-in elsewhere with a private key and a password."""
    who = people.one()
    first = chance.randint(100, 900)
    return (
        "psql (15.4)",
        'Type "help" for help.',
        "",
        f"clinic=> \\d+ visits; -- ask [[person|{who.full}]]",
        "   id | name                       | ssn         | reason   | owed",
        " -----+----------------------------+-------------+----------+----------",
        *(_visit(people, chance, number) for number in range(first, first + 11)),
        "(11 rows)",
        "",
        "clinic=> \\q",
        f"$ ssh [[person|{who.given.casefold()}]]@[[secret|172.16.{people.number(2)}.{people.number(2)}]]",
        f"Last login: [[person|{people.date()}]]",
        "$ cat .ssh/id_ed25519",
        "-----BEGIN OPENSSH PRIVATE KEY-----",
        *(f"[[secret|{people.token(64)}]]" for _ in range(5)),
        "-----END OPENSSH PRIVATE KEY-----",
        f"$ curl -u [[person|{who.mail}]]:[[secret|{people.password()}]] https://api.internal/v2/me",
        f'{{"status": "ok", "name": "[[person|{who.full}]]", "plan": "[[financial|Premium]]"}}',
        f"$ mail -s '[[chat|Resignation]]' [[person|{people.one().mail}]]",
        "$ exit",
        "logout",
    )


def _visit(people: People, chance: random.Random, number: int) -> str:
    one, reason = people.one(), chance.choice(("Gout", "Flu", "Asthma", "HIV", "Burn"))
    told = f"[[person|{one.full:<26}]] | [[tax|{one.ssn}]] | [[medical|{reason:<8}]]"
    return f" {number:>4} | {told} | [[financial|{people.money():>9}]]"
