"""Inline files as gold reports, and gold reports as lines of `gold.jsonl`."""

from __future__ import annotations

import hashlib
import json
import tomllib
from pathlib import Path

from annotation.inline.marks import scan
from annotation.inline.records import records
from zhibiao.errors import DataError
from zhibiao.schema import Document, GoldRecord, GoldReport, Metadata

FENCE = "+++"
REQUIRED = ("id", "title", "publisher", "district", "report_year")
METADATA = ("title", "publisher", "district", "city", "report_year", "sitting_year", "published")


def parse_file(path: Path) -> GoldReport:
    """The gold report that an inline file holds."""
    return parse(path.read_bytes().decode("utf-8"), path.name)


def parse(source: str, name: str = "inline") -> GoldReport:
    """The gold report of an inline source; `name` is for messages.

    Its Document has text and metadata; finding sections and sentences is left to the reader of the text.
    """
    head, body, first_line = _split(source, name)
    front = _front_matter(head, name)
    marked = scan(body, name, first_line=first_line, year=int(str(front["report_year"])))
    metadata = Metadata(**{key: front.pop(key) for key in METADATA if key in front})  # type: ignore[arg-type]
    document = Document(str(front.pop("id")), marked.text, metadata, sections=(), sentences=())
    return GoldReport(document, records(marked), front)


def _split(source: str, name: str) -> tuple[str, str, int]:
    parts = source.split(f"{FENCE}\n", 2)
    if len(parts) != 3 or parts[0]:
        raise DataError(f"{name}:1: no front matter; begin with TOML between two lines {FENCE}")
    return parts[1], parts[2], parts[1].count("\n") + 3


def _front_matter(head: str, name: str) -> dict[str, object]:
    try:
        front = tomllib.loads(head)
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"{name}:1: front matter is no TOML: {error}") from error
    missing = [key for key in REQUIRED if key not in front]
    if missing:
        raise DataError(f"{name}:1: front matter lacks {', '.join(missing)}")
    return front


def gold_line(report: GoldReport) -> str:
    """The report as a line of gold that names its text file by name and sha256 (`<id>.txt`)."""
    document, metadata = report.document, report.document.metadata
    known = {key: getattr(metadata, key) for key in METADATA if getattr(metadata, key) is not None}
    line = {
        "id": document.id,
        **known,
        **report.extra,
        "file": f"{document.id}.txt",
        "sha256": hashlib.sha256(document.text.encode("utf-8")).hexdigest(),
        "chars": len(document.text),
        "records": [_record(record) for record in report.records],
    }
    return json.dumps(line, ensure_ascii=False)


def _record(record: GoldRecord) -> dict[str, object]:
    line: dict[str, object] = {
        "spans": {slot: list(offsets) for slot, offsets in record.spans.items()},
        "year": record.year,
        "kind": record.kind.value,
        "qualifier": record.qualifier,
    }
    if record.growth_rate is not None:
        line["growth_rate"] = float(record.growth_rate)
    return line
