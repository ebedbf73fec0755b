"""Looks for every planted value in every file below a folder; prints ids and numbers only.

A file that says it is something that it is not is an error: what was not examined must not count as clean.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from optin.demo.finder import Finder
from optin.demo.planted import plant
from optin.failures import run


def hunt(folder: Path, seed: int) -> dict[str, object]:
    """The ids found, with the files that hold them, and how much was examined."""
    found: dict[str, list[str]] = {}
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    size = sum(path.stat().st_size for path in files)
    with Finder(plant(seed)) as finder:
        for path in files:
            for name in finder.in_file(path):
                found.setdefault(name, []).append(path.relative_to(folder).as_posix())
    return {"found": found, "files": len(files), "size": size}


if __name__ == "__main__":
    run(lambda: sys.stdout.write(json.dumps(hunt(Path(sys.argv[1]), int(sys.argv[2])))))
