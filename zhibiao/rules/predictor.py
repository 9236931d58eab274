"""RulePredictor: spans and links on a document by the language of the reports, without a model."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from operator import attrgetter

from zhibiao.assemble import YearFinder
from zhibiao.rules.scene import Scene
from zhibiao.rules.statements import Statement, read
from zhibiao.rules.times import find_deadline, find_times
from zhibiao.rules.version import RULES
from zhibiao.schema import Document, Label, Link, Offsets, Prediction, Span

_POSITION = attrgetter("start", "end")

LONGEST = 1000
"""Characters of a sentence that are read as one; real sentences have fewer."""


@cache
def _may_state() -> re.Pattern[str]:
    """A sentence without digit and numeral states nothing and dates nothing."""
    return re.compile("[0-9０-９一二三四五六七八九两十百千万亿翻年月季]")


@cache
def _may_count() -> re.Pattern[str]:
    """一 alone counts nothing that the rules believe (一批, 一系列)."""
    return re.compile("[0-9０-９二三四五六七八九两十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟翻]")


class RulePredictor:
    """The SpanPredictor that needs nothing but the text. It keeps no state and pickles."""

    @property
    def name(self) -> str:
        """`rules/<version>`."""
        return f"rules/{RULES}"

    def predict(self, documents: Iterable[Document]) -> Iterator[Prediction]:
        """One Prediction per Document, in order."""
        for document in documents:
            yield self._predict(document)

    def _predict(self, document: Document) -> Prediction:
        names = _names(document)
        links: dict[Link, None] = {}
        times: list[Span] = []
        for scene in _scenes(document):
            times.extend(_span(Label.YEAR, offsets, scene.offset) for offsets in find_times(scene))
            statements = read(scene, names) if _may_count().search(scene.text) else []
            for statement in statements:
                links.update(dict.fromkeys(_links(statement, scene.offset)))
            links.update(dict.fromkeys(_deadline_links(scene, statements)))
        return Prediction(document, _spans(document, links, times), tuple(links), "rules")


def _scenes(document: Document) -> Iterator[Scene]:
    """The sentences that may state something; a monstrous one is cut at commas, so that time stays linear."""
    for sentence in document.sentences:
        start = sentence.start
        while start < sentence.end:
            end = _cut(document.text, start, sentence.end)
            if _may_state().search(document.text, start, end):
                yield Scene.of(document.text[start:end], start)
            start = end


def _cut(text: str, start: int, end: int) -> int:
    """Where a piece of a sentence ends: at its end, or behind the last comma or blank within LONGEST."""
    if end - start <= LONGEST:
        return end
    marks = (text.rfind(mark, start, start + LONGEST) for mark in "，,、 ")
    return max(marks, default=-1) + 1 or start + LONGEST


def _spans(document: Document, links: Iterable[Link], times: list[Span]) -> tuple[Span, ...]:
    """The linked spans, and of the time expressions those that date a quantity and lie in no other span."""
    spans = {span for link in links for span in (link.quantity, link.argument)}
    linked = sorted(spans, key=_POSITION)
    starts = [span.start for span in linked]
    free = tuple(time for time in times if not _overlaps(time, linked, starts))
    finder = YearFinder.of(document, free)
    years = {finder.governing(link.quantity) for link in links}
    found = spans | {year for year in years if year is not None}
    return tuple(sorted(found, key=_POSITION))


def _overlaps(time: Span, linked: Sequence[Span], starts: Sequence[int]) -> bool:
    """Whether one of the `linked` spans, which are sorted and disjoint, shares text with `time`."""
    at = bisect_left(starts, time.end)
    return at > 0 and linked[at - 1].end > time.start


def _names(document: Document) -> frozenset[str]:
    """The names of the place that the report is about, which merely owns the figures."""
    found = set()
    for name in (document.metadata.district, document.metadata.city, document.metadata.publisher):
        if name:
            found.add(name)
            found.add(re.sub(r"(?:人民政府|街道办事处|街道|自治区|自治州|[省市区县镇乡旗盟])+$", "", name))
    return frozenset(found - {""})


def _deadline_links(scene: Scene, statements: Sequence[Statement]) -> Iterator[Link]:
    """From the quantities of a sentence to the deadline behind them."""
    deadline = find_deadline(scene) if statements else None
    if deadline is None or any(statement.end > deadline[0] for statement in statements):
        return
    year = _span(Label.YEAR, deadline, scene.offset)
    for statement in statements:
        for link in _links(statement, scene.offset):
            if link.argument.label is Label.INDICATOR:
                yield Link(link.quantity, year)


def _span(label: Label, offsets: Offsets, base: int) -> Span:
    return Span(offsets[0] + base, offsets[1] + base, label)


def _links(statement: Statement, base: int) -> Iterator[Link]:
    """The arcs of one statement, from its VALUE, or from its GROWTH where it has no value."""
    indicator = _span(Label.INDICATOR, statement.indicator, base)
    rate, quantity = statement.growth, statement.quantity
    growth = _span(Label.GROWTH, (rate.start, rate.end), base) if rate else None
    if quantity is not None:
        value = _span(Label.VALUE, quantity.value, base)
        yield Link(value, indicator)
        if quantity.unit:
            yield Link(value, _span(Label.UNIT, quantity.unit, base))
        if growth:
            yield Link(value, growth)
    elif growth:
        yield Link(growth, indicator)
