"""The report as Markdown: the same tables and sentences as the page; plots stand there only."""

from __future__ import annotations

import re
from collections.abc import Iterator

from training.report.contents import Card, Contents, Piece, Section, Table
from training.report.words import Words

__all__ = ["to_markdown"]

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#~$])")
_SLOTS = {"indicator": "I", "value": "V", "unit": "U", "growth": "G", "year": "Y"}


def to_markdown(contents: Contents) -> str:
    """One text; what comes from reports is escaped."""
    return "\n".join(_lines(contents)).rstrip() + "\n"


def _lines(contents: Contents) -> Iterator[str]:
    words = Words(contents.lang)
    yield from (f"# {_plain(contents.title)}", "")
    for sentence in contents.summary:
        yield from (_plain(sentence), "")
    for note in contents.notes:
        yield from (f"> {_plain(note)}", "")
    for section in contents.sections:
        yield from _section(section)
    yield from (f"## {words('section_errors')}", "", words("errors_note", count=len(contents.cards)), "")
    for card in contents.cards:
        yield from _card(card, words)
    yield from _section(contents.run)


def _section(section: Section) -> Iterator[str]:
    yield from (f"## {_plain(section.title)}", "")
    for block in section.blocks:
        if isinstance(block, str):
            yield from (_plain(block), "")
        elif isinstance(block, Table):
            yield from _table(block)


def _table(table: Table) -> Iterator[str]:
    yield _row(table.columns)
    yield _row(["---" if n < table.words else "---:" for n in range(len(table.columns))], raw=True)
    for row in table.rows:
        yield _row(row)
    yield ""


def _row(cells: tuple[str, ...] | list[str], *, raw: bool = False) -> str:
    return f"| {' | '.join(cells if raw else map(_plain, cells))} |"


def _card(card: Card, words: Words) -> Iterator[str]:
    yield f"**{card.number}. {_plain(card.cause_title)}** — {_plain(card.report)} [{card.place}]  "
    for name, pieces in (("gold", card.gold), ("predicted", card.predicted)):
        yield f"{words(f'side_{name}')}: {''.join(map(_piece, pieces)) or words('side_none')}  "
    yield from (_plain(" · ".join(card.differences)), "")


def _piece(piece: Piece) -> str:
    text = _plain(piece.text)
    return f"**\\[{_SLOTS[piece.slot]} {text}\\]**" if piece.slot else text


def _plain(text: str) -> str:
    """No character of a report means anything to Markdown."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split("\n")))
