"""Where the texts behind a file of records are: named by the user, or by the manifest beside the records."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from zhibiao.batch.corpus import entries
from zhibiao.batch.inputs import Rejected, Task, discover
from zhibiao.documents import read
from zhibiao.errors import DataError, ReadError
from zhibiao.view import TextState

__all__ = ["FoundText", "Origin", "ReportTexts", "read_manifest"]


@dataclass(frozen=True, slots=True)
class Origin:
    """The file that a report was read from, or the line of a JSONL; `sha256` as it was then, if known."""

    path: Path
    line: int | None
    sha256: str | None
    n_records: int = 0


@dataclass(frozen=True, slots=True)
class FoundText:
    """A report's text, or why there is none; `problem` says it at length, for the terminal."""

    text: str | None
    state: TextState
    detail: str | None
    problem: str | None = None


def read_manifest(path: Path) -> dict[str, Origin]:
    """The reports that the extraction read, by id; empty when there is no manifest."""
    if not path.exists():
        return {}
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as manifest:
            rows = manifest.execute(
                "SELECT id, path, line, sha256, n_records FROM documents WHERE status = 'done' "
                "ORDER BY position"
            ).fetchall()
    except sqlite3.Error as error:
        raise DataError(f"{path}: not a manifest that can be read ({error}); extract again") from error
    return {id: Origin(_near(Path(name), path), line, digest, n) for id, name, line, digest, n in rows}


def _near(name: Path, manifest: Path) -> Path:
    """A relative path counts from where `extract` ran: from here, or else from the manifest's folder."""
    beside = manifest.parent / name
    return beside if not name.exists() and beside.exists() else name


class ReportTexts:
    """Finds texts by report id. A text whose sha256 differs from the manifest's is refused."""

    def __init__(self, recorded: Mapping[str, Origin], named: Iterable[str] = ()) -> None:
        self._recorded = recorded
        self.rejected: list[Rejected] = []
        self._by_id: dict[str, Origin] = {}
        self._by_digest: dict[str, Origin] = {}
        self._lines: dict[Path, dict[int, str]] = {}
        for task in self._tasks(named):
            self._add(task)

    def _tasks(self, named: Iterable[str]) -> Iterator[Task]:
        for item in discover(named):
            if isinstance(item, Task):
                yield item
            elif item.failed:
                self.rejected.append(item)

    def _add(self, task: Task) -> None:
        digest = _digest(task)
        origin = Origin(Path(task.path), task.line, digest)
        self._by_id[task.id] = origin
        if digest is not None:
            self._by_digest[digest] = origin

    def find(self, report: str) -> FoundText:
        """The text of the report called `report`."""
        recorded = self._recorded.get(report)
        origin = self._origin(report, recorded)
        if origin is None:
            problem = f"{report}: no file is known for it; name the report's file with --reports"
            return FoundText(None, TextState.MISSING, None, problem)
        try:
            text, digest = self._read(origin)
        except ReadError as error:
            state = TextState.UNREADABLE if origin.path.exists() else TextState.MISSING
            return FoundText(None, state, origin.path.name, f"{report}: {error}")
        return _checked(report, origin, text, digest=digest, wanted=recorded.sha256 if recorded else None)

    def _origin(self, report: str, recorded: Origin | None) -> Origin | None:
        same = self._by_digest.get(recorded.sha256) if recorded and recorded.sha256 else None
        return same or self._by_id.get(report) or recorded

    def _read(self, origin: Origin) -> tuple[str, str]:
        if origin.line is None:
            document = read(origin.path)
            return document.text, document.source.sha256 if document.source else ""
        text = self._line(origin.path, origin.line)
        return text, _text_digest(text)

    def _line(self, path: Path, line: int) -> str:
        """Reads a JSONL once, keeping only the lines that records came from."""
        if path not in self._lines:
            origins = [*self._recorded.values(), *self._by_id.values()]
            wanted = {origin.line for origin in origins if origin.path == path}
            self._lines[path] = {
                number: str(entry["text"])
                for number, entry in entries(path)
                if number in wanted and not isinstance(entry, DataError)
            }
        if line not in self._lines[path]:
            raise ReadError(path, f"no report in line {line}", "give the file that was extracted")
        return self._lines[path][line]


def _digest(task: Task) -> str | None:
    """None for a file that cannot be read: the report that needs it will say so."""
    if task.entry is not None:
        return _text_digest(str(task.entry["text"]))
    try:
        return sha256(Path(task.path).read_bytes()).hexdigest()
    except OSError:
        return None


def _text_digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _checked(report: str, origin: Origin, text: str, *, digest: str, wanted: str | None) -> FoundText:
    name = origin.path.name if origin.line is None else f"{origin.path.name}:{origin.line}"
    if wanted is None:
        return FoundText(text, TextState.UNVERIFIED, name)
    if digest == wanted:
        return FoundText(text, TextState.VERIFIED, f"{name}, sha256 {digest[:12]}…")
    problem = (
        f"{report}: {origin.path} has changed since it was extracted (sha256 {digest[:12]}…, "
        f"then {wanted[:12]}…); extract it again, or name the old file with --reports"
    )
    return FoundText(None, TextState.CHANGED, name, problem)
