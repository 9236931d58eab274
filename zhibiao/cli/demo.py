"""`zhibiao demo`: the main job on the fictional reports that ship with the project."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zhibiao.cli.app import ExitCode
from zhibiao.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.table import Table

    from zhibiao.schema import Record

__all__ = ["demo", "register"]

DATA = Path(__file__).parents[2] / "data"


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
    shown: Annotated[int, typer.Option(min=0, help="Records to print of each report.")] = 6,
) -> None:
    """Extract the records of the fictional reports in `data/` by rules: JSONL, CSV and a page to look at."""
    from inference.extract import Batch, run_batch
    from inference.rules import RulePredictor
    from zhibiao.cli.summary import print_summary
    from zhibiao.jsonl import read_records

    texts = sorted((data / "texts").glob("*.txt"))
    if not texts:
        raise DataError(
            f"{data / 'texts'}: no report to show; run from a checkout of zhibiao, or give --data"
        )
    outputs = [output / "records.jsonl", output / "records.csv"]
    summary = run_batch(Batch(inputs=[*map(str, texts)], outputs=outputs, factory=RulePredictor))
    records = list(read_records(outputs[0]))
    page = output / "page.html"
    _write_page(page, texts, records)
    _print_table(records, shown)
    _print_scores(data / "gold.jsonl", records)
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


def _print_scores(gold: Path, records: Sequence[Record]) -> None:
    """Against the gold, where there is one for these reports."""
    from zhibiao.jsonl import read_gold
    from zhibiao.scoring import score

    if not gold.is_file():
        return
    scores = score(read_gold(gold), records)
    for report in scores.reports:
        strict, relaxed = report.strict.f1, report.relaxed.f1
        typer.echo(f"F1 of {report.report_id}: strict {strict:.3f}, relaxed {relaxed:.3f}")
    typer.echo(f"F1 of all: strict {scores.strict.f1:.3f}, relaxed {scores.relaxed.f1:.3f}")
