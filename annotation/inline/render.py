"""From gold back to inline source, every record under a key of its own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from annotation.inline.marks import LETTERS
from annotation.inline.records import order
from annotation.inline.report import FENCE, parse
from zhibiao.errors import DataError
from zhibiao.jsonl import gold_to_json
from zhibiao.schema import GoldRecord, GoldReport, Kind, Offsets

_LETTER = {label.slot: letter for letter, label in LETTERS.items()}


def render(report: GoldReport) -> str:
    """The inline source of a gold report; `parse` gives the report back, its records in text order."""
    text = report.document.text
    pieces, position = [_front_matter(report)], 0
    for (start, end), (slot, numbers) in sorted(_by_span(report).items()):
        if start < position:
            raise DataError(f"{report.document.id}: spans overlap at offset {start}: {text[start:end]!r}")
        mark = f"{{{_head(slot, numbers, report)}:{_escape(text[start:end])}}}"
        pieces += [_escape(text[position:start]), mark]
        position = end
    return _check("".join([*pieces, _escape(text[position:])]), report)


def _front_matter(report: GoldReport) -> str:
    values = gold_to_json(report)
    lines = [f"{key} = {_toml(value, key)}" for key, value in values.items() if _is_front(key, value)]
    return "\n".join([FENCE, *lines, FENCE, ""])


def _is_front(key: str, value: object) -> bool:
    return key not in ("text", "records") and value is not None


def _toml(value: object, key: str) -> str:
    if isinstance(value, dict):
        raise DataError(f"{key}: inline front matter holds no tables")
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _by_span(report: GoldReport) -> Mapping[Offsets, tuple[str, list[int]]]:
    """Each marked stretch with its slot and the numbers of the records that use it."""
    found: dict[Offsets, tuple[str, list[int]]] = {}
    for number, record in enumerate(report.records):
        for slot, offsets in record.spans.items():
            known, numbers = found.setdefault(offsets, (slot, []))
            if known != slot:
                raise DataError(f"{report.document.id}: {offsets} is both {known} and {slot}")
            numbers.append(number)
    return found


def _head(slot: str, numbers: Sequence[int], report: GoldReport) -> str:
    keys = ",".join(f"r{number}" for number in numbers)
    first = report.records[numbers[0]]
    if slot == "year":
        return f"Y{keys} {first.year}"
    bears = slot == "value" or (slot == "growth" and "value" not in first.spans)
    return " ".join([f"{_LETTER[slot]}{keys}", *(_attributes(first) if bears else ())])


def _attributes(record: GoldRecord) -> Iterator[str]:
    yield str(record.year)
    yield "t" if record.kind is Kind.TARGET else "a"
    if record.qualifier is not None:
        yield record.qualifier
    if record.growth_rate is not None:
        yield f"r={record.growth_rate}"


def _escape(text: str) -> str:
    return re.sub(r"([\\{}])", r"\\\1", text)


def _check(source: str, report: GoldReport) -> str:
    """What inline cannot say (one quantity with two years) must not be lost silently."""
    if parse(source, report.document.id).records != tuple(sorted(report.records, key=order)):
        raise DataError(f"{report.document.id}: inline cannot say how its records share their spans")
    return source
