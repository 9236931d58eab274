"""What can be wrong with gold: the kinds of faults, how grave each is, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from zhibiao.schema import Offsets

__all__ = ["Fault", "FaultKind", "Severity"]


class Severity(StrEnum):
    """An error makes the data unfit; a warning is a place to look at."""

    ERROR = "error"
    WARNING = "warning"


class FaultKind(StrEnum):
    """Every check by its name; `docs/data-quality.md` tells them at length."""

    JSON = "json"
    TEXT = "text"
    REPORT = "report"
    RECORD = "record"
    EMPTY = "empty"
    NO_RECORDS = "no-records"
    NO_INDICATOR = "no-indicator"
    UNIT_ALONE = "unit-alone"
    UNIT_MISSING = "unit-missing"
    OVERLAP = "overlap"
    EDGE = "edge"
    SENTENCE = "sentence"
    SCATTERED = "scattered"
    QUALIFIER_EDGE = "qualifier-edge"
    LIGHT_VERB = "light-verb"
    DUPLICATE_RECORD = "duplicate-record"
    VALUE_UNREAD = "value-unread"
    UNIT_UNKNOWN = "unit-unknown"
    GROWTH_UNREAD = "growth-unread"
    GROWTH_RATE = "growth-rate"
    GROWTH_SIGN = "growth-sign"
    GROWTH_AS_VALUE = "growth-as-value"
    RANK_OR_GAP = "rank-or-gap"
    QUALIFIER = "qualifier"
    NO_YEAR = "no-year"
    YEAR_FAR = "year-far"
    YEAR_IMPOSSIBLE = "year-impossible"
    YEAR_SPAN = "year-span"
    AHEAD = "actual-ahead"
    KIND = "kind"
    DUPLICATE_ID = "duplicate-id"
    DUPLICATE_TEXT = "duplicate-text"
    NEAR_DUPLICATE = "near-duplicate"
    LEAK = "leak"
    SPLIT = "split"
    FEW = "few-spans"
    SUSPECT = "suspect"
    LABEL_ERROR = "likely-label-error"

    @property
    def severity(self) -> Severity:
        """How grave a fault of this kind is."""
        return Severity.WARNING if self in _WARNINGS else Severity.ERROR

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return _REMEDIES[self]


@dataclass(frozen=True, slots=True)
class Fault:
    """One finding. `where` is `file:line`; `record` counts from 0 there, `offsets` in the report's text."""

    kind: FaultKind
    where: str
    message: str
    report: str | None = None
    record: int | None = None
    offsets: Offsets | None = None
    quote: str | None = None

    @property
    def severity(self) -> Severity:
        """That of its kind."""
        return self.kind.severity

    def line(self) -> str:
        """For people, on one line."""
        record = "" if self.record is None else f" record {self.record}"
        place = "" if self.offsets is None else f" [{self.offsets[0]}:{self.offsets[1]}]"
        quote = "" if self.quote is None else f" {self.quote!r}"
        head = f"{self.where}:{record}{place}{quote}"
        return " ".join(f"{head} {self.severity} {self.kind}: {self.message}; {self.kind.remedy}".split())

    def to_json(self) -> dict[str, object]:
        """For programs."""
        return {
            "severity": self.severity.value,
            "kind": self.kind.value,
            "where": self.where,
            "report": self.report,
            "record": self.record,
            "offsets": None if self.offsets is None else list(self.offsets),
            "quote": self.quote,
            "message": self.message,
            "remedy": self.kind.remedy,
        }


_REMEDIES = {
    FaultKind.JSON: "write one JSON object a line, in UTF-8",
    FaultKind.TEXT: "put back the text that was annotated, or annotate the new one",
    FaultKind.REPORT: "mend the line's keys",
    FaultKind.RECORD: "mend or remove the record",
    FaultKind.EMPTY: "remove the report",
    FaultKind.NO_RECORDS: "annotate the report, or remove it",
    FaultKind.NO_INDICATOR: "mark what is measured",
    FaultKind.UNIT_ALONE: "mark the value, or remove the unit",
    FaultKind.UNIT_MISSING: "mark the unit",
    FaultKind.OVERLAP: "keep one of the two spans, the same in all records",
    FaultKind.EDGE: "move the edge inwards",
    FaultKind.SENTENCE: "end the span with its sentence",
    FaultKind.SCATTERED: "take the slots of a record from one sentence; only a year may stand in another",
    FaultKind.QUALIFIER_EDGE: "leave the qualifier out of the span",
    FaultKind.LIGHT_VERB: "leave the light verb out, unless it is part of the name",
    FaultKind.DUPLICATE_RECORD: "keep one of them",
    FaultKind.VALUE_UNREAD: "mark the number alone",
    FaultKind.UNIT_UNKNOWN: "check the span, or add the unit to zhibiao/tables/units.toml",
    FaultKind.GROWTH_UNREAD: "mark from the direction word through the % sign",
    FaultKind.GROWTH_RATE: "state the signed rate as the text has it",
    FaultKind.GROWTH_SIGN: "state growth_rate with its minus sign",
    FaultKind.GROWTH_AS_VALUE: "mark direction word, number and % as one GROWTH",
    FaultKind.RANK_OR_GAP: "remove the record: ranks and gaps to other places are none",
    FaultKind.QUALIFIER: "state the qualifier that stands beside the number",
    FaultKind.NO_YEAR: "resolve the year by the guide",
    FaultKind.YEAR_FAR: "check the year",
    FaultKind.YEAR_IMPOSSIBLE: "mend the year",
    FaultKind.YEAR_SPAN: "check year and YEAR span by the guide",
    FaultKind.AHEAD: "check year and kind",
    FaultKind.KIND: "check the kind by the guide",
    FaultKind.DUPLICATE_ID: "give every report an id of its own",
    FaultKind.DUPLICATE_TEXT: "keep one of them",
    FaultKind.NEAR_DUPLICATE: "keep one of them, or keep both in one split",
    FaultKind.LEAK: "put both into one split, or keep one",
    FaultKind.SPLIT: "mend the splits: every district in exactly one",
    FaultKind.FEW: "annotate more before training on it",
    FaultKind.SUSPECT: "read the sentence again; change the gold only where the guide says so",
    FaultKind.LABEL_ERROR: "read the sentence again; change the gold only where the guide says so",
}

_WARNINGS = frozenset(
    {
        FaultKind.NO_RECORDS,
        FaultKind.UNIT_MISSING,
        FaultKind.SCATTERED,
        FaultKind.QUALIFIER_EDGE,
        FaultKind.LIGHT_VERB,
        FaultKind.UNIT_UNKNOWN,
        FaultKind.GROWTH_UNREAD,
        FaultKind.GROWTH_AS_VALUE,
        FaultKind.RANK_OR_GAP,
        FaultKind.QUALIFIER,
        FaultKind.NO_YEAR,
        FaultKind.YEAR_FAR,
        FaultKind.YEAR_SPAN,
        FaultKind.AHEAD,
        FaultKind.KIND,
        FaultKind.NEAR_DUPLICATE,
        FaultKind.FEW,
        FaultKind.SUSPECT,
        FaultKind.LABEL_ERROR,
    }
)
