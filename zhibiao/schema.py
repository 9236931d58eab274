"""The frozen data that flows through every stage: Document, Span, Link, Prediction, Record, gold.

Offsets are half-open code-point offsets into `Document.text`, which is never changed after reading:
`document.text[span.start:span.end]` is what a span says. Every class checks itself when it is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from zhibiao.errors import SchemaError

SCHEMA_VERSION = "1.0"

Offsets = tuple[int, int]


class Label(StrEnum):
    """The five labels of the annotation guide; `slot` is the lower-case name used in records."""

    INDICATOR = "INDICATOR"
    VALUE = "VALUE"
    UNIT = "UNIT"
    GROWTH = "GROWTH"
    YEAR = "YEAR"

    @property
    def slot(self) -> str:
        """`indicator`, `value`, `unit`, `growth` or `year`."""
        return self.value.lower()


class Kind(StrEnum):
    """Whether a quantity was reached or is planned."""

    ACTUAL = "actual"
    TARGET = "target"


class Role(StrEnum):
    """Whether a section looks back or ahead."""

    REVIEW = "review"
    PLAN = "plan"


class Measure(StrEnum):
    """What sort of quantity a VALUE is."""

    LEVEL = "level"
    CHANGE = "change"
    SHARE = "share"
    RATIO = "ratio"


class PeriodKind(StrEnum):
    """How a period's months relate to the value."""

    WHOLE_YEAR = "whole_year"
    CUMULATIVE = "cumulative"
    POINT = "point"
    SPAN = "span"
    AVERAGE = "average"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A labelled stretch of text, `[start, end)` in code points; `score` in 0..1 where a model gave one."""

    start: int
    end: int
    label: Label
    score: float | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise SchemaError(
                f"span [{self.start}, {self.end}) is empty or negative; start must be below end"
            )

    @property
    def offsets(self) -> Offsets:
        """`(start, end)`."""
        return (self.start, self.end)


@dataclass(frozen=True, slots=True)
class Link:
    """An arc from a quantity (VALUE or GROWTH) to what belongs to it (INDICATOR, UNIT, GROWTH or YEAR)."""

    quantity: Span
    argument: Span
    score: float | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if (self.quantity.label, self.argument.label) not in LINK_TYPES:
            raise SchemaError(f"no link goes from {self.quantity.label} to {self.argument.label}")


LINK_TYPES = frozenset(
    {
        (Label.VALUE, Label.INDICATOR),
        (Label.GROWTH, Label.INDICATOR),
        (Label.VALUE, Label.UNIT),
        (Label.VALUE, Label.GROWTH),
        (Label.VALUE, Label.YEAR),
        (Label.GROWTH, Label.YEAR),
    }
)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report under one heading; sections are in text order and do not overlap.

    `level` is 0 for the text before any heading, 1 for 一、, 2 for （一）, 3 for `1.`.
    `year` is the year that the section is about: the year reviewed, or the year planned.
    """

    start: int
    end: int
    heading: Offsets | None
    level: int
    role: Role
    year: int | None


@dataclass(frozen=True, slots=True)
class Sentence:
    """`[start, end)` of a sentence without outer blanks; it ends with 。！？； or a line break.

    `paragraph` counts paragraphs from 0; `section` indexes `Document.sections`.
    """

    start: int
    end: int
    paragraph: int
    section: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One piece of metadata and where it comes from.

    `source` says how it was found (`option`, `sidecar`, `gold`, `html:meta`, `title`, `text`, ...);
    `offsets` point into the text where it stands there.
    """

    value: str | int
    source: str
    offsets: Offsets | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of a report as a whole; `findings` holds the origin of each field that is set.

    `report_year` is the year reviewed, `plan_year` the year planned, `sitting_year` that of the sitting.
    `published` is an ISO date.
    """

    title: str | None = None
    publisher: str | None = None
    district: str | None = None
    city: str | None = None
    report_year: int | None = None
    plan_year: int | None = None
    sitting_year: int | None = None
    index_number: str | None = None
    published: str | None = None
    findings: Mapping[str, Finding] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a Document was read from. `name` is the file's, never a path; `encoding` only for text files."""

    name: str
    sha256: str
    format: str
    encoding: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A report as text with its structure. `notes` are warnings of the reader that the user should see."""

    id: str
    text: str
    metadata: Metadata
    sections: tuple[Section, ...]
    sentences: tuple[Sentence, ...]
    source: Source | None = None
    notes: tuple[str, ...] = ()

    def quote(self, offsets: Offsets) -> str:
        """The text at `offsets`."""
        return self.text[offsets[0] : offsets[1]]


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a predictor found in one Document.

    `links` is None when the predictor does not link; assembly then links by its own rules.
    `method` is `model` or `rules`.
    """

    document: Document
    spans: tuple[Span, ...]
    links: tuple[Link, ...] | None
    method: str


@dataclass(frozen=True, slots=True)
class Period:
    """Months `YYYY-MM`, both ends included; `start` or `end` may be unknown."""

    start: str | None
    end: str | None
    kind: PeriodKind


Bounds = tuple[Decimal | None, Decimal | None]


@dataclass(frozen=True, slots=True)
class Record:
    """One statement that a measurable thing has a quantity, a rate of change, or both.

    What the fields mean stands in docs/record.md and in what `zhibiao schema` prints. Numbers are exact.
    `spans` holds the slots `indicator value unit growth year` and, where derived, `context`.
    """

    report_id: str
    title: str | None
    publisher: str | None
    district: str | None
    city: str | None
    report_year: int | None
    indicator: str
    indicator_context: str | None
    indicator_code: str | None
    value: Decimal | None
    value_text: str | None
    unit: str | None
    value_base: Decimal | None
    unit_base: str | None
    measure: Measure | None
    year: int | None
    period: Period | None
    growth_rate: Decimal | None
    growth_unit: str | None
    growth_text: str | None
    comparison: str | None
    qualifier: str | None
    bounds: Bounds | None
    growth_qualifier: str | None
    growth_bounds: Bounds | None
    kind: Kind
    confidence: float | None
    confidences: Mapping[str, float] | None
    method: str
    spans: Mapping[str, Offsets]
    evidence: str

    def __post_init__(self) -> None:
        if "indicator" not in self.spans:
            raise SchemaError(f"a record of {self.report_id} has no indicator span")
        if "value" not in self.spans and "growth" not in self.spans:
            raise SchemaError(
                f"the record {self.indicator!r} of {self.report_id} has neither value nor growth"
            )


@dataclass(frozen=True, slots=True)
class GoldRecord:
    """A record as annotated: slots as offsets, and the fields that the guide derives by reading.

    `growth_rate` is set only where the span alone cannot give the sign (the second member of 分别下降5%、6%).
    """

    spans: Mapping[str, Offsets]
    year: int | None
    kind: Kind
    qualifier: str | None = None
    growth_rate: Decimal | None = None

    def __post_init__(self) -> None:
        unknown = set(self.spans) - {label.slot for label in Label}
        if unknown:
            raise SchemaError(
                f"unknown slots {sorted(unknown)}; known are indicator, value, unit, growth, year"
            )
        if "value" not in self.spans and "growth" not in self.spans:
            raise SchemaError("a gold record needs a value or a growth span")
        for slot, (start, end) in self.spans.items():
            if not 0 <= start < end:
                raise SchemaError(f"{slot} span [{start}, {end}) is empty or negative")


@dataclass(frozen=True, slots=True)
class GoldReport:
    """An annotated report: its Document and its records; `extra` keeps unknown keys of the gold file."""

    document: Document
    records: tuple[GoldRecord, ...]
    extra: Mapping[str, object] = field(default_factory=dict)
