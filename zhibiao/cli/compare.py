"""`zhibiao compare`: two evaluations side by side, and whether the difference is more than chance."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zhibiao.cli.halves import HalfOption

if TYPE_CHECKING:
    from training.comparison_view import Evaluated
    from training.significance import Comparison

__all__ = ["compare", "register"]


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("compare")(compare)


def compare(
    a: Annotated[Path, typer.Argument(help="What `zhibiao evaluate -o` wrote: a .json file or a folder.")],
    b: Annotated[Path, typer.Argument(help="The same of the other predictor, on the same data.")],
    half: HalfOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print all figures as JSON.")] = False,
) -> None:
    """Compare two evaluations of the same reports: F1 by measure, with paired bootstrap intervals and p."""
    from training.comparison_view import read_evaluation
    from training.significance import compare_tallies
    from training.tallies import half_of

    first, second = read_evaluation(a), read_evaluation(b)
    tallies = [one.tallies if half is None else half_of(one.tallies, half) for one in (first, second)]
    comparison = compare_tallies(*tallies)
    if as_json:
        _print_json(comparison)
    else:
        _print(comparison, first, second)


def _print_json(comparison: Comparison) -> None:
    import json

    from training.comparison_view import comparison_to_json

    typer.echo(json.dumps(comparison_to_json(comparison), ensure_ascii=False, indent=2))


def _print(comparison: Comparison, first: Evaluated, second: Evaluated) -> None:
    from rich.console import Console

    from training.comparison_view import comparison_tables

    console = Console()
    for table in comparison_tables(comparison, first, second):
        console.print(table)
