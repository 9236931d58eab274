"""RulePredictor: spans and links on a document by the language of the reports, without a model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from inference.rules.scene import Scene
from inference.rules.statements import Statement, read
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
        spans: set[Span] = set()
        links: list[Link] = []
        for sentence in document.sentences:
            text = document.text[sentence.start : sentence.end]
            if not _may_state().search(text):
                continue
            for statement in read(Scene.of(text, sentence.start), names):
                made = _links(statement, sentence.start)
                links.extend(made)
                for link in made:
                    spans.update((link.quantity, link.argument))
        return Prediction(document, tuple(sorted(spans)), tuple(dict.fromkeys(links)), "rules")


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
    growth = statement.growth and Span(statement.growth.start + offset, statement.growth.end + offset, Label.GROWTH)
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
