"""What README and docs claim is so: commands, columns, constants, packages and links are those of the code.

Nothing is repeated here that the code says; each test reads a page, asks the code, and compares.
"""

from __future__ import annotations

import importlib
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import reduce
from itertools import chain
from pathlib import Path
from struct import Struct
from typing import Any, Final, get_args

import msgspec
import pyarrow as pa
import pytest
import typer

from capture.batch import padded_size
from capture.events import RawEvent
from capture.segment import FRAME_MAGIC, MAGIC, SegmentHead
from consent.documents import Source
from export.dataset import write_dataset
from export.table import schema
from optin.cli import DEFAULT_SECONDS, app
from optin.demo.command import CONTROL_PERCENT
from optin.failures import BUG, EXIT_CODES, INTERRUPTED
from optin.home import PASSPHRASE_FD, AllowRule, Home
from optin.record import MAX_PLAN
from optin.setup import grant, init, solo_lease
from tests.world import NOW_MS, signing, world
from vault.keys import OpeningKey

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md")))
DECISIONS: Final = tuple(sorted((ROOT / "docs" / "decisions").glob("*.md")))
PROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SPARE: Final = frozenset({".git", ".venv", ".hypothesis", "dist", "build"})
# The classes of one letter keep these patterns from matching themselves.
FOREIGN: Final = re.compile(r"(?<!\w)/(?:roo[t]|wor[k])/|py[p]i\.org|python[h]osted")


def name_of(path: Path) -> str:
    """Where a file lies in the repository, for the names of tests."""
    return path.relative_to(ROOT).as_posix()


def page(name: str) -> str:
    """The text of a page."""
    return (ROOT / name).read_text(encoding="utf-8")


def section(text: str, title: str) -> str:
    """What stands below a heading, up to the next one of any level."""
    return re.split(r"^#+ .*$", text.split(f"# {title}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


def rows(text: str) -> tuple[tuple[str, ...], ...]:
    """The cells of all tables in a text, without heads and rulers."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    cells = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines]
    rulers = {number for number, line in enumerate(lines) if set(line) <= set("|-: ")}
    return tuple(row for number, row in enumerate(cells) if not {number, number + 1} & rulers)


def blocks(text: str, language: str) -> tuple[str, ...]:
    """The code blocks of a language."""
    return tuple(re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL))


def leaves(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:  # noqa: ANN401  # typer hides its type
    """Every command that does something, by its words."""
    groups = getattr(command, "commands", None)
    if groups is None:
        yield " ".join(path), command
    else:
        for name, below in groups.items():
            yield from leaves(below, (*path, name))


COMMANDS: Final = dict(leaves(typer.main.get_command(app)))


def parsed(words: list[str]) -> str:
    """The command that a command line calls, once all its arguments were parsed; nothing is run."""
    name = next((name for name in (" ".join(words[:2]), words[0]) if name in COMMANDS), None)
    if name is None:
        raise LookupError(f"there is no command '{' '.join(words[:2])}'")
    COMMANDS[name].make_context(name, words[name.count(" ") + 1 :])
    return name


def command_lines() -> Iterator[str]:
    """The `optin` command lines in the code blocks of all pages."""
    for path in PAGES:
        for block in blocks(path.read_text(encoding="utf-8"), "sh"):
            for line in block.splitlines():
                words = shlex.split(line, comments=True)
                parts = " ".join(words).split(" && ") if words else []
                yield from (part for part in parts if part.startswith("optin "))


def named(dotted: str) -> Any:  # noqa: ANN401  # a name may name anything
    """The value that a dotted name names, for example `capture.segment.MAGIC`."""
    package, module, *names = dotted.split(".")
    return reduce(getattr, names, importlib.import_module(f"{package}.{module}"))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_stands_in_the_readme(name: str) -> None:
    assert f"`optin {name}`" in page("README.md")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str) -> None:
    assert COMMANDS[name].help


@pytest.mark.parametrize("line", sorted(set(command_lines())))
def test_every_command_line_in_a_page_is_one_that_optin_takes(line: str) -> None:
    assert parsed(shlex.split(line)[1:])


@pytest.mark.parametrize("line", ["record --loudly", "export run", "remember"])
def test_a_wrong_command_line_would_be_found(line: str) -> None:
    with pytest.raises(Exception, match=r"No such option|Missing|no command"):
        parsed(line.split())


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_no_page_names_a_command_that_is_not_there(path: Path) -> None:
    called = re.findall(r"`optin ([a-z][a-z -]*)", path.read_text(encoding="utf-8"))
    first = {name.split()[0] for name in COMMANDS}
    assert [words for words in called if words.split()[0] not in first] == []


def test_what_the_readme_says_is_not_there_is_not() -> None:
    words = set(re.findall(r"`([a-z]+)`", section(page("README.md"), "What is not there yet")))
    assert len(words) > 5
    assert words & set(COMMANDS) == set()


def test_the_exit_codes_are_those_of_the_program() -> None:
    told = {int(code): meaning for code, meaning in rows(section(page("README.md"), "Commands")) if code.isdigit()}
    assert set(told) == {0, 2, BUG, INTERRUPTED, *(code for _, code in EXIT_CODES)}
    assert [told[code].split()[0].strip(":") for _, code in EXIT_CODES] == ["refused", "bad", "a"]


def test_the_times_and_shares_in_the_readme_are_those_of_the_program() -> None:
    text = " ".join(page("README.md").split())
    assert f"at least {CONTROL_PERCENT} % of those" in text
    assert f"{DEFAULT_SECONDS // 60} minutes unless `--seconds` says otherwise" in text
    assert f"`{PASSPHRASE_FD}`" in text


def test_the_sources_to_tick_are_those_of_the_consent() -> None:
    assert f"{', '.join(source.value for source in Source)}.".replace(", widgets", " and widgets") in page("README.md")


def test_the_system_packages_in_the_readme_are_those_of_the_makefile() -> None:
    told = re.search(r"Debian's\):\n\n((?: {4}.*\n)+)", page("README.md"))
    made = re.search(r"^SYSTEM_PACKAGES = ((?:.*\\\n)*.*)$", page("Makefile"), flags=re.MULTILINE)
    assert told is not None
    assert made is not None
    assert sorted(told[1].split()) == sorted(made[1].replace("\\\n", " ").split())


def test_the_make_targets_that_pages_name_are_there() -> None:
    targets = set(re.findall(r"^([a-z]+):", page("Makefile"), flags=re.MULTILINE))
    called = {
        name for path in PAGES for name in re.findall(r"(?:^|`)make ([a-z]+)", path.read_text("utf-8"), re.MULTILINE)
    }
    assert called - targets == set()


def test_the_extras_in_the_readme_are_those_of_the_package() -> None:
    told = {row[0].strip("`") for row in rows(section(page("README.md"), "Installing"))}
    assert told == {"(none)", *PROJECT["project"]["optional-dependencies"]}


def test_the_wheel_and_the_python_in_the_readme_are_those_of_the_package() -> None:
    project = PROJECT["project"]
    assert f"optin-{project['version']}-py3-none-any.whl" in page("README.md")
    assert f"Python must be {project['requires-python'].removeprefix('>=')} or newer" in page("README.md")


def test_review_and_export_load_nothing_of_the_extras() -> None:
    extras = {"pynput", "mss", "Xlib", "jeepney", "cv2", "tesserocr", "zstandard", "capture"}
    program = f"import sys, optin.cli, optin.officer, optin.exporter; print({extras!r} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "set()"


def test_every_dependency_stands_among_the_parts() -> None:
    project = PROJECT["project"]
    extras = [names for extra, names in project["optional-dependencies"].items() if extra not in {"dev", "all"}]
    wanted = {re.split(r"[<>=\[; ]", name)[0] for name in (*project["dependencies"], *chain.from_iterable(extras))}
    assert [name for name in sorted(wanted) if f"`{name}`" not in page("docs/parts.md")] == []


def test_the_tests_that_hold_the_promises_are_there() -> None:
    promises = rows(section(page("docs/threat-model.md"), "Promises"))
    held_by = [name for row in promises for name in re.findall(r"`(tests/[\w/.]+)`", row[-1])]
    assert len(held_by) >= len(promises) > 10
    assert [name for name in held_by if not (ROOT / name).exists()] == []


def test_the_layers_are_those_that_are_checked() -> None:
    layers = re.search(r"^layers =\n((?: {4}\w+\n)+)", page(".importlinter"), flags=re.MULTILINE)
    assert layers is not None
    order = f"`{' > '.join(layers[1].split())}`"
    assert order in page("docs/architecture.md")
    assert order in page("CONTRIBUTING.md")


def test_the_makers_of_each_type_are_there() -> None:
    stages = rows(section(page("docs/architecture.md"), "Stages and types"))
    makers = [name for row in stages for name in re.findall(r"`([\w.]+)`", row[-1])]
    assert len(makers) == 9
    assert all(callable(named(maker)) for maker in makers)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A solo home with consent, an allowed program and a lease."""
    reading, writing = os.pipe()
    os.write(writing, b"a passphrase of the test\n")
    os.close(writing)
    monkeypatch.setenv(PASSPHRASE_FD, str(reading))
    made = Home(tmp_path / "home")
    init(made, solo=True)
    grant(made, purposes=("agent-training",), sources=tuple(Source))
    made.allow(AllowRule(kind="app", pattern="mousepad"))
    solo_lease(made, made.policy())
    return made


def test_every_file_and_key_of_a_home_is_described(home: Home) -> None:
    text = page("docs/architecture.md")
    told = {row[0].strip("`").split("/")[0] for row in rows(section(text, "Files under OPTIN_HOME"))}
    assert {path.name for path in home.root.iterdir()} - told == set()
    keys = {name for row in rows(section(text, "Keys")) for name in re.findall(r"`([\w-]+)`", row[0])}
    assert set(home.keys.names()) == keys


def test_the_constants_of_the_format_are_those_of_the_code() -> None:
    told = {row[0].strip("`"): int(row[1]) for row in rows(section(page("docs/format.md"), "Limits"))}
    values = {name: named(name) for name in told}
    assert told == {name: value.size if isinstance(value, Struct) else value for name, value in values.items()}
    assert len(told) > 10


def test_the_first_bytes_in_the_format_are_those_of_the_code() -> None:
    told = {row[0]: row[2].strip("`") for row in rows(section(page("docs/format.md"), "Layout"))}
    assert (told["MAGIC"], told["FRAME_MAGIC"]) == (MAGIC.hex(" "), FRAME_MAGIC.hex(" "))


def test_the_head_in_the_format_has_the_fields_of_the_code() -> None:
    told = [name for row in rows(section(page("docs/format.md"), "Head")) for name in re.findall(r"`(\w+)`", row[0])]
    assert sorted(told) == sorted(msgspec.structs.asdict(_head()))


def _head() -> SegmentHead:
    kinds = {field.name: 0 if field.type is int else "" for field in msgspec.structs.fields(SegmentHead)}
    return msgspec.convert(kinds, SegmentHead)


def test_the_words_that_bind_keys_and_signatures_are_those_of_the_code() -> None:
    words = re.compile(r'"(optin/1 [a-z ]+?) ?"')
    code = page("capture/segment.py") + page("capture/batch.py")
    assert set(words.findall(page("docs/format.md"))) == set(words.findall(code))


def test_the_padding_in_the_format_is_that_of_the_code() -> None:
    told = {int(before): int(after) for before, after in rows(section(page("docs/format.md"), "Plaintext"))}
    assert told == {before: padded_size(before) for before in told}


def test_the_kinds_of_event_in_the_format_are_those_of_the_code() -> None:
    told = " ".join(row[0] for row in rows(section(page("docs/format.md"), "Record")))
    assert re.findall(r"`(\w+)`", told) == [kind.__name__ for kind in get_args(RawEvent)]


def test_a_key_file_is_as_long_as_the_format_says() -> None:
    length = len(OpeningKey.generate().public.wrap(bytes(32), b""))
    assert f"It is {length} bytes long." in page("docs/format.md")


def test_the_longest_plan_is_the_one_that_the_decision_names() -> None:
    assert f"at most {MAX_PLAN // 1000} 000 bytes" in page("docs/decisions/0002-recorder-by-exec.md")


@pytest.mark.parametrize(
    ("title", "fields"),
    [
        ("Episode", ()),
        ("Frame", ("frames",)),
        ("Step", ("steps",)),
        ("Effect", ("steps", "ui_effects")),
        ("Gap", ("gaps",)),
    ],
)
def test_the_columns_of_the_data_set_are_those_of_the_schema(title: str, fields: tuple[str, ...]) -> None:
    table: Any = schema()
    for field in fields:
        table = table.field(field).type.value_type
    told = [(row[0].strip("`"), row[1]) for row in rows(section(page("docs/dataset.md"), title))]
    assert told == [(column.name, word_of(column.type)) for column in table]


def word_of(kind: pa.DataType) -> str:
    """How the page calls a type of Arrow."""
    if isinstance(kind, pa.ListType):
        return "list of image" if kind.equals(schema().field("images").type) else f"list of {word_of(kind.value_type)}"
    if isinstance(kind, pa.StructType):
        return "struct"
    return {"double": "float64"}.get(str(kind), str(kind))


@pytest.mark.parametrize("title", ["datasets", "pyarrow"])
def test_the_loading_example_runs(title: str, tmp_path: Path) -> None:
    done = write_dataset(
        (world().admitted(),), tmp_path / "set", exporter=signing("exporter"), now_ms=NOW_MS, progress=lambda *_: None
    )
    example = next(block for block in blocks(page("docs/dataset.md"), "python") if title in block)
    offline = {"HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "HF_HOME": str(tmp_path / "hf")}
    program = f"folder = {str(done.folder)!r}\n{example}"
    ran = subprocess.run(
        [sys.executable, "-c", program], env=os.environ | offline, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert ("click Save (640, 400)" if title == "datasets" else world().bundle.episode.session) in ran.stdout


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_every_link_leads_to_a_file(path: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", DECISIONS, ids=name_of)
def test_a_decision_tells_context_choice_and_cost_on_one_page(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"^## (\w+)", text, flags=re.MULTILINE) == ["Context", "Choice", "Cost"]
    assert len(text.splitlines()) <= 60


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_page_reads_well_as_plain_text(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if len(line) > 120 and not line.startswith("|")] == []


def test_no_file_names_an_index_of_packages_or_a_folder_of_a_machine() -> None:
    wanted = {".py", ".md", ".toml", ".lock", ".txt", ".html", ".js", ".css", ".cfg", ""}
    files = [path for path in ROOT.rglob("*") if path.suffix in wanted and path.is_file()]
    own = [
        path
        for path in files
        if not {part for part in path.relative_to(ROOT).parts if part in SPARE or "_cache" in part}
    ]
    assert len(own) > 100
    assert [str(path) for path in own if FOREIGN.search(path.read_text("utf-8", errors="ignore"))] == []


@pytest.mark.parametrize("path", sorted(ROOT.glob("requirements*.lock")), ids=name_of)
def test_a_lock_holds_digests_and_no_address(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    packages = re.findall(r"^\S+==.*\\\n {4}--hash=sha256:", text, flags=re.MULTILINE)
    assert len(packages) == len(re.findall(r"^\S+==", text, flags=re.MULTILINE)) > 0
    assert "://" not in text
