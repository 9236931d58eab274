"""A record changed by hand, slot by slot: `indicator=财政收入`, `unit=`, `value=120:123`, `year=2023`."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from zhibiao.errors import DataError
from zhibiao.schema import Document, GoldRecord, Kind, Label, Offsets

__all__ = ["HELP", "edit"]

HELP = (
    "slot=words of the sentence, slot=START:END, slot= (none); slots are indicator value unit growth year; "
    "resolved=2023, kind=actual|target, qualifier=..., growth_rate=-5"
)

_SLOTS = frozenset(label.slot for label in Label)


def edit(record: GoldRecord, change: str, document: Document, inside: Offsets) -> GoldRecord:
    """The record with one change; words are looked for in `inside` and must stand there once."""
    name, equals, value = (part.strip() for part in change.partition("="))
    if not equals:
        raise DataError(f"{change!r} is no change; write {HELP}")
    if name in _SLOTS:
        spans = {slot: offsets for slot, offsets in record.spans.items() if slot != name}
        return replace(record, spans=spans | ({name: _find(value, document, inside)} if value else {}))
    match name:
        case "resolved" if re.fullmatch(r"(\d{4})?", value):
            return replace(record, year=int(value) if value else None)
        case "kind" if value in list(Kind):
            return replace(record, kind=Kind(value))
        case "qualifier":
            return replace(record, qualifier=value or None)
        case "growth_rate":
            return replace(record, growth_rate=_number(value) if value else None)
    raise DataError(f"{change!r} changes nothing; write {HELP}")


def _find(value: str, document: Document, inside: Offsets) -> Offsets:
    if match := re.fullmatch(r"(\d+):(\d+)", value):
        start, end = int(match[1]), int(match[2])
        if 0 <= start < end <= len(document.text):
            return start, end
        raise DataError(f"{value} lies outside the {len(document.text)} characters, or is empty")
    places = [match.start() for match in re.finditer(re.escape(value), document.text[slice(*inside)])]
    if len(places) != 1:
        spots = ", ".join(f"{inside[0] + at}:{inside[0] + at + len(value)}" for at in places)
        raise DataError(f"{value} stands {len(places)} times in the sentence ({spots}); write START:END")
    return inside[0] + places[0], inside[0] + places[0] + len(value)


def _number(value: str) -> Decimal:
    try:
        number = Decimal(value)
    except InvalidOperation as error:
        raise DataError(f"{value} is no number; write growth_rate=-5.2") from error
    if not number.is_finite():
        raise DataError(f"{value} is no number; write growth_rate=-5.2")
    return number
