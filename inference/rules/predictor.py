"""RulePredictor: spans and links on a document by the language of the reports, without a model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from inference.rules.scene import Scene
from inference.rules.statements import Statement, read
from inference.rules.times import find_times
from zhibiao.assemble import YearFinder
from zhibiao.schema import Document, Label, Link, Prediction, Span
from zhibiao.version import __version__


@cache
def _may_state() -> re.Pattern[str]:
    """A sentence without digit and numeral states nothing."""
    return re.compile("[0-9０-９一二三四五六七八九两十百千万翻]")


class RulePredictor:
    """The SpanPredictor that needs nothing but the text. It keeps no state and pickles."""

    @property
    def name(self) -> str:
        """`rules/<version>`."""
        return f"rules/{__version__}"

    def predict(self, documents: Iterable[Document]) -> Iterator[Prediction]:
        """One Prediction per Document, in order."""
        for document in documents:
            yield self._predict(document)

    def _predict(self, document: Document) -> Prediction:
        names = _names(document)
        links: list[Link] = []
        times: list[Span] = []
        for sentence in document.sentences:
            text = document.text[sentence.start : sentence.end]
            if _may_state().search(text):
                scene = Scene.of(text, sentence.start)
                times.extend(
                    Span(start + scene.offset, end + scene.offset, Label.YEAR)
                    for start, end in find_times(scene)
                )
                links.extend(
                    link for statement in read(scene, names) for link in _links(statement, scene.offset)
                )
        links = list(dict.fromkeys(links))
        return Prediction(document, _spans(document, links, times), tuple(links), "rules")


def _spans(document: Document, links: list[Link], times: list[Span]) -> tuple[Span, ...]:
    """The linked spans, and of the time expressions those that date a quantity."""
    finder = YearFinder.of(document, tuple(times))
    spans = {span for link in links for span in (link.quantity, link.argument)}
    years = {finder.governing(link.quantity) for link in links}
    return tuple(sorted(spans | {year for year in years if year is not None}))


def _names(document: Document) -> frozenset[str]:
    """The names of the place that the report is about, which merely owns the figures."""
    found = set()
    for name in (document.metadata.district, document.metadata.city, document.metadata.publisher):
        if name:
            found.add(name)
            found.add(re.sub(r"(?:人民政府|街道办事处|街道|自治区|自治州|[省市区县镇乡旗盟])+$", "", name))
    return frozenset(found - {""})


def _links(statement: Statement, offset: int) -> list[Link]:
    indicator = Span(statement.indicator[0] + offset, statement.indicator[1] + offset, Label.INDICATOR)
    growth = statement.growth and Span(
        statement.growth.start + offset, statement.growth.end + offset, Label.GROWTH
    )
    if statement.quantity is None:
        return [Link(growth, indicator)] if growth else []
    value = Span(statement.quantity.value[0] + offset, statement.quantity.value[1] + offset, Label.VALUE)
    links = [Link(value, indicator)]
    if statement.quantity.unit:
        unit = statement.quantity.unit
        links.append(Link(value, Span(unit[0] + offset, unit[1] + offset, Label.UNIT)))
    if growth:
        links.append(Link(value, growth))
    return links
