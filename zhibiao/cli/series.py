"""`zhibiao series`: time series by district and catalogue code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from zhibiao.view.lang import Lang

__all__ = ["register", "series"]


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("series")(series)


def series(
    records: Annotated[
        list[Path], typer.Argument(help="Records: JSONL that `zhibiao extract` wrote, one file or several.")
    ],
    *,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", help="The series to write, .csv or .parquet.", show_default=False),
    ],
    plot: Annotated[
        Path | None, typer.Option(help="A page of plots to write too (.html).", show_default=False)
    ] = None,
    lang: Annotated[Lang, typer.Option(help="The language of the page.")] = Lang.ZH,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the counts as JSON on stdout.")] = False,
) -> None:
    """Put the figures of many reports in series: a row for each place, indicator, period and kind."""
    from zhibiao.files import whole_file
    from zhibiao.series import RecordFiles, Series
    from zhibiao.series.plot import render_plots
    from zhibiao.series.writing import check_output, conflicts_path, write_conflicts, write_series

    check_output(output)
    run = Series(RecordFiles(records))
    rows = list(run)
    write_series(output, rows)
    conflicts = write_conflicts(conflicts_path(output), rows)
    if plot is not None:
        with whole_file(plot) as partial:
            partial.write_text(render_plots(rows, lang=lang), encoding="utf-8", newline="")
    counts = {
        "records": run.files.n_records,
        "rows": len(rows),
        "conflicts": conflicts,
        "left_out": dict(run.left_out),
    }
    listed = conflicts_path(output)
    if as_json:
        typer.echo(json.dumps({**counts, "output": str(output), "conflicts_file": str(listed)}))
    elif not quiet:
        _print(run.left_out, f"{output}: {len(rows):,} rows from {run.files.n_records:,} records")
        if conflicts:
            typer.echo(f"{listed}: {conflicts:,} statements differ from what is shown", err=True)


_REASONS = {
    "no_code": "without a catalogue code",
    "no_year": "without a year",
    "change": "a change or a ratio, no level",
    "range": "a range, no single number",
    "caveat": "a list of indicators in one, the start of a change, still to come, or of nothing named",
}


def _print(left_out: Mapping[str, int], line: str) -> None:
    typer.echo(line, err=True)
    for reason, words in _REASONS.items():
        if left_out[reason]:
            typer.echo(f"left out: {left_out[reason]:,} {words}", err=True)
