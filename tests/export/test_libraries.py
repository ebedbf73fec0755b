"""The data set opens in the Hugging Face `datasets` library, offline, as images and steps that a trainer can use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from export.card import CardFacts, card
from export.dataset import write_dataset
from export.table import schema
from tests.world import HEIGHT, NOW_MS, SESSION, WIDTH, signing, world

if TYPE_CHECKING:
    from datasets import Dataset


def silent(_done: int, _all: int) -> None:
    return None


@pytest.fixture(scope="module")
def datasets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """The library, kept from the network and with its cache in a temporary folder."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("HF_HUB_OFFLINE", "1")
        environment.setenv("HF_HUB_DISABLE_TELEMETRY", "1")
        environment.setenv("HF_HOME", str(tmp_path_factory.mktemp("hf")))
        import datasets

        datasets.disable_progress_bars()
        yield datasets


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data set of two episodes."""
    bundles = (world().admitted(), world(session="ab" * 16).admitted())
    to = tmp_path_factory.mktemp("export") / "set"
    return write_dataset(bundles, to, exporter=signing("exporter"), now_ms=NOW_MS, progress=silent).folder


@pytest.fixture(scope="module")
def loaded(datasets: ModuleType, folder: Path) -> Dataset:
    """The training split, loaded by the name of the folder only."""
    return datasets.load_dataset(str(folder), split="train")


def test_the_card_names_the_files_so_the_folder_is_enough(loaded: Dataset) -> None:
    assert loaded.num_rows == 2


def test_its_features_are_the_ones_that_the_library_would_write(datasets: ModuleType, loaded: Dataset) -> None:
    assert loaded.features.arrow_schema.equals(schema())
    assert loaded.features == datasets.Features.from_arrow_schema(schema())


def test_images_decode(loaded: Dataset) -> None:
    image = loaded[0]["images"][0]
    assert image.size == (WIDTH, HEIGHT)
    assert image.convert("RGB").getpixel((5, 5)) == (250, 250, 250)


def test_each_step_gives_its_image_and_its_code(loaded: Dataset) -> None:
    row = next(row for row in loaded if row["episode_id"] == SESSION)
    step = row["steps"][0]
    assert row["images"][step["image_index"]].size == (WIDTH, HEIGHT)
    assert step["code"] == "pyautogui.click(x=0.0781, y=0.1250)"
    assert (step["target_role"], step["target_name"]) == ("push button", "Save")


def test_it_streams(datasets: ModuleType, folder: Path) -> None:
    stream = datasets.load_dataset(str(folder), split="train", streaming=True)
    assert {row["episode_id"] for row in stream} == {SESSION, "ab" * 16}


def test_the_card_holds_numbers_and_no_instruction() -> None:
    text = card(CardFacts(episodes=2, steps=12, images=4, purposes=("agent training",), solo=False, key_id="ab" * 8))
    assert "2 episodes, 12 steps and 4 images" in text
    assert "For: agent training." in text
    assert "Made for trying out" not in text


def test_the_card_describes_every_column() -> None:
    text = card(CardFacts(episodes=0, steps=0, images=0, purposes=(), solo=False, key_id=""))
    steps: Any = schema().field("steps").type
    names = [*schema().names, *(field.name for field in steps.value_type)]
    assert [name for name in names if f"`{name}`" not in text] == []
