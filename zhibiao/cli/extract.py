"""`zhibiao extract`: reports to records."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zhibiao.cli.app import ExitCode
from zhibiao.cli.overrides import City, District, Publisher, ReportYear, SittingYear, Title, stated
from zhibiao.cli.predictors import Method, choose_predictor
from zhibiao.errors import ConfigError

if TYPE_CHECKING:
    from inference.extract import Summary
    from zhibiao.batch import Engine as WorkEngine
    from zhibiao.batch import PredictorFactory

__all__ = ["extract", "register"]


class Engine(StrEnum):
    """Where the work is done."""

    LOCAL = "local"
    RAY = "ray"


Inputs = Annotated[
    list[str],
    typer.Argument(
        metavar="INPUT...",
        help="Reports (.txt .html .docx .pdf), folders, quoted globs, JSONL with a `text` in each line.",
        show_default=False,
    ),
]
Outputs = Annotated[
    list[Path],
    typer.Option(
        "--output",
        "-o",
        help="Where to: .jsonl, .csv, .parquet, .xlsx, or a folder with --partition-by; several allowed.",
        show_default=False,
    ),
]
MethodOption = Annotated[Method, typer.Option(help="auto: a model if there is one, else rules.")]
Model = Annotated[Path | None, typer.Option(help="A model's directory.")]
Device = Annotated[str, typer.Option(help="Where a model in torch runs: cpu, cuda, cuda:1.")]
RuleLinks = Annotated[
    bool, typer.Option("--rule-links", help="Link the model's spans by the rules of assembly.")
]
MinConfidence = Annotated[float, typer.Option(min=0, max=1, help="Keep records below it out of the outputs.")]
LowConfidence = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Write those records here.", show_default=False)
]
PartitionBy = Annotated[
    str | None,
    typer.Option(metavar="COLUMN,...", help="Split a folder of Parquet files, like year,district."),
]
EngineOption = Annotated[Engine, typer.Option(help="Where the work is done: by processes here, or on Ray.")]
Address = Annotated[
    str | None, typer.Option(help="A Ray cluster, like HEAD:6379 or auto; none: Ray on this machine.")
]
Workers = Annotated[int, typer.Option(min=0, help="Processes or actors; 0: as many as pay.")]
Resume = Annotated[bool, typer.Option("--resume", help="Keep what an earlier run did, retry what failed.")]
RetryQuarantined = Annotated[
    bool, typer.Option("--retry-quarantined", help="With --resume: try again what killed its processes.")
]


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("extract")(extract)


def extract(
    inputs: Inputs,
    *,
    output: Outputs,
    method: MethodOption = Method.AUTO,
    model: Model = None,
    device: Device = "cpu",
    rule_links: RuleLinks = False,
    min_confidence: MinConfidence = 0.0,
    low_confidence: LowConfidence = None,
    partition_by: PartitionBy = None,
    engine: EngineOption = Engine.LOCAL,
    address: Address = None,
    workers: Workers = 0,
    resume: Resume = False,
    retry_quarantined: RetryQuarantined = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON on stdout.")] = False,
    title: Title = None,
    publisher: Publisher = None,
    district: District = None,
    city: City = None,
    report_year: ReportYear = None,
    sitting_year: SittingYear = None,
) -> None:
    """Extract the records of reports into JSONL, CSV, Parquet or Excel, with a manifest beside the output."""
    from inference.extract import Batch, run_batch
    from inference.sieve import Sieve
    from zhibiao.cli.progress import progress
    from zhibiao.cli.summary import print_summary, summary_json

    factory, reason = choose_predictor(method, model)
    overrides = stated(
        title=title,
        publisher=publisher,
        district=district,
        city=city,
        report_year=report_year,
        sitting_year=sitting_year,
    )
    if not quiet:
        typer.echo(f"extracting {reason}", err=True)
    batch = Batch(
        inputs=inputs,
        outputs=output,
        factory=_settled(factory, device, rule_links=rule_links),
        overrides=overrides,
        workers=workers,
        engine=_engine(engine, address, workers),
        partition_by=[name.strip() for name in (partition_by or "").split(",") if name.strip()],
        sieve=Sieve(min_confidence, low_confidence),
        resume=resume,
        retry_quarantined=retry_quarantined,
    )
    with _ending_in_order(), progress("reports", quiet=quiet) as advance:
        summary = run_batch(batch, on_outcome=lambda outcome: advance(outcome.characters), on_note=_note)
    if as_json:
        typer.echo(summary_json(summary))
    print_summary(summary, quiet=quiet)
    _exit(summary)


def _settled(factory: PredictorFactory, device: str, *, rule_links: bool) -> PredictorFactory:
    """The factory with what was said of how a model shall run."""
    from zhibiao.tagger.loading import ModelFactory

    if isinstance(factory, ModelFactory):
        return replace(factory, device=device, linking=not rule_links)
    if rule_links or device != "cpu":
        raise ConfigError("--rule-links and --device are for models; leave them out, or name one by --model")
    return factory


def _engine(engine: Engine, address: str | None, workers: int) -> WorkEngine | None:
    if engine is Engine.RAY:
        from inference.distributed import OnRay

        return OnRay(address, workers)
    if address:
        raise ConfigError(f"--address {address}: there is a cluster only with --engine ray")
    return None


def _note(note: str) -> None:
    typer.echo(f"note: {note}", err=True)


@contextmanager
def _ending_in_order() -> Iterator[None]:
    """A polite request to end (systemd, Kubernetes, `timeout`) is as good as Ctrl-C."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _exit(summary: Summary) -> None:
    if summary.totals.failed:
        raise typer.Exit(ExitCode.INPUTS_FAILED)
