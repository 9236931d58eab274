"""`zhibiao evaluate`: how good a predictor is on gold."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zhibiao.cli.halves import Half, HalfOption
from zhibiao.cli.predictors import Method
from zhibiao.errors import ConfigError
from zhibiao.view.lang import Lang

if TYPE_CHECKING:
    from training.curve_file import LearningCurve
    from training.evaluate import Evaluation
    from training.provenance import HoldOut
    from zhibiao.schema import GoldReport

__all__ = ["evaluate", "register"]


class GroupBy(StrEnum):
    """What reports may be grouped by."""

    DISTRICT = "district"
    PUBLISHER = "publisher"
    CITY = "city"


Data = Annotated[
    list[Path],
    typer.Option(help="Gold: a .jsonl file or a folder of them; may be repeated.", show_default=False),
]
Model = Annotated[Path | None, typer.Option(help="The folder of a model.", show_default=False)]
HeldOut = Annotated[
    str | None,
    typer.Option(
        help="Score these reports only, and refuse a model that has seen them.",
        metavar="district=NAME",
        show_default=False,
    ),
]
LeftOut = Annotated[
    GroupBy | None,
    typer.Option(help="Score each with a predictor that has not seen it.", show_default=False),
]
Folds = Annotated[
    int | None,
    typer.Option(help="With --leave-one-out: so many folds, not one a district.", show_default=False),
]
Config = Annotated[
    Path | None,
    typer.Option(
        help="With --leave-one-out: the training config of the folds' models.",
        metavar="CONFIG.toml",
        show_default=False,
    ),
]
RuleLinks = Annotated[
    bool,
    typer.Option("--rule-links", help="Let the rules of assembly link the model's spans."),
]
Linking = Annotated[
    bool,
    typer.Option("--gold-spans", help="Score the linking alone: assemble records from the gold spans."),
]
CurveFile = Annotated[
    Path | None,
    typer.Option(
        help="Show this learning curve in the report: the curve.json of `zhibiao train --curve`.",
        metavar="CURVE.json",
        show_default=False,
    ),
]
Group = Annotated[
    GroupBy | None,
    typer.Option(help="A line per group in the place of a line per report.", show_default=False),
]
Errors = Annotated[
    str | None,
    typer.Option(
        help="Print the errors too: at most N per report, or all.", metavar="N|all", show_default=False
    ),
]
Output = Annotated[
    Path | None,
    typer.Option(
        "-o",
        "--output",
        help="Write a report to a folder, or all figures to a .json file.",
        show_default=False,
    ),
]


FOLDS = Path("build/folds")
"""Where the models of folds are kept."""


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("evaluate")(evaluate)


def evaluate(
    context: typer.Context,
    *,
    data: Data,
    method: Annotated[Method, typer.Option(help="How records are found.")] = Method.AUTO,
    model: Model = None,
    hold_out: HeldOut = None,
    leave_one_out: LeftOut = None,
    folds: Folds = None,
    config: Config = None,
    rule_links: RuleLinks = False,
    gold_spans: Linking = False,
    curve: CurveFile = None,
    half: HalfOption = None,
    group_by: Group = None,
    errors: Errors = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print all figures as JSON.")] = False,
    output: Output = None,
    lang: Annotated[Lang, typer.Option(help="The language of the report.")] = Lang.ZH,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress line.")] = False,
) -> None:
    """Score a predictor on gold: records, spans, slots, kinds of statements; -o writes a report."""
    from zhibiao.cli.evaluating import Asked, evaluated, linkings
    from zhibiao.cli.evaluation_output import about, json_of, write_output
    from zhibiao.cli.folds import LinkingOptions

    limit, held = _limit(errors), _held(hold_out, leave_one_out, folds)
    if config and leave_one_out is None:
        raise ConfigError(f"--config {config} is for --leave-one-out district; add it, or leave --config out")
    learned = _learned(curve, reported=bool(output or as_json))
    reports = _reports(data, half, held)
    asked = Asked(
        method=method,
        model=model,
        leave_one_out=leave_one_out and leave_one_out.value,
        folds=folds,
        config=config,
        cache=FOLDS,
        group_by=group_by and group_by.value,
        quiet=quiet,
        silent=quiet or as_json,
    )
    if held and asked.folder:
        _refuse_seen(asked.folder, reports, held)
    options = LinkingOptions(rule_links, method is not Method.MODEL, reports if gold_spans else None)
    evaluation = evaluated(asked, reports, options)
    if output or as_json:
        grouped = group_by or leave_one_out or (held.field if held else GroupBy.DISTRICT)
        found = about(context, evaluation, reports, data=data, model=asked.folder, group_by=str(grouped))
        linked = linkings(asked, reports, options, evaluation)
        found = replace(found, linking=linked, curve=learned)
        if output:
            write_output(output, found, lang)
        if as_json:
            typer.echo(json_of(found))
    if not as_json:
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


def _held(hold_out: str | None, leave_one_out: GroupBy | None, folds: int | None) -> HoldOut | None:
    from training.provenance import parse_hold_out

    if hold_out and leave_one_out:
        raise ConfigError("--hold-out and --leave-one-out: choose one of the two")
    if folds is not None and leave_one_out is None:
        raise ConfigError(f"--folds {folds} is for --leave-one-out district; add it, or leave --folds out")
    return parse_hold_out(hold_out) if hold_out else None


def _reports(data: list[Path], half: Half | None, held: HoldOut | None) -> list[GoldReport]:
    from training.evaluate import halves
    from zhibiao.jsonl import read_gold

    reports = [report for path in data for report in read_gold(path)]
    reports = halves(reports, half) if half else reports
    return held.of(reports) if held else reports


def _learned(curve: Path | None, *, reported: bool) -> LearningCurve | None:
    """Read before anything is evaluated, so that a wrong file costs no time."""
    from training.curve_file import read_curve

    if curve is not None and not reported:
        raise ConfigError(f"--curve {curve}: it goes into the report; add -o report/ or --json")
    return read_curve(curve) if curve else None


def _refuse_seen(model: Path, reports: list[GoldReport], held: HoldOut) -> None:
    from training.provenance import read_provenance, refuse_seen

    refuse_seen(read_provenance(model), reports, held)


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
