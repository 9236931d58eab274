"""Links spans by rule, for predictors that do not link: the noun that touches the quantity, else the nearest before."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache

from zhibiao.schema import Document, Label, Link, Span


def link_spans(document: Document, spans: Sequence[Span]) -> tuple[Link, ...]:
    """Links inside each sentence; YEAR is left to the reach rules of `years`."""
    links: list[Link] = []
    for inside in _by_sentence(document, spans):
        links.extend(_Sentence(document.text, inside).links())
    return tuple(links)


def _by_sentence(document: Document, spans: Sequence[Span]) -> Iterator[list[Span]]:
    """The spans of each sentence that has any, in order; a span outside all sentences stands alone."""
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
def _touches_before() -> re.Pattern[str]:
    """What may stand between a noun and its number without parting them."""
    light = (
        "达到?|为|是|有|共有?|共计|总计|合计|累计|约|近|超过?|逾|突破|完成|实现|均|各|分别|已|仅|只|预计|力争|由|从|到|至|增加|提高|提升|下降|降|升"
        "|扩大|缩小|控制|稳定|保持|维持|在|不低于|不少于|不超过|至少|首次|双双|高达|增|全部|始终|迈上|跨越|站上|接近|运营|开行|等"
    )
    return re.compile(rf"(?:{light}|[”’》）)(（“：:\s、，,])*")


@cache
def _touches_after() -> re.Pattern[str]:
    """What may stand between a unit and its noun without parting them."""
    return re.compile(r"[余多来级大的“‘（(\s]*(?:以上|左右|以内)?[的“‘\s]*")


class _Sentence:
    """The spans of one sentence and what they are to one another."""

    def __init__(self, text: str, spans: list[Span]) -> None:
        self.text = text
        self.indicators = [span for span in spans if span.label is Label.INDICATOR]
        self.values = [span for span in spans if span.label is Label.VALUE]
        self.growths = [span for span in spans if span.label is Label.GROWTH]
        self.units = [span for span in spans if span.label is Label.UNIT]

    def links(self) -> Iterator[Link]:
        units = {value: unit for value in self.values if (unit := self._unit(value))}
        growths = self._growths(units)
        for value, unit in units.items():
            yield Link(value, unit)
        for value, growth in growths.items():
            yield Link(value, growth)
        taken = set(growths.values())
        quantities = sorted([*self.values, *(growth for growth in self.growths if growth not in taken)])
        for run in self._runs(quantities, units):
            yield from self._indicators(run, units)

    def _unit(self, value: Span) -> Span | None:
        return next((unit for unit in self.units if 0 <= unit.start - value.end <= 1), None)

    def _end(self, quantity: Span, units: dict[Span, Span]) -> int:
        return units[quantity].end if quantity in units else quantity.end

    def _growths(self, units: dict[Span, Span]) -> dict[Span, Span]:
        """Each value's rate: the one behind it with no noun between; lists pair in order."""
        pairs: dict[Span, Span] = {}
        for run in self._runs(self.growths, {}):
            before = [value for value in self.values if value.end <= run[0].start]
            candidates = before[-len(run) :]
            if len(candidates) == len(run) and self._bare(self._end(candidates[-1], units), run[0].start):
                if len(run) == 1 or self._no_noun(candidates):
                    pairs.update(
                        {
                            value: growth
                            for value, growth in zip(candidates, run, strict=True)
                            if value not in pairs
                        }
                    )
        return pairs

    def _bare(self, start: int, end: int) -> bool:
        """No indicator and no end of a clause group in between."""
        return not any(start <= span.start < end for span in self.indicators) and not re.search(
            "[；;]", self.text[start:end]
        )

    def _no_noun(self, values: Sequence[Span]) -> bool:
        return all(
            self.text[left.end : right.start].strip() and right.start - left.end < 40
            for left, right in zip(values, values[1:], strict=False)
        )

    def _runs(self, quantities: Sequence[Span], units: dict[Span, Span]) -> list[list[Span]]:
        """Quantities of one kind that only 、和 join: the members of a list."""
        runs: list[list[Span]] = []
        for quantity in quantities:
            between = self.text[self._end(runs[-1][-1], units) : quantity.start] if runs else ""
            joined = (
                runs
                and runs[-1][-1].label is quantity.label
                and re.fullmatch("(?:、|和|及|与|，|,|以及)(?:约|近|超|超过)?", between)
            )
            if joined:
                runs[-1].append(quantity)
            else:
                runs.append([quantity])
        return runs

    def _indicators(self, run: list[Span], units: dict[Span, Span]) -> Iterator[Link]:
        before = self._list_before(run[0])
        if len(run) > 1 and before:
            heads = before[-len(run) :] if len(before) >= len(run) else [before[-1]] * len(run)
            for quantity, head in zip(run, heads, strict=True):
                yield Link(quantity, head)
            return
        for quantity in run:
            yield from self._single(quantity, units)

    def _single(self, quantity: Span, units: dict[Span, Span]) -> Iterator[Link]:
        after = self._after(quantity, units)
        before = self._list_before(quantity)
        touching = bool(before) and self._touches(before[-1], quantity)
        if after is not None and not (
            touching and before[-1].end >= quantity.start - 1 and quantity.label is Label.GROWTH
        ):
            if not touching or self._free(before[-1], quantity):
                yield Link(quantity, after)
                return
        if not before:
            if after is None:
                after = next((span for span in self.indicators if span.start >= quantity.end), None)
            if after is not None:
                yield Link(quantity, after)
            return
        shared = before if self._shares(before, quantity) else before[-1:]
        for head in shared:
            yield Link(quantity, head)

    def _free(self, head: Span, quantity: Span) -> bool:
        """Whether the noun before is already behind another quantity (45个|网格、599个|微网格)."""
        return any(
            0 <= head.start - value.end <= 4
            for value in self.values
            if value.end <= head.start and value is not quantity
        )

    def _after(self, quantity: Span, units: dict[Span, Span]) -> Span | None:
        end = self._end(quantity, units)
        match = _touches_after().match(self.text, end)
        reach = match.end() if match else end
        return next((span for span in self.indicators if end <= span.start <= reach), None)

    def _touches(self, head: Span, quantity: Span) -> bool:
        return bool(_touches_before().fullmatch(self.text, head.end, quantity.start))

    def _list_before(self, quantity: Span) -> list[Span]:
        """The nearest indicator before, led by those that only 、和 join to it."""
        before = [span for span in self.indicators if span.end <= quantity.start]
        found = before[-1:]
        for span in reversed(before[:-1]):
            if not re.fullmatch("[”’》]?(?:、|和|及|与|以及)[“‘《]?", self.text[span.end : found[0].start]):
                break
            found.insert(0, span)
        return found

    def _shares(self, heads: Sequence[Span], quantity: Span) -> bool:
        """均, 双双, 各, or several rates' worth of nouns with one number: each noun has it."""
        return len(heads) > 1
