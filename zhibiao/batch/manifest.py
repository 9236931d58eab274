"""The manifest of a batch: one row per report in an SQLite file beside the output.

It says what became of every input, and keeps each report's records, from which the outputs are written. So a
rerun with `--resume` need not repeat what is done, and an interrupted run leaves no half-written output.

Every outcome is committed by itself, into a write-ahead log that costs no wait for the disk: a kill at any
moment loses nothing that was added, and others can read while a run writes.
"""

from __future__ import annotations

import gzip
import io
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from zhibiao.batch.lock import LockedError, locked
from zhibiao.errors import WriteError
from zhibiao.files import unwritable

__all__ = ["FORMAT", "Manifest", "Outcome", "Status", "Totals", "manifest_path", "open_manifest"]

FORMAT = "zhibiao-manifest-1"

_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) STRICT;
CREATE TABLE documents (
    position INTEGER,
    id TEXT,
    path TEXT NOT NULL,
    line INTEGER,
    status TEXT NOT NULL,
    error TEXT,
    notes TEXT NOT NULL,
    sha256 TEXT,
    fingerprint TEXT,
    format TEXT,
    encoding TEXT,
    characters INTEGER NOT NULL,
    n_records INTEGER NOT NULL,
    n_targets INTEGER NOT NULL,
    seconds REAL NOT NULL,
    records BLOB
) STRICT;
CREATE UNIQUE INDEX document_ids ON documents (id) WHERE id IS NOT NULL;
CREATE INDEX document_positions ON documents (position);
"""


_NOTED = "status = ?1 AND notes <> '[]'"
_FAILED = "status IN ('failed', 'quarantined')"


class Status(StrEnum):
    """What became of an input."""

    DONE = "done"
    FAILED = "failed"
    QUARANTINED = "quarantined"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one input; `records` holds its records as gzipped lines of JSON."""

    position: int
    id: str | None
    path: str
    status: Status
    line: int | None = None
    error: str | None = None
    notes: tuple[str, ...] = ()
    sha256: str | None = None
    fingerprint: str | None = None
    format: str | None = None
    encoding: str | None = None
    characters: int = 0
    n_records: int = 0
    n_targets: int = 0
    seconds: float = 0.0
    records: bytes | None = None

    @property
    def place(self) -> str:
        """`path`, or `path:line`."""
        return self.path if self.line is None else f"{self.path}:{self.line}"


_COLUMNS = tuple(column.name for column in fields(Outcome))


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over a batch; the quarantined count among the failed too."""

    done: int
    failed: int
    quarantined: int
    skipped: int
    characters: int
    records: int
    targets: int


def manifest_path(output: Path) -> Path:
    """`records.jsonl.manifest` for `records.jsonl`."""
    return output.with_name(output.name + ".manifest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """What an earlier run left in the manifest."""

    statuses: Mapping[str, Status] = field(default_factory=dict)
    suspect: str | None = None
    dropped: Mapping[str, tuple[str, str]] = field(default_factory=dict)


class Manifest:
    """An open manifest; made by `open_manifest`, which also closes it."""

    def __init__(self, connection: sqlite3.Connection, earlier: Earlier) -> None:
        self._connection = connection
        self._earlier = earlier

    @property
    def earlier(self) -> Mapping[str, Status]:
        """What became of each report in the run that this one resumes, by id."""
        return self._earlier.statuses

    @property
    def suspect(self) -> str | None:
        """The report that the run which this one resumes was at when it was killed, if it worked alone."""
        return self._earlier.suspect

    @property
    def dropped(self) -> Mapping[str, tuple[str, str]]:
        """The settings, then and now, for whose sake nothing of the earlier run is kept."""
        return self._earlier.dropped

    def begin(self, id: str | None) -> None:
        """Note which report is worked on in this very process, before it can be killed by it."""
        row = ("working", None if id is None else _storable(id))
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", row)

    def add(self, outcome: Outcome) -> None:
        """Store an outcome for good, in place of an earlier one of the same id."""
        row = {name: getattr(outcome, name) for name in _COLUMNS} | {"notes": json.dumps(outcome.notes)}
        marks = ", ".join("?" * len(row))
        self._connection.execute(
            f"INSERT OR REPLACE INTO documents ({', '.join(row)}) VALUES ({marks})",
            [*map(_storable, row.values())],
        )

    def keep(self, position: int, *, id: str, fingerprint: str) -> bool:
        """Take over the result of an earlier run, if there is one for exactly this input."""
        changed = self._connection.execute(
            "UPDATE documents SET position = ? WHERE id = ? AND fingerprint = ?", (position, id, fingerprint)
        )
        return changed.rowcount == 1

    def forget_unnamed(self) -> None:
        """Drop what an earlier run did and this one does not name."""
        self._connection.execute("DELETE FROM documents WHERE position IS NULL")

    def complete(self) -> None:
        """Write down that the outputs are in place."""
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES ('state', 'complete')")

    def lines(self) -> Iterator[bytes]:
        """Every record as a line of JSON, without the line break, in input order."""
        rows = self._connection.execute(
            "SELECT records FROM documents WHERE records IS NOT NULL ORDER BY position"
        )
        for (blob,) in rows:
            with gzip.open(io.BytesIO(blob)) as lines:
                yield from (line.removesuffix(b"\n") for line in lines)

    def outcomes(self, status: str | None = None) -> Iterator[Outcome]:
        """Outcomes in input order, without their records."""
        return self._select("?1 IS NULL OR status = ?1", status)

    def failures(self) -> Iterator[Outcome]:
        """Outcomes of what gave no records and should have, be it quarantined or not."""
        return self._select(f"?1 IS NULL AND {_FAILED}", None)

    def noted(self) -> Iterator[Outcome]:
        """Outcomes of reports that were read and of which there is something to tell."""
        return self._select(_NOTED, Status.DONE)

    def count_noted(self) -> int:
        """How many `noted` gives."""
        row = self._connection.execute(
            f"SELECT COUNT(*) FROM documents WHERE {_NOTED}", (Status.DONE,)
        ).fetchone()
        return int(row[0])

    def _select(self, condition: str, argument: str | None) -> Iterator[Outcome]:
        names = _COLUMNS[:-1]
        rows = self._connection.execute(
            f"SELECT {', '.join(names)} FROM documents WHERE {condition} ORDER BY position", (argument,)
        )
        for row in rows:
            fields = dict(zip(names, row, strict=True))
            yield Outcome(
                **{**fields, "status": Status(fields["status"]), "notes": tuple(json.loads(fields["notes"]))}
            )

    def totals(self) -> Totals:
        """Sums over all inputs of this run."""
        row = self._connection.execute(
            f"SELECT COUNT(*) FILTER (WHERE status = 'done'), COUNT(*) FILTER (WHERE {_FAILED}), "
            "COUNT(*) FILTER (WHERE status = 'quarantined'), COUNT(*) FILTER (WHERE status = 'skipped'), "
            "COALESCE(SUM(characters), 0), COALESCE(SUM(n_records), 0), COALESCE(SUM(n_targets), 0) "
            "FROM documents"
        ).fetchone()
        return Totals(*row)


@contextmanager
def open_manifest(
    path: Path, settings: Mapping[str, str], *, resume: bool, retry_quarantined: bool = False
) -> Iterator[Manifest]:
    """The manifest at `path`, locked for this run; its folder is made if need be.

    With `resume` the results of an earlier run stay in it. `settings` are what decides a result beside the
    input itself (predictor, version, ...): results that were made under others are dropped.
    """
    kept = [Status.DONE] if retry_quarantined else [Status.DONE, Status.QUARANTINED]
    with _only_run(path), closing(_connect(path)) as connection:
        try:
            yield Manifest(connection, _prepare(connection, path, settings, kept if resume else ()))
        except sqlite3.Error as error:
            reason = f"cannot be written ({error}); free space, close what reads it, then --resume"
            raise WriteError(f"{path}: the manifest {reason}") from error
        finally:
            _tidy(connection)


@contextmanager
def _only_run(path: Path) -> Iterator[None]:
    with ExitStack() as stack:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            stack.enter_context(locked(path))
        except LockedError as error:
            remedy = "wait for it to end, or choose another -o"
            raise WriteError(f"{path}: another run is writing it; {remedy}") from error
        except OSError as error:
            raise unwritable(path, error) from error
        yield


def _connect(path: Path) -> sqlite3.Connection:
    try:
        return sqlite3.connect(path, isolation_level=None)
    except sqlite3.DatabaseError as error:
        raise WriteError(f"{path}: cannot be used as the manifest ({error}); {_remedy(error)}") from error


def _prepare(
    connection: sqlite3.Connection, path: Path, settings: Mapping[str, str], kept: Sequence[Status]
) -> Earlier:
    """What an earlier run left; of its reports those stay that have one of the statuses `kept`."""
    meta = _meta(connection, path)
    # A file system without shared memory refuses the log; then every outcome waits for the disk.
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    with _transaction(connection):
        earlier = _earlier(connection, meta, settings) if kept and meta else Earlier()
        if not earlier.statuses:
            _recreate(connection, settings)
        # What gets no position again was not named this time; what failed is tried again.
        connection.execute("UPDATE documents SET position = NULL")
        marks = ", ".join("?" * len(kept))
        connection.execute(f"DELETE FROM documents WHERE status NOT IN ({marks})", kept)
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('state', 'running')")
    return earlier


def _earlier(connection: sqlite3.Connection, meta: Mapping[str, str], settings: Mapping[str, str]) -> Earlier:
    """With the reports of the earlier run only if it ran under the same settings."""
    suspect = meta.get("working")
    rows = connection.execute("SELECT id, status FROM documents WHERE id IS NOT NULL").fetchall()
    changed = {
        key: (meta.get(key, "unknown"), value) for key, value in settings.items() if meta.get(key) != value
    }
    if changed:
        return Earlier(suspect=suspect, dropped=changed if rows else {})
    return Earlier(suspect=suspect, statuses={id: Status(status) for id, status in rows})


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _tidy(connection: sqlite3.Connection) -> None:
    """One file again, which can be read from a folder that nobody may write to.

    It fails while somebody reads, or on a full disk: then the log stays beside it, and nothing is lost.
    """
    with suppress(sqlite3.Error):
        connection.execute("PRAGMA journal_mode = DELETE")


def _remedy(error: sqlite3.DatabaseError) -> str:
    if isinstance(error, sqlite3.OperationalError):
        return "another program may be writing it, or the folder is read-only; choose another -o"
    return "it is not a zhibiao manifest; move that file away or choose another -o"


def _meta(connection: sqlite3.Connection, path: Path) -> dict[str, str]:
    """What an earlier run wrote; empty for a new file. A database of another program is refused."""
    try:
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.DatabaseError as error:
        raise WriteError(f"{path}: cannot be used as the manifest ({error}); {_remedy(error)}") from error
    if not tables:
        return {}
    meta = dict(connection.execute("SELECT key, value FROM meta")) if "meta" in tables else {}
    if meta.get("format") != FORMAT:
        raise WriteError(f"{path}: a database, but no {FORMAT}; move that file away or choose another -o")
    return meta


def _recreate(connection: sqlite3.Connection, settings: Mapping[str, str]) -> None:
    for table in ("meta", "documents"):
        connection.execute(f"DROP TABLE IF EXISTS {table}")
    for statement in _TABLES.split(";"):
        connection.execute(statement)
    created = datetime.now(UTC).isoformat(timespec="seconds")
    meta = {"format": FORMAT, "created": created, **settings}
    connection.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())


def _storable(value: object) -> object:
    """SQLite takes no lone surrogates, which names of files and messages may hold."""
    return value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value
