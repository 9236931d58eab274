"""What can be wrong with what annotators left in Label Studio, each kind with its name and its remedy."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from zhibiao.schema import Offsets

__all__ = ["Problem", "Trouble"]


class Trouble(Enum):
    """A kind of problem: its name, what to do, and whether the report is left out for it."""

    # Of tasks.
    FOREIGN_TASK = ("task not pushed by zhibiao", "it is passed over", False)
    CHANGED_TEXT = (
        "text differs from the one that was pushed",
        "delete the task and push the report again",
        True,
    )
    MISSING_PORTION = ("portion missing", "push the report again: only what is missing is sent", True)
    TWIN_TASK = ("the same portion in two tasks", "delete one of them", True)
    NOT_ANNOTATED = ("not annotated yet", "label and submit it", True)
    SKIPPED = ("skipped by the annotator", "label and submit it, or leave the report out", True)
    DRAFT_ONLY = ("only a draft", "open it and press Submit", True)
    UNSENT_CHANGES = ("a draft newer than what was submitted", "the submitted version is taken", False)
    SEVERAL_ANNOTATORS = ("several annotators", "choose one with --annotator, or take each with --all", True)
    OLDER_VERSION = ("two annotations by one annotator", "the later one is taken", False)
    EMPTY = ("submitted without a span", "it counts as a report without records", False)
    # Of spans.
    REPAIRED = ("offsets repaired", "nothing to do", False)
    DRIFTED = ("text not at its offsets", "delete the span and mark it again", True)
    UNKNOWN_LABEL = ("unknown label", "use the five labels", True)
    TRIMMED = ("blanks at the edge", "left outside", False)
    PUNCTUATION = ("punctuation at the edge", "the guide leaves it outside", False)
    CROSSES_SENTENCE = ("span crosses the end of a sentence", "mark it inside one sentence", True)
    OVERLAP = ("overlapping spans", "keep one of the two", True)
    # Of relations.
    BROKEN_RELATION = ("relation to a span that is gone", "delete the relation", True)
    WRONG_RELATION = (
        "relation between labels that have none",
        "a quantity leads to what belongs to it",
        True,
    )
    VALUE_ALONE = ("value without indicator", "draw a relation from it to its indicator, or delete it", True)
    GROWTH_ALONE = ("growth without value or indicator", "draw its relation, or delete it", True)
    INDICATOR_ALONE = ("indicator without value or growth", "draw a relation to it, or delete it", True)
    UNIT_ALONE = ("unit without value", "draw a relation to it, or delete it", True)
    YEAR_ALONE = ("year without relation", "it dates nothing and is left out", False)
    TWO_OF_A_KIND = ("two spans where a record has one", "delete one of the relations", True)
    SHARED_GROWTH = ("growth of a value and of another indicator", "delete one of the relations", True)
    # Of fields.
    BAD_FIELD = ("field that cannot be used", "correct it in the panel of the span", True)
    FILLED = ("year or kind not filled in", "taken from the guide's rules", False)
    SAME_RECORD = ("the same record twice", "one is kept", False)

    def __init__(self, title: str, remedy: str, fatal: bool) -> None:
        self.title = title
        self.remedy = remedy
        self.fatal = fatal


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding in one task; `quote` and `offsets` (into the report) where it is about a span."""

    trouble: Trouble
    report: str
    task: int | None
    detail: str = ""
    quote: str | None = None
    offsets: Offsets | None = None

    @property
    def fatal(self) -> bool:
        """Whether the report cannot be gold before this is mended."""
        return self.trouble.fatal

    def __str__(self) -> str:
        where = self.report if self.task is None else f"{self.report}, task {self.task}"
        place = f" [{self.offsets[0]}, {self.offsets[1]})" if self.offsets else ""
        said = (self.quote or "").replace("\r", "\\r").replace("\n", "\\n")
        quote = "" if self.quote is None else f" «{said}»{place}"
        detail = f" ({self.detail})" if self.detail else ""
        return f"{where}: {self.trouble.title}{quote}{detail}; {self.trouble.remedy}"
