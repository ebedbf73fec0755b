"""A tuning kind: a shell. Lines come out, with categories as `blocks.runs` reads them."""

from __future__ import annotations

import random
from typing import Final

from benchmarks.screens.people import People

_FILES: Final = ("payslip.pdf", "cv.docx", "notes.txt", "tax_2025.pdf", "scan.png", "key.pem")


def shell(people: People, chance: random.Random) -> tuple[str, ...]:
    """Files, the environment with keys, a log with people in it."""
    who = people.one()
    prompt = f"[[person|{who.mail.split('@')[0]}@build-{chance.randint(2, 40)}]]:~/billing$ "
    return (
        prompt + "ls -l",
        "total 48",
        *(_file(people, chance, name) for name in _FILES),
        prompt + "env | sort",
        "HOME=/home/app",
        "LANG=en_US.UTF-8",
        "EDITOR=vim",
        f"AWS_ACCESS_KEY_ID=[[secret|AKIA{people.token(16).upper()}]]",
        f"AWS_SECRET_ACCESS_KEY=[[secret|{people.token(40)}]]",
        f"DATABASE_URL=[[secret|postgres://app:{people.password()}@10.2.{people.number(2)}.4:5432/pay]]",
        f"GITHUB_TOKEN=[[secret|ghp_{people.token(36)}]]",
        f"SMTP_PASSWORD=[[secret|{people.password()}]]",
        prompt + f"mysql -u root -p[[secret|{people.password()}]] pay",
        prompt + "tail statements.log",
        *(_logged(people, chance) for _ in range(9)),
        prompt + f"git commit -m '[[chat|remove salary of {who.given} before the audit]]'",
        "[main 3f1c2aa] 2 files changed, 14 insertions(+)",
        prompt,
    )


def _file(people: People, chance: random.Random, name: str) -> str:
    family = people.one().family
    size, day = chance.randint(100, 99999), chance.randint(10, 28)
    return f"-rw-r----- 1 [[person|{family.casefold()}]] staff {size:>6} Jan {day} [[person|{family}_{name}]]"


def _logged(people: People, chance: random.Random) -> str:
    level, day = chance.choice(("INFO", "WARN", "ERROR")), chance.randint(10, 28)
    sent = f"sent statement to [[person|{people.one().mail}]] amount [[financial|{people.money()}]]"
    return f"2026-01-{day} {level} {sent}"
