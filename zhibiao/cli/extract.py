"""`zhibiao extract`: reports to records."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zhibiao.cli.app import ExitCode
from zhibiao.cli.overrides import City, District, Publisher, ReportYear, SittingYear, Title, stated
from zhibiao.cli.predictors import Method, choose_predictor

if TYPE_CHECKING:
    from inference.extract import Summary

__all__ = ["extract", "register"]


class Engine(StrEnum):
    """Where the work is done."""

    LOCAL = "local"


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("extract")(extract)


def extract(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT...",
            help="Reports (.txt .html .docx .pdf), folders, quoted globs, JSONL with a `text` in each line.",
            show_default=False,
        ),
    ],
    *,
    output: Annotated[
        list[Path],
        typer.Option(
            "--output",
            "-o",
            help="Where to: .jsonl, .csv, .parquet or .xlsx; may be given several times.",
            show_default=False,
        ),
    ],
    method: Annotated[Method, typer.Option(help="auto: a model if there is one, else rules.")] = Method.AUTO,
    model: Annotated[Path | None, typer.Option(help="A model's directory.")] = None,
    engine: Annotated[Engine, typer.Option(help="Where the work is done.")] = Engine.LOCAL,
    workers: Annotated[int, typer.Option(min=0, help="Processes; 0: as many as pay.")] = 0,
    resume: Annotated[
        bool, typer.Option("--resume", help="Keep what an earlier run did, retry what failed.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON on stdout.")] = False,
    title: Title = None,
    publisher: Publisher = None,
    district: District = None,
    city: City = None,
    report_year: ReportYear = None,
    sitting_year: SittingYear = None,
) -> None:
    """Extract the records of reports into JSONL, CSV, Parquet or Excel, with a manifest beside the output."""
    from inference.extract import Batch, run_batch
    from zhibiao.cli.progress import progress
    from zhibiao.cli.summary import print_summary, summary_json

    factory, reason = choose_predictor(method, model)
    overrides = stated(
        title=title,
        publisher=publisher,
        district=district,
        city=city,
        report_year=report_year,
        sitting_year=sitting_year,
    )
    if not quiet:
        typer.echo(f"extracting {reason}", err=True)
    batch = Batch(
        inputs=inputs, outputs=output, factory=factory, overrides=overrides, workers=workers, resume=resume
    )
    with progress("reports", quiet=quiet) as advance:
        summary = run_batch(batch, on_outcome=lambda outcome: advance(outcome.characters))
    if as_json:
        typer.echo(summary_json(summary))
    print_summary(summary, quiet=quiet)
    _exit(summary)


def _exit(summary: Summary) -> None:
    if summary.totals.failed:
        raise typer.Exit(ExitCode.INPUTS_FAILED)
