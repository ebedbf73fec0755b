"""`optin demo` once, all the way: secrets were on the screen, and none of them is in anything that was made.

The tests read what the run left: the numbers that it printed, the data set, the report, the home and the processes.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from PIL import Image

from export.dataset import verify_dataset
from optin.demo.command import CONTROL_PERCENT, SEED
from optin.demo.needles import encodings
from optin.demo.planted import plant
from tests.cli.office import Office

pytestmark = pytest.mark.timeout(600)


@dataclass(frozen=True, slots=True)
class Demo:
    """How the run ended, and what it left."""

    code: int
    err: str
    facts: dict[str, Any]
    folder: Path
    tmp: Path
    episode: dict[str, Any]

    @property
    def actions(self) -> list[dict[str, Any]]:
        """The steps in which the person did something."""
        return [step for step in self.episode["steps"] if step["action_type"] != "done"]

    @property
    def files(self) -> Iterator[Path]:
        return (path for path in self.folder.rglob("*") if path.is_file())


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, plain: dict[str, str]) -> Demo:
    folder, tmp = tmp_path_factory.mktemp("demo") / "out", tmp_path_factory.mktemp("demo-tmp")
    arguments = (sys.executable, "-m", "optin", "demo", "--out", str(folder), "--json")
    environment = {**plain, "TMPDIR": str(tmp)}
    ran = subprocess.run(
        arguments, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=580
    )
    assert ran.stdout, ran.stderr
    (parquet,) = (folder / "dataset" / "data").iterdir()
    (episode,) = pq.read_table(parquet).to_pylist()
    return Demo(ran.returncode, ran.stderr, json.loads(ran.stdout), folder, tmp, episode)


def test_it_passes(demo: Demo) -> None:
    assert (demo.code, demo.facts["faults"]) == (0, []), demo.err


def test_secrets_of_allowed_pages_were_captured(demo: Demo) -> None:
    assert demo.facts["captured"]["allowed_pages"] > 20


def test_no_secret_of_another_page_and_no_password_was_captured(demo: Demo) -> None:
    assert demo.facts["shown"]["not_allowed"] > 20
    assert demo.facts["captured"]["not_allowed"] == 0


def test_every_secret_that_was_captured_is_masked(demo: Demo) -> None:
    assert demo.facts["found_afterwards"] == {"allowed_pages": 0, "not_allowed": 0}


def test_the_same_finder_finds_the_secrets_in_the_frames_unredacted(demo: Demo) -> None:
    assert demo.facts["control_percent"] >= CONTROL_PERCENT


def test_no_planted_value_stands_in_any_file_as_it_is(demo: Demo) -> None:
    forms = [form for value in plant(SEED) for form in encodings(value.value)]
    held = {path.name for path in demo.files for data in (path.read_bytes().lower(),) if any(f in data for f in forms)}
    assert held == set()


def test_words_of_the_interface_are_kept(demo: Demo) -> None:
    assert demo.facts["interface_phrases_kept"] > 100


def test_the_data_set_opens_with_datasets(demo: Demo, plain: dict[str, str]) -> None:
    code = (
        "import json, sys, datasets; "
        "rows = datasets.load_dataset('parquet', data_dir=sys.argv[1], split='train', cache_dir=sys.argv[2]); "
        "print(json.dumps([rows.num_rows, len(rows[0]['images']), rows[0]['images'][0].size, len(rows[0]['steps'])]))"
    )
    cache = demo.tmp.parent / "datasets"
    offline = {**plain, "HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HOME": str(cache), "HF_HOME": str(cache)}
    arguments = (sys.executable, "-c", code, str(demo.folder / "dataset" / "data"), str(cache))
    ran = subprocess.run(arguments, env=offline, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    episode = demo.episode
    assert json.loads(ran.stdout) == [1, len(episode["images"]), [1280, 800], len(episode["steps"])]


def test_each_action_has_a_frame_from_before_it_unless_that_was_classified(demo: Demo) -> None:
    shown = [step for step in demo.actions if step["image_index"] is not None]
    assert len(shown) > 0.9 * len(demo.actions)
    for step in shown:
        frame = demo.episode["frames"][step["image_index"]]
        assert frame["t_ms"] <= step["t_ms"]
        assert step["frame_age_ms"] >= 0


def test_each_image_decodes_at_the_size_that_its_frame_names(demo: Demo) -> None:
    assert len(demo.episode["images"]) == len(demo.episode["frames"]) > 20
    for image, frame in zip(demo.episode["images"], demo.episode["frames"], strict=True):
        with Image.open(io.BytesIO(image["bytes"])) as decoded:
            decoded.load()
            assert decoded.size == (frame["width"], frame["height"])


def test_a_choice_in_a_menu_can_be_read_off_the_steps(demo: Demo) -> None:
    assert ["Edit", "Select All"] in demo.facts["menu_choices"]
    chosen = {(step["action_type"], step["target_role"], step["target_name"]) for step in demo.actions}
    assert ("click", "menu item", "Select All") in chosen


def test_a_shortcut_can_be_read_off_the_steps(demo: Demo) -> None:
    assert "ctrl+s" in demo.facts["shortcuts"]
    keys = [step["keys"] for step in demo.actions if step["action_type"] == "hotkey"]
    assert ["ctrl", "s"] in keys


def test_the_place_of_a_click_lies_in_its_widget(demo: Demo) -> None:
    placed = [step for step in demo.actions if step["x"] is not None and step["target_box"]]
    assert placed
    for step in placed:
        box = step["target_box"]
        assert box["x"] <= step["x"] <= box["x"] + box["width"]
        assert box["y"] <= step["y"] <= box["y"] + box["height"]


def test_what_was_typed_became_placeholders(demo: Demo) -> None:
    texts = [step["text"] for step in demo.actions if step["action_type"] == "type"]
    assert texts
    assert all(re.fullmatch(r"(<[A-Z_0-9]+>\s*)+", text) for text in texts)


def test_the_report_needs_nothing_from_elsewhere(demo: Demo) -> None:
    page = Path(demo.facts["report"]).read_text(encoding="utf-8")
    assert "default-src 'none'" in page
    assert not re.search(r"https?:|<img|<script|<link|<iframe|@import|url\(", page)


def test_the_data_set_is_intact(demo: Demo, plain: dict[str, str]) -> None:
    ran = Office(demo.tmp.parent, plain).run("export", "verify", demo.facts["dataset"], "--json", passphrase=None)
    assert ran.code == 0, ran.err
    assert ran.json["files"] == len(verify_dataset(demo.folder / "dataset").manifest.files)


@pytest.mark.parametrize("name", ["README.md", "manifest.json", "data/train-00000-of-00001.parquet"])
def test_one_changed_byte_of_the_data_set_is_found(
    demo: Demo, plain: dict[str, str], tmp_path: Path, name: str
) -> None:
    shutil.copytree(demo.folder / "dataset", tmp_path / "dataset")
    path = tmp_path / "dataset" / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    ran = Office(tmp_path, plain).run("export", "verify", str(tmp_path / "dataset"), passphrase=None)
    assert (ran.code, ran.out) == (4, "")


def test_everything_is_for_its_owner_only(demo: Demo) -> None:
    for path in (demo.folder, *demo.folder.rglob("*")):
        expected = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == expected, path.name


def test_no_temporary_file_is_left(demo: Demo) -> None:
    assert list(demo.tmp.iterdir()) == []
    assert list((demo.folder / "tmp").iterdir()) == []


def test_no_process_is_left(demo: Demo) -> None:
    places = (os.fsencode(demo.tmp), os.fsencode(demo.folder))
    assert not [pid for pid in _processes() if any(place in _facts_of(pid) for place in places)]


def _processes() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _facts_of(pid: int) -> bytes:
    """A process's arguments and environment; nothing for one that has ended or belongs to somebody else."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes() + Path(f"/proc/{pid}/environ").read_bytes()
    except (FileNotFoundError, PermissionError, ProcessLookupError):
        return b""
