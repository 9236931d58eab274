"""Metadata that people put beside a report: `report.toml`, or `metadata.toml` / `metadata.csv` for a folder.

`report.toml` beside `report.txt` holds keys of Metadata and `id`. `metadata.toml` holds a table for each file
name (`["report.txt"]`), `metadata.csv` a row for each, the name in the column `file`. Where several name the
same report, they are merged key by key in this order, the first one winning. A key or a value that makes no
sense is an error, never skipped.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from zhibiao.documents.encodings import decode
from zhibiao.errors import ConfigError, ReadError
from zhibiao.schema import Finding

YEARS = ("report_year", "plan_year", "sitting_year")
KEYS = ("title", "publisher", "district", "city", *YEARS, "index_number", "published")
_FIRST_YEAR, _LAST_YEAR = 1949, 2100
_Findings = Mapping[str, Finding]


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What the files beside a report say of it."""

    id: str | None = None
    findings: _Findings = field(default_factory=dict)


def find_sidecar(path: Path) -> Sidecar:
    """Looks beside `path`; an empty Sidecar where there is nothing."""
    merged: dict[str, Finding] = {}
    for findings in _sources(path):
        for key, finding in findings.items():
            merged.setdefault(key, finding)
    id = merged.pop("id", None)
    return Sidecar(None if id is None else str(id.value), merged)


def check_overrides(overrides: Mapping[str, object]) -> dict[str, Finding]:
    """Options as Findings; ConfigError where a key is unknown or a value impossible."""
    for key in overrides:
        if key not in KEYS:
            raise ConfigError(f"option {key!r} is unknown; known are {', '.join(KEYS)}")
    return {key: _finding(key, value, "option", f"option {key}") for key, value in overrides.items()}


def _sources(path: Path) -> Iterator[_Findings]:
    own = path.with_suffix(".toml")
    if own.name != "metadata.toml" and own.is_file():
        yield _read_own(own)
    for name, load in (("metadata.toml", _load_tables), ("metadata.csv", _load_rows)):
        file = path.parent / name
        if file.is_file():
            status = file.stat()
            yield load(file, status.st_mtime_ns, status.st_size).get(path.name, {})


def _read_own(file: Path) -> _Findings:
    text = _text(file)
    return _checked_table(file, text, _toml(file, text), header=None)


@lru_cache(maxsize=4)
def _load_tables(file: Path, _mtime: int, _size: int) -> Mapping[str, _Findings]:
    """Cached: the file of a folder is asked again for each report in it."""
    text = _text(file)
    return {name: _checked_entry(file, text, name, entry) for name, entry in _toml(file, text).items()}


def _checked_entry(file: Path, text: str, name: str, entry: object) -> _Findings:
    if not isinstance(entry, dict):
        where = f"{file}:{_line(text, name, header=None)}"
        raise ConfigError(f'{where}: key {name!r} stands outside a table; begin with ["report.txt"]')
    return _checked_table(file, text, entry, header=name)


@lru_cache(maxsize=4)
def _load_rows(file: Path, _mtime: int, _size: int) -> Mapping[str, _Findings]:
    reader = csv.DictReader(io.StringIO(_text(file), newline=""), strict=True)
    rows: dict[str, _Findings] = {}
    try:
        _check_columns(file, reader.fieldnames or ())
        for row in reader:
            where = f"{file}:{reader.line_num}"
            name = (row.pop("file") or "").strip()
            if not name or name in rows:
                raise ConfigError(
                    f"{where}: {'file ' + name + ' again' if name else 'no file name'}; one row a file"
                )
            rows[name] = _checked_row(row, f"sidecar:{file.name}", where)
    except csv.Error as error:
        raise ConfigError(
            f"{file}:{reader.line_num}: not valid CSV ({error}); save it again as CSV"
        ) from error
    return rows


def _check_columns(file: Path, columns: Sequence[str]) -> None:
    unknown = [column for column in columns if column not in (*KEYS, "id", "file")]
    if unknown or "file" not in columns or len(set(columns)) < len(columns):
        finding = f"unknown column {unknown[0]!r}" if unknown else "no column `file`, or a column twice"
        raise ConfigError(f"{file}:1: {finding}; columns are file, id, {', '.join(KEYS)}")


def _checked_row(row: Mapping[str | None, str | None], source: str, where: str) -> _Findings:
    if None in row or None in row.values():
        raise ConfigError(f"{where}: more or fewer cells than columns; quote cells that hold commas")
    findings = {}
    for key, cell in row.items():
        value = (cell or "").strip()
        if key is not None and value:
            typed = int(value) if key in YEARS and value.isdecimal() else value
            findings[key] = _finding(key, typed, source, where)
    return findings


def _checked_table(file: Path, text: str, table: Mapping[str, object], *, header: str | None) -> _Findings:
    findings = {}
    for key, value in table.items():
        where = f"{file}:{_line(text, key, header=header)}"
        findings[key] = _finding(key, value, f"sidecar:{file.name}", where)
    return findings


def _finding(key: str, value: object, source: str, where: str) -> Finding:
    if key in YEARS:
        return Finding(_year(key, value, where), source)
    if key == "published":
        return Finding(_date(value, where), source)
    if key not in (*KEYS, "id"):
        raise ConfigError(f"{where}: unknown key {key!r}; known are id, {', '.join(KEYS)}")
    if not isinstance(value, str) or not value.strip():
        raise ConfigError(f"{where}: {key} is {value!r}; expected a text, quoted and not empty")
    if key == "id" and ("/" in value or "\\" in value):
        raise ConfigError(f"{where}: id {value!r} holds a path separator; an id is a name, not a path")
    return Finding(value.strip(), source)


def _year(key: str, value: object, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not _FIRST_YEAR <= value <= _LAST_YEAR:
        expected = f"a year between {_FIRST_YEAR} and {_LAST_YEAR} without quotes"
        raise ConfigError(f"{where}: {key} is {value!r}; expected {expected}")
    return value


def _date(value: object, where: str) -> str:
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    try:
        return datetime.datetime.strptime(str(value), "%Y-%m-%d").date().isoformat()
    except ValueError as error:
        raise ConfigError(f"{where}: published is {value!r}; expected a date like 2024-01-31") from error


def _toml(file: Path, text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f'{file}: not valid TOML ({error}); write lines like title = "..."') from error


def _line(text: str, key: str, *, header: str | None) -> int:
    """The first line that starts with the key, after its table's header: tomllib keeps no positions."""
    start = 0 if header is None else max(text.find(f'["{header}"]'), 0)
    found = re.compile(rf"^\s*\[?[\"']?{re.escape(key)}\b", re.M).search(text, start)
    return text.count("\n", 0, found.end() if found else start) + 1


def _text(file: Path) -> str:
    try:
        return decode(file.read_bytes(), file).text
    except (OSError, ReadError) as error:
        raise ConfigError(f"sidecar cannot be read: {error}") from error
