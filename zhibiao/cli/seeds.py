"""`zhibiao seeds import`: brings the texts of the five seed reports into a checkout."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["import_", "register"]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    group = typer.Typer(help="The five real reports whose gold ships with zhibiao.", no_args_is_help=True)
    group.callback()(_seeds)
    group.command("import")(import_)
    app.add_typer(group, name="seeds")


def _seeds() -> None:
    """The five real reports whose gold ships with zhibiao."""


def import_(
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", help="The folder that holds the five texts.", show_default=False)
    ],
    *,
    to: Annotated[
        Path | None,
        typer.Option(help="The seeds folder of a checkout.  [default: ./seeds]", show_default=False),
    ] = None,
) -> None:
    """Check the seed texts in DIR by their sha256 and copy them, byte for byte, into seeds/texts."""
    from zhibiao.cli.app import printable
    from zhibiao.seeds import find_seeds, import_seeds

    done = import_seeds(directory, to or find_seeds(Path.cwd()))
    for name in done.copied:
        typer.echo(printable(f"copied {name}"))
    total = len(done.copied) + len(done.kept)
    there = f", {len(done.kept)} of them already there" if done.kept else ""
    typer.echo(printable(f"{total} seed texts in {done.folder}{there}, all with the right sha256"))
