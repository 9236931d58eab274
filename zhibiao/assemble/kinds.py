"""Whether a quantity was reached or is planned."""

from __future__ import annotations

import re
from functools import cache

from zhibiao.assemble.years import Dated
from zhibiao.schema import Document, Kind, Role, Section, Sentence, Span
from zhibiao.tables.assembly import assembly_words
from zhibiao.tables.words import alternation


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """Look backs and turns ahead in a plan, plans in a review, and where a clause ends."""
    words = assembly_words()
    cues = f"(?P<back>{alternation(words.look_back)})|(?P<ahead>{alternation(words.look_ahead)})"
    return {
        # 已关闭的煤矿 names what is there and reports nothing.
        "turns": re.compile(f"{alternation(words.not_look_back)}|已[^，,。；;、\\s]{{1,6}}的|{cues}"),
        "planned": re.compile(f"{alternation(words.not_planned)}|(?P<ahead>{alternation(words.planned)})"),
        "clause_end": re.compile("[，,；;。！？!?\n]"),
        "compared": re.compile(rf"(?<!占)(?:{alternation(words.compared)})$"),
    }


def kind_of(
    document: Document,
    section: Section | None,
    sentence: Sentence | None,
    quantity: Span,
    dated: Dated | None,
) -> Kind:
    """`target` in a plan, unless the sentence looks back; elsewhere only where its clause plans.

    The year of `dated` decides where it is over in a plan, or still to come in a review.
    """
    if sentence is None:
        return Kind.ACTUAL
    metadata, text = document.metadata, document.text
    year = dated.year if dated else None
    if section is not None and section.role is Role.PLAN:
        turn = _last_turn(text, sentence, quantity, dated)
        over = year is not None and metadata.report_year is not None and year <= metadata.report_year
        return Kind.ACTUAL if turn == "back" or (over and turn is None) else Kind.TARGET
    spoken = max(metadata.report_year or 0, metadata.sitting_year or 0)
    if year is not None and 0 < spoken < year:
        return Kind.TARGET
    clause = max(text.rfind(mark, sentence.start, quantity.start) for mark in "，,；;")
    cues = _patterns()["planned"].finditer(text, max(clause, sentence.start), quantity.start)
    return Kind.TARGET if any(cue.lastgroup for cue in cues) else Kind.ACTUAL


def _last_turn(text: str, sentence: Sentence, quantity: Span, dated: Dated | None) -> str | None:
    """Whether the last cue up to the end of the clause looks `back` or `ahead`.

    The base of a comparison is no cue, nor is what stands before a YEAR that dates the quantity.
    """
    patterns = _patterns()
    start = max(sentence.start, dated.span.end if dated else 0)
    clause_end = patterns["clause_end"].search(text, quantity.end, sentence.end)
    end = clause_end.start() if clause_end else sentence.end
    last = None
    for match in patterns["turns"].finditer(text, start, end):
        if match.lastgroup and not patterns["compared"].search(text, start, match.start()):
            last = match.lastgroup
    return last
