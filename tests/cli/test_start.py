"""Commands answer at once: nothing heavy is imported for a look, nothing is done by an import, a bug shows no value."""

from __future__ import annotations

import json
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Final

import pytest
import typer

from optin.cli import app
from tests.cli.office import Office

PACKAGES: Final = ("optin", "export", "review", "redaction", "capture", "consent", "vault")
HEAVY: Final = (
    "numpy",
    "PIL",
    "cv2",
    "pyarrow",
    "tesserocr",
    "pynput",
    "mss",
    "presidio_analyzer",
    "rich",
    "ray",
    "s3fs",
)
NEEDS_A_SCREEN: Final = frozenset({"capture.sources.pynput_child", "optin.tray_x11"})
SECRET: Final = "Okonkwo 219-09-9999"

_LOADED: Final = """
import json, sys
from optin.cli import main
sys.argv = ["optin", *sys.argv[1:]]
try:
    main()
except SystemExit as end:
    print("\\0" + json.dumps([end.code, sorted({name.split(".")[0] for name in sys.modules})]))
"""

# An event counts when our own module's body is met before the import machinery, going outwards: that an import reads
# source files is no work of ours, and what a library does while it is imported itself is not either.
_WATCHED: Final = """
import importlib, json, sys
OURS = tuple(sys.argv[2].split(","))
EVENTS = {"open", "socket.__new__", "socket.connect", "subprocess.Popen", "os.mkdir", "os.scandir", "os.listdir",
          "_thread.start_new_thread", "os.fork", "os.exec"}
seen = []
def watch(event, arguments):
    if event not in EVENTS:
        return
    frame = sys._getframe(1)
    while frame is not None:
        name = frame.f_globals.get("__name__", "")
        if name.startswith("importlib._bootstrap"):
            return
        if frame.f_code.co_name == "<module>" and name.split(".")[0] in OURS:
            seen.append([name, event])
            return
        frame = frame.f_back
sys.addaudithook(watch)
for module in json.loads(sys.argv[1]):
    importlib.import_module(module)
print(json.dumps(seen))
"""


def modules() -> Iterator[str]:
    """Every module of the seven packages that may be imported without starting something."""
    for package in PACKAGES:
        yield package
        found = pkgutil.walk_packages(import_module(package).__path__, f"{package}.")
        yield from (module.name for module in found if module.name not in NEEDS_A_SCREEN | {"optin.__main__"})


def run_code(code: str, *arguments: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Runs Python code in a process of its own."""
    return subprocess.run(
        (sys.executable, "-c", code, *arguments), env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    "argument", [("status",), ("status", "--json"), ("--help",), ("--version",), ("consent", "show")]
)
def test_a_look_imports_nothing_heavy(plain: dict[str, str], tmp_path: Path, argument: tuple[str, ...]) -> None:
    ran = run_code(_LOADED, *argument, environment={**plain, "OPTIN_HOME": str(tmp_path / "home")})
    code, loaded = json.loads(ran.stdout.split("\0")[-1])
    assert code == 0, ran.stderr
    assert set(loaded).isdisjoint(HEAVY)


def test_status_of_a_home_in_use_imports_nothing_heavy(opted_in: Office) -> None:
    ran = run_code(_LOADED, "status", environment={**opted_in.environment, "OPTIN_HOME": str(opted_in.home)})
    assert set(json.loads(ran.stdout.split("\0")[-1])[1]).isdisjoint(HEAVY)


def test_a_look_leaves_no_folder_behind(plain: dict[str, str], tmp_path: Path) -> None:
    Office(tmp_path, plain).run("status", passphrase=None)
    assert list(tmp_path.iterdir()) == []


def test_every_command_says_what_it_is_for() -> None:
    silent = [path for path, command in _commands("optin", typer.main.get_command(app)) if not command.help]
    assert silent == []


def test_every_command_answers_to_help(plain: dict[str, str], tmp_path: Path) -> None:
    office = Office(tmp_path, plain)
    for name in ("export", "review", "record"):
        ran = office.run(name, "--help", passphrase=None)
        assert (ran.code, ran.err) == (0, "")
        assert "Usage: " in ran.out


def test_no_import_opens_a_file_or_a_socket_or_starts_anything(plain: dict[str, str]) -> None:
    found = list(modules())
    assert len(found) > 80
    ran = run_code(_WATCHED, json.dumps(found), ",".join(PACKAGES), environment=plain)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == []


def test_the_watch_sees_a_module_that_reads_a_file_on_import(plain: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "careless.py").write_text("from pathlib import Path\nPath(__file__).read_text()\n", encoding="utf-8")
    ran = run_code(_WATCHED, '["careless"]', "careless", environment={**plain, "PYTHONPATH": str(tmp_path)})
    assert json.loads(ran.stdout) == [["careless", "open"]]


@pytest.mark.parametrize(
    "bug",
    [f"{{}}[{SECRET!r}]", f"int({SECRET!r})", f"(_ for _ in ()).throw(RuntimeError({SECRET!r}))"],
    ids=["a missing key", "a wrong value", "an error with a text"],
)
def test_a_bug_ends_with_one_and_a_trace_without_values(plain: dict[str, str], bug: str) -> None:
    ran = run_code(f"from optin.failures import run\nrun(lambda: {bug})", environment=plain)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "this is a bug" in ran.stderr
    assert "failures.py:" in ran.stderr
    assert SECRET not in ran.stderr


def test_a_thread_that_fails_tells_where_and_nothing_that_it_held(plain: dict[str, str]) -> None:
    code = (
        "import threading\nfrom optin.failures import run\n"
        f"def fail(): raise RuntimeError({SECRET!r})\n"
        "def work():\n thread = threading.Thread(target=fail)\n thread.start()\n thread.join()\nrun(work)"
    )
    ran = run_code(code, environment=plain)
    assert "this is a bug (RuntimeError)" in ran.stderr
    assert SECRET not in ran.stdout + ran.stderr


def test_a_destructor_that_fails_tells_where_and_nothing_that_it_held(plain: dict[str, str]) -> None:
    code = (
        "from optin.failures import run\n"
        f"class Held:\n def __del__(self): raise RuntimeError({SECRET!r})\n"
        "def work():\n Held()\nrun(work)"
    )
    ran = run_code(code, environment=plain)
    assert "this is a bug (RuntimeError)" in ran.stderr
    assert SECRET not in ran.stdout + ran.stderr


def test_a_command_that_chooses_its_own_exit_code_is_no_bug(plain: dict[str, str]) -> None:
    code = "import typer\nfrom optin.failures import run\ndef end(): raise typer.Exit(7)\n"
    ran = run_code(f"{code}app = typer.Typer()\n@app.command()\ndef main(): run(end)\napp()", environment=plain)
    assert (ran.returncode, ran.stderr) == (7, "")


def test_an_interrupt_says_that_it_stopped(plain: dict[str, str]) -> None:
    code = "from optin.failures import run\ndef end(): raise KeyboardInterrupt\nrun(end)"
    ran = run_code(code, environment=plain)
    assert (ran.returncode, ran.stderr) == (130, "optin: stopped\n")


def test_an_error_of_the_system_is_said_without_its_path(plain: dict[str, str]) -> None:
    code = f"from optin.failures import run\nrun(lambda: open('/nowhere/{SECRET}'))"
    ran = run_code(code, environment=plain)
    assert (ran.returncode, ran.stderr) == (4, "optin: the system refused: No such file or directory\n")


def _commands(path: str, command: object) -> Iterator[tuple[str, typer.core.TyperCommand]]:
    for name, child in getattr(command, "commands", {}).items():
        yield f"{path} {name}", child
        yield from _commands(f"{path} {name}", child)
