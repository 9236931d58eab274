"""Records to files: JSONL, CSV, Parquet or Excel by extension, streamed, and whole or not there.

Every writer takes the path and the records as lines of JSON, and returns notes on what its format
cannot hold.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from inference.columns import COLUMNS, Cell, Column, ColumnType, flatten
from inference.parquet import write_parquet
from inference.partitions import check_partitions, whole_folder, write_partitions
from zhibiao.errors import ConfigError, WriteError
from zhibiao.files import partial_path, unwritable, whole_file

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

__all__ = ["EXCEL_ROWS", "check_outputs", "check_size", "write_outputs"]

Lines = Iterable[bytes]
Writer = Callable[[Path, Lines], Sequence[str]]

EXCEL_ROWS = 1_048_576
EXCEL_CHARACTERS = 32_767
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def check_outputs(outputs: Sequence[Path], partition_by: Sequence[str] = ()) -> None:
    """Refuse, before any work, what could not be written in the end; makes missing folders.

    With `partition_by`, an output without one of the known extensions is a folder of Parquet files.
    """
    check_partitions(partition_by, [path for path in outputs if _is_folder(path)])
    for path in outputs:
        if _is_folder(path) and not partition_by:
            known = " ".join(WRITERS)
            raise ConfigError(
                f"{path}: cannot tell the format of the output; name it with one of {known}, or give "
                "--partition-by for a folder of Parquet files"
            )
        if [other.resolve() for other in outputs].count(path.resolve()) > 1:
            raise ConfigError(f"{path}: named twice as output; give each output once")
        _probe(path)


def _is_folder(path: Path) -> bool:
    return path.suffix.lower() not in WRITERS


def check_size(outputs: Sequence[Path], records: int) -> None:
    """Refuse an Excel file that Excel could not open."""
    for path in outputs:
        if path.suffix.lower() == ".xlsx" and records >= EXCEL_ROWS:
            raise WriteError(
                f"{path}: {records:,} records, and an Excel sheet holds {EXCEL_ROWS - 1:,}; "
                "write .parquet or .csv (the work is kept: run again with --resume and the same first output)"
            )


def write_outputs(
    outputs: Sequence[Path], lines: Callable[[], Lines], partition_by: Sequence[str] = ()
) -> list[str]:
    """Write every output, then put all in place; `lines` gives the records anew for each."""
    notes: list[str] = []
    with ExitStack() as stack:
        for path in outputs:
            if _is_folder(path):
                partial = stack.enter_context(whole_folder(path))
                found = write_partitions(partial, _rows(lines()), partition_by)
            else:
                partial = stack.enter_context(whole_file(path))
                found = WRITERS[path.suffix.lower()](partial, lines())
            notes += (f"{path.name}: {note}" for note in found)
    return notes


def _probe(path: Path) -> None:
    """Make and remove the file that will be written, which is the only sure test."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir() and not _is_folder(path):
            raise IsADirectoryError(None, "it is a folder")
        partial_path(path).touch()
        partial_path(path).unlink()
    except OSError as error:
        raise unwritable(path, error) from error


def _write_jsonl(path: Path, lines: Lines) -> Sequence[str]:
    with path.open("wb") as file:
        for line in lines:
            file.write(line)
            file.write(b"\n")
    return ()


def _rows(lines: Lines) -> Iterator[list[Cell]]:
    for line in lines:
        yield flatten(json.loads(line, parse_float=Decimal, parse_int=_integer))


def _integer(digits: str) -> int | Decimal:
    """Python refuses to read integers of thousands of digits, which a text may well hold."""
    return int(digits) if len(digits) < 100 else Decimal(digits)


def _write_csv(path: Path, lines: Lines) -> Sequence[str]:
    # The byte order mark is what makes Excel read UTF-8.
    with path.open("w", encoding="utf-8-sig", errors="backslashreplace", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(column.name for column in COLUMNS)
        writer.writerows(map(_csv_row, _rows(lines)))
    return ()


def _csv_row(row: list[Cell]) -> list[Cell]:
    return [_csv_cell(column, cell) for column, cell in zip(COLUMNS, row, strict=True)]


def _csv_cell(column: Column, cell: Cell) -> Cell:
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    if column.type is ColumnType.TEXT and isinstance(cell, str) and cell.startswith(_FORMULA):
        # A spreadsheet would run it as a formula.
        return f"'{cell}"
    return cell


def _write_parquet(path: Path, lines: Lines) -> Sequence[str]:
    return write_parquet(path, _rows(lines))


def _write_xlsx(path: Path, lines: Lines) -> Sequence[str]:
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    # A folder of its own, since xlsxwriter leaves its temporary files behind when it fails.
    with TemporaryDirectory() as scratch:
        # In constant memory a row is written out when the next one begins.
        options = {"constant_memory": True, "tmpdir": scratch}
        try:
            with xlsxwriter.Workbook(path, options) as book:
                cut = _fill_sheet(book, lines)
        except FileCreateError as error:
            raise OSError(None, str(error)) from error
    return (f"{cut} texts were cut to the {EXCEL_CHARACTERS:,} characters that a cell holds",) if cut else ()


def _fill_sheet(book: Workbook, lines: Lines) -> int:
    """How many texts had to be cut."""
    sheet = book.add_worksheet("records")
    sheet.freeze_panes(1, 1)
    bold = book.add_format({"bold": True})
    for place, column in enumerate(COLUMNS):
        sheet.write_string(0, place, column.name, bold)
    cut = last = 0
    for last, row in enumerate(_rows(lines), start=1):
        for place, cell in enumerate(row):
            cut += _write_excel_cell(sheet, last, place, cell)
    sheet.autofilter(0, 0, last, len(COLUMNS) - 1)
    return cut


def _write_excel_cell(sheet: Worksheet, row: int, place: int, cell: Cell) -> bool:
    """Whether the text had to be cut."""
    if cell is None:
        return False
    if not isinstance(cell, str):
        if Decimal(f"{float(cell):.15g}") == cell:
            sheet.write_number(row, place, float(cell))
            return False
        # Excel keeps 15 digits: a longer number stays exact as text.
        cell = f"{cell:f}" if isinstance(cell, Decimal) else str(cell)
    text = cell.encode("utf-8", "backslashreplace").decode()
    sheet.write_string(row, place, text[:EXCEL_CHARACTERS])
    return len(text) > EXCEL_CHARACTERS


WRITERS: dict[str, Writer] = {
    ".jsonl": _write_jsonl,
    ".csv": _write_csv,
    ".parquet": _write_parquet,
    ".xlsx": _write_xlsx,
}
