"""Two annotations of the same reports, side by side: what agreement counts and adjudication decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from zhibiao.errors import DataError
from zhibiao.schema import Document, GoldRecord, GoldReport
from zhibiao.scoring import Comparison, Statement
from zhibiao.scoring.pairing import pair
from zhibiao.scoring.records import compare
from zhibiao.scoring.statements import from_gold

__all__ = ["Passes", "Reading", "TwoReadings", "match_passes", "readings"]


@dataclass(frozen=True, slots=True)
class TwoReadings:
    """One report as A and as B annotated it; both stand on the same text."""

    a: GoldReport
    b: GoldReport

    @property
    def document(self) -> Document:
        """The text, with the metadata that A holds."""
        return self.a.document


@dataclass(frozen=True, slots=True)
class Passes:
    """The reports that both annotated, in A's order, and the ids that only one of them holds."""

    reports: tuple[TwoReadings, ...]
    only_a: tuple[str, ...]
    only_b: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """One statement as A and as B read it; None where one of them has no such record."""

    a: GoldRecord | None
    b: GoldRecord | None
    comparison: Comparison

    @property
    def identical(self) -> bool:
        """Whether both marked the same spans and derived the same from them."""
        if self.a is None or self.b is None:
            return False
        return self.a.spans == self.b.spans and not self.comparison.differing


def match_passes(a: Iterable[GoldReport], b: Iterable[GoldReport]) -> Passes:
    """Reports are matched by id; a report whose two texts differ is an error, for offsets would lie."""
    of_a, of_b = _by_id(a, "A"), _by_id(b, "B")
    shared = tuple(TwoReadings(of_a[id], of_b[id]) for id in of_a if id in of_b)
    if not shared:
        raise DataError(
            f"A holds {_some(of_a)}, B holds {_some(of_b)}: no report stands in both; "
            "give two annotations of the same reports"
        )
    for both in shared:
        _refuse_other_text(both)
    return Passes(
        shared, tuple(id for id in of_a if id not in of_b), tuple(id for id in of_b if id not in of_a)
    )


def readings(both: TwoReadings) -> list[Reading]:
    """All statements of a report, paired as scoring pairs them, in text order."""
    of_a, of_b = _statements(both.a), _statements(both.b)
    found = []
    for couple in pair([statement for statement, _ in of_a], [statement for statement, _ in of_b]):
        a, b = _record_of(couple.gold, of_a), _record_of(couple.predicted, of_b)
        found.append(Reading(a, b, compare(couple)))
    return found


def _by_id(reports: Iterable[GoldReport], name: str) -> Mapping[str, GoldReport]:
    every = list(reports)
    times = Counter(report.document.id for report in every)
    if doubled := sorted(id for id, count in times.items() if count > 1):
        raise DataError(
            f"{name} holds {', '.join(doubled)} more than once; keep one annotation of each report"
        )
    return {report.document.id: report for report in every}


def _some(reports: Mapping[str, GoldReport]) -> str:
    ids = list(reports)
    return (", ".join(ids[:3]) + (" ..." if len(ids) > 3 else "")) or "nothing"


def _refuse_other_text(both: TwoReadings) -> None:
    a, b = both.a.document.text, both.b.document.text
    if a == b:
        return
    at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    raise DataError(
        f"{both.document.id}: the texts of A ({len(a)} characters) and B ({len(b)}) differ from offset {at} "
        f"on ({a[at : at + 10]!r}, {b[at : at + 10]!r}); annotate the same text"
    )


def _statements(report: GoldReport) -> list[tuple[Statement, GoldRecord]]:
    return [(from_gold(record, report.document), record) for record in report.records]


def _record_of(
    statement: Statement | None, known: Iterable[tuple[Statement, GoldRecord]]
) -> GoldRecord | None:
    return next((record for one, record in known if one is statement), None)
