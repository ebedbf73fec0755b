"""A path or a file URL is a local folder; every other address is refused with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from export.sinks import local_folder
from vault.errors import Refused


@pytest.mark.parametrize(
    ("to", "folder"),
    [
        ("set", "set"),
        ("/data/my set", "/data/my set"),
        ("file:///data/set", "/data/set"),
        ("file://localhost/data/my%20set", "/data/my set"),
        (r"D:\data\set", r"D:\data\set"),
        ("a:b", "a:b"),
    ],
)
def test_a_local_address_names_its_folder(to: str, folder: str) -> None:
    assert local_folder(to) == Path(folder)


def test_a_path_is_itself() -> None:
    assert local_folder(Path("s3:/kept/as/it/is")) == Path("s3:/kept/as/it/is")


@pytest.mark.parametrize(
    "to",
    [
        "s3://bucket/set",
        "gs://bucket",
        "memory://set",
        "sftp://host/set",
        "file://host/share",
        "file:///set?x=1",
        "filecache::s3://bucket/set",
        "zip://x::file:///set.zip",
        "file:///set.zip::zip://x",
    ],
)
def test_any_other_address_is_refused(to: str) -> None:
    with pytest.raises(Refused, match="publishing it encrypted is not there yet"):
        local_folder(to)
