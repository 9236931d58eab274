"""`zhibiao evaluate`: how good a predictor is on gold."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zhibiao.cli.predictors import Method
from zhibiao.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from training.evaluate import Evaluation
    from zhibiao.ports import SpanPredictor
    from zhibiao.schema import GoldReport

__all__ = ["evaluate", "register"]


class GroupBy(StrEnum):
    """What reports may be grouped by."""

    DISTRICT = "district"
    PUBLISHER = "publisher"
    CITY = "city"


class Half(StrEnum):
    """Which half of the reports, every second by id."""

    EVEN = "even"
    ODD = "odd"


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("evaluate")(evaluate)


def evaluate(
    *,
    data: Annotated[
        list[Path],
        typer.Option(help="Gold: a .jsonl file or a folder of them; may be repeated.", show_default=False),
    ],
    method: Annotated[Method, typer.Option(help="How records are found.")] = Method.AUTO,
    model: Annotated[Path | None, typer.Option(help="The folder of a model.", show_default=False)] = None,
    gold_spans: Annotated[
        bool,
        typer.Option("--gold-spans", help="Score the linking alone: assemble records from the gold spans."),
    ] = False,
    half: Annotated[
        Half | None,
        typer.Option(help="Every second report by id: even takes the first, third, ...", show_default=False),
    ] = None,
    group_by: Annotated[
        GroupBy | None,
        typer.Option(help="A line per group in the place of a line per report.", show_default=False),
    ] = None,
    errors: Annotated[
        str | None,
        typer.Option(
            help="Print the errors too: at most N per report, or all.", metavar="N|all", show_default=False
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print all figures as JSON.")] = False,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="Write all figures to a .json file.", show_default=False),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress line.")] = False,
) -> None:
    """Score a predictor on gold: records (strict, relaxed), spans, slots, per report and together."""
    from training.evaluate import GoldSpans
    from training.evaluate import evaluate as run

    limit = _limit(errors)
    reports = _reports(data, half)
    predictor = GoldSpans(reports) if gold_spans else _predictor(method, model, quiet=quiet or as_json)
    evaluation = run(_watched(reports, quiet), predictor, group_by=group_by)
    if output:
        _write(output, evaluation)
    if as_json:
        typer.echo(_json(evaluation))
    else:
        _print(evaluation, grouped=group_by is not None, limit=limit)


def _limit(errors: str | None) -> int | None:
    """How many errors to print per report: 0 for none, None for all."""
    if errors is None:
        return 0
    if errors == "all":
        return None
    if not errors.isdecimal():
        raise ConfigError(f"--errors {errors}: give a number, or all")
    return int(errors)


def _reports(data: list[Path], half: Half | None) -> list[GoldReport]:
    from training.evaluate import halves
    from zhibiao.jsonl import read_gold

    reports = [report for path in data for report in read_gold(path)]
    return halves(reports, half) if half else reports


def _predictor(method: Method, model: Path | None, *, quiet: bool) -> SpanPredictor:
    from zhibiao.cli.predictors import choose_predictor

    factory, reason = choose_predictor(method, model)
    if not quiet:
        typer.echo(f"evaluating {reason}", err=True)
    return factory()


def _watched(reports: list[GoldReport], quiet: bool) -> Iterator[GoldReport]:
    from zhibiao.cli.progress import progress

    with progress("reports", quiet=quiet) as advance:
        for report in reports:
            yield report
            advance(len(report.document.text))


def _write(path: Path, evaluation: Evaluation) -> None:
    from zhibiao.files import whole_file

    with whole_file(path) as partial:
        partial.write_text(_json(evaluation) + "\n", encoding="utf-8")


def _json(evaluation: Evaluation) -> str:
    import json

    from training.evaluation_view import evaluation_to_json

    return json.dumps(evaluation_to_json(evaluation), ensure_ascii=False, indent=2)


def _print(evaluation: Evaluation, *, grouped: bool, limit: int | None) -> None:
    from rich.console import Console

    from training.evaluation_view import error_lines, tables
    from zhibiao.cli.app import printable

    console = Console()
    for table in tables(evaluation, grouped=grouped):
        console.print(table)
    if limit != 0:
        for line in error_lines(evaluation, limit=limit):
            typer.echo(printable(line))
