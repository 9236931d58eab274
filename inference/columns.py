"""A record as one flat row: the columns that CSV, Parquet and Excel share, in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import cast

from zhibiao.schema import Label

__all__ = ["COLUMNS", "Cell", "Column", "ColumnType", "flatten"]

Cell = str | int | float | Decimal | None


class ColumnType(Enum):
    """What a column holds; NUMBER is exact."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    SCORE = "score"


@dataclass(frozen=True, slots=True)
class Column:
    """A column and where its cell stands in the JSON of a record."""

    name: str
    type: ColumnType
    path: tuple[str | int, ...]

    def cell(self, record: Mapping[str, object]) -> Cell:
        """The record's cell; None where anything on the way is missing or null."""
        found: object = record
        for step in self.path:
            if isinstance(found, Mapping):
                found = found.get(step)
            elif isinstance(found, list) and isinstance(step, int):
                found = found[step]
        return cast(Cell, found)


def flatten(record: Mapping[str, object]) -> list[Cell]:
    """The cells of a record, one per column."""
    return [column.cell(record) for column in COLUMNS]


def _columns(type: ColumnType, names: str) -> list[Column]:
    return [Column(name, type, (name,)) for name in names.split()]


def _pair(type: ColumnType, path: tuple[str, ...], name: str, ends: tuple[str, str]) -> list[Column]:
    return [Column(f"{name}_{end}", type, (*path, index)) for index, end in enumerate(ends)]


def _all_columns() -> tuple[Column, ...]:
    text, number = ColumnType.TEXT, ColumnType.NUMBER
    slots = [label.slot for label in Label]
    bounds = ("low", "high")
    return (
        *_columns(text, "report_id title publisher district city"),
        *_columns(ColumnType.INTEGER, "report_year"),
        *_columns(text, "indicator indicator_context indicator_code"),
        *_columns(number, "value"),
        *_columns(text, "value_text unit"),
        *_columns(number, "value_base"),
        *_columns(text, "unit_base measure"),
        *_columns(ColumnType.INTEGER, "year"),
        *(Column(f"period_{part}", text, ("period", part)) for part in ("start", "end", "kind")),
        *_columns(number, "growth_rate"),
        *_columns(text, "growth_unit growth_text comparison qualifier"),
        *_pair(number, ("bounds",), "bounds", bounds),
        *_columns(text, "growth_qualifier"),
        *_pair(number, ("growth_bounds",), "growth_bounds", bounds),
        *_columns(text, "kind"),
        *_columns(ColumnType.SCORE, "confidence"),
        *(Column(f"confidence_{slot}", ColumnType.SCORE, ("confidences", slot)) for slot in slots),
        *_columns(text, "method evidence"),
        *(
            column
            for slot in (*slots, "context")
            for column in _pair(ColumnType.INTEGER, ("spans", slot), slot, ("start", "end"))
        ),
    )


COLUMNS = _all_columns()
