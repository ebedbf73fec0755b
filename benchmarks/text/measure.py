"""One contender's answers, judged: what it finds in all texts enters, what is left of what was planted leaves.

`Work` is the same for all. A contender that gives stretches gets the texts as they stand in the end: the fields of a
form, titles, lines. The strict profile gets whole sessions instead, and is judged by the two documents that leave.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from benchmarks.text.judge import Left, kept_of, left_of, masked, output
from benchmarks.text.secrets import SecretLine
from benchmarks.text.streams import LASTS, Entry, Stream, control
from benchmarks.text.synth import Sentence
from benchmarks.text.titles import Title
from benchmarks.text.worker import Found
from redaction.fields import Tools

Spans: TypeAlias = list[list[Found]]
Find = Callable[[Sequence[str]], Spans]


@dataclass(frozen=True, slots=True)
class Work:
    """What all contenders are measured with; empty parts are left out."""

    sentences: tuple[Sentence, ...] = ()
    streams: tuple[Stream, ...] = ()
    titles: tuple[Title, ...] = ()
    secrets: tuple[SecretLine, ...] = ()
    harmless: tuple[str, ...] = ()
    singles: tuple[str, ...] = ()
    many: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TypedLeft:
    """What is left of a typed value; `named` says whether a placeholder, where there is one, names its category."""

    entry: Entry
    left: Left
    named: bool | None = None


@dataclass(frozen=True, slots=True)
class TitleLeft:
    """What is left of each value planted in a title, and how many of its benign words were kept of how many."""

    title: Title
    left: tuple[Left, ...]
    kept: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Answers:
    """All that one contender did; parts that it has no answer to are empty."""

    sentences: Spans = field(default_factory=list)
    typed: tuple[TypedLeft, ...] = ()
    titles: tuple[TitleLeft, ...] = ()
    secrets: tuple[tuple[SecretLine, bool], ...] = ()
    harmless: tuple[tuple[int, int], ...] = ()
    times: dict[str, Any] = field(default_factory=dict)


def by_stretches(work: Work, find: Find, *, times: dict[str, Any]) -> Answers:
    """The answers of a contender that gives stretches."""
    entries = [entry for stream in work.streams for entry in stream.entries if _stands(entry)]
    blotted = _blotted(find, [title.text for title in work.titles])
    lines = _blotted(find, [line.text for line in work.secrets])
    pairs = zip(work.secrets, lines, strict=True)
    return Answers(
        sentences=find([sentence.text for sentence in work.sentences]),
        typed=_typed(entries, find),
        titles=tuple(title_left(title, text) for title, text in zip(work.titles, blotted, strict=True)),
        secrets=tuple((line, not left_of(line.planted, output(text)).part) for line, text in pairs),
        harmless=tuple(kept_of(*pair) for pair in zip(work.harmless, _blotted(find, work.harmless), strict=True)),
        times=times,
    )


def by_sessions(work: Work, tools: Tools) -> Answers:
    """The answers of the strict profile: typed texts and titles, by what leaves of whole sessions.

    The titles of one programme are one session.
    """
    from benchmarks.text.session import redacted

    may_leave = redacted(control().events, tools, seconds=LASTS).documents if work.streams else ()
    programmes = dict.fromkeys(title.programme for title in work.titles)
    return Answers(
        typed=tuple(one for stream in work.streams for one in _session(stream, tools, may_leave)),
        titles=tuple(one for name in programmes for one in _programme(work, name, tools)),
    )


def _programme(work: Work, name: str, tools: Tools) -> list[TitleLeft]:
    from benchmarks.text.session import titles_of

    titles = [title for title in work.titles if title.programme == name]
    texts = titles_of(tuple(title.text for title in titles), tools)
    return [title_left(title, text) for title, text in zip(titles, texts, strict=True)]


def title_left(title: Title, text: str) -> TitleLeft:
    """What a masked title still has."""
    left = tuple(left_of(planted, output(text), benign=(title.benign,)) for planted in title.planted)
    return TitleLeft(title, left, kept_of(title.benign, text))


def _session(stream: Stream, tools: Tools, may_leave: tuple[str, ...]) -> list[TypedLeft]:
    """What is left of each value; words that also leave of a session without any (names of fields) do not count."""
    from benchmarks.text.session import redacted, typed_between

    done = redacted(stream.events, tools, seconds=LASTS)
    searched = output(*done.documents)
    left = []
    for entry in stream.entries:
        names = typed_between(done.episode, entry.from_ms, entry.until_ms)
        named = entry.planted.category in names if names else None
        left.append(TypedLeft(entry, left_of(entry.planted, searched, benign=may_leave), named))
    return left


def _typed(entries: Sequence[Entry], find: Find) -> tuple[TypedLeft, ...]:
    """Each final text is examined by itself, as each is in a field by itself; a split value is put together again."""
    blotted = iter(_blotted(find, [text for entry in entries for text in entry.finals]))
    together = ("".join(next(blotted) for _ in entry.finals) for entry in entries)
    return tuple(
        TypedLeft(entry, left_of(entry.planted, output(text))) for entry, text in zip(entries, together, strict=True)
    )


def _stands(entry: Entry) -> bool:
    return entry.planted.value in "".join(entry.finals)


def _blotted(find: Find, texts: Sequence[str]) -> list[str]:
    return [masked(text, ((one[0], one[1]) for one in found)) for text, found in zip(texts, find(texts), strict=True)]
