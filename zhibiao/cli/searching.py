"""`zhibiao train --search N`: the trials as they end, and the best config as TOML."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from zhibiao.cli.training import missing, shown

if TYPE_CHECKING:
    from training.config import TrainConfig
    from training.search import Tried

__all__ = ["run_search"]


def run_search(config: TrainConfig, count: int, *, quiet: bool) -> None:
    """Runs the trials; prints the best config and where it was written."""
    try:
        from training.search import search
    except ImportError as error:
        raise missing(error) from error

    with shown(quiet=quiet) as on_step:
        found = search(config, count, on_trial=_print, on_step=on_step)
    typer.echo(f"best: trial {found.best.number}, strict F1 {found.best.score:.4f} on dev\n")
    typer.echo(found.path.read_text(encoding="utf-8"))
    typer.echo(f"written to {found.path}; train it with `zhibiao train {found.path}`", err=True)


def _print(tried: Tried) -> None:
    schedule, data = tried.config.schedule, tried.config.data
    silver = f", {data.silver_characters:,} characters of silver" if data.silver else ""
    typer.echo(
        f"trial {tried.number}: strict {tried.score:.4f} with learning rate {schedule.learning_rate:.2e}, "
        f"{schedule.epochs} epochs{silver}"
    )
