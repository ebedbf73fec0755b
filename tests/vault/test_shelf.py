"""A shelf creates objects once and lets no name leave it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults import Call, Interposer, Operation
from vault.errors import BadInput, MissingPart
from vault.shelf import Shelf


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """An empty shelf in a folder."""
    return Shelf(f"file://{tmp_path}/shelf")


def test_an_object_comes_back(shelf: Shelf) -> None:
    shelf.create("inbox/a.sub", b"data")
    assert (shelf.read("inbox/a.sub"), shelf.has("inbox/a.sub")) == (b"data", True)


def test_an_object_is_not_written_over(shelf: Shelf) -> None:
    shelf.create("inbox/a.sub", b"first")
    with pytest.raises(BadInput, match="nothing was overwritten"):
        shelf.create("inbox/a.sub", b"second")
    assert shelf.read("inbox/a.sub") == b"first"


def test_creating_the_same_object_again_is_no_error(shelf: Shelf) -> None:
    shelf.create("inbox/a.sub", b"data")
    shelf.create("inbox/a.sub", b"data")


def test_an_object_that_moves_on_is_replaced(shelf: Shelf) -> None:
    shelf.replace("status/a.json", b"first")
    shelf.replace("status/a.json", b"second")
    assert shelf.read("status/a.json") == b"second"


def test_an_object_that_is_not_there_is_missing(shelf: Shelf) -> None:
    with pytest.raises(MissingPart):
        shelf.read("inbox/none")


def test_names_are_those_right_below_a_folder_sorted(shelf: Shelf) -> None:
    for name in ("inbox/b", "inbox/a", "other/c"):
        shelf.create(name, b"")
    assert shelf.names("inbox") == ("inbox/a", "inbox/b")


def test_a_folder_that_is_not_there_has_no_names(shelf: Shelf) -> None:
    assert shelf.names("inbox") == ()


def test_a_removed_object_is_gone_and_removing_it_again_is_no_error(shelf: Shelf) -> None:
    shelf.create("inbox/a", b"data")
    shelf.remove("inbox/a")
    shelf.remove("inbox/a")
    assert not shelf.has("inbox/a")


@pytest.mark.parametrize(
    "name",
    [
        *("../a", "inbox/../../a", "/etc/passwd", "inbox//a", "inbox/", "", ".", "..", "inbox/.hidden", "a\\b", "a\0"),
        *("a b", "é", "a?b", "a*b", "-a", "a\n", "file:///etc/passwd", "inbox/..", "~root"),
    ],
)
def test_a_name_that_could_leave_the_shelf_is_refused(shelf: Shelf, name: str) -> None:
    for act in (shelf.read, shelf.has, shelf.remove, shelf.names, lambda name: shelf.create(name, b"")):
        with pytest.raises(BadInput, match="name"):
            act(name)


def test_what_a_kill_left_half_written_is_no_object(shelf: Shelf, tmp_path: Path) -> None:
    shelf.create("inbox/a", b"data")
    (tmp_path / "shelf" / "inbox" / ".b.12ab34cd").write_bytes(b"da")
    assert shelf.names("inbox") == ("inbox/a",)


def test_removing_an_object_removes_what_a_kill_left_of_writing_it(shelf: Shelf, tmp_path: Path) -> None:
    shelf.create("inbox/a", b"data")
    (tmp_path / "shelf" / "inbox" / ".b.12ab34cd").write_bytes(b"da")
    shelf.remove("inbox/b")
    assert [path.name for path in (tmp_path / "shelf" / "inbox").iterdir()] == ["a"]


def test_an_object_in_a_folder_is_durable_when_its_call_returns(shelf: Shelf, tmp_path: Path) -> None:
    with Interposer(tmp_path) as disk:
        shelf.create("inbox/a", b"data")
        shelf.replace("inbox/b", b"data")
    calls = [step.call for step in disk.log if isinstance(step, Operation)]
    assert calls.count(Call.FSYNC) == calls.count(Call.WRITE) == 2
    assert calls[-2:] == [Call.SYNC_FOLDER, Call.CLOSE]
