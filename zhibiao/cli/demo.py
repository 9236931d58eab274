"""`zhibiao demo`: the main job on the fictional reports that ship with the project."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zhibiao.cli.app import ExitCode
from zhibiao.cli.predictors import Method
from zhibiao.errors import ConfigError, DataError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence, Set

    from rich.table import Table

    from training.run import Result
    from zhibiao.batch import PredictorFactory
    from zhibiao.schema import Record

__all__ = ["demo", "register"]

DATA = Path(__file__).parents[2] / "data"
CONFIG = Path(__file__).parents[2] / "training" / "configs" / "demo.toml"


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("demo")(demo)


def demo(
    *,
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder to write to.")] = Path(
        "out/demo"
    ),
    data: Annotated[
        Path,
        typer.Option(help="The folder with `texts/` and, to be scored, `gold.jsonl`.", show_default=False),
    ] = DATA,
    config: Annotated[
        Path, typer.Option(help="What is trained.", metavar="CONFIG.toml", show_default=False)
    ] = CONFIG,
    method: Annotated[
        Method, typer.Option(help="`rules` trains nothing and extracts all reports in seconds.")
    ] = Method.AUTO,
    shown: Annotated[int, typer.Option(min=0, help="Records to print of each report.")] = 6,
) -> None:
    """The main job on the fictional reports of `data/`: train, evaluate on held-out districts, extract."""
    from zhibiao.rules import RulePredictor
    from zhibiao.tagger.loading import ModelFactory

    texts = sorted((data / "texts").glob("*.txt"))
    if not texts:
        raise DataError(
            f"{data / 'texts'}: no report to show; run from a checkout of zhibiao, or give --data"
        )
    if method is Method.RULES:
        _extract(texts, data / "gold.jsonl", output, RulePredictor, shown)
        return
    result = _train(config, data, output)
    held = {report.document.id for report in result.lessons.held}
    typer.echo(f"the model has not seen {', '.join(sorted(held))}; that is what it is scored on:")
    _hold_against_rules(result)
    unseen = [path for path in texts if path.stem in held]
    factory = ModelFactory(result.output, advised=method is not Method.MODEL)
    _extract(unseen, data / "gold.jsonl", output, factory, shown)


def _train(config: Path, data: Path, output: Path) -> Result:
    """The model of the config, of the demo's own data, into the demo's own folder."""
    from zhibiao.cli.training import configured, run_training

    told = configured(config, output / "model")
    gold = replace(told.data, gold=(data / "gold.jsonl",))
    typer.echo(f"training by {config.name} …", err=True)
    result = run_training(replace(told, data=gold), resume=False, quiet=False)
    if not result.lessons.held:
        raise ConfigError(f"{config}: names no district in data.hold_out, so there is nothing to score on")
    return result


def _hold_against_rules(result: Result) -> None:
    """The rules, the model and both together on the held-out reports, with the paired bootstrap."""
    from rich.console import Console

    from training.evaluate import evaluate
    from training.significance import compare
    from zhibiao.cli.comparison_table import comparison_table
    from zhibiao.rules import RulePredictor
    from zhibiao.tagger.loading import ModelFactory

    rules = evaluate(result.lessons.held, RulePredictor())
    for method, advised in ((Method.MODEL, False), (Method.COMBINED, True)):
        model = evaluate(result.lessons.held, ModelFactory(result.output, advised=advised)())
        Console().print(comparison_table(compare(rules, model), old="rules", new=method.value))


def _extract(texts: Sequence[Path], gold: Path, output: Path, factory: PredictorFactory, shown: int) -> None:
    """Records of the reports as JSONL, CSV and a page; some of them, and the score, on the terminal."""
    from inference.extract import Batch, run_batch
    from zhibiao.cli.summary import print_summary
    from zhibiao.jsonl import read_records

    outputs = [output / "records.jsonl", output / "records.csv"]
    summary = run_batch(Batch(inputs=[*map(str, texts)], outputs=outputs, factory=factory))
    records = list(read_records(outputs[0]))
    page = output / "page.html"
    _write_page(page, texts, records)
    _print_table(records, shown)
    _print_scores(gold, records, {path.stem for path in texts})
    print_summary(summary, quiet=False)
    typer.echo(f"look at    {page}", err=True)
    if summary.totals.failed:
        raise typer.Exit(ExitCode.INPUTS_FAILED)


def _write_page(page: Path, texts: Sequence[Path], records: Sequence[Record]) -> None:
    from zhibiao.documents import read
    from zhibiao.files import whole_file
    from zhibiao.view import ReportView, write_page

    reports = _by_report(records)
    views = []
    for path in texts:
        document = read(path)
        own = tuple(reports.get(document.id, ()))
        views.append(ReportView(document.id, document.metadata.title, document.text, own))
    with whole_file(page) as partial, partial.open("w", encoding="utf-8", newline="") as file:
        write_page(file, views)


def _by_report(records: Sequence[Record]) -> Mapping[str, list[Record]]:
    reports: dict[str, list[Record]] = {}
    for record in records:
        reports.setdefault(record.report_id, []).append(record)
    return reports


def _print_table(records: Sequence[Record], shown: int) -> None:
    from rich.console import Console

    console = Console()
    for report, own in _by_report(records).items():
        table = _table(f"{report}: {own[0].title or ''} ({min(shown, len(own))} of {len(own)} records)")
        for record in own[:shown]:
            table.add_row(*_cells(record))
        console.print(table)


def _table(title: str) -> Table:
    from rich.box import SIMPLE
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=SIMPLE)
    for name in ("indicator", "value", "unit", "growth", "year", "kind"):
        table.add_column(name, justify="right" if name in ("value", "growth") else "left")
    return table


def _cells(record: Record) -> list[str]:
    growth = "" if record.growth_rate is None else f"{record.growth_rate:+f} {record.growth_unit or ''}"
    value = record.value_text if record.value is None else f"{record.value:f}"
    return [
        record.indicator,
        value or "",
        record.unit or "",
        growth,
        str(record.year or ""),
        record.kind.value,
    ]


def _print_scores(gold: Path, records: Sequence[Record], extracted: Set[str]) -> None:
    """Against the gold, where there is one for these reports."""
    from zhibiao.jsonl import read_gold
    from zhibiao.scoring import score

    if not gold.is_file():
        return
    wanted = [report for report in read_gold(gold) if report.document.id in extracted]
    if not wanted:
        return
    scores = score(wanted, records)
    for report in scores.reports:
        strict, relaxed = report.strict.f1, report.relaxed.f1
        typer.echo(f"F1 of {report.report_id}: strict {strict:.3f}, relaxed {relaxed:.3f}")
    typer.echo(f"F1 of all: strict {scores.strict.f1:.3f}, relaxed {scores.relaxed.f1:.3f}")
