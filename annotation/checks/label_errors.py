"""Likely label errors: what a model that has not learned from the report reads confidently, and otherwise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from annotation.checks.faults import Fault, FaultKind
from annotation.checks.loading import Loaded
from annotation.checks.suspects import anchor, difference
from zhibiao.errors import DataError
from zhibiao.schema import Document, Record
from zhibiao.scoring.pairing import pair
from zhibiao.scoring.records import compare
from zhibiao.scoring.statements import from_gold, from_record

__all__ = ["check_predicted"]


def check_predicted(
    reports: Sequence[Loaded], records: Iterable[Record], *, confident: float
) -> Iterator[Fault]:
    """Every strict difference to a record of at least this confidence."""
    by_report = _by_report(records)
    known = [loaded for loaded in reports if loaded.document.id in by_report]
    if not known:
        raise DataError(
            f"the predictions are of {', '.join(list(by_report)[:3]) or 'no report'}, none of which is in "
            "the gold; extract these very reports with a model that has not learned from them"
        )
    for loaded in known:
        own = by_report[loaded.document.id]
        _refuse_other_text(own, loaded.document)
        yield from _differences(loaded, own, confident)


def _by_report(records: Iterable[Record]) -> Mapping[str, list[Record]]:
    found: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        if record.confidence is None:
            raise DataError(
                f"a record of {record.report_id} has no confidence (method {record.method}); "
                "give the records of a model, not of rules"
            )
        found[record.report_id].append(record)
    return found


def _refuse_other_text(records: Sequence[Record], document: Document) -> None:
    for record in records:
        if document.quote(record.spans["indicator"]) != record.indicator:
            raise DataError(
                f"{document.id}: the predictions find {record.indicator!r} at {record.spans['indicator']}, "
                f"the gold's text has {document.quote(record.spans['indicator'])!r} there; "
                "extract this very text"
            )


def _differences(loaded: Loaded, records: Sequence[Record], confident: float) -> Iterator[Fault]:
    document = loaded.document
    places = list(loaded.places())
    gold = [from_gold(place.record, document) for place in places]
    numbers = {id(statement): place.number for statement, place in zip(gold, places, strict=True)}
    for couple in pair(gold, [from_record(record) for record in records]):
        comparison, found = compare(couple), couple.predicted
        if found is None or comparison.strict or (found.confidence or 0.0) < confident:
            continue
        message = f"{difference(comparison, document)} (confidence {found.confidence:.2f})"
        at = anchor(comparison)
        number = numbers.get(id(couple.gold))
        yield Fault(FaultKind.LABEL_ERROR, loaded.where, message, document.id, number, at, document.quote(at))
