"""The command line: the only part that knows every stage.

One module per command. Each has `register(app)`, is listed in `COMMANDS`, and imports what is heavy
(documents, stages, pyarrow, ...) inside the command, so that `zhibiao --help` is instant.
"""

from __future__ import annotations

import typer

from zhibiao.cli import (
    annotate,
    audit,
    compare,
    data,
    demo,
    encoder,
    evaluate,
    export,
    extract,
    read,
    schema,
    seeds,
    series,
    serve,
    train,
    view,
)
from zhibiao.cli.app import Commands
from zhibiao.version import __version__

__all__ = ["build_app", "main"]

COMMANDS = (
    extract,
    read,
    schema,
    view,
    audit,
    series,
    demo,
    seeds,
    evaluate,
    compare,
    annotate,
    data,
    encoder,
    serve,
    train,
    export,
)


def build_app() -> typer.Typer:
    """The whole command line as a typer application, for `main` and for tests."""
    app = typer.Typer(
        name="zhibiao",
        cls=Commands,
        help="Structured, sourced, normalised indicator records from Chinese government reports.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_options)
    for module in COMMANDS:
        module.register(app)
    return app


def main() -> None:
    """Entry point of the `zhibiao` command; exits 0 all good, 2 wrong usage, 3 some inputs failed."""
    build_app()()


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"zhibiao {__version__}")
        raise typer.Exit


def _options(
    version: bool = typer.Option(
        False, "--version", callback=_print_version, is_eager=True, help="Print the version and exit."
    ),
) -> None:
    """Structured, sourced, normalised indicator records from Chinese government reports."""
