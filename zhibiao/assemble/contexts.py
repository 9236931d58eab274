"""What a short indicator leans on: 项目3个、|总投资|5亿元, 占全市总量的80%."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from zhibiao.normalise.growth import COMPARISON
from zhibiao.schema import Document, Label, Link, Offsets, Sentence, Span
from zhibiao.tables.assembly import assembly_words
from zhibiao.tables.phrases import phrases
from zhibiao.tables.words import alternation

_LONGEST = 20
_STEPS = 6
"""How many quantities and short indicators may stand between an indicator and what it leans on."""


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """What is stepped over on the way back, and how a noun phrase is cut out of a clause."""
    words, rules = assembly_words(), phrases()
    long = {word for word in rules.openers | rules.breaks | rules.causal if len(word) > 1}
    cuts = (long | words.particles) - rules.nominal
    edges = cuts | rules.adverbs | rules.owners
    return {
        "leaning": re.compile(
            rf"{alternation(words.leaning | rules.progress)}|(?:{alternation(words.leaning_prefixes)}).*"
        ),
        "bridge": re.compile(
            rf"(?:{alternation(words.light)}|{COMPARISON}|以上|以下|以内|左右|其中|同时|且|并|可|的|和|及|与|余|多|个|[、，,（(）)：:“”\s])*$"
        ),
        "clause": re.compile("[^，,。；;：:！？!?、\n]*$"),
        "result": re.compile(rf"(?:{alternation(words.results)})$"),
        "telling": re.compile(alternation(words.telling)),
        "rank": re.compile(alternation(words.ranks)),
        "cut": re.compile(alternation(cuts)),
        "no_noun": re.compile(rf"(?:{alternation(rules.openers - rules.nominal)}|[其该此这])$"),
        "edge": re.compile(rf"(?:{alternation(edges)}|[“”‘’《》\s])*"),
        "noun": re.compile(rf"[^\s，,。；;：:！？!?\n]{{3,{_LONGEST}}}"),
        "verb": re.compile(alternation(rules.progress)),
        "share": re.compile(
            r"(?P<of>占(?!到|比)[^，,；;。、：:\s0-9%％]{2,16}?)的?(?:比重|比例|份额)?"
            r"(?:超过?|达到?|近|约|逾|为|由|从|均|分别)*$"
            r"|完成了?(?P<task>[^，,；;。、：:\s0-9%％]{2,12}?)的(?:超过?|近|约|逾)?$"
        ),
    }


class ContextFinder:
    """The spans of one document by their ends, for looking back from an indicator."""

    def __init__(self, document: Document, links: Iterable[Link], spans: Sequence[Span]) -> None:
        self.text = document.text
        self.ordered = sorted(spans)
        self.starts = [span.start for span in self.ordered]
        self.noun_of = _nouns(links)

    def share_of(self, indicator: Span, value: Span) -> Offsets | None:
        """What a share is a share of, where the words before its number say so."""
        start = max(indicator.end, value.start - 28) if indicator.end <= value.start else value.start
        match = _patterns()["share"].search(self.text, start, value.start)
        if match is None:
            return None
        return match.span("of") if match["of"] else match.span("task")

    def leaning(self, span: Span) -> bool:
        """Whether an indicator says too little alone."""
        return self._is(span, "leaning")

    def _is(self, span: Span, what: str) -> bool:
        return bool(_patterns()[what].fullmatch(self.text, span.start, span.end))

    def leans_on(self, indicator: Span, sentence: Sentence | None) -> Offsets | None:
        """The noun phrase that a short indicator leans on, before it in its sentence; None for any other."""
        if sentence is None or not self.leaning(indicator):
            return None
        at = indicator.start
        for _ in range(_STEPS):
            at = self._bridged(sentence.start, at)
            span = self._ending_at(at)
            if span is None and self._is(indicator, "verb"):
                return None
            if span is None:
                start = self._clause_start(sentence.start, at)
                if not _patterns()["rank"].search(self.text, start, at):
                    return self._noun_phrase(start, at)
                at = start
                continue
            noun = span if span.label is Label.INDICATOR else self.noun_of.get(span)
            if noun is not None and noun.start < indicator.start and not self.leaning(noun):
                return noun.offsets
            at = min(span.start, noun.start) if noun is not None else span.start
        return None

    def _bridged(self, start: int, at: int) -> int:
        """Where the text before `at` ends once words that part nothing are stepped over."""
        match = _patterns()["bridge"].search(self.text, max(start, at - _LONGEST), at)
        return match.start() if match else at

    def _ending_at(self, at: int) -> Span | None:
        number = bisect_left(self.starts, at) - 1
        if number < 0 or self.ordered[number].end < at:
            return None
        return self.ordered[number]

    def _clause_start(self, start: int, at: int) -> int:
        """Where the clause or the last span before `at` leaves off, not before `start`."""
        number = bisect_left(self.starts, at) - 1
        if number >= 0:
            start = max(start, self.ordered[number].end)
        match = _patterns()["clause"].search(self.text, start, at)
        return match.start() if match else at

    def _noun_phrase(self, start: int, at: int) -> Offsets | None:
        """The noun phrase that ends the clause, or the one that begins a clause which tells a result."""
        patterns = _patterns()
        telling = patterns["telling"].search(self.text, start + 2, at)
        if telling and patterns["result"].search(self.text, start, at):
            at = telling.start()
        for cut in patterns["cut"].finditer(self.text, start, at):
            start = cut.end() if at - cut.end() >= 2 else start
        edge = patterns["edge"].match(self.text, start, at)
        start = edge.end() if edge else start
        if telling := patterns["telling"].search(self.text, start + 2, at):
            at = telling.start()
        found = patterns["noun"].fullmatch(self.text, start, at)
        return None if found is None or patterns["no_noun"].search(self.text, start, at) else found.span()


def _nouns(links: Iterable[Link]) -> Mapping[Span, Span]:
    """The first indicator of every quantity, and of every unit and rate that belongs to one."""
    links = list(links)
    nouns: dict[Span, Span] = {}
    for link in links:
        if link.argument.label is Label.INDICATOR:
            nouns.setdefault(link.quantity, link.argument)
    for link in links:
        if link.argument.label in (Label.UNIT, Label.GROWTH) and link.quantity in nouns:
            nouns.setdefault(link.argument, nouns[link.quantity])
    return nouns
