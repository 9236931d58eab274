"""What the audit says: a contradiction, how grave and how certain, and the statements that it is between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from zhibiao.schema import Record
from zhibiao.series import Place

__all__ = ["Certainty", "Check", "Finding", "Part", "Severity", "Side"]


class Check(StrEnum):
    """What is checked; the order is that of the page."""

    UNIT_SLIP = "unit_slip"
    DUPLICATE = "duplicate"
    GROWTH = "growth"
    PARTS = "parts"
    SHARE = "share"
    SIGN = "sign"
    TARGET = "target"


class Severity(StrEnum):
    """How far apart the statements are."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Certainty(StrEnum):
    """Whether the statements are surely of the same thing; `possible` has a harmless explanation at hand."""

    LIKELY = "likely"
    POSSIBLE = "possible"


class Part(StrEnum):
    """The part that a record plays in a finding."""

    STATED = "stated"
    OTHER = "other"
    EARLIER = "earlier"
    TARGET = "target"
    ACTUAL = "actual"
    WHOLE = "whole"
    PART = "part"
    START = "start"
    END = "end"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the statements that contradict each other."""

    part: Part
    record: Record


@dataclass(frozen=True, slots=True)
class Finding:
    """A contradiction. `reason` and `hint` name templates of `messages.json`, filled with `facts`.

    `gap` is what findings of one severity are ordered by, the greatest first.
    """

    check: Check
    severity: Severity
    certainty: Certainty
    place: Place
    sides: tuple[Side, ...]
    reason: str
    facts: Mapping[str, str]
    hint: str | None = None
    gap: float = field(default=0.0, compare=False)

    @property
    def code(self) -> str | None:
        """The catalogue code of the first statement."""
        return self.sides[0].record.indicator_code

    @property
    def year(self) -> int | None:
        """The year of the first statement."""
        return self.sides[0].record.year
