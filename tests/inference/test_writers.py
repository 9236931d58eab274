"""Each format holds the same rows, exactly; files are whole or not there."""

from __future__ import annotations

import csv
import gc
import io
import json
from collections.abc import Iterator
from dataclasses import fields
from decimal import Decimal
from pathlib import Path

import duckdb
import openpyxl
import polars
import pytest

from inference.columns import COLUMNS, ColumnType
from inference.writers import EXCEL_ROWS, check_outputs, check_size, write_outputs
from zhibiao.errors import ConfigError, WriteError
from zhibiao.files import partial_path
from zhibiao.jsonl import dumps, record_to_json
from zhibiao.schema import Kind, Measure, Period, PeriodKind, Record


def record(**changes: object) -> Record:
    facts: dict[str, object] = {field.name: None for field in fields(Record)}
    facts |= {
        "report_id": "weitang-2023",
        "report_year": 2023,
        "indicator": "财政总收入",
        "value": Decimal("12.5"),
        "value_text": "12.5",
        "unit": "亿元",
        "value_base": Decimal(1_250_000_000),
        "unit_base": "元",
        "measure": Measure.LEVEL,
        "year": 2023,
        "period": Period("2023-01", "2023-12", PeriodKind.WHOLE_YEAR),
        "growth_rate": Decimal("-0.30"),
        "bounds": (Decimal("12.5"), None),
        "kind": Kind.ACTUAL,
        "confidence": 0.5,
        "confidences": {"value": 0.5},
        "method": "rules",
        "spans": {"indicator": (3, 8), "value": (10, 14)},
        "evidence": "财政总收入达12.5亿元。",
    }
    return Record(**{**facts, **changes})  # type: ignore[arg-type]


def write(path: Path, *records: Record) -> list[str]:
    lines = [dumps(record_to_json(one)).encode("utf-8", "backslashreplace") for one in records]
    return write_outputs([path], lambda: iter(lines))


def test_every_field_of_a_record_has_its_columns() -> None:
    assert {str(column.path[0]) for column in COLUMNS} == {field.name for field in fields(Record)}
    assert len({column.name for column in COLUMNS}) == len(COLUMNS)


def test_jsonl_is_the_lines(tmp_path: Path) -> None:
    write(tmp_path / "r.jsonl", record(), record(year=None))
    first, second = (json.loads(line) for line in (tmp_path / "r.jsonl").read_text("utf-8").splitlines())
    assert first["indicator"] == "财政总收入"
    assert second["year"] is None


def test_csv_opens_in_excel_and_keeps_numbers_exact(tmp_path: Path) -> None:
    write(tmp_path / "r.csv", record(value=Decimal("123456789012345678.25"), evidence='有"引号"，和逗号'))
    raw = (tmp_path / "r.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""))
    assert (row["value"], row["growth_rate"], row["bounds_low"]) == ("123456789012345678.25", "-0.3", "12.5")
    assert (row["value_start"], row["growth_start"], row["bounds_high"]) == ("10", "", "")
    assert row["evidence"] == '有"引号"，和逗号'


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_csv_holds_no_formula(tmp_path: Path, start: str) -> None:
    write(tmp_path / "r.csv", record(indicator=f"{start}cmd|' /C calc'!A0", growth_rate=Decimal(-5)))
    with (tmp_path / "r.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["indicator"] == f"'{start}cmd|' /C calc'!A0"
    assert row["growth_rate"] == "-5"


def test_parquet_is_typed_and_exact_in_duckdb_and_polars(tmp_path: Path) -> None:
    path = tmp_path / "r.parquet"
    notes = write(path, record(), record(value=None, bounds=None, confidence=None, confidences=None))
    assert notes == []
    query = f"SELECT value, value_base, growth_rate, year, confidence_value, period_kind FROM '{path}'"
    first, second = duckdb.sql(query).fetchall()
    assert first == (Decimal("12.5"), Decimal(1_250_000_000), Decimal("-0.3"), 2023, 0.5, "whole_year")
    assert (second[0], second[4]) == (None, None)
    frame = polars.read_parquet(path)
    assert frame["value"].to_list() == [Decimal("12.5"), None]
    assert isinstance(frame.schema["value"], polars.Decimal)
    assert [name for name, type in frame.schema.items() if isinstance(type, polars.Decimal)] == [
        column.name for column in COLUMNS if column.type is ColumnType.NUMBER
    ]


def test_parquet_says_which_numbers_it_could_not_hold(tmp_path: Path) -> None:
    third = Decimal("0." + "3" * 28)
    (note,) = write(tmp_path / "r.parquet", record(value=third, value_base=Decimal(10) ** 30))
    assert "2 numbers" in note
    (row,) = polars.read_parquet(tmp_path / "r.parquet").to_dicts()
    assert (row["value"], row["value_base"]) == (Decimal("0." + "3" * 12), None)


def test_parquet_has_its_columns_even_without_records(tmp_path: Path) -> None:
    write(tmp_path / "r.parquet")
    assert polars.read_parquet(tmp_path / "r.parquet").columns == [column.name for column in COLUMNS]


def test_excel_has_a_frozen_filtered_header_and_typed_cells(tmp_path: Path) -> None:
    write(tmp_path / "r.xlsx", record(indicator="=1+1"), record())
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx").active
    header = [cell.value for cell in sheet[1]]
    row = dict(zip(header, (cell.value for cell in sheet[2]), strict=True))
    assert header == [column.name for column in COLUMNS]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == (
        "B2",
        f"A1:{sheet.cell(3, len(COLUMNS)).coordinate}",
    )
    assert (row["value"], row["value_base"], row["growth_rate"]) == (12.5, 1_250_000_000, -0.3)
    assert row["indicator"] == "=1+1"
    assert sheet[2][header.index("indicator")].data_type == "s"


def test_excel_keeps_a_long_number_as_text_and_says_what_it_cut(tmp_path: Path) -> None:
    (note,) = write(tmp_path / "r.xlsx", record(value=Decimal("12345678901234567"), evidence="长" * 40_000))
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx").active
    row = dict(zip((c.value for c in sheet[1]), (c.value for c in sheet[2]), strict=True))
    assert row["value"] == "12345678901234567"
    assert len(row["evidence"]) == 32_767
    assert "1 texts were cut" in note


def test_excel_refuses_more_rows_than_a_sheet_has() -> None:
    check_size([Path("r.xlsx")], EXCEL_ROWS - 1)
    check_size([Path("r.parquet")], EXCEL_ROWS)
    with pytest.raises(WriteError, match=r"1,048,576 records.*write \.parquet or \.csv"):
        check_size([Path("r.csv"), Path("r.xlsx")], EXCEL_ROWS)


@pytest.mark.parametrize("extension", ["jsonl", "csv", "parquet", "xlsx"])
def test_odd_characters_and_huge_numbers_break_no_format(tmp_path: Path, extension: str) -> None:
    path = tmp_path / f"r.{extension}"
    odd = "\ud800\x00\x1f\u2028\x85\U0001f600"
    write(path, record(indicator=odd, value=Decimal("9" * 5000), value_base=Decimal(10) ** 400))
    assert path.stat().st_size > 0


@pytest.mark.parametrize("extension", ["jsonl", "csv", "parquet", "xlsx"])
def test_a_failure_leaves_the_old_file_and_no_other(tmp_path: Path, extension: str) -> None:
    path, other = tmp_path / f"r.{extension}", tmp_path / "first.jsonl"
    path.write_bytes(b"old")

    def broken() -> Iterator[bytes]:
        yield dumps(record_to_json(record())).encode()
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        write_outputs([other, path], broken)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
    assert path.read_bytes() == b"old"


def test_several_outputs_appear_together_or_not_at_all(tmp_path: Path) -> None:
    first, second = tmp_path / "a.jsonl", tmp_path / "b.csv"
    calls = iter([[dumps(record_to_json(record())).encode()], [b"not JSON"]])
    with pytest.raises(json.JSONDecodeError):
        write_outputs([first, second], lambda: next(calls))
    assert list(tmp_path.iterdir()) == []


# xlsxwriter's archive complains once more when it is collected.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("extension", ["jsonl", "csv", "parquet", "xlsx"])
def test_a_full_disk_is_a_write_error(tmp_path: Path, extension: str) -> None:
    path = tmp_path / f"r.{extension}"
    partial_path(path).symlink_to("/dev/full")
    with pytest.raises(WriteError, match="No space left"):
        write(path, record())
    gc.collect()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["records", "records.json", "records.xls"])
def test_an_unknown_extension_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match=r"\.jsonl \.csv \.parquet \.xlsx"):
        check_outputs([tmp_path / name])


def test_what_cannot_be_written_is_told_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder.csv").mkdir()
    for path in (tmp_path / "file" / "r.jsonl", tmp_path / "folder.csv", Path("/proc/r.jsonl")):
        with pytest.raises(WriteError, match="cannot be written"):
            check_outputs([path])
    with pytest.raises(ConfigError, match="named twice"):
        check_outputs([tmp_path / "r.csv", tmp_path / "folder.csv" / ".." / "r.csv"])


def test_missing_folders_of_an_output_are_made(tmp_path: Path) -> None:
    check_outputs([tmp_path / "new" / "folder" / "r.csv"])
    assert list((tmp_path / "new" / "folder").iterdir()) == []
