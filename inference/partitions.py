"""A folder of Parquet files by the values of columns, in the layout of Hive: `year=2023/district=榆山区/...`.

Like every output it is whole or not there: it is written beside its place and then changed for the old one.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from inference.columns import COLUMNS, Cell, Column, ColumnType
from inference.parquet import misfit_notes, schema_of, table_of
from zhibiao.errors import ConfigError, WriteError
from zhibiao.files import partial_path, unwritable

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetWriter

__all__ = ["check_partitions", "whole_folder", "write_partitions"]

Key = tuple[str, ...]

NULL = "__HIVE_DEFAULT_PARTITION__"
ROWS = 50_000
"""Rows held in memory before they go to their files."""

OPEN = 200
"""Files open at the same time; a partition that has to give way goes on in another part."""

_ESCAPED = re.compile(r"""[\x00-\x1f\x7f"#%'*/:=?\\{\[\]^]""")
"""What Hive and Spark escape; everything else, Chinese too, stands in the name as it is."""


def check_partitions(by: Sequence[str], folders: Sequence[Path]) -> None:
    """Refuse columns that nothing can be partitioned by, and folders that hold anything else."""
    known = [column.name for column in COLUMNS if column.type in (ColumnType.TEXT, ColumnType.INTEGER)]
    for name in by:
        if name not in known:
            raise ConfigError(
                f"--partition-by {name}: no such column of text or integers; there are {' '.join(known)}"
            )
        if by.count(name) > 1:
            raise ConfigError(f"--partition-by {name}: named twice")
    if by and not folders:
        raise ConfigError(
            "--partition-by: no output is a folder; name one without extension, like -o records/"
        )
    for folder in folders:
        if by and folder.exists() and (other := _foreign(folder)):
            raise WriteError(
                f"{folder}: would be replaced, but holds {other}; choose another -o, or remove it"
            )


def _foreign(folder: Path) -> Path | None:
    """A file that no such output has."""
    if not folder.is_dir():
        return folder
    files = (path for path in folder.rglob("*") if not path.is_dir())
    ours = re.compile(r"([^/=]+=[^/]*/)+part-\d+\.parquet")
    return next((path for path in files if not ours.fullmatch(path.relative_to(folder).as_posix())), None)


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """A folder beside `path` to write to; it becomes `path` when the block ends well, else it is removed."""
    partial, old = partial_path(path), path.with_name(f".{path.name}.old")
    try:
        if old.exists() and not path.exists():
            old.rename(path)  # a run was killed between the two steps of the change
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        yield partial
        if path.exists():
            path.rename(old)
        partial.rename(path)
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        for folder in (partial, old) if path.exists() else (partial,):
            shutil.rmtree(folder, ignore_errors=True)


def write_partitions(folder: Path, rows: Iterable[Sequence[Cell]], by: Sequence[str]) -> Sequence[str]:
    """Write all rows; notes on what Parquet cannot hold. Same rows, same order, same files."""
    parts = _Parts(folder, by)
    try:
        for row in rows:
            parts.add(row)
        parts.flush()
    finally:
        parts.close()
    return misfit_notes(parts.misfits)


class _Parts:
    """Rows on their way to the files of their partitions."""

    def __init__(self, folder: Path, by: Sequence[str]) -> None:
        names = [column.name for column in COLUMNS]
        self._folder = folder
        self._by = by
        self._places = [names.index(name) for name in by]
        self._rest = [place for place, name in enumerate(names) if name not in by]
        self._columns: list[Column] = [COLUMNS[place] for place in self._rest]
        self._rows: dict[Key, list[list[Cell]]] = {}
        self._held = 0
        self._open: OrderedDict[Key, ParquetWriter] = OrderedDict()
        self._parts: Counter[Key] = Counter()
        self.misfits = 0

    def add(self, row: Sequence[Cell]) -> None:
        """Take a row; now and then all go to their files."""
        # The folder rather than the values, of which two may share one: nothing and an empty text.
        values = (row[place] for place in self._places)
        key = tuple(_segment(name, value) for name, value in zip(self._by, values, strict=True))
        self._rows.setdefault(key, []).append([row[place] for place in self._rest])
        self._held += 1
        if self._held >= ROWS:
            self.flush()

    def flush(self) -> None:
        """Write what is held."""
        for key, rows in self._rows.items():
            table, misfits = table_of(rows, self._columns)
            self.misfits += misfits
            self._writer(key).write_table(table)
        self._rows.clear()
        self._held = 0

    def close(self) -> None:
        """Close all files."""
        while self._open:
            self._open.popitem()[1].close()

    def _writer(self, key: Key) -> ParquetWriter:
        if key in self._open:
            self._open.move_to_end(key)
            return self._open[key]
        if len(self._open) >= OPEN:
            self._open.popitem(last=False)[1].close()
        self._open[key] = self._new(key)
        return self._open[key]

    def _new(self, key: Key) -> ParquetWriter:
        from pyarrow.parquet import ParquetWriter

        folder = self._folder.joinpath(*key)
        folder.mkdir(parents=True, exist_ok=True)
        number = self._parts[key]
        self._parts[key] += 1
        return ParquetWriter(folder / f"part-{number}.parquet", schema_of(self._columns), compression="zstd")


def _segment(name: str, value: Cell) -> str:
    text = "" if value is None else str(value).encode("utf-8", "backslashreplace").decode()
    return f"{name}={_ESCAPED.sub(_escape, text) or NULL}"


def _escape(found: re.Match[str]) -> str:
    return f"%{ord(found[0]):02X}"
