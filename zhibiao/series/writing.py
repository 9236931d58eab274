"""Series as CSV or Parquet, and beside them a list of the statements that were not shown."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from zhibiao.errors import ConfigError
from zhibiao.files import whole_file
from zhibiao.schema import Record
from zhibiao.series.choosing import Choice
from zhibiao.series.rows import Row
from zhibiao.series.wording import indicator_names

__all__ = ["COLUMNS", "CONFLICT_COLUMNS", "check_output", "conflicts_path", "write_conflicts", "write_series"]

Cell = str | int | Decimal | None
DIGITS, SCALE = 38, 12
_INTEGERS = frozenset(
    [
        "year",
        "value_report_year",
        "value_offset_start",
        "value_offset_end",
        "growth_report_year",
        "growth_offset_start",
        "growth_offset_end",
        "n_statements",
        "n_conflicts",
        "report_year",
        "offset_start",
        "offset_end",
    ]
)
_NUMBERS = frozenset(["value", "low", "high", "growth_rate", "growth_low", "growth_high"])
COLUMNS = (
    "district",
    "city",
    "indicator_code",
    "indicator_name",
    "year",
    "period_kind",
    "period_start",
    "period_end",
    "kind",
    "value",
    "unit",
    "value_text",
    "low",
    "high",
    "qualifier",
    "measure",
    "growth_rate",
    "growth_low",
    "growth_high",
    "growth_unit",
    "comparison",
    "growth_text",
    "value_report_id",
    "value_report_year",
    "value_offset_start",
    "value_offset_end",
    "value_evidence",
    "value_caveats",
    "growth_report_id",
    "growth_report_year",
    "growth_offset_start",
    "growth_offset_end",
    "growth_evidence",
    "growth_caveats",
    "n_statements",
    "n_conflicts",
)
CONFLICT_COLUMNS = (
    "district",
    "city",
    "indicator_code",
    "year",
    "period_kind",
    "kind",
    "slot",
    "shown",
    "shown_report_id",
    "stated",
    "report_id",
    "report_year",
    "offset_start",
    "offset_end",
    "evidence",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def check_output(path: Path) -> None:
    """Refuse, before any work, a format that is not known."""
    if path.suffix.lower() not in (".csv", ".parquet"):
        raise ConfigError(f"{path}: cannot tell the format of the series; name it .csv or .parquet")


def conflicts_path(output: Path) -> Path:
    """`series.parquet` has its conflicts in `series.conflicts.csv`."""
    return output.with_name(f"{output.stem}.conflicts.csv")


def write_series(path: Path, rows: Sequence[Row]) -> None:
    """One row a line, in the format that the extension says."""
    cells = [_cells(row) for row in rows]
    if path.suffix.lower() == ".parquet":
        _write_parquet(path, cells)
    else:
        _write_csv(path, COLUMNS, cells)


def write_conflicts(path: Path, rows: Sequence[Row]) -> int:
    """Every statement that contradicts what the series shows; says how many."""
    lines = [line for row in rows for line in _conflicts(row)]
    _write_csv(path, CONFLICT_COLUMNS, lines)
    return len(lines)


def _cells(row: Row) -> dict[str, Cell]:
    period = row.record.period
    return {
        "district": row.place.district if row.place.named else None,
        "city": row.place.city,
        "indicator_code": row.code,
        "indicator_name": indicator_names().get(row.code),
        "year": row.spell.year,
        "period_kind": row.spell.kind.value,
        "period_start": period.start if period else None,
        "period_end": period.end if period else None,
        "kind": row.kind.value,
        **_value_cells(row.value),
        **_growth_cells(row.growth),
        "n_statements": sum(1 + len(c.agreeing) + len(c.conflicting) for c in (row.value, row.growth) if c),
        "n_conflicts": row.conflicts,
    }


def _value_cells(choice: Choice | None) -> dict[str, Cell]:
    if choice is None:
        return {}
    record, interval = choice.chosen.record, choice.chosen.value
    bounded = interval if record.bounds is not None else None
    return {
        "value": record.value_base,
        "unit": record.unit_base,
        "value_text": f"{record.value_text or ''}{record.unit or ''}",
        "low": bounded.low if bounded else None,
        "high": bounded.high if bounded else None,
        "qualifier": record.qualifier,
        "measure": record.measure.value if record.measure else None,
        **_source(choice, "value"),
    }


def _growth_cells(choice: Choice | None) -> dict[str, Cell]:
    if choice is None:
        return {}
    record = choice.chosen.record
    low, high = record.growth_bounds or (None, None)
    return {
        "growth_rate": record.growth_rate,
        "growth_low": low,
        "growth_high": high,
        "growth_unit": record.growth_unit,
        "comparison": record.comparison,
        "growth_text": record.growth_text,
        **_source(choice, "growth"),
    }


def _source(choice: Choice, slot: str) -> dict[str, Cell]:
    record = choice.chosen.record
    start, end = record.spans[slot]
    return {
        f"{slot}_report_id": record.report_id,
        f"{slot}_report_year": record.report_year,
        f"{slot}_offset_start": start,
        f"{slot}_offset_end": end,
        f"{slot}_evidence": record.evidence,
        f"{slot}_caveats": " ".join(sorted(choice.chosen.caveats)) or None,
    }


def _conflicts(row: Row) -> Iterator[dict[str, Cell]]:
    for slot, choice in (("value", row.value), ("growth", row.growth)):
        for each in choice.conflicting if choice else ():
            assert choice is not None
            shown, record = choice.chosen.record, each.record
            start, end = record.spans[slot]
            yield {
                "district": row.place.district if row.place.named else None,
                "city": row.place.city,
                "indicator_code": row.code,
                "year": row.spell.year,
                "period_kind": row.spell.kind.value,
                "kind": row.kind.value,
                "slot": slot,
                "shown": _said(shown, slot),
                "shown_report_id": shown.report_id,
                "stated": _said(record, slot),
                "report_id": record.report_id,
                "report_year": record.report_year,
                "offset_start": start,
                "offset_end": end,
                "evidence": record.evidence,
            }


def _said(record: Record, slot: str) -> str:
    return f"{record.value_text or ''}{record.unit or ''}" if slot == "value" else record.growth_text or ""


def _write_csv(path: Path, columns: Sequence[str], lines: Sequence[dict[str, Cell]]) -> None:
    # The byte order mark is what makes Excel read UTF-8.
    with (
        whole_file(path) as partial,
        partial.open("w", encoding="utf-8-sig", errors="backslashreplace", newline="") as file,
    ):
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([_csv_cell(line.get(column)) for column in columns] for line in lines)


def _csv_cell(cell: Cell) -> Cell:
    """A spreadsheet would run a text that begins like a formula."""
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _write_parquet(path: Path, lines: Sequence[dict[str, Cell]]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {name: pa.int64() for name in _INTEGERS} | {
        name: pa.decimal128(DIGITS, SCALE) for name in _NUMBERS
    }
    schema = pa.schema([(name, types.get(name, pa.string())) for name in COLUMNS])
    columns = {name: [_fitting(name, line.get(name)) for line in lines] for name in COLUMNS}
    with whole_file(path) as partial:
        pq.write_table(pa.table(columns, schema=schema), partial, compression="zstd")


def _fitting(name: str, cell: Cell) -> Cell:
    """Rounded to Parquet's scale; a text without lone surrogates, which Arrow refuses."""
    if name in _NUMBERS and cell is not None:
        rounded = round(Decimal(cell), SCALE)
        return rounded if abs(rounded) < Decimal(10) ** (DIGITS - SCALE) else None
    return cell.encode("utf-8", "backslashreplace").decode() if isinstance(cell, str) else cell
