"""`zhibiao train --curve`: what so many annotated reports are worth, as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from zhibiao.errors import ConfigError

if TYPE_CHECKING:
    from training.config import TrainConfig

__all__ = ["counts_of", "show_curve"]


def counts_of(told: str) -> list[int]:
    """`1,2,5` as numbers."""
    try:
        return [int(part) for part in told.split(",")]
    except ValueError as error:
        raise ConfigError(f"--curve {told}: numbers of reports were expected, such as 1,2,5,10,25") from error


def show_curve(config: TrainConfig, told: str, *, quiet: bool) -> None:
    """Trains every point and prints them; JSON and SVG are written beside the model that is to be."""
    from rich.console import Console
    from rich.table import Table

    from zhibiao.cli.training import run_training

    counts = counts_of(told)
    from training.curve import curve_folder, learning_curve

    points = learning_curve(config, counts, lambda one: run_training(one, resume=True, quiet=quiet))
    table = Table("reports", "records", "silver", "epochs", "strict F1", "95 %", "relaxed F1")
    for one in points:
        low, high = one.strict_interval
        table.add_row(
            str(one.reports),
            str(one.records),
            "yes" if one.silver else "no",
            str(one.epochs),
            f"{one.strict:.3f}",
            f"{low:.3f} … {high:.3f}",
            f"{one.relaxed:.3f}",
        )
    Console().print(table)
    typer.echo(f"written: {curve_folder(config)}/curve.json, curve.svg")
