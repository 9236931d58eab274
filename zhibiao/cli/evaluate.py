"""`zhibiao evaluate`: how good a predictor is on gold."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zhibiao.cli.predictors import Method, model_of
from zhibiao.errors import ConfigError
from zhibiao.view.lang import Lang

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from training.evaluate import Evaluation
    from training.leave_one_out import PredictorOf
    from training.provenance import HoldOut
    from zhibiao.cli.folds import LinkingOptions
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
HalfOption = Annotated[
    Half | None,
    typer.Option(help="Every second report by id: even takes the first, third, ...", show_default=False),
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
    half: HalfOption = None,
    group_by: Group = None,
    errors: Errors = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print all figures as JSON.")] = False,
    output: Output = None,
    lang: Annotated[Lang, typer.Option(help="The language of the report.")] = Lang.ZH,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress line.")] = False,
) -> None:
    """Score a predictor on gold: records, spans, slots, kinds of statements; -o writes a report."""
    from zhibiao.cli.evaluation_output import about, json_of, write_output
    from zhibiao.cli.folds import LinkingOptions

    limit, held = _limit(errors), _held(hold_out, leave_one_out, folds)
    reports = _reports(data, half, held)
    folder = None if leave_one_out else model_of(method, model)
    if held and folder:
        _refuse_seen(folder, reports, held)
    linking = LinkingOptions(rule_links, method is Method.COMBINED, reports if gold_spans else None)
    if leave_one_out:
        predictors = _left_out_predictors(
            method, model, config, leave_one_out, options=linking, quiet=quiet or as_json
        )
        evaluation = _leave_one_out(reports, predictors, leave_one_out, folds, group_by=group_by, quiet=quiet)
    else:
        predictor = _chosen(method, model, linking, quiet=quiet or as_json)
        evaluation = _run(reports, predictor, group_by, quiet)
    if output or as_json:
        grouped = group_by or leave_one_out or (held.field if held else GroupBy.DISTRICT)
        found = about(context, evaluation, reports, data=data, model=folder, group_by=str(grouped))
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


def _refuse_seen(model: Path, reports: list[GoldReport], held: HoldOut) -> None:
    from training.provenance import read_provenance, refuse_seen

    refuse_seen(read_provenance(model), reports, held)


def _chosen(method: Method, model: Path | None, options: LinkingOptions, *, quiet: bool) -> SpanPredictor:
    """With gold spans a model links them if there is one, else the rules do."""
    from training.evaluate import GoldSpans

    directory = model_of(method, model)
    if options.plain or (options.gold is None and directory is None):
        return _predictor(method, model, quiet=quiet)
    if directory is None:
        return GoldSpans(options.gold or ())
    return options.predictor(directory)


def _predictor(method: Method, model: Path | None, *, quiet: bool) -> SpanPredictor:
    from zhibiao.cli.predictors import choose_predictor

    factory, reason = choose_predictor(method, model)
    if not quiet:
        typer.echo(f"evaluating {reason}", err=True)
    return factory()


def _left_out_predictors(
    method: Method,
    model: Path | None,
    config: Path | None,
    field: GroupBy,
    *,
    options: LinkingOptions,
    quiet: bool,
) -> PredictorOf:
    """Rules are the same whatever is left out; models are trained, one a fold."""
    if model or (method in (Method.MODEL, Method.COMBINED) and config is None):
        raise ConfigError(
            "--leave-one-out needs a predictor for every fold, and one model has seen what it has seen: name "
            "a training config with --config, use --method rules, or train with data.hold_out and evaluate "
            "that model with --hold-out"
        )
    if config is not None:
        from zhibiao.cli.folds import trained_predictors

        return trained_predictors(config, field.value, cache=FOLDS, options=options, quiet=quiet)
    rules = _predictor(Method.RULES, None, quiet=quiet)
    return lambda _: lambda: rules


def _leave_one_out(
    reports: list[GoldReport],
    predictors: PredictorOf,
    field: GroupBy,
    folds: int | None,
    *,
    group_by: GroupBy | None,
    quiet: bool,
) -> Evaluation:
    from training.leave_one_out import folds_of, leave_one_out
    from zhibiao.cli.progress import progress

    with progress("reports", quiet=quiet) as advance:

        def watched(scored: Iterable[GoldReport]) -> Iterator[GoldReport]:
            for report in scored:
                yield report
                advance(len(report.document.text))

        plan = folds_of(reports, field.value, count=folds)
        return leave_one_out(plan, predictors, group_by=group_by, watched=watched)


def _run(
    reports: list[GoldReport], predictor: SpanPredictor, group_by: GroupBy | None, quiet: bool
) -> Evaluation:
    from training.evaluate import evaluate as run

    return run(_watched(reports, quiet), predictor, group_by=group_by)


def _watched(reports: list[GoldReport], quiet: bool) -> Iterator[GoldReport]:
    from zhibiao.cli.progress import progress

    with progress("reports", quiet=quiet) as advance:
        for report in reports:
            yield report
            advance(len(report.document.text))


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
