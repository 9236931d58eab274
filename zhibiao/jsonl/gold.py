"""Gold: annotated reports, one a line; the text inside, or beside it as a file with its sha256."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

from zhibiao.documents import build
from zhibiao.errors import DataError, SchemaError
from zhibiao.jsonl.lines import read_lines, write_lines
from zhibiao.schema import Document, Finding, GoldRecord, GoldReport, Kind, Metadata, Offsets, Source

_METADATA = tuple(field.name for field in fields(Metadata) if field.name != "findings")
_REQUIRED = ("id", "title", "publisher", "district", "report_year", "records")
_OWN = frozenset({"id", "records", "text", "file", "sha256", *_METADATA})
_YEARS = frozenset({"report_year", "plan_year", "sitting_year"})
_RECORD_KEYS = frozenset({"spans", "year", "kind", "qualifier", "growth_rate"})


def read_gold(path: Path | str) -> Iterator[GoldReport]:
    """The reports of a gold file, or of all `*.jsonl` of a folder, in the order of names and lines."""
    for file in gold_files(Path(path)):
        for where, line in read_lines(file):
            yield gold_report_from_json(line, file.parent, where)


def gold_files(path: Path) -> list[Path]:
    """The files that a path given as data stands for."""
    if not path.exists():
        raise DataError(
            f"{path}: no such file or folder; give a gold .jsonl file or a folder that holds some"
        )
    if not path.is_dir():
        return [path]
    files = sorted(path.glob("*.jsonl"))
    if not files:
        raise DataError(
            f"{path}: the folder holds no .jsonl file; give the folder of the gold or the file itself"
        )
    return files


def write_gold(path: Path | str, reports: Iterable[GoldReport], *, with_text: bool = True) -> None:
    """Writes gold with the texts inside, or as offsets into the `.txt` files they were read from."""
    write_lines(Path(path), (gold_to_json(report, with_text=with_text) for report in reports))


def gold_to_json(report: GoldReport, *, with_text: bool = True) -> dict[str, object]:
    """One line of gold."""
    document = report.document
    body = {"text": document.text} if with_text else _reference(document)
    return {
        "id": document.id,
        **_stated_metadata(document.metadata),
        **report.extra,
        **body,
        "records": [gold_record_to_json(record) for record in report.records],
    }


def _stated_metadata(metadata: Metadata) -> dict[str, object]:
    """What must be there, and what somebody stated: what stands in the text is found there again."""
    findings = metadata.findings
    return {
        name: getattr(metadata, name)
        for name in _METADATA
        if name in _REQUIRED or (name in findings and _is_stated(findings[name]))
    }


def _is_stated(finding: Finding) -> bool:
    return finding.offsets is None and not finding.source.startswith("from ")


def _reference(document: Document) -> dict[str, object]:
    source = document.source
    if source is None or source.format != "txt":
        raise DataError(
            f"{document.id}: read from no .txt file that gold could refer to; write the text inside"
        )
    return {"file": source.name, "sha256": source.sha256}


def gold_record_to_json(record: GoldRecord) -> dict[str, object]:
    """The object of a record in a line of gold."""
    line: dict[str, object] = {
        "spans": {slot: list(offsets) for slot, offsets in record.spans.items()},
        "year": record.year,
        "kind": record.kind.value,
        "qualifier": record.qualifier,
    }
    return line if record.growth_rate is None else line | {"growth_rate": record.growth_rate}


def gold_report_from_json(line: Mapping[str, object], folder: Path, where: str) -> GoldReport:
    """The report of a line's object, its text looked for in `folder`; `where` is cited in errors."""
    missing = [key for key in _REQUIRED if key not in line]
    if missing:
        raise DataError(
            f"{where}: {', '.join(missing)} missing; gold needs {', '.join(_REQUIRED)} (null if unknown)"
        )
    text, source = gold_text(line, folder, where)
    known = {
        name: Finding(_known(name, line[name], where), "gold")
        for name in _METADATA
        if line.get(name) is not None
    }
    document = build(text, id=_string("id", line["id"], where), known=known, source=source)
    records = line["records"]
    if not isinstance(records, list):
        raise DataError(f"{where}: records is a {type(records).__name__}; it must be a list")
    gold = tuple(
        gold_record_from_json(record, document, f"{where}: record {number}")
        for number, record in enumerate(records)
    )
    return GoldReport(document, gold, {key: value for key, value in line.items() if key not in _OWN})


def _string(key: str, value: object, where: str) -> str:
    if not isinstance(value, str) or not value:
        raise DataError(f"{where}: {key} is {value!r}; it must be a text that is not empty")
    return value


def _known(name: str, value: object, where: str) -> str | int:
    return _whole(name, value, where) if name in _YEARS else _string(name, value, where)


def _whole(name: str, value: object, where: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise DataError(f"{where}: {name} is {value!r}; it must be a whole number or null")
    return value


def gold_text(line: Mapping[str, object], folder: Path, where: str) -> tuple[str, Source | None]:
    """The text inside a line, or of the file that it names, whose sha256 must be the stated one."""
    if isinstance(text := line.get("text"), str):
        return text, None
    if "file" not in line or "sha256" not in line:
        raise DataError(f"{where}: no text; a line needs text, or file and sha256")
    name = _string("file", line["file"], where)
    raw = _bytes(name, folder, where)
    found = sha256(raw).hexdigest()
    if found != line["sha256"]:
        raise DataError(
            f"{where}: {name} has sha256 {found}, the offsets were made on {line['sha256']}; "
            "restore that version"
        )
    try:
        return raw.decode("utf-8"), Source(name, found, "txt", "utf-8")
    except UnicodeDecodeError as error:
        raise DataError(
            f"{where}: {name} is not UTF-8 ({error.reason}); gold needs its texts in UTF-8"
        ) from error


def _bytes(name: str, folder: Path, where: str) -> bytes:
    places = (folder / name, folder / "texts" / name)
    for place in places:
        if place.is_file():
            return place.read_bytes()
    raise DataError(
        f"{where}: the text {name} is neither at {places[0]} nor at {places[1]}; "
        "put it there (for the seeds: `zhibiao seeds import DIR`)"
    )


def gold_record_from_json(record: object, document: Document, where: str) -> GoldRecord:
    """The record of one object in a line's `records`."""
    if not isinstance(record, dict) or not isinstance(record.get("spans"), dict):
        raise DataError(f"{where} has no spans; it must look like {{'spans': {{'value': [3, 7], ...}}, ...}}")
    if unknown := sorted(set(record) - _RECORD_KEYS):
        raise DataError(
            f"{where} has the unknown keys {', '.join(unknown)}; known are {', '.join(sorted(_RECORD_KEYS))}"
        )
    spans = {
        slot: _offsets(slot, value, len(document.text), where) for slot, value in record["spans"].items()
    }
    try:
        return GoldRecord(
            spans=spans,
            year=_year(record.get("year"), where),
            kind=_kind(record.get("kind"), where),
            qualifier=_qualifier(record.get("qualifier"), where),
            growth_rate=_rate(record.get("growth_rate"), where),
        )
    except SchemaError as error:
        raise DataError(f"{where}: {error}") from error


def _kind(value: object, where: str) -> Kind:
    for kind in Kind:
        if kind.value == value:
            return kind
    raise DataError(f"{where}: kind is {value!r}; it must be actual or target")


def _offsets(slot: str, value: object, length: int, where: str) -> Offsets:
    match value:
        case [int(start), int(end)] if 0 <= start < end <= length:
            return (start, end)
    raise DataError(
        f"{where}: the {slot} span is {value!r}; it must be [start, end) inside the {length} characters"
    )


def _year(value: object, where: str) -> int | None:
    return None if value is None else _whole("year", value, where)


def _qualifier(value: object, where: str) -> str | None:
    return None if value is None else _string("qualifier", value, where)


def _rate(value: object, where: str) -> Decimal | None:
    if value is None or isinstance(value, Decimal):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    raise DataError(
        f"{where}: growth_rate is {value!r}; it must be a signed number, in the unit of the growth span"
    )
