"""The gate of every export: the same reports through both models, both held against gold.

An export that has lost more than `ALLOWED` of strict record F1 is not published.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zhibiao.assemble import assemble
from zhibiao.errors import ConfigError, ParityError
from zhibiao.ports import SpanPredictor
from zhibiao.schema import GoldReport, Record
from zhibiao.scoring import score

__all__ = ["ALLOWED", "Parity", "compare", "demand"]

ALLOWED = 0.002
"""How much strict record F1 an export may lose."""


@dataclass(frozen=True, slots=True)
class Parity:
    """Strict record F1 of both; `same` of the `records` of the original came out of the export too."""

    before: float
    after: float
    records: int
    same: int

    @property
    def lost(self) -> float:
        """F1 that the export has lost; negative where it gained."""
        return self.before - self.after


def compare(gold: Sequence[GoldReport], before: SpanPredictor, after: SpanPredictor) -> Parity:
    """Both predictors on the same reports."""
    old, new = _records(gold, before), _records(gold, after)
    facts = {_facts(record) for record in new}
    return Parity(
        score(gold, old).strict.f1,
        score(gold, new).strict.f1,
        len(old),
        sum(_facts(record) in facts for record in old),
    )


def demand(parity: Parity, *, allowed: float = ALLOWED) -> None:
    """ParityError where too much was lost; ConfigError where the gold can show nothing."""
    if parity.before == 0:
        raise ConfigError(
            f"the model gets none of the gold records right ({parity.records} found): on these reports no "
            "loss could be seen; name gold that it can read with --data"
        )
    if parity.lost > allowed:
        raise ParityError(
            f"the export is not published: strict record F1 fell from {parity.before:.4f} to "
            f"{parity.after:.4f}, {100 * parity.lost:.2f} points, and {100 * allowed:.2f} are allowed "
            f"({parity.same} of {parity.records} records stayed the same); leave --int8 out, or train again"
        )


def _records(gold: Sequence[GoldReport], predictor: SpanPredictor) -> list[Record]:
    found = predictor.predict(report.document for report in gold)
    return [record for prediction in found for record in assemble(prediction)]


def _facts(record: Record) -> tuple[object, ...]:
    """What a record says, without how sure it is."""
    spans = tuple(sorted((str(slot), offsets) for slot, offsets in record.spans.items()))
    return record.report_id, spans, record.value, record.growth_rate, record.year, record.kind
