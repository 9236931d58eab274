"""The command as it was given, so that a report can say how to make it again."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Any

import typer

__all__ = ["command_line"]


def command_line(context: typer.Context) -> str:
    """Every option that differs from its default, in the order in which the command declares them."""
    words = [word for parameter in context.command.params for word in _words(parameter, context.params)]
    return shlex.join([*context.command_path.split(), *words])


def _words(parameter: Any, values: dict[str, Any]) -> Iterator[str]:
    value = values.get(parameter.name)
    if value is None or value == parameter.default or (not value and not parameter.default):
        return
    option = max(parameter.opts, key=len)
    if parameter.param_type_name == "argument":
        yield from map(_said, value if isinstance(value, list | tuple) else [value])
    elif value is True:
        yield option
    else:
        yield from _pairs(option, value if isinstance(value, list | tuple) else [value])


def _pairs(option: str, values: Iterable[object]) -> Iterator[str]:
    for value in values:
        yield from (option, _said(value))


def _said(value: object) -> str:
    return str(value.value) if isinstance(value, Enum) else str(value)
