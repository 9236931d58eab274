"""`zhibiao annotate silver`: rules label a corpus, with a confidence for every sentence."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zhibiao.cli.app import ExitCode, complain, printable
from zhibiao.cli.corpus import Corpus, Without, WithoutFile, names_left_out

if TYPE_CHECKING:
    from annotation.silver import Summary

__all__ = ["silver"]


Output = Annotated[Path, typer.Option("--output", "-o", help="The .jsonl file to write.", show_default=False)]
WithoutGold = Annotated[
    list[Path] | None,
    typer.Option(
        help="Leave out all districts and cities of this gold, which a model is scored on; repeatable.",
        metavar="GOLD",
        show_default=False,
    ),
]
Weights = Annotated[
    Path | None,
    typer.Option(help="Weights of the confidence, in place of the shipped ones.", show_default=False),
]
Fresh = Annotated[
    bool, typer.Option("--fresh", help="Label anew what an earlier run to this output has done.")
]


def silver(
    inputs: Corpus,
    *,
    output: Output,
    without: Without = None,
    without_file: WithoutFile = None,
    without_gold: WithoutGold = None,
    calibration: Weights = None,
    workers: Annotated[int, typer.Option(min=0, help="Processes; 0: as many as pay.")] = 0,
    fresh: Fresh = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON on stdout.")] = False,
) -> None:
    """Label a corpus by rules as silver: gold's format, and a confidence for every sentence.

    A run that was stopped goes on where it was when the same command is given again.
    """
    from annotation.silver import Silver, make_silver, read_calibration, shipped_calibration
    from zhibiao.cli.progress import progress
    from zhibiao.rules import RulePredictor

    job = Silver(
        inputs=inputs,
        output=output,
        factory=RulePredictor,
        calibration=read_calibration(calibration) if calibration else shipped_calibration(),
        without=names_left_out(without, without_file, without_gold),
        workers=workers,
        fresh=fresh,
    )
    with progress("reports", quiet=quiet) as advance:
        summary = make_silver(job, on_outcome=lambda outcome: advance(outcome.characters))
    if as_json:
        typer.echo(_json(summary))
    _print(summary, quiet=quiet)
    if summary.totals.failed:
        raise typer.Exit(ExitCode.INPUTS_FAILED)


def _json(summary: Summary) -> str:
    failures = [{"input": one.place, "reason": one.error} for one in summary.failures]
    parts = {
        "predictor": summary.predictor,
        "totals": asdict(summary.totals),
        "kept": summary.kept,
        "left_out": dict(summary.left_out),
        "safe": [asdict(one) for one in summary.safe],
        "failures": failures,
        "output": summary.output,
        "manifest": summary.manifest,
    }
    return json.dumps(parts, ensure_ascii=True, indent=2)


def _print(summary: Summary, *, quiet: bool) -> None:
    for line in () if quiet else _lines(summary):
        typer.echo(printable(line), err=True)
    for one in summary.failures:
        complain(f"{one.place}: {one.error}")
    if summary.totals.failed > len(summary.failures):
        rest = summary.totals.failed - len(summary.failures)
        complain(f"... and {rest:,} more, all in {summary.manifest}")


def _lines(summary: Summary) -> Iterator[str]:
    totals = summary.totals
    kept = f" ({summary.kept:,} kept from an earlier run; --fresh labels them anew)" if summary.kept else ""
    left_out = sum(summary.left_out.values())
    others = f"{totals.failed:,} failed, {left_out:,} left out, {totals.skipped - left_out:,} skipped"
    yield f"reports    {totals.done:>10,} done{kept}, {others}"
    yield f"characters {totals.characters:>10,}"
    yield f"records    {totals.records:>10,}"
    for one in summary.safe:
        yield f"  of confidence >= {one.confidence:<4} {one.records:>10,} in {one.sentences:,} sentences"
    for name, count in summary.left_out.items():
        found = f"{count:,} left out" if count else "stands in no report; check the name"
        yield f"without {name}: {found}"
    yield f"written    {summary.output}"
    yield f"manifest   {summary.manifest}"
