"""Records by the place that they are of, with no more than one place in memory at a time.

The files are read twice: first for where each line stands and which place it is of, then place by place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from zhibiao.errors import DataError
from zhibiao.jsonl import parse_line, record_from_json
from zhibiao.schema import Record

__all__ = ["Place", "PlaceRecords", "RecordFiles"]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Whose figures these are. Where a report names no district, the report itself stands for it."""

    district: str
    city: str | None = None
    named: bool = True

    def __str__(self) -> str:
        return self.district if self.city in (None, self.district) else f"{self.city} {self.district}"


@dataclass(frozen=True, slots=True)
class PlaceRecords:
    """All records of a place, by report year, then in the order of the files."""

    place: Place
    records: tuple[Record, ...]


@dataclass(slots=True)
class RecordFiles:
    """Files of records as `zhibiao extract` writes them; the same line given twice counts once."""

    paths: Sequence[Path]
    n_records: int = 0
    n_repeated: int = 0
    _where: dict[Place, list[tuple[int, int, int]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for number, path in enumerate(self.paths):
            for line, start, record in _lines(path):
                self._where.setdefault(_place(record), []).append((number, start, line))
        self._merge()

    def __iter__(self) -> Iterator[PlaceRecords]:
        with ExitStack() as stack:
            files = [stack.enter_context(path.open("rb")) for path in self.paths]
            for place in sorted(self._where, key=lambda place: (place.city or "", place.district)):
                yield PlaceRecords(place, tuple(self._records(files, self._where[place])))

    def _records(self, files: Sequence[BinaryIO], where: Iterable[tuple[int, int, int]]) -> list[Record]:
        seen: set[bytes] = set()
        found = []
        for number, start, line in where:
            files[number].seek(start)
            raw = files[number].readline().strip()
            if raw in seen:
                self.n_repeated += 1
                continue
            seen.add(raw)
            found.append(_record(raw, f"{self.paths[number]}:{line}"))
        self.n_records += len(found)
        return sorted(found, key=lambda record: record.report_year or 0)

    def _merge(self) -> None:
        """A district whose city only some reports name is one place, if only one city has it."""
        for bare in [place for place in self._where if place.city is None and place.named]:
            cities = [place for place in self._where if place.district == bare.district and place.city]
            if len(cities) == 1:
                self._where[cities[0]] = sorted(self._where[cities[0]] + self._where.pop(bare))


def _lines(path: Path) -> Iterator[tuple[int, int, Record]]:
    """Line number, offset and record of each line that is not blank; every line is checked once, here."""
    try:
        with path.open("rb") as file:
            start = 0
            for number, raw in enumerate(file, start=1):
                if raw.strip():
                    yield number, start, _record(raw, f"{path}:{number}")
                start += len(raw)
    except OSError as error:
        raise DataError(
            f"{path}: cannot be read ({error.strerror}); name a file that `zhibiao extract` wrote as .jsonl"
        ) from error


def _record(raw: bytes, where: str) -> Record:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"{where}: not UTF-8 ({error.reason}); save the file as UTF-8") from error
    return record_from_json(parse_line(text, where), where)


def _place(record: Record) -> Place:
    if record.district is not None:
        return Place(record.district, record.city)
    if record.city is not None:
        return Place(record.city, record.city)
    return Place(record.publisher or record.report_id, named=False)
