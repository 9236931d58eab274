"""Records as JSON lines, and the JSON Schema of such a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from decimal import Decimal
from pathlib import Path
from typing import Any

from zhibiao.errors import DataError
from zhibiao.jsonl.lines import read_lines, write_lines
from zhibiao.schema import SCHEMA_VERSION, Bounds, Kind, Measure, Offsets, Period, PeriodKind, Record

_FIELDS = tuple(field.name for field in fields(Record))


def write_records(path: Path | str, records: Iterable[Record]) -> None:
    """One record a line; the file appears only when all are written."""
    write_lines(Path(path), map(record_to_json, records))


def read_records(path: Path | str) -> Iterator[Record]:
    """The records of a file that `write_records` wrote, equal to the last digit."""
    for where, line in read_lines(Path(path)):
        yield record_from_json(line, where)


def record_to_json(record: Record) -> dict[str, object]:
    """The object of a line: numbers stay Decimal."""
    line: dict[str, object] = {name: getattr(record, name) for name in _FIELDS}
    if record.period is not None:
        period = record.period
        line["period"] = {"start": period.start, "end": period.end, "kind": period.kind.value}
    return line


def record_from_json(line: Mapping[str, Any], where: str = "record") -> Record:
    """The record of a line's object; `where` is cited in errors."""
    missing, unknown = [name for name in _FIELDS if name not in line], sorted(set(line) - set(_FIELDS))
    if missing or unknown:
        raise DataError(
            f"{where}: not a record of schema {SCHEMA_VERSION}: missing {', '.join(missing) or 'nothing'}, "
            f"unknown {', '.join(unknown) or 'nothing'}; extract the report again with this version"
        )
    try:
        return Record(**{**line, **_typed(line)})
    except (ValueError, TypeError, KeyError, ArithmeticError) as error:
        raise DataError(
            f"{where}: not a record: {error}; `zhibiao schema` prints what a record holds"
        ) from error


def _typed(line: Mapping[str, Any]) -> dict[str, Any]:
    """The fields for which JSON has no type of its own."""
    decimals = ("value", "value_base", "growth_rate")
    confidences = line["confidences"]
    return {
        **{name: _decimal(line[name]) for name in decimals},
        "bounds": _bounds(line["bounds"]),
        "growth_bounds": _bounds(line["growth_bounds"]),
        "measure": None if line["measure"] is None else Measure(line["measure"]),
        "period": _period(line["period"]),
        "kind": Kind(line["kind"]),
        "confidence": _float(line["confidence"]),
        "confidences": None if confidences is None else {k: float(v) for k, v in confidences.items()},
        "spans": {slot: _offsets(value) for slot, value in line["spans"].items()},
    }


def _decimal(value: object) -> Decimal | None:
    if value is None or isinstance(value, Decimal):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    raise TypeError(f"{value!r} stands where a number or null was expected")


def _float(value: Decimal | float | None) -> float | None:
    return None if value is None else float(value)


def _bounds(value: list[object] | None) -> Bounds | None:
    if value is None:
        return None
    low, high = value
    return (_decimal(low), _decimal(high))


def _period(value: Mapping[str, Any] | None) -> Period | None:
    return None if value is None else Period(value["start"], value["end"], PeriodKind(value["kind"]))


def _offsets(value: list[int]) -> Offsets:
    start, end = value
    if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end):
        raise ValueError(f"{value!r} stands where [start, end) was expected")
    return (start, end)
