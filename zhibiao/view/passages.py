"""Which stretches of text the page shows for a report, and where its records stand in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from zhibiao.schema import Offsets, Record
from zhibiao.view.report import ReportView

_QUOTED = ("indicator", "value", "unit", "growth", "context")


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of the report that starts at the offset `start`, with the numbers of the records in it.

    `evidence` gives, per record, the sentence's offsets within the passage. Only records in `placed` have
    spans that agree with the text, so only theirs are drawn.
    """

    start: int
    text: str
    placed: frozenset[int]
    evidence: Mapping[int, Offsets]


def passages(report: ReportView) -> list[Passage]:
    """The whole text as one passage, or, without a text, each evidence sentence once, in text order."""
    if report.text is not None:
        return [_whole(report.text, report.records)]
    return list(_sentences(report.records))


def _whole(text: str, records: tuple[Record, ...]) -> Passage:
    placed = frozenset(number for number, record in enumerate(records) if _fits(record, text))
    found = {number: _locate(record, text, number in placed) for number, record in enumerate(records)}
    return Passage(0, text, placed, {number: where for number, where in found.items() if where})


def _fits(record: Record, text: str) -> bool:
    return max(end for _, end in record.spans.values()) <= len(text) and agrees(record, text, 0)


def _locate(record: Record, text: str, placed: bool) -> Offsets | None:
    """Where the evidence stands: around the quantity; for a misplaced record anywhere, if only once."""
    low, high = 0, len(text)
    if placed:
        start, end = _anchor(record)
        low, high = max(0, end - len(record.evidence)), start + len(record.evidence)
    at = text.find(record.evidence, low, high) if record.evidence else -1
    if at < 0 or (not placed and text.find(record.evidence, at + 1) >= 0):
        return None
    return (at, at + len(record.evidence))


def _anchor(record: Record) -> Offsets:
    return record.spans["value"] if "value" in record.spans else record.spans["growth"]


def _sentences(records: tuple[Record, ...]) -> Iterator[Passage]:
    """Records of one sentence share a passage; a record that cannot be aligned gets its sentence unmarked."""
    groups: dict[tuple[int, bool, str], list[int]] = {}
    for number, record in enumerate(records):
        start = _align(record)
        at = _anchor(record)[0] if start is None else start
        groups.setdefault((at, start is not None, record.evidence), []).append(number)
    for (start, aligned, text), members in sorted(groups.items()):
        placed = frozenset(members if aligned else ())
        yield Passage(start, text, placed, dict.fromkeys(members, (0, len(text))))


def _align(record: Record) -> int | None:
    """The offset in the report at which the evidence begins, worked out from what the spans must quote.

    None where no place fits, or several do equally well.
    """
    fitting = [start for start in _starts(record) if agrees(record, record.evidence, start)]
    counts = [len(spans_inside(record, start, start + len(record.evidence))) for start in fitting]
    best = [start for start, count in zip(fitting, counts, strict=True) if count == max(counts)]
    return best[0] if len(best) == 1 else None


def _starts(record: Record) -> Iterator[int]:
    """Where the evidence would begin for each place in it that reads like the quantity."""
    first, _ = _anchor(record)
    quote = _said(record).get("value" if "value" in record.spans else "growth")
    at = record.evidence.find(quote) if quote else -1
    while quote and 0 <= at <= first:
        yield first - at
        at = record.evidence.find(quote, at + 1)


def agrees(record: Record, text: str, start: int) -> bool:
    """Whether every span that lies in `text`, which begins at offset `start`, quotes what the record says.

    The quantity must lie in it; an indicator or a year may stand in an earlier sentence.
    """
    inside = spans_inside(record, start, start + len(text))
    if not ("value" in inside or "growth" in inside):
        return False
    quotes = {slot: text[a - start : b - start] for slot, (a, b) in inside.items()}
    return all(_bare(quotes[slot]) == _bare(said) for slot, said in _said(record).items() if slot in quotes)


def spans_inside(record: Record, start: int, end: int) -> dict[str, Offsets]:
    """The record's spans that lie wholly in `[start, end)` of the report, by slot."""
    return {slot: (a, b) for slot, (a, b) in record.spans.items() if start <= a < b <= end}


def _said(record: Record) -> dict[str, str]:
    said = (record.indicator, record.value_text, record.unit, record.growth_text, record.indicator_context)
    pairs = zip(_QUOTED, said, strict=True)
    return {slot: quote for slot, quote in pairs if quote is not None and slot in record.spans}


def _bare(quote: str) -> str:
    """Without blanks: a name that is broken over two lines is still the same name."""
    return "".join(quote.split())
