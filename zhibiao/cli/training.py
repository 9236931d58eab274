"""A training run as commands show it: a progress bar with loss, rate and time left."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from zhibiao.errors import MissingDependencyError

if TYPE_CHECKING:
    from training.config import TrainConfig
    from training.fit import Progress
    from training.run import Result

__all__ = ["configured", "missing", "run_training", "shown"]


def configured(path: Path, output: Path | None, gold: Sequence[Path] | None = None) -> TrainConfig:
    """The config of a file, with another output or other gold where they are named."""
    try:
        from training.config import read_config

        config = read_config(path)
    except ImportError as error:
        raise missing(error) from error
    if output:
        config = replace(config, run=replace(config.run, output=output))
    return replace(config, data=replace(config.data, gold=tuple(gold))) if gold else config


def run_training(config: TrainConfig, *, resume: bool, quiet: bool) -> Result:
    """Trains, with a bar on a terminal and a line now and then elsewhere."""
    try:
        from training.run import train
    except ImportError as error:
        raise missing(error) from error
    try:
        with shown(quiet=quiet) as on_step:
            return train(config, resume=resume, on_step=on_step)
    except KeyboardInterrupt:
        typer.echo("interrupted; what was learned is saved: go on with --resume", err=True)
        raise


def missing(error: ImportError) -> MissingDependencyError:
    """What to install."""
    return MissingDependencyError(f"training needs {error.name}; pip install 'zhibiao[train]'")


@contextmanager
def shown(*, quiet: bool) -> Iterator[Callable[[Progress], None]]:
    """Shows the steps of a run on stderr."""
    if quiet:
        yield lambda _: None
        return
    if not sys.stderr.isatty():
        yield _line
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True)) as bar:
        tasks: dict[str, TaskID] = {}

        def show(step: Progress) -> None:
            if step.phase not in tasks:
                tasks[step.phase] = bar.add_task(step.phase, total=step.steps)
            text = f"{step.phase} · epoch {step.epoch + 1} · loss {step.loss:.4f} · rate {step.rate:.1e}"
            bar.update(tasks[step.phase], completed=step.step, total=step.steps, description=text)

        yield show


def _line(step: Progress) -> None:
    """For a log: a line every hundred steps."""
    if step.step % 100 == 0:
        typer.echo(
            f"{step.phase} {step.step}/{step.steps}: loss {step.loss:.4f}, rate {step.rate:.1e}", err=True
        )
