"""Rows of records as Parquet: exact decimals, one file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Context, Decimal
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from inference.columns import COLUMNS, Cell, Column, ColumnType

if TYPE_CHECKING:
    import pyarrow

__all__ = ["misfit_notes", "schema_of", "table_of", "write_parquet"]

DIGITS, SCALE = 38, 12
ROW_GROUP = 10_000


def write_parquet(path: Path, rows: Iterable[Sequence[Cell]]) -> Sequence[str]:
    """Write one file; notes on what it cannot hold."""
    import pyarrow.parquet as pq

    misfits, left = 0, iter(rows)
    with pq.ParquetWriter(path, schema_of(COLUMNS), compression="zstd") as writer:
        while group := list(islice(left, ROW_GROUP)):
            table, more = table_of(group, COLUMNS)
            misfits += more
            writer.write_table(table)
    return misfit_notes(misfits)


def misfit_notes(misfits: int) -> tuple[str, ...]:
    """What to tell of numbers that did not fit."""
    if not misfits:
        return ()
    kind = f"decimal({DIGITS}, {SCALE})"
    return (f"{misfits} numbers do not fit {kind} and were rounded or left empty; JSONL has them exactly",)


def schema_of(columns: Sequence[Column]) -> pyarrow.Schema:
    """The Arrow schema of some columns."""
    import pyarrow as pa

    return pa.schema([(column.name, _arrow_type(column)) for column in columns])


def table_of(rows: Sequence[Sequence[Cell]], columns: Sequence[Column]) -> tuple[pyarrow.Table, int]:
    """Rows that have exactly these columns as a table, and how many numbers did not fit."""
    import pyarrow as pa

    cells = list(zip(*rows, strict=True))
    fitted = [_fit_all(column, given) for column, given in zip(columns, cells, strict=True)]
    misfits = sum(_misfits(given, kept) for given, kept in zip(cells, fitted, strict=True))
    return pa.table(fitted, schema=schema_of(columns)), misfits


def _arrow_type(column: Column) -> pyarrow.DataType:
    import pyarrow as pa

    match column.type:
        case ColumnType.TEXT:
            return pa.string()
        case ColumnType.INTEGER:
            return pa.int64()
        case ColumnType.NUMBER:
            return pa.decimal128(DIGITS, SCALE)
        case ColumnType.SCORE:
            return pa.float64()


def _fit_all(column: Column, cells: Sequence[Cell]) -> list[Cell]:
    if column.type is ColumnType.NUMBER:
        return [None if cell is None else _fit(Decimal(cell)) for cell in cells]
    if column.type is ColumnType.TEXT:
        return [
            None if cell is None else str(cell).encode("utf-8", "backslashreplace").decode() for cell in cells
        ]
    if column.type is ColumnType.SCORE:
        return [None if cell is None else float(cell) for cell in cells]
    return list(cells)


def _fit(number: Decimal) -> Decimal | None:
    """Rounded to Parquet's scale; None where it has too many digits before the point."""
    if abs(number) >= 10 ** (DIGITS - SCALE):
        return None
    return number.quantize(Decimal(1).scaleb(-SCALE), context=Context(prec=DIGITS))


def _misfits(cells: Sequence[Cell], kept: Sequence[Cell]) -> int:
    return sum(
        1 for cell, fit in zip(cells, kept, strict=True) if isinstance(cell, int | Decimal) and cell != fit
    )
