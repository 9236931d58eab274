"""What the page's script is given: plain JSON, strings ready to show, positions as segment numbers."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from zhibiao.schema import Bounds, Period, Record
from zhibiao.view.passages import Passage, passages, spans_inside
from zhibiao.view.report import ReportView
from zhibiao.view.segments import Mark, Segment, line_starts, segments

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

_UNSAFE = re.compile("[<>&\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class ReportPayload:
    """`head` (with the records) is parsed when the page opens, `text` only when the report is shown."""

    head: Json
    text: Json


def script_json(data: Json) -> str:
    """JSON that may stand inside a `<script>` element, whatever its strings hold."""
    plain = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", plain)


def report_payload(report: ReportView) -> ReportPayload:
    """Everything that the page knows of one report."""
    text = _Text(report)
    records: list[Json] = [
        {
            "f": _fields(record),
            "k": _keys(record),
            "e": text.evidence.get(number),
            "ok": number in text.placed,
        }
        for number, record in enumerate(report.records)
    ]
    head: Json = {
        "id": report.id,
        "title": report.title,
        "state": report.state.value,
        "detail": report.detail,
        "records": records,
    }
    return ReportPayload(head, {"quotes": report.text is None, "passages": text.passages})


class _Text:
    """The passages as lines of segments; segments are numbered through the report."""

    def __init__(self, report: ReportView) -> None:
        self.passages: list[Json] = []
        self.evidence: dict[int, Json] = {}
        self.placed: set[int] = set()
        self._count = 0
        for passage in passages(report):
            self._add(passage, report.records)

    def _add(self, passage: Passage, records: tuple[Record, ...]) -> None:
        cuts = {edge for where in passage.evidence.values() for edge in where}
        lines = line_starts(passage.text)
        pieces = segments(passage.text, _marks(passage, records), {*cuts, *lines})
        number_at = {piece.start: self._count + at for at, piece in enumerate(pieces)}
        self._count += len(pieces)
        number_at[len(passage.text)] = self._count
        for record, (start, end) in passage.evidence.items():
            self.evidence[record] = [number_at[start], number_at[end]]
        self.placed |= passage.placed
        self.passages.append(_lines(passage.text, pieces, frozenset(lines)))


def _marks(passage: Passage, records: tuple[Record, ...]) -> Iterator[Mark]:
    start, end = passage.start, passage.start + len(passage.text)
    for number in passage.placed:
        for slot, (first, last) in spans_inside(records[number], start, end).items():
            yield Mark(first - start, last - start, slot, number)


def _lines(text: str, pieces: Iterable[Segment], starts: frozenset[int]) -> list[Json]:
    lines: list[list[Json]] = [[]]
    for piece in pieces:
        if piece.start in starts:
            lines.append([])
        quote = text[piece.start : piece.end]
        marks: list[Json] = [[mark.slot, mark.record] for mark in piece.marks]
        lines[-1].append([quote, marks] if marks else quote)
    return list(lines)


def _fields(record: Record) -> dict[str, Json]:
    """Every field that is set, as a string to show; the words of enumerations are translated by the page."""
    shown = {
        "indicator": record.indicator,
        "indicator_context": record.indicator_context,
        "indicator_code": record.indicator_code,
        "value_text": record.value_text,
        "unit": record.unit,
        "qualifier": record.qualifier,
        "value": _number(record.value),
        "bounds": _interval(record.bounds),
        "value_base": _number(record.value_base),
        "unit_base": record.unit_base,
        "measure": record.measure,
        "year": _plain(record.year),
        "period": _months(record.period),
        "period_kind": record.period.kind if record.period else None,
        "growth_text": record.growth_text,
        "growth_rate": _number(record.growth_rate, "+"),
        "growth_unit": record.growth_unit,
        "growth_qualifier": record.growth_qualifier,
        "growth_bounds": _interval(record.growth_bounds),
        "comparison": record.comparison,
        "kind": record.kind,
        "method": record.method,
        "confidence": _plain(record.confidence),
        "confidences": _scores(record.confidences),
        "publisher": record.publisher,
        "district": record.district,
        "city": record.city,
        "report_year": _plain(record.report_year),
        "evidence": record.evidence,
    }
    return {name: str(value) for name, value in shown.items() if value is not None}


def _plain(value: float | None) -> str | None:
    return None if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _number(value: Decimal | None, sign: str = "") -> str | None:
    if value is None:
        return None
    whole, point, fraction = f"{value:{sign},f}".replace("-", "−").partition(".")
    fraction = fraction.rstrip("0")
    return whole + (point + fraction if fraction else "")


def _months(period: Period | None) -> str | None:
    if period is None:
        return None
    months = dict.fromkeys((period.start or "…", period.end or "…"))
    return "–".join(months)


def _interval(bounds: Bounds | None) -> str | None:
    if bounds is None:
        return None
    low, high = (_number(bound) for bound in bounds)
    return f"[{low if low is not None else '−∞'}, {high if high is not None else '+∞'}]"


def _scores(scores: Mapping[str, float] | None) -> str | None:
    return None if scores is None else ", ".join(f"{slot} {score:.2f}" for slot, score in scores.items())


def _keys(record: Record) -> dict[str, Json]:
    """Numbers to sort by; what has none is sorted last by the page."""
    value = record.value if record.value_base is None else record.value_base
    keys = {
        "value": value,
        "growth": record.growth_rate,
        "year": record.year,
        "confidence": record.confidence,
    }
    return {name: float(key) for name, key in keys.items() if key is not None and math.isfinite(float(key))}
