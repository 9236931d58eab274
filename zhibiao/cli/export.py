"""`zhibiao export`: a trained model to one that runs without torch."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from inference.export import Exported

__all__ = ["export", "register"]

SHIPPED = Path(__file__).parents[2] / "data" / "gold.jsonl"
"""The gold that ships in a checkout."""


class Target(StrEnum):
    """What a model can be exported to run in: onnxruntime or OpenVINO."""

    ONNX = "onnx"
    OPENVINO = "openvino"


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("export")(export)


def export(
    model: Annotated[Path, typer.Argument(help="The folder of a trained model.", show_default=False)],
    *,
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder to write.", show_default=False)],
    to: Annotated[Target, typer.Option(help="What will run it: onnxruntime, or OpenVINO.")] = Target.ONNX,
    int8: Annotated[bool, typer.Option("--int8", help="Matrix products in int8: smaller, faster.")] = False,
    data: Annotated[
        list[Path] | None,
        typer.Option(
            help="Gold that both must read alike: a .jsonl file or a folder; may be repeated.  "
            "[default: the shipped reports]",
            show_default=False,
        ),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")] = False,
) -> None:
    """Export a model to run without torch; one that loses more than 0.2 points of record F1 is refused."""
    from inference.export import Recipe
    from inference.export import export as run
    from zhibiao.errors import ConfigError
    from zhibiao.jsonl import read_gold

    if not data and not SHIPPED.is_file():
        raise ConfigError("no gold to hold the export against: the shipped reports are not here; use --data")
    gold = [report for path in data or [SHIPPED] for report in read_gold(path)]
    exported = run(model, output, gold, make=Recipe(to.value, int8))
    if not quiet:
        _print(exported, model, len(gold))


def _print(exported: Exported, model: Path, n_reports: int) -> None:
    parity = exported.parity
    typer.echo(f"{model} and {exported.folder} on {n_reports} reports:")
    typer.echo(f"strict record F1  {parity.before:.4f} before, {parity.after:.4f} after")
    typer.echo(f"same records      {parity.same:,} of {parity.records:,}")
    typer.echo(f"written           {exported.folder} ({exported.n_bytes / 1e6:.1f} MB)")
