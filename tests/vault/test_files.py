"""Files are private, whole or absent, never links, and never written over by accident."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from vault.errors import BadInput, MissingPart, Refused
from vault.files import create_file, private_folder, read_file, remove_file, replace_file


def test_a_new_folder_and_a_new_file_are_private_under_any_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        create_file(private_folder(tmp_path / "mine") / "file", b"data")
    finally:
        os.umask(before)
    assert (tmp_path / "mine").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "mine" / "file").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("mode", [0o701, 0o710, 0o750, 0o777])
def test_a_folder_that_others_may_enter_is_refused(tmp_path: Path, mode: int) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine").chmod(mode)
    with pytest.raises(Refused, match="chmod 700"):
        private_folder(tmp_path / "mine")


def test_a_folder_of_another_user_is_refused(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir(mode=0o700)
    os.chown(tmp_path / "theirs", 65534, 65534)
    with pytest.raises(Refused, match="another user"):
        private_folder(tmp_path / "theirs")


def test_a_link_to_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(Refused, match="not a folder"):
        private_folder(tmp_path / "link")


def test_a_dangling_link_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    with pytest.raises(Refused, match="not a folder"):
        private_folder(tmp_path / "link")


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(Refused, match="not a folder"):
            private_folder(path)


def test_a_file_that_exists_is_not_written_over(tmp_path: Path) -> None:
    create_file(tmp_path / "file", b"first")
    with pytest.raises(BadInput, match="not overwritten"):
        create_file(tmp_path / "file", b"second")
    assert (tmp_path / "file").read_bytes() == b"first"


def test_a_link_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "target")
    with pytest.raises(BadInput):
        create_file(tmp_path / "link", b"data")
    assert not (tmp_path / "target").exists()


def test_replacing_replaces_a_link_and_not_its_target(tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"theirs")
    (tmp_path / "link").symlink_to(tmp_path / "target")
    replace_file(tmp_path / "link", b"mine")
    assert ((tmp_path / "target").read_bytes(), (tmp_path / "link").read_bytes()) == (b"theirs", b"mine")


def test_replacing_leaves_the_new_content_and_nothing_else(tmp_path: Path) -> None:
    replace_file(tmp_path / "file", b"first")
    replace_file(tmp_path / "file", b"second")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("file", b"second")]


def test_replacing_a_folder_fails_and_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "file" / "below").mkdir(parents=True)
    with pytest.raises(OSError, match="directory"):
        replace_file(tmp_path / "file", b"data")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_link_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"theirs")
    (tmp_path / "link").symlink_to(tmp_path / "target")
    with pytest.raises(BadInput):
        read_file(tmp_path / "link")


def test_a_pipe_or_a_folder_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path):
        with pytest.raises(BadInput, match="no ordinary file"):
            read_file(path)


def test_a_file_that_is_not_there_is_missing(tmp_path: Path) -> None:
    with pytest.raises(MissingPart, match="missing"):
        read_file(tmp_path / "file")


def test_a_file_is_read_up_to_the_limit_and_not_beyond(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"12345")
    assert read_file(tmp_path / "file", 5) == b"12345"
    with pytest.raises(BadInput, match="larger"):
        read_file(tmp_path / "file", 4)


def test_removing_a_file_that_is_gone_is_no_error(tmp_path: Path) -> None:
    create_file(tmp_path / "file", b"data")
    remove_file(tmp_path / "file")
    remove_file(tmp_path / "file")
    assert not list(tmp_path.iterdir())


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from vault.files import create_file
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
try:
    create_file(Path(sys.argv[1]), bytes(1000))
except OSError as error:
    sys.exit(error.errno)
"""


def test_a_file_that_the_disk_refused_leaves_no_half(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", FULL_DISK, str(tmp_path / "file")], check=False)
    assert (done.returncode, list(tmp_path.iterdir())) == (27, [])
