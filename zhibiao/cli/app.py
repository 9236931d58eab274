"""What all commands share: exit codes, and errors told in one line instead of a traceback."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import typer
from typer.core import TyperGroup

from zhibiao.errors import DataError, ReadError, ZhibiaoError

__all__ = ["Commands", "ExitCode", "complain", "printable"]


class ExitCode(IntEnum):
    """What the exit status of every command means."""

    OK = 0
    USAGE = 2
    INPUTS_FAILED = 3
    INTERRUPTED = 130


class Commands(TyperGroup):
    """A group of commands whose expected errors end in a message on stderr and an exit code."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; only errors that zhibiao raises on purpose lose their traceback."""
        try:
            return super().invoke(ctx)
        except (ReadError, DataError) as error:
            complain(error)
            raise typer.Exit(ExitCode.INPUTS_FAILED) from error
        except ZhibiaoError as error:
            complain(error)
            raise typer.Exit(ExitCode.USAGE) from error
        except KeyboardInterrupt as error:
            complain("interrupted; no output was touched that is not complete")
            raise typer.Exit(ExitCode.INTERRUPTED) from error


def complain(message: object) -> None:
    """Print an error to stderr."""
    typer.echo(printable(f"error: {message}"), err=True)


def printable(text: str) -> str:
    """The text with what a terminal cannot show or would obey (surrogates, control characters) escaped."""
    return "".join(c if c.isprintable() or c in "\n\t\u3000" else ascii(c)[1:-1] for c in text)
