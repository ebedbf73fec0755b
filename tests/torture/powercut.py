"""What a power cut may leave of a folder: an operation log (`tests/faults.py`) enters, possible contents leave.

The disk that is simulated keeps what it was told to sync and nothing else for certain:
1. A file's bytes are certain after fsync or fdatasync of that file. Later ones may be there or not in any subset of
   512-byte sectors; a sector that is not there holds what it held before, zeros, garbage, or another file's old data.
   The length is the old one, the new one or any between.
2. Syncing a file does not make its name certain; only a sync of its folder does. Until then each change of a name
   (made, renamed, removed) is there or not, in any subset. A rename is whole or absent.
3. Room that was allocated and never written to is not simulated: nobody reads it.
4. What is unchanged stays: a write does not hurt bytes beside it (the assumption of SQLite's "powersafe overwrite").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from random import Random
from typing import Final, Protocol, TypeAlias

from tests.faults import Call, Mark, Operation, Step

SECTOR: Final = 512
MOST: Final = 20
"""More uncertain sectors than this do not draw more of the states to a moment."""
_ROOT: Final = 0

Names: TypeAlias = Mapping[str, int]
Change: TypeAlias = tuple[tuple[str, int | None], ...]
"""Names that appear (with the number of a file or folder) or go (None), all at once."""
Tree: TypeAlias = dict[str, bytes | None]
"""What is found after a power cut: bytes by relative path, None for a folder."""


@dataclass(frozen=True, slots=True)
class Content:
    """A file's certain bytes, and those that a reader saw before the cut."""

    certain: bytes = b""
    current: bytes = b""

    @property
    def common(self) -> int:
        """How many of the first bytes are the same in both."""
        short = min(len(self.certain), len(self.current))
        if self.current[:short] == self.certain[:short]:
            return short
        return next(at for at in range(short) if self.certain[at] != self.current[at])


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder's certain names, and the changes that no sync followed."""

    certain: Names = field(default_factory=dict)
    pending: tuple[Change, ...] = ()

    @property
    def current(self) -> dict[str, int]:
        """The names that a reader saw."""
        return applied(self.certain, self.pending)


@dataclass(frozen=True, slots=True)
class Moment:
    """The disk between two operations, and the marks that were set until then."""

    files: Mapping[int, Content]
    folders: Mapping[int, Folder]
    opened: Mapping[int, int]
    marks: tuple[str, ...] = ()

    @property
    def is_certain(self) -> bool:
        """Whether a power cut now leaves one state only."""
        names = not any(folder.pending for folder in self.folders.values())
        return names and all(content.certain == content.current for content in self.files.values())

    @property
    def weight(self) -> int:
        """How many states there are, roughly: none if only one, more where many sectors are uncertain."""
        sectors = sum(abs(len(content.current) - content.common) for content in self.files.values()) // SECTOR
        return 0 if self.is_certain else 1 + 4 * min(sectors, MOST)


def moments(log: Iterable[Step]) -> tuple[Moment, ...]:
    """The disk before the first operation, after each and after each mark; the folder of the log is empty at first."""
    found = [Moment({}, {_ROOT: Folder()}, {})]
    for step in log:
        if isinstance(step, Mark):
            found.append(replace(found[-1], marks=(*found[-1].marks, step.text)))
        else:
            found.append(_after(found[-1], step))
    return tuple(found)


def applied(certain: Names, changes: Iterable[Change]) -> dict[str, int]:
    """The names after some changes."""
    names = dict(certain)
    for change in changes:
        for name, node in change:
            if node is None:
                names.pop(name, None)
            else:
                names[name] = node
    return names


def _after(moment: Moment, step: Operation) -> Moment:
    if step.call in {Call.WRITE, Call.TRUNCATE, Call.FSYNC, Call.FDATASYNC}:
        node = moment.opened[step.file]
        return replace(moment, files={**moment.files, node: _written(moment.files[node], step)})
    if step.call is Call.SYNC_FOLDER:
        node = moment.opened[step.file]
        return replace(moment, folders={**moment.folders, node: Folder(moment.folders[node].current)})
    if step.call is Call.OPEN:
        return _opened(moment, step)
    return moment if step.call in {Call.CLOSE, Call.ALLOCATE} else _renamed(moment, step)


def _written(content: Content, step: Operation) -> Content:
    if step.call in {Call.FSYNC, Call.FDATASYNC}:
        return Content(content.current, content.current)
    data = content.current
    if step.call is Call.WRITE:
        grown = data.ljust(step.offset, b"\0")
        data = grown[: step.offset] + step.data + grown[step.offset + len(step.data) :]
    else:
        data = data[: step.size].ljust(step.size, b"\0")
    return replace(content, current=data)


def _opened(moment: Moment, step: Operation) -> Moment:
    if not step.made:
        return replace(moment, opened={**moment.opened, step.file: _node(moment, step.name)})
    node = len(moment.files) + len(moment.folders)
    made = replace(moment, files={**moment.files, node: Content()}, opened={**moment.opened, step.file: node})
    return _changed(made, step.name, node)


def _renamed(moment: Moment, step: Operation) -> Moment:
    if step.call is Call.MKDIR:
        node = len(moment.files) + len(moment.folders)
        return _changed(replace(moment, folders={**moment.folders, node: Folder()}), step.name, node)
    if step.call in {Call.UNLINK, Call.RMDIR}:
        return _changed(moment, step.name, None)
    node = _node(moment, step.name)
    if step.call is Call.LINK:
        return _changed(moment, step.to, node)
    old, new = PurePosixPath(step.name), PurePosixPath(step.to)
    if old.parent != new.parent:
        raise NotImplementedError("a rename into another folder is not simulated")
    return _pending(moment, _node(moment, str(old.parent)), ((old.name, None), (new.name, node)))


def _changed(moment: Moment, name: str, node: int | None) -> Moment:
    path = PurePosixPath(name)
    return _pending(moment, _node(moment, str(path.parent)), ((path.name, node),))


def _pending(moment: Moment, parent: int, change: Change) -> Moment:
    folder = moment.folders[parent]
    return replace(moment, folders={**moment.folders, parent: replace(folder, pending=(*folder.pending, change))})


def _node(moment: Moment, name: str) -> int:
    node = _ROOT
    for part in PurePosixPath(name).parts:
        node = moment.folders[node].current[part]
    return node


def seen(moment: Moment) -> Tree:
    """The tree that a reader saw at that moment, without a power cut."""
    whole = {node: Folder(folder.current) for node, folder in moment.folders.items()}
    current = {node: Content(content.current, content.current) for node, content in moment.files.items()}
    return PowerCut(Random(0)).tree(replace(moment, files=current, folders=whole))


@dataclass(slots=True)
class PowerCut:
    """Draws what a power cut leaves; `old` is data of other files that a lost sector may show."""

    random: Random
    old: bytes = bytes(SECTOR)

    def tree(self, moment: Moment) -> Tree:
        """One state that the moment allows."""
        found: Tree = {}
        self._fill(found, moment, _ROOT, "")
        return found

    def _fill(self, found: Tree, moment: Moment, node: int, place: str) -> None:
        for name, child in self._names(moment.folders[node]).items():
            path = f"{place}{name}"
            if child in moment.folders:
                found[path] = None
                self._fill(found, moment, child, f"{path}/")
            else:
                found[path] = self._bytes(moment.files[child])

    def _names(self, folder: Folder) -> Names:
        if not folder.pending:
            return folder.certain
        likely = self.random.choice((0.1, 0.5, 0.9))
        return applied(folder.certain, [change for change in folder.pending if self.random.random() < likely])

    def _bytes(self, content: Content) -> bytes:
        if content.certain == content.current or self.random.random() < 0.1:
            return content.certain
        if self.random.random() < 0.1:
            return content.current
        size = self._size(len(content.certain), len(content.current))
        start = content.common
        likely = self.random.choice((0.0, 0.2, 0.5, 0.8, 0.95, 1.0))
        whole = bytearray(content.current[:size].ljust(size, b"\0"))
        while start < size:
            end = min(size, (start // SECTOR + 1) * SECTOR)
            if self.random.random() >= likely:
                whole[start:end] = self._lost(content.certain[start:end], end - start)
            start = end
        return bytes(whole)

    def _size(self, old: int, new: int) -> int:
        low, high = sorted((old, new))
        among = self.random.randint(low, high)
        return self.random.choice((old, new, new, new, among, min(high, max(low, among // SECTOR * SECTOR))))

    def _lost(self, before: bytes, size: int) -> bytes:
        """What a sector may hold whose new content did not arrive."""
        kind = self.random.randrange(4)
        if kind == 0:
            return before.ljust(size, b"\0")
        if kind == 1:
            return bytes(size)
        if kind == 2:
            return self.random.randbytes(size)
        sectors = max(1, len(self.old) // SECTOR)
        at = self.random.randrange(sectors) * SECTOR
        return self.old[at : at + size].ljust(size, b"\0")


@dataclass(slots=True)
class Laid:
    """A folder that takes one tree after another; what did not change between two is not written again."""

    folder: Path
    tree: Tree = field(default_factory=dict)

    def lay(self, tree: Tree) -> None:
        """Makes the folder hold this tree; whoever changes it in between calls `forget`."""
        for path in sorted(set(self.tree) - set(tree), reverse=True):
            whole = self.folder / path
            whole.rmdir() if self.tree[path] is None else whole.unlink()
        for path in sorted(tree):
            data = tree[path]
            if path in self.tree and (data is None or self.tree[path] == data):
                continue
            if data is None:
                (self.folder / path).mkdir(mode=0o700)
            else:
                (self.folder / path).write_bytes(data)
                (self.folder / path).chmod(0o600)
        self.tree = dict(tree)

    def look(self) -> None:
        """Learns what the folder holds now, after somebody changed it."""
        self.tree = tree_of(self.folder)


def tree_of(folder: Path) -> Tree:
    """What a folder holds."""
    return {str(path.relative_to(folder)): None if path.is_dir() else path.read_bytes() for path in folder.rglob("*")}


class Judge(Protocol):
    """Looks at a state, and at what had been said until then; an assertion fails where the state is wrong."""

    def judge(self, tree: Tree, marks: tuple[str, ...]) -> None:
        """Judges one state."""


def judge_states(log: Sequence[Step], judge: Judge, *, seed: int, count: int, old: bytes, since: int = 0) -> int:
    """Judges each moment of the log as it was seen, then so many states that a power cut leaves; gives how many differ.

    A state that comes up again is not judged again. `old` is data of other files, `since` the step to begin with. The
    seed decides all that is drawn.
    """
    every = moments(log)[since:]
    for moment in every:
        judge.judge(seen(moment), moment.marks)
    cut = PowerCut(Random(seed), old)
    different: set[int] = set()
    for moment in cut.random.choices(every, [moment.weight for moment in every], k=count):
        tree = cut.tree(moment)
        state = hash((frozenset(tree.items()), moment.marks))
        if state not in different:
            different.add(state)
            judge.judge(tree, moment.marks)
    return len(different)


def continued(before: Sequence[Step], after: Iterable[Step]) -> list[Step]:
    """One log of two processes: what the second did to the disk that the first had left without a power cut."""
    used = max((step.file for step in before if isinstance(step, Operation)), default=0)
    return [*before, *(replace(step, file=step.file + used) if isinstance(step, Operation) else step for step in after)]


def written_data(log: Sequence[Step]) -> bytes:
    """All that was written, sector by sector: what the sectors of removed files still hold."""
    data = (step.data for step in log if isinstance(step, Operation))
    return b"".join(piece.ljust(-(-len(piece) // SECTOR) * SECTOR, b"\0") for piece in data)
