"""Which marks make one record: by key where keys are given, else by order."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from annotation.inline.marks import Attributes, Mark, Marked
from zhibiao.schema import Label

Complain = Callable[[Mark, str], None]

# The guide lets a blank after 。 or ； end a paragraph where a report has no line breaks.
_ENDS = {
    "": re.compile(r"\n|(?<=[。；;]) "),
    ".": re.compile(r"[。！？!?\n]"),
    ";": re.compile(r"[。！？；!?;\n]"),
}
_COMMAS = frozenset("，,、；;：:")


class Stretches:
    """Which paragraph (reach ``), sentence (`.`) or clause group (`;`) of a text an offset stands in."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = {
            reach: [0, *(end.end() for end in ends.finditer(text))] for reach, ends in _ENDS.items()
        }

    def index(self, offset: int, reach: str) -> int:
        """The number of the stretch, counted from 1."""
        return bisect_right(self._starts[reach], offset)

    def sentences(self, start: int, end: int) -> str:
        """The whole sentences that `[start, end)` touches."""
        starts = [*self._starts["."], len(self.text)]
        return self.text[starts[self.index(start, ".") - 1] : starts[self.index(end - 1, ".")]]


@dataclass(frozen=True, slots=True)
class Statement:
    """The marks of one record; `quantity` is its V, or its G where it has no V. `year` only where keyed."""

    quantity: Mark
    indicator: Mark
    marks: Mapping[Label, Mark]
    year: Mark | None

    @property
    def said(self) -> list[Attributes]:
        """What the quantities say beyond their text."""
        both = (Label.VALUE, Label.GROWTH)
        return [self.marks[label].attributes for label in both if label in self.marks]


def statements(marked: Marked, stretches: Stretches, complain: Complain) -> list[Statement]:
    """The records of a marked text; marks that make none are complained of."""
    grouping = _Grouping(stretches)
    for mark in marked.marks:
        grouping.enter_sentence(mark)
        if mark.keys:
            grouping.add_keyed(mark, complain)
        elif mark.span.label is not Label.YEAR:
            grouping.add(mark)
    drafts = [*grouping.drafts, *grouping.keyed.values()]
    return [statement for draft in drafts if (statement := _complete(draft, complain))]


@dataclass(slots=True)
class _Draft:
    """A record in the making; `inherited` is the indicator that it takes if it gets none of its own."""

    marks: dict[Label, Mark] = field(default_factory=dict)
    inherited: Mark | None = None
    year: Mark | None = None


class _Grouping:
    """The drafts so far, and what the next mark may join."""

    def __init__(self, stretches: Stretches) -> None:
        self.stretches = stretches
        self.drafts: list[_Draft] = []
        self.keyed: defaultdict[tuple[int, str], _Draft] = defaultdict(_Draft)
        self.sentence = 0
        self.last: Mark | None = None
        self.indicator: Mark | None = None

    def enter_sentence(self, mark: Mark) -> None:
        here = self.stretches.index(mark.span.start, ".")
        if here != self.sentence:
            self.sentence, self.last, self.indicator = here, None, None

    def add_keyed(self, mark: Mark, complain: Complain) -> None:
        self._remember(mark)
        self.last = None
        for key in mark.keys:
            draft = self.keyed[(self.sentence if key.isdigit() else 0, key)]
            taken = draft.year if mark.span.label is Label.YEAR else draft.marks.get(mark.span.label)
            if taken is not None:
                complain(mark, f"is a second {mark.span.label.slot} for the key {key}")
            elif mark.span.label is Label.YEAR:
                draft.year = mark
            else:
                draft.marks[mark.span.label] = mark

    def add(self, mark: Mark) -> None:
        if self.last is None or not self._joins(mark, self.last):
            self.drafts.append(_Draft())
        draft = self.drafts[-1]
        draft.marks[mark.span.label] = mark
        self._remember(mark)
        draft.inherited = draft.inherited or self.indicator
        self.last = mark

    def _remember(self, mark: Mark) -> None:
        if mark.span.label is Label.INDICATOR:
            self.indicator = mark

    def _joins(self, mark: Mark, last: Mark) -> bool:
        """Whether `mark` belongs to the draft of the `last` mark."""
        taken = self.drafts[-1].marks
        match mark.span.label:
            case label if label in taken:
                return False
            case Label.VALUE:
                return Label.GROWTH not in taken
            case Label.INDICATOR:
                return not _COMMAS.intersection(self.stretches.text[last.span.end : mark.span.start])
        return True


def _complete(draft: _Draft, complain: Complain) -> Statement | None:
    quantity = draft.marks.get(Label.VALUE) or draft.marks.get(Label.GROWTH)
    indicator = draft.marks.get(Label.INDICATOR) or draft.inherited
    if quantity is None:
        for mark in [*draft.marks.values(), *([draft.year] if draft.year else [])]:
            complain(mark, "belongs to no quantity; give it a V or G, or the key of one")
        return None
    if indicator is None:
        complain(quantity, "has no indicator; mark one in its sentence or give both a key")
        return None
    if Label.UNIT in draft.marks and Label.VALUE not in draft.marks:
        complain(draft.marks[Label.UNIT], "is a unit without a value")
    return Statement(quantity, indicator, draft.marks, draft.year)
