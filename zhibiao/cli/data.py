"""`zhibiao data ...`: gold checked, counted and split."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zhibiao.cli.app import ExitCode, printable
from zhibiao.cli.evaluate import GroupBy

if TYPE_CHECKING:
    from annotation.checks import Checked, Severity
    from annotation.splitting import Splits
    from zhibiao.schema import GoldReport

__all__ = ["register"]

Paths = Annotated[
    list[Path],
    typer.Argument(metavar="PATH...", help="Gold: .jsonl files or folders of them.", show_default=False),
]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    group = typer.Typer(help="Gold checked, counted and split.", no_args_is_help=True)
    group.callback()(_data)
    group.command("check")(check)
    group.command("stats")(stats)
    group.command("split")(split)
    app.add_typer(group, name="data")


def _data() -> None:
    """Gold checked, counted and split."""


def check(
    paths: Paths,
    *,
    splits: Annotated[
        Path | None,
        typer.Option(
            help="The splits to check with.  [default: splits.toml beside the gold, if there]",
            show_default=False,
        ),
    ] = None,
    rules: Annotated[
        bool, typer.Option(help="Also tell where the rules confidently read otherwise than the gold.")
    ] = True,
    predictions: Annotated[
        Path | None,
        typer.Option(
            help="Records of a model that has not learned from these reports: where it is confident and "
            "reads otherwise is told.",
            metavar="RECORDS",
            show_default=False,
        ),
    ] = None,
    confidence: Annotated[
        float,
        typer.Option(min=0, max=1, help="How confident the rules or the model must be to be told."),
    ] = 0.9,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings too end in exit status 3.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print all findings as JSON.")] = False,
) -> None:
    """Check gold: errors make it unfit for training, warnings are places to look at."""
    from annotation.checks import Severity
    from annotation.checks import check as run
    from zhibiao.jsonl import read_records
    from zhibiao.rules import RulePredictor

    known = _splits(splits, paths)
    predictor = RulePredictor() if rules else None
    predicted = read_records(predictions) if predictions else None
    checked = run(paths, splits=known, predictor=predictor, predicted=predicted, confident=confidence)
    if as_json:
        typer.echo(_checked_json(checked))
    else:
        _print_checked(checked)
    if checked.of(Severity.ERROR) or (strict and checked.faults):
        raise typer.Exit(ExitCode.INPUTS_FAILED)


def _splits(named: Path | None, paths: list[Path]) -> Splits | None:
    """Those named, else those beside the only gold given; splits say nothing of gold from elsewhere."""
    from annotation.splitting import read_splits

    if named is None and len(paths) == 1:
        beside = (paths[0] if paths[0].is_dir() else paths[0].parent) / "splits.toml"
        named = beside if beside.is_file() else None
    return read_splits(named) if named else None


def _checked_json(checked: Checked) -> str:
    from annotation.checks import Severity

    parts = {
        "reports": checked.n_reports,
        "records": checked.n_records,
        "errors": len(checked.of(Severity.ERROR)),
        "warnings": len(checked.of(Severity.WARNING)),
        "findings": [fault.to_json() for fault in checked.faults],
    }
    return json.dumps(parts, ensure_ascii=True, indent=2)


def _print_checked(checked: Checked) -> None:
    from annotation.checks import Severity

    for fault in checked.faults:
        typer.echo(printable(fault.line()))
    counts = ", ".join(_count(checked, severity) for severity in Severity)
    typer.echo(f"{checked.n_reports} reports, {checked.n_records} records: {counts}", err=True)


def _count(checked: Checked, severity: Severity) -> str:
    number = len(checked.of(severity))
    return f"{number or 'no'} {severity}{'' if number == 1 else 's'}"


def stats(
    paths: Paths,
    *,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write a picture (.svg) too.", show_default=False),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print all numbers as JSON.")] = False,
) -> None:
    """Count what gold holds: records, spans, lengths, by label, district, year and kind."""
    from annotation.stats import measure_data
    from annotation.stats_view import picture, stats_to_json
    from zhibiao.files import whole_file

    measured = measure_data(_reports(paths))
    if output:
        with whole_file(output) as partial:
            partial.write_text(picture(measured), encoding="utf-8")
    if as_json:
        typer.echo(json.dumps(stats_to_json(measured), ensure_ascii=True, indent=2))
        return
    from rich.console import Console

    from annotation.stats_view import tables

    console = Console()
    for table in tables(measured):
        console.print(table)


def _reports(paths: list[Path]) -> list[GoldReport]:
    from zhibiao.jsonl import read_gold

    return [report for path in paths for report in read_gold(path)]


def split(
    paths: Paths,
    *,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The .toml file to write.", show_default=False)
    ],
    by: Annotated[GroupBy, typer.Option(help="What stays together.")] = GroupBy.DISTRICT,
    dev: Annotated[int, typer.Option(min=0, help="Groups for development.")] = 1,
    test: Annotated[int, typer.Option(min=0, help="Groups held out for the test.")] = 2,
    seed: Annotated[int, typer.Option(help="Which groups are drawn.")] = 0,
) -> None:
    """Split gold by district: no report of a held-out district is seen in training."""
    from annotation.splitting import PARTS, group_of, write_splits
    from annotation.splitting import split as draw

    reports = _reports(paths)
    drawn = draw(reports, by.value, dev=dev, test=test, seed=seed)
    write_splits(output, drawn)
    for part in PARTS:
        own = [report for report in reports if group_of(report, drawn.group_by) in drawn.parts[part]]
        records = sum(len(report.records) for report in own)
        names = "、".join(drawn.parts[part])
        typer.echo(printable(f"{part:5} {len(own):4} reports {records:6} records  {names}"), err=True)
    typer.echo(printable(f"written {output}"), err=True)
