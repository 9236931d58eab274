"""A finding as plain JSON: a line of `findings.jsonl`, and what the page's script is given."""

from __future__ import annotations

from zhibiao.audit.findings import Finding, Side
from zhibiao.audit.wording import hint, reason
from zhibiao.schema import Record
from zhibiao.series import quotation
from zhibiao.view.lang import Lang
from zhibiao.view.payload import Json
from zhibiao.view.segments import Mark, segments

__all__ = ["finding_to_json", "finding_to_page"]


def finding_to_json(finding: Finding, number: int) -> dict[str, object]:
    """Everything that is known of a finding; numbers stay Decimal."""
    return {
        "number": number,
        "check": finding.check.value,
        "severity": finding.severity.value,
        "certainty": finding.certainty.value,
        "district": finding.place.district if finding.place.named else None,
        "city": finding.place.city,
        "indicator": finding.sides[0].record.indicator,
        "indicator_code": finding.code,
        "year": finding.year,
        "reason": {lang.value: reason(finding, lang) for lang in Lang},
        "hint": {lang.value: hint(finding, lang) for lang in Lang} if finding.hint else None,
        "sources": [_source(side) for side in finding.sides],
    }


def _source(side: Side) -> dict[str, object]:
    record = side.record
    return {
        "part": side.part.value,
        "report_id": record.report_id,
        "title": record.title,
        "report_year": record.report_year,
        "indicator": record.indicator,
        "value": record.value,
        "value_text": record.value_text,
        "unit": record.unit,
        "value_base": record.value_base,
        "unit_base": record.unit_base,
        "growth_rate": record.growth_rate,
        "growth_text": record.growth_text,
        "year": record.year,
        "kind": record.kind.value,
        "method": record.method,
        "spans": {slot: list(offsets) for slot, offsets in record.spans.items()},
        "evidence": record.evidence,
    }


def finding_to_page(finding: Finding, number: int) -> Json:
    """What the page shows of it; the sentences are cut at the edges of their marks."""
    sources: list[Json] = [_shown(side) for side in finding.sides]
    return {
        "n": number,
        "check": finding.check.value,
        "severity": finding.severity.value,
        "certainty": finding.certainty.value,
        "place": str(finding.place),
        "year": finding.year,
        "code": finding.code,
        "reason": {lang.value: reason(finding, lang) for lang in Lang},
        "hint": {lang.value: hint(finding, lang) for lang in Lang},
        "sources": sources,
    }


def _shown(side: Side) -> Json:
    record = side.record
    start = min(record.spans.values())[0]
    end = max(end for _, end in record.spans.values())
    return {
        "part": side.part.value,
        "report": record.title or record.report_id,
        "id": record.report_id,
        "reviews": record.report_year,
        "offsets": f"{start}–{end}",
        "pieces": _pieces(record),
    }


def _pieces(record: Record) -> list[Json]:
    """The evidence as `[text, slot]`, the slot null between marks."""
    quoted = quotation(record)
    marks = [Mark(a, b, slot, 0) for slot, (a, b) in quoted.slots.items()]
    return [
        [quoted.text[piece.start : piece.end], piece.marks[-1].slot if piece.marks else None]
        for piece in segments(quoted.text, marks)
    ]
