"""Likely label errors: sentences that a predictor reads confidently, and otherwise than the gold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from annotation.checks.faults import Fault, FaultKind
from annotation.checks.loading import Loaded, Place
from annotation.silver import Calibration
from annotation.silver.sentences import readings, sentence_at
from zhibiao.assemble import assemble
from zhibiao.ports import SpanPredictor
from zhibiao.schema import Document, Offsets
from zhibiao.scoring import Comparison, Statement
from zhibiao.scoring.pairing import pair
from zhibiao.scoring.records import compare
from zhibiao.scoring.statements import from_gold, from_record

__all__ = ["CONFIDENT", "anchor", "check_suspects", "difference"]

CONFIDENT = 0.9
"""Sentences of this confidence are right in about 19 of 20 cases: what differs there is worth a look."""


def check_suspects(
    reports: Sequence[Loaded],
    predictor: SpanPredictor,
    calibration: Calibration,
    *,
    confident: float = CONFIDENT,
) -> Iterator[Fault]:
    """Every strict difference in the sentences that `calibration` trusts the predictor with."""
    predictions = predictor.predict(loaded.document for loaded in reports)
    for loaded, prediction in zip(reports, predictions, strict=True):
        gold = _by_sentence(loaded)
        for number, reading in enumerate(readings(loaded.document, assemble(prediction))):
            confidence = calibration.confidence(reading)
            if confidence >= confident:
                found = [from_record(record) for record in reading.records]
                yield from _differences(loaded, gold.get(number, []), found, confidence)


def _by_sentence(loaded: Loaded) -> Mapping[int, list[Place]]:
    found: dict[int, list[Place]] = defaultdict(list)
    for place in loaded.places():
        found[sentence_at(loaded.document, place.anchor[0])].append(place)
    return found


def _differences(
    loaded: Loaded, gold: Sequence[Place], found: Sequence[Statement], confidence: float
) -> Iterator[Fault]:
    statements = [from_gold(place.record, loaded.document) for place in gold]
    for couple in pair(statements, found):
        comparison = compare(couple)
        if comparison.strict:
            continue
        place = next((p for p, s in zip(gold, statements, strict=True) if s is couple.gold), None)
        message = f"{difference(comparison, loaded.document)} (confidence {confidence:.2f})"
        at = anchor(comparison)
        quote = loaded.document.quote(at)
        number = None if place is None else place.number
        yield Fault(FaultKind.SUSPECT, loaded.where, message, loaded.document.id, number, at, quote)


def anchor(comparison: Comparison) -> Offsets:
    """Where the statement stands, the gold's before the predicted."""
    statement = comparison.pair.gold or comparison.pair.predicted
    assert statement is not None, "a pair holds at least one statement"
    return statement.anchor


def difference(comparison: Comparison, document: Document) -> str:
    """Both readings in words."""
    gold, found = comparison.pair.gold, comparison.pair.predicted
    if gold is None or found is None:
        there = gold or found
        name = there.indicator if there else ""
        return (
            f"the predictor finds {name} here, the gold does not"
            if found
            else f"the predictor finds no {name}"
        )
    parts = [
        f"{slot}: gold {_said(gold, slot)}, predictor {_said(found, slot)}" for slot in comparison.differing
    ]
    return "; ".join(parts)


def _said(statement: Statement, slot: str) -> str:
    value = getattr(statement, slot)
    if isinstance(value, tuple):
        return "".join("" if part is None else str(part) for part in value)
    return "nothing" if value is None else str(value)
