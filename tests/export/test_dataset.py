"""What is written can be read by others, is the same every time, stays private, and any change to it is found."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet as pq
import pytest
from PIL import Image

import optin
from export.dataset import Manifest, Written, key_id, shards, verify_dataset, write_dataset
from export.gate import ExportBundle
from export.table import schema
from tests.world import CANARY, HEIGHT, NOW_MS, SAVE, SESSION, WIDTH, signing, world
from vault.canonical import digest
from vault.errors import BadInput, NotMinted, Refused
from vault.signed import sign, verify

SHARD = "data/train-00000-of-00001.parquet"


def silent(_done: int, _all: int) -> None:
    return None


def admitted() -> tuple[ExportBundle, ...]:
    return world().admitted(), world(session="ab" * 16).admitted()


def written(
    to: str | Path, *, bundles: tuple[ExportBundle, ...] | None = None, now_ms: int = NOW_MS, key: str = "exporter"
) -> Written:
    """A data set in the folder `to`."""
    bundles = admitted() if bundles is None else bundles
    return write_dataset(bundles, to, exporter=signing(key), now_ms=now_ms, progress=silent)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below the folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def episode(folder: Path) -> dict[str, Any]:
    """The row of the first session."""
    rows: list[dict[str, Any]] = pq.read_table(folder / SHARD).to_pylist()
    return next(row for row in rows if row["episode_id"] == SESSION)


def test_it_has_these_files_and_no_others(tmp_path: Path) -> None:
    written(tmp_path / "set")
    assert set(contents(tmp_path / "set")) == {SHARD, "README.md", "manifest.json"}


def test_nobody_else_can_read_it(tmp_path: Path) -> None:
    folder = written(tmp_path / "set").folder
    modes = {path.stat().st_mode & 0o777 for path in folder.rglob("*") if path.is_file()}
    assert modes == {0o600}
    assert {(place.stat().st_mode & 0o777) for place in (folder, folder / "data")} == {0o700}


def test_nothing_is_written_outside_the_folder(tmp_path: Path) -> None:
    written(tmp_path / "set")
    assert [path.name for path in tmp_path.iterdir()] == ["set"]


def test_a_row_is_an_episode(tmp_path: Path) -> None:
    table = pq.read_table(written(tmp_path / "set").folder / SHARD)
    assert table.schema.equals(schema())
    assert table.schema.metadata[b"huggingface"] == (schema().metadata or {})[b"huggingface"]
    assert table.column("episode_id").to_pylist() == sorted([SESSION, "ab" * 16])


def test_every_step_has_its_image_action_role_and_name(tmp_path: Path) -> None:
    row = episode(written(tmp_path / "set").folder)
    click = row["steps"][0]
    assert (click["action_type"], click["x"], click["y"]) == ("click", SAVE.x + 10, SAVE.y + 10)
    assert (click["target_role"], click["target_name"]) == ("push button", "Save")
    assert click["target_box"] == {"x": SAVE.x, "y": SAVE.y, "width": SAVE.width, "height": SAVE.height}
    assert row["frames"][click["image_index"]]["t_ms"] < click["t_ms"]


def test_a_step_says_what_it_did_and_how_exact_its_image_is(tmp_path: Path) -> None:
    click = episode(written(tmp_path / "set").folder)["steps"][0]
    assert click["ui_effects"] == [
        {"effect": "popup_opened", "role": "dialog", "name": "Save"},
        {"effect": "selected", "role": "list item", "name": "<TEXT> <TAX>"},
    ]
    assert (click["frame_stale_ms"], click["image_index"], click["next_image_index"]) == (300, 0, 0)


def test_a_shortcut_has_the_command_and_the_menu_that_it_stands_for(tmp_path: Path) -> None:
    chord = episode(written(tmp_path / "set").folder)["steps"][1]
    assert (chord["keys"], chord["command_label"]) == (["ctrl", "s"], "Save")
    assert chord["command_menu"] == ["File", "<TEXT> <TAX>"]


def test_the_scale_of_each_monitor_is_there(tmp_path: Path) -> None:
    assert episode(written(tmp_path / "set").folder)["scale_percent"] == [125]


def test_the_image_of_a_step_is_the_one_before_it(tmp_path: Path) -> None:
    row = episode(written(tmp_path / "set").folder)
    seen = [row["frames"][step["image_index"]]["t_ms"] for step in row["steps"]]
    assert all(at <= step["t_ms"] for at, step in zip(seen, row["steps"], strict=True))
    assert seen == sorted(seen)


def test_images_are_lossless_webp_of_the_size_of_the_screen(tmp_path: Path) -> None:
    row = episode(written(tmp_path / "set").folder)
    image = Image.open(io.BytesIO(row["images"][0]["bytes"]))
    assert (image.format, image.size) == ("WEBP", (WIDTH, HEIGHT))
    assert b"VP8L" in row["images"][0]["bytes"][:32]
    assert row["frames"][0]["sha256"] == digest(row["images"][0]["bytes"])


def test_masks_stand_beside_their_image(tmp_path: Path) -> None:
    row = episode(written(tmp_path / "set").folder)
    image = Image.open(io.BytesIO(row["images"][0]["bytes"])).convert("RGB")
    for mask in row["frames"][0]["redactions"]:
        box = (mask["x"], mask["y"], mask["x"] + mask["width"], mask["y"] + mask["height"])
        assert len(image.crop(box).getcolors() or ()) == 1
    assert row["frames"][0]["redactions"]


def test_times_are_multiples_of_a_tenth_of_a_second(tmp_path: Path) -> None:
    row = episode(written(tmp_path / "set").folder)
    times = [row["duration_ms"], *(frame["t_ms"] for frame in row["frames"])]
    times += [step[name] for step in row["steps"] for name in ("t_ms", "frame_age_ms")]
    times += [gap[name] for gap in row["gaps"] for name in ("from_ms", "until_ms")]
    assert {at % 100 for at in times} == {0}


def test_gaps_say_what_was_not_captured(tmp_path: Path) -> None:
    row = episode(written(tmp_path / "set").folder)
    gap = {"reason": "not_allowed", "source": "screen", "from_ms": 10_000, "until_ms": 12_000, "count": 8}
    assert row["gaps"] == [gap]


def test_nothing_of_the_canary_is_in_any_file(tmp_path: Path) -> None:
    files = contents(written(tmp_path / "set").folder)
    row = json.dumps(episode(tmp_path / "set"), default=repr)
    for word in CANARY.split():
        assert not any(word.encode() in data for data in files.values())
        assert word not in row


def test_an_episode_names_what_it_rests_on(tmp_path: Path) -> None:
    row, a_world = episode(written(tmp_path / "set").folder), world()
    assert row["grant_digest"] == a_world.grant.digest
    assert row["bundle_digest"] == a_world.bundle.digest
    assert row["report_digest"] == a_world.bundle.manifest.document.report_digest
    assert row["approval_digests"] == [a_world.approvals[0].decision.digest]


def test_the_manifest_holds_every_file_and_a_receipt_for_every_episode(tmp_path: Path) -> None:
    folder = written(tmp_path / "set").folder
    manifest = verify((folder / "manifest.json").read_bytes(), Manifest, signing("exporter").public).document
    files = contents(folder)
    assert {file.name: (file.sha256, file.size) for file in manifest.files} == {
        name: (digest(data), len(data)) for name, data in files.items() if name != "manifest.json"
    }
    receipt = next(receipt for receipt in manifest.receipts if receipt.episode == SESSION)
    assert receipt.policy_digest == world().policy.digest
    assert receipt.redacted_by == world().reported.report.tool
    assert not manifest.solo


def test_the_manifest_names_the_version_that_wrote_it(tmp_path: Path) -> None:
    assert written(tmp_path / "set").manifest.tool == f"optin {optin.__version__}"


def test_the_same_bundles_make_the_same_bytes_in_any_order(tmp_path: Path) -> None:
    written(tmp_path / "one")
    written(tmp_path / "two", bundles=admitted()[::-1])
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_writing_again_changes_nothing_even_on_another_day(tmp_path: Path) -> None:
    first = written(tmp_path / "set")
    before = contents(tmp_path / "set")
    second = written(tmp_path / "set", now_ms=NOW_MS + 24 * 3600 * 1000)
    assert contents(tmp_path / "set") == before
    assert (first.was_there, second.was_there) == (False, True)
    assert second.manifest == first.manifest


def test_an_unfinished_data_set_is_finished_by_the_next_run(tmp_path: Path) -> None:
    whole = contents(written(tmp_path / "whole").folder)
    (written(tmp_path / "set").folder / "manifest.json").unlink()
    assert not written(tmp_path / "set").was_there
    assert contents(tmp_path / "set") == whole


def test_other_bundles_never_overwrite_a_data_set(tmp_path: Path) -> None:
    written(tmp_path / "set")
    before = contents(tmp_path / "set")
    with pytest.raises(BadInput, match="nothing was overwritten, choose a new folder"):
        written(tmp_path / "set", bundles=admitted()[:1])
    assert contents(tmp_path / "set") == before


def test_a_finished_data_set_that_lost_a_file_is_not_mended(tmp_path: Path) -> None:
    folder = written(tmp_path / "set").folder
    (folder / "README.md").unlink()
    with pytest.raises(BadInput, match=r"lacks README\.md"):
        written(folder)
    assert not (folder / "README.md").exists()


def test_a_file_that_a_broken_off_run_left_half_written_is_named_and_kept(tmp_path: Path) -> None:
    folder = written(tmp_path / "set").folder
    (folder / "manifest.json").unlink()
    cut_off(folder / SHARD)
    half = (folder / SHARD).read_bytes()
    with pytest.raises(BadInput, match=f"an unfinished or other data set .{SHARD} differs"):
        written(folder)
    assert (folder / SHARD).read_bytes() == half


def test_another_exporter_never_writes_into_a_data_set(tmp_path: Path) -> None:
    written(tmp_path / "set")
    with pytest.raises(BadInput, match="signed by another key"):
        written(tmp_path / "set", key="stranger")


def test_a_folder_with_other_files_is_refused_and_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "set"
    folder.mkdir(mode=0o700)
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(BadInput, match="no part of this data set"):
        written(folder)
    assert contents(folder) == {"notes.txt": b"mine"}


@pytest.mark.parametrize("mode", [0o755, 0o750, 0o701])
def test_a_folder_that_others_may_enter_is_refused(tmp_path: Path, mode: int) -> None:
    folder = tmp_path / "set"
    folder.mkdir()
    folder.chmod(mode)
    with pytest.raises(Refused, match="others may enter"):
        written(folder)
    assert not contents(folder)


def test_a_link_to_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "set").symlink_to(tmp_path / "real")
    with pytest.raises(Refused, match="is not a folder"):
        written(tmp_path / "set")


@pytest.mark.parametrize("url", ["s3://bucket/set", "memory://set", "https://example.org/set", "simplecache::s3://b/s"])
@pytest.mark.parametrize("solo", [True, False])
def test_a_place_that_is_no_local_folder_is_refused(url: str, solo: bool) -> None:  # noqa: FBT001 (one case of two)
    with pytest.raises(Refused, match="only into a local folder"):
        written(url, bundles=(world(solo=solo).admitted(),))


def test_a_file_url_is_a_local_folder(tmp_path: Path) -> None:
    assert written(f"file://{tmp_path}/set").folder == tmp_path / "set"


def test_solo_is_written_into_manifest_rows_and_card(tmp_path: Path) -> None:
    made = written(tmp_path / "set", bundles=(world(solo=True).admitted(),))
    assert made.manifest.solo
    assert episode(made.folder)["solo"] is True
    assert "Made for trying out" in (made.folder / "README.md").read_text()


def test_solo_is_never_joined_with_an_organisation(tmp_path: Path) -> None:
    mixed = (world().admitted(), world(solo=True, session="ab" * 16).admitted())
    with pytest.raises(Refused, match="cannot be joined"):
        written(tmp_path / "set", bundles=mixed)
    assert not (tmp_path / "set").exists()


def test_nothing_admitted_is_nothing_exported(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="nothing to export"):
        written(tmp_path / "set", bundles=())


def test_a_session_is_exported_once(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="given twice"):
        written(tmp_path / "set", bundles=(world().admitted(), world().admitted()))


def test_a_bundle_that_the_gate_did_not_admit_is_not_written(tmp_path: Path) -> None:
    bundles: Any = (world().bundle,)
    with pytest.raises(NotMinted, match=r"only from what gate\.admit gave"):
        written(tmp_path / "set", bundles=bundles)
    assert not (tmp_path / "set").exists()


def test_progress_goes_from_none_to_all_by_episodes(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    write_dataset(
        admitted(),
        tmp_path / "set",
        exporter=signing("exporter"),
        now_ms=NOW_MS,
        progress=lambda done, whole: told.append((done, whole)),
    )
    assert told == [(0, 2), (1, 2), (2, 2)]


def test_a_group_is_full_once_its_images_reach_the_limit() -> None:
    one, two = admitted()
    size = sum(map(len, one.bundle.images))
    assert shards((one, two), size) == ((one,), (two,))
    assert shards((one, two), size + 1) == ((one, two),)


def test_verify_says_what_it_verified_and_by_whom(tmp_path: Path) -> None:
    made = written(tmp_path / "set")
    verified = verify_dataset(tmp_path / "set")
    assert verified.manifest == made.manifest
    assert verified.manifest_digest == made.manifest_digest
    assert verified.key_id == key_id(signing("exporter").public)


def change_a_byte(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def remove(path: Path) -> None:
    path.unlink()


def make_a_link(path: Path) -> None:
    path.rename(path.parent.parent.parent / "moved")
    path.symlink_to(path.parent.parent.parent / "moved")


@pytest.mark.parametrize("name", [SHARD, "README.md", "manifest.json"])
@pytest.mark.parametrize("damage", [change_a_byte, cut_off, remove])
def test_damage_to_any_file_is_found(tmp_path: Path, name: str, damage: Callable[[Path], None]) -> None:
    folder = written(tmp_path / "set").folder
    damage(folder / name)
    with pytest.raises(BadInput):
        verify_dataset(folder)


def test_every_changed_byte_of_the_manifest_is_found(tmp_path: Path) -> None:
    path = written(tmp_path / "set", bundles=(world().admitted(),)).folder / "manifest.json"
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(BadInput):
            verify_dataset(path.parent)


@pytest.mark.parametrize("name", ["extra.txt", ".hidden", "data/train-00001-of-00001.parquet", "data/x/y"])
def test_an_extra_file_is_found(tmp_path: Path, name: str) -> None:
    folder = written(tmp_path / "set").folder
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(b"more")
    with pytest.raises(BadInput, match="no part of this data set"):
        verify_dataset(folder)


def test_a_link_in_place_of_a_file_is_found(tmp_path: Path) -> None:
    folder = written(tmp_path / "set").folder
    make_a_link(folder / SHARD)
    with pytest.raises(BadInput, match="no part of this data set"):
        verify_dataset(folder)


def test_a_manifest_that_names_a_file_elsewhere_is_not_followed(tmp_path: Path) -> None:
    made = written(tmp_path / "set")
    (tmp_path / "outside").write_bytes(b"")
    name = type(made.manifest.files[0])(name="../outside", sha256=digest(b""), size=0)
    manifest = sign(_with_files(made.manifest, (*made.manifest.files, name)), signing("exporter"))
    (made.folder / "manifest.json").write_bytes(manifest.data)
    with pytest.raises(BadInput, match="a file that no data set has"):
        verify_dataset(made.folder)


def test_an_empty_folder_is_no_data_set(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="there is no finished data set"):
        verify_dataset(tmp_path)


def _with_files(manifest: Manifest, files: tuple[Any, ...]) -> Manifest:
    return msgspec.structs.replace(manifest, files=files)
