"""What tests of several rooms share."""

from __future__ import annotations

import shlex
from collections.abc import Callable

import pytest
import typer

from zhibiao.cli import build_app


@pytest.fixture(scope="session")
def parse_command() -> Callable[[str], list[str]]:
    """Parses a line of documentation as the command line would, without running it; gives its words."""

    def parse(line: str) -> list[str]:
        words = shlex.split(line.split(" > ")[0], comments=True)
        command, context, rest = typer.main.get_command(build_app()), None, words[1:]
        while hasattr(command, "commands"):
            assert rest[0] in command.commands, f"{line}: no command {rest[0]}"
            context = command.make_context(rest[0], [], parent=context, resilient_parsing=True)
            command, rest = command.commands[rest[0]], rest[1:]
        context = command.make_context("", [], parent=context, resilient_parsing=True)
        values, left, _ = command.make_parser(context).parse_args(list(rest))
        assert left == [], f"{line}: nobody takes {left}"
        missing = [each.name for each in command.params if each.required and values.get(each.name) is None]
        assert missing == [], f"{line}: lacks {missing}"
        return words[1:]

    return parse
