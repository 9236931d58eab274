"""JSON lines: exact numbers, errors that cite `file:line`, files that are whole or not there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from zhibiao.errors import DataError
from zhibiao.files import whole_file
from zhibiao.normalise.numbers import format_decimal

JsonObject = Mapping[str, object]


def dumps(value: object) -> str:
    """One line of JSON; a Decimal becomes a number with all its digits, without exponent."""
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, default=_plain)
    except _InexactError:
        return _digit_by_digit(value)


class _InexactError(Exception):
    """A Decimal that the C encoder's int and float do not write digit for digit."""


def _plain(value: object) -> object:
    """A Decimal as the int or float that is written the same; the fast way, which most numbers can go."""
    if isinstance(value, Mapping):
        return dict(value)
    if not isinstance(value, Decimal):
        raise TypeError(f"{type(value).__name__} is nothing that JSON holds")
    text = _number(value)
    if len(text) < _FLOAT_DIGITS:
        plain = float(text) if "." in text else int(text)
        if repr(plain) == text:
            return plain
    raise _InexactError


_FLOAT_DIGITS = 20


def _digit_by_digit(value: object) -> str:
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, Mapping):
        pairs = (
            f"{json.dumps(key, ensure_ascii=False)}: {_digit_by_digit(item)}" for key, item in value.items()
        )
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_digit_by_digit, value)) + "]"
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _number(value: Decimal) -> str:
    if not value.is_finite():
        raise DataError(f"{value} is no number that JSON can hold; leave the field null")
    return format_decimal(value)


def read_lines(path: Path) -> Iterator[tuple[str, dict[str, object]]]:
    """`file:line` and the object of every line that is not blank; fractions come as Decimal."""
    try:
        # Only "\n" ends a line: reports may hold U+2028 and the like inside a string.
        with path.open(encoding="utf-8-sig", newline="\n") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield f"{path}:{number}", parse_line(line, f"{path}:{number}")
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: not UTF-8 ({error.reason}); save the file as UTF-8") from error
    except OSError as error:
        raise DataError(
            f"{path}: cannot be read ({error.strerror}); check the path and its permissions"
        ) from error


def parse_line(line: str, where: str) -> dict[str, object]:
    """The object of one line; `where` is cited in errors."""
    try:
        value = json.loads(line, parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise DataError(f"{where}: not JSON ({error}); every line must hold one JSON object") from error
    if not isinstance(value, dict):
        raise DataError(f"{where}: a {type(value).__name__} where one JSON object was expected")
    return value


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def write_lines(path: Path, objects: Iterable[JsonObject]) -> None:
    """Writes one object a line; the file appears, or is replaced, only when all of it is written."""
    with whole_file(path) as partial, partial.open("wb") as file:
        for value in objects:
            # A lone surrogate has no UTF-8; its backslash escape is at the same time its JSON escape.
            file.write(dumps(value).encode("utf-8", "backslashreplace") + b"\n")
