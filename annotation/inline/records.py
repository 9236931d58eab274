"""From marks to gold records: grouping, years, checks."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from annotation.inline.marks import Attributes, Mark, Marked
from zhibiao.errors import DataError
from zhibiao.schema import GoldRecord, Label, Offsets

# The guide lets a blank after 。 or ； end a paragraph where a report has no line breaks.
_ENDS = {
    "": re.compile(r"\n|(?<=[。；;]) "),
    ".": re.compile(r"[。！？!?\n]"),
    ";": re.compile(r"[。！？；!?;\n]"),
}
_COMMAS = frozenset("，,、；;：:")
_QUANTITIES = (Label.VALUE, Label.GROWTH)


@dataclass(slots=True)
class _Draft:
    """A record in the making; `inherited` is the indicator that it takes if it gets none of its own."""

    marks: dict[Label, Mark] = field(default_factory=dict)
    inherited: Mark | None = None
    keyed_year: Mark | None = None

    @property
    def quantity(self) -> Mark | None:
        return self.marks.get(Label.VALUE) or self.marks.get(Label.GROWTH)

    @property
    def indicator(self) -> Mark | None:
        return self.marks.get(Label.INDICATOR) or self.inherited


class _Where:
    """Which sentence, clause group and paragraph an offset stands in."""

    def __init__(self, text: str) -> None:
        self.starts = {
            reach: [0, *(end.end() for end in ends.finditer(text))] for reach, ends in _ENDS.items()
        }

    def index(self, offset: int, reach: str) -> int:
        return bisect_right(self.starts[reach], offset)


Complain = Callable[[Mark, str], None]


def records(marked: Marked) -> tuple[GoldRecord, ...]:
    """The gold records of a marked text, in text order; one DataError names every problem found."""
    problems: list[str] = []

    def complain(mark: Mark, message: str) -> None:
        quote = marked.text[mark.span.start : mark.span.end]
        problems.append(f"{marked.name}:{mark.line}: {{{mark.span.label.value[0]}:{quote}}} {message}")

    where = _Where(marked.text)
    drafts = [draft for draft in _group(marked, where, complain) if _complete(draft, complain)]
    years = _link_years(marked, drafts, where, complain)
    found = [
        _record(draft, year, _sentence(marked, draft, where), complain)
        for draft, year in zip(drafts, years, strict=True)
    ]
    if problems:
        raise DataError("\n".join(problems))
    return tuple(sorted(found, key=order))


def order(record: GoldRecord) -> tuple[Offsets, Offsets]:
    """Sorts records by quantity, those that share one by indicator."""
    spans = record.spans
    return spans.get("value") or spans["growth"], spans["indicator"]


def _group(marked: Marked, where: _Where, complain: Complain) -> list[_Draft]:
    """Marks with keys by key, the others by order."""
    grouping = _Grouping(marked.text, where)
    for mark in marked.marks:
        grouping.enter_sentence(mark)
        if mark.keys:
            grouping.add_keyed(mark, complain)
        elif mark.span.label is not Label.YEAR:
            grouping.add(mark)
    return [*grouping.drafts, *grouping.keyed.values()]


class _Grouping:
    """The drafts so far, and what the next mark may join."""

    def __init__(self, text: str, where: _Where) -> None:
        self.text = text
        self.where = where
        self.drafts: list[_Draft] = []
        self.keyed: defaultdict[tuple[int, str], _Draft] = defaultdict(_Draft)
        self.sentence = 0
        self.last: Mark | None = None
        self.indicator: Mark | None = None

    def enter_sentence(self, mark: Mark) -> None:
        here = self.where.index(mark.span.start, ".")
        if here != self.sentence:
            self.sentence, self.last, self.indicator = here, None, None

    def add_keyed(self, mark: Mark, complain: Complain) -> None:
        self._remember(mark)
        self.last = None
        for key in mark.keys:
            draft = self.keyed[(self.sentence if key.isdigit() else 0, key)]
            if mark.span.label is Label.YEAR:
                draft.keyed_year = mark
            elif mark.span.label in draft.marks:
                complain(mark, f"is a second {mark.span.label.slot} for the key {key}")
            else:
                draft.marks[mark.span.label] = mark

    def add(self, mark: Mark) -> None:
        if self.last is None or not self._joins(mark):
            self.drafts.append(_Draft())
        draft = self.drafts[-1]
        draft.marks[mark.span.label] = mark
        self._remember(mark)
        draft.inherited = draft.inherited or self.indicator
        self.last = mark

    def _remember(self, mark: Mark) -> None:
        if mark.span.label is Label.INDICATOR:
            self.indicator = mark

    def _joins(self, mark: Mark) -> bool:
        """Whether `mark` belongs to the last draft: a noun after its quantity follows without a comma."""
        draft = self.drafts[-1]
        if mark.span.label in draft.marks or (mark.span.label is Label.VALUE and Label.GROWTH in draft.marks):
            return False
        if mark.span.label is not Label.INDICATOR or self.last is None:
            return True
        return not _COMMAS.intersection(self.text[self.last.span.end : mark.span.start])


def _complete(draft: _Draft, complain: Complain) -> bool:
    if draft.quantity is None:
        for mark in [*draft.marks.values(), *([draft.keyed_year] if draft.keyed_year else [])]:
            complain(mark, "belongs to no quantity; give it a V or G, or the key of one")
        return False
    if draft.indicator is None:
        complain(draft.quantity, "has no indicator; mark one in its sentence or give both a key")
        return False
    if Label.UNIT in draft.marks and Label.VALUE not in draft.marks:
        complain(draft.marks[Label.UNIT], "is a unit without a value")
        return False
    return True


def _link_years(marked: Marked, drafts: list[_Draft], where: _Where, complain: Complain) -> list[Mark | None]:
    """The YEAR mark of each draft; a Y that dates nothing is a problem."""
    years = [mark for mark in marked.marks if mark.span.label is Label.YEAR]
    linked = [_year_of(draft, years, where) for draft in drafts]
    for year in years:
        if year not in linked:
            complain(year, "dates no record")
        stated = re.findall(r"(?:19|20)\d\d", marked.text[year.span.start : year.span.end])
        if stated and year.attributes.year is None and str(year.defaults[0]) not in stated:
            complain(year, f"names another year than its section's {year.defaults[0]}; write {{Y YEAR:...}}")
    return linked


def _year_of(draft: _Draft, years: list[Mark], where: _Where) -> Mark | None:
    quantity, said = draft.quantity, _said(draft)
    if draft.keyed_year is not None or quantity is None or any(part.undated for part in said):
        return draft.keyed_year
    for year in reversed(years):
        if year.keys or year.span.start > quantity.span.start:
            continue
        if where.index(year.span.start, year.reach) == where.index(quantity.span.start, year.reach):
            stated = {part.year for part in said} - {None}
            return year if stated <= {_resolved(year)} else None
    return None


def _resolved(year: Mark) -> int:
    return year.attributes.year or year.defaults[0]


def _said(draft: _Draft) -> list[Attributes]:
    return [draft.marks[label].attributes for label in _QUANTITIES if label in draft.marks]


def _sentence(marked: Marked, draft: _Draft, where: _Where) -> str:
    """The text around a draft in which its qualifier must stand."""
    spans = [mark.span for mark in draft.marks.values()]
    first = where.starts["."][where.index(min(spans).start, ".") - 1]
    last = where.index(max(spans).start, ".")
    ends = [*where.starts["."][1:], len(marked.text)]
    return marked.text[first : ends[last - 1]]


def _record(draft: _Draft, year: Mark | None, sentence: str, complain: Complain) -> GoldRecord:
    quantity, indicator = draft.quantity, draft.indicator
    if quantity is None or indicator is None:
        raise AssertionError("only complete drafts become records")
    said = {
        name: _one(draft, name, quantity, complain) for name in ("year", "kind", "qualifier", "growth_rate")
    }
    if said["qualifier"] is not None and str(said["qualifier"]) not in sentence:
        complain(quantity, f"has the qualifier {said['qualifier']}, which does not stand in its sentence")
    slots = {**draft.marks, Label.INDICATOR: indicator, **({Label.YEAR: year} if year else {})}
    return GoldRecord(
        spans={label.slot: slots[label].span.offsets for label in Label if label in slots},
        year=said["year"] or (_resolved(year) if year else quantity.defaults[0]),  # type: ignore[arg-type]
        kind=said["kind"] or quantity.defaults[1],  # type: ignore[arg-type]
        qualifier=said["qualifier"],  # type: ignore[arg-type]
        growth_rate=said["growth_rate"],  # type: ignore[arg-type]
    )


def _one(draft: _Draft, name: str, quantity: Mark, complain: Complain) -> object:
    values = {getattr(part, name) for part in _said(draft)} - {None}
    if len(values) > 1:
        complain(quantity, f"has two values for {name}: {sorted(map(str, values))}")
    return min(values, key=str) if values else None
