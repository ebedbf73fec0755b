"""Rows as one Parquet file in memory: fixed Arrow types, zstd, and the same bytes for the same rows.

The schema below is the only place where columns are named with their types. The description that the Hugging Face
`datasets` library reads (schema metadata `huggingface`) is made from it, so that `images` decode as images there; that
library is not needed here. Nothing is written to disk. Bytes are the same within one version of pyarrow.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from export.rows import Row

ZSTD_LEVEL: Final = 6
_IMAGE: Final = pa.struct([pa.field("bytes", pa.binary()), pa.field("path", pa.string())])
"""How `datasets` stores an `Image` (its `Image.pa_type`)."""
_BOX: Final[list[pa.Field[Any]]] = [pa.field(name, pa.int32()) for name in ("x", "y", "width", "height")]
_FRAME: Final = pa.struct(
    [
        pa.field("t_ms", pa.int64()),
        pa.field("width", pa.int32()),
        pa.field("height", pa.int32()),
        pa.field("sha256", pa.string()),
        pa.field(
            "redactions",
            pa.list_(pa.struct([*_BOX, pa.field("category", pa.string()), pa.field("entity", pa.string())])),
        ),
    ]
)
_EFFECT: Final = pa.struct([pa.field(name, pa.string()) for name in ("effect", "role", "name")])
_STEP: Final = pa.struct(
    [
        pa.field("step_index", pa.int32()),
        pa.field("t_ms", pa.int64()),
        pa.field("action_type", pa.string()),
        pa.field("x", pa.int32()),
        pa.field("y", pa.int32()),
        pa.field("x_norm", pa.float64()),
        pa.field("y_norm", pa.float64()),
        pa.field("end_x", pa.int32()),
        pa.field("end_y", pa.int32()),
        pa.field("text", pa.string()),
        pa.field("keys", pa.list_(pa.string())),
        pa.field("scroll_x", pa.int32()),
        pa.field("scroll_y", pa.int32()),
        pa.field("code", pa.string()),
        pa.field("image_index", pa.int32()),
        pa.field("frame_age_ms", pa.int64()),
        pa.field("frame_stale_ms", pa.int64()),
        pa.field("next_image_index", pa.int32()),
        pa.field("app", pa.string()),
        pa.field("site", pa.string()),
        pa.field("window_title", pa.string()),
        pa.field("target_role", pa.string()),
        pa.field("target_name", pa.string()),
        pa.field("target_box", pa.struct(_BOX)),
        pa.field("command_label", pa.string()),
        pa.field("command_menu", pa.list_(pa.string())),
        pa.field("ui_effects", pa.list_(_EFFECT)),
    ]
)
_GAP: Final = pa.struct(
    [
        pa.field("reason", pa.string()),
        pa.field("source", pa.string()),
        pa.field("from_ms", pa.int64()),
        pa.field("until_ms", pa.int64()),
        pa.field("count", pa.int64()),
    ]
)
_COLUMNS: Final[list[pa.Field[Any]]] = [
    pa.field("episode_id", pa.string()),
    pa.field("schema_version", pa.int32()),
    pa.field("instruction", pa.string()),
    pa.field("platform", pa.string()),
    pa.field("solo", pa.bool_()),
    pa.field("duration_ms", pa.int64()),
    pa.field("ended", pa.bool_()),
    pa.field("screen_width", pa.int32()),
    pa.field("screen_height", pa.int32()),
    pa.field("scale_percent", pa.list_(pa.int32())),
    pa.field("images", pa.list_(_IMAGE)),
    pa.field("frames", pa.list_(_FRAME)),
    pa.field("steps", pa.list_(_STEP)),
    pa.field("gaps", pa.list_(_GAP)),
    pa.field("grant_digest", pa.string()),
    pa.field("report_digest", pa.string()),
    pa.field("bundle_digest", pa.string()),
    pa.field("approval_digests", pa.list_(pa.string())),
]


def schema() -> pa.Schema:
    """The Arrow schema of a data set, with the description for `datasets` in its metadata."""
    features = {field.name: _feature(field.type) for field in _COLUMNS}
    return pa.schema(_COLUMNS, metadata={"huggingface": json.dumps({"info": {"features": features}})})


def parquet_bytes(rows: Iterable[Row]) -> bytes:
    """The Parquet file of these rows, one row group each."""
    out = io.BytesIO()
    columns = schema()
    with pq.ParquetWriter(
        out,
        columns,
        version="2.6",
        compression="zstd",
        compression_level=ZSTD_LEVEL,
        use_dictionary=False,
        write_statistics=False,
    ) as writer:
        for row in rows:
            writer.write_table(pa.Table.from_pylist([row], schema=columns))
    return out.getvalue()


def _feature(kind: pa.DataType) -> dict[str, Any]:
    """The `datasets` feature of an Arrow type, in the form that `datasets.Features.to_dict` gives."""
    if kind.equals(_IMAGE):
        return {"_type": "Image"}
    if isinstance(kind, pa.ListType):
        return {"feature": _feature(kind.value_type), "_type": "List"}
    if isinstance(kind, pa.StructType):
        return {field.name: _feature(field.type) for field in kind}
    return {"dtype": _DTYPES[kind], "_type": "Value"}


_DTYPES: Final[dict[pa.DataType, str]] = {
    pa.string(): "string",
    pa.int32(): "int32",
    pa.int64(): "int64",
    pa.float64(): "float64",
    pa.bool_(): "bool",
}
"""What `datasets` calls the plain types."""
