"""What the user named, one report at a time: files, folders, globs and JSONL become Tasks with unique ids.

Nothing that was named disappears: what is not a report comes as a Rejected with its reason.
"""

from __future__ import annotations

import glob
import hashlib
import json
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from zhibiao.batch.corpus import entries, is_corpus
from zhibiao.documents.formats import FORMATS
from zhibiao.documents.sidecar import find_sidecar
from zhibiao.errors import DataError, ReadError, ZhibiaoError

__all__ = ["Rejected", "Task", "discover", "fingerprint"]

_REPORTS_OF_OTHERS = frozenset({".doc", ".wps", ".ofd", ".rtf", ".odt", ".ceb"})
"""In a folder these are tried too: they are reports, and the error of reading them names the way out."""

_OF_A_RUN = tuple(f".manifest{end}" for end in ("-wal", "-shm", "-journal", ".lock"))
"""What stands beside a manifest while a run lasts, or after it was killed."""


@dataclass(frozen=True, slots=True)
class Task:
    """One report to read: the file at `path`, or the JSONL entry that stood in its line `line`.

    `note` says where the id had to be changed because another input has it.
    """

    id: str
    path: str
    line: int | None = None
    entry: Mapping[str, object] | None = None
    note: str | None = None
    position: int = 0


@dataclass(frozen=True, slots=True)
class Rejected:
    """Something named, or found in a folder, that gives no report; `failed` says that it should have."""

    path: str
    reason: str
    failed: bool
    line: int | None = None
    position: int = 0


def discover(named: Iterable[str], *, own: Collection[Path] = ()) -> Iterator[Task | Rejected]:
    """The reports behind what was named, lazily and numbered; `own` are this run's files, never inputs."""
    for position, item in enumerate(_items(named, frozenset(path.resolve() for path in own))):
        yield replace(item, position=position)


def _items(named: Iterable[str], outputs: frozenset[Path]) -> Iterator[Task | Rejected]:
    ids = _Ids()
    for name in named:
        for found in _expand(name):
            if isinstance(found, Rejected):
                yield found
            elif found.resolve() in outputs:
                yield Rejected(str(found), "it is written by this run", failed=False)
            elif is_corpus(found):
                yield from _corpus_tasks(found, ids)
            else:
                yield ids.task(_own_id(found), path=str(found))


def fingerprint(task: Task) -> str:
    """Changes whenever the input does: a rerun may keep a result whose fingerprint is the same."""
    if task.entry is not None:
        # `surrogatepass`, since JSON may hold lone surrogates.
        text = json.dumps(task.entry, ensure_ascii=False, sort_keys=True, default=str)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    with Path(task.path).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    beside = find_sidecar(Path(task.path))
    return f"{digest} {beside.findings}" if beside.findings else digest


def _own_id(path: Path) -> str:
    """The sidecar's id, else the stem; a broken sidecar is told when the report is read."""
    try:
        return find_sidecar(path).id or path.stem
    except ZhibiaoError:
        return path.stem


class _Ids:
    """Gives each report an id of its own: `name`, `name-2`, `name-3`, in input order."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def task(
        self, wanted: str, *, path: str, line: int | None = None, entry: Mapping[str, object] | None = None
    ) -> Task:
        """A Task whose id no other has."""
        # Names of files may hold bytes that are no text, and JSONL lone surrogates.
        wanted = wanted.encode("utf-8", "backslashreplace").decode()
        chosen, number = wanted, 1
        while chosen in self._given:
            number += 1
            chosen = f"{wanted}-{number}"
        self._given.add(chosen)
        note = None if chosen == wanted else f"another input is called {wanted}, so this one is {chosen}"
        return Task(chosen, path, line, entry, note)


def _corpus_tasks(path: Path, ids: _Ids) -> Iterator[Task | Rejected]:
    try:
        for line, entry in entries(path):
            if isinstance(entry, DataError):
                reason = str(entry).removeprefix(f"{path}:{line}: ")
                yield Rejected(str(path), reason, failed=True, line=line)
            else:
                wanted = entry.get("id") or f"{path.name.split('.jsonl')[0]}-line{line}"
                yield ids.task(str(wanted), path=str(path), line=line, entry=entry)
    except ReadError as error:
        yield Rejected(str(path), f"{error.finding}; {error.remedy}", failed=True)


def _expand(name: str) -> Iterator[Path | Rejected]:
    # os.path rather than Path: it says False, not PermissionError, below a locked folder.
    if os.path.isdir(name):  # noqa: PTH112
        yield from _folder(Path(name))
    elif os.path.lexists(name) or not glob.has_magic(name):
        yield Path(name)
    else:
        matches = sorted(glob.glob(name, recursive=True))  # noqa: PTH207 - Path.glob takes no absolute pattern
        if not matches:
            yield Rejected(name, "no file matches this pattern; check the folder and the quotes", failed=True)
        for match in matches:
            yield from _expand(match)


def _folder(folder: Path) -> Iterator[Path | Rejected]:
    """Reports below a folder, by name at each level; a folder without any is a failure."""
    found = False
    for item in _walk(folder):
        found = found or isinstance(item, Path)
        yield item
    if not found:
        known = " ".join(FORMATS)
        yield Rejected(str(folder), f"no report in this folder; looked for {known}", failed=True)


def _walk(folder: Path) -> Iterator[Path | Rejected]:
    try:
        children = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        reason = f"the folder cannot be read: {error.strerror}; check its permissions"
        yield Rejected(str(folder), reason, failed=True)
        return
    for child in children:
        path = Path(child.path)
        if child.name.endswith(_OF_A_RUN):
            continue
        if child.is_dir(follow_symlinks=False) and not child.name.startswith("."):
            yield from _walk(path)
        elif why_not := _not_a_report(path):
            yield Rejected(str(path), why_not, failed=False)
        else:
            yield path


def _not_a_report(path: Path) -> str | None:
    if path.name.startswith((".", "~$")):
        return "hidden or temporary"
    if path.is_dir():
        return "a link to a folder; name the folder itself"
    if is_corpus(path):
        return "JSONL is read only when it is named itself"
    if path.suffix.lower() not in _REPORTS_OF_OTHERS | FORMATS.keys():
        return f"not a report: {path.suffix or 'no'} extension"
    return None
