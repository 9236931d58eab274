"""An evaluation in the terminal: tables, and errors one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from rich.table import Table

from training.evaluate import Evaluation, Part
from zhibiao.schema import Document, Label, Offsets
from zhibiao.scoring import (
    DECIDING,
    REPORTED,
    Comparison,
    Interval,
    Share,
    SpanMode,
    Statement,
)

__all__ = ["error_lines", "tables"]

SURROUNDINGS = 40
"""How many characters of its sentence an error shows on either side."""

LABELS = (Label.INDICATOR, Label.VALUE, Label.UNIT, Label.GROWTH, Label.YEAR)


def tables(evaluation: Evaluation, *, grouped: bool = False) -> list[Table]:
    """Records, spans and slots, a line per report (or group) and one for all together."""
    parts = evaluation.by_group() if grouped else evaluation.by_report()
    whole = evaluation.whole()
    name = "group" if grouped else "report"
    return [
        _records_table(f"Records by {evaluation.predictor}", name, parts, whole),
        _spans_table("Spans: strict IOB2 F1 (F1 by overlap and label)", name, parts, whole),
        _slots_table("Slots: accuracy on paired records", name, parts, whole),
    ]


def _table(title: str, name: str, columns: Iterable[str]) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column(name, overflow="fold", min_width=14)
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True)
    return table


def _fill(table: Table, parts: Sequence[Part], whole: Part, row: Sequence[Sequence[str]]) -> Table:
    for part, cells in zip([*parts, whole], row, strict=True):
        table.add_row(
            part.name, *cells, end_section=part is parts[-1], style="bold" if part is whole else None
        )
    return table


def _records_table(title: str, name: str, parts: Sequence[Part], whole: Part) -> Table:
    columns = ("gold", "found", "strict P", "R", "F1", "relaxed P", "R", "F1", "year")
    table = _fill(_table(title, name, columns), parts, whole, [_record_cells(p) for p in [*parts, whole]])
    strict, relaxed = whole.records.strict_interval, whole.records.relaxed_interval
    table.caption = (
        f"95 % intervals of F1 over reports: strict {_range(strict)}, relaxed {_range(relaxed)}; "
        f"normalised F1 {_ratio(whole.records.normalised.f1)}"
    )
    table.caption_justify = "left"
    return table


def _record_cells(part: Part) -> list[str]:
    strict, relaxed = part.records.strict, part.records.relaxed
    ratios = (strict.precision, strict.recall, strict.f1, relaxed.precision, relaxed.recall, relaxed.f1)
    return [
        str(strict.gold),
        str(strict.predicted),
        *map(_ratio, ratios),
        _accuracy(part.records.slots["year"]),
    ]


def _spans_table(title: str, name: str, parts: Sequence[Part], whole: Part) -> Table:
    cells = [[_span_cell(part, label) for label in (*LABELS, None)] for part in [*parts, whole]]
    return _fill(_table(title, name, [*map(str, LABELS), "all"]), parts, whole, cells)


def _span_cell(part: Part, label: Label | None) -> str:
    strict, overlap = part.spans.strict[label], part.spans.modes[label][SpanMode.ENT_TYPE]
    if not strict.gold and not strict.predicted:
        return "-"
    return f"{_ratio(strict.f1)} ({_ratio(overlap.f1)})"


def _slots_table(title: str, name: str, parts: Sequence[Part], whole: Part) -> Table:
    slots = DECIDING + REPORTED
    cells = [
        [str(part.records.slots["year"].total), *(_accuracy(part.records.slots[slot]) for slot in slots)]
        for part in [*parts, whole]
    ]
    return _fill(_table(title, name, ["pairs", *slots]), parts, whole, cells)


def _ratio(value: float) -> str:
    return f"{value:.3f}"


def _accuracy(share: Share) -> str:
    return _ratio(share.accuracy) if share.total else "-"


def _range(interval: Interval) -> str:
    return f"{_ratio(interval.low)}–{_ratio(interval.high)}"


def error_lines(evaluation: Evaluation, *, limit: int | None = None) -> Iterator[str]:
    """The records missed, spurious or wrong, at most `limit` per report; at the end how many of each sort."""
    sorts: Counter[str] = Counter()
    for report in evaluation.reports:
        errors = list(report.records.disagreements())
        sorts.update(map(_sort, errors))
        yield f"{report.document.id}: {len(errors)} records missed, spurious or wrong"
        for comparison in errors[:limit]:
            yield from _error(comparison, report.document)
        if limit is not None and len(errors) > limit:
            yield f"  ... and {len(errors) - limit} more"
    yield "in all: " + (", ".join(f"{times} {sort}" for sort, times in sorts.most_common()) or "no errors")


def _sort(comparison: Comparison) -> str:
    """What is wrong: the record is missed or spurious, or these slots differ."""
    if comparison.pair.predicted is None:
        return "missed"
    return "spurious" if comparison.pair.gold is None else " + ".join(comparison.differing)


def _error(comparison: Comparison, document: Document) -> Iterator[str]:
    gold, predicted = comparison.pair.gold, comparison.pair.predicted
    statement = gold or predicted
    if statement is None:
        return
    start, end = statement.anchor
    yield f"  [{start}:{end}] {_sort(comparison)}"
    yield f"    {_surroundings(document, statement.anchor)}"
    if gold:
        yield f"    gold  {_said(gold)}"
    if predicted:
        yield f"    found {_said(predicted)}"


def _surroundings(document: Document, quantity: Offsets) -> str:
    """The quantity in brackets, with what surrounds it in its sentence, on one line."""
    start, end = quantity
    text = document.text
    inside = [s for s in document.sentences if s.start <= start < s.end]
    first, last = (inside[0].start, inside[0].end) if inside else (start, end)
    left, right = max(first, start - SURROUNDINGS), min(max(last, end), end + SURROUNDINGS)
    before = "…" * (left > first) + text[left:start]
    after = text[end:right] + "…" * (right < last)
    return " ".join(f"{before}⟦{text[start:end]}⟧{after}".split())


def _said(statement: Statement) -> str:
    growth = statement.growth
    parts = [
        statement.indicator,
        f"{_quantity(statement.value)}{statement.unit or ''}" if statement.value is not None else None,
        f"growth {_quantity(growth[0])}{growth[1] or ''}" if growth else None,
        str(statement.year),
        statement.kind.value,
        statement.qualifier,
    ]
    return " | ".join(part for part in parts if part)


def _quantity(value: Decimal | str | None) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
