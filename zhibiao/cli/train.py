"""`zhibiao train`: from a config to a model folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from training.run import Result

__all__ = ["register", "train"]


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("train")(train)


def train(
    config: Annotated[Path, typer.Argument(help="A TOML file; see training/configs.", metavar="CONFIG.toml")],
    *,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with a run of this config that was stopped.")
    ] = False,
    compare: Annotated[
        Path | None,
        typer.Option(help="An older model, held against the new one on the held-out reports.", metavar="OLD"),
    ] = None,
    gold: Annotated[
        list[Path] | None,
        typer.Option(help="Gold in place of data.gold; repeatable.", show_default=False),
    ] = None,
    search: Annotated[
        int,
        typer.Option(
            min=0,
            help="Try this many learning rates, epochs and silver shares on the dev reports; writes the best "
            "config instead of a model.",
            metavar="N",
            show_default=False,
        ),
    ] = 0,
    curve: Annotated[
        str | None,
        typer.Option(
            help="Train on so many reports each, without silver and with it, and score them all.",
            metavar="1,2,5,...",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="The model folder, in place of run.output.", show_default=False),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print the figures only.")] = False,
) -> None:
    """Train a tagger on gold and silver; writes a model folder that extract, evaluate and serve load."""
    from zhibiao.cli.training import configured, run_training

    if search:
        from zhibiao.cli.searching import run_search

        run_search(configured(config, output, gold), search, quiet=quiet)
        return
    if curve:
        from zhibiao.cli.curve import show_curve

        show_curve(configured(config, output, gold), curve, quiet=quiet)
        return
    result = run_training(configured(config, output, gold), resume=resume, quiet=quiet)
    _print(result)
    if compare:
        _compare(result, compare)


def _print(result: Result) -> None:
    """What was learned from, epoch by epoch, and where the model is."""
    lessons = result.lessons
    if lessons.plain:
        typer.echo(
            f"learned from {len(lessons.plain.train):,} sentences; dev: {len(lessons.plain.dev):,}; "
            f"labels: {', '.join(lessons.plain.labels)}"
        )
    else:
        typer.echo(
            f"learned from {len(lessons.train)} reports and {lessons.silver.characters:,} characters of "
            f"silver; dev: {len(lessons.dev)} reports; held out: {len(lessons.held)}"
        )
    _print_epochs(result, _PLAIN_FIGURES if lessons.plain else _FIGURES)


def _print_epochs(result: Result, columns: Mapping[str, str]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("phase", "epoch", *columns)
    for line in result.position.history:
        figures = [f"{line[name]:.4f}" if name in line else "–" for name in columns.values()]
        table.add_row(str(line["phase"]), str(line["epoch"]), *figures)
    Console().print(table)
    typer.echo(f"model: {result.output}")


_FIGURES = {"loss": "loss", "strict": "score", "relaxed": "relaxed", "spans": "span_all"}
_PLAIN_FIGURES = {"loss": "loss", "F1": "score", "precision": "precision", "recall": "recall"}


def _warn_of_seen(result: Result, old: Path) -> None:
    """A model that was trained on the reports looks better on them than it is."""
    from training.provenance import overlaps, read_provenance

    seen = overlaps(read_provenance(old), result.lessons.held or result.lessons.dev)
    if seen:
        typer.echo(
            f"mind: {old} was trained on {'; '.join(map(str, seen[:3]))}; its score flatters", err=True
        )


def _compare(result: Result, old: Path) -> None:
    from rich.console import Console

    from training.evaluate import evaluate
    from training.significance import compare
    from zhibiao.cli.comparison_table import comparison_table
    from zhibiao.errors import ConfigError
    from zhibiao.tagger.loading import ModelFactory

    reports = result.lessons.held or result.lessons.dev
    if not reports:
        raise ConfigError("--compare: the config names neither data.hold_out nor data.dev to compare on")
    which = "held-out" if result.lessons.held else "dev"
    typer.echo(f"{old} against {result.output} on the {len(reports)} {which} reports")
    _warn_of_seen(result, old)
    before = evaluate(reports, ModelFactory(old)())
    after = evaluate(reports, ModelFactory(result.output)())
    Console().print(comparison_table(compare(before, after)))
