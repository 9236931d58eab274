"""From a Task to its Document, and from what went wrong to an Outcome."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from hashlib import file_digest, sha256
from pathlib import Path

from zhibiao.batch.corpus import metadata_of
from zhibiao.batch.inputs import Rejected, Task, fingerprint
from zhibiao.batch.manifest import Outcome, Status
from zhibiao.batch.pool import Death
from zhibiao.documents import build, read
from zhibiao.errors import ReadError, ZhibiaoError
from zhibiao.schema import Document, Source

__all__ = ["document_of", "failed", "guarded", "outcome_of", "quarantined", "rejection"]


def document_of(task: Task, overrides: Mapping[str, str | int]) -> Document:
    """The report of a task; `overrides` are metadata of a file that win over what it says."""
    if task.entry is None:
        return read(Path(task.path), id=task.id, overrides=overrides)
    text = str(task.entry["text"])
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    source = Source(Path(task.path).name, digest, "jsonl", "utf-8")
    return build(text, id=task.id, known=metadata_of(task.entry), source=source)


def guarded(work: Callable[[Task], Outcome], task: Task) -> Outcome:
    """What `work` makes of the task, and how long it took; never raises on account of the input."""
    started = time.perf_counter()
    try:
        outcome = work(task)
    except Exception as error:  # noqa: BLE001 - a bug that one report brings out must not cost the others
        outcome = failed(task, error)
    return replace(outcome, seconds=time.perf_counter() - started)


def shared(outcomes: Sequence[Outcome], seconds: float) -> list[Outcome]:
    """Outcomes of reports that were worked on together: each has taken as long as its part of the text."""
    total = max(1, sum(outcome.characters for outcome in outcomes))
    return [replace(outcome, seconds=seconds * outcome.characters / total) for outcome in outcomes]


def failed(task: Task, error: Exception | str) -> Outcome:
    """The outcome of a task that `error` ended; an error of no kind of ours is a bug and says where."""
    return replace(outcome_of(task, Status.FAILED), error=_reason(error), sha256=_checksum(task))


def outcome_of(task: Task, status: Status) -> Outcome:
    """An outcome that says which task it is of, and its note; `replace` adds the rest."""
    notes = (task.note,) if task.note else ()
    return Outcome(
        position=task.position, id=task.id, path=task.path, line=task.line, status=status, notes=notes
    )


def quarantined(death: Death[Task]) -> Outcome:
    """The outcome of a task that killed two processes: a rerun leaves it alone while it stays the same."""
    reason = (
        f"quarantined: two processes that worked on it died ({death.how}); split it, or try again with more "
        "memory: --resume --retry-quarantined (annotate silver: --fresh)"
    )
    outcome = replace(failed(death.task, reason), status=Status.QUARANTINED, seconds=death.seconds)
    try:
        return replace(outcome, fingerprint=fingerprint(death.task))
    except (OSError, ZhibiaoError):
        return outcome


def rejection(item: Rejected) -> Outcome:
    """The outcome of what gave no report."""
    status = Status.FAILED if item.failed else Status.SKIPPED
    return Outcome(
        position=item.position, id=None, path=item.path, line=item.line, status=status, error=item.reason
    )


def _checksum(task: Task) -> str | None:
    """The same as of a report that could be read; None where there is nothing to read."""
    if task.entry is not None:
        return sha256(str(task.entry.get("text")).encode("utf-8", "surrogatepass")).hexdigest()
    try:
        with Path(task.path).open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def _reason(error: Exception | str) -> str:
    """The path stands beside the reason, not in it."""
    if isinstance(error, ReadError):
        return f"{error.finding}; {error.remedy}"
    return str(error) if isinstance(error, ZhibiaoError | str) else _unexpected(error)


def _unexpected(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(frame.filename).name}:{frame.lineno}"
    return f"unexpected {type(error).__name__} at {place}: {error}; please report it with the file"
