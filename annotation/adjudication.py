"""From two annotations to gold: what agrees is taken, the rest is decided, and who decided what is kept.

zhibiao annotate adjudicate a.jsonl b.jsonl -o gold.jsonl
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

from annotation.passes import Passes, Reading, TwoReadings, readings
from zhibiao.errors import DataError
from zhibiao.jsonl import dumps, gold_record_to_json
from zhibiao.schema import GoldRecord, GoldReport, Offsets

__all__ = [
    "Choice",
    "Decision",
    "Dispute",
    "adjudicate",
    "corrections",
    "decide",
    "disputes",
    "refuse_open",
    "stale",
]


class Choice(StrEnum):
    """What becomes of a dispute. `a` and `b` take that reading, even where it is that there is no record."""

    A = "a"
    B = "b"
    BOTH = "both"
    NEITHER = "neither"
    EDIT = "edit"


@dataclass(frozen=True, slots=True)
class Dispute:
    """A statement that A and B read differently; `number` counts them in their report from 1."""

    both: TwoReadings
    reading: Reading
    number: int
    n_all: int

    @property
    def key(self) -> str:
        """The report and both readings to the letter: a decision holds only for the very same dispute."""
        return _key(self.both.document.id, self.reading.a, self.reading.b)

    def choices(self) -> tuple[Choice, ...]:
        """`both` only where there are two records."""
        paired = self.reading.a is not None and self.reading.b is not None
        return tuple(choice for choice in Choice if paired or choice not in (Choice.BOTH, Choice.NEITHER))


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decided, with both readings, so that it can be understood and replayed alone.

    On readings that are alike it is a correction: both annotators made the same mistake, and stay on record.
    """

    report: str
    a: GoldRecord | None
    b: GoldRecord | None
    choice: Choice
    records: tuple[GoldRecord, ...]
    by: str
    at: str

    @property
    def key(self) -> str:
        """That of the dispute."""
        return _key(self.report, self.a, self.b)


def disputes(passes: Passes) -> Iterator[Dispute]:
    """What is not identical in both, report by report, in text order."""
    for both in passes.reports:
        differing = [reading for reading in readings(both) if not reading.identical]
        for number, reading in enumerate(differing, start=1):
            yield Dispute(both, reading, number, len(differing))


def decide(
    dispute: Dispute,
    choice: Choice,
    *,
    by: str,
    edited: Sequence[GoldRecord] = (),
    now: datetime | None = None,
) -> Decision:
    """The decision on a dispute, dated; `edited` are the records of `Choice.EDIT`."""
    a, b = dispute.reading.a, dispute.reading.b
    chosen: Mapping[Choice, Sequence[GoldRecord | None]] = {
        Choice.A: [a],
        Choice.B: [b],
        Choice.BOTH: [a, b],
        Choice.NEITHER: [],
        Choice.EDIT: edited,
    }
    at = (now or datetime.now(UTC)).isoformat(timespec="seconds")
    records = tuple(record for record in chosen[choice] if record is not None)
    return Decision(dispute.both.document.id, a, b, choice, records, by, at)


def adjudicate(passes: Passes, decisions: Iterable[Decision]) -> list[GoldReport]:
    """The gold: A's reports with what agrees and what was decided, in text order. Nothing may be open.

    What agrees, but was decided too, is as it was decided.
    """
    decided = {decision.key: decision for decision in decisions}
    refuse_open([dispute for dispute in disputes(passes) if dispute.key not in decided])
    return [_gold(both, decided) for both in passes.reports]


def refuse_open(open_ones: Sequence[Dispute]) -> None:
    """Gold is whole or not there: an error counts what is open, report by report."""
    if not open_ones:
        return
    counts: dict[str, int] = {}
    for dispute in open_ones:
        id = dispute.both.document.id
        counts[id] = counts.get(id, 0) + 1
    named = ", ".join(f"{id} {count}" for id, count in counts.items())
    raise DataError(
        f"{len(open_ones)} disputes are open ({named}); decide them in a terminal, "
        "or give the file of the decisions with --decisions"
    )


def stale(passes: Passes, decisions: Iterable[Decision]) -> list[Decision]:
    """Decisions on readings that are no longer there: A or B was changed since."""
    keys = {key for key, _ in _readings(passes)}
    return [decision for decision in decisions if decision.key not in keys]


def corrections(passes: Passes, decisions: Iterable[Decision]) -> list[Decision]:
    """Decisions on what both annotators read alike, and wrong."""
    keys = {key for key, reading in _readings(passes) if reading.identical}
    return [decision for decision in decisions if decision.key in keys]


def _readings(passes: Passes) -> Iterator[tuple[str, Reading]]:
    for both in passes.reports:
        for reading in readings(both):
            yield _key(both.document.id, reading.a, reading.b), reading


def _gold(both: TwoReadings, decided: Mapping[str, Decision]) -> GoldReport:
    records: list[GoldRecord] = []
    for reading in readings(both):
        decision = decided.get(_key(both.document.id, reading.a, reading.b))
        if decision is not None:
            records += decision.records
        elif reading.a is not None:
            records.append(reading.a)
    return replace(both.a, records=tuple(sorted(_once(records), key=_order)))


def _once(records: Iterable[GoldRecord]) -> list[GoldRecord]:
    """Two decisions may end in the same record."""
    return list({dumps(gold_record_to_json(record)): record for record in records}.values())


def _order(record: GoldRecord) -> tuple[Offsets, Offsets, str]:
    """By quantity, then by indicator, then by whatever else tells two records apart."""
    spans = record.spans
    quantity = spans["value"] if "value" in spans else spans["growth"]
    return (quantity, spans.get("indicator", (0, 0)), dumps(gold_record_to_json(record)))


def _key(report: str, a: GoldRecord | None, b: GoldRecord | None) -> str:
    sides = [None if record is None else _sorted_json(record) for record in (a, b)]
    return dumps([report, *sides])


def _sorted_json(record: GoldRecord) -> dict[str, object]:
    line = gold_record_to_json(record)
    return line | {"spans": dict(sorted((slot, list(o)) for slot, o in record.spans.items()))}
