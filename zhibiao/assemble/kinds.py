"""Whether a quantity was reached or is planned."""

from __future__ import annotations

import re
from functools import cache

from zhibiao.schema import Document, Kind, Role, Section, Sentence, Span
from zhibiao.tables.assembly import assembly_words
from zhibiao.tables.quantity_words import alternation


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """Look backs and turns ahead in a plan, plans in a review, and where a clause ends."""
    words = assembly_words()
    back = f"(?!{alternation(words.not_look_back)})(?P<back>{alternation(words.look_back)})"
    return {
        "turns": re.compile(rf"{back}|(?P<ahead>{alternation(words.look_ahead)})"),
        "planned": re.compile(alternation(words.planned)),
        "clause_end": re.compile("[，,；;。！？!?\n]"),
        "compared": re.compile(rf"(?<!占)(?:{alternation(words.compared)})$"),
    }


def kind_of(document: Document, section: Section | None, sentence: Sentence | None, quantity: Span) -> Kind:
    """`target` in a plan, unless the sentence looks back; elsewhere only where its clause plans."""
    if sentence is None:
        return Kind.ACTUAL
    if section is not None and section.role is Role.PLAN:
        return Kind.ACTUAL if _looks_back(document.text, sentence, quantity) else Kind.TARGET
    clause = max(document.text.rfind(mark, sentence.start, quantity.start) for mark in "，,；;")
    planned = _patterns()["planned"].search(document.text, max(clause, sentence.start), quantity.start)
    return Kind.TARGET if planned else Kind.ACTUAL


def _looks_back(text: str, sentence: Sentence, quantity: Span) -> bool:
    """Whether the last cue up to the end of the clause looks back; the base of a comparison is no cue."""
    patterns = _patterns()
    clause_end = patterns["clause_end"].search(text, quantity.end, sentence.end)
    last = None
    for match in patterns["turns"].finditer(
        text, sentence.start, clause_end.start() if clause_end else sentence.end
    ):
        if not patterns["compared"].search(text, sentence.start, match.start()):
            last = match.lastgroup
    return last == "back"
