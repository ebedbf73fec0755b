"""Files are private, whole or absent, never links, and never written over by accident."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from vault.errors import BadInput, MissingPart, Refused
from vault.files import (
    create_file,
    filesystem_of,
    open_file,
    private_folder,
    read_file,
    remove_each,
    remove_file,
    replace_file,
    require_guarded,
    require_local,
)

MOUNTS = """\
22 27 0:20 / /sys rw,nosuid,nodev,noexec,relatime shared:7 - sysfs sysfs rw
27 1 253:1 / / rw,relatime shared:1 - ext4 /dev/mapper/root rw,errors=remount-ro
31 27 0:26 / /run rw,nosuid,nodev shared:15 - tmpfs tmpfs rw,size=8G
90 27 0:50 / /home rw,relatime shared:40 - nfs4 files.example.com:/home rw,vers=4.2,addr=192.0.2.7
91 90 253:2 /anna /home/anna rw,relatime shared:41 master:3 - xfs /dev/sdb1 rw
92 91 0:51 / /home/anna/far\\040away rw,nosuid - fuse.sshfs anna@host.example.com:/srv rw,user_id=1000
93 91 0:52 / /home/anna/tab\\011line\\012back\\134slash rw - cifs //host/share rw
94 27 0:53 / /mnt/c rw,noatime - 9p drvfs rw,trans=fd
95 27 8:17 / /media/stick rw - vfat /dev/sdc1 rw
96 27 0:54 / /media/stick rw - fuse.rclone remote: rw
97 27 0:55 / /opt rw - beegfs beegfs_nodev rw
98 27 253:3 / /opt rw - btrfs /dev/sdd rw
"""
"""A table as the kernel writes it (proc_pid_mountinfo(5)), with its octal escapes and mounts over others."""


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


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "ext4"),
        ("/var/lib/optin", "ext4"),
        ("/run/queue", "tmpfs"),
        ("/running", "ext4"),
        ("/home", "nfs4"),
        ("/home/ben/.local/share/optin", "nfs4"),
        ("/home/anna/.local/share/optin", "xfs"),
        ("/home/annabel", "nfs4"),
        ("/home/anna/far away/optin", "fuse.sshfs"),
        ("/home/anna/far", "xfs"),
        ("/home/anna/tab\tline\nback\\slash/optin", "cifs"),
        ("/mnt/c/Users/anna", "9p"),
        ("/media/stick/optin", "fuse.rclone"),
        ("/opt/optin", "btrfs"),
    ],
)
def test_the_longest_mount_point_says_on_what_a_path_lies(path: str, kind: str) -> None:
    assert filesystem_of(Path(path), MOUNTS) == kind


@pytest.mark.parametrize("table", ["", "\n", "27 1 253:1 / / rw", "27 1 - ext4", "a - b c"])
def test_a_table_that_says_nothing_names_no_file_system(table: str) -> None:
    assert filesystem_of(Path("/home"), table) == ""


NETWORK = """9p afs beegfs ceph cifs davfs gfs2 glusterfs lustre nfs nfs4 ocfs2 prl_fs smb3 smbfs vboxsf fuse.davfs2
fuse.glusterfs fuse.rclone fuse.s3fs fuse.sshfs"""


@pytest.mark.parametrize("kind", NETWORK.split())
def test_a_folder_on_a_network_file_system_is_refused(tmp_path: Path, kind: str) -> None:
    table = tmp_path / "mounts"
    table.write_text(f"1 0 8:1 / / rw - {kind} host:/share rw\n")
    with pytest.raises(Refused, match=rf"\({kind}\), where flock and fdatasync do not hold; choose another OPTIN_HOME"):
        require_local(tmp_path, table)


@pytest.mark.parametrize(
    "kind", ["ext4", "xfs", "btrfs", "zfs", "tmpfs", "overlay", "f2fs", "ecryptfs", "fuse.gocryptfs"]
)
def test_a_folder_on_a_file_system_of_this_machine_is_taken(tmp_path: Path, kind: str) -> None:
    table = tmp_path / "mounts"
    table.write_text(f"1 0 8:1 / / rw - {kind} /dev/sda1 rw\n")
    require_local(tmp_path, table)


def test_a_link_to_a_network_file_system_is_refused(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "near").symlink_to(tmp_path / "far")
    table = tmp_path / "mounts"
    table.write_text(f"1 0 8:1 / / rw - ext4 /dev/sda rw\n2 1 0:9 / {tmp_path / 'far'} rw - nfs host:/ rw\n")
    with pytest.raises(Refused, match="nfs"):
        require_local(tmp_path / "near", table)


def test_a_real_folder_of_this_machine_is_taken(tmp_path: Path) -> None:
    require_local(tmp_path)
    require_guarded(tmp_path)


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o777])
def test_a_folder_below_one_that_others_may_write_to_is_refused(tmp_path: Path, mode: int) -> None:
    (tmp_path / "shared" / "mine" / "queue").mkdir(parents=True)
    (tmp_path / "shared").chmod(mode)
    with pytest.raises(Refused, match=rf"chmod go-w {tmp_path / 'shared'}$"):
        require_guarded(tmp_path / "shared" / "mine" / "queue")


@pytest.mark.parametrize("mode", [0o700, 0o755, 0o1777, 0o1770])
def test_a_folder_below_one_that_others_may_only_read_or_that_is_sticky_is_taken(tmp_path: Path, mode: int) -> None:
    (tmp_path / "shared" / "queue").mkdir(parents=True)
    (tmp_path / "shared").chmod(mode)
    require_guarded(tmp_path / "shared" / "queue")


def test_a_folder_below_another_user_s_is_refused(tmp_path: Path) -> None:
    (tmp_path / "theirs" / "queue").mkdir(parents=True)
    os.chown(tmp_path / "theirs", 65534, 65534)
    with pytest.raises(Refused, match="another user"):
        require_guarded(tmp_path / "theirs" / "queue")


def test_a_folder_reached_by_a_link_that_others_may_exchange_is_refused(tmp_path: Path) -> None:
    (tmp_path / "safe" / "queue").mkdir(parents=True)
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared").chmod(0o777)
    (tmp_path / "shared" / "link").symlink_to(tmp_path / "safe")
    with pytest.raises(Refused, match="chmod go-w"):
        require_guarded(tmp_path / "shared" / "link" / "queue")


def test_a_folder_reached_by_a_link_into_one_that_others_may_write_to_is_refused(tmp_path: Path) -> None:
    (tmp_path / "shared" / "queue").mkdir(parents=True)
    (tmp_path / "shared").chmod(0o777)
    (tmp_path / "link").symlink_to(tmp_path / "shared")
    with pytest.raises(Refused, match="chmod go-w"):
        require_guarded(tmp_path / "link" / "queue")


def test_an_open_file_gives_its_bytes(tmp_path: Path) -> None:
    create_file(tmp_path / "file", b"data")
    with open_file(tmp_path / "file") as file:
        assert file.read() == b"data"


def test_all_that_can_be_removed_is_and_the_rest_is_told(tmp_path: Path) -> None:
    for name in ("a", "c"):
        create_file(tmp_path / name, b"data")
    (tmp_path / "b" / "cannot be removed").mkdir(parents=True)
    failed = remove_each([tmp_path / name for name in ("a", "b", "c", "gone")] + [tmp_path / "no folder" / "d"])
    assert (len(failed), [path.name for path in tmp_path.iterdir()]) == (1, ["b"])
