"""`zhibiao annotate ...`: from raw reports to gold by people's hands."""

from __future__ import annotations

import typer

from zhibiao.cli.adjudicate import adjudicate
from zhibiao.cli.agree import agree
from zhibiao.cli.label_studio import pull, push
from zhibiao.cli.labelling_next import choose_next
from zhibiao.cli.silver import silver

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    group = typer.Typer(help="Label reports: by people in Label Studio, by rules.", no_args_is_help=True)
    group.callback()(_annotate)
    group.command("push")(push)
    group.command("pull")(pull)
    group.command("silver")(silver)
    group.command("next")(choose_next)
    group.command("agree")(agree)
    group.command("adjudicate")(adjudicate)
    app.add_typer(group, name="annotate")


def _annotate() -> None:
    """Label reports: by people in Label Studio, by rules."""
