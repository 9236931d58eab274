"""Reads gold without stopping at the first fault: what cannot be used is a Fault, the rest is checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from annotation.checks.faults import Fault, FaultKind
from zhibiao.assemble import YearFinder
from zhibiao.errors import DataError
from zhibiao.jsonl import gold_files, gold_record_from_json, gold_report_from_json, gold_text, parse_line
from zhibiao.schema import Document, GoldRecord, GoldReport, Offsets
from zhibiao.scoring import gold_spans

__all__ = ["Loaded", "Place", "load", "record_fault"]


@dataclass(frozen=True)
class Loaded:
    """A report that could be read; `numbers` are its records' places in the line, where some could not."""

    report: GoldReport
    where: str
    numbers: tuple[int, ...]

    @property
    def document(self) -> Document:
        """The report's."""
        return self.report.document

    @cached_property
    def years(self) -> YearFinder:
        """Its YEAR spans, sentences and sections by position."""
        return YearFinder.of(self.document, gold_spans(self.report))

    def places(self) -> Iterator[Place]:
        """Every record with its number."""
        for number, record in zip(self.numbers, self.report.records, strict=True):
            yield Place(self, number, record)

    def fault(self, kind: FaultKind, message: str) -> Fault:
        """Of the report as a whole."""
        return Fault(kind, self.where, message, self.document.id)


@dataclass(frozen=True)
class Place:
    """A record where it stands."""

    loaded: Loaded
    number: int
    record: GoldRecord

    def quote(self, slot: str) -> str | None:
        """What a slot says, None where there is none."""
        offsets = self.record.spans.get(slot)
        return None if offsets is None else self.loaded.document.quote(offsets)

    @property
    def anchor(self) -> Offsets:
        """Where the quantity stands."""
        spans = self.record.spans
        return spans["value"] if "value" in spans else spans["growth"]

    def fault(self, kind: FaultKind, message: str, slot: str | None = None) -> Fault:
        """Of the record, at one slot or at its quantity."""
        return record_fault(self, kind, message, self.record.spans[slot] if slot else self.anchor)


def record_fault(place: Place, kind: FaultKind, message: str, offsets: Offsets) -> Fault:
    """Of a record, at any offsets."""
    document = place.loaded.document
    return Fault(
        kind, place.loaded.where, message, document.id, place.number, offsets, document.quote(offsets)
    )


def load(path: Path) -> Iterator[Loaded | Fault]:
    """The reports of a gold file or folder, and a Fault for every line or record that is none."""
    for file in gold_files(path):
        for number, raw in enumerate(_lines(file), start=1):
            if raw.strip():
                yield from _line(raw, file, f"{file}:{number}")


def _lines(file: Path) -> list[bytes]:
    try:
        return file.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n")
    except OSError as error:
        raise DataError(f"{file}: cannot be read ({error.strerror}); check the path") from error


def _line(raw: bytes, file: Path, where: str) -> Iterator[Loaded | Fault]:
    try:
        line = parse_line(raw.decode("utf-8"), where)
    except (DataError, UnicodeDecodeError) as error:
        yield Fault(FaultKind.JSON, where, _said(error, where))
        return
    name = line.get("id")
    report = str(name) if isinstance(name, str) else None
    for kind, step in ((FaultKind.TEXT, _check_text), (FaultKind.REPORT, _check_report)):
        try:
            step(line, file.parent, where)
        except DataError as error:
            yield Fault(kind, where, _said(error, where), report)
            return
    yield from _records(line, gold_report_from_json({**line, "records": []}, file.parent, where), where)


def _said(error: Exception, where: str) -> str:
    """The finding without its place, which the Fault has."""
    return str(error).removeprefix(f"{where}: ")


def _check_text(line: Mapping[str, object], folder: Path, where: str) -> None:
    text, _ = gold_text(line, folder, where)
    stated = line.get("sha256")
    if "text" in line and stated is not None:
        found = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        if found != stated:
            raise DataError(f"the text inside has sha256 {found}, the line states {stated}")


def _check_report(line: Mapping[str, object], folder: Path, where: str) -> None:
    gold_report_from_json({**line, "records": []} if "records" in line else line, folder, where)
    if not isinstance(line["records"], list):
        raise DataError(f"records is a {type(line['records']).__name__}; it must be a list")


def _records(line: Mapping[str, object], report: GoldReport, where: str) -> Iterator[Loaded | Fault]:
    good: dict[int, GoldRecord] = {}
    records = line["records"]
    for number, record in enumerate(records if isinstance(records, list) else ()):
        try:
            good[number] = gold_record_from_json(record, report.document, "it")
        except DataError as error:
            message = _said(error, "it")
            yield Fault(FaultKind.RECORD, where, message, report.document.id, number)
    yield Loaded(replace(report, records=tuple(good.values())), where, tuple(good))
