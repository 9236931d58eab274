"""From marks to gold records: their years, kinds and qualifiers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TypeVar

from annotation.inline.grouping import Complain, Statement, Stretches, statements
from annotation.inline.marks import Mark, Marked
from zhibiao.errors import DataError
from zhibiao.schema import GoldRecord, Label, Offsets

_T = TypeVar("_T")


def records(marked: Marked) -> tuple[GoldRecord, ...]:
    """The gold records of a marked text, in text order; one DataError names every problem found."""
    problems: list[str] = []

    def complain(mark: Mark, message: str) -> None:
        quote = marked.text[mark.span.start : mark.span.end]
        problems.append(f"{marked.name}:{mark.line}: {{{mark.span.label.value[0]}:{quote}}} {message}")

    stretches = Stretches(marked.text)
    found = statements(marked, stretches, complain)
    years = _link_years(marked, found, stretches, complain)
    pairs = zip(found, years, strict=True)
    gold = [_record(statement, year, stretches, complain) for statement, year in pairs]
    if problems:
        raise DataError("\n".join(problems))
    return tuple(sorted(gold, key=order))


def order(record: GoldRecord) -> tuple[Offsets, Offsets]:
    """Sorts records by quantity, those that share one by indicator."""
    spans = record.spans
    return spans.get("value") or spans["growth"], spans["indicator"]


def _link_years(
    marked: Marked, found: Sequence[Statement], stretches: Stretches, complain: Complain
) -> list[Mark | None]:
    """The YEAR mark of each record; a Y that dates nothing is a problem."""
    years = [mark for mark in marked.marks if mark.span.label is Label.YEAR]
    linked = [_year_of(statement, years, stretches) for statement in found]
    for year in years:
        if year not in linked:
            complain(year, "dates no record")
        named = re.findall(r"(?:19|20)\d\d", marked.text[year.span.start : year.span.end])
        if named and year.attributes.year is None and str(year.defaults[0]) not in named:
            complain(year, f"names another year than its section's {year.defaults[0]}; write {{Y YEAR:...}}")
    return linked


def _year_of(statement: Statement, years: Sequence[Mark], stretches: Stretches) -> Mark | None:
    if statement.year is not None or any(part.undated for part in statement.said):
        return statement.year
    offset = statement.quantity.span.start
    for year in reversed(years):
        near = not year.keys and year.span.start < offset
        if near and stretches.index(year.span.start, year.reach) == stretches.index(offset, year.reach):
            other = {part.year for part in statement.said} - {None, _resolved(year)}
            return None if other else year
    return None


def _resolved(year: Mark) -> int:
    return year.attributes.year or year.defaults[0]


def _record(statement: Statement, year: Mark | None, stretches: Stretches, complain: Complain) -> GoldRecord:
    said, quantity = statement.said, statement.quantity
    slots = {**statement.marks, Label.INDICATOR: statement.indicator, **({Label.YEAR: year} if year else {})}
    stated = _only("year", (part.year for part in said), quantity, complain)
    kind = _only("kind", (part.kind for part in said), quantity, complain)
    qualifier = _only("qualifier", (part.qualifier for part in said), quantity, complain)
    if qualifier and qualifier not in stretches.sentences(*quantity.span.offsets):
        complain(quantity, f"has the qualifier {qualifier}, which does not stand in its sentence")
    return GoldRecord(
        spans={label.slot: slots[label].span.offsets for label in Label if label in slots},
        year=stated or (_resolved(year) if year else quantity.defaults[0]),
        kind=kind or quantity.defaults[1],
        qualifier=qualifier,
        growth_rate=_only("growth rate", (part.growth_rate for part in said), quantity, complain),
    )


def _only(name: str, values: Iterable[_T | None], quantity: Mark, complain: Complain) -> _T | None:
    """The one value that is stated; two different ones are a problem."""
    stated = [value for value in values if value is not None]
    if any(value != stated[0] for value in stated):
        complain(quantity, f"has two values for {name}: {', '.join(map(str, stated))}")
    return stated[0] if stated else None
