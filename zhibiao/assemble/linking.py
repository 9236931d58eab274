"""Links spans by rule, for predictors that do not link.

The noun of a quantity is the one that touches it, else the nearest before it in the sentence.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from itertools import pairwise

from zhibiao.normalise.growth import direction_of
from zhibiao.schema import Document, Label, Link, Span
from zhibiao.tables.assembly import assembly_words
from zhibiao.tables.words import alternation

_CLOSE = 40
"""Values further apart than so many characters are no list that one list of rates follows."""


def link_spans(document: Document, spans: Sequence[Span]) -> tuple[Link, ...]:
    """Links inside each sentence; YEAR is left to the reach rules of `years`."""
    links: list[Link] = []
    for inside in _by_sentence(document, spans):
        links.extend(_Sentence(document.text, inside).links())
    return tuple(links)


def link_sentence(text: str, spans: Sequence[Span]) -> tuple[Link, ...]:
    """Links of spans that stand in one sentence."""
    return tuple(_Sentence(text, spans).links())


def _by_sentence(document: Document, spans: Sequence[Span]) -> Iterator[list[Span]]:
    """The spans of each sentence that has any, in order; those before the first sentence stand together."""
    starts = [sentence.start for sentence in document.sentences]
    group: list[Span] = []
    number = -1
    for span in sorted(spans):
        at = bisect_right(starts, span.start)
        if at != number and group:
            yield group
            group = []
        number = at
        group.append(span)
    if group:
        yield group


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """What may stand between two spans, by what it makes of them."""
    words = assembly_words()
    return {
        "touching": re.compile(rf"(?:{alternation(words.light)}|[”’》）)(（“：:\s、，,])*"),
        "noun_behind": re.compile(r"[余多来级大（(\s]*(?:以上|左右|以内)?的?\s*(?:“[^”]{1,20}”|[“‘])?"),
        "quantities": re.compile("(?:、|和|及|与|，|,|以及)(?:约|近|超|超过)?"),
        "nouns": re.compile("[”’》]?(?:、|和|及|与|以及)[“‘《]?"),
        "in_order": re.compile(alternation(words.in_order)),
        "group_end": re.compile("[；;]"),
        "clause_end": re.compile("[，,；;。]"),
    }


class _Sentence:
    """The spans of one sentence and what they are to one another."""

    def __init__(self, text: str, spans: Sequence[Span]) -> None:
        self.text = text
        self.indicators = [span for span in spans if span.label is Label.INDICATOR]
        self.values = [span for span in spans if span.label is Label.VALUE]
        self.growths = [span for span in spans if span.label is Label.GROWTH]
        self.units = [span for span in spans if span.label is Label.UNIT]

    @cached_property
    def unit_of(self) -> dict[Span, Span]:
        """The unit that touches each value, or that only 余 or 多 parts from it."""
        by_start = {unit.start: unit for unit in self.units}
        found = ((value, by_start.get(value.end) or by_start.get(value.end + 1)) for value in self.values)
        return {value: unit for value, unit in found if unit is not None}

    def links(self) -> Iterator[Link]:
        """Every quantity with its arguments; a rate that belongs to a value has none of its own."""
        growth_of = self._growths()
        yield from (Link(value, unit) for value, unit in self.unit_of.items())
        yield from (Link(value, growth) for value, growth in growth_of.items())
        owned = set(growth_of.values())
        free = [growth for growth in self.growths if growth not in owned]
        for run in self._runs(sorted([*self.values, *free])):
            yield from self._indicators(run)

    def _end(self, quantity: Span) -> int:
        return self.unit_of.get(quantity, quantity).end

    def _growths(self) -> dict[Span, Span]:
        """Each value's rate: the first one behind it with no noun between; lists pair in order."""
        pairs: dict[Span, Span] = {}
        for run in self._runs(self.growths):
            values = [value for value in self.values if value.end <= run[0].start]
            paired = values[-len(run) :] if len(values) >= len(run) else values[-1:]
            if paired and self._adjoin(paired, run[0].start):
                for value, growth in zip(paired, run, strict=False):
                    pairs.setdefault(value, growth)
        return pairs

    def _adjoin(self, values: Sequence[Span], growth: int) -> bool:
        """Whether values that stand close together are followed by a rate with no noun between."""
        end = self._end(values[-1])
        if any(end <= noun.start < growth for noun in self.indicators):
            return False
        if _patterns()["group_end"].search(self.text, end, growth):
            return False
        return all(right.start - left.end < _CLOSE for left, right in pairwise(values))

    def _runs(self, quantities: Sequence[Span]) -> list[list[Span]]:
        """Quantities of one kind that only 、和 join: the members of a list."""
        runs: list[list[Span]] = []
        for quantity in quantities:
            last = runs[-1][-1] if runs else None
            if last and last.label is quantity.label and self._joined(last, quantity):
                runs[-1].append(quantity)
            else:
                runs.append([quantity])
        return runs

    def _joined(self, left: Span, right: Span) -> bool:
        """Whether two quantities are of one list; behind a comma only one that cannot stand alone is."""
        match = _patterns()["quantities"].fullmatch(self.text, self._end(left), right.start)
        if match is None or match[0][0] not in "，,":
            return match is not None
        if right.label is Label.GROWTH:
            return direction_of(self.text[right.start : right.end]) is None
        return self._noun_behind(right) is None

    def _indicators(self, run: Sequence[Span]) -> Iterator[Link]:
        """The nouns of a list of quantities, or of one."""
        heads = self._heads(run) if len(run) > 1 else []
        yield from (Link(quantity, head) for quantity, head in zip(run, heads, strict=False))
        for quantity in run[len(heads) :]:
            yield from (Link(quantity, head) for head in self._nouns(quantity))

    def _heads(self, run: Sequence[Span]) -> Sequence[Span]:
        """One noun for each of several quantities: paired by order, or the one that all share."""
        behind, nouns = self._noun_behind(run[-1]), self._nouns_before(run[0])
        if behind and not (nouns and self._belongs(nouns[-1], run[0])):
            return [behind] * len(run)
        if len(nouns) < len(run):
            nouns = self._counted_before(run) or nouns[-1:] * len(run)
        return nouns[-len(run) :]

    def _counted_before(self, run: Sequence[Span]) -> list[Span]:
        """造林5亩、种草6亩，分别完成任务的90%、80%: the nouns of a list that has its quantities already."""
        nouns = [span for span in self.indicators if span.end <= run[0].start][-len(run) :]
        if len(nouns) < len(run) or not _patterns()["in_order"].search(
            self.text, nouns[-1].end, run[0].start
        ):
            return []
        gaps = pairwise(nouns)
        counted = all(
            any(left.end <= value.start < right.start for value in self.values) for left, right in gaps
        )
        apart = _patterns()["clause_end"].search(self.text, nouns[0].end, nouns[-1].start)
        return nouns if counted and not apart else []

    def _nouns(self, quantity: Span) -> Sequence[Span]:
        """The nouns of one quantity: the one that touches it from behind, else the nearest list before it."""
        before = self._nouns_before(quantity)
        after = self._noun_behind(quantity)
        if after and not (before and self._belongs(before[-1], quantity)):
            return [after]
        if before:
            return before
        following = (span for span in self.indicators if span.start >= quantity.end)
        return [after] if after else list(following)[:1]

    def _belongs(self, noun: Span, quantity: Span) -> bool:
        """Whether the noun before is bound to the quantity more closely than the noun behind it."""
        if not _patterns()["touching"].fullmatch(self.text, noun.end, quantity.start):
            return False
        if quantity.label is Label.GROWTH and noun.end >= quantity.start - 1:
            return True
        return not self._counted(noun)

    def _counted(self, noun: Span) -> bool:
        """Whether the noun already stands behind a quantity of its own (45个|网格、599个|微网格)."""
        return any(self._noun_behind(value) is noun for value in self.values if value.end <= noun.start)

    def _noun_behind(self, quantity: Span) -> Span | None:
        end = self._end(quantity)
        match = _patterns()["noun_behind"].match(self.text, end)
        reach = match.end() if match else end
        return next((span for span in self.indicators if end <= span.start <= reach), None)

    def _nouns_before(self, quantity: Span) -> list[Span]:
        """The nearest indicator before, led by those that only 、和 join to it."""
        before = [span for span in self.indicators if span.end <= quantity.start]
        found = before[-1:]
        for span in reversed(before[:-1]):
            if not _patterns()["nouns"].fullmatch(self.text, span.end, found[0].start) or self._counted(span):
                break
            found.insert(0, span)
        return found
