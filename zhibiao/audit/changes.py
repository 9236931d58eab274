"""Changes told in one sentence, 由A提高到B: the two records, and which way the word between them points."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from zhibiao.schema import Offsets, Record
from zhibiao.series import Quotation, quotation
from zhibiao.tables.comparison import comparison_words
from zhibiao.tables.words import alternation

__all__ = ["Change", "changes"]

_RANKS = frozenset({"名", "位"})
"""A rank rises to a lower number."""


@dataclass(frozen=True, slots=True)
class Change:
    """Where a figure started and where it ended; `direction` is +1 or -1."""

    start: Record
    end: Record
    direction: int


def changes(records: Sequence[Record]) -> Iterator[Change]:
    """The changes that two records of one indicator tell, in one unit and one sentence."""
    groups: dict[tuple[str, str, Offsets], list[Record]] = {}
    for record in records:
        if record.value_base is not None and record.unit not in _RANKS:
            key = (record.report_id, record.evidence, record.spans["indicator"])
            groups.setdefault(key, []).append(record)
    for group in groups.values():
        if len(group) == 2 and group[0].unit_base == group[1].unit_base:
            start, end = sorted(group, key=lambda record: record.spans["value"])
            if direction := _direction(quotation(start), quotation(end)):
                yield Change(start, end, direction)


def _direction(start: Quotation, end: Quotation) -> int:
    """By the word between the two numbers; 0 where it is no 由 … 到 …"""
    if "value" not in start.slots or "value" not in end.slots:
        return 0
    clause = re.split("[，,。；;！!\n]", start.before("value"))[-1]
    between = start.text[start.slots["value"][1] : end.slots["value"][0]]
    match = _patterns()["moved"].search(between)
    if match is None or not _patterns()["from"].search(clause) or re.search("[，,。；;]", between):
        return 0
    return 1 if match[1] in comparison_words().risen else -1


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    words = comparison_words()
    moved = alternation(words.risen | words.fallen)
    return {
        "from": re.compile(f"(?:{alternation(words.from_words)})"),
        "moved": re.compile(f"({moved})了?(?:{alternation(words.arrived)})"),
    }
