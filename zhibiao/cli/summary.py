"""What a batch came to: a table for people, JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import typer

from zhibiao.cli.app import printable

if TYPE_CHECKING:
    from inference.extract import Summary
    from zhibiao.batch import Filled, Outcome

__all__ = ["print_summary", "summary_json"]


def summary_json(summary: Summary) -> str:
    """The summary as one JSON object."""
    totals = summary.totals
    return json.dumps(
        {
            "predictor": summary.predictor,
            "documents": {
                "done": totals.done,
                "kept": summary.resumed.kept,
                "changed": summary.resumed.changed,
                "retried": summary.resumed.retried,
                "failed": totals.failed,
                "quarantined": totals.quarantined,
                "skipped": totals.skipped,
            },
            "characters": totals.characters,
            "records": {
                "all": totals.records,
                "actual": totals.records - totals.targets,
                "target": totals.targets,
                "held_back": summary.held_back,
            },
            "outputs": summary.outputs,
            "manifest": summary.manifest,
            "failures": [{"input": o.place, "reason": o.error} for o in summary.failures],
            "skipped": [{"input": o.place, "reason": o.error} for o in summary.skipped],
            "notes": [{"input": o.place, "id": o.id, "notes": o.notes} for o in summary.noted],
            "output_notes": summary.output_notes,
        },
        indent=2,
    )


def print_summary(summary: Summary, *, quiet: bool) -> None:
    """Print it to stderr; with `quiet` only what failed."""
    totals = summary.totals
    lines = [] if quiet else [*_table(summary)]
    lines += _listing("failed", summary.failures, totals.failed, summary.manifest)
    if not quiet:
        lines += _listing("skipped", summary.skipped, totals.skipped, summary.manifest)
        lines += _listing("note", summary.noted, summary.n_noted, summary.manifest)
        lines += (f"note: {note}" for note in summary.output_notes)
    for line in lines:
        typer.echo(printable(line), err=True)


def _table(summary: Summary) -> Iterator[str]:
    totals = summary.totals
    quarantined = f" ({totals.quarantined:,} quarantined)" if totals.quarantined else ""
    done = f"{totals.done:>9,} done{_resumed(summary.resumed)}"
    yield f"reports    {done}, {totals.failed:,} failed{quarantined}, {totals.skipped:,} skipped"
    yield f"characters {totals.characters:>9,}"
    actual = totals.records - totals.targets
    yield f"records    {totals.records:>9,} ({actual:,} actual, {totals.targets:,} target)"
    if summary.held_back:
        yield f"held back  {summary.held_back:>9,} of them, of too little confidence; the manifest has them"
    yield f"written    {', '.join(summary.outputs)}"
    yield f"manifest   {summary.manifest}"


def _resumed(resumed: Filled) -> str:
    """What became of the results of an earlier run."""
    counts = {
        "kept from an earlier run": resumed.kept,
        "changed since": resumed.changed,
        "tried again after they failed": resumed.retried,
        "left in quarantine": resumed.quarantined,
    }
    told = ", ".join(f"{count:,} {what}" for what, count in counts.items() if count)
    return f" ({told})" if told else ""


def _listing(word: str, outcomes: Sequence[Outcome], total: int, manifest: str) -> Iterator[str]:
    for outcome in outcomes:
        for text in (outcome.error,) if outcome.error else outcome.notes:
            yield f"{word}: {outcome.place}: {text}"
    if total > len(outcomes):
        yield f"{word}: ... {total - len(outcomes):,} more, all in {manifest}"
