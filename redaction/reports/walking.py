"""Every text of a document with the place where it stands and the form that it must have, found by the fields' types.

A document enters, its texts leave. A field that is added tomorrow is walked without anybody thinking of it, and a value
of a kind that nobody knows how to walk is an error. Nothing here says what a text means.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec

from redaction.reports.forms import Form
from vault.canonical import Document


@dataclass(frozen=True, slots=True)
class TextField:
    """A text of a document, where it stands, and its form; None for free text."""

    path: str
    text: str
    form: Form | None


def text_fields(document: Document) -> tuple[TextField, ...]:
    """Every text in a document, however deep; `TypeError` for a value of a kind that cannot be walked."""
    return tuple(_walked(document, type(document), type(document).__name__.lower()))


def misformed(fields: Sequence[TextField]) -> tuple[TextField, ...]:
    """The fields that do not keep to the form that their type names."""
    return tuple(field for field in fields if field.form is not None and not field.form.holds(field.text))


def form_of(kind: object) -> Form | None:
    """The form that a type names; of a union that of the part that names one."""
    if get_origin(kind) is Annotated:
        return next((mark for mark in get_args(kind)[1:] if isinstance(mark, Form)), None)
    return next((mark for part in get_args(kind) if (mark := form_of(part)) is not None), None)


def _walked(value: object, kind: object, path: str) -> Iterator[TextField]:
    match value:
        case None | Enum() | bool() | int() | float():
            return
        case str():
            yield TextField(path, value, form_of(kind))
        case tuple():
            for one in value:
                yield from _walked(one, _member(kind), f"{path}[]")
        case msgspec.Struct():
            for name, hint in _hints(type(value)).items():
                yield from _walked(getattr(value, name), hint, f"{path}.{name}")
        case _:
            raise TypeError(f"{path} holds a {type(value).__name__}, which nobody examines; no report can be made")


@cache
def _hints(kind: type[msgspec.Struct]) -> dict[str, Any]:
    """The types of a document's fields, with the forms that they name."""
    return get_type_hints(kind, include_extras=True)


def _member(kind: object) -> object:
    """The type of a tuple's members."""
    return get_args(kind)[0] if get_args(kind) else str
