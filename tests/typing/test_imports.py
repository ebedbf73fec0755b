"""The import contracts hold for the tree as it is, and each is broken by the import that it forbids."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
PACKAGES: Final = ("optin", "export", "review", "redaction", "capture", "consent", "vault")


def lint(tree: Path) -> tuple[int, str]:
    """Exit code and output of `lint-imports` in this tree."""
    program = Path(sys.executable).with_name("lint-imports")
    ran = subprocess.run([program, "--no-cache"], cwd=tree, capture_output=True, text=True, check=False)
    return ran.returncode, ran.stdout


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the packages and the contracts."""
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            to = tmp_path / path.relative_to(ROOT)
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, to)
    shutil.copyfile(ROOT / ".importlinter", tmp_path / ".importlinter")
    return tmp_path


def test_the_tree_keeps_its_contracts() -> None:
    code, said = lint(ROOT)
    assert code == 0, said


def test_a_copy_of_the_tree_keeps_them_too(tree: Path) -> None:
    code, said = lint(tree)
    assert code == 0, said


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("export/gate.py", "import capture", "Export and review cannot reach capture"),
        ("review/approval.py", "from capture.queue import QueueReader", "Export and review cannot reach capture"),
        ("export/dataset.py", "from redaction.engine import redact", "Export and review cannot reach capture"),
        ("redaction/redacted.py", "from capture.events import Frame", "What review and export may hold"),
        ("redaction/engine.py", "from capture.queue import QueueReader", "Of redaction only intake opens the queue"),
        ("redaction/scrub.py", "import capture.opening", "Of redaction only intake opens the queue"),
        ("vault/files.py", "import consent", "Imports point down only"),
        ("capture/seal.py", "import redaction.redacted", "Imports point down only"),
    ],
)
def test_a_forbidden_import_breaks_its_contract(tree: Path, module: str, line: str, contract: str) -> None:
    path = tree / module
    path.write_text(path.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")
    code, said = lint(tree)
    assert code == 1
    assert any(shown.startswith(contract) and shown.endswith("BROKEN") for shown in said.splitlines())
