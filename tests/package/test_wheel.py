"""The wheel as people get it: built, installed with and without extras into bare environments, and checked there."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
PACKAGES: Final = frozenset({"optin", "export", "review", "redaction", "capture", "consent", "vault"})
UV: Final = Path(sys.executable).with_name("uv")


@dataclass(frozen=True, slots=True)
class Bare:
    """An environment that holds the wheel and what it depends on."""

    folder: Path

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def site(self) -> Path:
        (found,) = (self.folder / "lib").glob("python*/site-packages")
        return found

    def optin(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`optin ARGUMENTS` with an empty home, outside the repository."""
        home = {"OPTIN_HOME": str(self.folder / "home"), "PATH": str(self.folder / "bin"), "COLUMNS": "200"}
        return _run((self.folder / "bin" / "optin", *arguments), cwd=self.folder, environment=home)

    def imports(self, name: str) -> bool:
        """Whether a module can be imported there."""
        return _run((self.python, "-c", f"import {name}"), cwd=self.folder, environment={}).returncode == 0


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    built = _run((sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder), cwd=ROOT)
    assert built.returncode == 0, built.stderr
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def whole(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Bare:
    """With every extra."""
    return _installed(tmp_path_factory.mktemp("whole"), f"optin[all] @ {wheel.as_uri()}")


@pytest.fixture(scope="module")
def base(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Bare:
    """Without extras, as an export host has it."""
    return _installed(tmp_path_factory.mktemp("base"), f"optin @ {wheel.as_uri()}")


@pytest.mark.parametrize("name", ["whole", "base"])
def test_the_requirements_agree_with_each_other(request: pytest.FixtureRequest, name: str) -> None:
    bare: Bare = request.getfixturevalue(name)
    checked = _run((UV, "pip", "check", "--python", bare.python), cwd=bare.folder)
    assert checked.returncode == 0, checked.stderr


def test_exactly_one_distribution_provides_cv2(whole: Bare) -> None:
    assert len(_owners(whole, "cv2")) == 1


def test_the_doctor_finds_nothing_broken(whole: Bare) -> None:
    ran = whole.optin("doctor", "--json")
    assert ran.returncode == 0, ran.stderr
    found = {finding["what"]: finding["health"] for finding in json.loads(ran.stdout)}
    assert found["installed files"] == found["reader of screens"] == found["lexicon"] == "good"
    assert {health for what, health in found.items() if what.startswith("extra ")} == {"good"}


def test_it_says_its_version(whole: Bare) -> None:
    assert whole.optin("--version").stdout == f"optin {metadata.version('optin')}\n"


def test_files_that_the_code_reads_are_in_the_wheel(whole: Bare) -> None:
    data = {path.relative_to(ROOT) for package in PACKAGES for path in (ROOT / package).rglob("*") if _is_data(path)}
    assert data
    assert [path for path in data if not (whole.site / path).is_file()] == []


def test_neither_tests_nor_tools_are_in_the_wheel(whole: Bare) -> None:
    entries = (whole.site / f"optin-{metadata.version('optin')}.dist-info" / "RECORD").read_text(encoding="utf-8")
    tops = {line.split("/")[0] for line in entries.splitlines() if not line.startswith(("..", "optin-"))}
    assert tops == PACKAGES


def test_a_changed_file_is_found_by_the_doctor(wheel: Path, tmp_path: Path) -> None:
    bare = _installed(tmp_path, f"optin @ {wheel.as_uri()}")
    path = bare.site / "export" / "gate.py"
    text = path.read_text(encoding="utf-8")
    path.unlink()  # it may be shared with the installer's cache, which is to stay as it is
    path.write_text(f"{text}\n", encoding="utf-8")
    ran = bare.optin("doctor")
    assert ran.returncode == 5
    assert "export/gate.py" in ran.stdout
    assert "installed files" in ran.stderr


@pytest.mark.parametrize("name", ["pynput", "mss", "tesserocr", "cv2", "numpy", "starlette", "ray", "s3fs"])
def test_an_export_host_has_no_input_hook_no_reader_and_no_server(base: Bare, name: str) -> None:
    assert not base.imports(name)


@pytest.mark.parametrize("name", ["export.dataset", "export.gate", "export.table", "optin.exporter"])
def test_an_export_host_can_export(base: Bare, name: str) -> None:
    assert base.imports(name)


def test_an_export_host_answers_to_help_and_to_the_doctor(base: Bare) -> None:
    assert base.optin("export", "--help").returncode == 0
    ran = base.optin("doctor", "--json")
    assert ran.returncode == 0, ran.stderr
    health = {finding["what"]: finding["health"] for finding in json.loads(ran.stdout)}
    assert health["extra capture"] == health["extra redaction"] == "note"


@pytest.mark.parametrize(
    ("arguments", "extra"), [(("record",), "optin[capture]"), (("scrub", "a.txt", "--out", "out"), "optin[all]")]
)
def test_a_command_whose_parts_are_not_there_names_what_to_install(
    base: Bare, arguments: tuple[str, ...], extra: str
) -> None:
    ran = base.optin(*arguments)
    assert (ran.returncode, ran.stdout) == (5, "")
    assert ran.stderr.startswith("optin: ")
    assert extra in ran.stderr


@pytest.mark.parametrize("name", sorted(PACKAGES))
def test_no_dependency_ships_one_of_our_names(whole: Bare, name: str) -> None:
    assert len(_owners(whole, name)) == 1
    assert set(metadata.packages_distributions().get(name, ())) <= {"optin"}


def _installed(folder: Path, requirement: str) -> Bare:
    """A bare environment with the locked versions; what the installer has kept is not fetched again."""
    bare = Bare(folder / "environment")
    assert _run((UV, "venv", "-q", "--python", sys.executable, bare.folder), cwd=folder).returncode == 0
    constraints = folder / "constraints.txt"
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    constraints.write_text("\n".join(re.findall(r"^[\w.\[\]-]+==[^\\\n]+", lock, re.MULTILINE)), encoding="utf-8")
    install = (UV, "pip", "install", "-q", "--python", bare.python, "-c", constraints, requirement)
    if _run((*install, "--offline"), cwd=folder).returncode != 0:
        fetched = _run(install, cwd=folder)
        assert fetched.returncode == 0, fetched.stderr
    return bare


def _owners(bare: Bare, name: str) -> list[str]:
    """The distributions that installed a top-level name."""
    records = (path.read_text(encoding="utf-8") for path in sorted(bare.site.glob("*.dist-info/RECORD")))
    return [record for record in records if re.search(rf"^{name}/", record, re.MULTILINE)]


def _is_data(path: Path) -> bool:
    return path.is_file() and path.suffix not in {".py", ".pyc"}


def _run(
    arguments: Sequence[str | Path], *, cwd: Path, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in arguments], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
