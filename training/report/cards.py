"""Errors as cards: the sentence as the gold marks it and as it was predicted, and what differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from training.causes import Error
from training.report.contents import Card, Piece
from training.report.words import Words
from training.slices import sentence_of
from zhibiao.schema import Document, Offsets
from zhibiao.scoring import Statement
from zhibiao.scoring.statements import Quantity
from zhibiao.view.segments import Mark, segments

__all__ = ["cards_of", "differences"]

AROUND = 120
"""How many characters a sentence shows on either side of what is marked in it."""


def cards_of(errors: Sequence[Error], words: Words) -> Iterator[Card]:
    """Numbered from 1, in the order given."""
    for number, error in enumerate(errors, start=1):
        window = _window(error)
        yield Card(
            number=number,
            report=error.document.id,
            cause=error.cause.value,
            cause_title=words.name("cause", error.cause),
            place=f"{window[0]}–{window[1]}",
            gold=_pieces(error.document, error.gold, window),
            predicted=_pieces(error.document, error.predicted, window),
            differences=tuple(_differences(error, words)),
        )


def differences(error: Error) -> Mapping[str, tuple[str | None, str | None]]:
    """Per slot that differs, what the gold and the prediction say; all slots where one side is missing."""
    found = {}
    for slot in error.comparison.differing:
        said = (_said(error.gold, slot), _said(error.predicted, slot))
        if said != (None, None):
            found[slot] = said
    return found


def _differences(error: Error, words: Words) -> Iterator[str]:
    for slot, (gold, predicted) in differences(error).items():
        name = words.name("slot", slot)
        said = [words.name("said", one) if one else "–" for one in (gold, predicted)]
        if error.comparison.paired:
            yield words("differs", slot=name, gold=said[0], predicted=said[1])
        else:
            yield words("states", slot=name, said=said[0] if gold else said[1])
    if error.confidence is not None:
        yield words("confidence_is", confidence=f"{error.confidence:.2f}")


def _said(statement: Statement | None, slot: str) -> str | None:
    said = None if statement is None else getattr(statement, slot)
    if isinstance(said, tuple):
        rate, unit = said
        return f"{_number(rate)}{unit or ''}"
    return None if said in (None, "") else _number(said)


def _number(value: Quantity | int) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _window(error: Error) -> Offsets:
    """The sentence of the quantity and those of the indicators; a YEAR may stand far away and is left out."""
    statements = [statement for statement in (error.gold, error.predicted) if statement]
    spans = [span for s in statements for slot, span in s.spans.items() if slot not in ("year", "context")]
    first, last = min(spans)[0], max(end for _, end in spans)
    start = min(first, sentence_of(error.document, first)[0])
    end = max(last, sentence_of(error.document, last - 1)[1])
    return max(start, first - AROUND), min(end, last + AROUND)


def _pieces(document: Document, statement: Statement | None, window: Offsets) -> tuple[Piece, ...]:
    """The text of the window, cut at the statement's spans; nothing where there is no statement."""
    if statement is None:
        return ()
    start, end = window
    text = document.text[start:end]
    marks = [
        Mark(a - start, b - start, slot, 0)
        for slot, (a, b) in statement.spans.items()
        if start <= a and b <= end and slot != "context"
    ]
    found = [
        Piece(_on_one_line(text[s.start : s.end]), s.marks[-1].slot if s.marks else None)
        for s in segments(text, marks)
    ]
    sentence = sentence_of(document, statement.anchor[0])
    before = [Piece("…")] if start > sentence[0] else []
    return (*before, *found, *([Piece("…")] if end < sentence[1] else []))


def _on_one_line(text: str) -> str:
    return text.replace("\r", " ").replace("\n", " ")
